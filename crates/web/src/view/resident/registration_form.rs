//! From a published form and what was typed to the page that asks it.

use super::Frame;
use super::registration::{Answer, Ask, Filled, Problem, RegistrationForm};
use crate::words::Lang;
use domain::registrations::forms::{Field, Form};
use domain::registrations::rent::{Origin, RoomKind, Tie};
use domain::registrations::residency::{self, Branch, MOST_PEOPLE, TypedPerson};
use domain::registrations::tenancy::Role;
use domain::registrations::{Fault, Kind, tenancy};

/// Where a fault stands on the page.
pub(crate) fn name_on_page(f: &Fault) -> String {
    f.person.map_or_else(|| f.field.to_owned(), |i| format!("{}{i}", f.field))
}

/// A question of a published form, in the language of the page.
pub(crate) fn ask(
    form: &Form,
    key: &str,
    name: &str,
    lang: Lang,
    value: &str,
    answer: Answer,
) -> Option<Ask> {
    let f = form.fields.iter().find(|f| f.key == key)?;
    let hint = match key {
        "country" => Some(lang.reg_hint_country()),
        "since_time" => Some(lang.reg_hint_time()),
        "phone" => Some(lang.reg_hint_phone()),
        "dwelling" => Some(lang.reg_hint_dwelling()),
        "area" => Some(lang.reg_hint_area()),
        _ => None,
    };
    Some(Ask {
        name: name.to_owned(),
        label: lang.pick(&f.zh, &f.en).clone(),
        hint,
        answer,
        value: value.to_owned(),
        optional: !f.required,
        error: None,
        list: vec![],
    })
}

/// How a field of either form is answered.
pub(crate) fn answer(key: &str, lang: Lang, value: &str) -> Answer {
    match key {
        "dwelling" => Answer::Line("text", "text", 20, "off"),
        "since" | "from" | "to" => Answer::Line("date", "numeric", 10, "off"),
        "since_time" => Answer::Line("time", "numeric", 5, "off"),
        "phone" => Answer::Line("tel", "tel", 20, "tel"),
        "lessee_phone" => Answer::Line("tel", "tel", 20, "off"),
        "people" => Answer::Line("text", "numeric", 3, "off"),
        "area" | "rent" => Answer::Line("text", "decimal", 12, "off"),
        "id" => Answer::Line("text", "text", 30, "off"),
        "country" => Answer::Line("text", "text", 3, "off"),
        "name" => Answer::Line("text", "text", 60, "name"),
        "who" => picks(Branch::ALL.map(|b| (b.key(), lang.pick(b.zh(), b.en()))), value),
        "role" => picks(Role::ALL.map(|r| (r.key(), lang.pick(r.zh(), r.en()))), value),
        "room" => picks(RoomKind::ALL.iter().map(|r| (r.key(), lang.pick(r.zh(), r.en()))), value),
        "origin" => picks(Origin::ALL.iter().map(|r| (r.key(), lang.pick(r.zh(), r.en()))), value),
        "tie" => picks(Tie::ALL.iter().map(|r| (r.key(), lang.pick(r.zh(), r.en()))), value),
        "rented" => picks([("yes", lang.reg_yes()), ("no", lang.reg_no())], value),
        _ => Answer::Line("text", "text", 60, "off"),
    }
}

fn picks(all: impl IntoIterator<Item = (&'static str, &'static str)>, value: &str) -> Answer {
    Answer::Pick(all.into_iter().map(|(key, word)| (key, word, key == value)).collect())
}

/// What the page of a form is made of.
pub struct Base<'a> {
    /// What surrounds it.
    pub frame: Frame,
    /// The code that was scanned.
    pub code: &'a str,
    /// The place in full.
    pub place: String,
    /// The nonce.
    pub once: String,
    /// The form, as it was published.
    pub form: &'a Form,
    /// The committee and its telephone, for whose address is not here.
    pub committee: Option<(String, String)>,
    /// The dwellings behind the doorway, to be picked from.
    pub dwellings: Vec<String>,
}

/// The longest list of dwellings that a page has room for; of more, the number is typed.
pub const MOST_LISTED: usize = 48;

impl Base<'_> {
    fn asked(&self, keys: &[(&str, String, &str)], faults: &[Fault]) -> Vec<Ask> {
        let lang = self.frame.lang;
        keys.iter()
            .filter_map(|(key, name, value)| {
                let mut a = ask(self.form, key, name, lang, value, answer(key, lang, value))?;
                let fault = faults.iter().find(|f| name_on_page(f) == *name);
                a.error = fault.map(|f| lang.pick(&f.zh, &f.en).clone());
                // What is wrong needs the room of the list, which was there before.
                let room = faults.is_empty();
                if *key == "dwelling" && room && self.dwellings.len() <= MOST_LISTED {
                    a.list.clone_from(&self.dwellings);
                }
                Some(a)
            })
            .collect()
    }

    /// Each field with what it is for.
    fn purposes(&self) -> Vec<(String, String)> {
        let lang = self.frame.lang;
        let fields = self.form.fields.iter();
        fields.map(|f| (lang.pick(&f.zh, &f.en).clone(), purpose(self.form, f, lang))).collect()
    }

    fn page(&self, faults: &[Fault]) -> RegistrationForm {
        let lang = self.frame.lang;
        // In the order of the page: the person, what is asked once, the consent.
        let mut in_order: Vec<&Fault> = faults.iter().collect();
        in_order.sort_by_key(|f| (f.field == "consent" || f.field == "guardian", f.person.is_none()));
        RegistrationForm {
            frame: self.frame.clone(),
            title: match self.form.kind {
                Kind::Residency => lang.residency_title(),
                Kind::Tenancy => lang.tenancy_title(),
            },
            intro: match self.form.kind {
                Kind::Residency => vec![lang.reg_intro_people(), lang.reg_not_needed()],
                Kind::Tenancy => vec![lang.reg_intro_letting()],
            },
            code: self.code.to_owned(),
            place: self.place.clone(),
            committee: self.committee.clone(),
            once: self.once.clone(),
            notice: {
                let n = &self.form.notice;
                (n.version.clone(), lang.pick(&n.zh, &n.en).clone())
            },
            // A form that comes back has shown them before; what is wrong needs their room.
            purposes: if faults.is_empty() { self.purposes() } else { vec![] },
            basis: self.form.legal_basis.clone(),
            filled: vec![],
            person: None,
            asks: vec![],
            shared: vec![],
            can_add: false,
            sensitive: self.form.is_sensitive(),
            consent: false,
            guardian: false,
            people: self.form.kind == Kind::Residency,
            errors: in_order
                .into_iter()
                .map(|f| Problem { at: name_on_page(f), text: lang.pick(&f.zh, &f.en).clone() })
                .collect(),
        }
    }

    /// A household: the person `open` is asked, the others stand in a line each.
    pub fn household(&self, typed: &residency::Typed, open: usize, faults: &[Fault]) -> RegistrationForm {
        let lang = self.frame.lang;
        let mut page = self.page(faults);
        for (i, p) in typed.people.iter().enumerate().filter(|(i, _)| *i != open) {
            let branch = Branch::from_key(&p.who).map(|b| lang.pick(b.zh(), b.en())).unwrap_or_default();
            let tail: String = {
                let n = p.id.chars().count();
                p.id.chars().skip(n.saturating_sub(4.min(n / 2))).collect()
            };
            page.filled.push(Filled {
                index: i,
                name: p.name.clone(),
                line: if tail.is_empty() { branch.to_owned() } else { format!("{branch} …{tail}") },
                hidden: [
                    ("who", &p.who),
                    ("name", &p.name),
                    ("id", &p.id),
                    ("country", &p.country),
                    ("relation", &p.relation),
                    ("occupation", &p.occupation),
                ]
                .into_iter()
                .filter(|(key, value)| *key == "name" || !value.is_empty())
                .map(|(key, value)| (format!("{key}{i}"), value.clone()))
                .collect(),
            });
        }
        let empty = TypedPerson::default();
        let p = typed.people.get(open).unwrap_or(&empty);
        page.person = Some(if open == 0 { lang.reg_you().to_owned() } else { lang.reg_person(open + 1) });
        let relation: &[(&str, &str)] = if open == 0 { &[] } else { &[("relation", &p.relation)] };
        let asks: Vec<(&str, String, &str)> = [
            ("who", p.who.as_str()),
            ("name", &p.name),
            ("id", &p.id),
            ("country", &p.country),
            ("occupation", &p.occupation),
        ]
        .into_iter()
        .chain(relation.iter().copied())
        .map(|(key, value)| (key, format!("{key}{open}"), value))
        .collect();
        page.asks = self.asked(&asks, faults);
        let shared = [
            ("dwelling", typed.dwelling.as_str()),
            ("since", &typed.since),
            ("since_time", &typed.since_time),
            ("rented", &typed.rented),
            ("phone", &typed.phone),
        ]
        .map(|(key, value)| (key, key.to_owned(), value));
        page.shared = self.asked(&shared, faults);
        if typed.people.len() > 3 {
            // So many people need it too.
            page.shared.iter_mut().for_each(|a| a.list.clear());
        }
        page.can_add = typed.people.len() < MOST_PEOPLE;
        (page.consent, page.guardian) = (typed.consent, typed.guardian);
        page
    }

    /// A letting.
    pub fn letting(&self, t: &tenancy::Typed, faults: &[Fault]) -> RegistrationForm {
        let mut page = self.page(faults);
        let asks = [
            ("role", t.role.as_str()),
            ("dwelling", &t.dwelling),
            ("name", &t.name),
            ("id", &t.id),
            ("phone", &t.phone),
            ("people", &t.people),
            ("from", &t.from),
            ("to", &t.to),
            ("room", &t.room),
            ("origin", &t.origin),
            ("area", &t.area),
            ("tie", &t.tie),
            ("lessee_name", &t.lessee_name),
            ("lessee_phone", &t.lessee_phone),
            ("title", &t.title),
            ("agent_name", &t.agent_name),
            ("rent", &t.rent),
            ("filing", &t.filing),
        ]
        .map(|(key, value)| (key, key.to_owned(), value));
        page.asks = self.asked(&asks, faults);
        page.consent = t.consent;
        page
    }
}

/// What a field is for; its law where that is not the form's own, which is named once for all.
fn purpose(form: &Form, f: &Field, lang: Lang) -> String {
    if form.legal_basis.contains(f.legal_basis.as_str()) {
        f.purpose.clone()
    } else {
        lang.forms_field_why(f.purpose.as_str(), f.legal_basis.as_str())
    }
}
