//! RENT-1 … RENT-6: what the rules of letting say about one declared letting (rules §1).
//!
//! A hit is a hint to an officer: never a finding, a label, or a message to neighbours. Where something is missing
//! the answer is "cannot judge", with what to ask. Areas are hundredths of a square metre, exactly: 5.00 passes and
//! 4.99 does not.

use crate::rulebook::Rule;

macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $key:literal $zh:literal $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];
            /// The stable name in forms and content.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }
            /// The one of that name.
            pub fn from_key(key: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|v| v.key() == key)
            }
            /// In Chinese.
            pub fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh),+ }
            }
            /// In English.
            pub fn en(self) -> &'static str {
                match self { $($name::$variant => $en),+ }
            }
        }
    };
}

keyed! {
    /// What kind of room is let. The rooms of old lane houses have names of their own.
    RoomKind {
        /// The whole flat or house.
        Whole "whole" "整套" "the whole flat",
        /// A bedroom or living room.
        Room "room" "一间居室" "a room",
        /// The small room on the half-landing of a lane house 亭子间: made for living.
        Pavilion "pavilion" "亭子间" "pavilion room",
        /// The front room upstairs 前楼.
        Front "front" "前楼" "front room",
        /// The back room upstairs 后楼.
        Back "back" "后楼" "back room",
        /// 厨房, 灶间.
        Kitchen "kitchen" "厨房、灶间" "kitchen",
        /// 卫生间.
        Bathroom "bathroom" "卫生间" "bathroom",
        /// 阳台.
        Balcony "balcony" "阳台" "balcony",
        /// 贮藏室, 走道, 地下储藏室, 车库.
        Other "other" "贮藏室、过道、地下室、车库" "storeroom, corridor, cellar or garage",
        /// An attic 阁楼: whether it was made for living is not to be seen from its name.
        Attic "attic" "阁楼" "attic",
    }
}

keyed! {
    /// How the room came to be.
    Origin {
        /// As the house was designed.
        Original "original" "房屋原来就有的" "as the house was built",
        /// By an alteration that was approved.
        Approved "approved" "经批准改建的" "an approved alteration",
        /// Split off by a partition.
        Partition "partition" "后来隔出来的" "partitioned off later",
    }
}

keyed! {
    /// How those who live in the room are related, taken together.
    Tie {
        /// A couple, parents and children: they owe each other support by law (赡养、抚养、扶养).
        Family "family" "夫妻、父母子女" "couple, parents and children",
        /// Brothers and sisters, grandparents: the law makes it depend.
        Kin "kin" "兄弟姐妹、祖孙" "siblings, grandparents",
        /// Anybody else among them.
        Others "others" "有其他人" "others among them",
    }
}

/// Hundredths of a square metre from what was typed: `12`, `12.5`, `12.50`, `１２．５㎡`. `None` for what is no area,
/// or more exact than hundredths.
pub fn hundredths(typed: &str) -> Option<u32> {
    let plain: String = typed
        .chars()
        .map(crate::identifiers::half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '㎡' | '²'))
        .collect();
    let plain = plain.trim_end_matches("平方米").trim_end_matches("m2").trim_end_matches('m');
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    Some(whole * 100 + part)
}

/// What is known of a letting. `None` is "not said".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Letting {
    /// What is let.
    pub room: Option<RoomKind>,
    /// How it came to be.
    pub origin: Option<Origin>,
    /// Hundredths of a square metre of usable area of rooms made for living.
    pub area: Option<u32>,
    /// How many people live in it.
    pub people: Option<u32>,
    /// How they are related; matters only where there are more than a rule's number.
    pub tie: Option<Tie>,
    /// Rooms that the same lessor lets in the same place.
    pub rooms: Option<u32>,
    /// People in all of them together.
    pub all_people: Option<u32>,
    /// Whether it is a dormitory of a company.
    pub dormitory: Option<bool>,
}

/// What one rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing to ask.
    Fine,
    /// Something to look at.
    Hint,
    /// Something is missing.
    CannotJudge,
}

/// One rule, what it says, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `RENT-1` … `RENT-6`.
    pub rule: &'static str,
    /// What it says.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The law that the rule stands in; empty if the table has none.
    pub legal_ref: String,
}

/// What the six rules say about a letting; `rule` finds a row of the rule table that holds on the day.
pub fn judge<'r>(l: &Letting, rule: &dyn Fn(&str) -> Option<&'r Rule>) -> Vec<Finding> {
    let number = |id: &str| rule(id).and_then(|r| r.value.parse::<u32>().ok());
    let legal = |id: &str| rule(id).map(|r| r.legal_ref.clone()).unwrap_or_default();
    let finding = |name, id: &str, (verdict, zh, en): Said| Finding {
        rule: name,
        verdict,
        zh,
        en,
        legal_ref: legal(id),
    };
    vec![
        finding("RENT-1", "rent.least_unit", least_unit(l)),
        finding("RENT-2", "rent.not_for_living", for_living(l)),
        finding("RENT-3", "rent.people_in_a_room", in_a_room(l, number("rent.people_in_a_room"))),
        finding(
            "RENT-4",
            "rent.area_a_head",
            a_head(l, rule("rent.area_a_head").and_then(|r| hundredths(&r.value))),
        ),
        finding(
            "RENT-5",
            "rent.concentrated_rooms",
            concentrated(l, number("rent.concentrated_rooms"), number("rent.concentrated_people")),
        ),
        finding("RENT-6", "rent.dormitory_in_compound", dormitory(l)),
    ]
}

type Said = (Verdict, String, String);

fn fine(zh: &str, en: &str) -> Said {
    (Verdict::Fine, zh.into(), en.into())
}

fn hint(zh: impl Into<String>, en: impl Into<String>) -> Said {
    (Verdict::Hint, zh.into(), en.into())
}

fn ask(zh: &str, en: &str) -> Said {
    (Verdict::CannotJudge, format!("还要问：{zh}。"), format!("Ask: {en}."))
}

fn least_unit(l: &Letting) -> Said {
    match (l.room, l.origin) {
        (_, Some(Origin::Partition)) => hint(
            "这一间是后来隔出来的，最小出租单位是原来设计的或者经批准改建的房间。",
            "This room was partitioned off; the least unit let is a room as designed, or of an approved alteration.",
        ),
        (Some(RoomKind::Whole), _) => fine("整套出租。", "The whole flat is let."),
        (_, Some(_)) => {
            fine("是原来设计的或者经批准改建的房间。", "A room as designed, or of an approved alteration.")
        }
        (_, None) => ask("这一间是原来就有的，还是后来改的", "was this room designed so, or altered later"),
    }
}

fn for_living(l: &Letting) -> Said {
    match l.room {
        None => ask("租的是哪一间", "which room is let"),
        Some(RoomKind::Kitchen | RoomKind::Bathroom | RoomKind::Balcony | RoomKind::Other) => hint(
            "这一间不是用来居住的空间，不得单独出租供人居住。",
            "This is not a space for living in, and may not be let for it.",
        ),
        Some(RoomKind::Attic) => {
            ask("阁楼原来设计时是不是居室", "was the attic designed as a room to live in")
        }
        Some(_) => fine("是用来居住的房间。", "A room to live in."),
    }
}

fn in_a_room(l: &Letting, most: Option<u32>) -> Said {
    let Some(most) = most else { return ask("每间人数的规定", "the rule on people in a room") };
    match (l.room, l.people, l.tie) {
        (Some(RoomKind::Whole), ..) => {
            fine("整套出租，按每间核对。", "The whole flat is let; look at it room by room.")
        }
        (_, None, _) => ask("这一间住几个人", "how many people live in the room"),
        (_, Some(n), _) if n <= most => fine("人数不超过规定。", "No more people than the rule has it."),
        (_, Some(_), Some(Tie::Family)) => fine(
            "互有法定赡养、抚养、扶养义务，不受人数限制。",
            "They owe each other support by law, so their number is free.",
        ),
        (_, Some(n), Some(Tie::Others)) => hint(
            format!("这一间住{n}个人，规定不超过{most}人。"),
            format!("{n} people live in this room; the rule has {most} at most."),
        ),
        (_, Some(_), Some(Tie::Kin) | None) => {
            ask("住的人之间是什么关系", "how those who live there are related")
        }
    }
}

fn a_head(l: &Letting, least: Option<u32>) -> Said {
    let Some(least) = least else { return ask("人均面积的规定", "the rule on space a head") };
    match (l.area, l.people) {
        (None, _) => ask("使用面积", "the usable area"),
        (_, None | Some(0)) => ask("一共住几个人", "how many people live there"),
        (Some(area), Some(n)) => {
            let needed = u64::from(least) * u64::from(n);
            let metres = |h: u64| format!("{}.{:02}", h / 100, h % 100);
            // Compared without dividing, so that nothing is rounded.
            if u64::from(area) >= needed {
                fine("人均面积符合规定。", "The space a head is as the rule has it.")
            } else {
                let (area, least) = (metres(area.into()), metres(least.into()));
                hint(
                    format!("使用面积{area}平方米，住{n}人，人均不到{least}平方米。"),
                    format!("{area} m² for {n} people is less than {least} m² a head."),
                )
            }
        }
    }
}

fn concentrated(l: &Letting, rooms: Option<u32>, people: Option<u32>) -> Said {
    let reached = |n: Option<u32>, least: Option<u32>| n.zip(least).map(|(n, least)| n >= least);
    match (reached(l.rooms, rooms), reached(l.all_people, people)) {
        (Some(true), _) | (_, Some(true)) => hint(
            "达到集中出租的规模：出租人有管理制度、安全设施等义务，不是违规。",
            "This is concentrated letting: the lessor has duties of management and safety; it is no breach.",
        ),
        (Some(false), Some(false)) => fine("不到集中出租的规模。", "Smaller than concentrated letting."),
        _ => ask(
            "同一出租人在这里一共出租几间、住几个人",
            "how many rooms the same lessor lets here, and to how many",
        ),
    }
}

fn dormitory(l: &Letting) -> Said {
    match l.dormitory {
        None => ask("是不是单位的集体宿舍", "is it a company's dormitory"),
        Some(true) => hint(
            "居住小区里不得设单位集体宿舍。",
            "A company's dormitory is not allowed in a residential compound.",
        ),
        Some(false) => fine("不是单位集体宿舍。", "No company's dormitory."),
    }
}
