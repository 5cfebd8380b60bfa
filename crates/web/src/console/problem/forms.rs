//! The forms of a problem's page: which steps are offered, and what each asks.

use crate::Web;
use crate::console::session::Staff;
use crate::times;
use crate::view::console::{Choice, Input, Sort, StepForm, Typed};
use crate::words::Lang;
use app::PlanRights;
use domain::UnitId;
use domain::cases::{Quantity, Solved, local_date};
use domain::problems::{
    Application, ApplicationStep, Attendance, Call, CallStep, Days, Problem, ProblemState, ProblemStep,
    ResourceKind, StandingDuty, Task, TaskStep,
};
use domain::territory::Path;
use jiff::{Timestamp, ToSpan};

/// What all forms of a page share.
pub(crate) struct Forms<'a> {
    pub(crate) t: Lang,
    pub(crate) id: i64,
    pub(crate) today: jiff::civil::Date,
    pub(crate) units: Vec<Choice>,
    pub(crate) typed: &'a Typed,
}

/// The units that could take part in what lies in a place: those that serve it or the whole district.
pub(crate) fn units_near(web: &Web, path: Path, t: Lang) -> Vec<Choice> {
    let d = web.app.directory();
    d.units()
        .into_iter()
        .filter(|u| {
            u.place.is_none_or(|p| {
                path.lies_in(p) || d.path(p).0.iter().zip(&path.0).all(|(a, b)| b.is_none() || a == b)
            })
        })
        .map(|u| Choice::new(u.id.to_string(), t.pick(&u.zh, &u.en).clone(), ""))
        .collect()
}

pub(crate) fn day_text(at: Timestamp) -> String {
    local_date(at).to_string()
}

impl<'a> Forms<'a> {
    pub(crate) fn new(web: &Web, staff: &Staff, problem: &Problem, typed: &'a Typed) -> Forms<'a> {
        let t = staff.visitor.lang;
        Forms {
            t,
            id: problem.id.0,
            today: local_date(web.app.now()),
            units: units_near(web, problem.path, t),
            typed,
        }
    }

    /// A form of this problem; `part` names it among its like.
    fn step(&self, action: &str, part: &str, title: impl Into<String>, inputs: Vec<Input>) -> StepForm {
        StepForm {
            lang: self.t,
            action: format!("/console/problems/{}/{action}", self.id),
            id: if part.is_empty() { format!("do-{action}") } else { format!("do-{action}-{part}") },
            title: title.into(),
            inputs,
            ..StepForm::default()
        }
    }

    fn done(&self, form: StepForm) -> StepForm {
        form.given_back(self.typed)
    }

    fn day(&self, name: &'static str, label: &str, value: String) -> Input {
        let first = self.today.checked_add(1.day()).unwrap_or(self.today).to_string();
        Input::of(Sort::Day { first, last: String::new() }, name, label).with(value)
    }

    fn unit(&self, chosen: Option<UnitId>) -> Input {
        let chosen = chosen.map(|u| u.to_string()).unwrap_or_default();
        let units =
            self.units.iter().map(|c| Choice::new(c.value.clone(), c.label.clone(), &chosen)).collect();
        Input::of(Sort::Select(units), "unit", self.t.f_for_unit())
    }

    fn amounts(&self, given: &[Quantity]) -> Input {
        let mut pairs: Vec<(String, String)> =
            given.iter().map(|q| (q.amount.clone(), q.what.clone())).collect();
        pairs.resize(pairs.len().max(2) + 1, (String::new(), String::new()));
        Input::of(Sort::Amounts(pairs), "amounts", self.t.f_quantities()).optional()
    }

    fn named<T: Copy>(
        &self,
        all: &[T],
        key: fn(T) -> &'static str,
        zh: fn(T) -> &'static str,
        en: fn(T) -> &'static str,
        chosen: &str,
    ) -> Vec<Choice> {
        all.iter().map(|v| Choice::new(key(*v), self.t.pick(zh(*v), en(*v)), chosen)).collect()
    }

    fn word(&self, step: (&'static str, &'static str)) -> &'static str {
        self.t.pick(step.0, step.1)
    }

    fn area(name: &'static str, label: &str) -> Input {
        Input::of(Sort::Area, name, label)
    }

    fn solved(&self) -> Input {
        let choices = self.named(Solved::ALL, Solved::key, Solved::zh, Solved::en, "");
        Input::of(Sort::Radio(choices), "solved", self.t.f_solved())
    }

    /// The steps of the whole, most likely first.
    pub(crate) fn whole(
        &self,
        p: &Problem,
        rights: &PlanRights,
        proposals: &[(String, String, String)],
    ) -> Vec<StepForm> {
        let t = self.t;
        let mut all = vec![];
        if rights.plan {
            let fits = |s: ProblemStep| p.state.after(s).is_some();
            let word = |s: ProblemStep| self.word((s.zh(), s.en()));
            if p.state.is_open() && p.lead.is_none() {
                let mut choices: Vec<Choice> = proposals
                    .iter()
                    .map(|(id, name, why)| Choice::new(id.clone(), format!("{name} — {why}"), ""))
                    .collect();
                if let Some(first) = choices.first_mut() {
                    first.chosen = true;
                }
                let rest = self.units.iter().filter(|u| proposals.iter().all(|p| p.0 != u.value));
                choices.extend(rest.cloned());
                let form = self.step(
                    "lead",
                    "",
                    t.lead_choose(),
                    vec![
                        Input::of(Sort::Select(choices), "unit", t.f_for_unit()),
                        Input::line("why", t.f_why_plan()).optional(),
                    ],
                );
                all.push(StepForm { open: true, key: Some('l'), ..form });
            }
            if fits(ProblemStep::Approve) {
                let due = self.day("due", t.f_due_day(), day_text(p.due));
                all.push(StepForm {
                    key: Some('a'),
                    ..self.step("approve", "", word(ProblemStep::Approve), vec![due])
                });
            }
            if fits(ProblemStep::Settle) {
                let outcome = Self::area("outcome", t.f_plan_outcome()).hint(t.f_plan_outcome_hint());
                let form = self.step("settle", "", word(ProblemStep::Settle), vec![outcome, self.solved()]);
                all.push(StepForm { key: Some('s'), ..form });
            }
            if fits(ProblemStep::Close) {
                let note = Self::area("note", t.f_close_note()).optional();
                all.push(StepForm {
                    key: Some('x'),
                    ..self.step("close", "", word(ProblemStep::Close), vec![note])
                });
            }
            if fits(ProblemStep::Reopen) {
                let why = Self::area("why", t.f_why_plan());
                all.push(self.step("reopen", "", word(ProblemStep::Reopen), vec![why]));
            }
            if fits(ProblemStep::TakeUp) {
                all.push(self.step("take_up", "", word(ProblemStep::TakeUp), vec![]));
            }
            if p.state.is_open() {
                all.push(self.step(
                    "describe",
                    "",
                    t.describe_change(),
                    vec![
                        Input::line("title", t.f_problem_title()).with(&p.title),
                        Self::area("cause", t.f_problem_cause()).with(&p.cause),
                        self.day("due", t.f_due_day(), day_text(p.due)),
                    ],
                ));
                if p.lead.is_some() {
                    all.push(self.step(
                        "lead",
                        "",
                        t.lead_choose(),
                        vec![self.unit(p.lead), Input::line("why", t.f_why_plan())],
                    ));
                }
            }
            if fits(ProblemStep::Park) {
                all.push(self.step(
                    "park",
                    "",
                    word(ProblemStep::Park),
                    vec![
                        Self::area("cause", t.f_cause()),
                        Input::line("law", t.f_law()),
                        self.day("review_on", t.f_review(), String::new()),
                    ],
                ));
            }
            if fits(ProblemStep::Dissolve) {
                all.push(self.step(
                    "dissolve",
                    "",
                    word(ProblemStep::Dissolve),
                    vec![Self::area("why", t.f_why_plan())],
                ));
            }
        }
        all.push(StepForm {
            key: Some('n'),
            ..self.step("note", "", t.plan_note(), vec![Self::area("text", t.f_note_text())])
        });
        all.into_iter().map(|f| self.done(f)).collect()
    }

    fn task_inputs(&self, p: &Problem, of: Option<&Task>) -> Vec<Input> {
        let t = self.t;
        let after: Vec<Choice> = p
            .tasks
            .iter()
            .filter(|other| of.is_none_or(|k| k.id != other.id))
            .map(|k| Choice {
                value: k.id.to_string(),
                label: format!("{}. {}", k.id, k.what),
                chosen: of.is_some_and(|o| o.after.contains(&k.id)),
            })
            .collect();
        let mut inputs = vec![
            Self::area("what", t.f_what_task()).with(of.map_or("", |k| &k.what)),
            self.unit(of.map(|k| k.unit)),
            Input::line("person", t.f_person()).optional().with(of.map_or("", |k| &k.person)),
            Input::of(Sort::Number, "hours", t.f_hours())
                .with(of.map_or_else(|| "8".to_owned(), |k| k.hours.to_string())),
            self.day("due", t.f_due_day(), of.map(|k| day_text(k.due)).unwrap_or_default()),
        ];
        if !after.is_empty() {
            inputs.push(Input::of(Sort::Checks(after), "after", t.f_after_tasks()));
        }
        inputs
    }

    /// The steps that add to the plan.
    pub(crate) fn adding(&self, p: &Problem, rights: &PlanRights) -> Vec<StepForm> {
        if !rights.plan || !p.state.is_open() {
            return vec![];
        }
        let t = self.t;
        let kinds =
            self.named(ResourceKind::ALL, ResourceKind::key, ResourceKind::zh, ResourceKind::en, "people");
        let days = self.named(Days::ALL, Days::key, Days::zh, Days::en, "every");
        let one = Input::of(Sort::Amounts(vec![(String::new(), String::new())]), "amounts", t.f_quantities());
        let task =
            StepForm { key: Some('t'), ..self.step("task", "", t.task_add(), self.task_inputs(p, None)) };
        let apply = self.step(
            "apply",
            "",
            t.apply_add(),
            vec![
                self.unit(None),
                Self::area("what", t.f_apply_what()),
                self.amounts(&[]),
                Input::line("document", t.f_document()),
                self.day("due", t.f_due_day(), String::new()),
            ],
        );
        let begins =
            Input::of(Sort::Day { first: String::new(), last: String::new() }, "begins", t.f_begins());
        let duty = self.step(
            "duty",
            "",
            t.duty_add(),
            vec![
                self.unit(None),
                Self::area("what", t.f_what_task()),
                Input::of(Sort::Radio(days), "days", t.f_days()),
                Input::of(Sort::Hour, "from", t.f_from_hour()).with("17:00"),
                Input::of(Sort::Hour, "to", t.f_to_hour()).with("19:00"),
                begins.with(self.today.to_string()),
                self.day("until", t.f_until(), String::new()),
            ],
        );
        let resource = self.step(
            "resource",
            "",
            t.resource_add(),
            vec![Input::of(Sort::Radio(kinds), "kind", t.f_resource_kind()), one, self.unit(None).optional()],
        );
        [task, apply, duty, resource].map(|f| self.done(f)).into()
    }

    fn part(&self, action: &str, part: u32, title: impl Into<String>, inputs: Vec<Input>) -> StepForm {
        let form = self.step(action, &part.to_string(), title, inputs);
        self.done(StepForm { hidden: vec![("part", part.to_string())], ..form })
    }

    /// The steps with one task.
    pub(crate) fn task(&self, p: &Problem, k: &Task, rights: &PlanRights) -> Vec<StepForm> {
        let t = self.t;
        if !p.state.is_open() {
            return vec![];
        }
        let mine = rights.plan || rights.units.contains(&k.unit);
        let word = |s: TaskStep| self.word((s.zh(), s.en()));
        let mut all = vec![];
        for step in TaskStep::ALL.iter().copied().filter(|s| k.state.after(*s).is_some()) {
            all.extend(match step {
                TaskStep::Begin if mine => {
                    let who = Input::line("person", t.f_person()).with(&k.person).optional();
                    Some(self.part("begin", k.id, word(step), vec![who]))
                }
                TaskStep::Finish if mine => {
                    let note = Self::area("note", t.f_done_what());
                    Some(self.part("finish", k.id, word(step), vec![note, self.amounts(&[])]))
                }
                TaskStep::Reopen if rights.plan => {
                    Some(self.part("reopen_task", k.id, word(step), vec![Self::area("why", t.f_why_plan())]))
                }
                TaskStep::Drop if rights.plan => {
                    Some(self.part("drop_task", k.id, word(step), vec![Self::area("why", t.f_why_plan())]))
                }
                _ => None,
            });
        }
        if rights.plan && !k.state.is_final() {
            all.push(self.part("change_task", k.id, t.task_change(), self.task_inputs(p, Some(k))));
        }
        all
    }

    /// The steps with one application.
    pub(crate) fn application(&self, a: &Application, rights: &PlanRights) -> Vec<StepForm> {
        let t = self.t;
        let theirs = rights.plan || rights.units.contains(&a.unit);
        let paper = || Input::line("document", t.f_decision_paper());
        let mut all = vec![];
        for step in ApplicationStep::ALL.iter().copied().filter(|s| a.state.after(*s).is_some()) {
            let word = self.word((step.zh(), step.en()));
            all.extend(match step {
                ApplicationStep::Grant if theirs => Some(self.part(
                    "grant",
                    a.id,
                    word,
                    vec![self.amounts(&a.asked), paper(), Input::line("note", t.f_note_text()).optional()],
                )),
                ApplicationStep::GrantPart if theirs => Some(self.part(
                    "grant_part",
                    a.id,
                    word,
                    vec![self.amounts(&a.asked), paper(), Self::area("ground", t.f_ground_plan())],
                )),
                ApplicationStep::Refuse if theirs => Some(self.part(
                    "refuse",
                    a.id,
                    word,
                    vec![paper(), Self::area("ground", t.f_ground_plan())],
                )),
                ApplicationStep::AskAgain if rights.plan => Some(self.part(
                    "ask_again",
                    a.id,
                    word,
                    vec![
                        Self::area("note", t.f_why_plan()),
                        Input::line("document", t.f_document()),
                        self.day("due", t.f_due_day(), String::new()),
                    ],
                )),
                ApplicationStep::Accept if rights.plan => Some(self.part(
                    "accept_decision",
                    a.id,
                    word,
                    vec![Input::line("note", t.f_note_text()).optional()],
                )),
                ApplicationStep::Withdraw if rights.plan => Some(self.part(
                    "withdraw_application",
                    a.id,
                    word,
                    vec![Self::area("why", t.f_why_plan())],
                )),
                _ => None,
            });
        }
        all
    }

    /// The steps with one standing duty.
    pub(crate) fn duty(&self, d: &StandingDuty, rights: &PlanRights) -> Vec<StepForm> {
        let t = self.t;
        let mut all = vec![];
        if rights.plan || rights.units.contains(&d.unit) {
            let kept = self.named(Attendance::ALL, Attendance::key, Attendance::zh, Attendance::en, "kept");
            let day = Sort::Day { first: d.rota.begins.to_string(), last: self.today.to_string() };
            all.push(self.part(
                "attend",
                d.id,
                t.duty_attend(),
                vec![
                    Input::of(day, "day", t.f_day()).with(self.today.to_string()),
                    Input::of(Sort::Radio(kept), "attendance", t.f_attendance()),
                    Input::line("note", t.f_note_text()).optional(),
                ],
            ));
        }
        if rights.plan && d.ended_on.is_none() {
            let on = Sort::Day { first: self.today.to_string(), last: String::new() };
            all.push(self.part(
                "end_duty",
                d.id,
                t.duty_end(),
                vec![
                    Input::of(on, "on", t.f_day()).with(self.today.to_string()),
                    Self::area("why", t.f_why_plan()),
                ],
            ));
        }
        all
    }

    /// The form that removes a resource.
    pub(crate) fn resource(&self, id: u32, rights: &PlanRights, open: bool) -> Vec<StepForm> {
        if rights.plan && open {
            vec![self.part("drop_resource", id, self.t.resource_drop(), vec![])]
        } else {
            vec![]
        }
    }

    /// The form that blows a whistle.
    pub(crate) fn whistle(&self, p: &Problem, rights: &PlanRights) -> Option<StepForm> {
        let t = self.t;
        if !rights.whistle || !p.state.is_open() || p.state == ProblemState::Open {
            return None;
        }
        let form = self.step(
            "whistle",
            "",
            t.whistle_blow(),
            vec![
                Input::of(Sort::Checks(self.units.clone()), "units", t.f_called_units()),
                Self::area("what", t.f_whistle_what()),
                Self::area("tried", t.f_whistle_tried()),
                self.day("muster_due", t.f_muster_day(), String::new()),
            ],
        );
        Some(self.done(StepForm { hint: t.whistle_hint().to_owned(), key: Some('w'), ..form }))
    }

    /// The steps with one called unit.
    pub(crate) fn call(&self, whistle: u32, c: &Call, rights: &PlanRights) -> Vec<StepForm> {
        let t = self.t;
        let mine = rights.units.contains(&c.unit);
        let mut all: Vec<StepForm> = vec![];
        let mut ruled = false;
        for step in CallStep::ALL.iter().copied().filter(|s| c.state.after(*s).is_some()) {
            let allowed = if step.is_of_the_called() {
                mine && !(step == CallStep::Dispute && c.ruled)
            } else if step.is_a_ruling() {
                rights.rule && !mine
            } else {
                rights.whistle
            };
            if !allowed {
                continue;
            }
            let word = self.word((step.zh(), step.en()));
            let (action, title, inputs) = match step {
                CallStep::Come => ("come", word, vec![Input::line("note", t.f_note_text()).optional()]),
                CallStep::ComeLater => (
                    "come_later",
                    word,
                    vec![
                        self.day("until", t.f_until_day(), String::new()),
                        Self::area("ground", t.f_ground_plan()),
                    ],
                ),
                CallStep::Dispute => ("dispute", word, vec![Self::area("ground", t.f_ground_plan())]),
                CallStep::RuleTheirs | CallStep::RuleNotTheirs if ruled => continue,
                CallStep::RuleTheirs | CallStep::RuleNotTheirs => {
                    ruled = true;
                    let choices = vec![
                        Choice::new("yes", t.f_theirs_yes(), ""),
                        Choice::new("no", t.f_theirs_no(), ""),
                    ];
                    let theirs = Input::of(Sort::Radio(choices), "theirs", t.f_theirs());
                    ("rule", t.rule_dispute(), vec![theirs, Self::area("reason", t.f_why_plan())])
                }
                CallStep::Muster => ("muster", word, vec![Input::line("person", t.f_person())]),
                CallStep::Report => {
                    ("report", word, vec![Self::area("what", t.f_call_report()), self.amounts(&[])])
                }
                CallStep::Accept => ("accept", word, vec![]),
                CallStep::SendBack => ("send_back", word, vec![Self::area("why", t.f_why_plan())]),
                CallStep::CallOff => {
                    let choices = vec![
                        Choice::new("no", t.f_needless_no(), "no"),
                        Choice::new("yes", t.f_needless_yes(), "no"),
                    ];
                    let needless = Input::of(Sort::Radio(choices), "needless", t.f_needless());
                    ("call_off", word, vec![needless, Self::area("why", t.f_why_plan())])
                }
            };
            let form = self.step(action, &format!("{whistle}-{}", c.unit), title, inputs);
            let hidden = vec![("part", whistle.to_string()), ("unit", c.unit.to_string())];
            all.push(self.done(StepForm { hidden, ..form }));
        }
        all
    }

    /// The form that takes a case in.
    pub(crate) fn join(&self, no: domain::CaseNo, why: &str) -> StepForm {
        let form = self.step(
            "join",
            &no.to_string(),
            self.t.case_joins(),
            vec![Input::line("why", self.t.f_why_plan()).with(why)],
        );
        self.done(StepForm { hidden: vec![("case", no.to_string())], ..form })
    }

    /// The form that lets a case go.
    pub(crate) fn leave(&self, no: domain::CaseNo) -> StepForm {
        let why = Input::line("why", self.t.f_why_plan());
        let form = self.step("leave", &no.to_string(), self.t.case_leaves(), vec![why]);
        self.done(StepForm { hidden: vec![("case", no.to_string())], ..form })
    }

    /// The form that takes an earlier plan as a draft.
    pub(crate) fn draft(&self, from: i64) -> StepForm {
        let form = self.step("draft", &from.to_string(), self.t.draft_from(from), vec![]);
        self.done(StepForm { hidden: vec![("from", from.to_string())], ..form })
    }

    /// A day as people say it.
    pub(crate) fn day_name(&self, day: jiff::civil::Date) -> String {
        times::day(day, self.today, self.t)
    }
}
