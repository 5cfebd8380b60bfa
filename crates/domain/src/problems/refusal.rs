//! Why a command is refused, in one sentence, in both languages.

use super::{ApplicationState, CallState, ProblemState, TaskState};
use crate::CaseNo;

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The problem does not stand where this could be done.
    NotNow(ProblemState),
    /// The task does not.
    TaskNotNow(TaskState),
    /// The application does not.
    ApplicationNotNow(ApplicationState),
    /// The call does not.
    CallNotNow(CallState),
    /// There is no such task, application, duty, resource or call.
    NoSuchPart,
    /// Something that must be said is missing; the field's name.
    Missing(&'static str),
    /// The case is in the problem already.
    InItAlready(CaseNo),
    /// The case is not in the problem.
    NotInIt(CaseNo),
    /// A problem without a case has nobody to answer.
    LastCase,
    /// A committee would be lead for what is off its published list of duties.
    OffTheList,
    /// A plan without a task, an application or a duty.
    EmptyPlan,
    /// Nobody is responsible for the whole.
    NoLead,
    /// A task would wait for itself: the tasks of the circle, in order.
    Circle(Vec<u32>),
    /// A task waits for one that is not there.
    WaitsForNothing(u32),
    /// A date must lie ahead.
    InThePast(&'static str),
    /// A duty that ends before it begins, or has no hours.
    EmptyRota,
    /// The day is none of the duty's.
    NotOnDuty,
    /// A whistle that calls nobody.
    CallsNobody,
    /// The unit was called already and has not finished.
    CalledAlready,
    /// It was ruled on; there is no second dispute.
    RuledAlready,
    /// Whoever called or is called does not rule on it.
    OwnDispute,
    /// Tasks, applications or calls are not finished: how many.
    Unfinished(u32),
    /// Residents still wait: how many cases.
    Unsettled(u32),
    /// The call is not overdue.
    NotOverdue,
}

impl Refusal {
    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::NotNow(s) => format!("难题目前为“{}”，不能这样办理。", s.zh()),
            Refusal::TaskNotNow(s) => format!("任务目前为“{}”，不能这样办理。", s.zh()),
            Refusal::ApplicationNotNow(s) => format!("报请目前为“{}”，不能这样办理。", s.zh()),
            Refusal::CallNotNow(s) => format!("此次吹哨目前为“{}”，不能这样办理。", s.zh()),
            Refusal::NoSuchPart => "方案里没有这一项，可能刚被别人改过，请刷新。".into(),
            Refusal::Missing(field) => format!("请填写“{}”。", field_zh(field)),
            Refusal::InItAlready(no) => format!("{}号已经在这个难题里。", no.spoken()),
            Refusal::NotInIt(no) => format!("{}号不在这个难题里。", no.spoken()),
            Refusal::LastCase => "这是最后一件诉求；不成立的难题请“拆分”。".into(),
            Refusal::OffTheList => "此事项不在居委会职责清单内，居委会不能作为牵头单位。".into(),
            Refusal::EmptyPlan => "方案里还没有任务、报请或常态任务，请先写上一项。".into(),
            Refusal::NoLead => "请先确定牵头单位。".into(),
            Refusal::Circle(tasks) => {
                format!("任务{}互相等待，成了死循环，请去掉一处先后关系。", list(tasks, "、"))
            }
            Refusal::WaitsForNothing(task) => format!("没有第{task}项任务，请改正先后关系。"),
            Refusal::InThePast(field) => format!("“{}”必须在当前时间之后。", field_zh(field)),
            Refusal::EmptyRota => "常态任务的起止日期或起止时间不对，结束必须在开始之后。".into(),
            Refusal::NotOnDuty => "这一天不在值守安排之内，或者还没有到。".into(),
            Refusal::CallsNobody => "请至少选择一个单位。".into(),
            Refusal::CalledAlready => "这个单位已经被吹哨，还没有办结，不必重复吹哨。".into(),
            Refusal::RuledAlready => "已经裁定过，请按裁定办理；确有困难的可以延后报到并说明理由。".into(),
            Refusal::OwnDispute => "吹哨方和被吹哨方都不能裁定自己的争议。".into(),
            Refusal::Unfinished(n) => format!("还有{n}项任务、报请或吹哨没有完成。"),
            Refusal::Unsettled(n) => format!("还有{n}件诉求没有办结，居民还在等。"),
            Refusal::NotOverdue => "还没有超时。".into(),
        }
    }

    /// In English.
    pub fn en(&self) -> String {
        match self {
            Refusal::NotNow(s) => format!("This cannot be done while the problem is “{}”.", s.en()),
            Refusal::TaskNotNow(s) => format!("This cannot be done while the task is “{}”.", s.en()),
            Refusal::ApplicationNotNow(s) => {
                format!("This cannot be done while the application is “{}”.", s.en())
            }
            Refusal::CallNotNow(s) => format!("This cannot be done while the call is “{}”.", s.en()),
            Refusal::NoSuchPart => {
                "The plan has no such item; somebody may just have changed it. Please reload.".into()
            }
            Refusal::Missing(field) => format!("Please fill in “{}”.", field.replace('_', " ")),
            Refusal::InItAlready(no) => format!("Case {} is in this problem already.", no.spoken()),
            Refusal::NotInIt(no) => format!("Case {} is not in this problem.", no.spoken()),
            Refusal::LastCase => "This is the last case; if there is no one problem, dissolve it.".into(),
            Refusal::OffTheList => {
                "This is not on the committee's list of duties, so the committee cannot lead it.".into()
            }
            Refusal::EmptyPlan => {
                "The plan has no task, application or standing duty yet; write one down first.".into()
            }
            Refusal::NoLead => "Choose the lead unit first.".into(),
            Refusal::Circle(tasks) => {
                format!("Tasks {} wait for each other in a circle; take one link away.", list(tasks, ", "))
            }
            Refusal::WaitsForNothing(task) => format!("There is no task {task} to wait for."),
            Refusal::InThePast(field) => format!("“{}” must lie ahead.", field.replace('_', " ")),
            Refusal::EmptyRota => "The standing duty must end after it begins, in days and in hours.".into(),
            Refusal::NotOnDuty => "That day is none of the duty's, or has not come yet.".into(),
            Refusal::CallsNobody => "Choose at least one unit.".into(),
            Refusal::CalledAlready => "This unit is called already and has not finished.".into(),
            Refusal::RuledAlready => "This was ruled on; if it is hard, come later and say why.".into(),
            Refusal::OwnDispute => "Neither the caller nor the called rules on their dispute.".into(),
            Refusal::Unfinished(n) => format!("{n} tasks, applications or calls are not finished."),
            Refusal::Unsettled(n) => format!("{n} cases are not ended; residents still wait."),
            Refusal::NotOverdue => "It is not overdue.".into(),
        }
    }

    /// The field of a form that it is about.
    pub fn field(&self) -> &'static str {
        match self {
            Refusal::Missing(field) | Refusal::InThePast(field) => field,
            Refusal::OffTheList | Refusal::CalledAlready | Refusal::NoLead => "unit",
            Refusal::CallsNobody => "units",
            Refusal::Circle(_) | Refusal::WaitsForNothing(_) => "after",
            Refusal::EmptyRota => "until",
            Refusal::NotOnDuty => "day",
            Refusal::InItAlready(_) | Refusal::NotInIt(_) | Refusal::LastCase => "case",
            _ => "text",
        }
    }
}

fn list(tasks: &[u32], comma: &str) -> String {
    tasks.iter().map(u32::to_string).collect::<Vec<_>>().join(comma)
}

fn field_zh(field: &str) -> &str {
    match field {
        "title" => "难题名称",
        "cause" => "原因",
        "why" | "reason" => "理由",
        "what" => "内容",
        "person" => "姓名",
        "note" => "说明",
        "ground" => "依据",
        "tried" => "已做的工作",
        "document" => "文号或文件名",
        "outcome" => "办理结果",
        "law" => "依据",
        "text" => "内容",
        "due" => "完成时间",
        "muster_due" => "报到时间",
        "review_on" => "复核日期",
        "until" => "截止时间",
        "amount" => "数量",
        other => other,
    }
}
