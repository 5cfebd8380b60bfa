//! Who lives here: a household in one go, checked field by field.
//!
//! The form branches on nationality first, because the law does: somebody from abroad has to be known to the police
//! within 24 hours of moving in (出境入境管理法 Art 39). No picture of any paper is ever asked.

use super::content::{Content, Fault, dwelling, line};
use super::forms::Form;
use super::life::Terms;
use crate::identifiers::{IdDocument, IdError, IdKind, Phone, PhoneKind};
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use std::str::FromStr;

/// The most people that one form takes.
pub const MOST_PEOPLE: usize = 6;

/// Which branch of the form a person is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Branch {
    /// Registered in the city, living here instead 人户分离.
    City,
    /// From elsewhere in the country 来沪人员.
    Elsewhere,
    /// From Hong Kong, Macao or Taiwan.
    HkMoTw,
    /// From abroad.
    Abroad,
}

impl Branch {
    /// All of them, in the order of the form.
    pub const ALL: [Branch; 4] = [Branch::Elsewhere, Branch::City, Branch::HkMoTw, Branch::Abroad];

    /// The stable name in the form.
    pub fn key(self) -> &'static str {
        match self {
            Branch::City => "city",
            Branch::Elsewhere => "elsewhere",
            Branch::HkMoTw => "hmt",
            Branch::Abroad => "abroad",
        }
    }

    /// The one of that name.
    pub fn from_key(key: &str) -> Option<Branch> {
        Self::ALL.into_iter().find(|b| b.key() == key)
    }

    /// As it stands on the form.
    pub fn zh(self) -> &'static str {
        match self {
            Branch::City => "本市户口，住在这里",
            Branch::Elsewhere => "外省市户口",
            Branch::HkMoTw => "港澳台居民",
            Branch::Abroad => "外国人",
        }
    }

    /// In English.
    pub fn en(self) -> &'static str {
        match self {
            Branch::City => "Registered in the city, living here",
            Branch::Elsewhere => "From elsewhere in China",
            Branch::HkMoTw => "From Hong Kong, Macao or Taiwan",
            Branch::Abroad => "From abroad",
        }
    }

    /// Reads a document of this branch by its own form, so that nobody has to choose among six kinds of paper.
    ///
    /// # Errors
    /// What is wrong with the number.
    pub fn document(self, number: &str, country: &str, today: Date) -> Result<IdDocument, IdError> {
        let plain: String = number
            .chars()
            .map(crate::identifiers::half_width)
            .filter(|c| c.is_ascii_alphanumeric())
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let kind = match self {
            Branch::City | Branch::Elsewhere => IdKind::Resident,
            Branch::HkMoTw if plain.starts_with(['H', 'M']) => IdKind::HkMacaoTravel,
            Branch::HkMoTw if plain.len() == 8 => IdKind::TaiwanTravel,
            Branch::HkMoTw => IdKind::ResidencePermit,
            Branch::Abroad => {
                let card = (plain.len() == 18 && plain.starts_with('9'))
                    || (plain.len() == 15
                        && plain.bytes().take(3).all(|b| b.is_ascii_uppercase())
                        && plain.bytes().skip(3).all(|b| b.is_ascii_digit()));
                if card { IdKind::PermanentResident } else { IdKind::Passport }
            }
        };
        match kind {
            IdKind::Passport => IdDocument::parse_passport(number, country),
            kind => IdDocument::parse(kind, number, today),
        }
    }
}

/// What was typed about one person.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the fields of the form")]
pub struct TypedPerson {
    pub who: String,
    pub name: String,
    pub id: String,
    pub country: String,
    pub relation: String,
    pub occupation: String,
}

/// What was typed.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the fields of the form")]
pub struct Typed {
    pub dwelling: String,
    pub since: String,
    pub since_time: String,
    pub phone: String,
    pub rented: String,
    /// Consent to the notice, to what is sensitive, and to handing it on.
    pub consent: bool,
    /// For the children in it, as their parent or guardian.
    pub guardian: bool,
    /// The first is who fills it in.
    pub people: Vec<TypedPerson>,
}

/// One person of a household, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Which branch.
    pub branch: Branch,
    /// The document, where the form asks for it.
    pub document: Option<IdDocument>,
    /// Whether a guardian consented for them.
    pub guardian: bool,
    /// When somebody from abroad moved in.
    pub abroad_since: Option<Timestamp>,
    /// All of it, as it is sealed.
    pub content: Content,
}

/// A household, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Household {
    /// The dwelling within the doorway, normalised.
    pub dwelling: String,
    /// The phone of who filled it in.
    pub phone: Phone,
    /// Everybody, who filled it in first.
    pub people: Vec<Person>,
}

/// A day as a browser's date field sends it, or as people type it (2026.11.2, 2026/11/02, 20261102).
///
/// # Errors
/// When it is missing, no day, or beyond `latest`.
pub fn day(field: &'static str, typed: &str, latest: Option<Date>) -> Result<Date, Fault> {
    let parts: Vec<String> = typed
        .chars()
        .map(crate::identifiers::half_width)
        .collect::<String>()
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .map(str::to_owned)
        .collect();
    let numbers: Option<(i16, i8, i8)> = match parts.as_slice() {
        [y, m, d] => y.parse().ok().zip(m.parse().ok()).zip(d.parse().ok()).map(|((y, m), d)| (y, m, d)),
        [all] if all.len() == 8 => all[..4]
            .parse()
            .ok()
            .zip(all[4..6].parse().ok())
            .zip(all[6..].parse().ok())
            .map(|((y, m), d)| (y, m, d)),
        _ => None,
    };
    let date =
        numbers.and_then(|(y, m, d)| Date::new(y, m, d).ok()).filter(|d| d.year() >= 1900).ok_or_else(
            || Fault::of(field, "请写日期，比如“2026-03-01”。", "Write a day, such as 2026-03-01."),
        )?;
    match latest {
        Some(latest) if date > latest => {
            Err(Fault::of(field, "日期不能在今天之后。", "The day must not lie ahead."))
        }
        _ => Ok(date),
    }
}

/// A mobile number that a code can be sent to.
///
/// # Errors
/// What is wrong with it.
pub fn mobile(field: &'static str, typed: &str) -> Result<Phone, Fault> {
    let phone =
        Phone::parse(typed).map_err(|e| Fault::of(field, format!("{}。", e.zh()), format!("{e}.")))?;
    if phone.kind() == PhoneKind::Mobile {
        Ok(phone)
    } else {
        Err(Fault::of(field, "请写能收短信的手机号。", "Write a mobile that can get a text message."))
    }
}

/// Checks a household against its form.
///
/// # Errors
/// Every fault, in the order of the fields; at least one.
pub fn check(form: &Form, t: &Typed, now: Timestamp, terms: &Terms) -> Result<Household, Vec<Fault>> {
    let today = crate::cases::local_date(now);
    let mut faults = Vec::new();
    let mut keep = |r: Result<(), Fault>| faults.extend(r.err());
    let mut shared = Content::default();
    let mut flat = String::new();
    keep(dwelling(&t.dwelling).map(|d| {
        shared.set("dwelling", d.clone());
        flat = d;
    }));
    let mut since = None;
    keep(day("since", &t.since, Some(today)).map(|d| {
        shared.set("since", d.to_string());
        since = Some(d);
    }));
    let mut hour = None;
    if form.asks("since_time") && !t.since_time.trim().is_empty() {
        keep(match Time::from_str(t.since_time.trim()) {
            Ok(time) => {
                hour = Some(time);
                shared.set("since_time", t.since_time.trim());
                Ok(())
            }
            Err(_) => {
                Err(Fault::of("since_time", "请写几点，比如“21:30”。", "Write the time, such as 21:30."))
            }
        });
    }
    let mut phone = None;
    keep(mobile("phone", &t.phone).map(|p| {
        shared.set("phone", p.expose());
        phone = Some(p);
    }));
    if form.asks("rented") && matches!(t.rented.as_str(), "yes" | "no") {
        shared.set("rented", t.rented.as_str());
    }
    if t.people.is_empty() || t.people.len() > MOST_PEOPLE {
        faults.push(Fault::of(
            "name",
            format!("一张表登记1到{MOST_PEOPLE}个人。"),
            format!("One form takes 1 to {MOST_PEOPLE} people."),
        ));
    }
    // Only the day is known: the hours are counted from its beginning, never from a later moment.
    let moved_in = since
        .and_then(|d| Offset::constant(8).to_timestamp(d.to_datetime(hour.unwrap_or(Time::midnight()))).ok());
    let mut people = Vec::new();
    for (i, p) in t.people.iter().enumerate().take(MOST_PEOPLE) {
        match person(form, p, &shared, moved_in, today, t.guardian, terms) {
            Ok(person) => people.push(person),
            Err(more) => faults.extend(more.into_iter().map(|f| f.by(i))),
        }
    }
    if !t.consent {
        faults.push(Fault::of(
            "consent",
            "请勾选同意，或者不在这里登记、去居委会办理。",
            "Tick your consent, or register at the committee instead.",
        ));
    }
    match phone {
        Some(phone) if faults.is_empty() => Ok(Household { dwelling: flat, phone, people }),
        _ => Err(faults),
    }
}

fn person(
    form: &Form,
    p: &TypedPerson,
    shared: &Content,
    moved_in: Option<Timestamp>,
    today: Date,
    guardian: bool,
    terms: &Terms,
) -> Result<Person, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut content = shared.clone();
    let branch = Branch::from_key(&p.who);
    match branch {
        Some(b) => content.set("who", b.key()),
        None => faults.push(Fault::of("who", "请选一项。", "Choose one.")),
    }
    match line("name", &p.name, 60) {
        Ok(name) if name.chars().count() >= 2 => content.set("name", name),
        Ok(_) => faults.push(Fault::of("name", "请写证件上的姓名。", "Write the name as on the document.")),
        Err(f) => faults.push(f),
    }
    let mut document = None;
    if form.asks("id")
        && let Some(b) = branch
        && (form.needs("id") || !p.id.trim().is_empty())
    {
        match b.document(&p.id, &p.country, today) {
            Ok(d) => {
                content.set("id", d.expose());
                content.set("id_kind", d.kind().key());
                content.set("country", d.country().unwrap_or_default());
                document = Some(d);
            }
            Err(e @ IdError::Country) => {
                faults.push(Fault::of("country", format!("{}。", e.zh()), format!("{e}.")));
            }
            Err(e) => faults.push(Fault::of("id", format!("{}。", e.zh()), format!("{e}."))),
        }
    }
    for (key, typed) in [("relation", &p.relation), ("occupation", &p.occupation)] {
        if form.asks(key) {
            match line(if key == "relation" { "relation" } else { "occupation" }, typed, 20) {
                Ok(text) => content.set(key, text),
                Err(f) => faults.push(f),
            }
        }
    }
    let years = i16::try_from(terms.guardian_below).unwrap_or(i16::MAX);
    let child = document.as_ref().and_then(|d| d.is_younger_than(years, today)).unwrap_or(false);
    if child && !guardian {
        faults.push(Fault::of(
            "guardian",
            format!("不满{years}周岁的孩子，要由父母或者监护人同意，请勾选。"),
            format!("For a child under {years} a parent or guardian consents: tick it."),
        ));
    }
    match branch {
        Some(branch) if faults.is_empty() => {
            let abroad_since = moved_in.filter(|_| branch == Branch::Abroad);
            Ok(Person { branch, document, guardian: child, abroad_since, content })
        }
        _ => Err(faults),
    }
}

/// How long is left of the hours that the law gives somebody from abroad; negative once they are over.
pub fn hours_left(abroad_since: Timestamp, now: Timestamp, terms: &Terms) -> i64 {
    let due = abroad_since.saturating_add(i64::from(terms.foreigner_hours).hours()).unwrap_or(abroad_since);
    due.duration_since(now).as_hours()
}
