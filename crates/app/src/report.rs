//! Somebody says that something needs doing: from the form to the first event.

use crate::error::Invalid;
use crate::reading::{self, Reading, Said};
use crate::{App, AppError, Who, jobs};
use domain::access::{Action, Target, may};
use domain::cases::{self, Case, Channel, Command, Kind, Recorded, Report};
use domain::territory::Path;
use domain::{Actor, CaseNo, Context, DoorwayId, PersonId, PlaceId};
use store::cases::Held;
use store::{StoreError, Tx};

/// The longest text that a form takes, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// The longest "where within the place" and contact, in characters.
pub const LONGEST_LINE: usize = 120;
/// What a form holds.
#[derive(Debug, Clone, Default)]
pub struct Incoming {
    /// The doorway, where a code was scanned or staff picked one.
    pub doorway: Option<DoorwayId>,
    /// The neighbourhood.
    pub place: Option<PlaceId>,
    /// What is wrong, as it was typed.
    pub text: String,
    /// Where within the place, as it was typed.
    pub detail: String,
    /// How to reach the person; empty if they do not want to be.
    pub contact: String,
    /// What sort of request the person says it is.
    pub kind: Option<Kind>,
    /// A photo, already re-encoded and without its position.
    pub photo: Option<Vec<u8>>,
    /// Names this submission: sent twice, it makes one case.
    pub submission: [u8; 16],
    /// An open case that the person says this is too.
    pub join: Option<CaseNo>,
}

/// What the person gets back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// The number to tell on the telephone.
    pub no: CaseNo,
    /// Which voice in it is theirs.
    pub voice: u16,
    /// The secret part of their link.
    pub link: String,
}

/// Everything that can be made ready before the write lane is entered.
pub(crate) struct Prepared {
    join: Option<CaseNo>,
    pub(crate) report: Report,
    /// Whether the program was unsure of the subject that it proposes.
    pub(crate) unsure: bool,
    pub(crate) voiced: Voiced,
}

/// What is kept of whoever spoke, beside the event: who, and a photo.
pub(crate) struct Voiced {
    submission: [u8; 16],
    person: Option<(PersonId, Vec<u8>)>,
    photo: Option<Vec<u8>>,
}

impl Voiced {
    /// Keeps it inside a transaction. The store refuses a submission that came before.
    pub(crate) fn keep(
        &self,
        tx: &mut Tx<'_>,
        no: CaseNo,
        voice: u16,
        at: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        if let Some((id, wrapped)) = &self.person {
            tx.insert_person(id, wrapped, at)?;
        }
        tx.insert_voice(no, voice, self.person.as_ref().map(|p| &p.0), at, &self.submission)?;
        match &self.photo {
            Some(photo) => tx.insert_photo(no, voice, photo),
            None => Ok(()),
        }
    }
}

fn checked(field: &'static str, text: &str, longest: usize, needed: bool) -> Result<String, AppError> {
    // Control characters come from broken programs, never from people; line breaks are theirs.
    let text: String = text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let text = text.trim();
    let length = text.chars().count();
    if needed && length < 2 {
        return Err(Invalid::field(
            field,
            "请写下是什么事，一两句话就可以。",
            "Please say what it is; a sentence is enough.",
        ));
    }
    if length > longest {
        return Err(Invalid::field(
            field,
            format!("写得太长了：最多{longest}个字，现在有{length}个字。"),
            format!("This is too long: at most {longest} characters, there are {length}."),
        ));
    }
    Ok(text.to_owned())
}

/// The open cases of a doorway that are likely the same matter as a report, the likeliest first, five at most.
pub(crate) fn alike(report: &Report, open: &[(CaseNo, String, String)]) -> Vec<CaseNo> {
    let said = Said::of(&report.text, &report.subject);
    let likely = open.iter().map(|(no, text, subject)| (said.likely(text, subject), *no));
    reading::likeliest(likely, reading::ALIKE)
}

impl Prepared {
    /// What names the submission.
    pub(crate) fn submission(&self) -> &[u8; 16] {
        &self.voiced.submission
    }
}

impl App {
    /// Takes a report through a door code.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the field; nothing was kept then.
    pub async fn report(&self, incoming: Incoming) -> Result<Acknowledged, AppError> {
        self.take(incoming, Channel::Door, Actor::Resident).await
    }

    /// What is wrong with a form, without taking it.
    ///
    /// # Errors
    /// As [`App::report`].
    pub fn check_report(&self, incoming: Incoming, channel: Channel) -> Result<(), AppError> {
        self.prepare(incoming, channel, &self.context(Actor::System)).map(drop)
    }

    /// Types in a slip of paper, a telephone call or a visit, with the same form.
    ///
    /// # Errors
    /// As [`App::report`]; and without the right for that place.
    pub async fn report_for(
        &self,
        who: &Who,
        channel: Channel,
        incoming: Incoming,
    ) -> Result<Acknowledged, AppError> {
        let Some(place) = incoming.place else {
            return Err(Invalid::field("doorway", "请选择地点。", "Please choose the place."));
        };
        let target = Target { path: self.directory().path(place), unit: None };
        if !may(&who.grants, Action::TakeReport, &target) {
            return Err(AppError::NotAllowed);
        }
        self.take(incoming, channel, who.actor(None)).await
    }

    async fn take(
        &self,
        incoming: Incoming,
        channel: Channel,
        actor: Actor,
    ) -> Result<Acknowledged, AppError> {
        let ctx = self.context(actor);
        let mut prepared = self.prepare(incoming, channel, &ctx)?;
        if let Some(doorway) = prepared.report.doorway {
            let open =
                self.store.glance(move |tx| Ok::<_, AppError>(tx.open_texts_at_doorway(doorway)?)).await?;
            prepared.report.similar = alike(&prepared.report, &open);
        }
        let app = self.clone();
        let submission = prepared.voiced.submission;
        let kept = self.store.write(move |tx| app.keep_report(tx, prepared, &ctx)).await;
        let (no, voice) = match kept {
            // The same submission went in beside this one: answer as that one was answered.
            Err(AppError::Store(StoreError::Duplicate(text))) => self
                .store
                .read(move |tx| Ok::<_, AppError>(tx.by_submission(&submission)?))
                .await?
                .ok_or(AppError::Store(StoreError::Duplicate(text)))?,
            other => other?,
        };
        self.tell(no);
        Ok(Acknowledged { no, voice, link: self.link(no, voice) })
    }

    /// Checks, masks, reads and seals a form, without touching the store.
    pub(crate) fn prepare(&self, i: Incoming, channel: Channel, ctx: &Context) -> Result<Prepared, AppError> {
        // What came in by letter or through another system is longer than what a form takes.
        let longest = if channel == Channel::Import { 10 * LONGEST_TEXT } else { LONGEST_TEXT };
        let text = checked("text", &i.text, longest, i.join.is_none())?;
        let detail = checked("where", &i.detail, LONGEST_LINE, false)?;
        let contact = checked("contact", &i.contact, LONGEST_LINE, false)?;
        let reading = Reading::of(&text, self.subjects().as_ref());
        let masked_detail = crate::reading::mask(&detail);
        let path = i.place.map_or(Path::default(), |place| self.directory().path(place));
        let mut person = None;
        let (mut original, mut sealed_contact) = (None, None);
        if !contact.is_empty() || reading.masked != text || masked_detail != detail {
            let (id, key, wrapped) = self.keys.new_person(ctx)?;
            if reading.masked != text || masked_detail != detail {
                let whole = if detail.is_empty() { text } else { format!("{text}\n{detail}") };
                original = Some(self.keys.seal(id, &key, "original", &whole, ctx)?);
            }
            if !contact.is_empty() {
                sealed_contact = Some(self.keys.seal(id, &key, "contact", &contact, ctx)?);
            }
            person = Some((id, wrapped));
        }
        let report = Report {
            path,
            doorway: i.doorway,
            text: reading.masked,
            detail: masked_detail,
            original,
            contact: sealed_contact,
            subject: reading.subject,
            kind: i.kind.unwrap_or(reading.kind),
            urgency: reading.urgency,
            alarms: reading.alarms,
            channel,
            similar: vec![],
        };
        let voiced = Voiced { submission: i.submission, person, photo: i.photo };
        Ok(Prepared { join: i.join, report, unsure: reading.unsure, voiced })
    }

    /// Keeps a prepared report inside a transaction: the case, its event, its words, its clock, in one breath.
    pub(crate) fn keep_report(
        &self,
        tx: &mut Tx<'_>,
        p: Prepared,
        ctx: &Context,
    ) -> Result<(CaseNo, u16), AppError> {
        // A submission that came before is refused by the store's own index, and all of this undone.
        match p.join {
            Some(no) => {
                let voice = self.join(tx, no, p.report, ctx)?;
                p.voiced.keep(tx, no, voice, ctx.now)?;
                Ok((no, voice))
            }
            None => {
                let (case, opening) = cases::open(CaseNo(0), p.report, ctx, self.rules().as_ref());
                let case = Self::keep_new(tx, &p.voiced, case, &opening, ctx.now)?.case;
                jobs::watch_deadline(tx, case.no, &case, ctx.now)?;
                self.tell_of_steps(tx, &case, &opening)?;
                Ok((case.no, 1))
            }
        }
    }

    /// Writes a new case with its first event, its words and its first voice.
    pub(crate) fn keep_new(
        tx: &mut Tx<'_>,
        voiced: &Voiced,
        case: Case,
        opening: &[Recorded],
        at: jiff::Timestamp,
    ) -> Result<Held, AppError> {
        let held = tx.open_case(case, opening)?;
        let case = &held.case;
        tx.index_case(case.no, 0, &[&case.text, &case.detail], &case.path)?;
        voiced.keep(tx, case.no, 1, at)?;
        Ok(held)
    }

    /// Adds a voice to an open case of the same doorway.
    fn join(&self, tx: &mut Tx<'_>, no: CaseNo, report: Report, ctx: &Context) -> Result<u16, AppError> {
        let held = tx.hold_case(no)?.ok_or(AppError::NotFound)?;
        if held.case.doorway != report.doorway {
            return Err(AppError::NotFound);
        }
        let (text, path) = (report.text.clone(), held.case.path);
        let command =
            Command::AddVoice { text: report.text, contact: report.contact, channel: report.channel };
        let events = cases::decide(&held.case, command, ctx, self.rules().as_ref())?;
        let held = tx.keep_case(held, &events)?;
        if !text.is_empty() {
            tx.index_case(no, i64::from(held.case.version), &[&text], &path)?;
        }
        Ok(u16::try_from(held.case.voices).unwrap_or(u16::MAX))
    }
}
