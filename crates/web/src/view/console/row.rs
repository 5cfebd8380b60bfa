//! One case in a list, and its deadline in words.

use crate::times;
use crate::words::Lang;
use domain::CaseNo;
use domain::cases::Clock;
use jiff::Timestamp;

/// One case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its number.
    pub no: CaseNo,
    /// What was said, masked; cut to a hundred characters or so.
    pub text: String,
    /// Where: neighbourhood and doorway.
    pub place: String,
    /// What it is about, in words.
    pub subject: String,
    /// Where it stands, in words.
    pub state: String,
    /// The unit that has it; may be empty.
    pub unit: String,
    /// What must be done next, and by when.
    pub due: Option<Due>,
    /// When it came in, as people say it.
    pub reported: String,
    /// How many people said it.
    pub voices: u32,
    /// "危急", "水电气": said only where it is not the ordinary.
    pub urgent: Option<String>,
}

/// How near a deadline is. Colour is for the last two alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Level {
    /// Time enough.
    #[default]
    Calm,
    /// Within four hours.
    Soon,
    /// Past.
    Late,
}

/// A deadline in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Due {
    /// What must be done: "先行联系".
    pub what: String,
    /// By when: "今天下午5:30前".
    pub by: String,
    /// How long that is: "还有3小时", "超了2天".
    pub left: String,
    /// What happens if it is not done.
    pub or_else: String,
    /// How near it is.
    pub level: Level,
}

impl Due {
    /// A running clock, read at `now`.
    pub fn of(clock: Clock, due: Timestamp, now: Timestamp, t: Lang) -> Due {
        let (left, level) = left(due, now, t);
        Due {
            what: t.pick(clock.zh(), clock.en()).into(),
            by: times::by(due, now, t),
            left,
            or_else: match clock {
                Clock::Dispatch => t.else_dispatch(),
                Clock::FirstContact => t.else_contact(),
                Clock::Handling => t.else_handling(),
                Clock::SecondHandling => t.else_second(),
                Clock::CallBack => t.else_call_back(),
                Clock::Silence => t.else_silence(),
                Clock::Meeting => t.else_meeting(),
                Clock::Plan => t.else_plan(),
            }
            .into(),
            level: if clock == Clock::Silence { Level::Calm } else { level },
        }
    }

    pub(crate) fn class(&self) -> &'static str {
        class_of(self.level)
    }
}

pub(super) fn class_of(level: Level) -> &'static str {
    match level {
        Level::Calm => "",
        Level::Soon => "soon",
        Level::Late => "late",
    }
}

/// How long is left until `due`, or how long it is over, and how near that is.
pub(crate) fn time_left(due: Timestamp, now: Timestamp, t: Lang) -> (String, Level) {
    left(due, now, t)
}

/// How long is left until `due`, or how long it is over, and how near that is.
pub(super) fn left(due: Timestamp, now: Timestamp, t: Lang) -> (String, Level) {
    let how = times::span(now, due, t);
    if due < now {
        (t.due_over(how), Level::Late)
    } else if due.as_second() - now.as_second() <= 4 * 3600 {
        (t.due_left(how), Level::Soon)
    } else {
        (t.due_left(how), Level::Calm)
    }
}

/// One choice of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What a person reads.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice; chosen if its value is `current`.
    pub fn new(value: impl Into<String>, label: impl Into<String>, current: &str) -> Choice {
        let value = value.into();
        Choice { chosen: value == current, value, label: label.into() }
    }
}
