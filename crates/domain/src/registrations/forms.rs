//! Forms as data: what is asked, why, on what ground, how deep, and for how long it is kept.
//!
//! The program ships drafts (`data/forms_cn.json`); the district chooses for each field whether it is asked, and
//! publishes. What a person was shown is kept with what they answered, as the number of the published version,
//! which is never changed afterwards.

use super::Kind;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// The least that lets a collector verify. What a district asks unless it decides otherwise.
    Lead,
    /// What the authority needs, where it has commissioned the precinct to collect it.
    Full,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its stable name.
    pub key: String,
    /// As it is asked in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// From which depth on it is asked.
    pub depth: Depth,
    /// What it is needed for.
    pub purpose: String,
    /// The law or regulation that it is asked under.
    pub legal_basis: String,
    /// The rule that says how long it is kept: a row of the rule table.
    pub retention: String,
    /// Whether the form is not taken without it.
    #[serde(default)]
    pub required: bool,
    /// Whether it is sensitive personal information, which takes a consent of its own (个人信息保护法 Art 29).
    #[serde(default)]
    pub sensitive: bool,
}

/// The words that a person is shown before they answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its version, such as `2026-11`.
    pub version: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Which registration.
    pub kind: Kind,
    /// Its number; each publication counts one up.
    #[serde(default)]
    pub version: u32,
    /// Whose form it is: a department of the district.
    pub owner: String,
    /// What for.
    pub purpose: String,
    /// On what legal ground.
    pub legal_basis: String,
    /// How often somebody fills it in.
    pub frequency: String,
    /// Minutes that it costs one person.
    pub minutes: u32,
    /// How many people will fill it in.
    #[serde(default)]
    pub people: u32,
    /// The first day on which it is no longer open; at most six months off.
    #[serde(default)]
    pub ends_on: Option<Date>,
    /// What is shown before answering.
    pub notice: Notice,
    /// What is asked.
    pub fields: Vec<Field>,
}

/// Why a form is not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPublished {
    /// Something that every form must state is missing.
    #[error("the form states no {0}")]
    Missing(&'static str),
    /// Something that every field must state is missing.
    #[error("field {field:?} states no {what}")]
    FieldMissing {
        /// The field.
        field: String,
        /// What it lacks.
        what: &'static str,
    },
    /// A field appears twice.
    #[error("field {0:?} is asked twice")]
    Twice(String),
    /// The district holds this already.
    #[error("field {0:?} asks for what is already held")]
    Held(String),
    /// No end, or one that lies in the past.
    #[error("the form has no end date after today")]
    NoEnd,
    /// Further off than six months.
    #[error("the form would be open longer than six months: until {0} at the latest")]
    TooLong(Date),
    /// The form carries a field that this program cannot check.
    #[error("field {0:?} is not one of this registration's")]
    Unknown(String),
}

impl NotPublished {
    /// In Chinese, for whoever wanted to publish.
    pub fn zh(&self) -> String {
        match self {
            NotPublished::Missing(what) => format!("表单没有写明{}。", what_zh(what)),
            NotPublished::FieldMissing { field, what } => format!("“{field}”一项没有写明{}。", what_zh(what)),
            NotPublished::Twice(field) => format!("“{field}”一项重复了。"),
            NotPublished::Held(field) => format!("“{field}”一项系统里已经有了，不得重复采集。"),
            NotPublished::NoEnd => "表单没有今天以后的截止日期。".into(),
            NotPublished::TooLong(last) => format!("表单最多开放六个月，最晚到{last}。"),
            NotPublished::Unknown(field) => format!("“{field}”不是这张表的项目。"),
        }
    }
}

fn what_zh(what: &str) -> &str {
    match what {
        "owner" => "主管单位",
        "purpose" => "目的",
        "legal basis" => "法律依据",
        "frequency" => "填报频次",
        "minutes" => "填写用时",
        "notice" => "告知内容",
        "fields" => "项目",
        "retention" => "保存期限",
        other => other,
    }
}

/// What the district already holds about whoever scans a code, so that no form may ask it.
pub const HELD: &[&str] = &[
    "district",
    "subdistrict",
    "precinct",
    "neighborhood",
    "committee",
    "road",
    "doorway",
    "board",
    "address",
];

/// The fields that each registration knows how to check.
pub fn known(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Residency => &[
            "dwelling",
            "since",
            "since_time",
            "phone",
            "who",
            "name",
            "id",
            "country",
            "relation",
            "rented",
            "occupation",
        ],
        Kind::Tenancy => &[
            "role",
            "dwelling",
            "phone",
            "name",
            "id",
            "lessee_name",
            "lessee_phone",
            "people",
            "tie",
            "room",
            "origin",
            "area",
            "from",
            "to",
            "title",
            "agent_name",
            "rent",
            "filing",
        ],
    }
}

/// The drafts that the program ships with, one of each kind.
///
/// # Panics
/// Never: the built-in forms are read by a test.
pub fn drafts() -> Vec<Form> {
    #[expect(clippy::expect_used, reason = "the forms are part of the program and read by a test")]
    serde_json::from_str(include_str!("../../data/forms_cn.json")).expect("the built-in forms read")
}

impl Form {
    /// The draft of one registration.
    pub fn draft(kind: Kind) -> Form {
        let found = drafts().into_iter().find(|f| f.kind == kind);
        #[expect(clippy::expect_used, reason = "a test reads both")]
        found.expect("there is a draft of each kind")
    }

    /// The form with the fields of a depth alone, and those named besides.
    #[must_use]
    pub fn at_depth(mut self, depth: Depth, besides: &[&str]) -> Form {
        self.fields
            .retain(|f| depth == Depth::Full || f.depth == Depth::Lead || besides.contains(&f.key.as_str()));
        self
    }

    /// Whether a field is asked.
    pub fn asks(&self, key: &str) -> bool {
        self.fields.iter().any(|f| f.key == key)
    }

    /// Whether the form is not taken without a field.
    pub fn needs(&self, key: &str) -> bool {
        self.fields.iter().any(|f| f.key == key && f.required)
    }

    /// Whether something sensitive is asked.
    pub fn is_sensitive(&self) -> bool {
        self.fields.iter().any(|f| f.sensitive)
    }

    /// Whether it can be filled in on a day.
    pub fn is_open(&self, on: Date) -> bool {
        self.ends_on.is_some_and(|end| on < end)
    }

    /// What it costs everybody together, in minutes.
    pub fn cost(&self) -> u64 {
        u64::from(self.minutes) * u64::from(self.people)
    }
}

/// Whether a form may be published on a day; the version that it then has is one more than `before`.
///
/// # Errors
/// The first reason against it.
pub fn publish(mut form: Form, before: u32, today: Date) -> Result<Form, NotPublished> {
    for (text, what) in [
        (&form.owner, "owner"),
        (&form.purpose, "purpose"),
        (&form.legal_basis, "legal basis"),
        (&form.frequency, "frequency"),
    ] {
        if text.trim().is_empty() {
            return Err(NotPublished::Missing(what));
        }
    }
    if form.minutes == 0 {
        return Err(NotPublished::Missing("minutes"));
    }
    let notice = &form.notice;
    if [&notice.version, &notice.zh, &notice.en].into_iter().any(|t| t.trim().is_empty()) {
        return Err(NotPublished::Missing("notice"));
    }
    if form.fields.is_empty() {
        return Err(NotPublished::Missing("fields"));
    }
    for (i, f) in form.fields.iter().enumerate() {
        if HELD.contains(&f.key.as_str()) {
            return Err(NotPublished::Held(f.key.clone()));
        }
        if !known(form.kind).contains(&f.key.as_str()) {
            return Err(NotPublished::Unknown(f.key.clone()));
        }
        if form.fields[..i].iter().any(|other| other.key == f.key) {
            return Err(NotPublished::Twice(f.key.clone()));
        }
        for (text, what) in
            [(&f.purpose, "purpose"), (&f.legal_basis, "legal basis"), (&f.retention, "retention")]
        {
            if text.trim().is_empty() {
                return Err(NotPublished::FieldMissing { field: f.key.clone(), what });
            }
        }
    }
    let last = today.saturating_add(6.months());
    match form.ends_on {
        Some(end) if end > last => return Err(NotPublished::TooLong(last)),
        Some(end) if end > today => {}
        _ => return Err(NotPublished::NoEnd),
    }
    form.version = before + 1;
    Ok(form)
}
