//! The rights of the person: see, copy, correct, say that they moved, renew, withdraw, delete, and see who looked.
//! By their secret link, or by a code to their telephone; never with an account.

use super::declare::document_text;
use super::phone::wrong_code;
use crate::error::Invalid;
use crate::{App, AppError};
use domain::cases::local_date;
use domain::registrations::life::{self, Command, Recorded, State};
use domain::registrations::residency::{self, Branch, TypedPerson};
use domain::registrations::{Content, Fault, Kind};
use domain::{Actor, RegistrationId};
use jiff::Timestamp;
use jiff::civil::Date;
use store::registrations::SealedRow;
use store::registrations::desk::{Look, Receipt};
use store::territory::DoorwayRow;

/// One registration, as the person sees it.
#[derive(Debug, Clone)]
pub struct Member {
    /// Where it stands.
    pub registration: life::Registration,
    /// What was declared; `None` once it is deleted.
    pub content: Option<Content>,
    /// When that will be deleted.
    pub delete_at: Option<Timestamp>,
    /// All that happened, oldest first.
    pub events: Vec<Recorded>,
    /// The receipt of its hand-off.
    pub receipt: Option<Receipt>,
    /// Who looked, newest first.
    pub looks: Vec<Look>,
}

/// A household or letting, as the person sees it.
#[derive(Debug, Clone)]
pub struct Own {
    /// The number of who filled it in.
    pub household: RegistrationId,
    /// Which registration.
    pub kind: Kind,
    /// Where.
    pub doorway: Option<DoorwayRow>,
    /// Whether the phone's code is still to be given: then nothing else is shown.
    pub waits_for_code: bool,
    /// The code itself, where there is no telephone: in the demo.
    pub shown_code: Option<String>,
    /// The phone, masked.
    pub phone: String,
    /// Everybody, who filled it in first.
    pub members: Vec<Member>,
}

/// Whom a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody on the form.
    All,
    /// One of them.
    One(RegistrationId),
}

/// What a person does with what they registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Moved away, or no longer let.
    End(Date),
    /// Still living there.
    Renew,
    /// Take it back.
    Withdraw,
    /// Delete what was declared, now.
    Delete,
}

impl App {
    /// What is behind a link.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the link is not ours.
    pub async fn own_registration(&self, link: &str) -> Result<Own, AppError> {
        let household = self.read_registration_link(link)?;
        let app = self.clone();
        self.store
            .read(move |tx| {
                let listed = tx.household(household)?;
                let first = listed.first().ok_or(AppError::NotFound)?;
                let doorway = tx.doorway(first.doorway)?;
                let kind = first.registration.kind;
                let waits = listed.iter().any(|l| l.registration.state == State::Declared);
                let opened = app.open_registration(tx, first)?;
                let shown_code = match &opened {
                    Some(c) if waits => app.sender().shown(c.get("phone")),
                    _ => None,
                };
                let phone = opened.as_ref().map(|c| c.masked("phone")).unwrap_or_default();
                let mut members = Vec::with_capacity(listed.len());
                for l in &listed {
                    let no = l.registration.no;
                    members.push(Member {
                        registration: l.registration.clone(),
                        content: app.open_registration(tx, l)?,
                        delete_at: l.delete_at,
                        events: tx.registration_events(no)?,
                        receipt: l.registration.batch.map(|b| tx.receipt(b)).transpose()?.flatten(),
                        looks: tx.registration_looks(no)?,
                    });
                }
                Ok(Own { household, kind, doorway, waits_for_code: waits, shown_code, phone, members })
            })
            .await
    }

    /// Everything that is held of a household, for machines: JSON that names each field as the form does.
    ///
    /// # Errors
    /// When the link is not ours.
    pub async fn registration_copy(&self, link: &str) -> Result<String, AppError> {
        let own = self.own_registration(link).await?;
        if own.waits_for_code {
            return Err(AppError::NotFound);
        }
        let members: Vec<_> = own
            .members
            .iter()
            .map(|m| {
                let r = &m.registration;
                serde_json::json!({
                    "number": r.no.0,
                    "state": r.state.key(),
                    "declared_at": r.declared_at.to_string(),
                    "form": r.form,
                    "valid_until": r.valid_until.map(|d| d.to_string()),
                    "deleted_at": m.delete_at.map(|t| t.to_string()),
                    "content": m.content,
                    "handed_off": m.receipt.as_ref().map(|b| serde_json::json!({
                        "at": b.at.to_string(), "to": b.authority, "basis": b.basis,
                    })),
                    "history": m.events.iter().map(|e| serde_json::json!({
                        "at": e.at.to_string(), "event": e.event,
                    })).collect::<Vec<_>>(),
                    "looks": m.looks.iter().map(|l| serde_json::json!({
                        "at": l.at.to_string(), "by": self.directory().staff_name(l.staff), "purpose": l.purpose,
                    })).collect::<Vec<_>>(),
                })
            })
            .collect();
        let all = serde_json::json!({
            "registration": own.kind.key(),
            "doorway": own.doorway.map(|d| d.address),
            "people": members,
        });
        serde_json::to_string_pretty(&all).map_err(|e| AppError::Keys(e.to_string()))
    }

    /// Changes what a link is about.
    ///
    /// # Errors
    /// When the link is not ours, or it does not stand there. Of a whole household, those that do not are left as
    /// they are, unless none does.
    pub async fn change_registration(
        &self,
        link: &str,
        whose: Whose,
        change: Change,
    ) -> Result<(), AppError> {
        let household = self.read_registration_link(link)?;
        let (ctx, terms) = (self.context(Actor::Resident), self.terms());
        let app = self.clone();
        self.store
            .write(move |tx| {
                let all = tx.household(household)?;
                if all.iter().any(|l| l.registration.state == State::Declared) {
                    return Err(AppError::NotFound);
                }
                let command = match change {
                    Change::End(on) => Command::End(on),
                    Change::Renew => Command::Renew,
                    Change::Withdraw => Command::Withdraw,
                    Change::Delete => Command::DeleteContent,
                };
                let mut done = 0;
                let mut refused = AppError::NotFound;
                for l in &all {
                    let no = l.registration.no;
                    if whose != Whose::All && whose != Whose::One(no) {
                        continue;
                    }
                    match app.carry_out_registration(tx, no, command, &ctx, &terms) {
                        Ok(_) => done += 1,
                        Err(e @ AppError::NotThisWay(_)) => refused = e,
                        Err(e) => return Err(e),
                    }
                }
                if done > 0 { Ok(()) } else { Err(refused) }
            })
            .await
    }

    /// Puts right what was declared of one person; what is left empty stays. It is verified anew.
    ///
    /// # Errors
    /// A field that cannot be taken, or when it does not stand there.
    pub async fn correct_registration(
        &self,
        link: &str,
        no: RegistrationId,
        typed: TypedPerson,
        dwelling: String,
        since: String,
    ) -> Result<(), AppError> {
        let household = self.read_registration_link(link)?;
        let (ctx, terms) = (self.context(Actor::Resident), self.terms());
        let app = self.clone();
        self.store
            .write(move |tx| {
                let listed = tx
                    .household(household)?
                    .into_iter()
                    .find(|l| l.registration.no == no && l.registration.state != State::Declared)
                    .ok_or(AppError::NotFound)?;
                let old = app.open_registration(tx, &listed)?.ok_or(AppError::NotFound)?;
                let today = local_date(ctx.now);
                let (content, document) =
                    corrected(&old, &typed, &dwelling, &since, today).map_err(invalid)?;
                app.carry_out_registration(tx, no, Command::Correct, &ctx, &terms)?;
                let person = listed.person.ok_or(AppError::NotFound)?;
                let wrapped = tx.person_key(&person)?.ok_or(AppError::NotFound)?;
                let sealed = app.keys.seal_content(person, &app.keys.unwrap(&wrapped)?, &content, &ctx)?;
                let id = document.map(|d| app.keys.index("document", &d));
                tx.reseal_registration(
                    no,
                    &SealedRow {
                        content: &sealed,
                        id: id.as_ref(),
                        phone: &app.keys.index("phone", content.get("phone")),
                        dwelling: &app.dwelling_ix(listed.doorway, content.get("dwelling")),
                    },
                )?;
                Ok(())
            })
            .await
    }

    /// Sends a code to a phone with which something is registered. Answers alike whether or not there is, so that
    /// nobody learns who is registered.
    ///
    /// # Errors
    /// What is wrong with the number, or when codes were asked for too often.
    pub async fn find_by_phone(&self, typed: &str) -> Result<(), AppError> {
        let phone = residency::mobile("phone", typed).map_err(invalid)?.expose().to_owned();
        if !self.sender().is_there() {
            return Err(Invalid::field(
                "phone",
                "这里还不能发短信，请用登记时给您的链接，或者去居委会。",
                "Text messages cannot be sent here yet; use the link you were given, or ask the committee.",
            ));
        }
        let ctx = self.context(Actor::Resident);
        let (app, number) = (self.clone(), phone.clone());
        let code = self
            .store
            .write(move |tx| {
                let mut known = false;
                for ix in app.keys.indexes("phone", &number) {
                    known |= !tx.registrations_of_phone(&ix)?.is_empty();
                }
                if known { app.draw_code(tx, &number, &ctx) } else { Ok(None) }
            })
            .await?;
        self.send_code(phone, code).await
    }

    /// The links of what is registered with a phone, once its code is given.
    ///
    /// # Errors
    /// When the code does not fit; that is counted.
    pub async fn found_by_phone(
        &self,
        typed: &str,
        code: &str,
    ) -> Result<Vec<(String, RegistrationId)>, AppError> {
        let phone = residency::mobile("phone", typed).map_err(invalid)?.expose().to_owned();
        let now = self.now();
        let (app, code) = (self.clone(), code.to_owned());
        let found = self
            .store
            .write(move |tx| {
                if !app.try_code(tx, &phone, &code, now)? {
                    return Ok::<_, AppError>(None);
                }
                let mut all = Vec::new();
                for ix in app.keys.indexes("phone", &phone) {
                    all.extend(tx.registrations_of_phone(&ix)?);
                }
                Ok(Some(all))
            })
            .await?
            .ok_or_else(wrong_code)?;
        Ok(found.into_iter().map(|(household, _)| (self.registration_link(household), household)).collect())
    }
}

pub(super) fn invalid(f: Fault) -> AppError {
    Invalid::field(f.field, f.zh, f.en)
}

/// The old content with what was typed over it, and what its document is found by.
fn corrected(
    old: &Content,
    typed: &TypedPerson,
    flat: &str,
    since: &str,
    today: Date,
) -> Result<(Content, Option<String>), Fault> {
    let mut c = old.clone();
    if !flat.trim().is_empty() {
        c.set("dwelling", domain::registrations::content::dwelling(flat)?);
    }
    if !since.trim().is_empty() {
        let key = if old.get("since").is_empty() { "from" } else { "since" };
        c.set(key, residency::day("since", since, Some(today))?.to_string());
    }
    let name: String = typed.name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    if name.chars().count() >= 2 {
        c.set("name", name);
    }
    let branch = Branch::from_key(if typed.who.is_empty() { old.get("who") } else { &typed.who });
    if let Some(b) = branch {
        c.set("who", b.key());
    }
    let number = if typed.id.trim().is_empty() { old.get("id") } else { &typed.id };
    let country = if typed.country.trim().is_empty() { old.get("country") } else { &typed.country };
    let mut index = None;
    if !number.is_empty() {
        let branch = branch.unwrap_or(Branch::Elsewhere);
        let d = branch
            .document(number, country, today)
            .map_err(|e| Fault::of("id", format!("{}。", e.zh()), format!("{e}.")))?;
        c.set("id", d.expose());
        c.set("id_kind", d.kind().key());
        c.set("country", d.country().unwrap_or_default());
        index = Some(document_text(&d));
    }
    Ok((c, index))
}
