//! Problems as rows: loading, keeping, listing. The whole of a problem is folded from its events; the rows hold
//! what lists ask for, and nothing that the events do not say.

use crate::cases::{date_of, day_number};
use crate::events::{GENESIS, Hash, Subject, read_hash};
use crate::sql::Row;
use crate::{StoreError, Tx, args};
use domain::access::Scope;
use domain::problems::{CallState, Problem, ProblemEvent, ProblemState, Recorded, apply, rebuild};
use domain::territory::Path;
use domain::{PlaceId, ProblemId, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;

macro_rules! columns {
    () => {
        "id, p1, p2, p3, p4, title, subject, state, lead, opened_at, due, next_due, cases, voices, settled_at, \
         closed_at, review_on, version"
    };
}

macro_rules! part_columns {
    () => {
        "problem, kind, part, unit, what, state, due, begun_at, answer_due, answered_at, muster_due, \
         mustered_at, climbed, needless"
    };
}

crate::statements! {
    /// A new problem; the store gives the number.
    INSERT = "INSERT INTO problem (title, subject, state, opened_at, due, cases, voices, version, head) \
        VALUES ('', '', 'open', 0, 0, 0, 0, 0, ?1) RETURNING id";
    /// The row after a step.
    UPDATE = "UPDATE problem SET p1 = ?1, p2 = ?2, p3 = ?3, p4 = ?4, title = ?5, subject = ?6, state = ?7, \
        lead = ?8, opened_at = ?9, due = ?10, next_due = ?11, cases = ?12, voices = ?13, settled_at = ?14, \
        closed_at = ?15, review_on = ?16, version = ?17, head = ?18 WHERE id = ?19";
    /// The head of a problem's chain, locked until this transaction ends.
    HOLD = "SELECT head FROM problem WHERE id = ?1 /*lock*/";
    /// One row.
    ROW = concat!("SELECT ", columns!(), ", head FROM problem WHERE id = ?1");
    /// All numbers after one, for verification.
    NUMBERS = "SELECT id FROM problem WHERE id > ?1 ORDER BY id LIMIT 1000";
    /// What a unit has in a problem.
    INSERT_PART = concat!("INSERT INTO problem_part (", part_columns!(), ") \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    /// It changed, or is gone.
    DELETE_PART = "DELETE FROM problem_part WHERE problem = ?1 AND kind = ?2 AND part = ?3 AND unit = ?4";
    /// Everything in a problem.
    PARTS = concat!("SELECT ", part_columns!(), " FROM problem_part WHERE problem = ?1 ORDER BY kind, part, unit");
    /// What a unit has to do in open problems, most pressing first.
    PARTS_OF_UNIT = concat!("SELECT ", part_columns!(), " FROM problem_part WHERE unit = ?1 \
        AND EXISTS (SELECT 1 FROM problem WHERE problem.id = problem_part.problem \
        AND problem.state IN ('open', 'planning', 'running')) \
        ORDER BY CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, problem, kind, part LIMIT 200");
    /// Every call of a unit, newest first: its record.
    CALLS_OF_UNIT = concat!("SELECT ", part_columns!(), " FROM problem_part WHERE unit = ?1 AND kind = 'call' \
        ORDER BY begun_at DESC, problem DESC, part DESC LIMIT 200");
    /// Whether a unit has a part in a problem.
    HAS_PART = "SELECT 1 FROM problem_part WHERE problem = ?1 AND unit = ?2 LIMIT 1";
}

/// A problem's row: what lists show of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemRow {
    /// Its number.
    pub id: ProblemId,
    /// Where it lies.
    pub path: Path,
    /// In a few words.
    pub title: String,
    /// What it is about.
    pub subject: String,
    /// Where it stands.
    pub state: ProblemState,
    /// The unit that is responsible for the whole.
    pub lead: Option<UnitId>,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it should be settled.
    pub due: Timestamp,
    /// What comes next, by when.
    pub next_due: Option<Timestamp>,
    /// How many cases belong to it.
    pub cases: u32,
    /// How many people spoke.
    pub voices: u32,
    /// When residents were told.
    pub settled_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// When a parked one is looked at again.
    pub review_on: Option<Date>,
    /// How many events it has.
    pub version: u32,
}

impl ProblemRow {
    /// The row that a problem leads to.
    pub fn of(p: &Problem) -> ProblemRow {
        ProblemRow {
            id: p.id,
            path: p.path,
            title: p.title.clone(),
            subject: p.subject.clone(),
            state: p.state,
            lead: p.lead,
            opened_at: p.opened_at,
            due: p.due,
            next_due: p.next_due(),
            cases: u32::try_from(p.cases.len()).unwrap_or(u32::MAX),
            voices: p.voices(),
            settled_at: p.settled_at,
            closed_at: p.closed_at,
            review_on: p.review_on,
            version: p.version,
        }
    }
}

/// What a unit has in a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// In which problem.
    pub problem: ProblemId,
    /// `lead`, `task`, `application`, `duty` or `call`.
    pub kind: String,
    /// Its number among those of its kind.
    pub part: u32,
    /// Whose.
    pub unit: UnitId,
    /// In words.
    pub what: String,
    /// Where it stands: the key of the state of its kind.
    pub state: String,
    /// By when something must happen.
    pub due: Option<Timestamp>,
    /// Since when it is the unit's.
    pub begun_at: Timestamp,
    /// Calls: when it must have answered.
    pub answer_due: Option<Timestamp>,
    /// Calls: when it did.
    pub answered_at: Option<Timestamp>,
    /// Calls: when it must have reported for duty.
    pub muster_due: Option<Timestamp>,
    /// Calls: when it did.
    pub mustered_at: Option<Timestamp>,
    /// Calls: how many levels it climbed.
    pub climbed: u32,
    /// Calls: whether it was called without need.
    pub needless: bool,
}

impl Part {
    fn plain(p: &Problem, kind: &str, part: u32, unit: UnitId, what: &str, state: &str) -> Part {
        Part {
            problem: p.id,
            kind: kind.to_owned(),
            part,
            unit,
            what: what.to_owned(),
            state: state.to_owned(),
            due: None,
            begun_at: p.opened_at,
            answer_due: None,
            answered_at: None,
            muster_due: None,
            mustered_at: None,
            climbed: 0,
            needless: false,
        }
    }

    /// Everything that units have in a problem.
    pub fn all_of(p: &Problem) -> Vec<Part> {
        let mut all = vec![];
        all.extend(p.lead.map(|unit| Part::plain(p, "lead", 0, unit, &p.title, p.state.key())));
        all.extend(p.tasks.iter().map(|t| Part {
            due: (!t.state.is_final()).then_some(t.due),
            ..Part::plain(p, "task", t.id, t.unit, &t.what, t.state.key())
        }));
        all.extend(p.applications.iter().map(|a| Part {
            due: (a.state == domain::problems::ApplicationState::Asked).then_some(a.due),
            begun_at: a.asked_at,
            ..Part::plain(p, "application", a.id, a.unit, &a.what, a.state.key())
        }));
        all.extend(p.duties.iter().map(|d| {
            let state = if d.ended_on.is_some() { "ended" } else { "running" };
            Part::plain(p, "duty", d.id, d.unit, &d.what, state)
        }));
        for w in &p.whistles {
            all.extend(w.calls.iter().map(|c| Part {
                due: c.due,
                begun_at: w.at,
                answer_due: Some(c.answer_due),
                answered_at: c.answered_at,
                muster_due: Some(c.muster_due),
                mustered_at: c.mustered_at,
                climbed: c.climbed,
                needless: c.needless,
                ..Part::plain(p, "call", w.id, c.unit, &w.what, c.state.key())
            }));
        }
        all.sort_by(|a, b| (&a.kind, a.part, a.unit).cmp(&(&b.kind, b.part, b.unit)));
        all
    }

    /// The state of a call.
    pub fn call_state(&self) -> Option<CallState> {
        CallState::from_key(&self.state).filter(|_| self.kind == "call")
    }
}

/// A problem with the head of its chain, locked for change.
#[derive(Debug, Clone)]
pub struct HeldProblem {
    /// The problem as it stands.
    pub problem: Problem,
    /// The hash of its last event.
    pub head: Hash,
}

fn read(r: &Row<'_>) -> Result<ProblemRow, StoreError> {
    let place = |i| r.opt_int(i).map(|p| p.map(PlaceId));
    Ok(ProblemRow {
        id: ProblemId(r.int(0)?),
        path: Path([place(1)?, place(2)?, place(3)?, place(4)?]),
        title: r.text(5)?,
        subject: r.text(6)?,
        state: r.named(7, ProblemState::from_key)?,
        lead: r.opt_int(8)?.map(UnitId),
        opened_at: r.time(9)?,
        due: r.time(10)?,
        next_due: r.opt_time(11)?,
        cases: r.count(12)?,
        voices: r.count(13)?,
        settled_at: r.opt_time(14)?,
        closed_at: r.opt_time(15)?,
        review_on: r.opt_int(16)?.map(date_of).transpose()?,
        version: r.count(17)?,
    })
}

fn read_part(r: &Row<'_>) -> Result<Part, StoreError> {
    Ok(Part {
        problem: ProblemId(r.int(0)?),
        kind: r.text(1)?,
        part: r.count(2)?,
        unit: UnitId(r.int(3)?),
        what: r.text(4)?,
        state: r.text(5)?,
        due: r.opt_time(6)?,
        begun_at: r.time(7)?,
        answer_due: r.opt_time(8)?,
        answered_at: r.opt_time(9)?,
        muster_due: r.opt_time(10)?,
        mustered_at: r.opt_time(11)?,
        climbed: r.count(12)?,
        needless: r.int(13)? != 0,
    })
}

/// The JSON of an event, as it is chained.
fn event_json(event: &ProblemEvent) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|e| StoreError::Unreadable(e.to_string()))
}

impl Tx<'_> {
    /// A number for a problem that is about to be opened; its row is empty until [`Tx::begin_problem`].
    pub fn new_problem(&mut self) -> Result<ProblemId, StoreError> {
        self.one(INSERT, args![&GENESIS], |r| r.int(0))?
            .map(ProblemId)
            .ok_or_else(|| StoreError::Unreadable("a new problem has no number".into()))
    }

    /// Writes the first event of a problem and its row.
    pub fn begin_problem(&mut self, problem: Problem, first: &Recorded) -> Result<HeldProblem, StoreError> {
        let subject = Subject::Problem(problem.id.0);
        let head =
            self.append(subject, first.seq, first.at, first.actor, &event_json(&first.event)?, &GENESIS)?;
        self.write_problem(&problem, &head)?;
        self.write_parts(&[], &Part::all_of(&problem))?;
        Ok(HeldProblem { problem, head })
    }

    /// The events of a problem, oldest first.
    pub fn problem_events(&mut self, id: ProblemId) -> Result<Vec<Recorded>, StoreError> {
        self.history(Subject::Problem(id.0))?
            .into_iter()
            .map(|s| {
                let event = serde_json::from_str(&s.body)
                    .map_err(|e| StoreError::Unreadable(format!("event {} of problem {id}: {e}", s.seq)))?;
                Ok(Recorded { seq: s.seq, at: s.at, actor: s.actor, event })
            })
            .collect()
    }

    /// A problem as its events have it; `None` if there is none.
    pub fn problem(&mut self, id: ProblemId) -> Result<Option<Problem>, StoreError> {
        Ok(rebuild(id, &self.problem_events(id)?))
    }

    /// A problem, locked until this transaction ends, to be changed.
    pub fn hold_problem(&mut self, id: ProblemId) -> Result<Option<HeldProblem>, StoreError> {
        let Some(head) = self.one(HOLD, args![id], |r| read_hash(&r.blob(0)?))? else { return Ok(None) };
        Ok(self.problem(id)?.map(|problem| HeldProblem { problem, head }))
    }

    /// Appends the events of a decision and writes the rows after them.
    pub fn keep_problem(
        &mut self,
        held: HeldProblem,
        events: &[Recorded],
    ) -> Result<HeldProblem, StoreError> {
        let HeldProblem { mut problem, mut head } = held;
        let before = Part::all_of(&problem);
        for e in events {
            let subject = Subject::Problem(problem.id.0);
            head = self.append(subject, e.seq, e.at, e.actor, &event_json(&e.event)?, &head)?;
            problem = apply(problem, e);
        }
        self.write_problem(&problem, &head)?;
        self.write_parts(&before, &Part::all_of(&problem))?;
        Ok(HeldProblem { problem, head })
    }

    fn write_problem(&mut self, problem: &Problem, head: &Hash) -> Result<(), StoreError> {
        let row = ProblemRow::of(problem);
        let [p1, p2, p3, p4] = row.path.0;
        self.run(
            UPDATE,
            args![
                p1,
                p2,
                p3,
                p4,
                &row.title,
                &row.subject,
                row.state.key(),
                row.lead,
                row.opened_at,
                row.due,
                row.next_due,
                row.cases,
                row.voices,
                row.settled_at,
                row.closed_at,
                row.review_on.map(day_number),
                row.version,
                head,
                row.id,
            ],
        )?;
        Ok(())
    }

    /// Writes only what changed: a plan of two hundred tasks does not rewrite them all at every step.
    fn write_parts(&mut self, before: &[Part], after: &[Part]) -> Result<(), StoreError> {
        for old in before.iter().filter(|p| !after.contains(p)) {
            self.run(DELETE_PART, args![old.problem, &old.kind, old.part, old.unit])?;
        }
        for new in after.iter().filter(|p| !before.contains(p)) {
            self.run(
                INSERT_PART,
                args![
                    new.problem,
                    &new.kind,
                    new.part,
                    new.unit,
                    &new.what,
                    &new.state,
                    new.due,
                    new.begun_at,
                    new.answer_due,
                    new.answered_at,
                    new.muster_due,
                    new.mustered_at,
                    new.climbed,
                    u32::from(new.needless),
                ],
            )?;
        }
        Ok(())
    }

    /// The row of a problem and what it says is the hash of its last event.
    pub fn problem_row(&mut self, id: ProblemId) -> Result<Option<(ProblemRow, Hash)>, StoreError> {
        self.one(ROW, args![id], |r| Ok((read(r)?, read_hash(&r.blob(18)?)?)))
    }

    /// The next thousand numbers after one.
    pub fn problem_numbers(&mut self, after: ProblemId) -> Result<Vec<ProblemId>, StoreError> {
        self.all(NUMBERS, args![after], |r| r.int(0).map(ProblemId))
    }

    /// Everything that units have in a problem, as the rows have it.
    pub fn problem_parts(&mut self, id: ProblemId) -> Result<Vec<Part>, StoreError> {
        self.all(PARTS, args![id], read_part)
    }

    /// What a unit has in open problems, most pressing first.
    pub fn parts_of_unit(&mut self, unit: UnitId) -> Result<Vec<Part>, StoreError> {
        self.all(PARTS_OF_UNIT, args![unit], read_part)
    }

    /// Every call of a unit, newest first, two hundred at most.
    pub fn calls_of_unit(&mut self, unit: UnitId) -> Result<Vec<Part>, StoreError> {
        self.all(CALLS_OF_UNIT, args![unit], read_part)
    }

    /// Whether a unit has a part in a problem.
    pub fn has_part(&mut self, problem: ProblemId, unit: UnitId) -> Result<bool, StoreError> {
        Ok(self.one(HAS_PART, args![problem, unit], |_| Ok(()))?.is_some())
    }

    /// Problems in a scope: what lies in its places, and what its units have a part in. Open ones first, by
    /// what comes next; then the newest, two hundred at most.
    pub fn problems(
        &mut self,
        scope: &Scope,
        depth: impl Fn(PlaceId) -> usize,
        state: Option<ProblemState>,
    ) -> Result<Vec<ProblemRow>, StoreError> {
        let mut args: Vec<crate::Arg<'_>> = vec![];
        let mut any: Vec<String> = vec![];
        if scope.all {
            any.push("1 = 1".into());
        }
        for place in &scope.places {
            args.push((*place).into());
            any.push(format!("p{} = ?{}", depth(*place).clamp(1, 4), args.len()));
        }
        for unit in &scope.units {
            args.push((*unit).into());
            any.push(format!("id IN (SELECT problem FROM problem_part WHERE unit = ?{})", args.len()));
        }
        if any.is_empty() {
            return Ok(vec![]);
        }
        let state = state.map_or(String::new(), |s| {
            args.push(s.key().into());
            format!(" AND state = ?{}", args.len())
        });
        let sql = format!(
            concat!(
                "SELECT ",
                columns!(),
                " FROM problem WHERE ({}){} ORDER BY CASE WHEN next_due IS NULL THEN 1 ELSE 0 END, next_due, \
                 id DESC LIMIT 200"
            ),
            any.join(" OR "),
            state
        );
        self.all(&sql, &args, read)
    }

    /// The calls that the whistles of a scope's places made, newest first: the caller's record.
    pub fn calls_made(
        &mut self,
        scope: &Scope,
        depth: impl Fn(PlaceId) -> usize,
    ) -> Result<Vec<Part>, StoreError> {
        let mut args: Vec<crate::Arg<'_>> = vec![];
        let mut any: Vec<String> = vec![];
        if scope.all {
            any.push("1 = 1".into());
        }
        for place in &scope.places {
            args.push((*place).into());
            any.push(format!("p{} = ?{}", depth(*place).clamp(1, 4), args.len()));
        }
        if any.is_empty() {
            return Ok(vec![]);
        }
        let sql = format!(
            concat!(
                "SELECT ",
                part_columns!(),
                " FROM problem_part WHERE kind = 'call' AND problem IN (SELECT id FROM problem WHERE {}) \
                 ORDER BY begun_at DESC, problem DESC, part DESC, unit LIMIT 500"
            ),
            any.join(" OR ")
        );
        self.all(&sql, &args, read_part)
    }
}
