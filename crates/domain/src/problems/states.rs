//! The state machines of a problem, an application and a call. Each is one table: what [`super::decide`]
//! allows, what pages offer and what docs/states.md draws are all read from it.

use crate::cases::named;

named! {
    /// Where a problem and its plan stand.
    ProblemState {
        /// Cases are being gathered; there is no plan yet.
        Open "open" "待定方案" "no plan yet",
        /// A plan is being drafted.
        Planning "planning" "方案起草" "plan in draft",
        /// The plan is approved and runs.
        Running "running" "方案实施" "plan running",
        /// Everybody who spoke was told the outcome, and has the word.
        Settled "settled" "已答复" "answered",
        /// Honestly unsolvable for now.
        Parked "parked" "挂账" "parked",
        /// Ended.
        Closed "closed" "已办结" "closed",
        /// It was no one problem; its cases stand alone again.
        Dissolved "dissolved" "已拆分" "dissolved",
    }
}

named! {
    /// What moves a problem from state to state.
    ProblemStep {
        /// The first task, application or duty is written down.
        Draft "draft" "起草方案" "draft a plan",
        /// The plan is approved.
        Approve "approve" "批准实施" "approve",
        /// The outcome is told to all who spoke.
        Settle "settle" "答复居民" "answer the residents",
        /// It was not settled after all.
        Reopen "reopen" "重新办理" "take up again",
        /// It ends.
        Close "close" "办结" "close",
        /// It is parked.
        Park "park" "挂账" "park",
        /// A parked one is taken up again.
        TakeUp "take_up" "恢复办理" "take up from parking",
        /// Its cases are let go.
        Dissolve "dissolve" "拆分" "dissolve",
    }
}

impl ProblemState {
    /// The state that a step leads to; `None` where it cannot be taken.
    pub fn after(self, step: ProblemStep) -> Option<ProblemState> {
        use ProblemState as S;
        use ProblemStep as P;
        Some(match (self, step) {
            (S::Open, P::Draft) => S::Planning,
            (S::Planning, P::Approve) => S::Running,
            (S::Running, P::Settle) => S::Settled,
            (S::Settled | S::Closed, P::Reopen) => S::Running,
            (S::Settled, P::Close) => S::Closed,
            (S::Open | S::Planning | S::Running, P::Park) => S::Parked,
            (S::Parked, P::TakeUp) => S::Planning,
            (S::Open | S::Planning | S::Running | S::Parked, P::Dissolve) => S::Dissolved,
            _ => return None,
        })
    }

    /// Whether it may rest here for good.
    pub fn is_final(self) -> bool {
        matches!(self, ProblemState::Closed | ProblemState::Dissolved)
    }

    /// Whether somebody still works on it.
    pub fn is_open(self) -> bool {
        matches!(self, ProblemState::Open | ProblemState::Planning | ProblemState::Running)
    }
}

named! {
    /// Where a task stands.
    TaskState {
        /// Nobody has begun.
        Todo "todo" "未开始" "to do",
        /// Somebody is at it.
        Begun "begun" "进行中" "begun",
        /// Done, with its record.
        Done "done" "已完成" "done",
        /// Not needed after all.
        Dropped "dropped" "已取消" "dropped",
    }
}

named! {
    /// What moves a task from state to state.
    TaskStep {
        /// Somebody begins.
        Begin "begin" "开始" "begin",
        /// It is done.
        Finish "finish" "完成" "finish",
        /// It was not done after all.
        Reopen "reopen" "退回重做" "do again",
        /// It is not needed.
        Drop "drop" "取消" "drop",
    }
}

impl TaskState {
    /// The state that a step leads to; `None` where it cannot be taken.
    pub fn after(self, step: TaskStep) -> Option<TaskState> {
        use TaskState as S;
        Some(match (self, step) {
            (S::Todo, TaskStep::Begin) => S::Begun,
            (S::Todo | S::Begun, TaskStep::Finish) => S::Done,
            (S::Done | S::Dropped, TaskStep::Reopen) => S::Begun,
            (S::Todo | S::Begun, TaskStep::Drop) => S::Dropped,
            _ => return None,
        })
    }

    /// Whether it may rest here for good.
    pub fn is_final(self) -> bool {
        matches!(self, TaskState::Done | TaskState::Dropped)
    }
}

named! {
    /// Where an application to an outside unit stands.
    ApplicationState {
        /// Asked, not yet decided.
        Asked "asked" "待批复" "asked",
        /// Granted as asked.
        Granted "granted" "同意" "granted",
        /// Granted in part.
        Partly "partly" "部分同意" "granted in part",
        /// Refused, with a ground.
        Refused "refused" "不同意" "refused",
        /// What was decided is taken as it is.
        Accepted "accepted" "照此办理" "taken as decided",
        /// Taken back.
        Withdrawn "withdrawn" "已撤回" "withdrawn",
    }
}

named! {
    /// What moves an application from state to state.
    ApplicationStep {
        /// The unit grants it.
        Grant "grant" "同意" "grant",
        /// The unit grants a part.
        GrantPart "grant_part" "部分同意" "grant in part",
        /// The unit refuses.
        Refuse "refuse" "不同意" "refuse",
        /// It is asked again, with more.
        AskAgain "ask_again" "再次报请" "ask again",
        /// The decision is taken as it is.
        Accept "accept" "照此办理" "take as decided",
        /// It is taken back.
        Withdraw "withdraw" "撤回" "withdraw",
    }
}

impl ApplicationState {
    /// The state that a step leads to; `None` where it cannot be taken.
    pub fn after(self, step: ApplicationStep) -> Option<ApplicationState> {
        use ApplicationState as S;
        use ApplicationStep as P;
        Some(match (self, step) {
            (S::Asked | S::Partly, P::Grant) => S::Granted,
            (S::Asked, P::GrantPart) => S::Partly,
            (S::Asked, P::Refuse) => S::Refused,
            (S::Partly | S::Refused, P::AskAgain) => S::Asked,
            (S::Partly | S::Refused, P::Accept) => S::Accepted,
            (S::Asked, P::Withdraw) => S::Withdrawn,
            _ => return None,
        })
    }

    /// Whether it may rest here for good.
    pub fn is_final(self) -> bool {
        matches!(self, ApplicationState::Granted | ApplicationState::Accepted | ApplicationState::Withdrawn)
    }
}

named! {
    /// Where a unit stands that a whistle called.
    CallState {
        /// Called, and has not answered.
        Called "called" "待应答" "called",
        /// Said that it comes.
        Coming "coming" "已应答" "coming",
        /// Said that it comes later, with a ground.
        Later "later" "延后报到" "coming later",
        /// Says that it is not its own, with a ground; to be ruled on.
        Disputed "disputed" "有异议" "disputed",
        /// Reported for duty with a named person.
        Mustered "mustered" "已报到" "mustered",
        /// Wrote down what it did.
        Reported "reported" "已反馈" "reported",
        /// The caller accepts what was done.
        Finished "finished" "已完成" "finished",
        /// Ruled: it was not its own.
        Released "released" "已裁定免责" "released",
        /// The caller took the call back.
        CalledOff "called_off" "已撤回" "called off",
    }
}

named! {
    /// What moves a call from state to state.
    CallStep {
        /// The unit says that it comes.
        Come "come" "按时报到" "we come",
        /// The unit says that it comes later.
        ComeLater "come_later" "延后报到" "we come later",
        /// The unit says that it is not its own.
        Dispute "dispute" "不属本单位" "not ours",
        /// Ruled: it is its own.
        RuleTheirs "rule_theirs" "裁定承担" "rule as theirs",
        /// Ruled: it is not.
        RuleNotTheirs "rule_not_theirs" "裁定免责" "rule as not theirs",
        /// A named person reports for duty.
        Muster "muster" "报到" "report for duty",
        /// The unit writes down what it did.
        Report "report" "反馈结果" "report what was done",
        /// The caller accepts it.
        Accept "accept" "确认完成" "accept",
        /// The caller does not.
        SendBack "send_back" "退回续办" "send back",
        /// The caller takes the call back.
        CallOff "call_off" "撤回吹哨" "call off",
    }
}

impl CallState {
    /// The state that a step leads to; `None` where it cannot be taken.
    pub fn after(self, step: CallStep) -> Option<CallState> {
        use CallState as S;
        use CallStep as P;
        Some(match (self, step) {
            (S::Called, P::Come) => S::Coming,
            (S::Called | S::Coming, P::ComeLater) => S::Later,
            (S::Called, P::Dispute) => S::Disputed,
            (S::Disputed, P::RuleTheirs) => S::Called,
            (S::Disputed, P::RuleNotTheirs) => S::Released,
            (S::Called | S::Coming | S::Later, P::Muster) => S::Mustered,
            (S::Mustered, P::Report) => S::Reported,
            (S::Reported, P::Accept) => S::Finished,
            (S::Reported, P::SendBack) => S::Mustered,
            (S::Called | S::Coming | S::Later | S::Disputed | S::Mustered, P::CallOff) => S::CalledOff,
            _ => return None,
        })
    }

    /// Whether it may rest here for good. The called unit alone reaches none of these.
    pub fn is_final(self) -> bool {
        matches!(self, CallState::Finished | CallState::Released | CallState::CalledOff)
    }

    /// Whether the unit reported for duty.
    pub fn came(self) -> bool {
        matches!(self, CallState::Mustered | CallState::Reported | CallState::Finished)
    }
}

impl CallStep {
    /// Whether the called unit takes it; the rest is the caller's or the ruler's.
    pub fn is_of_the_called(self) -> bool {
        matches!(
            self,
            CallStep::Come | CallStep::ComeLater | CallStep::Dispute | CallStep::Muster | CallStep::Report
        )
    }

    /// Whether it rules on a dispute, which neither side does.
    pub fn is_a_ruling(self) -> bool {
        matches!(self, CallStep::RuleTheirs | CallStep::RuleNotTheirs)
    }
}
