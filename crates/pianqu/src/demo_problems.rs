//! Problems of the demo district: one that was settled, one whose plan runs and whose whistle waits for an answer,
//! one that has no plan yet. Made by the same steps that people take, on days that have passed.

use crate::failure::Failure;
use crate::open;
use app::{App, Filter, Keys, StoppedClock, Who};
use demo::District;
use domain::cases::{Quantity, Solved};
use domain::problems::{Attendance, Command, Days, NewTask, Rota};
use domain::territory::Part;
use domain::{CaseNo, PlaceId, ProblemId, UnitId};
use jiff::civil::time;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::sync::Arc;

const GREENING: UnitId = UnitId(20_002);
const COMMISSION: UnitId = UnitId(20_003);
const POLICE: UnitId = UnitId(20_007);
const OPERATORS: UnitId = UnitId(25_004);
/// How many cases of one subject make a problem here.
const CASES: usize = 3;

struct Stage {
    app: App,
    clock: Arc<StoppedClock>,
    runtime: tokio::runtime::Runtime,
    who: Who,
    now: Timestamp,
}

/// Makes the demo's problems in the precinct of its people.
pub(crate) fn make(district: &District, keys: Keys, data: &str, now: Timestamp) -> Result<(), Failure> {
    let clock = Arc::new(StoppedClock::at(now));
    let app = open::app_at(open::store(data)?, keys, clock.clone())?;
    let coordinator = district.staff.iter().find(|s| s.login == "coordinator");
    let coordinator = coordinator.ok_or_else(|| Failure("the demo has no coordinator".into()))?;
    let place = coordinator.grants.first().and_then(|g| g.place);
    let place = place.ok_or_else(|| Failure("the demo's coordinator has no precinct".into()))?;
    let who = Who {
        staff: coordinator.id,
        name: coordinator.name.clone(),
        grants: coordinator.grants.clone(),
        session: [0; 32],
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let stage = Stage { app, clock, runtime, who, now };
    let mut groups = stage.groups(place)?;
    // What several units settle more often than one comes first, whatever the day the demo is made: the
    // tasks below speak of bicycles and of what stands in the street.
    let shared = ["shared_bikes", "parking", "roads", "waste", "greening", "noise"];
    let often = |s: &str| shared.iter().position(|x| *x == s).unwrap_or(shared.len());
    groups.sort_by_key(|g| (often(&g.0), std::cmp::Reverse(g.1.len())));
    let section = stage.section(place)?;
    let mut groups = groups.into_iter();
    if let Some((subject, cases)) = groups.next() {
        stage.running(&subject, cases, section)?;
    }
    if let Some((subject, cases)) = groups.next() {
        stage.settled(&subject, cases, section)?;
    }
    if let Some((subject, cases)) = groups.next() {
        stage.open(&subject, cases, 1)?;
    }
    Ok(())
}

fn amount(n: &str, what: &str) -> Vec<Quantity> {
    vec![Quantity { amount: n.into(), what: what.into() }]
}

impl Stage {
    fn days_ago(&self, days: i64) -> Timestamp {
        self.now - SignedDuration::from_hours(24 * days)
    }

    /// The end of the working time of a day that comes, or came.
    fn in_days(&self, days: i64) -> Timestamp {
        let day = domain::cases::local_date(self.now + SignedDuration::from_hours(24 * days));
        self.app.rules().closing(day)
    }

    /// Open cases of the precinct that nobody touched for two weeks, by subject.
    fn groups(&self, place: PlaceId) -> Result<Vec<(String, Vec<CaseNo>)>, Failure> {
        let d = self.app.directory();
        let filter = Filter {
            place: Some((d.depth(place), place)),
            open: true,
            limit: 400,
            ..Filter::of(domain::access::Scope::default())
        };
        let page = self.runtime.block_on(self.app.list(&self.who, filter))?;
        let mut groups: Vec<(String, Vec<CaseNo>)> = vec![];
        for case in page.cases.into_iter().filter(domain::cases::Case::may_join) {
            let no = case.no;
            let last = self.app.store().read(move |tx| tx.case_events(no)).wait()?.last().map(|e| e.at);
            if last.is_none_or(|at| at >= self.days_ago(14)) {
                continue;
            }
            match groups.iter_mut().find(|g| g.0 == case.subject) {
                Some(g) if g.1.len() < CASES => g.1.push(no),
                Some(_) => {}
                None => groups.push((case.subject, vec![no])),
            }
        }
        Ok(groups)
    }

    /// The section that keeps streets in order in the sub-district of a precinct.
    fn section(&self, place: PlaceId) -> Result<UnitId, Failure> {
        let d = self.app.directory();
        let sub = d.part(&d.path(place), Part::Leader);
        let duties = d.duties("shared_bikes");
        let here = duties.iter().filter_map(|x| d.unit(x.unit)).find(|u| u.place.is_some() && u.place == sub);
        here.map(|u| u.id).ok_or_else(|| Failure("the demo's sub-district keeps no streets".into()))
    }

    fn step(&self, id: ProblemId, command: Command) -> Result<(), Failure> {
        let mut who = self.who.clone();
        // A called unit speaks for itself: its officer takes the step.
        let of = match &command {
            Command::TakeCall { unit, .. }
            | Command::Muster { unit, .. }
            | Command::ReportCall { unit, .. } => Some(*unit),
            _ => None,
        };
        if let Some(unit) = of {
            let d = self.app.directory();
            let officer = d.people().into_iter().find(|p| d.grants(*p).iter().any(|g| g.unit == Some(unit)));
            let officer = officer.ok_or_else(|| Failure(format!("nobody works for unit {unit}")))?;
            who = Who { staff: officer, grants: d.grants(officer).to_vec(), ..who };
        }
        Ok(self.runtime.block_on(self.app.plan(&who, id, command))?)
    }

    fn open(&self, subject: &str, cases: Vec<CaseNo>, days: i64) -> Result<ProblemId, Failure> {
        self.clock.set(self.days_ago(days));
        let name = domain::subjects::by_code(subject).map_or("", |s| s.zh);
        let (title, cause) =
            (format!("{name}：同一处反复反映"), "一处原因，多人反映，单靠一家办不了".to_owned());
        let why = "同一事项，地点相近".to_owned();
        Ok(self.runtime.block_on(self.app.open_problem(&self.who, title, cause, cases, why))?)
    }

    fn task(&self, what: &str, unit: UnitId, due: i64, after: &[u32]) -> Command {
        Command::AddTask(NewTask {
            what: what.into(),
            unit,
            person: String::new(),
            hours: 16,
            not_before: None,
            due: self.in_days(due),
            after: after.into(),
        })
    }

    fn settled(&self, subject: &str, cases: Vec<CaseNo>, section: UnitId) -> Result<(), Failure> {
        let id = self.open(subject, cases, 12)?;
        let lead = Command::ChooseLead { unit: section, off_list: false, why: "职责清单在列".into() };
        self.step(id, lead)?;
        self.step(id, self.task("现场核实并整改", section, -6, &[]))?;
        self.step(id, self.task("回看并告知居民", section, -3, &[1]))?;
        self.step(id, Command::Approve { due: self.in_days(-2) })?;
        self.clock.set(self.days_ago(7));
        let done = |task, note: &str, quantities| Command::FinishTask { task, note: note.into(), quantities };
        self.step(id, done(1, "已整改", amount("3", "处整改")))?;
        self.clock.set(self.days_ago(3));
        self.step(id, done(2, "已逐户告知", vec![]))?;
        self.step(id, Command::Settle { outcome: "三处都已整改，请您看看".into(), solved: Solved::Yes })
    }

    fn running(&self, subject: &str, cases: Vec<CaseNo>, section: UnitId) -> Result<(), Failure> {
        let id = self.open(subject, cases, 9)?;
        let lead =
            Command::ChooseLead { unit: section, off_list: false, why: "职能就近、方便处置".into() };
        self.step(id, lead)?;
        self.step(id, self.task("现场踏勘，画出方案图", section, -2, &[]))?;
        self.step(id, self.task("移走占路花箱", section, 6, &[1]))?;
        self.step(id, self.task("划线，装停车架", section, 9, &[2]))?;
        self.step(id, self.task("清理无主单车", section, 5, &[]))?;
        for (unit, what, quantities, due) in [
            (GREENING, "移走占路花箱", amount("12", "个花箱"), 4),
            (COMMISSION, "增设骑手车位", amount("3", "个车位"), 4),
        ] {
            let document = "片区函〔2026〕1号".into();
            self.step(
                id,
                Command::Apply { unit, what: what.into(), quantities, document, due: self.in_days(due) },
            )?;
        }
        let today = domain::cases::local_date(self.now);
        let rota = Rota {
            days: Days::Every,
            weekdays: vec![],
            from: time(17, 0, 0, 0),
            to: time(19, 0, 0, 0),
            begins: today.checked_sub(5.days()).unwrap_or(today),
            until: today.checked_add(30.days()).unwrap_or(today),
        };
        let begins = rota.begins;
        self.step(id, Command::SetDuty { unit: POLICE, what: "晚高峰疏导".into(), rota })?;
        self.step(id, Command::Approve { due: self.in_days(12) })?;
        self.clock.set(self.days_ago(4));
        let part = Command::GrantInPart {
            application: 1,
            quantities: amount("8", "个花箱"),
            document: "绿容复〔2026〕3号".into(),
            ground: "其余四个在花期".into(),
        };
        self.step(id, part)?;
        self.step(id, Command::BeginTask { task: 1, person: "姚工".into() })?;
        let kept =
            Command::AttendDuty { duty: 1, day: begins, attendance: Attendance::Kept, note: String::new() };
        self.step(id, kept)?;
        self.clock.set(self.days_ago(2));
        let done = "方案图已画好".into();
        self.step(id, Command::FinishTask { task: 1, note: done, quantities: vec![] })?;
        self.clock.set(self.now - SignedDuration::from_hours(4));
        let whistle = Command::Whistle {
            units: vec![POLICE, OPERATORS],
            what: "早晚高峰疏导，每天清运两次".into(),
            tried: "街道两次函请，电话联系三次".into(),
            muster_due: self.in_days(3),
        };
        self.step(id, whistle)?;
        self.clock.set(self.now - SignedDuration::from_hours(3));
        self.step(id, Command::TakeCall { whistle: 1, unit: POLICE, note: "明天到".into() })
    }
}
