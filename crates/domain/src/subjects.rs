//! What cases are about: the codes that duties, dispatch and figures share.

/// One subject, with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Stable name in files and the store.
    pub code: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// Something outside that is asked what a text is about: a language model on the district's own network.
pub trait SecondOpinion: Send + Sync {
    /// What it is called.
    fn name(&self) -> &str;

    /// The one of `choices` that a text is about. Identifiers, names and rooms are masked in the text.
    ///
    /// # Errors
    /// A sentence when it does not answer in its time, or with none of the choices.
    fn subject(&self, masked: &str, choices: &[Subject]) -> Result<Subject, String>;
}

macro_rules! subjects {
    ($($code:literal $zh:literal $en:literal;)+) => {
        /// All subjects, in the order in which they are offered.
        pub const ALL: &[Subject] = &[$(Subject { code: $code, zh: $zh, en: $en }),+];
    };
}

subjects! {
    "property" "物业服务" "Property management";
    "noise" "噪声" "Noise";
    "parking" "停车" "Parking";
    "shared_bikes" "共享单车、骑手停放" "Shared bikes and riders";
    "waste" "垃圾清运" "Waste";
    "greening" "绿化" "Greening";
    "water_sewage" "供水排水" "Water and sewage";
    "lighting" "照明" "Lighting";
    "construction" "装修施工" "Construction";
    "elevators" "电梯" "Lifts";
    "pets" "宠物" "Pets";
    "smoke" "油烟异味" "Smoke and smells";
    "unlicensed_trade" "无证经营" "Unlicensed trade";
    "rental_crowding" "群租" "Crowded letting";
    "neighbours" "邻里纠纷" "Neighbours";
    "roads" "道路" "Roads";
    "safety" "安全隐患" "Safety";
    "elderly" "为老服务" "The elderly";
    "children" "儿童" "Children";
    "disability" "助残" "Disability";
    "pests" "虫鼠" "Pests";
    "facilities" "公共设施" "Public facilities";
    "labour" "劳动纠纷" "Labour";
    "consumer" "消费维权" "Consumers";
    "praise" "表扬" "Praise";
    "question" "咨询" "Question";
    "other" "其他" "Other";
}

/// The subject of that code.
pub fn by_code(code: &str) -> Option<Subject> {
    ALL.iter().find(|s| s.code == code).copied()
}
