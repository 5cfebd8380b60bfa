//! Same matter: how good on the hand-made groups, and how fast among many.

use crate::hiding::Dice;
use crate::{Row, data, less, more};
use std::collections::{HashMap, HashSet};
use std::time::Instant;
use triage::{Matters, Message, read_messages};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    match (data("stream.csv"), data("groups_dev.json")) {
        (Some(stream), Some(groups)) => rows.extend(judged(&stream, &groups)),
        _ => rows.push(Row { measured: None, ..more("same matter: pairwise F1", 0.93, 0.0, "") }),
    }
    rows.push(estates());
    rows.push(speed(100_000, 2.0));
    rows
}

/// Among a million: some ten minutes, so that it is run only by its name.
pub(crate) fn million() -> Vec<Row> {
    vec![speed(1_000_000, 5.0)]
}

/// Groups of the file: members and ambiguous ones. The file is regular enough for a reader of numbers.
fn parse(groups: &str) -> Vec<(Vec<String>, HashSet<String>)> {
    let numbers = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect()
    };
    groups
        .split("\"members\"")
        .skip(1)
        .map(|part| {
            let (members, rest) = part.split_once("\"ambiguous\"").unwrap_or((part, ""));
            let ambiguous = rest.split_once(']').map_or("", |r| r.0);
            (numbers(members), numbers(ambiguous).into_iter().collect())
        })
        .collect()
}

fn judged(stream: &str, groups: &str) -> Vec<Row> {
    let mut messages = read_messages(stream).expect("the data is sound");
    messages.sort_by_cached_key(|m| {
        m.time.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect::<Vec<u32>>()
    });
    let mut matters = Matters::default();
    for m in &messages {
        matters.place(m);
    }
    let group_of: HashMap<&str, u32> = (0..)
        .zip(&messages)
        .map(|(n, m)| (m.id.as_str(), matters.group_of(n).expect("it was placed")))
        .collect();
    let mut within: HashMap<u32, Vec<&str>> = HashMap::new();
    for (id, group) in &group_of {
        within.entry(*group).or_default().push(id);
    }
    let groups = parse(groups);
    let home: HashMap<&str, usize> =
        groups.iter().enumerate().flat_map(|(k, g)| g.0.iter().map(move |id| (id.as_str(), k))).collect();
    let (mut both, mut wrong, mut lost, mut precision, mut recall, mut members) =
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (k, (ids, ambiguous)) in groups.iter().enumerate() {
        for id in ids {
            let same: Vec<&&str> =
                within[&group_of[id.as_str()]].iter().filter(|o| !ambiguous.contains(**o)).collect();
            let ours = same.iter().filter(|o| home.get(**o) == Some(&k)).count() as f64;
            both += (ours - 1.0) / 2.0;
            lost += (ids.len() as f64 - ours) / 2.0;
            wrong += same
                .iter()
                .map(|o| match home.get(**o) {
                    Some(other) if *other == k => 0.0,
                    Some(_) => 0.5,
                    None => 1.0,
                })
                .sum::<f64>();
            precision += ours / same.len() as f64;
            recall += ours / ids.len() as f64;
            members += 1.0;
        }
    }
    let harmonic = |p: f64, r: f64| 2.0 * p * r / (p + r);
    vec![
        more(
            "same matter: pairwise F1 (its weights were fitted on these groups)",
            0.93,
            harmonic(both / (both + wrong), both / (both + lost)),
            "",
        ),
        more("same matter: B-cubed", 0.94, harmonic(precision / members, recall / members), ""),
    ]
}

const ESTATES: &[&str] = &[
    "魅力之城",
    "润芳园",
    "青青家园",
    "凯乐国际城",
    "丽发新城",
    "金茂府",
    "圣力华苑",
    "山水湾",
    "橄榄",
    "梅岭",
    "洪山",
    "观沙",
    "东成",
    "福嘉园",
    "景城苑",
    "翡翠华庭",
    "金茂湾",
    "龙南三村",
    "龙南五村",
    "长桥一村",
    "长桥二村",
];
const LETTERS: &[(&str, &str)] = &[
    (
        "{}小区临街门面油烟扰民",
        "{}小区楼下的烧烤店没有排烟管道，油烟直排，每天营业到凌晨，居民无法休息，请求处理。",
    ),
    (
        "投诉{}小区电梯经常停运",
        "{}小区3栋的电梯坏了一个多月，老人上下楼困难，物业说没有维修资金，请尽快修好。",
    ),
    ("电梯又坏了", "我住在{}小区，电梯从上周开始停运，打了物业电话没人管，楼里有很多老人孩子。"),
    ("请求解决{}小区乱停车问题", "{}小区门口的道路被社会车辆占满，消防通道也被堵住，希望交警部门加强管理。"),
    ("{}小区二期何时交房", "{}小区二期原定去年交房，至今工地停工，开发商没有任何说法，业主还在还房贷。"),
    ("关于噪音扰民的投诉", "{}小区旁边的工地每天施工到深夜，打桩的声音让人睡不着，请相关部门管一管。"),
];

/// Copies of one letter about two estates, none of which may be joined.
fn estates() -> Row {
    let (mut joined, mut pairs) = (0, 0);
    for (title, body) in LETTERS {
        let mut matters = Matters::default();
        let placed: Vec<u32> = ESTATES
            .iter()
            .map(|estate| {
                let message = Message {
                    title: title.replace("{}", estate),
                    body: body.replace("{}", estate),
                    ..Message::default()
                };
                matters.place(&message).group
            })
            .collect();
        for i in 0..placed.len() {
            for j in 0..i {
                pairs += 1;
                joined += u32::from(matters.group_of(i as u32) == matters.group_of(j as u32));
            }
        }
    }
    less(
        &format!("same matter: estates joined, of {pairs} pairs of copied letters"),
        0.0,
        f64::from(joined),
        "",
    )
}

/// A message of a large city: one of many places, one of the troubles, in one of several wordings.
fn message(dice: &mut Dice) -> Message {
    const FIRST: &[&str] = &[
        "丽", "金", "青", "洪", "梅", "凯", "润", "星", "龙", "福", "翠", "江", "云", "荷", "桂", "松", "银",
        "白", "天", "新",
    ];
    const SECOND: &[&str] = &[
        "发", "茂", "山", "溪", "乐", "芳", "沙", "湖", "嘉", "景", "塘", "岭", "泉", "园", "田", "桥", "河",
        "水", "阳", "华",
    ];
    let place = format!(
        "{}{}{}{}",
        dice.of(FIRST),
        dice.of(SECOND),
        dice.of(FIRST),
        dice.of(&["小区", "新村", "花园", "家园", "公寓", "苑"])
    );
    let road = format!("{}{}路", dice.of(FIRST), dice.of(SECOND));
    let (title, body) = LETTERS[dice.below(LETTERS.len())];
    let more = dice.of(&[
        "已经多次反映，没有结果。",
        "希望领导重视。",
        "影响了几百户居民的生活。",
        "夜里也不停。",
        "老人和孩子都受不了。",
    ]);
    Message {
        title: title.replace("{}小区", &place),
        body: format!("{}在{road}上，{more}我们等了{}天。", body.replace("{}小区", &place), dice.below(400)),
        ..Message::default()
    }
}

/// The time to place a message among so many.
fn speed(among: usize, target: f64) -> Row {
    let mut dice = Dice(3);
    let mut matters = Matters::default();
    for _ in 0..among {
        matters.place(&message(&mut dice));
    }
    let new: Vec<Message> = (0..500).map(|_| message(&mut dice)).collect();
    let began = Instant::now();
    for m in &new {
        matters.place(m);
    }
    let each = began.elapsed().as_secs_f64() * 1e3 / new.len() as f64;
    less(&format!("same matter: time to place a message among {among}"), target, each, "ms")
}
