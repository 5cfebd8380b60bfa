//! What a resident sees and does through their secret link.

use crate::error::Invalid;
use crate::problems::Told;
use crate::reading::mask;
use crate::report::LONGEST_TEXT;
use crate::{App, AppError, jobs};
use domain::cases::{self, Case, CaseEvent, Command, Recorded, Satisfaction, State};
use domain::codes::Tracking;
use domain::{Actor, CaseNo, DoorwayId};
use store::Tx;
use store::cases::Held;
use store::territory::DoorwayRow;

/// A case as the person who spoke in it follows it.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The case that they reported or joined.
    pub own: Case,
    /// Which voice is theirs in the case that goes on.
    pub voice: u16,
    /// Whether they get messages on the mobile that they left; none where there is nothing to choose.
    pub texts: Option<bool>,
    /// The case that goes on: their own, or the one that it was merged into.
    pub case: Case,
    /// All that happened, oldest first: of their own case, then of the one that goes on.
    pub events: Vec<Recorded>,
    /// Where it is, if a doorway was scanned.
    pub doorway: Option<DoorwayRow>,
    /// Whether they rated already.
    pub rated: Option<Satisfaction>,
    /// The problem that it is part of, as residents are told of it.
    pub problem: Option<Told>,
}

/// What a resident can do with their case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// One more thing to know.
    Remark(String),
    /// It is solved; perhaps how satisfied they are, and a word with it.
    Solved(Option<Satisfaction>, String),
    /// It is not solved, and what is missing.
    NotSolved(String),
    /// How satisfied they are, and perhaps a word with it.
    Rate(Satisfaction, String),
    /// Take it back.
    Withdraw(String),
}

/// What the page of a case offers to a resident now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// Add a remark.
    pub remark: bool,
    /// Say that it is solved.
    pub confirm: bool,
    /// Say that it is not.
    pub not_solved: bool,
    /// Rate.
    pub rate: bool,
    /// Take it back.
    pub withdraw: bool,
}

impl Followed {
    /// What can be done now.
    pub fn offers(&self) -> Offers {
        let s = self.case.state;
        Offers {
            remark: s.is_open() || s == State::Parked,
            confirm: s == State::Answered,
            not_solved: matches!(s, State::Answered | State::Closed),
            rate: matches!(s, State::Answered | State::Closed | State::Parked) && self.rated.is_none(),
            // One of several voices cannot end what others wait for.
            withdraw: (s.is_open() || s == State::Parked) && self.case.voices == 1,
        }
    }
}

impl App {
    /// The case behind a link.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the link is not ours.
    pub async fn follow(&self, link: &str) -> Result<Followed, AppError> {
        let tracking = self.read_link(link)?;
        let app = self.clone();
        self.store
            .glance(move |tx| {
                let texts = app.texts(tx, tracking)?;
                Ok(Followed { texts, ..followed(tx, tracking)? })
            })
            .await
    }

    /// The open cases at a doorway, newest first: "is it one of these?"
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open_here(&self, doorway: DoorwayId) -> Result<Vec<Case>, AppError> {
        self.store.glance(move |tx| Ok(tx.open_at_doorway(doorway)?)).await
    }

    /// Does what a resident says in their case.
    ///
    /// # Errors
    /// When the link is not ours, a text is missing or too long, or the case does not stand there.
    pub async fn say(&self, link: &str, say: Say) -> Result<(), AppError> {
        let tracking = self.read_link(link)?;
        let ctx = self.context(Actor::Resident);
        let app = self.clone();
        let no = self
            .store
            .write(move |tx| {
                let (case, voice) = stands_now(tx, tracking)?;
                let commands = App::commands(say, voice, case.voices)?;
                let held = tx.hold_case(case.no)?.ok_or(AppError::NotFound)?;
                app.carry_on(tx, held, commands, &ctx)?;
                Ok::<_, AppError>(case.no)
            })
            .await?;
        self.tell(no);
        Ok(())
    }

    fn commands(say: Say, voice: u16, voices: u32) -> Result<Vec<Command>, AppError> {
        Ok(match say {
            Say::Remark(text) => {
                vec![Command::Remark { voice, text: words("text", &text, true)?, original: None }]
            }
            Say::Solved(how, word) => {
                let mut commands = a_word(voice, &word)?;
                commands.push(Command::Confirm { voice });
                commands.extend(how.map(|satisfaction| Command::Rate { voice, satisfaction }));
                commands
            }
            Say::NotSolved(text) => vec![Command::NotSolved { voice, text: words("text", &text, true)? }],
            Say::Rate(satisfaction, word) => {
                let mut commands = a_word(voice, &word)?;
                commands.push(Command::Rate { voice, satisfaction });
                commands
            }
            Say::Withdraw(_) if voices > 1 => {
                return Err(Invalid::field(
                    "text",
                    "还有别的居民也反映了这件事，不能撤回。",
                    "Other residents reported this too, so it cannot be taken back.",
                ));
            }
            Say::Withdraw(text) => vec![Command::Withdraw { voice, text: words("text", &text, false)? }],
        })
    }

    /// Decides and keeps one command, and winds the clock that follows from it.
    pub(crate) fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        no: CaseNo,
        command: Command,
        ctx: &domain::Context,
    ) -> Result<Case, AppError> {
        let held = tx.hold_case(no)?.ok_or(AppError::NotFound)?;
        self.carry_on(tx, held, [command], ctx)
    }

    /// The same with a case that is held already, for commands that come in one breath.
    pub(crate) fn carry_on(
        &self,
        tx: &mut Tx<'_>,
        held: Held,
        commands: impl IntoIterator<Item = Command>,
        ctx: &domain::Context,
    ) -> Result<Case, AppError> {
        let (no, before) = (held.case.no, held.case.due);
        let (mut case, mut events, mut learnt) = (held.case.clone(), Vec::new(), Vec::new());
        for command in commands {
            let new = cases::decide(&case, command, ctx, self.rules().as_ref())?;
            learnt.extend(self.learnt(&case, &new));
            case = new.iter().fold(case, cases::apply);
            events.extend(new);
        }
        let Held { case, .. } = tx.keep_case(held, &events)?;
        for e in &events {
            if let CaseEvent::Remarked { text, .. } | CaseEvent::NotSolved { text, .. } = &e.event {
                tx.index_case(no, i64::from(e.seq), &[text], &case.path)?;
            }
        }
        self.keep_learnt(tx, &learnt)?;
        self.tell_of_steps(tx, &case, &events)?;
        if case.due != before {
            jobs::watch_deadline(tx, no, &case, ctx.now)?;
        }
        Ok(case)
    }
}

/// What somebody adds to a rating, as a remark of its own.
fn a_word(voice: u16, word: &str) -> Result<Vec<Command>, AppError> {
    let text = words("text", word, false)?;
    Ok(if text.is_empty() { vec![] } else { vec![Command::Remark { voice, text, original: None }] })
}

fn words(field: &'static str, text: &str, needed: bool) -> Result<String, AppError> {
    let text = text.trim();
    if needed && text.is_empty() {
        return Err(Invalid::field(field, "请写一两句话。", "Please write a sentence."));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Invalid::field(
            field,
            format!("写得太长了：最多{LONGEST_TEXT}个字。"),
            format!("This is too long: at most {LONGEST_TEXT} characters."),
        ));
    }
    Ok(mask(text))
}

/// The case that a link is about.
fn own(tx: &mut Tx<'_>, tracking: Tracking) -> Result<Case, AppError> {
    let speaks = |c: &Case| tracking.voice > 0 && u32::from(tracking.voice) <= c.voices;
    tx.case(tracking.case)?.filter(speaks).ok_or(AppError::NotFound)
}

/// The case that goes on behind a link, and which voice in it is theirs; its history is read only after a merger.
fn stands_now(tx: &mut Tx<'_>, tracking: Tracking) -> Result<(Case, u16), AppError> {
    let case = own(tx, tracking)?;
    if case.merged_into.is_none() {
        return Ok((case, tracking.voice));
    }
    let Followed { case, voice, .. } = followed(tx, tracking)?;
    Ok((case, voice))
}

/// Loads what a link follows: through every merger, to the case that goes on.
fn followed(tx: &mut Tx<'_>, tracking: Tracking) -> Result<Followed, AppError> {
    let own = own(tx, tracking)?;
    let mut events = tx.case_events(own.no)?;
    let mut case = own.clone();
    let mut voice = tracking.voice;
    while let Some(into) = case.merged_into {
        let Some(next) = tx.case(into)? else { break };
        let theirs = tx.case_events(into)?;
        voice = voice_after_merger(&theirs, case.no, voice);
        let joined = theirs
            .iter()
            .position(|e| matches!(e.event, CaseEvent::Absorbed { from, .. } if from == case.no));
        // What was before concerns others; what comes now concerns them too. A hand that was held before
        // the merger is still the one that works on it.
        let from = joined.unwrap_or(0);
        events.extend(
            theirs
                .into_iter()
                .enumerate()
                .filter(|(i, e)| *i > from || is_state_of(&e.event))
                .map(|(_, e)| e),
        );
        case = next;
    }
    let rated = events.iter().rev().find_map(|e| match e.event {
        CaseEvent::Rated { voice: v, satisfaction } if v == voice => Some(satisfaction),
        _ => None,
    });
    let doorway = own.doorway.map(|d| tx.doorway(d)).transpose()?.flatten();
    let problem = Told::of(tx, &case)?;
    Ok(Followed { own, voice, texts: None, case, events, doorway, rated, problem })
}

fn is_state_of(event: &CaseEvent) -> bool {
    matches!(event, CaseEvent::Dispatched { .. } | CaseEvent::Answered { .. } | CaseEvent::Parked { .. })
}

/// Which voice somebody has in the case that theirs was merged into: those that were there come first.
fn voice_after_merger(events: &[Recorded], from: CaseNo, voice: u16) -> u16 {
    let mut there: u32 = 0;
    for e in events {
        match &e.event {
            CaseEvent::Reported { .. } | CaseEvent::VoiceAdded { .. } => there += 1,
            CaseEvent::Absorbed { from: f, .. } if *f == from => {
                return u16::try_from(there + u32::from(voice)).unwrap_or(u16::MAX);
            }
            CaseEvent::Absorbed { voices, .. } => there += voices,
            CaseEvent::Released { voices, .. } => there = there.saturating_sub(*voices),
            _ => {}
        }
    }
    voice
}
