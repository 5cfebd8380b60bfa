//! What people do with a case.

use crate::stage::{HOME, on_both, said, who};
use app::{AppError, Say, Step};
use domain::access::Role;
use domain::cases::{CaseEvent, Refusal, Satisfaction, Solved, State, Urgency};
use domain::{Actor, CaseNo};
use jiff::civil::date;

on_both! {
    /// The same form sent twice, side by side and once more later, makes one case with one link.
    fn a_double_tap(stage) {
        let (one, two) = stage.wait(async {
            let first = stage.app.report(said("三楼楼道灯不亮", 1));
            let second = stage.app.report(said("三楼楼道灯不亮", 1));
            (first.await, second.await)
        });
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one, two);
        assert_eq!(stage.report("三楼楼道灯不亮", 1), one);
        let other = stage.report("三楼楼道灯不亮", 2);
        assert_ne!(other.no, one.no);
        assert_eq!(stage.cases(), 2);
        stage.verify();
    }

    /// Eight taps at the same moment, each on a thread of its own.
    fn a_crowd_of_taps(stage) {
        let taps: Vec<_> = (0..8).map(|_| {
            let app = stage.app.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(app.report(said("门口雨棚塌了一角", 3))).unwrap()
            })
        }).collect();
        let told: Vec<_> = taps.into_iter().map(|t| t.join().unwrap()).collect();
        assert!(told.iter().all(|a| *a == told[0]), "{told:?}");
        assert_eq!(stage.cases(), 1);
    }

    /// What may be danger stands at the top until a person has looked; what they say is kept, and the clock follows.
    fn a_person_looks_first(stage) {
        let no = stage.report("楼下有股焦味，不知道哪家烧菜糊了", 1).no;
        let waiting = stage.case(no);
        assert_eq!(waiting.urgency, Urgency::Perhaps);
        let within_the_hour = waiting.due.unwrap().1;
        assert!(within_the_hour.duration_since(waiting.reported_at).as_mins() <= 60);
        assert!(stage.act(Role::CommitteeWorker, no, Step::Weigh { pressing: true }).is_err());
        stage.act(Role::PrecinctCoordinator, no, Step::Weigh { pressing: false }).unwrap();
        let looked_at = stage.case(no);
        assert_eq!(looked_at.urgency, Urgency::Normal);
        assert!(looked_at.due.unwrap().1 > within_the_hour, "{waiting:?} {looked_at:?}");
        // And the other way round: an alarm that no word raised.
        let missed = stage.report("楼道灯不亮", 2).no;
        stage.act(Role::PrecinctCoordinator, missed, Step::Weigh { pressing: true }).unwrap();
        let raised = stage.case(missed);
        assert!(raised.urgency == Urgency::Danger && raised.due.unwrap().1 <= within_the_hour);
        stage.verify();
    }

    /// Two people, two reports of one thing, merged: nobody's voice is lost, both follow the same story to its
    /// end, each rates; undone, each goes on alone.
    fn merging_keeps_voices(stage) {
        let first = stage.report("三楼楼道灯不亮", 1);
        let second = stage.report("楼道太黑，老人差点摔倒", 2);
        stage.act(Role::PrecinctCoordinator, second.no, Step::Merge { into: first.no }).unwrap();
        assert_eq!(stage.case(first.no).voices, 2);
        assert_eq!(stage.case(second.no).state, State::Merged);
        stage.dispatch(first.no);
        stage.answer(first.no, "三楼灯泡已换");
        for link in [&first.link, &second.link] {
            let seen = stage.wait(stage.app.follow(link)).unwrap();
            assert_eq!((seen.case.no, seen.case.state), (first.no, State::Answered));
            let told = seen.events.iter().any(
                |e| matches!(&e.event, CaseEvent::Answered { outcome, .. } if outcome == "三楼灯泡已换"),
            );
            assert!(told, "both are told the outcome");
        }
        let theirs = stage.wait(stage.app.follow(&second.link)).unwrap();
        assert_eq!(theirs.own.text, "楼道太黑，老人差点摔倒");
        stage.wait(stage.app.say(&second.link, Say::Rate(Satisfaction::Mostly, String::new()))).unwrap();
        stage.wait(stage.app.say(&first.link, Say::Solved(Some(Satisfaction::Satisfied), String::new()))).unwrap();
        assert_eq!(stage.wait(stage.app.follow(&second.link)).unwrap().rated, Some(Satisfaction::Mostly));
        assert_eq!(stage.wait(stage.app.follow(&first.link)).unwrap().rated, Some(Satisfaction::Satisfied));
        stage.verify();
    }

    /// A merger undone: both cases stand as if it had not been, and a voice that came meanwhile stays.
    fn a_merger_undone(stage) {
        let first = stage.report("三楼楼道灯不亮", 1);
        let second = stage.report("电梯异响", 2);
        stage.act(Role::PrecinctCoordinator, second.no, Step::Merge { into: first.no }).unwrap();
        let joined = app::Incoming { join: Some(first.no), ..said("我家门口也黑", 3) };
        stage.wait(stage.app.report(joined)).unwrap();
        assert_eq!(stage.case(first.no).voices, 3);
        stage.act(Role::PrecinctCoordinator, second.no, Step::Separate).unwrap();
        assert_eq!((stage.case(first.no).voices, stage.case(second.no).voices), (2, 1));
        assert_eq!(stage.case(second.no).state, State::Received);
        let alone = stage.wait(stage.app.follow(&second.link)).unwrap();
        assert_eq!((alone.case.no, alone.case.text.as_str()), (second.no, "电梯异响"));
        let into_itself = stage.act(Role::PrecinctCoordinator, first.no, Step::Merge { into: first.no });
        assert!(matches!(into_itself, Err(AppError::Refused(Refusal::IntoItself))), "{into_itself:?}");
        stage.verify();
    }

    /// The third return goes to the precinct's meeting, and each counts.
    fn the_third_return_goes_to_the_meeting(stage) {
        let case = stage.report("三楼楼道灯不亮", 1).no;
        for n in 1..=3 {
            stage.dispatch(case);
            let back = Step::Return { ground: "不在职责清单".into(), note: "属物业".into() };
            stage.act(Role::SectionOfficer, case, back).unwrap();
            let stands = if n < 3 { State::Received } else { State::AtMeeting };
            assert_eq!((stage.case(case).state, stage.case(case).returns), (stands, n));
        }
        stage.verify();
    }

    /// Parked with law and review date, taken up again; a review in the past is refused.
    fn parked(stage) {
        let a = stage.report("想给老楼加装电梯", 1);
        let park = |review_on| Step::Park { cause: "结构不允许".into(), law: "沪建规".into(), review_on };
        let past = stage.act(Role::PrecinctCoordinator, a.no, park(date(2026, 3, 2)));
        assert!(matches!(past, Err(AppError::Refused(Refusal::ReviewInThePast))), "{past:?}");
        assert!(matches!(stage.act(Role::SectionOfficer, a.no, park(date(2026, 9, 1))), Err(AppError::NotFound)));
        stage.act(Role::PrecinctCoordinator, a.no, park(date(2026, 9, 1))).unwrap();
        let seen = stage.wait(stage.app.follow(&a.link)).unwrap();
        assert_eq!(seen.case.state, State::Parked);
        assert!(seen.offers().remark && seen.offers().rate && !seen.offers().not_solved);
        stage.act(Role::PrecinctCoordinator, a.no, Step::Unpark).unwrap();
        assert_eq!(stage.case(a.no).state, State::Received);
        stage.verify();
    }

    /// Who opens what was masked says what for, and the neighbourhood sees it; the words themselves are masked.
    fn a_look_leaves_a_trace(stage) {
        let told = app::Incoming { contact: "13800001234".into(), ..said("灯不亮，请打13800001234", 1) };
        let a = stage.wait(stage.app.report(told)).unwrap();
        assert!(!stage.case(a.no).text.contains("13800001234"));
        let office = who(Role::DistrictOffice);
        let nothing = stage.wait(stage.app.unmask(&office, a.no, "  "));
        assert!(matches!(nothing, Err(AppError::Invalid(_))), "{nothing:?}");
        let worker = stage.wait(stage.app.unmask(&who(Role::CommitteeWorker), a.no, "想看看"));
        assert!(matches!(worker, Err(AppError::NotAllowed)), "{worker:?}");
        let looks = || stage.app.store().read(|tx| tx.looks_in(Some(&[HOME]), 50)).wait().unwrap();
        assert!(looks().is_empty(), "a look that was refused is none");
        let opened = stage.wait(stage.app.unmask(&office, a.no, "回电")).unwrap();
        assert_eq!(opened.voices[0].1.as_deref(), Some("13800001234"));
        let looks = looks();
        assert_eq!((looks.len(), looks[0].purpose.as_str(), looks[0].staff), (1, "回电", office.staff));
    }

    /// Nobody but who reported rates, confirms or withdraws; whoever handled a case does not ring back.
    fn staff_cannot_rate(stage) {
        let a = stage.report("三楼楼道灯不亮", 1);
        stage.dispatch(a.no);
        stage.answer(a.no, "三楼灯泡已换");
        let staff = Actor::Staff { id: who(Role::SectionOfficer).staff, unit: None };
        let ctx = domain::Context::new(stage.app.now(), staff, [1; 32]);
        let rules = domain::rulebook::Rulebook::china();
        let rate = domain::cases::Command::Rate { voice: 1, satisfaction: Satisfaction::Satisfied };
        let tried = domain::cases::decide(&stage.case(a.no), rate, &ctx, &rules);
        assert_eq!(tried, Err(Refusal::NotFromStaff));
        let rung = || Step::CallBack { solved: Some(Solved::Yes), satisfaction: None, note: "好了".into() };
        let own = stage.act(Role::SectionOfficer, a.no, rung());
        assert!(matches!(own, Err(AppError::NotAllowed)), "{own:?}");
        stage.act(Role::PrecinctCoordinator, a.no, rung()).unwrap();
        assert_eq!(stage.case(a.no).state, State::Closed);
        assert!(matches!(stage.wait(stage.app.follow("0000")), Err(AppError::NotFound)));
    }

    /// What lies elsewhere is not there at all, whatever is tried.
    fn elsewhere(stage) {
        let there = app::Incoming {
            doorway: Some(domain::DoorwayId(6)), place: Some(domain::PlaceId(101)), ..said("隔壁片区的事", 1)
        };
        let no = stage.wait(stage.app.report(there)).unwrap().no;
        for role in [Role::CommitteeWorker, Role::PrecinctCoordinator, Role::SectionOfficer, Role::SystemAdmin] {
            let tried = stage.act(role, no, Step::Note { text: "看看".into() });
            assert!(matches!(tried, Err(AppError::NotFound)), "{role:?}: {tried:?}");
            assert!(matches!(stage.wait(stage.app.case_page(&who(role), no)), Err(AppError::NotFound)));
        }
        stage.act(Role::SubdistrictLeader, no, Step::Note { text: "看看".into() }).unwrap();
        let missing = stage.act(Role::SubdistrictLeader, CaseNo(999), Step::Note { text: "看看".into() });
        assert!(matches!(missing, Err(AppError::NotFound)));
    }
}
