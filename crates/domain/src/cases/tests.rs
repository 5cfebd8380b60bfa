use super::*;
use crate::{Actor, CaseNo, Context, StaffId, UnitId, testing};
use jiff::SignedDuration;
use proptest::prelude::*;

fn at(hour: i64, actor: Actor) -> Context {
    let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    Context::new(start + SignedDuration::from_hours(hour), actor, [0; 32])
}

const DISPATCHER: Actor = Actor::Staff { id: StaffId(1), unit: None };
const WORKER: Actor = Actor::Staff { id: StaffId(2), unit: Some(UnitId(9)) };

/// A case and all its events, stepped through by commands.
struct Story {
    case: Case,
    events: Vec<Recorded>,
}

impl Story {
    fn begin() -> Story {
        let (case, events) = open(
            CaseNo(1),
            Report::example("楼道灯坏了三天"),
            &at(0, Actor::Resident),
            &testing::deadlines(),
        );
        Story { case, events }
    }

    fn step(&mut self, hour: i64, actor: Actor, command: Command) -> Result<(), Refusal> {
        let events = decide(&self.case, command, &at(hour, actor), &testing::deadlines())?;
        for e in &events {
            self.case = apply(self.case.clone(), e);
        }
        self.events.extend(events);
        assert_eq!(rebuild(CaseNo(1), &self.events).as_ref(), Some(&self.case));
        Ok(())
    }

    fn dispatched() -> Story {
        let mut s = Story::begin();
        s.step(1, DISPATCHER, dispatch()).unwrap();
        s
    }

    fn answered() -> Story {
        let mut s = Story::dispatched();
        s.step(2, WORKER, Command::FirstContact { reached: true, note: "约好下午上门".into() }).unwrap();
        s.step(8, WORKER, answer()).unwrap();
        s
    }
}

fn dispatch() -> Command {
    Command::Dispatch {
        unit: UnitId(9),
        off_list: false,
        subject: "lighting".into(),
        kind: Kind::Complaint,
        reason: "职责清单第一位".into(),
        proposed: Some(1),
    }
}

fn answer() -> Command {
    Command::Answer {
        outcome: "已更换灯泡2只".into(),
        quantities: vec![Quantity { amount: "2".into(), what: "只灯泡更换".into() }],
        solved: Solved::Yes,
    }
}

#[test]
fn from_the_door_to_the_rating() {
    let mut s = Story::answered();
    assert_eq!(s.case.state, State::Answered);
    s.step(9, Actor::Resident, Command::Confirm { voice: 1 }).unwrap();
    assert_eq!(s.case.state, State::Closed);
    s.step(9, Actor::Resident, Command::Rate { voice: 1, satisfaction: Satisfaction::Satisfied }).unwrap();
    assert_eq!(s.case.satisfaction, Some(Satisfaction::Satisfied));
    assert_eq!(s.case.solved_resident, Some(Solved::Yes));
    assert_eq!(s.case.due, None);
}

#[test]
fn no_answer_before_the_resident_was_rung() {
    let mut s = Story::dispatched();
    assert_eq!(s.step(2, WORKER, answer()), Err(Refusal::NoFirstContact));
    s.step(2, WORKER, Command::FirstContact { reached: false, note: "无人接听".into() }).unwrap();
    assert_eq!(s.case.state, State::Assigned, "a call that nobody took is no first contact");
    assert_eq!(s.step(3, WORKER, answer()), Err(Refusal::NoFirstContact));
}

#[test]
fn the_third_return_goes_to_the_meeting() {
    let mut s = Story::begin();
    for n in 1..=3 {
        s.step(n, DISPATCHER, dispatch()).unwrap();
        s.step(n, WORKER, Command::Return { ground: "不在本单位职责清单".into(), note: "属市政道路".into() })
            .unwrap();
        let expected = if n == 3 { State::AtMeeting } else { State::Received };
        assert_eq!(s.case.state, expected, "after return {n}");
    }
    assert_eq!((s.case.returns, s.case.hops), (3, 3));
}

#[test]
fn a_committee_is_never_lead_for_what_is_off_its_list() {
    let mut s = Story::begin();
    let Command::Dispatch { unit, subject, kind, reason, .. } = dispatch() else { unreachable!() };
    let off = Command::Dispatch { unit, off_list: true, subject, kind, reason, proposed: None };
    assert_eq!(s.step(1, DISPATCHER, off), Err(Refusal::OffTheList));
}

#[test]
fn not_closed_against_the_residents_word_by_who_handled_it() {
    let mut s = Story::answered();
    s.step(9, Actor::Resident, Command::NotSolved { voice: 1, text: "又坏了".into() }).unwrap();
    assert_eq!((s.case.state, s.case.not_solved), (State::InHand, 1));
    assert_eq!(s.case.due.map(|d| d.0), Some(Clock::SecondHandling));
    s.step(20, WORKER, answer()).unwrap();
    assert_eq!(s.case.due.map(|d| d.0), Some(Clock::CallBack), "silence no longer counts as agreement");
    assert!(s.step(9000, Actor::System, Command::CloseOnSilence).is_err());
    let call = |solved| Command::CallBack { solved, satisfaction: None, note: "居民说好了".into() };
    assert_eq!(s.step(30, WORKER, call(Some(Solved::Yes))), Err(Refusal::OwnWork));
    s.step(30, DISPATCHER, call(None)).unwrap();
    assert_eq!(s.case.state, State::Answered, "nobody answered the phone: it stays open");
    s.step(31, DISPATCHER, call(Some(Solved::No))).unwrap();
    assert_eq!((s.case.state, s.case.not_solved), (State::InHand, 2));
    s.step(32, WORKER, answer()).unwrap();
    s.step(33, DISPATCHER, call(Some(Solved::Yes))).unwrap();
    assert_eq!(s.case.state, State::Closed);
}

#[test]
fn silence_closes_only_when_its_time_has_come() {
    let mut s = Story::answered();
    assert!(s.step(10, Actor::System, Command::CloseOnSilence).is_err());
    s.step(8 + 168, Actor::System, Command::CloseOnSilence).unwrap();
    assert_eq!(s.case.state, State::Closed);
    s.step(8 + 200, Actor::Resident, Command::NotSolved { voice: 1, text: "没有".into() }).unwrap();
    assert_eq!(s.case.state, State::InHand, "a closed case opens again on the resident's word");
}

#[test]
fn a_rating_never_comes_from_staff() {
    let mut s = Story::answered();
    let rate = |voice| Command::Rate { voice, satisfaction: Satisfaction::Satisfied };
    assert_eq!(s.step(9, WORKER, rate(1)), Err(Refusal::NotFromStaff));
    assert_eq!(s.step(9, DISPATCHER, rate(1)), Err(Refusal::NotFromStaff));
    assert_eq!(s.step(9, Actor::Resident, rate(2)), Err(Refusal::NoSuchVoice));
}

#[test]
fn a_merge_loses_no_voice_and_can_be_undone() {
    let mut s = Story::begin();
    assert_eq!(
        s.step(1, DISPATCHER, Command::MergeInto { into: CaseNo(1), into_open: true }),
        Err(Refusal::IntoItself)
    );
    s.step(1, DISPATCHER, Command::MergeInto { into: CaseNo(7), into_open: true }).unwrap();
    assert_eq!((s.case.state, s.case.merged_into), (State::Merged, Some(CaseNo(7))));
    s.step(2, DISPATCHER, Command::Separate).unwrap();
    assert_eq!((s.case.state, s.case.merged_into), (State::Received, None));
}

#[test]
fn a_person_says_whether_it_is_pressing_and_the_clock_follows() {
    let mut s = Story::begin();
    let from_the_start = s.case.due.unwrap().1;
    s.step(1, DISPATCHER, Command::Weigh { pressing: true }).unwrap();
    assert_eq!(s.case.urgency, Urgency::Danger);
    let within_the_hour = s.case.due.unwrap();
    assert!(within_the_hour.0 == Clock::Dispatch && within_the_hour.1 < from_the_start);
    // Said again later, it runs on: saying so twice gives no second hour.
    s.step(2, DISPATCHER, Command::Weigh { pressing: true }).unwrap();
    assert_eq!(s.case.due, Some(within_the_hour));
    s.step(2, DISPATCHER, Command::Weigh { pressing: false }).unwrap();
    assert_eq!((s.case.urgency, s.case.due.unwrap().1), (Urgency::Normal, from_the_start));
    // Once a unit has had it, how pressing it was has been settled by giving it away.
    s.step(3, DISPATCHER, dispatch()).unwrap();
    let refused = s.step(4, DISPATCHER, Command::Weigh { pressing: true });
    assert_eq!(refused, Err(Refusal::NotNow(State::Assigned)));
}

#[test]
fn parking_says_why_and_until_when() {
    let mut s = Story::begin();
    let park = |cause: &str, on: &str| Command::Park {
        cause: cause.into(),
        law: "规划条例".into(),
        review_on: on.parse().unwrap(),
    };
    assert_eq!(s.step(1, DISPATCHER, park(" ", "2026-09-01")), Err(Refusal::Missing("cause")));
    assert_eq!(s.step(1, DISPATCHER, park("权属不清", "2026-03-02")), Err(Refusal::ReviewInThePast));
    s.step(1, DISPATCHER, park("权属不清", "2026-09-01")).unwrap();
    assert!(!s.case.state.is_open());
    s.step(2, DISPATCHER, Command::Unpark).unwrap();
    assert_eq!(s.case.state, State::Received);
}

fn any_command() -> impl Strategy<Value = (Actor, Command)> {
    let text = || prop::sample::select(vec!["", "说明", "另一句话"]).prop_map(String::from);
    let solved = || prop::sample::select(Solved::ALL.to_vec());
    let actor = prop::sample::select(vec![Actor::Resident, DISPATCHER, WORKER, Actor::System]);
    let command = prop_oneof![
        text().prop_map(|text| Command::AddVoice { text, contact: None, channel: Channel::Door }),
        (0u16..3, text()).prop_map(|(voice, text)| Command::Remark { voice, text, original: None }),
        Just(dispatch()),
        Just(Command::Recall),
        any::<bool>().prop_map(|pressing| Command::Weigh { pressing }),
        (any::<bool>(), text()).prop_map(|(reached, note)| Command::FirstContact { reached, note }),
        text().prop_map(|note| Command::Return { ground: "清单".into(), note }),
        text().prop_map(|tried| Command::Refer { tried }),
        text().prop_map(|reason| Command::Extend { reason }),
        (text(), solved()).prop_map(|(outcome, solved)| Command::Answer {
            outcome,
            quantities: vec![],
            solved
        }),
        text().prop_map(|text| Command::AnswerAtOnce { text }),
        (0u16..3).prop_map(|voice| Command::Confirm { voice }),
        (0u16..3, text()).prop_map(|(voice, text)| Command::NotSolved { voice, text }),
        (0u16..3).prop_map(|voice| Command::Rate { voice, satisfaction: Satisfaction::Mostly }),
        (prop::option::of(solved()), text()).prop_map(|(solved, note)| Command::CallBack {
            solved,
            satisfaction: None,
            note
        }),
        text().prop_map(|cause| Command::Park {
            cause,
            law: "法".into(),
            review_on: "2027-01-01".parse().unwrap()
        }),
        Just(Command::Unpark),
        (1i64..3, any::<bool>()).prop_map(|(n, into_open)| Command::MergeInto { into: CaseNo(n), into_open }),
        Just(Command::Separate),
        (0u16..3, text()).prop_map(|(voice, text)| Command::Withdraw { voice, text }),
        Just(Command::CloseOnSilence),
    ];
    (actor, command)
}

proptest! {
    /// Whatever is asked in whatever order: the events alone give the same state, an open case always has
    /// a clock running, an ended one has none, and no event is lost or numbered twice.
    #[test]
    fn any_order_of_commands_keeps_the_invariants(
        commands in prop::collection::vec((0i64..40, any_command()), 0..40),
    ) {
        let mut s = Story::begin();
        let mut hour = 0;
        for (later, (actor, command)) in commands {
            hour += later;
            let before = s.case.clone();
            let refused = s.step(hour, actor, command).is_err();
            prop_assert!(!refused || s.case == before, "a refusal changes nothing");
            prop_assert_eq!(s.case.state.is_open(), s.case.due.is_some(), "{:?}", s.case.state);
            prop_assert!(s.case.voices >= 1);
        }
        let numbers: Vec<u32> = s.events.iter().map(|e| e.seq).collect();
        let expected: Vec<u32> = (1..).take(numbers.len()).collect();
        prop_assert_eq!(numbers, expected);
    }

    /// What is offered on the page is what the state allows, and the other way round.
    #[test]
    fn every_event_reads_back_from_json(commands in prop::collection::vec(any_command(), 0..30)) {
        let mut s = Story::begin();
        for (actor, command) in commands {
            let _ = s.step(1, actor, command);
        }
        for e in &s.events {
            let json = serde_json::to_string(&e.event).unwrap();
            prop_assert_eq!(&serde_json::from_str::<CaseEvent>(&json).unwrap(), &e.event);
        }
    }
}
