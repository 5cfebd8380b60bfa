//! Precincts are proposed, drawn by hand and adopted from a day on; yesterday's cases keep yesterday's precinct.

use crate::stage::{HOME, OTHER_PRECINCT, PRECINCT, at, on_both, who};
use app::precincts::{Asked, Gap, Source, Why};
use app::{App, AppError};
use domain::access::Role;
use domain::cases::local_date;
use domain::precincts::{Bounds, Command, DraftState, Right};
use domain::{DraftId, PlaceId, StaffId};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// What the small district of the stage can keep.
const SMALL: Bounds = Bounds { committees: (1, 2), residents: (1_000, 9_000) };

/// Of which precinct each neighbourhood is on a day: exactly one each, whatever the day.
fn members(app: &App, on: Date) -> Vec<(PlaceId, PlaceId)> {
    let (rows, twice) =
        app.store().read(move |tx| Ok::<_, AppError>((tx.places(on)?, tx.places_twice(on)?))).wait().unwrap();
    assert_eq!(twice, [], "{on}");
    let there: Vec<PlaceId> = rows.iter().filter(|p| p.depth == 2).map(|p| p.id).collect();
    let own: Vec<_> = rows.iter().filter(|p| p.depth == 3).map(|p| (p.id, p.parent.unwrap())).collect();
    assert_eq!(own.len(), 2, "{on}: every neighbourhood stands there once");
    assert!(own.iter().all(|(_, parent)| there.contains(parent)), "{on}: in a precinct that is there");
    own
}

fn adopt(from: Date, reason: &str) -> Command {
    let reasons = [PRECINCT, OTHER_PRECINCT].map(|p| (p, reason.to_owned())).into();
    Command::Adopt { from, reasons, named: BTreeMap::new(), waits: None }
}

on_both! {
    /// From a draft to the day on which it holds: cases of before stay where they came in.
    fn a_draft_holds_from_its_day(stage) {
        let (office, app) = (who(Role::DistrictOffice), &stage.app);
        let (today, day) = (local_date(at(0)), local_date(at(3 * DAY)));
        let draft = stage.wait(app.open_draft(&office, "试划".into(), Source::Today)).unwrap();
        let step = |c| stage.wait(app.draft_step(&office, draft, c));
        let place = HOME;
        step(Command::Move { place, to: OTHER_PRECINCT }).unwrap();
        step(Command::Undo).unwrap();
        assert!(matches!(step(adopt(day, "试点")), Err(AppError::Invalid(_))), "nothing moves");
        step(Command::Redo).unwrap();

        let page = stage.wait(app.draft_page(&office, draft, Some(PlaceId(101)))).unwrap();
        assert_eq!((page.moving.len(), page.moving[0].place, page.moving[0].residents), (1, HOME, 4_000));
        assert_eq!(page.ending.iter().map(|e| e.precinct).collect::<Vec<_>>(), [PRECINCT]);
        assert!(page.precincts[0].wrong.len() == 2, "{:?}", page.precincts);

        // Without a reason for what breaks the rules it is not adopted, nor for today.
        assert!(matches!(step(adopt(day, " ")), Err(AppError::Invalid(i)) if i.field == "reason"));
        assert!(matches!(step(adopt(today, "试点")), Err(AppError::Invalid(i)) if i.field == "from"));
        let before = stage.report("楼道灯不亮", 1).no;
        step(adopt(day, "试点")).unwrap();
        let other = stage.wait(app.open_draft(&office, "另一份".into(), Source::Today)).unwrap();
        let to = PRECINCT;
        stage.wait(app.draft_step(&office, other, Command::Move { place: PlaceId(101), to })).unwrap();
        let second = stage.wait(app.draft_step(&office, other, adopt(day, "试点")));
        assert!(matches!(second, Err(AppError::Invalid(i)) if i.field == "from"), "one waits already");

        let path = |no| stage.case(no).path;
        assert_eq!(members(app, today)[0], (HOME, PRECINCT));
        assert_eq!(members(app, day.yesterday().unwrap())[0], (HOME, PRECINCT));
        assert_eq!(members(app, day)[0], (HOME, OTHER_PRECINCT));

        // The day before, all is as it was; on the day, new cases go to the new precinct.
        stage.clock.set(at(2 * DAY));
        stage.app.do_jobs().unwrap();
        let eve = stage.report("楼道又不亮了", 2).no;
        assert!(path(eve).lies_in(PRECINCT));
        stage.clock.set(at(3 * DAY));
        stage.app.do_jobs().unwrap();
        let after = stage.report("今天楼道还是黑的", 3).no;
        assert!(path(after).lies_in(OTHER_PRECINCT) && !path(after).lies_in(PRECINCT));
        assert!(path(before).lies_in(PRECINCT) && path(eve).lies_in(PRECINCT));
        let d = app.directory();
        assert_eq!(d.names(&path(before), true)[1], "某处10", "its precinct keeps its name");
        assert!(!d.is_there(PRECINCT) && d.place(OTHER_PRECINCT).unwrap().residents == 8_000);
        assert!(matches!(step(Command::Withdraw), Err(AppError::Invalid(_))), "its day has come");
        assert_eq!(store::verify::verify(app.store(), |_| ()).unwrap().faults, Vec::<String>::new());
    }

    /// Until its day an adoption is withdrawn, and nothing is left of it.
    fn an_adoption_is_withdrawn(stage) {
        let (office, app) = (who(Role::DistrictOffice), &stage.app);
        let day = local_date(at(2 * DAY));
        let before = members(app, day);
        let draft = stage.wait(app.open_draft(&office, "试划".into(), Source::Today)).unwrap();
        let step = |c| stage.wait(app.draft_step(&office, draft, c));
        step(Command::Move { place: HOME, to: OTHER_PRECINCT }).unwrap();
        for _ in 0..2 {
            step(adopt(day, "试点")).unwrap();
            assert_ne!(members(app, day), before);
            step(Command::Withdraw).unwrap();
            assert_eq!(members(app, day), before);
        }
        let page = stage.wait(app.draft_page(&office, draft, None)).unwrap();
        assert_eq!(page.draft.state, DraftState::Open);
        assert_eq!(members(app, day + 1.year()), before);
    }

    /// What can be done is proposed side by side; what cannot is refused with the arithmetic and what would help.
    fn plans_are_proposed_or_refused(stage) {
        let (office, app) = (who(Role::DistrictOffice), &stage.app);
        let asked = |bounds| Asked { bounds, across: false };
        let leader = who(Role::SubdistrictLeader);
        assert!(matches!(stage.wait(app.ask_for_plans(&leader, asked(SMALL))), Err(AppError::NotAllowed)));
        let wrong = Bounds { committees: (3, 2), ..SMALL };
        let refused = stage.wait(app.ask_for_plans(&office, asked(wrong)));
        assert!(matches!(refused, Err(AppError::Invalid(i)) if i.field == "committees"));
        let id = stage.wait(app.ask_for_plans(&office, asked(SMALL))).unwrap();
        assert!(stage.wait(app.search_page(&office, id)).unwrap().running);
        assert!(app.draw_waiting(&|| false).unwrap());
        assert!(!app.draw_waiting(&|| false).unwrap(), "nothing waits any more");
        let found = stage.wait(app.search_page(&office, id)).unwrap();
        assert!(!found.running && !found.outcome.plans.is_empty(), "{found:?}");
        assert!(found.outcome.plans.iter().all(|p| p.broken == 0 && p.layout.len() == 2));
        let draft = stage.wait(app.open_draft(&office, "方案一".into(), Source::Found(id, 0))).unwrap();
        let page = stage.wait(app.draft_page(&office, draft, None)).unwrap();
        assert_eq!(page.draft.bounds, SMALL);

        let usual = Bounds { committees: (4, 6), residents: (15_000, 25_000) };
        let id = stage.wait(app.ask_for_plans(&office, asked(usual))).unwrap();
        assert!(app.draw_waiting(&|| false).unwrap());
        let none = stage.wait(app.search_page(&office, id)).unwrap();
        let why = &none.outcome.impossible[0].why;
        assert!(matches!(why, Why::Arithmetic { committees: 2, residents: 8_000, .. }), "{why:?}");
    }

    /// A draft is its owner's, and theirs with whom it was shared; leaders see their part of today's plan.
    fn who_sees_what(stage) {
        let (office, app) = (who(Role::DistrictOffice), &stage.app);
        let division = stage.wait(app.division(&office)).unwrap();
        assert!(division.draws && division.precincts.len() == 2);
        assert!(division.gaps.contains(&Gap::NoCoordinator(PRECINCT)));
        let leader = stage.wait(app.division(&who(Role::SubdistrictLeader))).unwrap();
        assert!(!leader.draws && leader.layout.len() == 2);
        for role in [Role::PrecinctCoordinator, Role::CommitteeWorker, Role::Auditor] {
            assert!(matches!(stage.wait(app.division(&who(role))), Err(AppError::NotAllowed)), "{role:?}");
        }
        let draft = stage.wait(app.open_draft(&office, "试划".into(), Source::Today)).unwrap();
        let mut colleague = who(Role::DistrictOffice);
        colleague.staff = StaffId(99);
        let open = |who: &app::Who, id: DraftId| stage.wait(app.draft_page(who, id, None)).map(|p| p.right);
        assert!(matches!(open(&colleague, draft), Err(AppError::NotFound)));
        assert!(matches!(open(&office, DraftId(77)), Err(AppError::NotFound)));
        assert_eq!(open(&office, draft).unwrap(), Right::Edit);
        let nobody = Command::Share(StaffId(99), Right::See);
        assert!(matches!(stage.wait(app.draft_step(&office, draft, nobody)), Err(AppError::Invalid(_))));
    }
}
