//! What is let to whom: by landlord, agent or tenant; a neighbour's word is a report and no registration.

use super::content::{Content, Fault, dwelling, line};
use super::forms::Form;
use super::rent::{Letting, Origin, RoomKind, Tie, hundredths};
use super::residency::{day, mobile};
use crate::identifiers::{IdDocument, IdKind, Phone};
use jiff::Timestamp;

/// Who registers a letting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Whose home it is, or who lets it.
    Landlord,
    /// Who lives there.
    Tenant,
    /// Who brought them together.
    Agent,
}

impl Role {
    /// All of them, in the order of the form.
    pub const ALL: [Role; 3] = [Role::Landlord, Role::Tenant, Role::Agent];

    /// The stable name in the form.
    pub fn key(self) -> &'static str {
        match self {
            Role::Landlord => "landlord",
            Role::Tenant => "tenant",
            Role::Agent => "agent",
        }
    }

    /// The one of that name.
    pub fn from_key(key: &str) -> Option<Role> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }

    /// In Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Role::Landlord => "出租人（房东）",
            Role::Tenant => "承租人（租客）",
            Role::Agent => "中介",
        }
    }

    /// In English.
    pub fn en(self) -> &'static str {
        match self {
            Role::Landlord => "Landlord",
            Role::Tenant => "Tenant",
            Role::Agent => "Agent",
        }
    }
}

/// What was typed.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the fields of the form")]
pub struct Typed {
    pub role: String,
    pub dwelling: String,
    pub phone: String,
    pub name: String,
    pub id: String,
    pub people: String,
    pub from: String,
    pub to: String,
    pub title: String,
    pub lessee_name: String,
    pub lessee_phone: String,
    pub agent_name: String,
    pub tie: String,
    pub room: String,
    pub origin: String,
    pub area: String,
    pub rent: String,
    pub filing: String,
    pub consent: bool,
}

/// A letting, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Tenancy {
    /// The dwelling within the doorway, normalised.
    pub dwelling: String,
    /// The phone of who filled it in.
    pub phone: Phone,
    /// Their document, where one was given.
    pub document: Option<IdDocument>,
    /// All of it, as it is sealed.
    pub content: Content,
}

/// Checks a letting against its form.
///
/// # Errors
/// Every fault, in the order of the fields; at least one.
pub fn check(form: &Form, t: &Typed, now: Timestamp) -> Result<Tenancy, Vec<Fault>> {
    let today = crate::cases::local_date(now);
    let mut faults = Vec::new();
    let mut c = Content::default();
    match Role::from_key(&t.role) {
        Some(role) => c.set("role", role.key()),
        None => faults.push(Fault::of("role", "请选一项。", "Choose one.")),
    }
    match dwelling(&t.dwelling) {
        Ok(d) => c.set("dwelling", d),
        Err(f) => faults.push(f),
    }
    let phone = match mobile("phone", &t.phone) {
        Ok(p) => {
            c.set("phone", p.expose());
            Some(p)
        }
        Err(f) => {
            faults.push(f);
            None
        }
    };
    match line("name", &t.name, 60) {
        Ok(name) if name.chars().count() >= 2 => c.set("name", name),
        Ok(_) => faults.push(Fault::of("name", "请写您的姓名。", "Write your name.")),
        Err(f) => faults.push(f),
    }
    match t.people.trim().trim_end_matches('人').parse::<u32>() {
        Ok(n) if (0..=99).contains(&n) => c.set("people", n.to_string()),
        _ => faults.push(Fault::of(
            "people",
            "请写一共住几个人，比如“3”。",
            "Write how many people, such as 3.",
        )),
    }
    let from = day("from", &t.from, None);
    let to = if t.to.trim().is_empty() { Ok(None) } else { day("to", &t.to, None).map(Some) };
    match (&from, &to) {
        (Ok(from), Ok(to)) => {
            c.set("from", from.to_string());
            c.set("to", to.map(|d| d.to_string()).unwrap_or_default());
            if to.is_some_and(|to| to < *from) {
                faults.push(Fault::of(
                    "to",
                    "租期结束不能早于开始。",
                    "The letting cannot end before it begins.",
                ));
            }
        }
        _ => faults.extend([from.err(), to.err()].into_iter().flatten()),
    }
    let mut document = None;
    if form.asks("id") && !t.id.trim().is_empty() {
        match IdDocument::parse(IdKind::Resident, &t.id, today) {
            Ok(d) => {
                c.set("id", d.expose());
                document = Some(d);
            }
            Err(e) => faults.push(Fault::of("id", format!("{}。", e.zh()), format!("{e}."))),
        }
    }
    if form.asks("lessee_phone") && !t.lessee_phone.trim().is_empty() {
        match Phone::parse(&t.lessee_phone) {
            Ok(p) => c.set("lessee_phone", p.expose()),
            Err(e) => faults.push(Fault::of("lessee_phone", format!("{}。", e.zh()), format!("{e}."))),
        }
    }
    if form.asks("area") && !t.area.trim().is_empty() {
        match hundredths(&t.area) {
            Some(h) => c.set("area", format!("{}.{:02}", h / 100, h % 100)),
            None => faults.push(Fault::of(
                "area",
                "面积写数字，最多两位小数，比如“12.50”。",
                "Write the area as a number with two decimals at most, such as 12.50.",
            )),
        }
    }
    for (key, known) in [
        ("room", RoomKind::from_key(&t.room).map(RoomKind::key)),
        ("origin", Origin::from_key(&t.origin).map(Origin::key)),
        ("tie", Tie::from_key(&t.tie).map(Tie::key)),
    ] {
        if form.asks(key) {
            c.set(key, known.unwrap_or_default());
        }
    }
    for (key, typed) in [
        ("title", &t.title),
        ("lessee_name", &t.lessee_name),
        ("agent_name", &t.agent_name),
        ("rent", &t.rent),
        ("filing", &t.filing),
    ] {
        if form.asks(key) {
            match line(key, typed, 60) {
                Ok(text) => c.set(key, text),
                Err(f) => faults.push(f),
            }
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
        Some(phone) if faults.is_empty() => {
            Ok(Tenancy { dwelling: c.get("dwelling").to_owned(), phone, document, content: c })
        }
        _ => Err(faults),
    }
}

/// What the rules of letting are told of a registered letting.
pub fn letting(c: &Content) -> Letting {
    Letting {
        room: RoomKind::from_key(c.get("room")),
        origin: Origin::from_key(c.get("origin")),
        area: hundredths(c.get("area")),
        people: c.get("people").parse().ok(),
        tie: Tie::from_key(c.get("tie")),
        ..Letting::default()
    }
}
