//! What is budding is found, told once, answered, and silent for the reason that was given.

use crate::stage::{HOME, OTHER_PRECINCT, PRECINCT, at, on_both, who};
use app::{AppError, StepKind, WarningAnswer, WarningState};
use domain::PlaceId;
use domain::access::Role;
use domain::cases::local_date;
use domain::notices::{Addressee, What};
use jiff::ToSpan;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

on_both! {
    /// Sixty quiet days, then five people in one day: the precinct is warned, once; its answer holds until half as many
    /// again have come.
    fn a_burst_is_warned_of_with_its_fifth_report(stage) {
        let coordinator = who(Role::PrecinctCoordinator);
        let budding = || stage.wait(stage.app.budding(&coordinator)).unwrap();
        let mut once = 0;
        let mut say = |text: &str, minute: i64| {
            once += 1;
            stage.clock.set(at(minute));
            stage.report(text, once)
        };
        for day in (0..60).step_by(6) {
            say("楼道灯不亮", day * DAY);
        }
        assert!(stage.app.look_out().unwrap());
        assert!(!stage.app.look_out().unwrap(), "once an hour");
        assert_eq!(budding(), []);

        // Early on the day nothing is there; it is found in the hour of the fifth report, not the day after.
        stage.clock.set(at(60 * DAY));
        assert!(stage.app.look_out().unwrap());
        assert_eq!(budding(), []);
        let mut told = vec![];
        for n in 0..5 {
            told.push(say("半夜施工噪声太响", 60 * DAY + 20 * n).no);
        }
        assert!(stage.app.look_out().unwrap());
        let found = budding();
        assert_eq!(found.len(), 1, "{found:?}");
        let f = &found[0].warning.finding;
        assert_eq!((f.precinct, f.observed, f.cases.clone()), (PRECINCT, 5.0, told.clone()));
        assert!(f.once_in_days > 30.0 && f.expected < 1.0, "{f:?}");
        assert!(found[0].may_answer);
        // Each report stands at its place and day, with its case.
        let reports: Vec<_> = found[0].told.iter().map(|t| (t.on, t.case)).collect();
        let day = local_date(at(60 * DAY));
        assert_eq!(reports, told.iter().map(|no| (day, Some(*no))).collect::<Vec<_>>());
        assert_eq!(found[0].before, [], "nothing like it was closed before");
        let id = found[0].id;
        // Its coordinator is told, and finds it on the page; nobody elsewhere is.
        let told = |place| {
            let told = stage.app.store().read(move |tx| tx.told(Addressee::Place(place))).wait().unwrap();
            let of = told.into_iter().filter(|n| n.what == What::Budding);
            of.map(|n| n.subject.path()).collect::<Vec<_>>()
        };
        assert_eq!(told(PRECINCT), [format!("/console/budding#bud-{id}")]);
        assert!(told(OTHER_PRECINCT).is_empty());

        // Others do not see it, or may not answer it.
        let section = who(Role::SectionOfficer);
        assert!(matches!(stage.wait(stage.app.budding(&section)), Err(AppError::NotAllowed)));
        let refused = stage.wait(stage.app.answer_warning(&section, id, WarningAnswer::Nothing));
        assert!(matches!(refused, Err(AppError::NotFound)));
        let office = who(Role::DistrictOffice);
        assert!(!stage.wait(stage.app.budding(&office)).unwrap()[0].may_answer);

        // A committee is asked, once, and answers in a line; a visit of today stands with the coordinator as well.
        let today = local_date(at(60 * DAY));
        let worker = who(Role::CommitteeWorker);
        let errands = |of| stage.wait(stage.app.errands(of)).unwrap();
        assert_eq!(found[0].neighbourhoods, [HOME]);
        for kind in [StepKind::Ask, StepKind::Visit] {
            stage.wait(stage.app.take_step(&coordinator, id, kind, HOME, "去看看", today)).unwrap();
            let again = stage.wait(stage.app.take_step(&coordinator, id, kind, HOME, "去看看", today));
            assert!(matches!(again, Err(AppError::Invalid(_))));
            let elsewhere = stage.wait(stage.app.take_step(&coordinator, id, kind, PlaceId(101), "去看看", today));
            assert!(matches!(elsewhere, Err(AppError::Invalid(_))), "another precinct's");
            let refused = stage.wait(stage.app.take_step(&section, id, kind, HOME, "去看看", today));
            assert!(matches!(refused, Err(AppError::NotFound)));
        }
        assert_eq!((errands(&worker).len(), errands(&coordinator).len(), errands(&section).len()), (2, 1, 0));
        let refused = stage.wait(stage.app.say_to_step(&section, id, 0, "没事"));
        assert!(matches!(refused, Err(AppError::NotFound)));
        stage.wait(stage.app.say_to_step(&worker, id, 0, "工地来过，电话13800138000")).unwrap();
        stage.wait(stage.app.say_to_step(&coordinator, id, 1, "看过了")).unwrap();
        let said: Vec<String> =
            budding()[0].warning.steps.iter().filter_map(|s| s.said.clone()).map(|s| s.words).collect();
        assert!(said.len() == 2 && !said[0].contains("13800138000") && said[1] == "看过了", "{said:?}");
        assert!(errands(&worker).is_empty() && errands(&coordinator).is_empty());

        // Known for a reason: no word of it the day after, although another one came.
        let known = |reason: &str, until| WarningAnswer::Known { reason: reason.into(), until };
        for wrong in [known(" ", today), known("修路", today.yesterday().unwrap()), known("修路", today + 2.years())] {
            assert!(matches!(stage.wait(stage.app.answer_warning(&coordinator, id, wrong)), Err(AppError::Invalid(_))));
        }
        stage.wait(stage.app.answer_warning(&coordinator, id, known("修路", today + 30.days()))).unwrap();
        say("半夜施工噪声太响", 61 * DAY);
        assert!(stage.app.look_out().unwrap());
        let found = budding();
        assert_eq!(found.len(), 1, "it goes on, and is not told anew");
        assert!(matches!(found[0].warning.state, WarningState::Known { .. }), "{found:?}");
        assert_eq!(told(PRECINCT).len(), 1, "what is known rings nobody");

        // The office sets what it bears, and sees what became of what was told.
        for wrong in ["", "many", "0", "NaN", "31"] {
            let refused = stage.wait(stage.app.set_alarms(&office, wrong));
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{wrong}");
        }
        let refused = stage.wait(stage.app.set_alarms(&coordinator, "2"));
        assert!(matches!(refused, Err(AppError::NotAllowed)));
        stage.wait(stage.app.set_alarms(&office, "2")).unwrap();
        let figures = stage.wait(stage.app.budding_figures(&office)).unwrap();
        assert_eq!((figures.told, figures.led_to_nothing, figures.bears, figures.sets), (1, 1, 2.0, true));
        assert!(!stage.wait(stage.app.budding_figures(&coordinator)).unwrap().sets);

        // Half as many again: it wakes.
        for n in 0..3 {
            say("半夜施工噪声太响", 62 * DAY + 20 * n);
        }
        assert!(stage.app.look_out().unwrap());
        let found = budding();
        assert_eq!((found.len(), &found[0].warning.state), (1, &WarningState::Open));
        assert_eq!(told(PRECINCT).len(), 2, "and says so");

        // The year in figures: one alarm, of this month, and the tenth report has not come.
        let year = stage.wait(stage.app.warnings_measured(&coordinator)).unwrap();
        let all = &year.lines[0];
        assert_eq!((year.bears, all.told, all.waiting, all.share, all.gained), (2.0, 1, 1, None, None));
        let refused = stage.wait(stage.app.warnings_measured(&section));
        assert!(matches!(refused, Err(AppError::NotAllowed)));

        // Left alone and found no more, it lapses by itself.
        for day in 63..90 {
            stage.clock.set(at(day * DAY));
            stage.app.look_out().unwrap();
        }
        assert_eq!(budding()[0].warning.state, WarningState::Lapsed);
        // A month later its month stands below one without any.
        stage.clock.set(at(100 * DAY));
        let year = stage.wait(stage.app.warnings_measured(&office)).unwrap();
        assert_eq!((year.lines[0].told, year.lines.last().unwrap().led_to_nothing), (0, 1), "{year:?}");
        stage.verify();
    }
}
