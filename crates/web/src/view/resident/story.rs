//! From the events of a case to the lines that a resident reads, with every promise and what became of it.

use super::timeline::{Line, Promise};
use crate::times;
use crate::words::Lang;
use domain::UnitId;
use domain::cases::{CaseEvent, Quantity, Recorded, Satisfaction};
use jiff::Timestamp;

/// Who reads the story: which voice they are, when, in which language, and what units are called.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// 1 for whoever reported it first.
    pub voice: u16,
    /// The moment of reading.
    pub now: Timestamp,
    /// The language.
    pub lang: Lang,
    /// The name of a unit in that language.
    pub unit: &'a dyn Fn(UnitId) -> String,
}

/// The history of a case for one of its voices, newest first. What staff note for each other and what other
/// neighbours said in their own words is left out.
///
/// For a case that goes on in another, `events` are its own and then those of the other, each oldest first,
/// and `reader.voice` is the person's voice in the other: both are told as one.
pub fn story(events: &[Recorded], reader: Reader<'_>) -> Vec<Line> {
    let second = events.windows(2).position(|w| w[1].seq <= w[0].seq).map_or(0, |i| i + 1);
    let (own, whole) = events.split_at(second);
    let mut lines = tell_all(own, Reader { voice: voice_before_merge(whole, reader.voice), ..reader }, None);
    let absorbed = (!own.is_empty()).then_some(reader.voice);
    lines.extend(tell_all(whole, reader, absorbed));
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().rev().map(|(_, line)| line).collect()
}

fn tell_all(events: &[Recorded], reader: Reader<'_>, absorbed: Option<u16>) -> Vec<(Timestamp, Line)> {
    let mut teller = Teller { reader, absorbed, voices: 0, lines: vec![], open: vec![], unit: String::new() };
    let mut before = None;
    for recorded in events {
        teller.tell(recorded, before);
        before = Some(&recorded.event);
    }
    teller.leave_open();
    teller.lines
}

/// Which voice somebody was in their own case, from what they are in the one that took it in.
fn voice_before_merge(whole: &[Recorded], voice: u16) -> u16 {
    let voice = u32::from(voice);
    let mut count = 0;
    for recorded in whole {
        match recorded.event {
            CaseEvent::Reported { .. } | CaseEvent::VoiceAdded { .. } => count += 1,
            CaseEvent::Absorbed { voices, .. } => {
                if (count + 1..=count + voices).contains(&voice) {
                    return u16::try_from(voice - count).unwrap_or(1);
                }
                count += voices;
            }
            _ => {}
        }
    }
    1
}

/// A quantity as it is read: "12 个花箱移走".
pub fn amounts(quantities: &[Quantity]) -> Vec<String> {
    quantities.iter().map(|q| format!("{} {}", q.amount, q.what)).collect()
}

/// What a promise is for; the event that fulfils it names the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Dispatch,
    Contact,
    Answer,
    CallBack,
}

struct Teller<'a> {
    reader: Reader<'a>,
    /// The reader's voice, where it was taken in from another case: that is told there, not here.
    absorbed: Option<u16>,
    /// How many have spoken so far.
    voices: u32,
    lines: Vec<(Timestamp, Line)>,
    /// Promises not yet fulfilled: (for what, line, which of its promises, due).
    open: Vec<(For, usize, usize, Timestamp)>,
    unit: String,
}

impl Teller<'_> {
    fn tell(&mut self, recorded: &Recorded, before: Option<&CaseEvent>) {
        let t = self.reader.lang;
        let at = recorded.at;
        let mine = |voice: u16| voice == self.reader.voice;
        match &recorded.event {
            CaseEvent::Reported { dispatch_due, .. } => {
                self.voices += 1;
                self.line(at, if mine(1) { t.ev_you_reported() } else { t.ev_neighbour_reported() });
                self.promise(For::Dispatch, *dispatch_due);
            }
            CaseEvent::VoiceAdded { voice, text, .. } => {
                self.voices += 1;
                let own = mine(*voice);
                self.line(at, if own { t.ev_you_joined() } else { t.ev_neighbour_joined() });
                self.quote(text, own);
            }
            CaseEvent::Remarked { voice, text, .. } => {
                let own = mine(*voice);
                self.line(at, if own { t.ev_you_remarked() } else { t.ev_neighbour_remarked() });
                self.quote(text, own);
            }
            CaseEvent::Noted { .. } => {}
            CaseEvent::Dispatched { unit, first_contact_due, due, .. } => {
                self.fulfil(For::Dispatch, at);
                self.unit = (self.reader.unit)(*unit);
                self.line(at, &t.ev_dispatched(&self.unit));
                self.promise(For::Contact, *first_contact_due);
                self.promise(For::Answer, *due);
            }
            CaseEvent::Recalled { dispatch_due } => {
                self.drop_all(at);
                self.line(at, t.ev_recalled());
                self.promise(For::Dispatch, *dispatch_due);
            }
            CaseEvent::Weighed { dispatch_due, .. } => {
                self.drop_all(at);
                self.line(at, t.ev_weighed());
                self.promise(For::Dispatch, *dispatch_due);
            }
            CaseEvent::FirstContacted { reached, .. } => {
                if *reached {
                    self.fulfil(For::Contact, at);
                }
                let words = if *reached { t.ev_contacted(&self.unit) } else { t.ev_not_reached(&self.unit) };
                self.line(at, &words);
            }
            CaseEvent::Returned { due, to_meeting, .. } => {
                self.drop_all(at);
                self.line(at, &t.ev_returned(&self.unit));
                if *to_meeting {
                    self.line(at, t.ev_to_meeting());
                }
                self.promise(For::Dispatch, *due);
            }
            CaseEvent::Referred { due, .. } => {
                self.drop_all(at);
                self.line(at, t.ev_referred());
                self.promise(For::Dispatch, *due);
            }
            CaseEvent::ReferralAccepted { due } => {
                self.fulfil(For::Dispatch, at);
                self.line(at, t.ev_referral_accepted());
                self.promise(For::Dispatch, *due);
            }
            CaseEvent::GivenBack { unit, due, .. } => {
                self.fulfil(For::Dispatch, at);
                self.unit = (self.reader.unit)(*unit);
                self.line(at, &t.ev_given_back(&self.unit));
                self.promise(For::Answer, *due);
            }
            CaseEvent::JoinedProblem { due, .. } => {
                self.drop_all(at);
                self.line(at, t.ev_joined_problem());
                self.promise(For::Answer, *due);
            }
            CaseEvent::PlanPromised { due, .. } => {
                self.drop(For::Answer, at);
                self.line(at, t.ev_plan_promised());
                self.promise(For::Answer, *due);
            }
            CaseEvent::LeftProblem { dispatch_due, .. } => {
                self.drop_all(at);
                self.line(at, t.ev_left_problem());
                self.promise(For::Dispatch, *dispatch_due);
            }
            CaseEvent::Settled { unit, outcome, quantities, .. } => {
                self.fulfil(For::Answer, at);
                self.unit = (self.reader.unit)(*unit);
                self.line(at, t.ev_settled());
                self.quote(outcome, true);
                if let Some((_, line)) = self.lines.last_mut() {
                    line.amounts = amounts(quantities);
                }
            }
            CaseEvent::Extended { due, reason } => {
                self.drop(For::Answer, at);
                self.line(at, t.ev_extended());
                self.quote(reason, true);
                self.promise(For::Answer, *due);
            }
            CaseEvent::Answered { outcome, quantities, .. } => {
                self.fulfil(For::Dispatch, at);
                self.fulfil(For::Answer, at);
                let words = if self.unit.is_empty() {
                    t.ev_answered_at_once().into()
                } else {
                    t.ev_answered(&self.unit)
                };
                self.line(at, &words);
                self.quote(outcome, true);
                if let Some((_, line)) = self.lines.last_mut() {
                    line.amounts = amounts(quantities);
                }
            }
            CaseEvent::Confirmed { voice } => {
                let own = mine(*voice);
                self.line(at, if own { t.ev_you_confirmed() } else { t.ev_neighbour_confirmed() });
            }
            CaseEvent::NotSolved { voice, text, due } => {
                let own = mine(*voice);
                self.line(at, if own { t.ev_you_not_solved() } else { t.ev_neighbour_not_solved() });
                self.quote(text, own);
                self.promise(For::Answer, *due);
            }
            CaseEvent::Rated { voice, satisfaction } if mine(*voice) => {
                let rating = match satisfaction {
                    Satisfaction::Satisfied => t.rating_satisfied(),
                    Satisfaction::Mostly => t.rating_mostly(),
                    Satisfaction::Dissatisfied => t.rating_dissatisfied(),
                };
                self.line(at, &t.ev_you_rated(rating));
            }
            CaseEvent::Rated { .. } => {}
            CaseEvent::CalledBack { solved, .. } => {
                self.fulfil(For::CallBack, at);
                self.line(at, if solved.is_some() { t.ev_called_back() } else { t.ev_called_in_vain() });
            }
            CaseEvent::Parked { .. } => {
                self.drop_all(at);
                self.line(at, t.ev_parked());
            }
            CaseEvent::Unparked { dispatch_due } => {
                self.line(at, t.ev_unparked());
                self.promise(For::Dispatch, *dispatch_due);
            }
            CaseEvent::MergedInto { into } => {
                self.drop_all(at);
                self.line(at, &t.ev_merged(into.spoken()));
            }
            CaseEvent::Absorbed { voices, .. } => {
                let taken = self.voices + 1..=self.voices + voices;
                self.voices += voices;
                if !self.absorbed.is_some_and(|v| taken.contains(&u32::from(v))) {
                    self.line(at, &t.ev_absorbed(voices));
                }
            }
            CaseEvent::Separated { dispatch_due } => {
                self.line(at, t.ev_separated());
                self.promise(For::Dispatch, *dispatch_due);
            }
            CaseEvent::Released { .. } => {}
            CaseEvent::Redirected { to, text } => {
                self.drop_all(at);
                self.line(at, &t.ev_redirected(to));
                self.quote(text, true);
            }
            CaseEvent::Withdrawn { voice, text } => {
                let own = mine(*voice);
                self.line(at, if own { t.ev_you_withdrew() } else { t.ev_neighbour_withdrew() });
                self.quote(text, own);
            }
            CaseEvent::Closed { .. } => {
                self.drop_all(at);
                // A case ends in the same breath as what ended it; silence alone comes without a word.
                self.line(
                    at,
                    match before {
                        Some(CaseEvent::Confirmed { .. }) => t.ev_closed_resident(),
                        Some(CaseEvent::CalledBack { .. }) => t.ev_closed_call_back(),
                        Some(CaseEvent::Answered { due, .. }) if at < *due => t.ev_closed_answer(),
                        _ => t.ev_closed_silence(),
                    },
                );
            }
        }
    }

    fn line(&mut self, at: Timestamp, what: &str) {
        let when = times::when(at, self.reader.now, self.reader.lang);
        self.lines.push((at, Line { when, what: what.into(), ..Line::default() }));
    }

    fn quote(&mut self, text: &str, shown: bool) {
        if let Some((_, line)) = self.lines.last_mut().filter(|_| shown && !text.trim().is_empty()) {
            line.quote = Some(text.into());
        }
    }

    fn promise(&mut self, what: For, due: Timestamp) {
        let Reader { lang: t, now, .. } = self.reader;
        let by = times::by(due, now, t);
        let text = match what {
            For::Dispatch => t.promise_dispatch(by),
            For::Contact => t.promise_contact(by),
            For::Answer => t.promise_answer(by),
            For::CallBack => t.promise_call_back(by),
        };
        let at = self.lines.len().saturating_sub(1);
        if let Some((_, line)) = self.lines.last_mut() {
            line.promises.push(Promise { text, ..Promise::default() });
            self.open.push((what, at, line.promises.len() - 1, due));
        }
    }

    fn fulfil(&mut self, what: For, at: Timestamp) {
        self.settle(|w| w == what, at, true);
    }

    fn drop(&mut self, what: For, at: Timestamp) {
        self.settle(|w| w == what, at, false);
    }

    fn drop_all(&mut self, at: Timestamp) {
        self.settle(|_| true, at, false);
    }

    /// Settles open promises at `at`: late is late, even if what was promised is no longer needed.
    fn settle(&mut self, which: impl Fn(For) -> bool, at: Timestamp, done: bool) {
        let t = self.reader.lang;
        let (settled, open) = std::mem::take(&mut self.open).into_iter().partition(|p| which(p.0));
        self.open = open;
        let settled: Vec<_> = settled;
        for (_, line, nth, due) in settled {
            let Some(promise) = self.lines.get_mut(line).and_then(|(_, l)| l.promises.get_mut(nth)) else {
                continue;
            };
            promise.broken = at > due;
            promise.kept = done && !promise.broken;
            promise.fate = match (promise.broken, done) {
                (true, _) => t.promise_late(times::span(due, at, t)),
                (false, true) => t.promise_kept().into(),
                (false, false) => t.promise_dropped().into(),
            };
        }
    }

    /// Says of what is still open whether there is time left.
    fn leave_open(&mut self) {
        let Reader { lang: t, now, .. } = self.reader;
        for (_, line, nth, due) in std::mem::take(&mut self.open) {
            let Some(promise) = self.lines.get_mut(line).and_then(|(_, l)| l.promises.get_mut(nth)) else {
                continue;
            };
            promise.broken = now > due;
            let how = times::span(due, now, t);
            promise.fate = if promise.broken { t.promise_broken(how) } else { t.promise_running(how) };
        }
    }
}
