//! The machine of a case, met by walking [`decide`] and [`apply`] with a sample of every command.

use super::{
    Case, Channel, Command, Kind, Report, Satisfaction, Solved, State, apply, decide, local_date, named, open,
};
use crate::machine::{Diagram, Walk, Words, explore};
use crate::{Actor, CaseNo, Context, ProblemId, StaffId, UnitId, testing};
use jiff::{SignedDuration, Timestamp};

named! {
    /// What moves a case, or can be done with it without moving it: the buttons of staff, what a resident
    /// says, and the clock.
    Step {
        /// The dispatcher gives it to a unit.
        Dispatch "dispatch" "派单" "dispatch",
        /// The dispatcher says whether it is pressing.
        Weigh "weigh" "定急不急" "say whether it is pressing",
        /// The dispatcher takes it back.
        Recall "recall" "撤回派单" "take back",
        /// The unit rang the resident.
        FirstContact "first_contact" "先行联系" "first contact",
        /// The unit answers.
        Answer "answer" "答复" "answer",
        /// The unit gives it back.
        Return "return" "退单" "return",
        /// The committee refers it up.
        Refer "refer" "上报片区" "refer to the precinct",
        /// The precinct takes over what was referred up.
        AcceptReferral "accept_referral" "受理上报" "accept the referral",
        /// The precinct gives it back to the committee.
        GiveBack "give_back" "退回居委会" "give back to the committee",
        /// It becomes part of a problem.
        JoinProblem "join_problem" "并入难题" "join a problem",
        /// Its problem's plan has another day.
        PromisePlan "promise_plan" "方案改期" "the plan has another day",
        /// It is not part of the problem after all.
        LeaveProblem "leave_problem" "移出难题" "leave the problem",
        /// The plan of its problem settled it.
        SettleByPlan "settle_by_plan" "方案完成" "settled by the plan",
        /// More time is approved.
        Extend "extend" "延期" "extend",
        /// Answered without a dispatch.
        AnswerAtOnce "answer_at_once" "当场答复" "answer at once",
        /// The resident is told where to go.
        Redirect "redirect" "告知去处" "tell where to go",
        /// It goes on in another case.
        Merge "merge" "合并" "merge",
        /// A merge is undone.
        Separate "separate" "撤销合并" "undo merge",
        /// It is parked.
        Park "park" "挂账" "park",
        /// It is taken up again.
        Unpark "unpark" "重新办理" "take up again",
        /// Somebody who did not handle it rang back.
        CallBack "call_back" "回访" "call back",
        /// The resident says that it is solved.
        Confirm "confirm" "居民确认已解决" "resident confirms",
        /// The resident says that it is not.
        NotSolved "not_solved" "居民说没有解决" "resident says not solved",
        /// The resident takes it back.
        Withdraw "withdraw" "居民撤回" "resident withdraws",
        /// Another resident speaks of the same.
        AddVoice "add_voice" "又有居民反映" "another resident speaks",
        /// The resident rates.
        Rate "rate" "居民评价" "resident rates",
        /// The set time of silence has passed.
        Silence "silence" "静默期满" "time of silence passes",
    }
}

const DISPATCHER: Actor = Actor::Staff { id: StaffId(1), unit: None };
const UNIT: UnitId = UnitId(9);
const PROBLEM: ProblemId = ProblemId(4);
const WORKER: Actor = Actor::Staff { id: StaffId(2), unit: Some(UNIT) };

impl Step {
    /// Who does it, and the commands that stand for it: more than one where their content decides.
    fn samples(self, case: &Case, now: Timestamp) -> (Actor, Vec<Command>) {
        let word = || "说明".to_owned();
        let next_year = local_date(now + SignedDuration::from_hours(24 * 400));
        match self {
            Step::Dispatch => {
                let subject = case.subject.clone();
                let dispatch = Command::Dispatch {
                    unit: UNIT,
                    off_list: false,
                    subject,
                    kind: case.kind,
                    reason: word(),
                    proposed: None,
                };
                (DISPATCHER, vec![dispatch])
            }
            Step::Weigh => (DISPATCHER, [true, false].map(|pressing| Command::Weigh { pressing }).to_vec()),
            Step::Recall => (DISPATCHER, vec![Command::Recall]),
            Step::FirstContact => {
                let rang = |reached| Command::FirstContact { reached, note: word() };
                (WORKER, vec![rang(true), rang(false)])
            }
            Step::Answer => {
                let answer = |solved| Command::Answer { outcome: word(), quantities: vec![], solved };
                (WORKER, Solved::ALL.iter().copied().map(answer).collect())
            }
            Step::Return => (WORKER, vec![Command::Return { ground: word(), note: word() }]),
            Step::Refer => (WORKER, vec![Command::Refer { tried: word() }]),
            Step::AcceptReferral => (DISPATCHER, vec![Command::AcceptReferral]),
            Step::GiveBack => {
                (DISPATCHER, vec![Command::GiveBack { ground: word(), note: word(), off_list: false }])
            }
            Step::JoinProblem => (DISPATCHER, vec![Command::JoinProblem { problem: PROBLEM, due: now }]),
            Step::PromisePlan => (DISPATCHER, vec![Command::PromisePlan { problem: PROBLEM, due: now }]),
            Step::LeaveProblem => (DISPATCHER, vec![Command::LeaveProblem { problem: PROBLEM }]),
            Step::SettleByPlan => {
                let settle = Command::SettleByPlan {
                    problem: PROBLEM,
                    unit: UNIT,
                    outcome: word(),
                    quantities: vec![],
                    solved: Solved::Yes,
                };
                (DISPATCHER, vec![settle])
            }
            Step::Extend => (DISPATCHER, vec![Command::Extend { reason: word() }]),
            Step::AnswerAtOnce => (DISPATCHER, vec![Command::AnswerAtOnce { text: word() }]),
            Step::Redirect => (DISPATCHER, vec![Command::Redirect { to: word(), text: word() }]),
            Step::Merge => (DISPATCHER, vec![Command::MergeInto { into: CaseNo(7), into_open: true }]),
            Step::Separate => (DISPATCHER, vec![Command::Separate]),
            Step::Park => {
                (DISPATCHER, vec![Command::Park { cause: word(), law: word(), review_on: next_year }])
            }
            Step::Unpark => (DISPATCHER, vec![Command::Unpark]),
            Step::CallBack => {
                let call = |solved| Command::CallBack { solved, satisfaction: None, note: word() };
                let known = Solved::ALL.iter().copied().map(Some);
                (DISPATCHER, known.chain([None]).map(call).collect())
            }
            Step::Confirm => (Actor::Resident, vec![Command::Confirm { voice: 1 }]),
            Step::NotSolved => (Actor::Resident, vec![Command::NotSolved { voice: 1, text: word() }]),
            Step::Withdraw => (Actor::Resident, vec![Command::Withdraw { voice: 1, text: word() }]),
            Step::AddVoice => (
                Actor::Resident,
                vec![Command::AddVoice { text: word(), contact: None, channel: Channel::Door }],
            ),
            Step::Rate => {
                (Actor::Resident, vec![Command::Rate { voice: 1, satisfaction: Satisfaction::Mostly }])
            }
            Step::Silence => (Actor::System, vec![Command::CloseOnSilence]),
        }
    }
}

/// All that the rules look at, with counts cut off where they stop to matter.
fn key(case: &Case) -> impl Ord + use<> {
    (
        (case.state, case.kind, case.unit, case.due.map(|d| d.0)),
        (case.contact_tries.min(2), case.returns.min(3), case.not_solved.min(1), case.voices.min(2)),
        (case.problem, case.referred_by),
    )
}

/// Every situation that a case can come into, and every step between them.
pub fn walk() -> Walk<Case> {
    let rules = testing::deadlines();
    let start = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 56);
    let starts = Kind::ALL.iter().map(|kind| {
        let report = Report { kind: *kind, ..Report::example("楼道灯坏了") };
        open(CaseNo(1), report, &Context::new(start, Actor::Resident, [0; 32]), &rules).0
    });
    explore(starts, key, |case| {
        // Each step is taken when the running deadline has come: then the clock's own step is possible too.
        let now = case.due.map_or(case.reported_at, |(_, due)| due);
        let mut reached = vec![];
        for step in Step::ALL {
            let (actor, commands) = step.samples(case, now);
            let ctx = Context::new(now, actor, [0; 32]);
            for command in commands {
                if let Ok(events) = decide(case, command, &ctx, &rules) {
                    reached.push((Words::of(*step), events.iter().fold(case.clone(), apply)));
                }
            }
        }
        reached
    })
}

/// Whether a case needs nothing more from anybody. What is parked does: it is looked at again.
pub fn is_final(state: State) -> bool {
    !state.is_open() && state != State::Parked
}

/// The machine of a case as it can be drawn.
pub fn diagram() -> Diagram {
    let actions: Vec<Words> = Step::ALL.iter().map(|s| Words::of(*s)).collect();
    let words = Words { key: "case", zh: "件", en: "Case" };
    Diagram::new(words, &[State::Received], is_final, &actions, walk().edges(|case| case.state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn from_every_situation_a_case_can_come_to_an_end() {
        let walk = walk();
        let stuck = walk.traps(|case| is_final(case.state));
        assert!(stuck.is_empty(), "{} of {} are stuck: {:?}", stuck.len(), walk.met.len(), stuck.first());
        let states: BTreeSet<State> = walk.met.iter().map(|case| case.state).collect();
        assert_eq!(states, State::ALL.iter().copied().collect());
    }

    /// The key of the walk leaves nothing out: whatever button a page offers is one of the steps.
    #[test]
    fn every_offered_button_that_moves_a_case_is_a_step() {
        for case in walk().met {
            for offered in super::super::offered(&case) {
                let key = offered.key();
                assert!(key == "note" || Step::from_key(key).is_some(), "{key} is offered and not walked");
            }
        }
    }
}
