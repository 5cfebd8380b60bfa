//! What people say that cases are about is learnt at once, counted by month, and forgotten when somebody says so.

use crate::stage::{COMMITTEE, OTHER_PRECINCT, SECTION, at, on_both, who};
use app::{AppError, Step};
use domain::access::Role;
use domain::cases::{Kind, local_date};
use store::subjects::Agreement;

on_both! {
    /// A text that nothing built in knows is given a subject twice; the next one like it is read so. Taken back, it is not.
    fn a_correction_teaches_at_once(stage) {
        let coordinator = who(Role::PrecinctCoordinator);
        let office = who(Role::DistrictOffice);
        let text = "水表间的格栅松脱，走过去咔咔响";
        let give = |no, subject: &str| {
            let step = Step::Dispatch { unit: COMMITTEE, subject: subject.into(), kind: Kind::Complaint, reason: "就近".into() };
            stage.wait(stage.app.act(&coordinator, no, step)).unwrap();
        };
        let read = |once| {
            let no = stage.report(text, once).no;
            let page = stage.wait(stage.app.case_page(&coordinator, no)).unwrap();
            (no, page.case.subject, page.read_as.unwrap())
        };
        let (first, before, told) = read(1);
        assert_ne!(before, "neighbours", "nothing built in says so: {told:?}");
        assert_eq!(told.likeliest.len(), 3);
        give(first, "neighbours");
        assert!(stage.app.learn().unwrap() && !stage.app.learn().unwrap());
        let (second, after, told) = read(2);
        assert_eq!((after.as_str(), told.told.label.as_str()), ("neighbours", "neighbours"), "{told:?}");

        // The month: one case otherwise than proposed, one as proposed. What was learnt is shown, nobody is named.
        give(second, "neighbours");
        stage.app.learn().unwrap();
        let today = local_date(at(0));
        let page = || stage.wait(stage.app.reading_page(&office, today)).unwrap();
        let Agreement { subject, cases, agreed, returned, .. } = page().agreement.remove(0);
        assert_eq!((subject.as_str(), cases, agreed, returned), ("neighbours", 2, 1, 0));
        let learnt = page().learnt;
        assert_eq!((learnt.len(), learnt[0].case, learnt[0].proposed.as_str()), (1, first, before.as_str()));
        assert!(stage.wait(stage.app.reading_page(&office, today.checked_sub(jiff::Span::new().months(2)).unwrap())).unwrap().agreement.is_empty());
        for other in [Role::PrecinctCoordinator, Role::Auditor, Role::SystemAdmin] {
            let refused = stage.wait(stage.app.reading_page(&who(other), today));
            assert!(matches!(refused, Err(AppError::NotAllowed)), "{other:?}");
        }

        // A program that starts anew knows it still; forgotten, it reads as before.
        let refused = stage.wait(stage.app.forget_correction(&coordinator, first));
        assert!(matches!(refused, Err(AppError::NotAllowed)));
        stage.wait(stage.app.forget_correction(&office, first)).unwrap();
        let again = stage.wait(stage.app.forget_correction(&office, first));
        assert!(matches!(again, Err(AppError::NotFound)));
        assert!(stage.app.learn().unwrap());
        assert_eq!(read(3).1, before);
        assert!(page().learnt.is_empty());
    }

    /// What is reported most is kept from one look to the next: what came since joins it, each case counts as it stands
    /// now, and whoever may not see the cases sees no group, whoever looked before.
    fn what_is_reported_most_is_kept_between_looks(stage) {
        let coordinator = who(Role::PrecinctCoordinator);
        let mut elsewhere = who(Role::PrecinctCoordinator);
        elsewhere.grants[0].place = Some(OTHER_PRECINCT);
        let look = |who| stage.wait(stage.app.largest_matters(who)).unwrap();
        let say = |once: u8| stage.report(&format!("水表间格栅松脱，咔咔作响第{once}次"), once).no;
        assert_eq!((look(&elsewhere), look(&coordinator)), (vec![], vec![]));
        let (first, second) = (say(1), say(2));
        stage.report("请问居住证在哪里办", 9);
        let before = look(&coordinator);
        assert_eq!((before.len(), &before[0].cases), (1, &vec![first, second]));
        assert_eq!(look(&coordinator), before, "nothing came since");
        assert_eq!(look(&elsewhere), vec![]);
        let third = say(3);
        stage.dispatch(first);
        stage.answer(first, "已修好");
        let after = look(&coordinator);
        assert_eq!((after.len(), &after[0].cases), (1, &vec![first, second, third]));
        assert_eq!((after[0].people, &after[0].joinable), (3, &vec![second, third]));
    }

    /// A dispatch taken back teaches nothing; the one after it does.
    fn what_was_taken_back_teaches_nothing(stage) {
        let coordinator = who(Role::PrecinctCoordinator);
        let office = who(Role::DistrictOffice);
        let no = stage.report("走廊里的格栅松脱了", 1).no;
        let give = |unit, subject: &str| {
            let step = Step::Dispatch { unit, subject: subject.into(), kind: Kind::Complaint, reason: "就近".into() };
            stage.wait(stage.app.act(&coordinator, no, step)).unwrap();
        };
        give(SECTION, "lighting");
        stage.wait(stage.app.act(&coordinator, no, Step::Recall)).unwrap();
        stage.app.learn().unwrap();
        let learnt = || stage.wait(stage.app.reading_page(&office, local_date(at(0)))).unwrap().learnt;
        assert_eq!(learnt(), []);
        give(COMMITTEE, "neighbours");
        stage.app.learn().unwrap();
        assert_eq!(learnt()[0].chosen, "neighbours");
    }
}
