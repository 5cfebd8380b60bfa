//! What a person shows to say who they are.

use super::{IdError, all, check, compact, masked};
use jiff::civil::{Date, date};
use std::fmt;

/// Which kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    /// Resident identity card 居民身份证: GB 11643-1999, 18 characters.
    Resident,
    /// Residence permit for people of Hong Kong, Macao and Taiwan 港澳台居民居住证: the same, area 81/82/830000.
    ResidencePermit,
    /// Foreign permanent resident card 外国人永久居留身份证: 18 characters that begin with 9, or 15 of the old form.
    PermanentResident,
    /// Travel permit of Hong Kong and Macao residents 港澳居民来往内地通行证: H or M and 8 digits.
    HkMacaoTravel,
    /// Travel permit of Taiwan residents 台湾居民来往大陆通行证: 8 digits.
    TaiwanTravel,
    /// Passport, with its country.
    Passport,
}

impl IdKind {
    /// All of them, in the order of the form.
    pub const ALL: [IdKind; 6] = [
        IdKind::Resident,
        IdKind::ResidencePermit,
        IdKind::PermanentResident,
        IdKind::HkMacaoTravel,
        IdKind::TaiwanTravel,
        IdKind::Passport,
    ];

    /// The stable name in files and the store.
    pub fn key(self) -> &'static str {
        match self {
            IdKind::Resident => "resident",
            IdKind::ResidencePermit => "residence_permit",
            IdKind::PermanentResident => "permanent_resident",
            IdKind::HkMacaoTravel => "hk_macao_travel",
            IdKind::TaiwanTravel => "taiwan_travel",
            IdKind::Passport => "passport",
        }
    }

    /// The kind of that name.
    pub fn from_key(key: &str) -> Option<IdKind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }

    /// As it is called in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            IdKind::Resident => "居民身份证",
            IdKind::ResidencePermit => "港澳台居民居住证",
            IdKind::PermanentResident => "外国人永久居留身份证",
            IdKind::HkMacaoTravel => "港澳居民来往内地通行证",
            IdKind::TaiwanTravel => "台湾居民来往大陆通行证",
            IdKind::Passport => "护照",
        }
    }

    /// As it is called in English.
    pub fn en(self) -> &'static str {
        match self {
            IdKind::Resident => "resident identity card",
            IdKind::ResidencePermit => "residence permit (Hong Kong, Macao, Taiwan)",
            IdKind::PermanentResident => "foreign permanent resident card",
            IdKind::HkMacaoTravel => "travel permit (Hong Kong, Macao)",
            IdKind::TaiwanTravel => "travel permit (Taiwan)",
            IdKind::Passport => "passport",
        }
    }
}

/// The number of one document, known to fit its standard. To be encrypted as soon as it has been read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdDocument {
    kind: IdKind,
    number: String,
    country: Option<String>,
}

impl IdDocument {
    /// Reads the number of any document but a passport, which needs its country
    /// ([`IdDocument::parse_passport`]). Nobody is born after `today`.
    ///
    /// # Errors
    /// What is wrong with the number; [`IdError::Country`] for a passport.
    pub fn parse(kind: IdKind, text: &str, today: Date) -> Result<IdDocument, IdError> {
        let number = compact(text);
        if number.is_empty() {
            return Err(IdError::Empty);
        }
        match kind {
            IdKind::Resident | IdKind::ResidencePermit => {
                eighteen(&number, today)?;
                if !known_area(&number) {
                    return Err(IdError::Area);
                }
                let permit = ["810000", "820000", "830000"].contains(&&number[..6]);
                if permit != (kind == IdKind::ResidencePermit) {
                    return Err(IdError::OtherKind);
                }
            }
            IdKind::PermanentResident if number.chars().count() == 15 => {
                let letters = number.chars().take(3).take_while(char::is_ascii_uppercase).count();
                if letters < 3 {
                    return Err(IdError::Character(letters + 1));
                }
                all(&number[3..], |c| c.is_ascii_digit()).map_err(|e| moved(e, 3))?;
            }
            IdKind::PermanentResident => {
                eighteen(&number, today).map_err(|e| match e {
                    IdError::Length(_) => IdError::Length("18 / 15"),
                    e => e,
                })?;
                if !number.starts_with('9') {
                    return Err(IdError::OtherKind);
                }
            }
            IdKind::HkMacaoTravel => {
                length(&number, 9, "9")?;
                if !number.starts_with(['H', 'M']) {
                    return Err(IdError::Character(1));
                }
                all(&number[1..], |c| c.is_ascii_digit()).map_err(|e| moved(e, 1))?;
            }
            IdKind::TaiwanTravel => {
                length(&number, 8, "8")?;
                all(&number, |c| c.is_ascii_digit())?;
            }
            IdKind::Passport => return Err(IdError::Country),
        }
        Ok(IdDocument { kind, number, country: None })
    }

    /// Reads the number of a passport and its country, three letters as printed in it (ICAO 9303).
    ///
    /// # Errors
    /// What is wrong with the number or the country.
    pub fn parse_passport(text: &str, country: &str) -> Result<IdDocument, IdError> {
        let (number, country) = (compact(text), compact(country));
        if number.is_empty() {
            return Err(IdError::Empty);
        }
        all(&number, |c| c.is_ascii_uppercase() || c.is_ascii_digit())?;
        if !(5..=17).contains(&number.len()) {
            return Err(IdError::Length("5–17"));
        }
        if country.len() != 3 || !country.bytes().all(|c| c.is_ascii_uppercase()) {
            return Err(IdError::Country);
        }
        Ok(IdDocument { kind: IdKind::Passport, number, country: Some(country) })
    }

    /// Which kind of document.
    pub fn kind(&self) -> IdKind {
        self.kind
    }

    /// The whole number, normalised: for the vault and its blind index, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// The country of a passport.
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// As it may be shown: the last four characters, stars before them.
    pub fn masked(&self) -> String {
        masked(&self.number)
    }

    /// The date of birth, where the number tells it.
    pub fn birth_date(&self) -> Option<Date> {
        if self.number.len() == 18 { birth_date(&self.number) } else { None }
    }

    /// Whether the person is younger than `years` on a day, where the number tells it: a guardian consents for
    /// those under 14 (个人信息保护法 Art 31). Who is born on 29 February has the birthday on 1 March.
    pub fn is_younger_than(&self, years: i16, on: Date) -> Option<bool> {
        let born = self.birth_date()?;
        let age = on.year() - born.year() - i16::from((on.month(), on.day()) < (born.month(), born.day()));
        Some(age < years)
    }
}

impl fmt::Debug for IdDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdDocument({} {})", self.kind.key(), self.masked())
    }
}

fn length(number: &str, n: usize, said: &'static str) -> Result<(), IdError> {
    if !number.is_ascii() {
        return all(number, |c| c.is_ascii());
    }
    if number.len() == n { Ok(()) } else { Err(IdError::Length(said)) }
}

/// An error about the rest of a number, counted from the number's beginning.
fn moved(e: IdError, by: usize) -> IdError {
    match e {
        IdError::Character(at) => IdError::Character(at + by),
        e => e,
    }
}

/// 17 digits, a real date of birth at 7–14, and the check character.
fn eighteen(number: &str, today: Date) -> Result<(), IdError> {
    length(number, 18, "18")?;
    all(&number[..17], |c| c.is_ascii_digit())?;
    let last = number.as_bytes()[17];
    if !(last.is_ascii_digit() || last == b'X') {
        return Err(IdError::Character(18));
    }
    // The date first: "your date of birth is wrong" says more than "one of them is wrong".
    match birth_date(number) {
        Some(born) if born >= date(1850, 1, 1) && born <= today => {}
        _ => return Err(IdError::BirthDate),
    }
    if check::mod_11_2(&number.as_bytes()[..17]) == last { Ok(()) } else { Err(IdError::CheckDigit) }
}

fn birth_date(number: &str) -> Option<Date> {
    let part = |from: usize, to: usize| number.get(from..to)?.parse::<i16>().ok();
    Date::new(part(6, 10)?, i8::try_from(part(10, 12)?).ok()?, i8::try_from(part(12, 14)?).ok()?).ok()
}

/// Whether the first two digits are of a province, region or municipality (GB/T 2260). The rest is not looked
/// up: people keep the code of a county that was abolished long ago.
fn known_area(number: &str) -> bool {
    matches!(
        number.get(..2).and_then(|p| p.parse::<u8>().ok()),
        Some(11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 3, 2);

    fn read(kind: IdKind, text: &str) -> Result<IdDocument, IdError> {
        IdDocument::parse(kind, text, TODAY)
    }

    #[test]
    fn the_vectors() {
        for ok in ["11010519491231002X", "310104199001011233", "310104194912310020", "310104202002290013"] {
            assert_eq!(read(IdKind::Resident, ok).unwrap().expose(), ok);
            assert_eq!(read(IdKind::ResidencePermit, ok), Err(IdError::OtherKind));
        }
        assert_eq!(read(IdKind::Resident, "110105194912310021"), Err(IdError::CheckDigit));
        assert_eq!(read(IdKind::Resident, "11010519491331002X"), Err(IdError::BirthDate));
        for ok in ["810000199003070015", "830000198512150020"] {
            assert!(read(IdKind::ResidencePermit, ok).is_ok());
            assert_eq!(read(IdKind::Resident, ok), Err(IdError::OtherKind));
        }
        assert!(read(IdKind::PermanentResident, "USA310012345678").is_ok());
        assert!(read(IdKind::HkMacaoTravel, "h0123456 7").is_ok());
        assert!(read(IdKind::TaiwanTravel, "01234567").is_ok());
        let passport = IdDocument::parse_passport("e1234-5678", "fra").unwrap();
        assert_eq!((passport.expose(), passport.country()), ("E12345678", Some("FRA")));
    }

    #[test]
    fn each_fault_has_its_sentence() {
        for (kind, text, why) in [
            (IdKind::Resident, " ", IdError::Empty),
            (IdKind::Resident, "110105194912310", IdError::Length("18")),
            (IdKind::Resident, "1101O519491231002X", IdError::Character(5)),
            (IdKind::Resident, "1101王519491231002X", IdError::Character(5)),
            (IdKind::Resident, "11010519491231002Y", IdError::Character(18)),
            (IdKind::PermanentResident, "310104199001011233", IdError::OtherKind),
            (IdKind::PermanentResident, "US1310012345678", IdError::Character(3)),
            (IdKind::PermanentResident, "USA31001234567A", IdError::Character(15)),
            (IdKind::HkMacaoTravel, "A12345678", IdError::Character(1)),
            (IdKind::HkMacaoTravel, "H1234567X", IdError::Character(9)),
            (IdKind::TaiwanTravel, "1234567", IdError::Length("8")),
            (IdKind::Passport, "E12345678", IdError::Country),
        ] {
            assert_eq!(read(kind, text), Err(why), "{text}");
            assert!(!why.zh().is_empty());
        }
        assert_eq!(IdDocument::parse_passport("E123", "FRA"), Err(IdError::Length("5–17")));
        assert_eq!(IdDocument::parse_passport("E12345678", "FR"), Err(IdError::Country));
        let not_yet_born = numbered("310104", "20260303", 1);
        assert_eq!(read(IdKind::Resident, &not_yet_born), Err(IdError::BirthDate));
        assert_eq!(read(IdKind::Resident, &numbered("990104", "19900101", 1)), Err(IdError::Area));
    }

    #[test]
    fn no_number_is_given_away() {
        let id = read(IdKind::Resident, "11010519491231002X").unwrap();
        assert_eq!(format!("{id:?}"), "IdDocument(resident **************002X)");
        assert_eq!(IdDocument::parse_passport("A1234", "FRA").unwrap().masked(), "***34");
    }

    #[test]
    fn fourteen_on_the_birthday() {
        let id = read(IdKind::Resident, &numbered("310104", "20120302", 8)).unwrap();
        assert_eq!(id.is_younger_than(14, date(2026, 3, 1)), Some(true));
        assert_eq!(id.is_younger_than(14, TODAY), Some(false));
        let leap = read(IdKind::Resident, "310104202002290013").unwrap();
        assert_eq!(leap.is_younger_than(14, date(2034, 2, 28)), Some(true));
        assert_eq!(leap.is_younger_than(14, date(2034, 3, 1)), Some(false));
    }

    /// A number that fits, of nobody in particular.
    fn numbered(area: &str, born: &str, serial: u32) -> String {
        let body = format!("{area}{born}{serial:03}");
        let check = char::from(check::mod_11_2(body.as_bytes()));
        format!("{body}{check}")
    }

    fn anybody() -> impl Strategy<Value = String> {
        (1900i16..2026, 1i8..=12, 1i8..=28, 0u32..1000, 0u32..10_000).prop_map(|(y, m, d, serial, area)| {
            numbered(&format!("31{area:04}"), &format!("{y:04}{m:02}{d:02}"), serial)
        })
    }

    proptest! {
        #[test]
        fn what_fits_is_read(number in anybody(), nine in any::<bool>()) {
            let (kind, number) = if nine {
                (IdKind::PermanentResident, numbered(&format!("9{}", &number[..5]), &number[6..14], 7))
            } else {
                (IdKind::Resident, number)
            };
            let id = read(kind, &number).unwrap();
            prop_assert_eq!(id.expose(), &number);
            prop_assert_eq!(read(kind, id.expose()).unwrap(), id.clone());
            prop_assert!(id.masked().ends_with(&number[14..]) && id.masked().starts_with("**************"));
            let wide: String = number
                .chars()
                .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
                .collect();
            prop_assert_eq!(read(kind, &wide).unwrap(), id);
        }

        #[test]
        fn one_wrong_digit_is_caught(number in anybody(), at in 0usize..17, to in 0u8..10) {
            let mut bad = number.clone().into_bytes();
            bad[at] = b'0' + to;
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(read(IdKind::Resident, &bad).is_ok(), bad == number);
        }

        #[test]
        fn two_swapped_neighbours_are_caught(number in anybody(), at in 0usize..16) {
            let mut bad = number.clone().into_bytes();
            bad.swap(at, at + 1);
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(read(IdKind::Resident, &bad).is_ok(), bad == number);
        }

        #[test]
        fn anything_typed_is_answered(text in ".{0,24}", wide in "[0-9A-Z王]{8,18}", k in 0usize..6) {
            let _ = read(IdKind::ALL[k], &text);
            let _ = read(IdKind::ALL[k], &wide);
            let _ = IdDocument::parse_passport(&text, &wide);
        }
    }
}
