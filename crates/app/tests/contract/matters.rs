//! What is one matter: asked before it is sent, named on the case's page, and kept in groups as it comes in.

use crate::stage::{OTHER_PRECINCT, on_both, who};
use app::{AppError, Step, Who};
use domain::access::{Grant, Role};
use domain::{CaseNo, DoorwayId};

/// Whoever coordinates the precinct next door.
fn neighbour() -> Who {
    let grant = Grant { role: Role::PrecinctCoordinator, place: Some(OTHER_PRECINCT), unit: None };
    Who { grants: vec![grant], ..who(Role::PrecinctCoordinator) }
}

on_both! {
    /// Whoever is about to send what has been said at this door, in other words, is shown it with what both say, names and
    /// rooms hidden; what is another matter is not, and nobody is asked while something cannot wait.
    fn is_it_one_of_these(stage) {
        let first = stage.report("王阿姨说电梯停了三天，老人下不了楼", 1).no;
        stage.report("门口的垃圾没有清运", 2);
        let asked = |text: &str| {
            let found = stage.app.asked_before_sending(DoorwayId(5), text);
            stage.wait(found).unwrap().into_iter().map(|a| (a.case.no, a.shared)).collect::<Vec<_>>()
        };
        assert_eq!(asked("电梯又坏了，老人出不了门"), [(first, vec!["电梯".to_owned(), "老人".to_owned()])]);
        assert_eq!(asked("墙上有人乱贴广告"), []);
        assert_eq!(asked("电梯停了，老人关在电梯里出不来，救命"), []);
        // The same at dispatch, where the case's own page names it.
        let second = stage.report("电梯又坏了，老人出不了门", 3).no;
        let page = stage.wait(stage.app.case_page(&who(Role::PrecinctCoordinator), second)).unwrap();
        assert_eq!(page.similar[0].case.no, first);
        assert!(page.similar[0].is_here && page.similar[0].shared.contains(&"电梯".to_owned()));
    }

    /// Groups are kept between looks: what comes in is placed while nobody looks, what a person merged is where they put it,
    /// what was closed is open no more, and nobody sees what is not theirs.
    fn groups_are_kept_and_right(stage) {
        let coordinator = who(Role::PrecinctCoordinator);
        let seen = |who: &Who| stage.wait(stage.app.largest_matters(who)).unwrap();
        let cases = |who: &Who| seen(who).into_iter().map(|m| m.cases).collect::<Vec<_>>();
        assert_eq!(cases(&coordinator), Vec::<Vec<CaseNo>>::new());
        let first = stage.report("楼道的灯坏了好几天，晚上看不见台阶", 1).no;
        let second = stage.report("楼道灯坏了好几天，晚上看不见，没人修", 2).no;
        let other = stage.report("门口的垃圾没有清运，臭气熏天", 3).no;
        assert_eq!(cases(&coordinator), [[first, second]]);
        stage.later(1);
        let third = stage.report("楼道的灯坏了好几天了，看不见台阶", 4).no;
        stage.later(2);
        assert_eq!(cases(&coordinator), [[first, second, third]]);

        // A person knows better: it is counted once, with the one that it was merged into.
        stage.act(Role::PrecinctCoordinator, other, Step::Merge { into: first }).unwrap();
        let matter = seen(&coordinator).remove(0);
        assert_eq!((matter.cases, matter.people), (vec![first, second, other, third], 4));
        assert_eq!(matter.open, 3);
        stage.act(Role::PrecinctCoordinator, other, Step::Separate).unwrap();
        assert_eq!(cases(&coordinator), [[first, second, third]]);
        let redirect = Step::Redirect { to: "法院".into(), text: "这件事请向法院提出".into() };
        stage.act(Role::PrecinctCoordinator, third, redirect).unwrap();
        assert_eq!((seen(&coordinator)[0].cases.len(), seen(&coordinator)[0].open), (3, 2));

        // The precinct next door has none of them, nor has it a way to ask.
        assert_eq!(cases(&neighbour()), Vec::<Vec<CaseNo>>::new());
        let refused = stage.wait(stage.app.largest_matters(&who(Role::CommitteeWorker)));
        assert!(matches!(refused, Err(AppError::NotAllowed)));
    }
}
