//! Addresses as people in an old city write them, read into their parts (rules §3).
//!
//! district > sub-district > neighbourhood > road > 弄 > 支弄 > 号 > 幢 > 单元 > 层 > 室 > 房间, with the variants
//! that lane houses have: 甲号, 临号, 12-14号, 底层, 亭子间, 前楼, 后楼, 灶间, 阁楼; and villages and estates in place of
//! a road. Normalised is NFKC, one dash, no spaces, and Chinese numerals to digits in the numbered parts alone:
//! 梅陇三村 and 中山南二路 keep their names. The raw text is kept.
//!
//! Reading never fails: what was not understood is kept beside what was ([`Address::unread`]), and a person
//! whose address is odd is led to the committee, not turned away.
//!
//! ```
//! use domain::addresses::Address;
//! let a = Address::parse("上海市徐汇区 漕溪北路 一千二百弄 ３支弄 十二号 ５０１室");
//! assert_eq!(a.normal(), "徐汇区漕溪北路1200弄3支弄12号501室");
//! assert_eq!(a.key(), Address::parse("漕溪北路1200弄3支弄12号501").key());
//! assert!(a.check().is_ok());
//! ```

mod numerals;
mod read;

use serde::{Deserialize, Serialize};

/// An address in its parts. Numbered parts hold the number alone (`12甲`, `临5`, `12-14`), named ones the name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// As it was typed.
    pub raw: String,
    /// 区, with that word: `徐汇区`.
    pub district: Option<String>,
    /// 街道 or 镇, with that word.
    pub subdistrict: Option<String>,
    /// 居民区, 居委会 or 村委会, with that word.
    pub neighborhood: Option<String>,
    /// 路, 街 or 大道, with that word.
    pub road: Option<String>,
    /// 弄.
    pub lane: Option<String>,
    /// 支弄.
    pub sublane: Option<String>,
    /// The name of an estate or village: `梅陇三村`.
    pub estate: Option<String>,
    /// 号.
    pub number: Option<String>,
    /// 幢, 栋, 座 or 号楼.
    pub building: Option<String>,
    /// 单元.
    pub unit: Option<String>,
    /// 层 or 楼; `底层` by its name.
    pub floor: Option<String>,
    /// 室; or a room of a lane house by its name: `亭子间`.
    pub room: Option<String>,
    /// 房间: one room of a flat that is let by the room.
    pub compartment: Option<String>,
    /// What was not understood, normalised; empty as a rule.
    pub unread: String,
}

/// What an address lacks before a dwelling can be found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AddressError {
    /// Nothing was typed.
    #[error("the address is missing")]
    Empty,
    /// Neither road nor estate.
    #[error("the address names no road and no estate")]
    NoRoad,
    /// No house number.
    #[error("the address has no house number")]
    NoNumber,
    /// A part that was not understood.
    #[error("a part of the address was not understood")]
    Unread,
}

impl AddressError {
    /// As it is said to a resident.
    pub fn zh(self) -> &'static str {
        match self {
            AddressError::Empty => "请填写地址",
            AddressError::NoRoad => "请写上路名或小区名；找不到您的地址，请告诉居委会",
            AddressError::NoNumber => "请写上门牌号；没有门牌号，请告诉居委会",
            AddressError::Unread => "地址里有一部分没看懂，请核对；没有写错，请告诉居委会",
        }
    }
}

impl Address {
    /// Reads an address; whatever it is, something comes back.
    pub fn parse(text: &str) -> Address {
        read::read(text)
    }

    /// Whether a dwelling can be looked up by it.
    ///
    /// # Errors
    /// The first thing that is in the way.
    pub fn check(&self) -> Result<(), AddressError> {
        if self.raw.trim().is_empty() {
            Err(AddressError::Empty)
        } else if self.road.is_none() && self.estate.is_none() {
            Err(AddressError::NoRoad)
        } else if self.number.is_none() && self.building.is_none() {
            Err(AddressError::NoNumber)
        } else if !self.unread.is_empty() {
            Err(AddressError::Unread)
        } else {
            Ok(())
        }
    }

    /// The one way of writing it. What was not understood is left out.
    pub fn normal(&self) -> String {
        let mut out = String::new();
        for name in [&self.district, &self.subdistrict, &self.neighborhood] {
            out.extend(name.as_deref());
        }
        out.push_str(&self.road_down(true));
        out
    }

    /// What two ways of writing one dwelling have in common, for matching: from the road down, without the
    /// estate where a road and a number say enough, and without the floor where a numbered room does.
    pub fn key(&self) -> String {
        self.road_down(false)
    }

    fn road_down(&self, whole: bool) -> String {
        let mut out = String::new();
        let has_road = self.road.is_some();
        let numbered_room = self.room.as_deref().is_some_and(|r| !numerals::is_named_room(r));
        let parts = [
            (&self.road, "", true),
            (&self.lane, "弄", true),
            (&self.sublane, "支弄", true),
            (&self.estate, "", whole || !has_road || self.number.is_none()),
            (&self.number, "号", true),
            (&self.building, "幢", true),
            (&self.unit, "单元", true),
            (&self.floor, "层", whole || !numbered_room),
            (&self.room, "室", true),
            (&self.compartment, "房间", true),
        ];
        for (part, word, shown) in parts {
            if let Some(text) = part.as_deref().filter(|_| shown) {
                out.push_str(text);
                if !numerals::is_named(text) {
                    out.push_str(word);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
