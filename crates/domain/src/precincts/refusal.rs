//! Why a draft was not changed.

use super::Breach;
use crate::PlaceId;
use jiff::civil::Date;

/// Why a command to a draft was refused; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This person may only look.
    OnlyLook,
    /// Only the owner shares it.
    NotOwner,
    /// It is adopted, or thrown away: it is not changed any more.
    Closed,
    /// No such neighbourhood in this draft.
    NoPlace(PlaceId),
    /// No such precinct in this draft.
    NoPrecinct(PlaceId),
    /// It lies there already.
    SamePrecinct,
    /// Nothing to take back.
    NothingToUndo,
    /// Nothing to do again.
    NothingToRedo,
    /// A field that must hold something is empty.
    Empty(&'static str),
    /// A field holds too much.
    TooLong(&'static str, usize),
    /// So many steps, or notes, and no more.
    TooMany(usize),
    /// Nobody of that number, or the owner.
    NobodyToShareWith,
    /// Everything is as it is today.
    NothingMoves,
    /// The day must be between these two.
    Day(Date, Date),
    /// A precinct breaks a rule and no reason is given.
    NoReason(PlaceId, Breach),
    /// Neighbourhoods came or went since the draft was opened.
    GroundChanged,
    /// Another plan is adopted and waits for its day.
    AnotherWaits(Date),
    /// It is not adopted, or its day has come.
    NotWaiting,
}

impl Refusal {
    /// The field of a form that it is about.
    pub fn field(&self) -> &'static str {
        match self {
            Refusal::Empty(field) | Refusal::TooLong(field, _) => field,
            Refusal::NoPlace(_) => "place",
            Refusal::NoPrecinct(_) | Refusal::SamePrecinct => "to",
            Refusal::NobodyToShareWith => "with",
            Refusal::Day(..) | Refusal::AnotherWaits(_) => "from",
            Refusal::NoReason(..) => "reason",
            _ => "draft",
        }
    }

    /// One sentence in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::OnlyLook => "这份草案您只能看，不能改。".into(),
            Refusal::NotOwner => "只有起草人可以共享。".into(),
            Refusal::Closed => "这份草案已经定了或者作废了，不能再改。请另起一份。".into(),
            Refusal::NoPlace(id) => format!("草案里没有编号 {id} 的居民区。"),
            Refusal::NoPrecinct(id) => format!("草案里没有编号 {id} 的片区。"),
            Refusal::SamePrecinct => "它已经在这个片区了。".into(),
            Refusal::NothingToUndo => "没有可以撤销的。".into(),
            Refusal::NothingToRedo => "没有可以重做的。".into(),
            Refusal::Empty("name") => "请写草案的名称。".into(),
            Refusal::Empty(_) => "请写一句话。".into(),
            Refusal::TooLong(_, most) => format!("最多 {most} 个字。"),
            Refusal::TooMany(most) => format!("最多 {most} 条，请另起一份草案。"),
            Refusal::NobodyToShareWith => "请选择区治理办的一位同事。".into(),
            Refusal::NothingMoves => "和今天的划分一样，没有可启用的。".into(),
            Refusal::Day(first, last) => format!("启用日期要在 {first} 到 {last} 之间。"),
            Refusal::NoReason(..) => "有片区不合规则：请逐个写明理由，或者先调整。".into(),
            Refusal::GroundChanged => "起草以后居民区有增减，请按今天的划分另起一份。".into(),
            Refusal::AnotherWaits(day) => format!("已有一份方案定于 {day} 启用，请先撤回它。"),
            Refusal::NotWaiting => "这份草案没有在等待启用，或者已经启用了。".into(),
        }
    }

    /// And in English.
    pub fn en(&self) -> String {
        match self {
            Refusal::OnlyLook => "You may look at this draft, not change it.".into(),
            Refusal::NotOwner => "Only its owner shares a draft.".into(),
            Refusal::Closed => {
                "This draft is adopted or thrown away and no longer changed. Open another.".into()
            }
            Refusal::NoPlace(id) => format!("There is no neighbourhood number {id} in this draft."),
            Refusal::NoPrecinct(id) => format!("There is no precinct number {id} in this draft."),
            Refusal::SamePrecinct => "It lies in that precinct already.".into(),
            Refusal::NothingToUndo => "There is nothing to undo.".into(),
            Refusal::NothingToRedo => "There is nothing to redo.".into(),
            Refusal::Empty("name") => "Give the draft a name.".into(),
            Refusal::Empty(_) => "Write a sentence.".into(),
            Refusal::TooLong(_, most) => format!("At most {most} characters."),
            Refusal::TooMany(most) => format!("At most {most}; open another draft."),
            Refusal::NobodyToShareWith => "Choose a colleague of the district office.".into(),
            Refusal::NothingMoves => "It is what holds today: there is nothing to adopt.".into(),
            Refusal::Day(first, last) => format!("The day must lie between {first} and {last}."),
            Refusal::NoReason(..) => {
                "Some precincts break the rules: give a reason for each, or change them first.".into()
            }
            Refusal::GroundChanged => {
                "Neighbourhoods came or went since this draft was opened: open another from today's plan."
                    .into()
            }
            Refusal::AnotherWaits(day) => format!("Another plan holds from {day} on: withdraw it first."),
            Refusal::NotWaiting => "This draft does not wait for its day, or its day has come.".into(),
        }
    }
}
