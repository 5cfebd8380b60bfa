//! Addresses as they are written on letters, and as they are typed.

use super::*;
use proptest::prelude::*;

#[test]
fn as_people_write_them() {
    for (typed, normal) in [
        ("徐汇区天平路街道 永嘉路 １２弄 ３号 ２０１室", "徐汇区天平路街道永嘉路12弄3号201室"),
        ("上海市徐汇区中山南二路十二弄三号五〇一室", "徐汇区中山南二路12弄3号501室"),
        ("镇宁路一百零五号", "镇宁路105号"),
        ("华泾镇龙吟路333弄华欣家园12号501室", "华泾镇龙吟路333弄华欣家园12号501室"),
        ("梅陇三村12号601室", "梅陇三村12号601室"),
        ("田林十二村5号", "田林十二村5号"),
        ("上海新村 7 号", "上海新村7号"),
        ("永嘉路甲12号", "永嘉路12甲号"),
        ("永嘉路12号乙亭子间", "永嘉路12乙号亭子间"),
        ("永嘉路临5号", "永嘉路临5号"),
        ("永嘉路12～14号底楼", "永嘉路12-14号底层"),
        ("永嘉路12弄3号2楼前楼", "永嘉路12弄3号2层前楼"),
        ("永嘉路12弄3号三层阁", "永嘉路12弄3号三层阁"),
        ("虹桥路1号港汇中心二座3301室", "虹桥路港汇中心1号2幢3301室"),
        ("漕溪北路88号B座1单元12层1203室2房间", "漕溪北路88号B幢1单元12层1203室2房间"),
        ("沪青平公路100号3号楼502", "沪青平公路100号3幢502室"),
        ("永嘉路12弄3-501", "永嘉路12弄3号501室"),
        ("永嘉路12弄3号-501", "永嘉路12弄3号501室"),
        ("长桥一村居民区长桥一村8号", "长桥一村居民区长桥一村8号"),
    ] {
        let a = Address::parse(typed);
        assert_eq!(a.normal(), normal, "{a:?}");
        assert_eq!(a.check(), Ok(()), "{a:?}");
        assert_eq!(a.raw, typed);
    }
}

#[test]
fn one_dwelling_has_one_key() {
    for (a, b) in [
        ("徐汇区永嘉路12弄3号501室", "永嘉路十二弄3号501"),
        ("龙吟路333弄华欣家园12号501室", "龙吟路333弄12号5楼501室"),
        ("永嘉路乙12号灶间", "永嘉路12号乙 灶间"),
        ("梅陇三村12栋3室", "梅陇三村12号楼3室"),
    ] {
        assert_eq!(Address::parse(a).key(), Address::parse(b).key());
    }
    for (a, b) in [
        ("永嘉路12弄3号", "永嘉路12支弄3号"),
        ("永嘉路12号", "永嘉路12甲号"),
        ("永嘉路12号前楼", "永嘉路12号后楼"),
        ("永嘉路12号2层前楼", "永嘉路12号3层前楼"),
        ("梅陇三村12号", "梅陇四村12号"),
    ] {
        assert_ne!(Address::parse(a).key(), Address::parse(b).key());
    }
}

#[test]
fn an_odd_address_is_kept_and_led_on() {
    let a = Address::parse("永嘉路12号旁边的车库");
    assert_eq!((a.normal().as_str(), a.unread.as_str()), ("永嘉路12号", "旁边的车库"));
    assert_eq!(a.check(), Err(AddressError::Unread));
    assert_eq!(Address::parse("  ").check(), Err(AddressError::Empty));
    assert_eq!(Address::parse("12弄3号").check(), Err(AddressError::NoRoad));
    assert_eq!(Address::parse("永嘉路").check(), Err(AddressError::NoNumber));
    assert!(AddressError::Unread.zh().contains("居委会"));
}

fn some_address() -> impl Strategy<Value = String> {
    let road =
        prop::sample::select(vec!["永嘉路", "中山南二路", "漕溪北路", "世纪大道", "梅陇三村", "田林十二村"]);
    let maybe = |n: std::ops::Range<u32>| prop::option::of(n);
    let named = prop::option::of(prop::sample::select(vec![
        "亭子间",
        "前楼",
        "后楼",
        "灶间",
        "阁楼",
        "501室",
        "12A室",
    ]));
    let stem = prop::sample::select(vec!["", "甲", "乙", "丙"]);
    (road, maybe(1..3000), maybe(1..30), 1u32..500, stem, maybe(1..30), named).prop_map(
        |(road, lane, sublane, number, stem, floor, room)| {
            let part = |n: Option<u32>, word: &str| n.map(|n| format!("{n}{word}")).unwrap_or_default();
            let (lane, sublane, floor) = (part(lane, "弄"), part(sublane, "支弄"), part(floor, "层"));
            // In a village there are no lanes.
            let lanes = if road.ends_with('村') { String::new() } else { lane + &sublane };
            format!("徐汇区{road}{lanes}{number}{stem}号{floor}{}", room.unwrap_or_default())
        },
    )
}

proptest! {
    #[test]
    fn what_is_normal_stays_so(text in some_address()) {
        let a = Address::parse(&text);
        prop_assert_eq!(a.check(), Ok(()));
        prop_assert_eq!(a.normal(), text);
    }

    #[test]
    fn spaces_and_width_change_nothing(text in some_address(), at in 0usize..12) {
        let mut typed: Vec<char> = text
            .chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c })
            .collect();
        typed.insert(at.min(typed.len()), ' ');
        let typed: String = typed.into_iter().collect();
        prop_assert_eq!(Address::parse(&typed).normal(), text);
    }

    #[test]
    fn anything_typed_is_answered(
        text in ".{0,40}",
        likely in "[上海市徐汇区镇街道路弄支号楼层室房间甲临一二十百千0-9A -]{0,24}",
    ) {
        for t in [text, likely] {
            let a = Address::parse(&t);
            prop_assert_eq!(&a.raw, &t);
            let _ = (a.check(), a.key());
        }
    }
}
