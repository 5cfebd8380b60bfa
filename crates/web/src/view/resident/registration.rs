//! The pages of the two registrations: the form at `/q/{code}`, what one sees of one's own at `/r/{token}`, and how to
//! find it again at `/r`.

use super::Frame;
use crate::view::icons;
use askama::Template;

/// What is wrong with a field of the form, by the field's name on the page (`id0` for the first person's).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of the field.
    pub at: String,
    /// One sentence in the language of the page.
    pub text: String,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A line: type of the field, the keyboard, the most characters, and what the browser may fill in.
    Line(&'static str, &'static str, u16, &'static str),
    /// One of a few: key, word, whether it is chosen.
    Pick(Vec<(&'static str, &'static str, bool)>),
}

/// One question of a form.
#[derive(Clone, PartialEq, Eq)]
pub struct Ask {
    /// Its name on the page.
    pub name: String,
    /// The question.
    pub label: String,
    /// What helps to answer it.
    pub hint: Option<&'static str>,
    /// How.
    pub answer: Answer,
    /// What was typed.
    pub value: String,
    /// Whether it may be left empty.
    pub optional: bool,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What it may be picked from; it can be typed too.
    pub list: Vec<String>,
}

impl Ask {
    fn picks(&self) -> Option<&Vec<(&'static str, &'static str, bool)>> {
        match &self.answer {
            Answer::Pick(all) => Some(all),
            Answer::Line(..) => None,
        }
    }

    /// What describes the field, for those who hear the page: its hint, and what is wrong.
    fn described(&self) -> Option<String> {
        let (hint, error) = (format!("{}-h", self.name), format!("{}-e", self.name));
        match (self.hint.is_some(), self.error.is_some()) {
            (true, true) => Some(format!("{hint} {error}")),
            (true, false) => Some(hint),
            (false, true) => Some(error),
            (false, false) => None,
        }
    }

    fn line(&self) -> (&'static str, &'static str, u16, &'static str) {
        match &self.answer {
            Answer::Line(kind, mode, most, auto) => (kind, mode, *most, auto),
            Answer::Pick(_) => ("text", "text", 0, "off"),
        }
    }
}

/// Somebody who is filled in already: shown in a line, kept in the form.
#[derive(Clone, PartialEq, Eq)]
pub struct Filled {
    /// Which.
    pub index: usize,
    /// Their name, as it was typed.
    pub name: String,
    /// What is said besides: branch, the last of the number.
    pub line: String,
    /// The fields, to be sent again.
    pub hidden: Vec<(String, String)>,
}

/// A form of either registration.
#[derive(Template)]
#[template(path = "resident/registration_form.html")]
pub struct RegistrationForm {
    /// What surrounds it.
    pub frame: Frame,
    /// Which registration.
    pub title: &'static str,
    /// Who needs it, and who does not.
    pub intro: Vec<&'static str>,
    /// The code that was scanned.
    pub code: String,
    /// The place in full.
    pub place: String,
    /// The committee and its telephone, for whose address is not here.
    pub committee: Option<(String, String)>,
    /// A fresh nonce, or that of the form that is given back.
    pub once: String,
    /// The notice, and its version.
    pub notice: (String, String),
    /// Each field with what it is for.
    pub purposes: Vec<(String, String)>,
    /// The law that the form as a whole stands on.
    pub basis: String,
    /// Everybody who is filled in.
    pub filled: Vec<Filled>,
    /// The heading over the person that is open.
    pub person: Option<String>,
    /// What is asked of that person, or of the letting.
    pub asks: Vec<Ask>,
    /// What is asked once for all.
    pub shared: Vec<Ask>,
    /// Whether there is room for one more.
    pub can_add: bool,
    /// Whether something sensitive is asked.
    pub sensitive: bool,
    /// Ticked.
    pub consent: bool,
    /// Ticked for the children.
    pub guardian: bool,
    /// Whether children can be on it.
    pub people: bool,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<Problem>,
}

impl RegistrationForm {
    fn error(&self, at: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.at == at).map(|e| e.text.as_str())
    }
}

/// One member in the list of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// The name, masked; the number once the content is gone.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// Where it stands.
    pub state: &'static str,
    /// What there is to know, a sentence each.
    pub told: Vec<String>,
}

/// What one sees of one's own.
#[derive(Template)]
#[template(path = "resident/registration_own.html")]
pub struct OwnPage {
    /// What surrounds it.
    pub frame: Frame,
    /// A fresh nonce.
    pub once: String,
    /// The secret part of the link.
    pub token: String,
    /// Which registration.
    pub kind: &'static str,
    /// The place in full.
    pub place: String,
    /// What was just done.
    pub banner: Option<&'static str>,
    /// The phone, masked, where its code is still to be given.
    pub waits: Option<String>,
    /// The code itself, in the demo.
    pub shown: Option<String>,
    /// Everybody.
    pub members: Vec<MemberLine>,
    /// Whether all can say at once that they moved.
    pub can_end: bool,
    /// The whole link, to be kept.
    pub link: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// One member, with everything that is held.
#[derive(Template)]
#[template(path = "resident/registration_member.html")]
pub struct MemberPage {
    /// What surrounds it.
    pub frame: Frame,
    /// A fresh nonce.
    pub once: String,
    /// The secret part of the link.
    pub token: String,
    /// Which.
    pub no: i64,
    /// The name, masked.
    pub name: String,
    /// Where it stands.
    pub state: &'static str,
    /// What there is to know.
    pub told: Vec<String>,
    /// The fields, masked.
    pub rows: Vec<(String, String)>,
    /// What happened, and when.
    pub history: Vec<(String, &'static str)>,
    /// Who looked, a line each.
    pub looks: Vec<String>,
    /// What can be put right.
    pub asks: Vec<Ask>,
    /// Whether it can be said that they moved.
    pub can_end: bool,
    /// Whether it can be renewed.
    pub can_renew: bool,
    /// Whether it can be withdrawn.
    pub can_withdraw: bool,
    /// Whether there is content to delete.
    pub can_delete: bool,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// Found again by telephone.
#[derive(Template)]
#[template(path = "resident/registration_find.html")]
pub struct FindPage {
    /// What surrounds it.
    pub frame: Frame,
    /// A fresh nonce.
    pub once: String,
    /// What was typed.
    pub phone: String,
    /// Whether a code may have been sent.
    pub sent: bool,
    /// The code itself, in the demo.
    pub shown: Option<String>,
    /// The links that were found, each with its number.
    pub found: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}
