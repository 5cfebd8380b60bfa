//! The reasons for a unit in one sentence.

use super::{Ranked, Reason};

impl Ranked {
    /// In Chinese.
    pub fn zh(&self) -> String {
        let parts: Vec<String> = self.reasons.iter().map(Reason::zh).collect();
        format!("{}。", parts.join("；"))
    }

    /// In English.
    pub fn en(&self) -> String {
        let parts: Vec<String> = self.reasons.iter().map(Reason::en).collect();
        format!("{}.", parts.join("; "))
    }
}

impl Reason {
    /// In Chinese, without a full stop.
    pub fn zh(&self) -> String {
        match self {
            Reason::Competence { zh, .. } => zh.trim_end_matches('。').to_owned(),
            Reason::Near { depth } => match depth {
                0 => "管辖全区",
                1 => "管辖本街镇",
                2 => "就在本片区",
                _ => "就在本居民区",
            }
            .into(),
            Reason::Distance { metres } if *metres < 1_000 => format!("离现场约{metres}米"),
            Reason::Distance { metres } => format!("离现场约{}公里", tenths(i64::from(*metres), 1_000)),
            Reason::ChosenHere { depth, chosen, of } => {
                let place = match depth {
                    1 => "本街镇",
                    2 => "本片区",
                    _ => "本居民区",
                };
                format!("{place}同类件派单{of}次，{chosen}次给它")
            }
            Reason::Before { chosen, returned, settled, unsettled, minutes } => {
                let mut text = format!("它办过同类件{chosen}件，办结{settled}件");
                if *returned > 0 {
                    text += &format!("，未留办{returned}件");
                }
                if *unsettled > 0 {
                    text += &format!("，居民说未解决{unsettled}次");
                }
                if let Some(minutes) = minutes {
                    text += &format!("，平均{}天答复", tenths(*minutes, 24 * 60));
                }
                text
            }
            Reason::Load { open } => format!("现有未结{open}件"),
        }
    }

    /// In English, without a full stop.
    pub fn en(&self) -> String {
        match self {
            Reason::Competence { en, .. } => en.trim_end_matches('.').to_owned(),
            Reason::Near { depth } => match depth {
                0 => "serves the whole district",
                1 => "serves this sub-district",
                2 => "is in this precinct",
                _ => "is in this neighbourhood",
            }
            .into(),
            Reason::Distance { metres } if *metres < 1_000 => format!("{metres} m away"),
            Reason::Distance { metres } => format!("{} km away", tenths(i64::from(*metres), 1_000)),
            Reason::ChosenHere { depth, chosen, of } => {
                let place = match depth {
                    1 => "sub-district",
                    2 => "precinct",
                    _ => "neighbourhood",
                };
                format!("chosen {chosen} of {of} times for such cases in this {place}")
            }
            Reason::Before { chosen, returned, settled, unsettled, minutes } => {
                let mut text = format!("was given {chosen} such cases, {settled} settled");
                if *returned > 0 {
                    text += &format!(", {returned} did not stay");
                }
                if *unsettled > 0 {
                    text += &format!(", {unsettled} times “not solved”");
                }
                if let Some(minutes) = minutes {
                    text += &format!(", answered in {} days on average", tenths(*minutes, 24 * 60));
                }
                text
            }
            Reason::Load { open } => format!("{open} open now"),
        }
    }
}

/// `n / of` with one decimal, rounded; no decimal where it would be 0.
fn tenths(n: i64, of: i64) -> String {
    let tenths = (n * 10 + of / 2) / of;
    let text = format!("{}.{}", tenths / 10, tenths % 10);
    text.trim_end_matches(".0").to_owned()
}
