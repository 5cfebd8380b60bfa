//! The secret link: `GET` and `POST /t/{token}`. Number, promises, history, and what can be said now.

use super::Frame;
use crate::times;
use crate::view::{FieldError, error_of, icons};
use crate::words::Lang;
use askama::Template;
use domain::CaseNo;
use domain::cases::{Case, Clock, Satisfaction, State};
use jiff::Timestamp;

/// One case as one of its voices sees it.
///
/// Every form posts to `/t/{token}` with `once`, and with `do`: `remark` (`text`), `withdraw` (`text`, may be
/// empty), `confirm` (`satisfaction` and `text`, may both be missing), `not_solved` (`text`), `rate`
/// (`satisfaction`; `text` may be empty).
#[derive(Debug, Clone, Template)]
#[template(path = "resident/timeline.html")]
pub struct Timeline {
    /// What surrounds it.
    pub frame: Frame,
    /// The secret, as in the address.
    pub token: String,
    /// The whole address of this page, for paper.
    pub link: String,
    /// A fresh nonce for the forms.
    pub once: String,
    /// The case's number.
    pub no: CaseNo,
    /// Said once on top, after something was sent.
    pub banner: Option<Banner>,
    /// The place in full.
    pub place: String,
    /// Where within the place; may be empty.
    pub detail: String,
    /// What was said, masked.
    pub text: String,
    /// How many other people said it too.
    pub others: u32,
    /// Where it stands ([`headline`]).
    pub headline: String,
    /// What comes next and by when ([`next_step`]).
    pub next: Option<String>,
    /// The problem that it is part of, as residents are told of it.
    pub problem: Option<ToldProblem>,
    /// The history, newest first ([`super::story`]).
    pub lines: Vec<Line>,
    /// How many lines came before these, and where they are read.
    pub earlier: Option<(usize, String)>,
    /// Whether these are not the newest lines.
    pub back: bool,
    /// Long texts of which only the beginning is shown: `said`, `answer`, `parked`, `redirected`.
    pub cuts: Vec<&'static str>,
    /// One of these, whole, and nothing else.
    pub whole: Option<String>,
    /// What the unit answered.
    pub outcome: Option<Outcome>,
    /// Why it cannot be done for now.
    pub parked: Option<Parked>,
    /// Which case it goes on in.
    pub merged: Option<Merged>,
    /// Where to turn instead.
    pub redirected: Option<Redirected>,
    /// What can be said now.
    pub can: Can,
    /// What was typed, when a form is given back with errors.
    pub draft: ActionDraft,
    /// What is wrong; `field` is the `do` of the form.
    pub errors: Vec<FieldError>,
    /// Whether they get messages on their mobile; none where there is nothing to choose.
    pub texts: Option<bool>,
}

/// What is said once on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Banner {
    /// The report has just been made: thanks, and keep this link.
    Reported,
    /// A voice has just been added to an open case.
    Joined,
    /// A remark, rating or the like has been noted.
    Noted,
}

/// Several units on one plan, in plain words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldProblem {
    /// In a few words.
    pub title: String,
    /// How many units are on it, how many people spoke, who leads: one line each.
    pub facts: Vec<String>,
    /// What comes next, by when.
    pub next: Option<String>,
    /// What happened, newest first.
    pub lines: Vec<Line>,
}

/// One thing that happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// When, as people say it.
    pub when: String,
    /// What, in plain words.
    pub what: String,
    /// What somebody said with it.
    pub quote: Option<String>,
    /// Quantities of an outcome: "移走花箱 12 个".
    pub amounts: Vec<String>,
    /// What was promised with it.
    pub promises: Vec<Promise>,
}

/// A date that was promised, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promise {
    /// What was promised: "今天下午5:30前联系您".
    pub text: String,
    /// What became of it: "做到了", "晚了2小时".
    pub fate: String,
    /// Kept.
    pub kept: bool,
    /// Broken: late, or overdue now.
    pub broken: bool,
}

/// What the unit answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The unit's name.
    pub unit: String,
    /// In words.
    pub text: String,
    /// In quantities.
    pub amounts: Vec<String>,
    /// Solved according to the unit, in words.
    pub solved: String,
}

/// Why a case is parked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parked {
    /// Why.
    pub cause: String,
    /// The law or rule that stands in the way.
    pub law: String,
    /// The day it is looked at again, as people say it.
    pub review: String,
}

/// The case that this one goes on in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Its number.
    pub into: CaseNo,
    /// Where that one stands ([`headline`]).
    pub headline: String,
}

/// Where to turn instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirected {
    /// To whom.
    pub to: String,
    /// In words.
    pub text: String,
}

/// What the resident can say now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each form on the page")]
pub struct Can {
    /// Add something.
    pub remark: bool,
    /// Take it back.
    pub withdraw: bool,
    /// Say that it is solved, with a rating if they like.
    pub confirm: bool,
    /// Say that it is not.
    pub not_solved: bool,
    /// Rate alone, where there is nothing left to confirm.
    pub rate: bool,
}

impl Can {
    /// What the state of the case allows to somebody who has, or has not yet, rated.
    pub fn of(case: &Case, rated: bool) -> Can {
        let waits = case.state == State::Answered;
        let kept = case.state.is_open() || case.state == State::Parked;
        Can {
            remark: kept,
            withdraw: kept && !waits,
            confirm: waits,
            not_solved: waits || case.state == State::Closed,
            rate: !rated && matches!(case.state, State::Closed | State::Parked),
        }
    }
}

/// What was typed into one of the forms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionDraft {
    /// The `do` of that form.
    pub form: String,
    /// Its text.
    pub text: String,
    /// Its choice.
    pub satisfaction: Option<Satisfaction>,
}

/// Where a case stands, in one plain sentence for residents. `unit` is the name of the unit that has it.
pub fn headline(state: State, unit: &str, lang: Lang) -> String {
    match state {
        State::Received => lang.stands_received().into(),
        State::Assigned => lang.stands_assigned(unit),
        State::InHand => lang.stands_in_hand(unit),
        State::Answered => lang.stands_answered().into(),
        State::AtMeeting => lang.stands_at_meeting().into(),
        State::Referred => lang.stands_referred().into(),
        State::InProblem => lang.stands_in_problem().into(),
        State::Parked => lang.stands_parked().into(),
        State::Closed => lang.stands_closed().into(),
        State::Merged => lang.stands_merged().into(),
        State::Redirected => lang.stands_redirected().into(),
        State::Withdrawn => lang.stands_withdrawn().into(),
    }
}

/// What comes next, and by when; says so plainly when that time has passed.
pub fn next_step(case: &Case, now: Timestamp, lang: Lang) -> Option<String> {
    let Some((clock, due)) = case.due else {
        let review = case.review_on.filter(|_| case.state == State::Parked)?;
        return Some(lang.next_review(times::day(review, times::local(now).date(), lang)));
    };
    let by = times::by(due, now, lang);
    if due < now && clock != Clock::Silence {
        let promised = match clock {
            Clock::Dispatch | Clock::Meeting => lang.promise_dispatch(by),
            Clock::FirstContact => lang.promise_contact(by),
            Clock::CallBack => lang.promise_call_back(by),
            Clock::Handling | Clock::SecondHandling | Clock::Silence | Clock::Plan => lang.promise_answer(by),
        };
        return Some(lang.next_late(promised, times::span(due, now, lang)));
    }
    Some(match clock {
        Clock::Dispatch => lang.next_dispatch(by),
        Clock::FirstContact => lang.next_contact(by),
        Clock::Handling | Clock::SecondHandling | Clock::Plan => lang.next_answer(by),
        Clock::CallBack => lang.next_call_back(by),
        Clock::Silence => lang.next_silence(by),
        Clock::Meeting => lang.next_meeting(by),
    })
}

/// A case number in the groups in which people read it aloud: `["012", "345", "-6"]`.
pub fn spoken_groups(no: CaseNo) -> Vec<String> {
    let spoken = no.spoken();
    let (digits, check) = spoken.split_once('-').unwrap_or((&spoken, ""));
    let mut groups: Vec<String> = Vec::new();
    let first = digits.len() % 3;
    if first > 0 {
        groups.push(digits[..first].into());
    }
    groups.extend(digits.as_bytes()[first..].chunks(3).map(|g| String::from_utf8_lossy(g).into_owned()));
    groups.push(format!("-{check}"));
    groups
}

/// What a page for residents weighs at most, in bytes: ten packets, the first that a phone gets.
pub const MOST_BYTES: usize = 14_336;
/// How much of a long text is shown where there is no room for more, in characters.
const BEGINNING: usize = 160;

/// The beginning of a text; `true` if that is not all of it.
fn shortened(text: &mut String, most: usize) -> bool {
    let Some((at, _)) = text.char_indices().nth(most) else { return false };
    text.truncate(at);
    text.push('…');
    true
}

impl Timeline {
    /// The page with as many lines as its weight allows, beginning `skip` lines after the newest: the others are a
    /// link away, and so is the rest of long texts.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn bounded(mut self, skip: usize) -> askama::Result<Timeline> {
        let all = self.lines.len();
        let skip = skip.min(all.saturating_sub(1));
        self.back = skip > 0;
        self.lines.drain(..skip);
        if self.render()?.len() <= MOST_BYTES {
            return Ok(self);
        }
        for line in &mut self.lines {
            if let Some(quote) = &mut line.quote {
                shortened(quote, BEGINNING);
            }
        }
        let lines = std::mem::take(&mut self.lines);
        let with = |page: &Timeline, n: usize| {
            let left = lines.len() - n;
            let href = format!("/t/{}?from={}", page.token, skip + n);
            Timeline {
                lines: lines[..n].to_vec(),
                earlier: (left > 0).then_some((left, href)),
                ..page.clone()
            }
        };
        let fits = |page: &Timeline| page.render().map(|html| html.len() <= MOST_BYTES);
        for line in self.problem.iter_mut().flat_map(|p| &mut p.lines) {
            if let Some(quote) = &mut line.quote {
                shortened(quote, BEGINNING);
            }
        }
        // A few lines at least: where there is no room for them, long texts make it.
        if !fits(&with(&self, lines.len().min(5)))? {
            self.shorten();
        }
        let (mut fit, mut too_many) = (lines.len().min(1), lines.len() + 1);
        while fit + 1 < too_many {
            let n = fit.midpoint(too_many);
            if fits(&with(&self, n))? { fit = n } else { too_many = n }
        }
        Ok(with(&self, fit))
    }

    /// Shows only the beginning of the long texts.
    fn shorten(&mut self) {
        let said = [("said", Some(&mut self.text))];
        let answer = [("answer", self.outcome.as_mut().map(|o| &mut o.text))];
        let parked = [("parked", self.parked.as_mut().map(|p| &mut p.cause))];
        let redirected = [("redirected", self.redirected.as_mut().map(|r| &mut r.text))];
        for (name, text) in said.into_iter().chain(answer).chain(parked).chain(redirected) {
            if text.is_some_and(|t| shortened(t, BEGINNING)) {
                self.cuts.push(name);
            }
        }
    }

    /// One of the long texts.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        match name {
            "said" => Some(&self.text),
            "answer" => self.outcome.as_ref().map(|o| o.text.as_str()),
            "parked" => self.parked.as_ref().map(|p| p.cause.as_str()),
            "redirected" => self.redirected.as_ref().map(|r| r.text.as_str()),
            _ => None,
        }
    }

    fn cut(&self, name: &str) -> bool {
        self.cuts.contains(&name)
    }

    fn error(&self, form: &str) -> Option<&str> {
        error_of(&self.errors, form)
    }

    /// Whether a form is on the page, so that an error can lead there.
    fn offered(&self, form: &str) -> bool {
        match form {
            "remark" => self.can.remark,
            "withdraw" => self.can.withdraw,
            "confirm" => self.can.confirm,
            "not_solved" => self.can.not_solved,
            "rate" => self.can.rate,
            _ => false,
        }
    }

    fn groups(&self) -> Vec<String> {
        spoken_groups(self.no)
    }

    fn is_new(&self) -> bool {
        matches!(self.banner, Some(Banner::Reported | Banner::Joined))
    }

    /// What was said on a line, unless the page says it already as the outcome.
    fn quote<'a>(&self, line: &'a Line) -> Option<&'a str> {
        let outcome = self.outcome.as_ref().map(|o| o.text.as_str());
        line.quote.as_deref().filter(|q| Some(*q) != outcome)
    }

    fn typed(&self, form: &str) -> &str {
        if self.draft.form == form { &self.draft.text } else { "" }
    }

    fn open(&self, form: &str) -> bool {
        self.draft.form == form || self.error(form).is_some()
    }

    fn ratings(&self) -> [(&'static str, &'static str, bool); 3] {
        let t = self.frame.lang;
        [
            (Satisfaction::Satisfied, t.rating_satisfied()),
            (Satisfaction::Mostly, t.rating_mostly()),
            (Satisfaction::Dissatisfied, t.rating_dissatisfied()),
        ]
        .map(|(s, word)| (s.key(), word, self.draft.satisfaction == Some(s)))
    }
}
