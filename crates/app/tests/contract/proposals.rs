//! Who is proposed, what is kept of the choice, and what is learnt from it.

use crate::stage::{COMMITTEE, SECTION, on_both, who};
use app::{AppError, Step};
use domain::access::Role;
use domain::cases::{CaseEvent, Kind, Refusal};
use domain::proposing::Reason;
use domain::{CaseNo, UnitId};

fn give(unit: UnitId, reason: &str) -> Step {
    Step::Dispatch { unit, subject: "lighting".into(), kind: Kind::Help, reason: reason.into() }
}

on_both! {
    /// A proposal taken as it stands is its own reason; another unit needs one. Both are kept in the event.
    fn what_was_chosen_and_why(stage) {
        let no = stage.report("三楼楼道灯不亮", 1).no;
        let coordinator = who(Role::PrecinctCoordinator);
        let ranked = stage.wait(stage.app.proposals(&coordinator, no)).unwrap();
        assert_eq!(ranked.iter().map(|r| r.unit).collect::<Vec<_>>(), [SECTION], "only whose duty it is");
        stage.act(Role::PrecinctCoordinator, no, give(SECTION, "")).unwrap();
        let kept = |no: CaseNo| {
            let page = stage.wait(stage.app.case_page(&coordinator, no)).unwrap();
            page.events.into_iter().find_map(|e| match e.event {
                CaseEvent::Dispatched { proposed, reason, .. } => Some((proposed, reason)),
                _ => None,
            }).unwrap()
        };
        assert_eq!(kept(no), (Some(1), "负责公共照明；管辖本街镇；现有未结0件。".into()));

        let no = stage.report("路灯不亮", 2).no;
        let without = stage.act(Role::PrecinctCoordinator, no, give(crate::stage::POLICE, " "));
        assert!(matches!(without, Err(AppError::Refused(Refusal::Missing("reason")))), "{without:?}");
        let off = stage.act(Role::PrecinctCoordinator, no, give(COMMITTEE, "近"));
        assert!(matches!(off, Err(AppError::Refused(Refusal::OffTheList))), "{off:?}");
        stage.act(Role::PrecinctCoordinator, no, give(crate::stage::POLICE, "市里统一安排")).unwrap();
        assert_eq!(kept(no), (None, "市里统一安排".into()));
        // Chosen or not: without the duty it is never proposed.
        let no = stage.report("门口灯坏了", 3).no;
        let ranked = stage.wait(stage.app.proposals(&coordinator, no)).unwrap();
        assert_eq!(ranked.iter().map(|r| r.unit).collect::<Vec<_>>(), [SECTION]);
        stage.verify();
    }

    /// What comes of a case counts at once, and the same after the news are added to the sums.
    fn outcomes_are_learnt(stage) {
        let coordinator = who(Role::PrecinctCoordinator);
        let no = stage.report("三楼楼道灯不亮", 1).no;
        stage.dispatch(no);
        stage.act(Role::SectionOfficer, no, Step::Return { ground: "不在清单".into(), note: "非公共照明".into() }).unwrap();
        stage.dispatch(no);
        stage.answer(no, "三楼灯泡已换");
        let second = stage.report("四楼楼道灯不亮", 2);
        let before = |no| {
            let ranked = stage.wait(stage.app.proposals(&coordinator, no)).unwrap();
            ranked[0].reasons.iter().find_map(|r| match r {
                Reason::Before { chosen, returned, settled, unsettled, .. } => Some((*chosen, *returned, *settled, *unsettled)),
                _ => None,
            })
        };
        assert_eq!(before(second.no), Some((2, 1, 0, 0)));
        stage.app.plant_jobs().unwrap();
        // Nobody speaks against the answer: it is closed, and the sums are brought up to date.
        stage.later(60 * 24 * 14);
        assert_eq!(before(second.no), Some((2, 1, 1, 0)));
        stage.verify();
    }
}
