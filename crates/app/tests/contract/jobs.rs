//! What the program does by itself: at least once, and never with a second effect.

use crate::stage::{OTHER_PRECINCT, PRECINCT, SECTION, SUBDISTRICT, at, on_both};
use domain::cases::{CaseEvent, Clock, State};

/// Minutes of an hour and a day.
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

on_both! {
    /// An answer that nobody speaks against is closed when its time of silence has run out, once, and not before.
    fn silence_closes(stage) {
        let a = stage.report("三楼楼道灯不亮", 1);
        stage.dispatch(a.no);
        stage.answer(a.no, "三楼灯泡已换");
        let (clock, due) = stage.case(a.no).due.unwrap();
        assert_eq!(clock, Clock::Silence);
        let minutes = due.duration_since(at(0)).as_mins();
        stage.later(minutes - 1);
        assert_eq!(stage.case(a.no).state, State::Answered);
        stage.later(minutes);
        assert_eq!(stage.case(a.no).state, State::Closed);
        stage.later(minutes + DAY);
        let told = stage.wait(stage.app.follow(&a.link)).unwrap();
        let closed = told.events.iter().filter(|e| matches!(e.event, CaseEvent::Closed { .. })).count();
        assert_eq!(closed, 1);
        stage.verify();
    }

    /// A deadline comes near: a notice. It passes: another; and each day late one level up, to the top and no
    /// further; what ran on time says nothing.
    fn a_deadline_climbs(stage) {
        let a = stage.report("三楼楼道灯不亮", 1);
        let of_place = |place| {
            let notices = stage.app.store().read(move |tx| tx.notices(&[], &[place], 50)).wait().unwrap();
            let mut kinds: Vec<String> = notices.into_iter().map(|n| n.kind).collect();
            kinds.sort();
            kinds
        };
        stage.later(17 * HOUR);
        assert_eq!(of_place(PRECINCT), Vec::<String>::new());
        stage.later(18 * HOUR);
        assert_eq!(of_place(PRECINCT), ["due_soon.0"]);
        let due = stage.case(a.no).due.unwrap().1.duration_since(at(0)).as_mins();
        stage.later(due);
        assert_eq!(of_place(PRECINCT), ["due_soon.0", "overdue.0"]);
        assert_eq!(of_place(SUBDISTRICT), Vec::<String>::new());
        stage.later(due + DAY);
        assert_eq!(of_place(SUBDISTRICT), ["overdue.1"]);
        for day in 2..12 {
            stage.later(due + day * DAY);
        }
        assert_eq!(of_place(PRECINCT), ["due_soon.0", "overdue.0"]);
        assert_eq!(of_place(OTHER_PRECINCT), Vec::<String>::new());
        let waiting = stage.app.store().read(|tx| tx.waiting_jobs()).wait().unwrap();
        assert!(waiting.iter().all(|w| w.kind != "deadline"), "it has climbed to the top and rests: {waiting:?}");
    }

    /// The job of a deadline that is no more leaves no notice, and the one that runs is still kept.
    fn an_old_deadline_says_nothing(stage) {
        let a = stage.report("三楼楼道灯不亮", 1);
        stage.clock.set(at(HOUR));
        stage.dispatch(a.no);
        stage.answer(a.no, "三楼灯泡已换");
        // The resident says no before the silence has run out: three working days, before the silence's own end.
        stage.clock.set(at(2 * HOUR));
        stage.wait(stage.app.say(&a.link, app::Say::NotSolved("四楼还是黑的".into()))).unwrap();
        let (clock, due) = stage.case(a.no).due.unwrap();
        assert!(matches!(clock, Clock::SecondHandling | Clock::FirstContact), "{clock:?}");
        let of_unit = || stage.app.store().read(|tx| tx.notices(&[SECTION], &[], 50)).wait().unwrap().len();
        let minutes = due.duration_since(at(0)).as_mins();
        let quarter = (minutes - 2 * HOUR) / 4;
        stage.later(minutes - quarter - HOUR);
        assert_eq!(of_unit(), 0, "the jobs of dispatch and silence say nothing of second handling");
        stage.later(minutes - quarter + 1);
        assert_eq!(of_unit(), 1, "soon");
        stage.later(minutes);
        assert_eq!(of_unit(), 2, "now, although the job of the silence still waits");
    }

    /// Two workers take the same round of jobs: each job's work stands once. A job done twice does no harm.
    fn at_least_once(stage) {
        for n in 1..=20 {
            stage.report("三楼楼道灯不亮", n);
        }
        stage.clock.set(at(18 * HOUR));
        let workers: Vec<_> = (0..2).map(|_| {
            let app = stage.app.clone();
            std::thread::spawn(move || while app.do_jobs().unwrap().done > 0 {})
        }).collect();
        workers.into_iter().for_each(|w| w.join().unwrap());
        let notices = stage.app.store().read(|tx| tx.notices(&[], &[PRECINCT], 50)).wait().unwrap();
        assert_eq!(notices.len(), 20);
        // As after a crash between the work and its commit: the same jobs come again.
        stage.app.store().write(|tx| {
            (1..=20).try_for_each(|no| tx.add_job("deadline", no, at(18 * HOUR)))?;
            Ok::<_, store::StoreError>(())
        }).wait().unwrap();
        stage.later(18 * HOUR);
        let again = stage.app.store().read(|tx| tx.notices(&[], &[PRECINCT], 50)).wait().unwrap();
        assert_eq!(again.len(), 20);
    }

    /// A job that fails does not hold up the others, comes again later, and is shown.
    fn a_job_that_fails(stage) {
        stage.app.store().write(|tx| tx.add_job("unheard_of", 1, at(0))).wait().unwrap();
        stage.app.plant_jobs().unwrap();
        let round = stage.app.do_jobs().unwrap();
        // The sweep of sessions and the retention are due at once, the seal at night.
        assert_eq!((round.done, round.failed), (2, 1));
        let failing = stage.app.store().read(|tx| tx.failing_jobs()).wait().unwrap();
        assert_eq!((failing.len(), failing[0].attempts), (1, 1));
        assert_eq!(stage.app.do_jobs().unwrap(), app::Round::default(), "not at once again");
    }
}
