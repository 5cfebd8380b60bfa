//! Identifiers planted in a hundred thousand texts, in the ways that people write them.

use crate::{Row, less, more, shortest};
use std::collections::BTreeMap;
use std::ops::Range;

/// Numbers from a seed (an LCG; good enough to vary texts).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }

    pub(crate) fn of<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

/// What stands around: nothing in it names a person, much of it is made of digits.
const AROUND: &[&str] = &[
    "楼道灯坏了三天没人修",
    "垃圾桶满了，苍蝇很多",
    "太原路25弄12-14号门口积水",
    "2026-03-02晚上8:30开始施工到凌晨",
    "停车费从每月300元涨到1200元",
    "打了12345热线没有用",
    "报过110也没人来",
    "962121转3说不归他们管",
    "房子面积88.88平米",
    "共投入38000000元",
    "工单编号202603020012345还没回复",
    "订单号20260302123456789",
    "一期二期三期都一样",
    "住户三百二十一户",
    "川湘菜馆油烟太大",
    "新A楼和B楼之间",
    "京东快递堆在门口",
    "107国道改道以后",
    "地铁3号线施工",
    "K9县路口",
    "2019年12月5日至2020年1月6日",
    "政府发〔2020〕12号文件说",
    "语文老师请假了",
    "由于经费不足",
    "保安师傅不管",
    "关于物业费的问题",
    "30栋的电梯又停了",
    "第12条规定",
    "水管直径150毫米，长1500米",
    "温度38.5度",
    "电压220伏",
    "下午两点一刻",
    "一二三四五楼都没水",
    "十一点半还在吵",
    "早上6-8点堵车",
    "车库入口限高2.2米",
    "400-820-8820是客服",
    "编号SH20260302的通知",
    "每户补偿15万至20万元",
    "比分3-2",
    "版本10.2.33",
    "占地1200-1500平米",
    "门牌号还没挂",
    "公交805路改道",
    "G60高速出口",
    "A3区润芳园小区",
    "报警也没用",
    "领导您好，请尽快处理",
    "谢谢",
    "我们已经等了两年多",
];

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "欧阳", "司马",
    "诸葛",
];
const GIVEN: &[&str] = &["明", "丽华", "建国", "秀英", "伟", "小红", "志强", "桂兰", "思远", "静"];

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c })
        .collect()
}

fn in_words(text: &str, one: char) -> String {
    text.chars()
        .map(|c| {
            c.to_digit(10).map_or(c, |d| {
                if d == 1 {
                    one
                } else {
                    ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'][d as usize]
                }
            })
        })
        .collect()
}

fn grouped(text: &str, sizes: &[usize], mark: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    for size in sizes.iter().chain([&letters.len()]) {
        if at >= letters.len() {
            break;
        }
        if at > 0 {
            out.push_str(mark);
        }
        let to = (at + size).min(letters.len());
        out.extend(&letters[at..to]);
        at = to;
    }
    out
}

fn resident_id(dice: &mut Dice) -> String {
    let mut id = format!(
        "{}{}{:02}{:02}{}",
        dice.of(&["310104", "310101", "430102", "320583", "110105"]),
        1940 + dice.below(75),
        1 + dice.below(12),
        1 + dice.below(28),
        dice.digits(3)
    );
    let sum: u32 = id
        .bytes()
        .zip([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    id.push(['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][(sum % 11) as usize]);
    id
}

fn card(dice: &mut Dice) -> String {
    let length = dice.of(&[&16, &18, &19]) - 1;
    let mut card =
        format!("{}{}", dice.of(&["6222", "6217", "6228", "6225", "4367"]), dice.digits(length - 4));
    let sum: u32 = card
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') * if i % 2 == 0 { 2 } else { 1 };
            d / 10 + d % 10
        })
        .sum();
    card.push(char::from(b'0' + ((10 - sum % 10) % 10) as u8));
    card
}

/// The identifier with the words before it, and the words after it.
fn planted(dice: &mut Dice) -> (&'static str, String, String, String) {
    let mark = dice.of(&[" ", "-", "－", "—", ".", "·", "  ", "_"]);
    let way = dice.below(7);
    match dice.below(9) {
        0 | 1 => {
            let n = format!("1{}{}", dice.of(&["3", "5", "6", "7", "8", "9"]), dice.digits(9));
            let n = match way {
                0 => grouped(&n, &[3, 4, 4], mark),
                1 => full_width(&n),
                2 => in_words(&n, if dice.below(2) == 0 { '幺' } else { '一' }),
                3 => grouped(&n, &[1; 11], dice.of(&[" ", "-", "."])),
                4 => format!("{}{}", dice.of(&["+86", "+86 ", "86-", "0086"]), grouped(&n, &[3, 4, 4], " ")),
                5 => grouped(&n, &[3, 8], mark),
                _ => n,
            };
            (
                "phone",
                dice.of(&["电话", "手机号：", "联系我", "请打", "", "，", "微信同号"]).into(),
                n,
                dice.of(&["", "。", "，谢谢", "找我", "一直没人接"]).into(),
            )
        }
        2 => {
            let area = dice.of(&["021", "0731", "010", "0512"]);
            let length = if area.len() == 3 { 7 } else { 6 + dice.below(2) };
            let n = format!("{}{}", 2 + dice.below(7), dice.digits(length));
            let n = match way {
                0 => format!("({area}){n}"),
                1 => format!("{area} {n}"),
                2 => full_width(&format!("{area}-{n}")),
                3 => format!("{area}{n}"),
                4 => format!("{area}—{}", grouped(&n, &[4], " ")),
                _ => format!("{area}-{n}"),
            };
            (
                "landline",
                dice.of(&["座机", "电话：", "办公室", "，"]).into(),
                n,
                dice.of(&["", "。", "转3", "没人接"]).into(),
            )
        }
        3 => {
            let id = resident_id(dice);
            let id = match way {
                0 => grouped(&id, &[6, 8], mark),
                1 => full_width(&id),
                2 => id.replace('X', "x"),
                3 => grouped(&id, &[6, 4, 4], " "),
                4 => in_words(&id, '一'),
                _ => id,
            };
            (
                "id",
                dice.of(&["身份证", "身份证号码是", "证号：", "", "本人"]).into(),
                id,
                dice.of(&["", "。", "，请查", "的"]).into(),
            )
        }
        4 => {
            let n = card(dice);
            let n = match way {
                0 | 1 => grouped(&n, &[4, 4, 4, 4], mark),
                2 => full_width(&n),
                3 => grouped(&n, &[4, 4, 4, 4], " "),
                4 => grouped(&n, &[6], " "),
                _ => n,
            };
            (
                "card",
                dice.of(&["卡号", "工行卡：", "打到", "账号 ", ""]).into(),
                n,
                dice.of(&["", "。", "，户主是我"]).into(),
            )
        }
        5 => {
            let letter = dice.of(&["A", "B", "D", "K", "a"]);
            let province = dice.of(&["沪", "湘", "苏", "京", "粤"]);
            let n = format!("{}{}", dice.of(&["", "D", "F"]), dice.digits(5));
            let n = if dice.below(3) == 0 {
                format!("{}{}", &n[..n.len() - 1], dice.of(&["K", "Q", "学", "警"]))
            } else {
                n
            };
            let n = if n.chars().count() > 5 && n.ends_with(['学', '警']) { n[1..].to_owned() } else { n };
            let plate = match way {
                0 => format!("{province}{letter}·{n}"),
                1 => full_width(&format!("{province}{letter}{n}")),
                2 => format!("{province}{letter} {n}"),
                3 => format!("{province} {letter}-{n}"),
                4 => format!("{province}{letter}{}", in_words(&n, '一')),
                _ => format!("{province}{letter}{n}"),
            };
            (
                "plate",
                dice.of(&["车牌", "一辆", "", "，"]).into(),
                plate,
                dice.of(&["", "。", "乱停", "占了车位"]).into(),
            )
        }
        6 => {
            let account = format!("{}{}", dice.of(&["li_ming", "wang-", "zhx", "abc"]), dice.digits(4));
            match way {
                0 => (
                    "mail",
                    "邮箱".into(),
                    format!("{account}@{}", dice.of(&["qq.com", "163.com", "example.com.cn"])),
                    "。".into(),
                ),
                1 => ("mail", "发到".into(), format!("{account}(at)example.com"), "，".into()),
                2 => (
                    "chat",
                    dice.of(&["QQ", "qq号：", "扣扣 "]).into(),
                    format!("{}{}", 1 + dice.below(9), dice.digits(8)),
                    "，".into(),
                ),
                _ => (
                    "chat",
                    dice.of(&["微信", "微信号：", "V信", "vx:", "加我微信 ", "VX", "薇信："]).into(),
                    account,
                    dice.of(&["", "。", "，详谈"]).into(),
                ),
            }
        }
        7 => {
            let title =
                dice.of(&["先生", "女士", "阿姨", "老师", "医生", "师傅", "经理", "主任", "书记", "大爷"]);
            let surname = dice.of(SURNAMES);
            let name = if dice.below(3) == 0 {
                format!("{surname}{}{title}", dice.of(GIVEN))
            } else {
                format!("{surname}{title}")
            };
            if dice.below(4) == 0 {
                return (
                    "name",
                    dice.of(&["我叫", "联系人：", "姓名 "]).into(),
                    format!("{surname}{}", dice.of(GIVEN)),
                    dice.of(&["，", "。", " "]).into(),
                );
            }
            (
                "name",
                dice.of(&["", "，", "找", "是", "楼上的", "向"]).into(),
                name,
                dice.of(&["", "。", "说", "家", "不肯"]).into(),
            )
        }
        _ => {
            let flat = format!("{}{:02}", 1 + dice.below(32), 1 + dice.below(8));
            match way {
                0 => ("room", "12栋".into(), flat, "漏水".into()),
                1 => ("room", "3号楼2单元".into(), flat, "，".into()),
                2 => ("room", "".into(), format!("{}室", in_words(&flat, '一')), "".into()),
                3 => ("room", "润芳园".into(), format!("{}-{flat}", 1 + dice.below(40)), "住户".into()),
                4 => (
                    "room",
                    "，".into(),
                    format!("{}-{}-{flat}", 1 + dice.below(40), 1 + dice.below(4)),
                    "，".into(),
                ),
                5 => ("room", "5幢".into(), full_width(&flat), "室".into()),
                _ => ("room", "".into(), format!("{flat}室"), "的".into()),
            }
        }
    }
}

struct Text {
    text: String,
    planted: Vec<(&'static str, Range<usize>)>,
}

fn texts(count: usize) -> Vec<Text> {
    let mut dice = Dice(7);
    (0..count)
        .map(|_| {
            let mut text = Text { text: String::new(), planted: Vec::new() };
            for _ in 0..2 + dice.below(5) {
                text.text.push_str(dice.of(AROUND));
                text.text.push_str(dice.of(&["，", "。", "！", "；", "\n"]));
                if dice.below(3) == 0 {
                    let (kind, before, identifier, after) = planted(&mut dice);
                    text.text.push_str(&before);
                    let from = text.text.len();
                    text.text.push_str(&identifier);
                    text.planted.push((kind, from..text.text.len()));
                    text.text.push_str(&after);
                    text.text.push_str(dice.of(&["，", "。", " "]));
                }
            }
            text
        })
        .collect()
}

pub(crate) fn rows() -> Vec<Row> {
    let texts = texts(100_000);
    let (took, masked) = shortest(|| texts.iter().map(|t| triage::mask_public(&t.text)).collect::<Vec<_>>());
    let mut kinds: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let (mut hits, mut spans) = (0, 0);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for (text, masked) in texts.iter().zip(&masked) {
        for (kind, range) in &text.planted {
            // A plus sign before a country code, a bracket before an area code name nobody.
            let covered = text.text[range.clone()].char_indices().all(|(at, c)| {
                let at = range.start + at;
                !(c.is_alphanumeric()) || masked.spans.iter().any(|s| s.range.contains(&at))
            });
            let counts = kinds.entry(kind).or_default();
            counts[0] += usize::from(covered);
            counts[1] += 1;
            if !covered && counts[1] - counts[0] <= 4 {
                missed.push(format!(
                    "{kind}: {} in {}",
                    &text.text[range.clone()],
                    text.text.replace('\n', " ")
                ));
            }
        }
        for span in &masked.spans {
            let meant =
                text.planted.iter().any(|(_, r)| r.start < span.range.end && span.range.start < r.end);
            hits += usize::from(meant);
            spans += 1;
            if !meant && wrong.len() < 12 {
                wrong.push(format!("{:?}: {}", span.kind, &text.text[span.range.clone()]));
            }
        }
    }
    if std::env::args().any(|a| a == "--misses") {
        for line in missed.iter().chain(&wrong) {
            println!("    {line}");
        }
        println!("    {kinds:?}");
    }
    let (covered, planted) = kinds.values().fold((0, 0), |sum, k| (sum.0 + k[0], sum.1 + k[1]));
    let what = format!("identifiers found, of {planted} planted in 100,000 texts: recall");
    vec![
        more(&what, 0.999, covered as f64 / planted as f64, ""),
        more("the same: precision", 0.98, hits as f64 / spans as f64, ""),
        less("the same: time a text", 20.0, took.as_secs_f64() * 1e6 / texts.len() as f64, "µs"),
    ]
}
