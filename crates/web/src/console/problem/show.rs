//! From a problem to its page.

use super::forms::{Forms, day_text};
use crate::Web;
use crate::console::session::Staff;
use crate::times;
use crate::view::console::{
    ApplicationRow, Bar, CallRow, CaseInPlan, DutyRow, FigureRow, Flash, Frame, Level, Names, Nav,
    ProblemView, ResourceRow, TaskRow, Typed, WhistleRow, plan_history, rota, time_left,
};
use crate::view::resident::amounts;
use crate::words::Lang;
use app::ProblemPage;
use domain::access::{Action, Target, may};
use domain::cases::Case;
use domain::problems::{
    Application, ApplicationState, Attendance, Call, Problem, StandingDuty, Task, TaskState, Whistle,
};
use domain::{StaffId, UnitId};
use jiff::Timestamp;

/// What every row needs to be said in words.
struct Teller<'a> {
    t: Lang,
    now: Timestamp,
    unit: &'a dyn Fn(UnitId) -> String,
    page: &'a ProblemPage,
    forms: &'a Forms<'a>,
}

/// The page, plain or with a form given back.
pub(super) fn view(
    web: &Web,
    staff: &Staff,
    page: &ProblemPage,
    flash: Option<Flash>,
    typed: &Typed,
) -> ProblemView {
    let (d, now, t) = (web.app.directory(), web.app.now(), staff.visitor.lang);
    let unit = |id: UnitId| d.unit(id).map_or_else(|| format!("#{id}"), |u| t.pick(&u.zh, &u.en).clone());
    let person = |id: StaffId| d.staff_name(id).map_or_else(|| format!("#{id}"), str::to_owned);
    let p = &page.problem;
    let forms = Forms::new(web, staff, p, typed);
    let teller = Teller { t, now, unit: &unit, page, forms: &forms };
    let subject = domain::subjects::by_code(&p.subject).map(|s| t.pick(s.zh, s.en).to_owned());
    let mut facts: Vec<String> = subject.into_iter().collect();
    facts.extend(d.names(&p.path, t == Lang::Zh).pop());
    facts.push(t.problem_counts(p.cases.len(), p.voices()));
    facts.push(p.lead.map_or_else(|| t.problem_no_lead().to_owned(), |u| t.problem_lead(unit(u))));
    let proposals: Vec<(String, String, String)> = page
        .proposals
        .iter()
        .take(5)
        .map(|x| (x.unit.to_string(), unit(x.unit), t.pick(x.zh(), x.en())))
        .collect();
    let (map_svg, near) = web.map_of(p.path, t);
    let (bars, ends, today) = teller.chart();
    ProblemView {
        frame: Frame { flash, ..web.staff_frame(staff, Some(Nav::Problems)) },
        id: p.id.0,
        title: p.title.clone(),
        state: t.pick(p.state.zh(), p.state.en()).to_owned(),
        facts,
        cause: p.cause.clone(),
        promised: t.problem_promised(times::by(p.due, now, t)),
        next: p.next_due().map(|at| {
            let (left, level) = time_left(at, now, t);
            (t.problem_next(times::by(at, now, t)), left, level)
        }),
        outcome: p.settled_at.map(|_| (p.outcome.clone(), amounts(&p.quantities))),
        steps: forms.whole(p, &page.rights, &proposals),
        tasks: p.tasks.iter().map(|k| teller.task(k)).collect(),
        bars,
        ends,
        today,
        adding: forms.adding(p, &page.rights),
        applications: p.applications.iter().map(|a| teller.application(a)).collect(),
        duties: p.duties.iter().map(|x| teller.duty(x)).collect(),
        whistles: p.whistles.iter().map(|w| teller.whistle(w)).collect(),
        whistle: forms.whistle(p, &page.rights),
        resources: p
            .resources
            .iter()
            .map(|r| ResourceRow {
                kind: t.pick(r.kind.zh(), r.kind.en()).to_owned(),
                quantity: amounts(std::slice::from_ref(&r.quantity)).pop().unwrap_or_default(),
                unit: r.unit.map(unit).unwrap_or_default(),
                forms: forms.resource(r.id, &page.rights, p.state.is_open()),
            })
            .collect(),
        cases: teller.cases(staff),
        likely: page
            .likely
            .iter()
            .map(|(c, zh, en)| CaseInPlan {
                no: c.no,
                href: Some(format!("/console/cases/{}", c.no)),
                text: c.text.clone(),
                why: t.pick(zh, en).clone(),
                form: Some(forms.join(c.no, t.pick(zh, en))),
            })
            .collect(),
        figures: page
            .figures
            .iter()
            .map(|f| FigureRow {
                name: t.pick(f.name.zh(), f.name.en()).to_owned(),
                value: f.of.map_or_else(|| f.count.to_string(), |of| format!("{} / {of}", f.count)),
                events: f.events.clone(),
            })
            .collect(),
        units: teller.units(),
        earlier: page.earlier.iter().map(|e| (e.id.0, e.title.clone(), forms.draft(e.id.0))).collect(),
        map_svg,
        near,
        history: plan_history(p, &page.events, Names { now, lang: t, unit: &unit, staff: &person }),
    }
}

impl ProblemView {
    /// Whether a form on the page shows what is wrong with it.
    pub(super) fn shows_error(&self) -> bool {
        let all = self.steps.iter().chain(&self.adding).chain(&self.whistle);
        let parts = self
            .tasks
            .iter()
            .flat_map(|k| &k.forms)
            .chain(self.applications.iter().flat_map(|a| &a.forms))
            .chain(self.duties.iter().flat_map(|d| &d.forms))
            .chain(self.resources.iter().flat_map(|r| &r.forms))
            .chain(self.whistles.iter().flat_map(|w| w.calls.iter().flat_map(|c| &c.forms)))
            .chain(self.cases.iter().chain(&self.likely).filter_map(|c| c.form.as_ref()));
        all.chain(parts).any(|f| f.error.is_some() || f.inputs.iter().any(|i| i.error.is_some()))
    }
}

impl Teller<'_> {
    fn by(&self, at: Timestamp) -> (String, Level) {
        let (left, level) = time_left(at, self.now, self.t);
        (format!("{} {left}", times::by(at, self.now, self.t)), level)
    }

    fn problem(&self) -> &Problem {
        &self.page.problem
    }

    fn task(&self, k: &Task) -> TaskRow {
        let t = self.t;
        let (due, level) = if k.state.is_final() {
            (k.done_at.map(|at| times::when(at, self.now, t)).unwrap_or_default(), Level::Calm)
        } else {
            self.by(k.due)
        };
        TaskRow {
            id: k.id,
            what: k.what.clone(),
            unit: (self.unit)(k.unit),
            person: k.person.clone(),
            hours: t.task_hours(k.hours),
            due,
            level,
            after: k.after.iter().map(u32::to_string).collect::<Vec<_>>().join(t.pick("、", ", ")),
            state: t.pick(k.state.zh(), k.state.en()).to_owned(),
            slack: self.slack(k),
            note: k.note.clone(),
            amounts: amounts(&k.quantities),
            forms: self.forms.task(self.problem(), k, &self.page.rights),
        }
    }

    /// How much later a task may be without moving another or the end of the plan.
    fn slack(&self, k: &Task) -> String {
        if k.state.is_final() {
            return String::new();
        }
        match self.page.rooms.iter().find(|r| r.task == k.id).map(|r| r.float) {
            Some(0) => self.t.critical().to_owned(),
            Some(minutes) => self.t.slack(minutes / 60),
            None => String::new(),
        }
    }

    fn application(&self, a: &Application) -> ApplicationRow {
        let t = self.t;
        let list = |q: &[_]| amounts(q).join(t.pick("、", ", "));
        let mut facts = vec![];
        if !a.asked.is_empty() {
            facts.push(t.asked_for(list(&a.asked)));
        }
        if !a.granted.is_empty() {
            facts.push(t.granted_so_far(list(&a.granted)));
        }
        if !a.ground.is_empty() {
            facts.push(a.ground.clone());
        }
        let day = |at: Timestamp| day_text(at);
        ApplicationRow {
            unit: (self.unit)(a.unit),
            what: a.what.clone(),
            state: t.pick(a.state.zh(), a.state.en()).to_owned(),
            due: (a.state == ApplicationState::Asked).then(|| self.by(a.due)),
            facts,
            documents: a.documents.iter().map(|(at, name)| format!("{} {name}", day(*at))).collect(),
            forms: self.forms.application(a, &self.page.rights),
        }
    }

    fn duty(&self, d: &StandingDuty) -> DutyRow {
        let t = self.t;
        let kept = d.days.iter().filter(|x| x.1 == Attendance::Kept).count();
        let mut span = t.duty_until(d.rota.begins, d.rota.until);
        if let Some(on) = d.ended_on {
            span += t.pick("，", ", ");
            span += &t.duty_ended(on);
        }
        DutyRow {
            unit: (self.unit)(d.unit),
            what: d.what.clone(),
            when: rota(&d.rota, t),
            span,
            record: t.duty_record(kept, d.days.len()),
            days: d
                .days
                .iter()
                .rev()
                .map(|(day, how, note)| {
                    (self.forms.day_name(*day), t.pick(how.zh(), how.en()).to_owned(), note.clone())
                })
                .collect(),
            forms: self.forms.duty(d, &self.page.rights),
        }
    }

    fn whistle(&self, w: &Whistle) -> WhistleRow {
        WhistleRow {
            what: w.what.clone(),
            tried: w.tried.clone(),
            when: times::when(w.at, self.now, self.t),
            calls: w.calls.iter().map(|c| self.call(w.id, c)).collect(),
        }
    }

    fn call(&self, whistle: u32, c: &Call) -> CallRow {
        let (t, now) = (self.t, self.now);
        let mut facts = vec![];
        match c.mustered_at {
            Some(at) => facts.push(t.call_mustered(&c.person, times::when(at, now, t))),
            None if !c.state.is_final() => {
                if c.answered_at.is_none() {
                    facts.push(t.call_answer_by(times::by(c.answer_due, now, t)));
                }
                facts.push(t.call_muster_by(times::by(c.muster_due, now, t)));
            }
            None => {}
        }
        if !c.ground.is_empty() {
            facts.push(c.ground.clone());
        }
        if c.climbed > 0 {
            facts.push(t.call_climbed(c.climbed));
        }
        if c.needless {
            facts.push(t.call_needless().to_owned());
        }
        CallRow {
            unit: (self.unit)(c.unit),
            state: t.pick(c.state.zh(), c.state.en()).to_owned(),
            due: c.due.map(|at| self.by(at)),
            facts,
            record: c.record.clone(),
            amounts: amounts(&c.quantities),
            forms: self.forms.call(whistle, c, &self.page.rights),
        }
    }

    fn cases(&self, staff: &Staff) -> Vec<CaseInPlan> {
        let t = self.t;
        let p = self.problem();
        let sees = |c: &Case| may(&staff.who.grants, Action::SeeCase, &Target { path: c.path, unit: c.unit });
        let joined = |c: &&Case| p.cases.iter().any(|j| j.case == c.no);
        let open = self.page.rights.plan && p.state.is_open() && p.cases.len() > 1;
        self.page
            .cases
            .iter()
            .filter(joined)
            .map(|c| CaseInPlan {
                no: c.no,
                href: sees(c).then(|| format!("/console/cases/{}", c.no)),
                text: c.text.clone(),
                why: format!(
                    "{} · {} · {}",
                    t.pick(c.state.zh(), c.state.en()),
                    t.voices_short(c.voices),
                    times::when(c.reported_at, self.now, t)
                ),
                form: open.then(|| self.forms.leave(c.no)),
            })
            .collect()
    }

    /// Each unit with what it has in the plan.
    fn units(&self) -> Vec<(String, String)> {
        let (t, p) = (self.t, self.problem());
        p.units()
            .into_iter()
            .map(|u| {
                let tasks = p.tasks.iter().filter(|k| k.unit == u && k.state != TaskState::Dropped).count();
                let asked = p.applications.iter().filter(|a| a.unit == u).count();
                let duties = p.duties.iter().filter(|d| d.unit == u).count();
                let calls = p.whistles.iter().flat_map(|w| &w.calls).filter(|c| c.unit == u).count();
                let mut parts: Vec<String> = vec![];
                if p.lead == Some(u) {
                    parts.push(t.part_lead().to_owned());
                }
                for (n, name) in [
                    (tasks, t.part_task()),
                    (asked, t.part_application()),
                    (duties, t.part_duty()),
                    (calls, t.part_call()),
                ] {
                    if n > 0 {
                        parts.push(format!("{name} {n}"));
                    }
                }
                ((self.unit)(u), parts.join(" · "))
            })
            .collect()
    }

    /// The tasks and duties as bars between the first day and the last.
    fn chart(&self) -> (Vec<Bar>, (String, String), Option<u32>) {
        let p = self.problem();
        let shown: Vec<&Task> = p.tasks.iter().filter(|k| k.state != TaskState::Dropped).collect();
        let begins = |k: &Task| {
            let before = k.after.iter().filter_map(|a| p.task(*a)).map(|b| b.done_at.unwrap_or(b.due)).max();
            let start = k.begun_at.or(before).unwrap_or(p.opened_at);
            start.min(k.due)
        };
        let noon = |day: jiff::civil::Date| {
            jiff::tz::Offset::constant(8).to_timestamp(day.at(12, 0, 0, 0)).unwrap_or(p.opened_at)
        };
        let first = p.opened_at;
        let last = shown
            .iter()
            .map(|k| k.done_at.unwrap_or(k.due).max(k.due))
            .chain(p.duties.iter().map(|d| noon(d.rota.until).min(p.due)))
            .chain([p.due])
            .max()
            .unwrap_or(p.due);
        if shown.is_empty() && p.duties.is_empty() || last <= first {
            return (vec![], (String::new(), String::new()), None);
        }
        let whole = last.duration_since(first).as_secs().max(1);
        let x = |at: Timestamp| {
            let secs = at.duration_since(first).as_secs().clamp(0, whole);
            u32::try_from(secs * 1_000 / whole).unwrap_or(0)
        };
        let mut bars = vec![];
        let mut bar = |from: Timestamp, to: Timestamp, class, label: String| {
            let y = u32::try_from(bars.len()).unwrap_or(0) * 24 + 3;
            bars.push(Bar { x: x(from), width: x(to).saturating_sub(x(from)).max(4), y, class, label });
        };
        for k in shown {
            let critical = self.page.rooms.iter().any(|r| r.task == k.id && r.float == 0);
            let class = match k.state {
                TaskState::Done => "done",
                _ if k.due < self.now => "late",
                _ if critical => "critical",
                _ => "plain",
            };
            bar(begins(k), k.done_at.unwrap_or(k.due), class, format!("{}. {}", k.id, k.what));
        }
        for d in &p.duties {
            bar(noon(d.rota.begins), noon(d.ended_on.unwrap_or(d.rota.until)), "duty", d.what.clone());
        }
        let today = (first..last).contains(&self.now).then(|| x(self.now));
        (bars, (day_text(first), day_text(last)), today)
    }
}
