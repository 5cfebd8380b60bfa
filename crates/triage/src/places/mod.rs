//! Places named in running text: roads, compounds, numbers, facilities, firms, and where about.
//!
//! A name is found by what it ends with (路, 小区, 学校 …) and reaches back to the end of the name before it,
//! to a mark, or to a word that stands before names (反映, 位于, 的 …). It is read from left to right, so that
//! "A5区劳动东路魅力之城小区" falls into its three parts. Names that the caller knows (a roster, doorways) go first.
//!
//! ```
//! let found = triage::places("反映长桥新村12号东门路灯不亮");
//! let names: Vec<&str> = found.iter().map(|p| p.name.as_str()).collect();
//! assert_eq!(names, ["长桥新村", "12号", "东门"]);
//! ```

mod finder;
mod words;

pub use finder::{Gazetteer, places};

use std::ops::Range;

/// What sort of place a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A ground with a government or a committee: 区, 镇, 街道, 社区, 村.
    Area,
    /// A road, a lane, a bridge, a line.
    Road,
    /// Where people live: an estate, a phase of it.
    Compound,
    /// What people go to: a school, a market, a park, a works.
    Facility,
    /// A firm or an office.
    Organisation,
    /// A number, a building, a staircase, a room.
    Building,
    /// A gate or a side.
    Gate,
    /// A name that the caller knows.
    Known,
}

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What it names.
    pub kind: PlaceKind,
    /// The name as it is written.
    pub name: String,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The entry of the gazetteer, for known names.
    pub entry: Option<usize>,
}
