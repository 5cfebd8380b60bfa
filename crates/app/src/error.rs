//! Why something was not done, in the words of whoever asked.

use domain::cases::Refusal;
use store::StoreError;

/// Why a use case did not do what was asked. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rules of the domain do not allow it now.
    #[error("{}", .0.en())]
    Refused(Refusal),
    /// The rules of plans and whistles do not allow it now.
    #[error("{}", .0.en())]
    PlanRefused(domain::problems::Refusal),
    /// The rules of registrations do not allow it now.
    #[error("{}", .0.en())]
    NotThisWay(domain::registrations::life::Refusal),
    /// A form was not published.
    #[error(transparent)]
    NotPublished(#[from] domain::registrations::forms::NotPublished),
    /// The person's roles do not reach that far.
    #[error("your roles do not allow this")]
    NotAllowed,
    /// There is no such thing, or it may not be seen.
    #[error("there is no such thing here")]
    NotFound,
    /// A field does not hold what it should.
    #[error("{}: {}", .0.field, .0.en)]
    Invalid(Invalid),
    /// A code on a door is not, or no longer, ours.
    #[error("{0}")]
    Code(#[from] CodeRefused),
    /// Something sealed could not be opened: the keys are not those that it was sealed with.
    #[error("the keys do not fit what was sealed: {0}")]
    Keys(String),
}

/// A field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The field's name in the form.
    pub field: &'static str,
    /// In Chinese, with how to mend it.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Invalid {
    /// A field, and what is wrong with it in both languages.
    pub fn field(field: &'static str, zh: impl Into<String>, en: impl Into<String>) -> AppError {
        AppError::Invalid(Invalid { field, zh: zh.into(), en: en.into() })
    }
}

/// Why a scanned code opens no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// Not of the form of a code.
    #[error("this is not a code of ours")]
    Malformed,
    /// Of another district.
    #[error("this code is of another district")]
    Foreign,
    /// Not signed by us.
    #[error("this code is forged")]
    Forged,
    /// Was ours, and is no longer valid.
    #[error("this code is no longer valid")]
    Revoked,
}

impl From<domain::codes::CodeError> for CodeRefused {
    fn from(e: domain::codes::CodeError) -> Self {
        use domain::codes::CodeError as E;
        match e {
            E::Malformed => CodeRefused::Malformed,
            E::Foreign => CodeRefused::Foreign,
            E::Forged => CodeRefused::Forged,
        }
    }
}

impl From<domain::registrations::life::Refusal> for AppError {
    fn from(r: domain::registrations::life::Refusal) -> Self {
        AppError::NotThisWay(r)
    }
}

impl From<Refusal> for AppError {
    fn from(r: Refusal) -> Self {
        AppError::Refused(r)
    }
}

impl From<domain::problems::Refusal> for AppError {
    fn from(r: domain::problems::Refusal) -> Self {
        AppError::PlanRefused(r)
    }
}

impl AppError {
    /// One sentence in Chinese.
    pub fn zh(&self) -> String {
        match self {
            AppError::Refused(r) => r.zh(),
            AppError::PlanRefused(r) => r.zh(),
            AppError::NotThisWay(r) => r.zh(),
            AppError::NotPublished(why) => why.zh(),
            AppError::NotAllowed => "您的岗位没有这项权限。".into(),
            AppError::NotFound => "没有找到，或者不在您的范围内。".into(),
            AppError::Invalid(i) => i.zh.clone(),
            AppError::Code(CodeRefused::Malformed) => "这不是我们的二维码。".into(),
            AppError::Code(CodeRefused::Foreign) => "这是别的区的二维码。".into(),
            AppError::Code(CodeRefused::Forged) => "这张二维码是伪造的。".into(),
            AppError::Code(CodeRefused::Revoked) => "这张二维码已经作废。".into(),
            AppError::Store(StoreError::Locked) => "系统正忙，刚才的操作没有保存，请再试一次。".into(),
            AppError::Store(StoreError::Full) => {
                "存储空间已满，刚才的操作没有保存，请联系系统管理员。".into()
            }
            AppError::Store(_) | AppError::Keys(_) => {
                "系统暂时不能保存，刚才的操作没有生效，请稍后再试。".into()
            }
        }
    }

    /// One sentence in English.
    pub fn en(&self) -> String {
        match self {
            AppError::Refused(r) => r.en(),
            AppError::PlanRefused(r) => r.en(),
            AppError::NotThisWay(r) => r.en(),
            AppError::NotPublished(why) => format!("Not published: {why}."),
            AppError::NotAllowed => "Your roles do not allow this.".into(),
            AppError::NotFound => "Not found, or not within your reach.".into(),
            AppError::Invalid(i) => i.en.clone(),
            AppError::Code(c) => {
                let text = c.to_string();
                let mut chars = text.chars();
                chars
                    .next()
                    .map_or_else(String::new, |f| f.to_uppercase().collect::<String>() + chars.as_str() + ".")
            }
            AppError::Store(StoreError::Locked) => {
                "The system is busy; nothing was saved, please try again.".into()
            }
            AppError::Store(StoreError::Full) => {
                "There is no room left; nothing was saved, please call the system administrator.".into()
            }
            AppError::Store(_) | AppError::Keys(_) => {
                "The system cannot save right now; nothing was changed, please try again later.".into()
            }
        }
    }
}
