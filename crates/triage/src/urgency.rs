//! What cannot wait: phrases of danger, and of water, power and gas.

/// Why a report is pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrgentKind {
    /// Danger to life, or a sudden event.
    Danger,
    /// Water, power, gas.
    Utility,
}

/// What makes a report pressing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urgent {
    /// The more pressing of the kinds found.
    pub kind: UrgentKind,
    /// The words that say so.
    pub words: Vec<String>,
}

const DANGER: &[&str] = &[
    "着火",
    "起火",
    "失火",
    "火灾",
    "冒烟",
    "冒黑烟",
    "烧起来",
    "燃气泄漏",
    "煤气泄漏",
    "煤气泄露",
    "燃气泄露",
    "漏煤气",
    "漏燃气",
    "煤气味",
    "燃气味",
    "被困",
    "困在电梯",
    "关在电梯",
    "触电",
    "漏电",
    "高空坠物",
    "坠楼",
    "跳楼",
    "轻生",
    "自杀",
    "晕倒",
    "昏倒",
    "昏迷",
    "没呼吸",
    "倒塌",
    "坍塌",
    "塌方",
    "塌陷",
    "墙皮往下掉",
    "外墙脱落",
    "墙砖脱落",
    "爆炸",
    "持刀",
    "拿刀",
    "打人",
    "流血",
    "溺水",
    "火花",
    "冒火",
];
const UTILITY: &[&str] = &[
    "停水",
    "断水",
    "没水",
    "没有水",
    "停电",
    "断电",
    "没电",
    "没有电",
    "跳闸",
    "停气",
    "断气了",
    "没有煤气",
    "爆管",
    "水管爆",
    "水管破",
    "水管裂",
    "污水倒灌",
    "粪水",
    "自来水发黄",
];
/// Said right before a phrase, these turn it round.
const NOT: &[&str] = &["没有", "没", "不会", "不是", "未", "防止", "预防", "避免", "以防"];

/// Whether a text holds something that cannot wait. A phrase that is denied right before it does not count.
pub fn urgent(text: &str) -> Option<Urgent> {
    let find = |phrases: &[&str]| -> Vec<String> {
        phrases.iter().filter(|p| stands(text, p)).map(|p| (*p).to_owned()).collect()
    };
    let danger = find(DANGER);
    if !danger.is_empty() {
        return Some(Urgent { kind: UrgentKind::Danger, words: danger });
    }
    let utility = find(UTILITY);
    (!utility.is_empty()).then_some(Urgent { kind: UrgentKind::Utility, words: utility })
}

fn stands(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = &text[..at];
        !NOT.iter().any(|n| before.ends_with(n))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_wait() {
        assert_eq!(urgent("快！三楼着火了").unwrap().kind, UrgentKind::Danger);
        assert_eq!(urgent("有人被困电梯半小时").unwrap().words, ["被困"]);
        assert_eq!(urgent("整栋楼停水两天").unwrap().kind, UrgentKind::Utility);
        assert_eq!(urgent("停电后有人触电").unwrap().kind, UrgentKind::Danger);
        assert_eq!(urgent("希望加强巡查，防止起火"), None);
        assert_eq!(urgent("楼道灯坏了"), None);
    }
}
