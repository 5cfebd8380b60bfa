//! What was done, in numbers: exact decimals with what they count, added up by kind.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Digits after the point that an amount can have.
const PLACES: usize = 6;
/// One, in the smallest part that is counted.
const ONE: i128 = 1_000_000;

/// An exact decimal number with at most six places: what was counted or measured, never a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i128);

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// It is no number.
    #[error("{0:?} is no number")]
    NoNumber(String),
    /// It has more places or digits than are kept.
    #[error("{0:?} has more than 15 digits before the point or {PLACES} after it")]
    TooFine(String),
}

impl FromStr for Amount {
    type Err = AmountError;

    /// Reads `12`, `2.5`, `-3`, `1,200`, and full-width digits as people type them.
    fn from_str(text: &str) -> Result<Amount, AmountError> {
        let plain: String = text
            .trim()
            .chars()
            .map(|c| match c {
                '０'..='９' => char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or(0)),
                '．' => '.',
                '，' => ',',
                '－' => '-',
                other => other,
            })
            .collect();
        let no_number = || AmountError::NoNumber(text.to_owned());
        let (negative, body) = plain.strip_prefix('-').map_or((false, plain.as_str()), |b| (true, b));
        let (whole, part) = body.split_once('.').map_or((body, None), |(w, p)| (w, Some(p)));
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        let grouped = rest.is_empty() || first.len() <= 3;
        if !digits(first) || !grouped || rest.iter().any(|g| g.len() != 3 || !digits(g)) {
            return Err(no_number());
        }
        let whole = format!("{first}{}", rest.concat());
        let part = match part {
            Some(p) if !digits(p) => return Err(no_number()),
            Some(p) => p.trim_end_matches('0'),
            None => "",
        };
        let too_fine = || AmountError::TooFine(text.to_owned());
        if whole.trim_start_matches('0').len() > 15 || part.len() > PLACES {
            return Err(too_fine());
        }
        let whole: i128 = whole.parse().map_err(|_| too_fine())?;
        let part: i128 = format!("{part:0<PLACES$}").parse().map_err(|_| too_fine())?;
        let parts = whole * ONE + part;
        Ok(Amount(if negative { -parts } else { parts }))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.abs() / ONE, self.0.abs() % ONE);
        let text = format!("{whole}.{part:0PLACES$}");
        f.write_str(if self.0 < 0 { "-" } else { "" })?;
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl From<u32> for Amount {
    fn from(n: u32) -> Amount {
        Amount(i128::from(n) * ONE)
    }
}

impl std::ops::Add for Amount {
    type Output = Amount;

    /// Exact: 15 digits a term leave room for more terms than a machine can hold.
    fn add(self, other: Amount) -> Amount {
        Amount(self.0 + other.0)
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Amount, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// So many, of a unit, of a kind: 12 个 花箱移走; 3 m² of paving laid.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// How many.
    pub amount: Amount,
    /// In which unit of measure: 个, 米, 人次, m².
    pub unit: String,
    /// Of what, with what was done to it: 花箱移走.
    pub kind: String,
}

/// Adds up what is of one kind and one unit, by kind. Kinds that add up to nothing stay: nothing was done is a
/// figure too.
pub fn summed<'a>(quantities: impl IntoIterator<Item = &'a Quantity>) -> Vec<Quantity> {
    let mut sums: BTreeMap<(&str, &str), Amount> = BTreeMap::new();
    for q in quantities {
        let sum = sums.entry((q.kind.trim(), q.unit.trim())).or_default();
        *sum = *sum + q.amount;
    }
    sums.into_iter()
        .map(|((kind, unit), amount)| Quantity { amount, unit: unit.to_owned(), kind: kind.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_people_write_them() {
        for (text, reads) in [
            ("12", "12"),
            ("2.50", "2.5"),
            ("１，２００．５", "1200.5"),
            ("-0.000001", "-0.000001"),
            ("007", "7"),
        ] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), reads, "{text}");
        }
        for text in ["", ".5", "5.", "1,20", "1234,567", "12个", "1e3", "--1", "0x1", "1 2"] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::NoNumber(text.into())), "{text}");
        }
        assert_eq!(
            "0.0000001".parse::<Amount>().unwrap_err().to_string(),
            "\"0.0000001\" has more than 15 digits before the point or 6 after it"
        );
        assert!("1234567890123456".parse::<Amount>().is_err());
    }

    #[test]
    fn a_tenth_ten_times_is_one() {
        let tenth = Quantity { amount: "0.1".parse().unwrap(), unit: "m²".into(), kind: "paving".into() };
        let mut all = vec![tenth; 10];
        all.push(Quantity { amount: 12.into(), unit: "个".into(), kind: "花箱移走".into() });
        let sums: Vec<String> =
            summed(&all).iter().map(|q| format!("{} {} {}", q.amount, q.unit, q.kind)).collect();
        assert_eq!(sums, ["1 m² paving", "12 个 花箱移走"]);
    }

    proptest! {
        #[test]
        fn written_and_read_is_the_same(parts in -1_000_000_000_000_000_000i64..1_000_000_000_000_000_000) {
            let amount = Amount(i128::from(parts));
            prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
        }

        /// Sums do not depend on the order, nor on how the quantities are grouped first.
        #[test]
        fn sums_are_exact(of in prop::collection::vec((0i64..1_000_000_000, 0usize..3), 0..40), cut in 0usize..40) {
            let all: Vec<Quantity> = of.iter().map(|(n, k)| Quantity {
                amount: Amount(i128::from(*n)), unit: "个".into(), kind: format!("kind {k}"),
            }).collect();
            let mut turned = all.clone();
            turned.reverse();
            prop_assert_eq!(summed(&all), summed(&turned));
            let (a, b) = all.split_at(cut.min(all.len()));
            let halves: Vec<Quantity> = summed(a).into_iter().chain(summed(b)).collect();
            prop_assert_eq!(summed(&all), summed(&halves));
        }
    }
}
