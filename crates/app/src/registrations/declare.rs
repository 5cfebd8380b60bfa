//! From the form to the first event: a household in one go, or a letting.

use super::phone::wrong_code;
use crate::{App, AppError, Scanned};
use domain::codes::Tracking;
use domain::identifiers::IdDocument;
use domain::registrations::forms::Form;
use domain::registrations::life::{self, Command, Declaration, State};
use domain::registrations::{Content, Fault, Kind, residency, tenancy};
use domain::{Actor, CaseNo, Context, DoorwayId, PersonId, PlaceId, RegistrationId};
use jiff::Timestamp;
use store::registrations::{Fresh, SealedRow};
use store::{StoreError, Tx};

/// What the person gets back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The registration of who filled the form in.
    pub household: RegistrationId,
    /// The secret part of their link.
    pub link: String,
}

/// Why a form was not taken.
#[derive(Debug)]
pub enum Undone {
    /// Fields to be mended, in their order; nothing was kept.
    Faults(Vec<Fault>),
    /// Anything else.
    App(AppError),
}

impl From<AppError> for Undone {
    fn from(e: AppError) -> Self {
        Undone::App(e)
    }
}

/// One registration, sealed, before the write lane is entered.
pub(super) struct Prepared {
    registration: life::Registration,
    first: life::Recorded,
    person: PersonId,
    wrapped: Vec<u8>,
    content: Vec<u8>,
    id: Option<[u8; 16]>,
    phone: [u8; 16],
    dwelling: [u8; 16],
    delete_at: Option<Timestamp>,
}

/// What one registration is made of.
pub(super) struct Part<'a> {
    pub(super) declaration: Declaration,
    pub(super) content: &'a Content,
    pub(super) document: Option<&'a IdDocument>,
}

/// What a document is found by: kind and country belong to it.
pub(super) fn document_text(d: &IdDocument) -> String {
    format!("{}/{}/{}", d.kind().key(), d.country().unwrap_or_default(), d.expose())
}

impl App {
    /// The secret part of the link of a household.
    pub fn registration_link(&self, household: RegistrationId) -> String {
        let tracking = Tracking { case: CaseNo(household.0), voice: 1 };
        tracking.write(|m| self.keys.registration_tag(m))
    }

    /// Reads the secret part of a link.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if it is not ours.
    pub fn read_registration_link(&self, text: &str) -> Result<RegistrationId, AppError> {
        let read = Tracking::read(text, |m| self.keys.registration_tag(m));
        read.map(|t| RegistrationId(t.case.0)).ok_or(AppError::NotFound)
    }

    /// Takes the form of a household through the code of a door.
    ///
    /// # Errors
    /// [`Undone::Faults`] naming each field; nothing was kept then.
    pub async fn declare_residency(
        &self,
        at: &Scanned,
        form: &Form,
        typed: &residency::Typed,
        submission: [u8; 16],
    ) -> Result<Declared, Undone> {
        let ctx = self.context(Actor::Resident);
        let parts = self.prepare_household(at.doorway.id, form, typed, &ctx)?;
        let phone = residency::mobile("phone", &typed.phone).map_err(|f| Undone::Faults(vec![f]))?;
        Ok(self.declare(at, parts, phone.expose(), submission, ctx).await?)
    }

    /// Takes the form of a letting through the code of a door.
    ///
    /// # Errors
    /// As [`App::declare_residency`].
    pub async fn declare_tenancy(
        &self,
        at: &Scanned,
        form: &Form,
        typed: &tenancy::Typed,
        submission: [u8; 16],
    ) -> Result<Declared, Undone> {
        let ctx = self.context(Actor::Resident);
        let t = tenancy::check(form, typed, ctx.now).map_err(Undone::Faults)?;
        let declaration = declaration(Kind::Tenancy, form, !self.sender().is_there());
        let part = Part { declaration, content: &t.content, document: t.document.as_ref() };
        let parts = vec![self.prepare_part(at.doorway.id, &part, &ctx)?];
        Ok(self.declare(at, parts, t.phone.expose(), submission, ctx).await?)
    }

    /// Checks and seals a household without touching the store.
    fn prepare_household(
        &self,
        doorway: DoorwayId,
        form: &Form,
        typed: &residency::Typed,
        ctx: &Context,
    ) -> Result<Vec<Prepared>, Undone> {
        let household = residency::check(form, typed, ctx.now, &self.terms()).map_err(Undone::Faults)?;
        let unasked = !self.sender().is_there();
        let parts: Result<Vec<_>, AppError> = household
            .people
            .iter()
            .map(|p| {
                let declaration = Declaration {
                    abroad_since: p.abroad_since,
                    guardian: p.guardian,
                    ..declaration(Kind::Residency, form, unasked)
                };
                let part = Part { declaration, content: &p.content, document: p.document.as_ref() };
                self.prepare_part(doorway, &part, ctx)
            })
            .collect();
        Ok(parts?)
    }

    fn prepare_part(&self, doorway: DoorwayId, part: &Part<'_>, ctx: &Context) -> Result<Prepared, AppError> {
        let terms = self.terms();
        let (registration, mut opening) =
            life::declare(RegistrationId(0), part.declaration.clone(), ctx, &terms);
        let (person, key, wrapped) = self.keys.new_person(ctx)?;
        let content = self.keys.seal_content(person, &key, part.content, ctx)?;
        Ok(Prepared {
            delete_at: life::deletion(&registration, &terms),
            registration,
            first: opening.remove(0),
            person,
            wrapped,
            content,
            id: part.document.map(|d| self.keys.index("document", &document_text(d))),
            phone: self.keys.index("phone", part.content.get("phone")),
            dwelling: self.dwelling_ix(doorway, part.content.get("dwelling")),
        })
    }

    async fn declare(
        &self,
        at: &Scanned,
        parts: Vec<Prepared>,
        phone: &str,
        submission: [u8; 16],
        ctx: Context,
    ) -> Result<Declared, AppError> {
        let (doorway, place) = (at.doorway.id, at.doorway.place);
        let (app, number) = (self.clone(), phone.to_owned());
        let asked = self.sender().is_there();
        let kept = self
            .store
            .write(move |tx| {
                let household = keep_parts(tx, &parts, doorway, place, &submission)?;
                let code = if asked { app.draw_code(tx, &number, &ctx)? } else { None };
                Ok::<_, AppError>((household, code))
            })
            .await;
        let household = match kept {
            Ok((household, code)) => {
                // Kept already: a code that does not go out now is asked for again on the page.
                if let Err(error) = self.send_code(phone.to_owned(), code).await {
                    tracing::info!(%error, "declared without its code");
                }
                household
            }
            // The same submission went in before, or beside this one: answer as that one was answered.
            Err(AppError::Store(StoreError::Duplicate(text))) => self
                .store
                .read(move |tx| Ok::<_, AppError>(tx.registration_by_submission(&submission)?))
                .await?
                .ok_or(AppError::Store(StoreError::Duplicate(text)))?,
            Err(e) => return Err(e),
        };
        Ok(Declared { household, link: self.registration_link(household) })
    }

    /// Sends another code to the phone of a household.
    ///
    /// # Errors
    /// When the link is not ours, everything is confirmed, or codes were asked for too often.
    pub async fn send_registration_code(&self, link: &str) -> Result<(), AppError> {
        let household = self.read_registration_link(link)?;
        let ctx = self.context(Actor::Resident);
        let app = self.clone();
        let (phone, code) = self
            .store
            .write(move |tx| {
                let phone = app.household_phone(tx, household)?;
                let code = app.draw_code(tx, &phone, &ctx)?;
                Ok::<_, AppError>((phone, code))
            })
            .await?;
        self.send_code(phone, code).await
    }

    /// Confirms a household by the code that its phone got.
    ///
    /// # Errors
    /// When the code does not fit; that is counted.
    pub async fn confirm_registration(&self, link: &str, typed: &str) -> Result<(), AppError> {
        let household = self.read_registration_link(link)?;
        let (ctx, terms) = (self.context(Actor::Resident), self.terms());
        let (app, typed) = (self.clone(), typed.to_owned());
        let fits = self
            .store
            .write(move |tx| {
                let all = tx.household(household)?;
                if all.iter().all(|l| l.registration.state != State::Declared) {
                    // Said twice is said once.
                    return Ok::<_, AppError>(true);
                }
                let phone = app.household_phone(tx, household)?;
                if !app.try_code(tx, &phone, &typed, ctx.now)? {
                    return Ok(false);
                }
                for l in all.iter().filter(|l| l.registration.state == State::Declared) {
                    app.carry_out_registration(tx, l.registration.no, Command::Confirm, &ctx, &terms)?;
                }
                Ok(true)
            })
            .await?;
        if fits { Ok(()) } else { Err(wrong_code()) }
    }

    /// The phone of who filled the form in.
    pub(crate) fn household_phone(
        &self,
        tx: &mut Tx<'_>,
        household: RegistrationId,
    ) -> Result<String, AppError> {
        let first = tx.registration(household)?.ok_or(AppError::NotFound)?;
        let content = self.open_registration(tx, &first)?.ok_or(AppError::NotFound)?;
        Ok(content.get("phone").to_owned())
    }
}

fn declaration(kind: Kind, form: &Form, unasked: bool) -> Declaration {
    Declaration {
        kind,
        form: form.version,
        notice: form.notice.version.clone(),
        abroad_since: None,
        guardian: false,
        by_staff: unasked,
    }
}

/// Keeps all of one form, who filled it in first.
pub(super) fn keep_parts(
    tx: &mut Tx<'_>,
    parts: &[Prepared],
    doorway: DoorwayId,
    place: PlaceId,
    submission: &[u8; 16],
) -> Result<RegistrationId, AppError> {
    let mut household = None;
    for p in parts {
        let no = tx.insert_registration(&Fresh {
            registration: &p.registration,
            first: &p.first,
            household,
            doorway,
            place,
            person: (&p.person, &p.wrapped),
            sealed: SealedRow {
                content: &p.content,
                id: p.id.as_ref(),
                phone: &p.phone,
                dwelling: &p.dwelling,
            },
            submission: household.is_none().then_some(submission),
            delete_at: p.delete_at,
        })?;
        household.get_or_insert(no);
    }
    household.ok_or(AppError::NotFound)
}
