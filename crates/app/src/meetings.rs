//! The precinct's meeting: an agenda that gathers itself, decisions that are carried out in the same stroke,
//! minutes that write themselves.

use crate::cases::Step;
use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::access::{Action, Scope, Target, may, scope};
use domain::cases::{Case, State, local_date};
use domain::meetings::{About, Meeting, MeetingEvent, Reason, Recorded};
use domain::problems::{CallState, Command, ProblemState};
use domain::territory::Part;
use domain::{CaseNo, Context, MeetingId, PlaceId, ProblemId};
use jiff::ToSpan;
use store::Tx;
use store::cases::list::Filter;
use store::meetings::MeetingRow;
use store::problems::ProblemRow;

/// Parked cases come onto the agenda so many days before their review.
const BEFORE_REVIEW: i64 = 7;

/// One item of an agenda.
#[derive(Debug, Clone)]
pub struct AgendaItem {
    /// Why it is there.
    pub reason: Reason,
    /// About what.
    pub about: About,
    /// In a few words.
    pub title: String,
    /// The case, if it is one.
    pub case: Option<Case>,
    /// Since or by when, as the reason has it.
    pub at: Option<jiff::Timestamp>,
}

/// A meeting on one page.
#[derive(Debug, Clone)]
pub struct MeetingPage {
    /// The minutes so far.
    pub meeting: Meeting,
    /// What is still to be talked about; empty once it is closed.
    pub agenda: Vec<AgendaItem>,
    /// Whether this person may decide.
    pub may_decide: bool,
}

/// What is decided about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decide {
    /// A step with a case.
    Case(CaseNo, Step),
    /// A step of a plan.
    Problem(ProblemId, Command),
    /// A problem is opened with a case: its title and its cause.
    Open(CaseNo, String, String),
    /// It is put off to the next meeting.
    PutOff(About),
}

impl App {
    /// The precincts for which a person may hold or read meetings.
    pub fn meeting_places(&self, who: &Who) -> Vec<PlaceId> {
        let d = self.directory();
        let Some(depth) = d.levels.as_ref().and_then(|l| l.depth_of(Part::Dispatcher)) else { return vec![] };
        let seen = scope(&who.grants, Action::SeeProblem);
        d.places()
            .filter(|p| p.depth == depth)
            .filter(|p| {
                let path = d.path(p.id);
                seen.all || seen.places.iter().any(|mine| path.lies_in(*mine))
            })
            .map(|p| p.id)
            .collect()
    }

    fn may_meet(&self, who: &Who, place: PlaceId, action: Action) -> bool {
        may(&who.grants, action, &Target { path: self.directory().path(place), unit: None })
    }

    /// The meetings of a precinct, newest first, and what is on the agenda now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a place that the person does not see.
    pub async fn meetings(
        &self,
        who: &Who,
        place: PlaceId,
    ) -> Result<(Vec<MeetingRow>, Vec<AgendaItem>), AppError> {
        if !self.may_meet(who, place, Action::SeeProblem) {
            return Err(AppError::NotFound);
        }
        let app = self.clone();
        self.store.read(move |tx| Ok((tx.meetings(place)?, app.agenda(tx, place)?))).await
    }

    /// One meeting.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for one that is not there and one that may not be seen.
    pub async fn meeting_page(&self, who: &Who, id: MeetingId) -> Result<MeetingPage, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |tx| {
                let meeting = tx.meeting(id)?.ok_or(AppError::NotFound)?;
                if !app.may_meet(&who, meeting.place, Action::SeeProblem) {
                    return Err(AppError::NotFound);
                }
                let open = meeting.closed_at.is_none();
                let decided: Vec<About> = meeting.decisions.iter().map(|d| d.about).collect();
                let mut agenda = if open { app.agenda(tx, meeting.place)? } else { vec![] };
                agenda.retain(|i| !decided.contains(&i.about));
                let may_decide = open && app.may_meet(&who, meeting.place, Action::Plan);
                Ok(MeetingPage { meeting, agenda, may_decide })
            })
            .await
    }

    /// What a meeting of a precinct would talk about now.
    fn agenda(&self, tx: &mut Tx<'_>, place: PlaceId) -> Result<Vec<AgendaItem>, AppError> {
        let d = self.directory();
        let (now, today) = (self.now(), local_date(self.now()));
        let mut items = vec![];
        for (state, reason) in [
            (State::AtMeeting, Reason::CameBack),
            (State::Referred, Reason::Referred),
            (State::Parked, Reason::Review),
        ] {
            let filter = Filter {
                place: Some((d.depth(place), place)),
                state: Some(state),
                limit: 200,
                ..Filter::of(Scope { all: true, ..Scope::default() })
            };
            let soon = today.checked_add(BEFORE_REVIEW.days()).unwrap_or(today);
            for case in tx.list_cases(&filter, &|p: PlaceId| d.depth(p))? {
                // A parked case of a problem comes up with its problem.
                let alone = case.problem.is_none();
                if state == State::Parked && !(alone && case.review_on.is_some_and(|on| on <= soon)) {
                    continue;
                }
                items.push(AgendaItem {
                    reason,
                    about: About::Case(case.no),
                    title: case.text.chars().take(60).collect(),
                    at: case.due.map(|due| due.1),
                    case: Some(case),
                });
            }
        }
        let here = Scope { places: vec![place], ..Scope::default() };
        for row in tx.problems(&here, |p: PlaceId| d.depth(p), None)? {
            items.extend(self.problem_items(tx, &row, now, today)?);
        }
        items.sort_by_key(|i| (i.reason, i.at));
        Ok(items)
    }

    fn problem_items(
        &self,
        tx: &mut Tx<'_>,
        row: &ProblemRow,
        now: jiff::Timestamp,
        today: jiff::civil::Date,
    ) -> Result<Vec<AgendaItem>, AppError> {
        let soon = today.checked_add(BEFORE_REVIEW.days()).unwrap_or(today);
        let item = |reason, at| AgendaItem {
            reason,
            about: About::Problem(row.id),
            title: row.title.clone(),
            case: None,
            at,
        };
        if row.state == ProblemState::Parked {
            return Ok(row
                .review_on
                .filter(|on| *on <= soon)
                .map(|_| item(Reason::Review, None))
                .into_iter()
                .collect());
        }
        let late = row.next_due.filter(|due| *due < now);
        let disputed =
            tx.problem_parts(row.id)?.into_iter().find(|p| p.call_state() == Some(CallState::Disputed));
        Ok(match (disputed, late) {
            (Some(call), _) => vec![item(Reason::Disputed, call.due)],
            (None, Some(due)) => vec![item(Reason::Late, Some(due))],
            (None, None) => vec![],
        })
    }

    /// Opens a meeting of a precinct.
    ///
    /// # Errors
    /// Without the right, or without anybody present.
    pub async fn open_meeting(
        &self,
        who: &Who,
        place: PlaceId,
        present: Vec<String>,
    ) -> Result<MeetingId, AppError> {
        if !self.may_meet(who, place, Action::Plan) {
            return Err(AppError::NotAllowed);
        }
        let present: Vec<String> =
            present.into_iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect();
        if present.is_empty() {
            return Err(Invalid::field("present", "请写明参加的人或单位。", "Say who is present."));
        }
        let ctx = self.context(who.actor(None));
        self.store
            .write(move |tx| {
                let on = local_date(ctx.now);
                let event = MeetingEvent::Opened { place, on, present };
                let first = Recorded { seq: 1, at: ctx.now, actor: ctx.actor, event };
                Ok(tx.begin_meeting(place, on, &first)?)
            })
            .await
    }

    /// Decides about one item: carries it out and puts it into the minutes, both or neither.
    ///
    /// # Errors
    /// When the meeting is closed, the person may not decide, or the rules refuse the step.
    pub async fn decide_at_meeting(
        &self,
        who: &Who,
        id: MeetingId,
        text: String,
        decide: Decide,
    ) -> Result<(), AppError> {
        if text.trim().is_empty() {
            return Err(Invalid::field("text", "请写一句决定。", "Write the decision in a sentence."));
        }
        let (app, who) = (self.clone(), who.clone());
        let touched = self
            .store
            .write(move |tx| {
                let held = tx.hold_meeting(id)?.ok_or(AppError::NotFound)?;
                if !app.may_meet(&who, held.meeting.place, Action::Plan) {
                    return Err(AppError::NotAllowed);
                }
                if held.meeting.closed_at.is_some() {
                    return Err(Invalid::field("text", "片会已经结束。", "The meeting has ended."));
                }
                let ctx = app.context(who.actor(None));
                let (about, done, touched) = app.carry_decision(tx, &who, decide, &ctx)?;
                let event = MeetingEvent::Decided { about, text: crate::reading::mask(text.trim()), done };
                let seq = held.meeting.version + 1;
                tx.keep_meeting(held, &Recorded { seq, at: ctx.now, actor: ctx.actor, event })?;
                Ok(touched)
            })
            .await?;
        self.heed();
        for no in touched {
            self.tell(no);
        }
        Ok(())
    }

    fn carry_decision(
        &self,
        tx: &mut Tx<'_>,
        who: &Who,
        decide: Decide,
        ctx: &Context,
    ) -> Result<(About, Option<u32>, Vec<CaseNo>), AppError> {
        let dispatches =
            |c: &Case| may(&who.grants, Action::Dispatch, &Target { path: c.path, unit: c.unit });
        Ok(match decide {
            Decide::PutOff(about) => (about, None, vec![]),
            Decide::Case(no, step) => {
                let case = tx.case(no)?.filter(|c| dispatches(c)).ok_or(AppError::NotFound)?;
                if !may(&who.grants, step.name().needs(), &Target { path: case.path, unit: case.unit }) {
                    return Err(AppError::NotAllowed);
                }
                let touched = self.step(tx, (&case, None), step, None, ctx, dispatches)?;
                let done = tx.case(no)?.map(|c| c.version);
                (About::Case(no), done, touched)
            }
            Decide::Problem(id, command) => {
                let touched = self.plan_in(tx, who, id, command)?;
                let done = tx.problem_row(id)?.map(|(row, _)| row.version);
                (About::Problem(id), done, touched)
            }
            Decide::Open(no, title, cause) => {
                let why = cause.clone();
                let (_, touched) = self.open_with(tx, who, (title, cause, why), vec![no], ctx)?;
                let done = tx.case(no)?.map(|c| c.version);
                (About::Case(no), done, touched)
            }
        })
    }

    /// Ends a meeting.
    ///
    /// # Errors
    /// When it is closed already, or the person may not.
    pub async fn close_meeting(&self, who: &Who, id: MeetingId) -> Result<(), AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |tx| {
                let held = tx.hold_meeting(id)?.ok_or(AppError::NotFound)?;
                if !app.may_meet(&who, held.meeting.place, Action::Plan) {
                    return Err(AppError::NotAllowed);
                }
                if held.meeting.closed_at.is_some() {
                    return Ok(());
                }
                let ctx = app.context(who.actor(None));
                let seq = held.meeting.version + 1;
                let event = MeetingEvent::Closed {};
                tx.keep_meeting(held, &Recorded { seq, at: ctx.now, actor: ctx.actor, event })?;
                Ok(())
            })
            .await
    }
}
