//! What residents and staff are told of a case: every promise with what became of it, and nothing that is not
//! theirs to read.

#![expect(clippy::unwrap_used, reason = "in helpers of tests")]

#[path = "samples/life.rs"]
mod life;

use domain::cases::{Channel, Command, Quantity, Satisfaction, Solved};
use domain::{StaffId, UnitId};
use jiff::SignedDuration;
use life::Life;
use web::view::console::{Level, Names, clock_lines, history, likely_next};
use web::view::resident::{Can, Line, Reader, next_step, outcome_of, story};
use web::words::Lang;

fn greening(_: UnitId) -> String {
    "绿化所".into()
}

fn told(life: &Life, voice: u16, hours_later: i64) -> Vec<Line> {
    let now = life.now.checked_add(SignedDuration::from_hours(hours_later)).unwrap();
    story(&life.events, Reader { voice, now, lang: Lang::Zh, unit: &greening })
}

fn fates(lines: &[Line]) -> Vec<&str> {
    lines.iter().rev().flat_map(|l| &l.promises).map(|p| p.fate.as_str()).collect()
}

fn reached(note: &str) -> Command {
    Command::FirstContact { reached: true, note: note.into() }
}

fn answer(words: &str) -> Command {
    Command::Answer { outcome: words.into(), quantities: vec![], solved: Solved::Yes }
}

#[test]
fn a_promise_is_running_then_kept_late_or_overdue() {
    let case = Life::new("灯坏了").dispatched(2);
    assert_eq!(fates(&told(&case, 1, 1)), ["做到了", "还有23小时", "还有4天"]);
    assert_eq!(fates(&told(&case, 1, 30)), ["做到了", "已经超了6小时", "还有3天"]);
    let late = case.staff(27, reached("问了情况"));
    assert_eq!(fates(&told(&late, 1, 0)), ["做到了", "晚了3小时", "还有3天"]);
}

#[test]
fn a_promise_that_is_no_longer_needed_says_so_unless_it_was_already_broken() {
    let in_time = Life::new("灯坏了").dispatched(2).staff(1, Command::Recall);
    assert_eq!(fates(&told(&in_time, 1, 0)), ["做到了", "不再适用", "不再适用", "还有1天"]);
    let late = Life::new("灯坏了").dispatched(2).staff(25, Command::Recall);
    assert_eq!(fates(&told(&late, 1, 0)), ["做到了", "晚了1小时", "不再适用", "还有1天"]);
}

#[test]
fn the_resident_reads_their_own_words_and_nobody_elses() {
    let case = Life::new("灯坏了")
        .resident(1, Command::AddVoice { text: "三楼张家也是".into(), contact: None, channel: Channel::Door })
        .resident(1, Command::Remark { voice: 2, text: "晚上摔过人".into(), original: None })
        .staff(1, Command::Note { text: "这家老是投诉".into() })
        .dispatched(1)
        .staff(1, Command::FirstContact { reached: true, note: "态度不好".into() })
        .staff(1, answer("换了灯泡"))
        .resident(1, Command::Rate { voice: 2, satisfaction: Satisfaction::Dissatisfied });
    let first = format!("{:?}", told(&case, 1, 1));
    for theirs in ["张家", "摔过人", "老是投诉", "态度不好", "不满意", "职责"] {
        assert!(!first.contains(theirs), "{theirs}");
    }
    assert!(first.contains("换了灯泡"));
    let second = format!("{:?}", told(&case, 2, 1));
    assert!(second.contains("张家") && second.contains("摔过人") && second.contains("不满意"));
    assert!(second.contains("一位邻居先说了这件事"));
}

#[test]
fn staff_read_who_did_what_but_never_who_rated() {
    let case = Life::new("灯坏了")
        .dispatched(1)
        .staff(1, reached("约了周二"))
        .staff(1, answer("换了灯泡"))
        .resident(1, Command::Confirm { voice: 1 })
        .resident(1, Command::Rate { voice: 1, satisfaction: Satisfaction::Dissatisfied });
    let staff = |id: StaffId| format!("员工{id}");
    let lines =
        history(&case.events, Names { now: case.now, lang: Lang::Zh, unit: &greening, staff: &staff });
    let all = format!("{lines:?}");
    assert!(all.contains("约了周二") && all.contains("员工1"));
    assert!(!all.contains("满意"));
    assert_eq!(lines.len(), case.events.len() - 1);
}

#[test]
fn how_a_case_ended_is_told() {
    let case =
        || Life::new("灯坏了").dispatched(1).staff(1, reached("问了情况")).staff(1, answer("换了灯泡"));
    let last = |life: &Life| told(life, 1, 1)[0].what.clone();
    assert_eq!(last(&case().resident(1, Command::Confirm { voice: 1 })), "办完");
    assert!(last(&case().staff(200, Command::CloseOnSilence)).contains("没有新的消息"));
    let called = Command::CallBack { solved: Some(Solved::Yes), satisfaction: None, note: "好了".into() };
    assert_eq!(last(&case().staff(1, called)), "回访以后办完");
}

#[test]
fn quantities_stand_with_the_outcome() {
    let quantities = vec![Quantity { amount: "12".into(), what: "个花箱移走".into() }];
    let done = Command::Answer { outcome: "移走了".into(), quantities, solved: Solved::Yes };
    let case = Life::new("停不进").dispatched(1).staff(1, reached("问了情况")).staff(1, done);
    let reader = Reader { voice: 1, now: case.now, lang: Lang::Zh, unit: &greening };
    let outcome = outcome_of(&case.case, &case.events, reader).unwrap();
    assert_eq!(
        (outcome.unit.as_str(), outcome.amounts.as_slice()),
        ("绿化所", &["12 个花箱移走".to_string()][..])
    );
}

#[test]
fn what_can_be_said_follows_the_case() {
    let fresh = Life::new("灯坏了");
    let can = Can::of(&fresh.case, false);
    assert_eq!(
        (can.remark, can.withdraw, can.confirm, can.not_solved, can.rate),
        (true, true, false, false, false)
    );
    let answered = fresh.dispatched(1).staff(1, reached("问了情况")).staff(1, answer("换了"));
    let can = Can::of(&answered.case, false);
    assert_eq!(
        (can.remark, can.withdraw, can.confirm, can.not_solved, can.rate),
        (true, false, true, true, false)
    );
    let closed = answered.resident(1, Command::Confirm { voice: 1 });
    assert!(Can::of(&closed.case, false).rate);
    assert!(!Can::of(&closed.case, true).rate);
}

#[test]
fn what_comes_next_is_said_and_an_overdue_promise_is_owned_up_to() {
    let case = Life::new("灯坏了").dispatched(2);
    let at = |hours| case.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    assert_eq!(next_step(&case.case, at(1), Lang::Zh).unwrap(), "明天上午11:12前联系您。");
    let late = next_step(&case.case, at(26), Lang::Zh).unwrap();
    assert!(late.contains("已经超了2小时") && late.contains("对不起"), "{late}");
}

#[test]
fn the_clocks_of_a_case_and_the_likely_action_agree() {
    let case = Life::new("灯坏了").dispatched(2);
    let at = |hours| case.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    let levels =
        |hours| clock_lines(&case.case, at(hours), Lang::Zh).iter().map(|c| c.level).collect::<Vec<_>>();
    assert_eq!(levels(1), [Level::Calm, Level::Calm]);
    assert_eq!(levels(21), [Level::Soon, Level::Calm]);
    assert_eq!(levels(25), [Level::Late, Level::Calm]);
    assert_eq!(likely_next(&case.case).map(|a| a.key()), Some("first_contact"));
    let spoken = case.staff(1, reached("问了情况"));
    assert_eq!(likely_next(&spoken.case).map(|a| a.key()), Some("answer"));
}

#[test]
fn a_merged_case_is_told_as_one_story_with_ones_own_words_in_it() {
    let whole =
        Life::new("单车堵门").dispatched(2).staff(3, Command::Absorb { from: domain::CaseNo(7), voices: 2 });
    let own = Life::new("门口全是单车")
        .resident(1, Command::AddVoice { text: "轮椅出不去".into(), contact: None, channel: Channel::Door })
        .staff(4, Command::MergeInto { into: domain::CaseNo(8), into_open: true });
    // The second voice of the case that was taken in is the third of the one that goes on.
    let events: Vec<_> = own.events.iter().chain(&whole.events).cloned().collect();
    let lines = story(&events, Reader { voice: 3, now: whole.now, lang: Lang::Zh, unit: &greening });
    let told: Vec<&str> = lines.iter().rev().map(|l| l.what.as_str()).collect();
    assert_eq!(
        told,
        [
            "一位邻居先说了这件事",
            "一位邻居先说了这件事",
            "您也说了这件事",
            "交给绿化所办理",
            "和 000008-4 号合在一起办",
        ]
    );
    assert_eq!(
        lines.iter().find(|l| l.what == "您也说了这件事").unwrap().quote.as_deref(),
        Some("轮椅出不去")
    );
    // Somebody who was there from the start hears that neighbours came to it.
    let first = story(&whole.events, Reader { voice: 1, now: whole.now, lang: Lang::Zh, unit: &greening });
    assert_eq!(first[0].what, "又并进来 2 位邻居说的同一件事");
}

/// Five hundred things that happened, each with a long text, and long texts above them: the page weighs what a page
/// may, and every line is on one of the pages.
#[test]
fn a_very_long_story_is_read_in_pages() {
    use web::view::Template as _;
    use web::view::resident::{Can, Frame, MOST_BYTES, Outcome, Timeline};
    let long = "楼道里的灯又坏了，晚上看不见。".repeat(130);
    let line = |n: usize| Line {
        when: "昨天".into(),
        what: format!("第{n}件"),
        quote: Some(long.clone()),
        ..Line::default()
    };
    let all = Can { remark: true, withdraw: true, confirm: true, not_solved: true, rate: false };
    let page = Timeline {
        frame: Frame {
            district: "徐汇区".into(), helpline: "12345".into(), elder: true, ..Frame::default()
        },
        token: "7KQ2M9X4T8WDZ3HN5C".into(),
        link: "https://pianqu.example.cn/t/7KQ2M9X4T8WDZ3HN5C".into(),
        once: "9f3c1a77d2e04b58".into(),
        no: domain::CaseNo(1),
        banner: None,
        place: "天平街道 太原居民区 太原路25弄3号".into(),
        detail: String::new(),
        text: long.clone(),
        others: 3,
        headline: "正在办".into(),
        next: None,
        lines: (1..=500).rev().map(line).collect(),
        earlier: None,
        back: false,
        cuts: vec![],
        whole: None,
        outcome: Some(Outcome {
            unit: "绿化所".into(),
            text: long.clone(),
            amounts: vec![],
            solved: "已解决".into(),
        }),
        parked: None,
        merged: None,
        redirected: None,
        problem: None,
        texts: None,
        can: all,
        draft: web::view::resident::ActionDraft::default(),
        errors: vec![],
    };
    let (mut from, mut pages, mut seen) = (0, 0, Vec::new());
    loop {
        let shown = page.clone().bounded(from).unwrap();
        let html = shown.render().unwrap();
        assert!(html.len() <= MOST_BYTES, "{} bytes from {from}", html.len());
        assert!(shown.lines.len() >= 5, "{} lines", shown.lines.len());
        seen.extend(shown.lines.iter().map(|l| l.what.clone()));
        pages += 1;
        assert_eq!(html.contains("回到最新"), from > 0);
        let Some((left, href)) = shown.earlier else { break };
        assert_eq!(left + seen.len(), 500);
        from = href.rsplit_once('=').unwrap().1.parse().unwrap();
    }
    assert!(pages > 3);
    assert_eq!(seen, (1..=500).rev().map(|n| format!("第{n}件")).collect::<Vec<_>>());
    // What was cut is a link away, and what fits is left as it is.
    let first = page.clone().bounded(0).unwrap();
    assert_eq!(first.cuts, ["said", "answer"]);
    assert_eq!(page.text_of("answer"), Some(long.as_str()));
    let short = Timeline { lines: vec![line(1)], outcome: None, text: "灯".into(), ..page };
    let whole = short.clone().bounded(0).unwrap();
    assert_eq!((whole.lines.len(), whole.earlier.is_none(), whole.cuts.len()), (1, true, 0));
    assert_eq!(short.bounded(7).unwrap().lines.len(), 1, "beyond the end is the end");
}
