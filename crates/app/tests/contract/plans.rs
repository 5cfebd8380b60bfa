//! Several cases with one cause, a plan, a whistle, a meeting.

use crate::stage::{COMMITTEE, POLICE, PRECINCT, SECTION, Stage, at, on_both, who};
use app::{AppError, Decide, Say, Step};
use domain::access::Role;
use domain::cases::{Kind, Quantity, Solved, State};
use domain::meetings::{About, Reason};
use domain::notices::What;
use domain::problems::{CallState, Command, NewTask, ProblemEvent, ProblemState, Refusal};
use domain::{CaseNo, ProblemId};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

fn plan(stage: &Stage, role: Role, id: ProblemId, command: Command) -> Result<(), AppError> {
    stage.wait(stage.app.plan(&who(role), id, command))
}

fn open(stage: &Stage, cases: &[CaseNo]) -> ProblemId {
    let coordinator = who(Role::PrecinctCoordinator);
    let (title, cause) = ("单车堵住弄堂口".to_owned(), "没有停放点".to_owned());
    let why = "同一个弄堂口".to_owned();
    stage.wait(stage.app.open_problem(&coordinator, title, cause, cases.to_vec(), why)).unwrap()
}

fn task() -> NewTask {
    NewTask {
        what: "划出停放区".into(),
        unit: SECTION,
        person: String::new(),
        hours: 8,
        not_before: None,
        due: at(5 * DAY),
        after: vec![],
    }
}

/// A problem of two cases whose plan runs.
fn running(stage: &Stage) -> (ProblemId, Vec<app::Acknowledged>) {
    let told = vec![stage.report("共享单车堵住弄堂口", 1), stage.report("弄堂口全是单车，轮椅过不去", 2)];
    let id = open(stage, &[told[0].no, told[1].no]);
    let lead = Command::ChooseLead { unit: SECTION, off_list: false, why: "职责就近".into() };
    plan(stage, Role::PrecinctCoordinator, id, lead).unwrap();
    plan(stage, Role::PrecinctCoordinator, id, Command::AddTask(task())).unwrap();
    plan(stage, Role::PrecinctCoordinator, id, Command::Approve { due: at(10 * DAY) }).unwrap();
    (id, told)
}

fn problem(stage: &Stage, id: ProblemId) -> domain::problems::Problem {
    stage.wait(stage.app.problem_page(&who(Role::PrecinctCoordinator), id)).unwrap().problem
}

on_both! {
    /// Two voices, one cause: both cases join, both are told each step and the outcome, each has its own word
    /// at the end, and what is not solved is handled again by the lead.
    fn one_plan_for_two_cases(stage) {
        let (id, told) = running(stage);
        for t in &told {
            let seen = stage.wait(stage.app.follow(&t.link)).unwrap();
            assert_eq!((seen.case.state, seen.case.problem), (State::InProblem, Some(id)));
            assert_eq!(seen.case.handling_due, Some(at(10 * DAY)), "promised by the plan");
            let problem = seen.problem.expect("told of the problem");
            assert_eq!(problem.next, Some(("划出停放区".to_owned(), at(5 * DAY))));
        }
        let done = Command::FinishTask {
            task: 1,
            note: "已划线".into(),
            quantities: vec![Quantity { amount: "3".into(), what: "处停放区".into() }],
        };
        let refused = plan(stage, Role::CommitteeWorker, id, done.clone()).unwrap_err();
        assert!(matches!(refused, AppError::NotAllowed), "{refused:?}");
        plan(stage, Role::SectionOfficer, id, done).unwrap();
        let settle = Command::Settle { outcome: "划出三处停放区".into(), solved: Solved::Yes };
        plan(stage, Role::PrecinctCoordinator, id, settle).unwrap();
        for t in &told {
            let case = stage.case(t.no);
            assert_eq!((case.state, case.unit, case.outcome.as_str()), (State::Answered, Some(SECTION), "划出三处停放区"));
        }
        stage.wait(stage.app.say(&told[0].link, Say::Solved(None, String::new()))).unwrap();
        stage.wait(stage.app.say(&told[1].link, Say::NotSolved("晚上又堵了".into()))).unwrap();
        let close = Command::Close { unsettled: 0, note: String::new() };
        let refused = plan(stage, Role::PrecinctCoordinator, id, close.clone()).unwrap_err();
        assert!(matches!(refused, AppError::PlanRefused(Refusal::Unsettled(1))), "{refused:?}");
        assert_eq!(stage.case(told[1].no).state, State::InHand, "a second handling by the lead");
        stage.answer(told[1].no, "加了晚间巡查");
        stage.wait(stage.app.say(&told[1].link, Say::Solved(None, String::new()))).unwrap();
        plan(stage, Role::PrecinctCoordinator, id, close).unwrap();
        assert_eq!(problem(stage, id).state, ProblemState::Closed);
        stage.verify();
    }

    /// A case that has another cause leaves and goes on alone; a problem that was none is dissolved.
    fn a_case_leaves_again(stage) {
        let (id, told) = running(stage);
        let leave = Command::Leave { case: told[1].no, why: "另有原因".into() };
        plan(stage, Role::PrecinctCoordinator, id, leave).unwrap();
        assert_eq!((stage.case(told[1].no).state, stage.case(told[1].no).problem), (State::Received, None));
        let again = Command::Join { case: told[1].no, voices: 0, why: "还是同一原因".into() };
        plan(stage, Role::PrecinctCoordinator, id, again).unwrap();
        assert_eq!(problem(stage, id).voices(), 2);
        plan(stage, Role::PrecinctCoordinator, id, Command::Dissolve { why: "并错了".into() }).unwrap();
        assert!(told.iter().all(|t| stage.case(t.no).state == State::Received));
        stage.verify();
    }

    /// A department that nobody works for is called: the call climbs past the vacancy to who is in post, one
    /// level a day, and what is asked of whom stands on both records.
    fn a_whistle_climbs_past_a_vacancy(stage) {
        let (id, _) = running(stage);
        let whistle = |units| Command::Whistle {
            units,
            what: "早晚高峰疏导".into(),
            tried: "街道已两次函请".into(),
            muster_due: at(3 * DAY),
        };
        let refused = plan(stage, Role::SectionOfficer, id, whistle(vec![POLICE])).unwrap_err();
        assert!(matches!(refused, AppError::NotAllowed));
        plan(stage, Role::PrecinctCoordinator, id, whistle(vec![POLICE])).unwrap();
        let told = |role| stage.wait(stage.app.notices(&who(role), 50)).unwrap();
        assert!(told(Role::DepartmentOfficer).iter().any(|n| n.what == What::Whistled));
        let refused = plan(stage, Role::PrecinctCoordinator, id, whistle(vec![POLICE])).unwrap_err();
        assert!(matches!(refused, AppError::PlanRefused(Refusal::CalledAlready)));
        stage.later(2 * DAY);
        let climbed = |p: &domain::problems::Problem| p.call(1, POLICE).unwrap().climbed;
        assert_eq!(climbed(&problem(stage, id)), 2, "level 1 is vacant");
        let late = told(Role::SubdistrictLeader).into_iter().find(|n| n.what == What::WhistleLate);
        assert_eq!(late.expect("who is in post is told").subject.path(), format!("/console/problems/{id}"));
        stage.later(4 * DAY);
        assert_eq!(climbed(&problem(stage, id)), 3);
        let page = stage.wait(stage.app.problem_page(&who(Role::PrecinctCoordinator), id)).unwrap();
        let vacant = page.events.iter().any(|e| matches!(&e.event, ProblemEvent::Climbed { level: 2, vacant, .. } if *vacant == [1]));
        assert!(vacant, "the record says that nobody was in post");
        stage.later(9 * DAY);
        assert_eq!(climbed(&problem(stage, id)), 3, "nobody is left above");
        let muster = Command::Muster { whistle: 1, unit: POLICE, person: "陈警官".into() };
        plan(stage, Role::DepartmentOfficer, id, muster).unwrap();
        let report = Command::ReportCall { whistle: 1, unit: POLICE, what: "设岗".into(), quantities: vec![] };
        plan(stage, Role::DepartmentOfficer, id, report).unwrap();
        assert_eq!(problem(stage, id).call(1, POLICE).unwrap().state, CallState::Reported, "not closed by the called");
        let accept = Command::AcceptCall { whistle: 1, unit: POLICE };
        assert!(plan(stage, Role::DepartmentOfficer, id, accept.clone()).is_err());
        plan(stage, Role::PrecinctCoordinator, id, accept).unwrap();
        let record = stage.wait(stage.app.call_record(&who(Role::DepartmentOfficer))).unwrap();
        assert_eq!((record.len(), record[0].0.climbed), (1, 3));
        assert_eq!(record, stage.wait(stage.app.call_record(&who(Role::PrecinctCoordinator))).unwrap());
        stage.verify();
    }

    /// A committee refers up what lies outside its wall; the precinct gives back what is on its list and takes
    /// what is not.
    fn a_referral(stage) {
        let dispatch = |subject: &str| Step::Dispatch {
            unit: COMMITTEE,
            subject: subject.into(),
            kind: Kind::Complaint,
            reason: "就近".into(),
        };
        let give_back = || Step::GiveBack { ground: "在职责清单内".into(), note: "请先调解".into() };
        let told = stage.report("楼上楼下为噪声争吵", 1);
        let refused = stage.act(Role::PrecinctCoordinator, told.no, dispatch("parking")).unwrap_err();
        assert!(matches!(refused, AppError::Refused(domain::cases::Refusal::OffTheList)), "{refused:?}");
        stage.act(Role::PrecinctCoordinator, told.no, dispatch("neighbours")).unwrap();
        let refer = Step::Refer { tried: "调解过两次".into() };
        stage.act(Role::CommitteeWorker, told.no, refer.clone()).unwrap();
        assert_eq!(stage.case(told.no).referred_by, Some(COMMITTEE));
        assert!(stage.act(Role::CommitteeWorker, told.no, give_back()).is_err(), "the precinct decides");
        stage.act(Role::PrecinctCoordinator, told.no, give_back()).unwrap();
        let case = stage.case(told.no);
        assert_eq!((case.state, case.unit, case.returns), (State::InHand, Some(COMMITTEE), 1));
        stage.act(Role::CommitteeWorker, told.no, refer).unwrap();
        stage.act(Role::PrecinctCoordinator, told.no, Step::AcceptReferral).unwrap();
        assert_eq!((stage.case(told.no).state, stage.case(told.no).unit), (State::Received, None));
        stage.verify();
    }

    /// The meeting gathers its own agenda; what is decided is done in the same stroke and stands in the minutes.
    fn a_meeting_decides(stage) {
        let told = stage.report("楼道灯不亮", 1);
        for _ in 0..3 {
            stage.dispatch(told.no);
            let back = Step::Return { ground: "不在清单".into(), note: "属物业".into() };
            stage.act(Role::SectionOfficer, told.no, back).unwrap();
        }
        let coordinator = who(Role::PrecinctCoordinator);
        let (_, agenda) = stage.wait(stage.app.meetings(&coordinator, PRECINCT)).unwrap();
        assert_eq!((agenda.len(), agenda[0].reason, agenda[0].about), (1, Reason::CameBack, About::Case(told.no)));
        let present = vec!["片区".to_owned(), "管理科".to_owned()];
        let id = stage.wait(stage.app.open_meeting(&coordinator, PRECINCT, present)).unwrap();
        let dispatch = |subject: &str| Step::Dispatch {
            unit: SECTION,
            subject: subject.into(),
            kind: Kind::Help,
            reason: "片会决定".into(),
        };
        let text = "由管理科牵头".to_owned();
        let bad = Decide::Case(told.no, dispatch("no such subject"));
        assert!(stage.wait(stage.app.decide_at_meeting(&coordinator, id, text.clone(), bad)).is_err());
        let page = stage.wait(stage.app.meeting_page(&coordinator, id)).unwrap();
        assert!(page.meeting.decisions.is_empty(), "neither done nor in the minutes");
        let good = Decide::Case(told.no, dispatch("lighting"));
        stage.wait(stage.app.decide_at_meeting(&coordinator, id, text, good)).unwrap();
        assert_eq!(stage.case(told.no).state, State::Assigned);
        let page = stage.wait(stage.app.meeting_page(&coordinator, id)).unwrap();
        assert_eq!((page.meeting.decisions.len(), page.agenda.len()), (1, 0));
        stage.wait(stage.app.close_meeting(&coordinator, id)).unwrap();
        let refused = Decide::PutOff(About::Case(told.no));
        assert!(stage.wait(stage.app.decide_at_meeting(&coordinator, id, "再议".into(), refused)).is_err());
        let stranger = stage.wait(stage.app.meeting_page(&who(Role::SectionOfficer), id));
        assert!(matches!(stranger, Err(AppError::NotFound)));
        stage.verify();
    }
}
