//! From the fields of a form to the step that it asks for.

use crate::Web;
use crate::console::case::number;
use crate::http::fields::Fields;
use crate::view::FieldError;
use crate::words::Lang;
use domain::UnitId;
use domain::cases::{Deadlines, Quantity, Solved};
use domain::problems::{Attendance, Command, Days, NewTask, ResourceKind, Rota};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

type Read<T> = Result<T, FieldError>;

struct Form<'a> {
    fields: &'a Fields,
    t: Lang,
    rules: &'a dyn Deadlines,
}

impl Form<'_> {
    fn text(&self, name: &str) -> String {
        self.fields.text(name).trim().to_owned()
    }

    fn wrong<T>(field: &'static str, text: &str) -> Read<T> {
        Err(FieldError { field, text: text.to_owned() })
    }

    /// Which part of the plan: sent unseen, so that a bad one is only ever a forged form.
    fn part(&self) -> u32 {
        self.fields.text("part").parse().unwrap_or(0)
    }

    fn unit(&self, field: &'static str) -> Read<UnitId> {
        self.fields.text(field).parse().map(UnitId).or_else(|_| Self::wrong(field, self.t.error_choice()))
    }

    fn unit_if_any(&self) -> Option<UnitId> {
        self.fields.text("unit").parse().ok().map(UnitId)
    }

    fn date(&self, field: &'static str) -> Read<Date> {
        self.fields.text(field).parse().or_else(|_| Self::wrong(field, self.t.error_day()))
    }

    /// The end of the working time of a chosen day.
    fn day(&self, field: &'static str) -> Read<Timestamp> {
        Ok(self.rules.closing(self.date(field)?))
    }

    fn hour(&self, field: &'static str) -> Read<Time> {
        self.fields.text(field).parse().or_else(|_| Self::wrong(field, self.t.error_hour()))
    }

    fn quantities(&self) -> Vec<Quantity> {
        let trimmed = self.fields.all("amount").zip(self.fields.all("what_of"));
        trimmed
            .map(|(amount, what)| (amount.trim(), what.trim()))
            // One without the other is said to be missing, not thrown away.
            .filter(|(amount, what)| !amount.is_empty() || !what.is_empty())
            .map(|(amount, what)| Quantity { amount: amount.to_owned(), what: what.to_owned() })
            .collect()
    }

    fn choice<T>(&self, field: &'static str, from_key: impl Fn(&str) -> Option<T>) -> Read<T> {
        from_key(self.fields.text(field)).map_or_else(|| Self::wrong(field, self.t.error_choice()), Ok)
    }

    fn task(&self) -> Read<NewTask> {
        let hours = self.fields.text("hours").trim().parse().ok().filter(|h| (1..=2_000).contains(h));
        Ok(NewTask {
            what: self.text("what"),
            unit: self.unit("unit")?,
            person: self.text("person"),
            hours: hours.map_or_else(|| Self::wrong("hours", self.t.error_hours()), Ok)?,
            not_before: None,
            due: self.day("due")?,
            after: self.fields.all("after").filter_map(|a| a.parse().ok()).collect(),
        })
    }
}

/// The step that a form of a problem asks for; `None` for an action that there is not.
pub(crate) fn command(
    web: &Web,
    action: &str,
    fields: &Fields,
    t: Lang,
) -> Option<Result<Command, FieldError>> {
    let rules = web.app.rules();
    let f = Form { fields, t, rules: rules.as_ref() };
    Some(of(action, &f)?.or_else(|| part_of(action, &f)).unwrap_or_else(|| call_of(action, &f)))
}

/// Whether there is such an action, and the steps of the problem as a whole.
fn of(action: &str, f: &Form<'_>) -> Option<Option<Read<Command>>> {
    if !ACTIONS.contains(&action) {
        return None;
    }
    Some(Some(match action {
        "describe" => {
            f.day("due").map(|due| Command::Describe { title: f.text("title"), cause: f.text("cause"), due })
        }
        "join" => match number(f.fields.text("case").trim()) {
            Some(case) => Ok(Command::Join { case, voices: 0, why: f.text("why") }),
            None => Form::wrong("case", &f.t.error_no_such_numbers(f.fields.text("case"))),
        },
        "leave" => match number(f.fields.text("case")) {
            Some(case) => Ok(Command::Leave { case, why: f.text("why") }),
            None => Form::wrong("case", &f.t.error_no_such_numbers(f.fields.text("case"))),
        },
        "lead" => f.unit("unit").map(|unit| {
            let why = Some(f.text("why")).filter(|w| !w.is_empty());
            let why = why.unwrap_or_else(|| f.t.as_proposed_by_duty().to_owned());
            Command::ChooseLead { unit, off_list: false, why }
        }),
        "draft" => match f.fields.text("from").parse() {
            Ok(problem) => Ok(Command::DraftFrom { problem, tasks: vec![], duties: vec![] }),
            Err(_) => Form::wrong("from", f.t.error_choice()),
        },
        "approve" => f.day("due").map(|due| Command::Approve { due }),
        "settle" => f
            .choice("solved", Solved::from_key)
            .map(|solved| Command::Settle { outcome: f.text("outcome"), solved }),
        "reopen" => Ok(Command::Reopen { why: f.text("why") }),
        "close" => Ok(Command::Close { unsettled: 0, note: f.text("note") }),
        "park" => f.date("review_on").map(|review_on| Command::Park {
            cause: f.text("cause"),
            law: f.text("law"),
            review_on,
        }),
        "take_up" => Ok(Command::TakeUp),
        "dissolve" => Ok(Command::Dissolve { why: f.text("why") }),
        "note" => Ok(Command::Note { text: f.text("text") }),
        _ => return Some(None),
    }))
}

/// Steps with one part of the plan.
fn part_of(action: &str, f: &Form<'_>) -> Option<Read<Command>> {
    Some(match action {
        "task" => f.task().map(Command::AddTask),
        "change_task" => f.task().map(|to| Command::ChangeTask { task: f.part(), to }),
        "begin" => Ok(Command::BeginTask { task: f.part(), person: f.text("person") }),
        "finish" => {
            Ok(Command::FinishTask { task: f.part(), note: f.text("note"), quantities: f.quantities() })
        }
        "reopen_task" => Ok(Command::ReopenTask { task: f.part(), why: f.text("why") }),
        "drop_task" => Ok(Command::DropTask { task: f.part(), why: f.text("why") }),
        "resource" => f.choice("kind", ResourceKind::from_key).and_then(|kind| {
            let quantity = f.quantities().into_iter().next();
            let quantity = quantity.map_or_else(|| Form::wrong("amount", f.t.error_choice()), Ok)?;
            Ok(Command::AddResource { kind, quantity, unit: f.unit_if_any() })
        }),
        "drop_resource" => Ok(Command::DropResource { resource: f.part() }),
        "apply" => f.unit("unit").and_then(|unit| {
            Ok(Command::Apply {
                unit,
                what: f.text("what"),
                quantities: f.quantities(),
                document: f.text("document"),
                due: f.day("due")?,
            })
        }),
        "grant" => Ok(Command::Grant {
            application: f.part(),
            quantities: f.quantities(),
            document: f.text("document"),
            note: f.text("note"),
        }),
        "grant_part" => Ok(Command::GrantInPart {
            application: f.part(),
            quantities: f.quantities(),
            document: f.text("document"),
            ground: f.text("ground"),
        }),
        "refuse" => Ok(Command::Refuse {
            application: f.part(),
            document: f.text("document"),
            ground: f.text("ground"),
        }),
        "ask_again" => f.day("due").map(|due| Command::AskAgain {
            application: f.part(),
            note: f.text("note"),
            document: f.text("document"),
            due,
        }),
        "accept_decision" => Ok(Command::AcceptDecision { application: f.part(), note: f.text("note") }),
        "withdraw_application" => {
            Ok(Command::WithdrawApplication { application: f.part(), why: f.text("why") })
        }
        "duty" => f.unit("unit").and_then(|unit| {
            let rota = Rota {
                days: f.choice("days", Days::from_key)?,
                weekdays: vec![],
                from: f.hour("from")?,
                to: f.hour("to")?,
                begins: f.date("begins")?,
                until: f.date("until")?,
            };
            Ok(Command::SetDuty { unit, what: f.text("what"), rota })
        }),
        "attend" => f.date("day").and_then(|day| {
            let attendance = f.choice("attendance", Attendance::from_key)?;
            Ok(Command::AttendDuty { duty: f.part(), day, attendance, note: f.text("note") })
        }),
        "end_duty" => f.date("on").map(|on| Command::EndDuty { duty: f.part(), on, why: f.text("why") }),
        _ => return None,
    })
}

/// Steps of a whistle.
fn call_of(action: &str, f: &Form<'_>) -> Read<Command> {
    let whistle = f.part();
    if action == "whistle" {
        return f.day("muster_due").map(|muster_due| Command::Whistle {
            units: f.fields.all("units").filter_map(|u| u.parse().ok()).map(UnitId).collect(),
            what: f.text("what"),
            tried: f.text("tried"),
            muster_due,
        });
    }
    let unit = f.unit("unit")?;
    Ok(match action {
        "come" => Command::TakeCall { whistle, unit, note: f.text("note") },
        "come_later" => {
            Command::DelayCall { whistle, unit, until: f.day("until")?, ground: f.text("ground") }
        }
        "dispute" => Command::DisputeCall { whistle, unit, ground: f.text("ground") },
        "rule" => {
            let theirs = f.choice("theirs", |key| match key {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            })?;
            Command::RuleCall { whistle, unit, theirs, reason: f.text("reason") }
        }
        "muster" => Command::Muster { whistle, unit, person: f.text("person") },
        "report" => Command::ReportCall { whistle, unit, what: f.text("what"), quantities: f.quantities() },
        "accept" => Command::AcceptCall { whistle, unit },
        "send_back" => Command::SendBackCall { whistle, unit, why: f.text("why") },
        _ => Command::CallOff {
            whistle,
            unit,
            why: f.text("why"),
            needless: f.fields.text("needless") == "yes",
        },
    })
}

/// Every action that there is.
pub(crate) const ACTIONS: &[&str] = &[
    "describe",
    "join",
    "leave",
    "lead",
    "draft",
    "approve",
    "settle",
    "reopen",
    "close",
    "park",
    "take_up",
    "dissolve",
    "note",
    "task",
    "change_task",
    "begin",
    "finish",
    "reopen_task",
    "drop_task",
    "resource",
    "drop_resource",
    "apply",
    "grant",
    "grant_part",
    "refuse",
    "ask_again",
    "accept_decision",
    "withdraw_application",
    "duty",
    "attend",
    "end_duty",
    "whistle",
    "come",
    "come_later",
    "dispute",
    "rule",
    "muster",
    "report",
    "accept",
    "send_back",
    "call_off",
];
