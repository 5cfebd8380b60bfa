//! One case on one page: who, where, what was said, clocks, duties, history, similar cases, and what can be
//! done now by this person and nothing else.

use super::field::{Field, Shape};
use super::row::{Level, class_of};
use super::{Choice, Due, Frame, StaffLine};
use crate::view::{FieldError, error_of, icons};
use askama::Template;
use domain::CaseNo;
use domain::cases::{ActionName, Case, Clock, Satisfaction, Solved, State, Urgency};

/// `GET /console/cases/{no}`. Each action posts to `/console/cases/{no}/{action key}` with `csrf`, `version`
/// (what the person saw), and its fields:
///
/// | action | fields |
/// |---|---|
/// | `dispatch` | `unit` (id, or `other`), `unit_other`, `subject`, `kind`, `reason` |
/// | `first_contact` | `reached` (`yes`, `no`), `note` |
/// | `answer` | `outcome`, `amount` and `what` (three of each), `solved` |
/// | `return` | `ground`, `note` |
/// | `refer` | `tried` |
/// | `extend` | `reason` |
/// | `answer_at_once` | `text` |
/// | `redirect` | `to`, `text` |
/// | `merge` | `into` (a number, or `other`), `into_other` (as spoken) |
/// | `park` | `cause`, `law`, `review_on` |
/// | `call_back` | `solved` (a key, or `none` for not reached), `satisfaction`, `note` |
/// | `note` | `text` |
/// | `recall`, `separate`, `unpark` | none |
///
/// What was masked is asked for with `POST /console/cases/{no}/unmask` (`purpose`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/case.html")]
pub struct CasePage {
    /// What surrounds it.
    pub frame: Frame,
    /// The case's number.
    pub no: CaseNo,
    /// How many events it has; sent back with every action, so that nobody acts on what is no longer so.
    pub version: u32,
    /// What it is, in words.
    pub facts: Facts,
    /// What everybody said, first voice first.
    pub voices: Vec<Voice>,
    /// Whether the person may ask for what is masked; false once it is shown.
    pub may_unmask: bool,
    /// Where, from the sub-district down: (name, address of its list).
    pub path: Vec<(String, String)>,
    /// Where within the place; may be empty.
    pub detail: String,
    /// The schematic map as an SVG of our own making (class `hexes`; polygons of class `here`, `near`, `far`): the
    /// only text that is not escaped. May be empty.
    pub map_svg: String,
    /// The same as a list.
    pub near: Vec<NearPlace>,
    /// The clocks ([`super::clock_lines`]).
    pub clocks: Vec<ClockLine>,
    /// What is next and by when.
    pub due: Option<Due>,
    /// The problem that it is part of.
    pub problem: Option<i64>,
    /// Whether this person can open a problem with it.
    pub may_open_problem: bool,
    /// How the program reads it, in a sentence; while it waits to be given to a unit.
    pub read_as: Option<String>,
    /// What the button says that asks the district's model, where there is one and the program is unsure.
    pub opinion: Option<String>,
    /// Units that have this on their list of duties, best first, with reasons.
    pub proposed: Vec<Proposed>,
    /// What happened ([`super::history`]).
    pub history: Vec<StaffLine>,
    /// Open cases that look alike.
    pub similar: Vec<Similar>,
    /// What this person can do now, in order.
    pub actions: Vec<ActionName>,
    /// The one that is open from the start ([`likely_next`]).
    pub likely: Option<ActionName>,
    /// Other units that the case can be given to.
    pub units: Vec<Choice>,
    /// What it can be about.
    pub subjects: Vec<Choice>,
    /// What sort it can be.
    pub kinds: Vec<Choice>,
    /// Grounds for a return, from the list of duties.
    pub grounds: Vec<Choice>,
    /// Where residents are often sent.
    pub authorities: Vec<String>,
    /// The first day that a review can be set to: `2026-11-24`.
    pub first_review: String,
    /// What was typed, when an action is given back.
    pub draft: Draft,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

/// What a case is, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub state: String,
    /// What it is about.
    pub subject: String,
    /// What sort.
    pub kind: String,
    /// How it came in.
    pub channel: String,
    /// When, as people say it.
    pub reported: String,
    /// "危急", "水电气", with the words that raised it; said only where it is not the ordinary.
    pub urgent: Option<String>,
    /// The words by which it was read so.
    pub alarms: String,
    /// The unit that has it.
    pub unit: Option<String>,
    /// When the resident was promised an answer: "今天下午5:30前".
    pub promised: Option<String>,
    /// How often it came back.
    pub returns: u32,
    /// How many units have had it.
    pub hops: u32,
    /// How often the resident said "not solved".
    pub not_solved: u32,
    /// The case that it goes on in.
    pub merged_into: Option<CaseNo>,
}

/// What one person said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voice {
    /// 1 and on.
    pub n: u16,
    /// When, as people say it.
    pub when: String,
    /// Masked; may be empty for a bare "me too".
    pub text: String,
    /// Left a way to be reached.
    pub contactable: bool,
    /// Sent a photo: `/console/cases/{no}/photo/{n}`.
    pub photo: bool,
    /// How to reach them, once a purpose was given.
    pub contact: Option<String>,
    /// Their own words where these were masked, once a purpose was given.
    pub original: Option<String>,
}

/// A neighbourhood on the map, for who cannot see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NearPlace {
    /// Its name.
    pub name: String,
    /// The address of its open cases.
    pub href: String,
    /// How many those are.
    pub open: u32,
    /// Whether the case lies here.
    pub here: bool,
}

/// A clock of the case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockLine {
    /// What must be done.
    pub what: String,
    /// By when.
    pub by: String,
    /// How long is left, or when it was done.
    pub left: String,
    /// How near it is.
    pub level: Level,
    /// Done.
    pub done: bool,
}

/// A unit that has this on its list, with the reasons in one sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposed {
    /// Its id.
    pub unit: i64,
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// An open case that looks alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// Its number.
    pub no: CaseNo,
    /// What was said there.
    pub text: String,
    /// When, where it stands, how near: in words.
    pub why: String,
}

/// Lines of the history that are open from the start.
const NEWEST: usize = 40;

/// What was typed into an action that is given back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Which action.
    pub action: Option<ActionName>,
    /// Its fields.
    pub values: Vec<(String, String)>,
}

/// The fields that hold words of a person's own.
const WORDS: [&str; 9] = ["reason", "note", "outcome", "tried", "to", "text", "cause", "law", "what"];

impl Draft {
    /// What was typed in words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let own = |f: &str| WORDS.contains(&f);
        self.values.iter().filter(move |(f, v)| own(f) && !v.trim().is_empty()).map(|(_, v)| v.as_str())
    }
}

impl ClockLine {
    fn class(&self) -> &'static str {
        class_of(self.level)
    }
}

/// What the running clock asks for: the action that is open when the page is.
pub fn likely_next(case: &Case) -> Option<ActionName> {
    let (clock, _) = case.due?;
    match clock {
        Clock::Meeting if case.state == State::Referred => Some(ActionName::AcceptReferral),
        Clock::Dispatch if case.urgency == Urgency::Perhaps && case.may_weigh() => Some(ActionName::Weigh),
        Clock::Dispatch | Clock::Meeting => Some(ActionName::Dispatch),
        Clock::FirstContact => Some(ActionName::FirstContact),
        Clock::Handling | Clock::SecondHandling if case.state == State::Assigned => {
            Some(ActionName::FirstContact)
        }
        Clock::Handling | Clock::SecondHandling => Some(ActionName::Answer),
        Clock::CallBack => Some(ActionName::CallBack),
        Clock::Silence | Clock::Plan => None,
    }
}

/// The key of an action in the console; no two actions share one.
pub(crate) fn key_of(action: ActionName) -> char {
    match action {
        ActionName::Dispatch => 'd',
        ActionName::Recall => 'u',
        ActionName::Weigh => 'y',
        ActionName::FirstContact => 'f',
        ActionName::Answer => 'a',
        ActionName::Return => 'b',
        ActionName::Refer => 'r',
        ActionName::AcceptReferral => 'i',
        ActionName::GiveBack => 'x',
        ActionName::Extend => 'e',
        ActionName::AnswerAtOnce => 'w',
        ActionName::Redirect => 't',
        ActionName::Merge => 'm',
        ActionName::Separate => 's',
        ActionName::Park => 'p',
        ActionName::Unpark => 'o',
        ActionName::CallBack => 'l',
        ActionName::Note => 'n',
    }
}

impl CasePage {
    fn word(&self, action: &ActionName) -> &'static str {
        self.frame.lang.pick(action.zh(), action.en())
    }

    fn key(&self, action: &ActionName) -> char {
        key_of(*action)
    }

    /// One action is open: the one given back, or else what is most likely next.
    fn open(&self, action: &ActionName) -> bool {
        match self.draft.action {
            Some(drafted) => drafted == *action,
            None => self.likely == Some(*action),
        }
    }

    fn typed(&self, action: &ActionName, field: &str) -> &str {
        if self.draft.action != Some(*action) {
            return "";
        }
        self.draft.values.iter().find(|(f, _)| f == field).map_or("", |(_, v)| v)
    }

    /// The nth of several fields of one name, from 1.
    fn typed_nth(&self, action: &ActionName, field: &str, n: &usize) -> &str {
        if self.draft.action != Some(*action) {
            return "";
        }
        let mut values = self.draft.values.iter().filter(|(f, _)| f == field).map(|(_, v)| v.as_str());
        values.nth(n.saturating_sub(1)).unwrap_or("")
    }

    /// Whether a choice is the one that was sent, or the case's own where nothing was.
    fn picked(&self, action: &ActionName, field: &str, choice: &Choice) -> bool {
        match self.typed(action, field) {
            "" => choice.chosen,
            typed => typed == choice.value,
        }
    }

    /// What was typed for an action that is no longer offered.
    fn kept(&self) -> Vec<&str> {
        let gone = self.draft.action.is_some_and(|a| !self.actions.contains(&a));
        if gone { self.draft.words().collect() } else { vec![] }
    }

    /// The newest lines of the history.
    fn newest(&self) -> &[StaffLine] {
        &self.history[..self.history.len().min(NEWEST)]
    }

    /// The lines before these, folded away.
    fn older(&self) -> &[StaffLine] {
        self.history.get(NEWEST..).unwrap_or_default()
    }

    /// Errors that no field on the page shows: the action is no longer offered, or it was no action.
    fn loose_errors(&self) -> Vec<&str> {
        let shown = self.draft.action.is_some_and(|a| self.actions.contains(&a));
        let loose =
            |e: &&FieldError| e.field.is_empty() || !(shown || e.field == "purpose" && self.may_unmask);
        self.errors.iter().filter(loose).map(|e| e.text.as_str()).collect()
    }

    fn purpose_error(&self) -> Option<&str> {
        error_of(&self.errors, "purpose")
    }

    fn error(&self, action: &ActionName, field: &str) -> Option<&str> {
        if self.draft.action == Some(*action) { error_of(&self.errors, field) } else { None }
    }

    /// A field of several lines.
    fn area<'a>(&'a self, action: &ActionName, name: &'a str, label: &'a str, hint: &'a str) -> Field<'a> {
        Field { shape: Shape::Area, ..self.line(action, name, label, hint) }
    }

    /// A field of one line.
    fn line<'a>(&'a self, action: &ActionName, name: &'a str, label: &'a str, hint: &'a str) -> Field<'a> {
        Field {
            id: format!("{}-{name}", action.key()),
            name,
            label,
            hint,
            value: self.typed(action, name),
            error: self.error(action, name),
            shape: Shape::Line,
        }
    }

    /// A day.
    fn day<'a>(&'a self, action: &ActionName, name: &'a str, label: &'a str) -> Field<'a> {
        Field { shape: Shape::Day { first: &self.first_review }, ..self.line(action, name, label, "") }
    }

    fn solveds(&self) -> [(&'static str, &'static str); 3] {
        [Solved::Yes, Solved::Partly, Solved::No].map(|s| (s.key(), self.frame.lang.pick(s.zh(), s.en())))
    }

    fn satisfactions(&self) -> [(&'static str, &'static str); 3] {
        [Satisfaction::Satisfied, Satisfaction::Mostly, Satisfaction::Dissatisfied]
            .map(|s| (s.key(), self.frame.lang.pick(s.zh(), s.en())))
    }

    fn proposed_is_chosen(&self, unit: &i64, first: &bool) -> bool {
        match self.typed(&ActionName::Dispatch, "unit") {
            "" => *first,
            typed => typed == unit.to_string(),
        }
    }

    fn chose(&self, action: &ActionName, field: &str, value: &str) -> bool {
        self.typed(action, field) == value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_key_and_none_takes_a_key_of_the_frame() {
        let mut keys: Vec<char> = ActionName::ALL.iter().map(|a| key_of(*a)).collect();
        // j and k move, g leads elsewhere, c is "new case", v shows what is masked, z undoes.
        keys.extend(['j', 'k', 'g', 'c', 'v', 'z']);
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
