use super::*;
use jiff::SignedDuration;
use jiff::civil::time;
use proptest::prelude::*;

fn at(local: &str) -> Timestamp {
    jiff::tz::Offset::constant(8).to_timestamp(local.parse().unwrap()).unwrap()
}

fn night() -> Choice {
    let quiet = Quiet { from: time(21, 0, 0, 0), to: time(8, 0, 0, 0) };
    Choice { quiet: Some(quiet), digest: SignedDuration::from_mins(10) }
}

#[test]
fn the_night_is_quiet_from_its_first_to_its_last_minute() {
    let quiet = night().quiet.unwrap();
    for (now, awake) in [
        ("2026-03-02T20:59:59", "2026-03-02T20:59:59"),
        ("2026-03-02T21:00:00", "2026-03-03T08:00:00"),
        ("2026-03-02T23:59:59", "2026-03-03T08:00:00"),
        ("2026-03-03T00:00:00", "2026-03-03T08:00:00"),
        ("2026-03-03T07:59:59", "2026-03-03T08:00:00"),
        ("2026-03-03T08:00:00", "2026-03-03T08:00:00"),
    ] {
        assert_eq!(quiet.awake(at(now)), at(awake), "{now}");
        assert_eq!(quiet.is_quiet(at(now)), now != awake, "{now}");
    }
    let noon = Quiet { from: time(12, 0, 0, 0), to: time(14, 0, 0, 0) };
    assert_eq!(noon.awake(at("2026-03-02T13:00:00")), at("2026-03-02T14:00:00"));
    assert!(!noon.is_quiet(at("2026-03-02T23:00:00")));
    let never = Quiet { from: time(9, 0, 0, 0), to: time(9, 0, 0, 0) };
    assert!(!never.is_quiet(at("2026-03-02T09:00:00")) && !never.is_quiet(at("2026-03-02T08:59:00")));
}

#[test]
fn a_burst_is_one_letter_and_the_urgent_do_not_wait() {
    let choice = night();
    let came = |local: &str, urgent| Waiting { urgent, ready_at: ready_at(urgent, &choice, at(local)) };
    let mut waiting = vec![came("2026-03-02T10:00:00", false)];
    assert_eq!(wake(&waiting, &choice, at("2026-03-02T10:00:00")), Some(at("2026-03-02T10:10:00")));
    waiting.push(came("2026-03-02T10:09:00", false));
    assert!(take(&waiting, &choice, at("2026-03-02T10:09:59")).is_empty());
    assert_eq!(take(&waiting, &choice, at("2026-03-02T10:10:00")), [0, 1], "the second need not wait alone");
    waiting.push(came("2026-03-02T10:01:00", true));
    assert_eq!(take(&waiting, &choice, at("2026-03-02T10:01:00")), [0, 1, 2]);
    // The same at night: the urgent one alone.
    let night = vec![came("2026-03-02T20:55:00", false), came("2026-03-02T22:00:00", true)];
    assert_eq!(take(&night, &choice, at("2026-03-02T22:00:00")), [1]);
    assert_eq!(wake(&night[..1], &choice, at("2026-03-02T22:00:00")), Some(at("2026-03-03T08:00:00")));
}

#[test]
fn what_rings_once_a_day_does_so() {
    let choice = night();
    let mut last = None;
    let mut left = vec![];
    // Something new every three hours, for ten days: one letter a day, and none at night.
    for n in 0..80 {
        let now = at("2026-03-02T01:30:00") + SignedDuration::from_hours(3 * n);
        let ready = once_a_day(last, ready_at(false, &choice, now), now);
        assert!(ready > now && ready <= now + SignedDuration::from_hours(27), "{n}");
        left.push(wake(&[Waiting { urgent: false, ready_at: ready }], &choice, now).unwrap());
        last = Some(ready);
    }
    left.dedup();
    assert!((10..=11).contains(&left.len()), "{left:?}");
    assert!(left.windows(2).all(|w| w[1].duration_since(w[0]) >= SignedDuration::from_hours(24)));
    // After a pause the next is prompt.
    let now = at("2026-03-20T10:00:00");
    assert_eq!(once_a_day(last, ready_at(false, &choice, now), now), at("2026-03-20T10:10:00"));
}

#[test]
fn pauses_double_to_a_quarter_of_an_hour() {
    let now = at("2026-03-02T10:00:00");
    let pauses: Vec<i64> = [1, 2, 3, 7, 8, 9, 60, u32::MAX]
        .iter()
        .map(|n| again(*n, now).duration_since(now).as_secs())
        .collect();
    assert_eq!(pauses, [5, 10, 20, 320, 640, 900, 900, 900]);
}

#[test]
fn a_letter_says_what_and_where_and_nothing_else() {
    let line = |what, levels| Line {
        what,
        levels,
        thing: "件 12-3".into(),
        link: "https://x.example/t/abc".into(),
        at: at("2026-03-02T10:00:00"),
    };
    let (title, text) = letter(&[line(What::Overdue, 2)], false, true, "徐汇区");
    assert_eq!(title, "【徐汇区】件 12-3 已经超时，上报2级");
    assert!(text.contains("2026-03-02 10:00 件 12-3") && text.ends_with("/t/abc"), "{text}");
    let (title, _) = letter(&[line(What::DueSoon, 0), line(What::Danger, 0)], false, true, "徐汇区");
    assert_eq!(title, "【徐汇区】2条提醒，1条紧急");
    let (title, text) = letter(&[line(What::Given, 0), line(What::Given, 0)], false, false, "Xuhui");
    assert_eq!(title, "[Xuhui] 2 notices");
    assert_eq!(text.matches("given to your unit").count(), 2);
    let (_, text) = letter(&[line(What::Answered, 0)], true, true, "徐汇区");
    assert_eq!(text, "【徐汇区】您反映的事（件 12-3）已经答复，请看看是否解决：https://x.example/t/abc");
}

fn any_choice() -> impl Strategy<Value = Choice> {
    let minute = || (0i8..24, 0i8..60).prop_map(|(h, m)| time(h, m, 0, 0));
    (prop::option::of((minute(), minute())), 0i64..600).prop_map(|(quiet, digest)| Choice {
        quiet: quiet.map(|(from, to)| Quiet { from, to }),
        digest: SignedDuration::from_mins(digest),
    })
}

proptest! {
    /// Whatever comes up when: everything leaves once, nothing but the urgent leaves in quiet hours, nothing
    /// urgent waits, nothing waits longer than its gathering and one night, and there is never more than one
    /// letter for what came within one gathering.
    #[test]
    fn everything_leaves_in_its_time(
        choice in any_choice(),
        came in prop::collection::vec((0i64..4_000, prop::bool::weighted(0.2)), 1..25),
    ) {
        let start = at("2026-03-02T00:00:00");
        let mut came: Vec<(Timestamp, bool)> =
            came.into_iter().map(|(m, urgent)| (start + SignedDuration::from_mins(m), urgent)).collect();
        came.sort_unstable();
        let mut waiting: Vec<(Timestamp, Waiting)> = vec![];
        let mut letters: Vec<Timestamp> = vec![];
        let mut left = 0;
        let mut coming = came.iter().peekable();
        let mut now = start;
        for _ in 0..200 {
            let open: Vec<Waiting> = waiting.iter().map(|w| w.1).collect();
            let next = wake(&open, &choice, now);
            match (next, coming.peek()) {
                (None, None) => break,
                (Some(next), soon) if soon.is_none_or(|c| next < c.0) => {
                    now = next;
                    let taken = take(&open, &choice, now);
                    prop_assert!(!taken.is_empty(), "woken for nothing");
                    for i in taken.iter().rev() {
                        let (came, w) = waiting.remove(*i);
                        left += 1;
                        prop_assert!(w.urgent || !choice.quiet.is_some_and(|q| q.is_quiet(now)));
                        let patience = if w.urgent { SignedDuration::ZERO } else { choice.digest + SignedDuration::from_hours(24) };
                        prop_assert!(now.duration_since(came) <= patience, "{} waited until {now}", came);
                    }
                    letters.push(now);
                }
                _ => {
                    let (at, urgent) = *coming.next().unwrap();
                    now = now.max(at);
                    waiting.push((now, Waiting { urgent, ready_at: ready_at(urgent, &choice, now) }));
                }
            }
        }
        prop_assert_eq!(left, came.len());
        // Without urgent ones, two letters are never closer than the time in which notices are gathered.
        if came.iter().all(|c| !c.1) {
            prop_assert!(letters.windows(2).all(|two| two[1].duration_since(two[0]) >= choice.digest));
        }
    }
}
