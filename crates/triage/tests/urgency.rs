//! Texts that cannot wait, and harmless ones that sound alike. All are invented.
//!
//! `data/pressing.csv` is what the line was learnt from; `said/pressing.csv` is by two of its writers, who wrote both before
//! any rule or line had read either, and was looked at only through the counts of this file.

use proptest::prelude::*;
use triage::{UrgentKind, learn_pressing, urgent};

const LEARNT: &str = include_str!("../data/pressing.csv");
const UNSEEN: &str = include_str!("said/pressing.csv");

fn rows(csv: &str) -> Vec<[String; 3]> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader
        .records()
        .map(|r| r.expect("the file is sound"))
        .map(|r| [0, 1, 2].map(|n| r[n].to_owned()))
        .collect()
}

fn kind(text: &str) -> Option<UrgentKind> {
    urgent(text).map(|u| u.kind)
}

/// How many of the texts are raised at once, and how many raised or looked at; and how many there are.
fn counted(texts: &[[String; 3]], is_danger: bool) -> (usize, usize, usize) {
    let kinds: Vec<_> =
        texts.iter().filter(|t| (t[1] == "danger") == is_danger).map(|t| kind(&t[2])).collect();
    let of = |k| kinds.iter().filter(|f| **f == Some(k)).count();
    (of(UrgentKind::Danger), of(UrgentKind::Danger) + of(UrgentKind::Perhaps), kinds.len())
}

#[test]
fn of_dangers_nobody_had_read_few_are_missed_and_few_others_are_raised() {
    let texts = rows(UNSEEN);
    let (at_once, seen, all) = counted(&texts, true);
    assert!(at_once * 100 >= all * 80 && seen * 100 >= all * 95, "{at_once} and {seen} of {all}");
    let (at_once, seen, all) = counted(&texts, false);
    assert!(at_once * 100 <= all * 3 && seen * 100 <= all * 15, "{at_once} and {seen} of {all}");
}

#[test]
fn what_was_learnt_is_known() {
    for writer in ["a", "b", "c", "d"] {
        let texts: Vec<_> = rows(LEARNT).into_iter().filter(|t| t[0] == writer).collect();
        let missed: Vec<&str> = texts
            .iter()
            .filter(|t| t[1] == "danger" && kind(&t[2]).is_none())
            .map(|t| t[2].as_str())
            .collect();
        assert!(missed.is_empty(), "missed: {missed:#?}");
        let (at_once, _, all) = counted(&texts, false);
        assert!(at_once * 100 <= all, "{at_once} of {all} of {writer}");
    }
}

#[test]
fn danger_is_heard_where_nobody_names_it() {
    for text in [
        "对门的老师傅两天没取牛奶了，屋里电视响着，怎么敲都没人理",
        "他把钥匙和猫都托给我了，说以后不用等他，刚才一个人上了楼顶",
        "电话里她说对不起，让我照顾好孩子，定位在江边，现在打不通",
    ] {
        assert!(kind(text).is_some(), "{text}");
    }
}

#[test]
fn a_line_that_is_not_sure_asks_for_a_look_and_does_not_shout() {
    let told = urgent("楼下有股焦味，不知道哪家烧菜糊了").unwrap();
    assert_eq!(told.kind, UrgentKind::Perhaps, "{told:?}");
    assert!(!told.words.is_empty() && told.likely < 80, "{told:?}");
}

#[test]
fn what_stands_in_the_house_is_no_alarm() {
    for text in [
        "跳楼价大甩卖的喇叭从早响到晚",
        "请问居住证在哪里办",
        "建议社区多办几次消防演习",
        "楼道灯坏了三天没人修",
        "谢谢你们，昨天漏气的阀门已经换好了",
    ] {
        assert_eq!(kind(text), None, "{text}: {:?}", urgent(text));
    }
    assert_eq!(kind("整栋楼从早上就停水了"), Some(UrgentKind::Utility));
}

#[test]
fn a_bad_file_of_texts_is_refused_with_its_row() {
    let bad = "writer,kind,text\na,danger,着火了\na,shout,着火了\n";
    assert_eq!(
        learn_pressing(bad).unwrap_err().to_string(),
        "row 3 of the pressing texts: the kind \"shout\" is not known; a row is writer,kind,text, kind one of danger, \
         utility, hazard, none"
    );
    let one = "writer,kind,text\na,danger,着火了\na,none,灯坏了\n";
    assert!(learn_pressing(one).unwrap_err().to_string().contains("two writers"));
}

proptest! {
    #[test]
    fn the_words_told_stand_in_the_text(text in "[着火了孩子老人反锁水停电晕倒，。 ！a-z0-9一-龥]{0,60}") {
        if let Some(told) = urgent(&text) {
            prop_assert!(told.likely <= 100);
            prop_assert!(told.words.iter().all(|w| text.contains(w.as_str())), "{:?}", told);
        }
    }

    #[test]
    fn nothing_makes_it_panic(text in any::<String>()) {
        let _ = urgent(&text);
    }

    #[test]
    fn an_alarm_is_never_overheard_wherever_in_the_text_its_sentence_stands(n in 0_usize..4) {
        let others = ["停车费的事以后再说。", "小区的灯也该换了。", "谢谢。", "我住在这里十年了。"];
        let mut sentences: Vec<&str> = others[..3].to_vec();
        sentences.insert(n, "三楼着火了，烟往楼上冒，有老人困在里面。");
        // Much talk of other things may make of an alarm a look, of no alarm nothing.
        let found = kind(&sentences.concat());
        prop_assert!(matches!(found, Some(UrgentKind::Danger | UrgentKind::Perhaps)), "{:?}", found);
    }
}
