//! Why a command is refused, in one sentence, in both languages.

use super::State;
use crate::CaseNo;

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The case does not stand where this could be done.
    NotNow(State),
    /// A committee would be lead for what is off its published list of duties.
    OffTheList,
    /// The unit has not yet spoken with the resident.
    NoFirstContact,
    /// Something that must be said is missing; the field's name.
    Missing(&'static str),
    /// Who handled it may not check it.
    OwnWork,
    /// A rating or a resident's word cannot come from staff.
    NotFromStaff,
    /// There is no such voice.
    NoSuchVoice,
    /// A case cannot be merged into itself.
    IntoItself,
    /// The case to merge into is no longer open.
    IntoEnded(CaseNo),
    /// A committee alone refers up.
    ReviewInThePast,
}

impl Refusal {
    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::NotNow(state) => format!("此件目前为“{}”，不能这样办理。", state.zh()),
            Refusal::OffTheList => "此事项不在居委会职责清单内，居委会不能作为主办单位。".into(),
            Refusal::NoFirstContact => "请先联系居民再答复；联系不上的，记录两次联系后可以答复。".into(),
            Refusal::Missing(field) => format!("请填写“{}”。", field_zh(field)),
            Refusal::OwnWork => "承办单位不能回访自己办理的件，请由片区回访。".into(),
            Refusal::NotFromStaff => "评价只能由居民本人作出。".into(),
            Refusal::NoSuchVoice => "没有找到您的这条诉求。".into(),
            Refusal::IntoItself => "不能合并到自己。".into(),
            Refusal::IntoEnded(no) => format!("{}号已经办结，不能再并入。", no.spoken()),
            Refusal::ReviewInThePast => "复核日期必须在今天之后。".into(),
        }
    }

    /// In English.
    pub fn en(&self) -> String {
        match self {
            Refusal::NotNow(state) => format!("This cannot be done while the case is {}.", state.en()),
            Refusal::OffTheList => {
                "This is not on the committee's list of duties, so the committee cannot lead it.".into()
            }
            Refusal::NoFirstContact => {
                "Ring the resident first, then answer; after two recorded tries you may answer without."
                    .into()
            }
            Refusal::Missing(field) => format!("Please fill in “{}”.", field.replace('_', " ")),
            Refusal::OwnWork => "Who handled a case does not call back on it; the precinct does that.".into(),
            Refusal::NotFromStaff => "Only the resident can rate.".into(),
            Refusal::NoSuchVoice => "Your report was not found in this case.".into(),
            Refusal::IntoItself => "A case cannot be merged into itself.".into(),
            Refusal::IntoEnded(no) => {
                format!("Case {} has ended; nothing can be merged into it.", no.spoken())
            }
            Refusal::ReviewInThePast => "The review date must lie after today.".into(),
        }
    }
}

fn field_zh(field: &str) -> &str {
    match field {
        "text" => "内容",
        "reason" => "理由",
        "ground" => "退单依据",
        "note" => "说明",
        "outcome" => "办理结果",
        "cause" => "原因",
        "law" => "依据",
        "tried" => "已做的工作",
        "to" => "去处",
        other => other,
    }
}
