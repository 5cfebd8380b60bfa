//! `GET` and `POST /q/{code}` for the two registrations: a household in one go, or a letting. Without scripts: adding
//! a person sends the form, which comes back with who is filled in already as one line each.

use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, resident, see_other, unhex};
use crate::http::visitor::Visitor;
use crate::view::resident::registration::{Answer, Ask, Filled, Problem, RegistrationForm};
use crate::view::resident::{Registration, RegistrationComing, Trouble};
use crate::words::Lang;
use app::Scanned;
use app::registrations::Undone;
use axum::extract::Request;
use axum::http::StatusCode;
use domain::codes::CodeKind;
use domain::registrations::forms::{Field, Form};
use domain::registrations::rent::{Origin, RoomKind, Tie};
use domain::registrations::residency::{self, Branch, MOST_PEOPLE, TypedPerson};
use domain::registrations::tenancy::Role;
use domain::registrations::{Fault, Kind, tenancy};
use sha2::{Digest, Sha256};

fn kind_of(scanned: &Scanned) -> Kind {
    if scanned.code.kind == CodeKind::Tenancy { Kind::Tenancy } else { Kind::Residency }
}

/// The form; or, where none is open, the honest page that leads to the committee.
pub(super) async fn get(web: &Web, v: &Visitor, code: &str, scanned: &Scanned) -> Reply {
    let form = match web.app.open_form(kind_of(scanned)).await {
        Ok(Some(form)) => form,
        Ok(None) => return not_yet(web, v, scanned),
        Err(e) => return web.failed(v, &e),
    };
    let at = Shown { web, v, code, scanned, form: &form };
    match form.kind {
        Kind::Residency => {
            let empty =
                residency::Typed { people: vec![TypedPerson::default()], ..residency::Typed::default() };
            at.household(&empty, 0, web.nonce(), &[])
        }
        Kind::Tenancy => at.letting(&tenancy::Typed::default(), web.nonce(), &[]),
    }
}

fn not_yet(web: &Web, v: &Visitor, scanned: &Scanned) -> Reply {
    let directory = web.app.directory();
    let committee = directory
        .units()
        .into_iter()
        .find(|u| u.kind == domain::units::UnitKind::Committee && u.place == Some(scanned.doorway.place))
        .cloned();
    let page = RegistrationComing {
        frame: web.frame(v),
        which: match kind_of(scanned) {
            Kind::Tenancy => Registration::Tenancy,
            Kind::Residency => Registration::Residency,
        },
        place: web.place_in_full(v, scanned.doorway.place, &scanned.doorway.address),
        committee: committee.as_ref().map(|u| v.lang.pick(&u.zh, &u.en).clone()).unwrap_or_default(),
        address: None,
        phone: committee.map(|u| u.phone).filter(|p| !p.is_empty()),
        hours: None,
    };
    resident(StatusCode::OK, &page)
}

/// Takes the form, or gives it back.
pub(super) async fn post(web: &Web, v: &Visitor, code: &str, scanned: &Scanned, request: Request) -> Reply {
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(v, why),
    };
    if let Err(minutes) = web.limits.report(code, &v.sender(), web.app.now()) {
        return web.trouble(v, Trouble::TooMany { minutes });
    }
    let form = match web.app.open_form(kind_of(scanned)).await {
        Ok(Some(form)) => form,
        Ok(None) => return not_yet(web, v, scanned),
        Err(e) => return web.failed(v, &e),
    };
    let once = fields.text("once").chars().filter(char::is_ascii_hexdigit).take(32).collect::<String>();
    let once = if once.len() == 32 { once } else { web.nonce() };
    let submission = submission(code, &once);
    let at = Shown { web, v, code, scanned, form: &form };
    let declared = match form.kind {
        Kind::Residency => {
            let mut typed = household(&fields);
            let last = typed.people.len() - 1;
            match fields.text("do") {
                "add" => return at.one_more(typed, once),
                drop if drop.starts_with("drop") => {
                    if let Some(i) = drop[4..].parse().ok().filter(|i| *i < typed.people.len() && last > 0) {
                        let _: TypedPerson = typed.people.remove(i);
                    }
                    let open = typed.people.len() - 1;
                    return at.household(&typed, open, once, &[]);
                }
                _ => {}
            }
            match web.app.declare_residency(scanned, &form, &typed, submission).await {
                Err(Undone::Faults(faults)) => {
                    let open = faults.iter().find_map(|f| f.person).unwrap_or(last);
                    return at.household(&typed, open, once, &faults);
                }
                other => other,
            }
        }
        Kind::Tenancy => {
            let typed = letting(&fields);
            match web.app.declare_tenancy(scanned, &form, &typed, submission).await {
                Err(Undone::Faults(faults)) => return at.letting(&typed, once, &faults),
                other => other,
            }
        }
    };
    match declared {
        Ok(d) => see_other(&format!("/r/{}?said=saved", d.link)),
        Err(Undone::App(e)) => web.failed(v, &e),
        Err(Undone::Faults(_)) => web.trouble(v, Trouble::BadRequest),
    }
}

/// What names a submission: the code and the form's own nonce.
fn submission(code: &str, once: &str) -> [u8; 16] {
    let mut h = Sha256::new();
    h.update(b"registration/");
    h.update(code.to_ascii_lowercase());
    h.update(unhex::<16>(once).unwrap_or_default());
    let hash: [u8; 32] = h.finalize().into();
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}

/// A household as the form sends it: person after person, until one is missing.
fn household(fields: &Fields) -> residency::Typed {
    let text = |name: &str| fields.text(name).to_owned();
    let of = |i: usize, key: &str| fields.text(&format!("{key}{i}")).to_owned();
    let count = (0..MOST_PEOPLE).rev().find(|i| fields.all(&format!("name{i}")).next().is_some());
    let people = (0..=count.unwrap_or(0))
        .map(|i| TypedPerson {
            who: of(i, "who"),
            name: of(i, "name"),
            id: of(i, "id"),
            country: of(i, "country"),
            relation: of(i, "relation"),
            occupation: of(i, "occupation"),
        })
        .collect();
    residency::Typed {
        dwelling: text("dwelling"),
        since: text("since"),
        since_time: text("since_time"),
        phone: text("phone"),
        rented: text("rented"),
        consent: !text("consent").is_empty(),
        guardian: !text("guardian").is_empty(),
        people,
    }
}

fn letting(fields: &Fields) -> tenancy::Typed {
    let text = |name: &str| fields.text(name).to_owned();
    tenancy::Typed {
        role: text("role"),
        dwelling: text("dwelling"),
        phone: text("phone"),
        name: text("name"),
        id: text("id"),
        people: text("people"),
        from: text("from"),
        to: text("to"),
        title: text("title"),
        lessee_name: text("lessee_name"),
        lessee_phone: text("lessee_phone"),
        agent_name: text("agent_name"),
        tie: text("tie"),
        room: text("room"),
        origin: text("origin"),
        area: text("area"),
        rent: text("rent"),
        filing: text("filing"),
        consent: !text("consent").is_empty(),
    }
}

/// Where a fault stands on the page.
pub(super) fn name_on_page(f: &Fault) -> String {
    f.person.map_or_else(|| f.field.to_owned(), |i| format!("{}{i}", f.field))
}

/// A question of a published form, in the language of the page.
pub(super) fn ask(
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
    })
}

/// How a field of either form is answered.
pub(super) fn answer(key: &str, lang: Lang, value: &str) -> Answer {
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

/// The form, on its way to the page.
struct Shown<'a> {
    web: &'a Web,
    v: &'a Visitor,
    code: &'a str,
    scanned: &'a Scanned,
    form: &'a Form,
}

impl Shown<'_> {
    /// Adds an empty person, unless one of those that are there is wrong.
    fn one_more(&self, mut typed: residency::Typed, once: String) -> Reply {
        let faults = residency::check(self.form, &typed, self.web.app.now(), &self.web.app.terms())
            .err()
            .unwrap_or_default();
        // A child's consent is ticked at the end; what is asked once is looked at when it is sent.
        let people: Vec<Fault> =
            faults.into_iter().filter(|f| f.person.is_some() && f.field != "guardian").collect();
        if let Some(open) = people.iter().find_map(|f| f.person) {
            return self.household(&typed, open, once, &people);
        }
        if typed.people.len() < MOST_PEOPLE {
            typed.people.push(TypedPerson::default());
        }
        let open = typed.people.len() - 1;
        self.household(&typed, open, once, &[])
    }

    fn asked(&self, keys: &[(&str, String, &str)], faults: &[Fault]) -> Vec<Ask> {
        let lang = self.v.lang;
        keys.iter()
            .filter_map(|(key, name, value)| {
                let mut a = ask(self.form, key, name, lang, value, answer(key, lang, value))?;
                let fault = faults.iter().find(|f| name_on_page(f) == *name);
                a.error = fault.map(|f| lang.pick(&f.zh, &f.en).clone());
                Some(a)
            })
            .collect()
    }

    fn page(&self, once: String, faults: &[Fault]) -> RegistrationForm {
        let lang = self.v.lang;
        RegistrationForm {
            frame: self.web.frame(self.v),
            title: match self.form.kind {
                Kind::Residency => lang.residency_title(),
                Kind::Tenancy => lang.tenancy_title(),
            },
            intro: match self.form.kind {
                Kind::Residency => vec![lang.reg_intro_people(), lang.reg_not_needed()],
                Kind::Tenancy => vec![lang.reg_intro_letting()],
            },
            code: self.code.to_owned(),
            place: self.web.place_in_full(self.v, self.scanned.doorway.place, &self.scanned.doorway.address),
            once,
            notice: {
                let n = &self.form.notice;
                (n.version.clone(), lang.pick(&n.zh, &n.en).clone())
            },
            purposes: self
                .form
                .fields
                .iter()
                .map(|f| (lang.pick(&f.zh, &f.en).clone(), purpose(self.form, f, lang)))
                .collect(),
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
            errors: faults
                .iter()
                .map(|f| Problem { at: name_on_page(f), text: lang.pick(&f.zh, &f.en).clone() })
                .collect(),
        }
    }

    fn household(&self, typed: &residency::Typed, open: usize, once: String, faults: &[Fault]) -> Reply {
        let lang = self.v.lang;
        let mut page = self.page(once, faults);
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
        page.can_add = typed.people.len() < MOST_PEOPLE;
        (page.consent, page.guardian) = (typed.consent, typed.guardian);
        resident(status(faults), &page)
    }

    fn letting(&self, t: &tenancy::Typed, once: String, faults: &[Fault]) -> Reply {
        let mut page = self.page(once, faults);
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
        resident(status(faults), &page)
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

fn status(faults: &[Fault]) -> StatusCode {
    if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}
