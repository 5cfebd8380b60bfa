//! `GET` and `POST /q/{code}` for the two registrations: a household in one go, or a letting. Without scripts: adding
//! a person sends the form, which comes back with who is filled in already as one line each.

use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, register, resident, see_other, sentence, unhex};
use crate::http::visitor::Visitor;
use crate::view::resident::registration_form::{Base, name_on_page};
use crate::view::resident::{Registration, RegistrationComing, Trouble};
use app::registrations::Undone;
use app::{AppError, Scanned};
use axum::extract::Request;
use axum::http::StatusCode;
use domain::codes::CodeKind;
use domain::registrations::forms::Form;
use domain::registrations::residency::{self, MOST_PEOPLE, TypedPerson};
use domain::registrations::{Fault, Kind, tenancy};
use domain::units::{Unit, UnitKind};
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
    let dwellings = match dwellings(web, scanned).await {
        Ok(dwellings) => dwellings,
        Err(e) => return web.failed(v, &e),
    };
    let at = Shown { web, v, code, scanned, form: &form, dwellings };
    match form.kind {
        Kind::Residency => {
            let empty =
                residency::Typed { people: vec![TypedPerson::default()], ..residency::Typed::default() };
            at.household(&empty, 0, web.nonce(), &[])
        }
        Kind::Tenancy => at.letting(&tenancy::Typed::default(), web.nonce(), &[]),
    }
}

/// The dwellings behind the doorway that are there now.
async fn dwellings(web: &Web, scanned: &Scanned) -> Result<Vec<String>, AppError> {
    let found = web.app.dwellings_of(scanned.doorway.id).await?;
    Ok(found.map(|(_, d)| d.open().map(|d| d.number.clone()).collect()).unwrap_or_default())
}

/// The committee of the doorway's neighbourhood.
fn committee(web: &Web, scanned: &Scanned) -> Option<Unit> {
    let directory = web.app.directory();
    let own = |u: &&Unit| u.kind == UnitKind::Committee && u.place == Some(scanned.doorway.place);
    directory.units().into_iter().find(own).cloned()
}

fn not_yet(web: &Web, v: &Visitor, scanned: &Scanned) -> Reply {
    let committee = committee(web, scanned);
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
    let checks = fields.text("do") == "check";
    let allowed = if checks {
        web.limits.check(code, &v.sender(), web.app.now())
    } else {
        web.limits.report(code, &v.sender(), web.app.now())
    };
    if let Err(minutes) = allowed {
        return web.trouble(v, Trouble::TooMany { minutes });
    }
    let form = match web.app.open_form(kind_of(scanned)).await {
        Ok(Some(form)) => form,
        Ok(None) => return not_yet(web, v, scanned),
        Err(e) => return web.failed(v, &e),
    };
    if checks {
        return sentence(wrong(web, v, &form, &fields));
    }
    let once = fields.text("once").chars().filter(char::is_ascii_hexdigit).take(32).collect::<String>();
    let once = if once.len() == 32 { once } else { web.nonce() };
    let submission = submission(code, &once);
    let dwellings = match dwellings(web, scanned).await {
        Ok(dwellings) => dwellings,
        Err(e) => return web.failed(v, &e),
    };
    let at = Shown { web, v, code, scanned, form: &form, dwellings };
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

/// What is wrong with the one field that was just left, by the rules by which the whole form is taken; nothing is
/// kept. Empty where nothing is.
fn wrong(web: &Web, v: &Visitor, form: &Form, fields: &Fields) -> String {
    let (at, now) = (fields.text("at"), web.app.now());
    let faults = match form.kind {
        Kind::Residency => residency::check(form, &household(fields), now, &web.app.terms()).err(),
        Kind::Tenancy => tenancy::check(form, &letting(fields), now).err(),
    };
    let fault = faults.into_iter().flatten().find(|f| name_on_page(f) == at);
    fault.map(|f| v.lang.pick(f.zh, f.en)).unwrap_or_default()
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

/// The form, on its way to the page.
struct Shown<'a> {
    web: &'a Web,
    v: &'a Visitor,
    code: &'a str,
    scanned: &'a Scanned,
    form: &'a Form,
    dwellings: Vec<String>,
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

    fn base(&self, once: String) -> Base<'_> {
        Base {
            frame: self.web.frame(self.v),
            code: self.code,
            place: self.web.place_in_full(self.v, self.scanned.doorway.place, &self.scanned.doorway.address),
            once,
            form: self.form,
            committee: committee(self.web, self.scanned)
                .filter(|u| !u.phone.is_empty())
                .map(|u| (self.v.lang.pick(u.zh, u.en), u.phone)),
            dwellings: self.dwellings.clone(),
        }
    }

    fn household(&self, typed: &residency::Typed, open: usize, once: String, faults: &[Fault]) -> Reply {
        register(status(faults), &self.base(once).household(typed, open, faults))
    }

    fn letting(&self, t: &tenancy::Typed, once: String, faults: &[Fault]) -> Reply {
        register(status(faults), &self.base(once).letting(t, faults))
    }
}

fn status(faults: &[Fault]) -> StatusCode {
    if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}
