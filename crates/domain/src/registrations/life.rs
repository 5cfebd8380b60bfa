//! The life of a registration: the states between declared and deleted.
//!
//! ```text
//! declared ─ phone code ─▶ pending ─┬─▶ verified ─▶ handed off ─▶ deleted
//!                           ▲   ▲   ├─▶ failed ────── corrected ──┐
//!                           │   │   └─▶ duplicate                 │
//!                           │   └──────── reopened, corrected ◀───┘
//!                           └─ refused by the authority
//! at any time before it is deleted: moved away (ended), withdrawn
//! ```
//!
//! Nothing here is personal: what somebody declared lies beside it, sealed, and goes with [`Event::ContentDeleted`].

use super::Kind;
use crate::{Actor, Context, HandOffId, RegistrationId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $key:literal $zh:literal $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];
            /// The stable name in files and the store.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }
            /// The one of that name.
            pub fn from_key(key: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|v| v.key() == key)
            }
            /// In Chinese.
            pub fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh),+ }
            }
            /// In English.
            pub fn en(self) -> &'static str {
                match self { $($name::$variant => $en),+ }
            }
        }
    };
}

named! {
    /// Where a registration stands.
    State {
        /// Sent in; the phone code has not been given yet.
        Declared "declared" "等待验证码" "waiting for its phone code",
        /// With the committee's collector.
        Pending "pending" "等待核实" "waiting to be verified",
        /// Found to be as declared.
        Verified "verified" "已核实" "verified",
        /// Could not be verified; can be corrected.
        Failed "failed" "核实不成" "not verified",
        /// The same person or letting is registered here already.
        Duplicate "duplicate" "重复" "a duplicate",
        /// Given to the authority that owns the register.
        HandedOff "handed_off" "已移交" "handed off",
        /// Moved away, or no longer let.
        Ended "ended" "已结束" "ended",
        /// Taken back by the person.
        Withdrawn "withdrawn" "已撤回" "withdrawn",
        /// The content is gone; what remains is who handed off how much to whom.
        Deleted "deleted" "内容已删除" "deleted",
    }
}

named! {
    /// Why a registration could not be verified. A short list, so that nothing personal is written down.
    FailReason {
        /// Rang and knocked, nobody answered.
        NotReached "not_reached" "联系不上" "nobody could be reached",
        /// Somebody else lives there.
        NotLivingThere "not_living_there" "本人不住在这里" "they do not live there",
        /// Something differs from what the papers say.
        DetailsDiffer "details_differ" "登记内容与证件或实际不一致" "the details differ from the papers",
        /// The dwelling does not exist or is another.
        WrongDwelling "wrong_dwelling" "室号不对" "the flat is another one",
        /// The authority did not take it.
        Refused "refused" "接收部门退回" "the authority did not take it",
    }
}

impl State {
    /// Whether something is still to be done before it can be handed off.
    pub fn is_open(self) -> bool {
        matches!(self, State::Declared | State::Pending | State::Verified)
    }

    /// Whether it speaks for somebody living or letting there now.
    pub fn is_current(self) -> bool {
        matches!(self, State::Pending | State::Verified | State::HandedOff)
    }

    /// Whether its content waits to be deleted.
    pub fn is_over(self) -> bool {
        matches!(self, State::Failed | State::Duplicate | State::HandedOff | State::Ended | State::Withdrawn)
    }
}

/// The values of the rule table that this life runs by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Hours that a foreigner has from moving in (出境入境管理法 Art 39).
    pub foreigner_hours: u32,
    /// Days that a collector has for everybody else.
    pub verify_days: u32,
    /// Hours after which a declaration without its phone code is thrown away.
    pub unconfirmed_hours: u32,
    /// Days that content is kept once nothing more is to be done with it.
    pub kept_days: u32,
    /// Years that a certificate of residence registration is valid.
    pub certificate_years: u32,
    /// Below this age a guardian consents.
    pub guardian_below: u32,
}

impl Default for Terms {
    /// As the shipped rule table has them: for examples and tests.
    fn default() -> Terms {
        Terms {
            foreigner_hours: 24,
            verify_days: 7,
            unconfirmed_hours: 24,
            kept_days: 30,
            certificate_years: 1,
            guardian_below: 14,
        }
    }
}

impl Terms {
    /// The values that hold at a moment; what a table lacks is as the shipped one has it.
    pub fn at(rules: &dyn crate::cases::Deadlines, now: Timestamp) -> Terms {
        let usual = Terms::default();
        let number = |id, usual| rules.row(id, now).and_then(|r| r.value.parse().ok()).unwrap_or(usual);
        Terms {
            foreigner_hours: number("registration.foreigner", usual.foreigner_hours),
            verify_days: number("registration.verify", usual.verify_days),
            unconfirmed_hours: number("registration.unconfirmed", usual.unconfirmed_hours),
            kept_days: number("retention.handed_off", usual.kept_days),
            certificate_years: number("registration.certificate", usual.certificate_years),
            guardian_below: number("registration.guardian_below_age", usual.guardian_below),
        }
    }
}

/// What is declared, as far as it is not personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Which registration.
    pub kind: Kind,
    /// The version of the form that was shown.
    pub form: u32,
    /// The version of the notice on it.
    pub notice: String,
    /// When somebody from abroad moved in: the police must know within hours of that.
    pub abroad_since: Option<Timestamp>,
    /// Whether a guardian consented for a child.
    pub guardian: bool,
    /// Typed in by staff from paper: no phone code is asked.
    pub by_staff: bool,
}

impl Declaration {
    /// An ordinary one, for examples and tests.
    pub fn example(kind: Kind) -> Declaration {
        Declaration {
            kind,
            form: 1,
            notice: "2026-11".into(),
            abroad_since: None,
            guardian: false,
            by_staff: false,
        }
    }
}

/// A registration as its events make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its number.
    pub no: RegistrationId,
    /// Which of the two.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// When it was sent in.
    pub declared_at: Timestamp,
    /// When it must be with the authority, or verified.
    pub due: Timestamp,
    /// The version of the form.
    pub form: u32,
    /// Why it could not be verified.
    pub failed: Option<FailReason>,
    /// When the phone code was given, or staff typed it in.
    pub confirmed_at: Option<Timestamp>,
    /// When it was verified last.
    pub verified_at: Option<Timestamp>,
    /// The batch in which it was handed off last.
    pub batch: Option<HandOffId>,
    /// When.
    pub handed_off_at: Option<Timestamp>,
    /// What the authority answered.
    pub accepted: Option<bool>,
    /// Until when the certificate is valid.
    pub valid_until: Option<Date>,
    /// How many events there are.
    pub version: u32,
}

/// Something that happened to a registration. Never anything personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of the declaration and the commands")]
pub enum Event {
    /// Sent in.
    Declared { kind: Kind, form: u32, notice: String, due: Timestamp, guardian: bool, by_staff: bool },
    /// The phone code was given.
    Confirmed,
    /// As declared.
    Verified,
    /// Not to be verified.
    Failed { reason: FailReason },
    /// Registered here already.
    FoundDuplicate { of: Option<RegistrationId> },
    /// The collector takes the last step back.
    Reopened,
    /// The person put something right.
    Corrected,
    /// Given to the authority.
    HandedOff { batch: HandOffId },
    /// The authority took it.
    Accepted { batch: HandOffId, valid_until: Option<Date> },
    /// The authority did not.
    Refused { batch: HandOffId },
    /// Moved away, or no longer let.
    Ended { on: Date },
    /// Still living there: the certificate is renewed.
    Renewed { until: Date },
    /// Taken back.
    Withdrawn,
    /// The content was deleted and its key destroyed.
    ContentDeleted,
}

/// One event with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1 for the first.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub event: Event,
}

/// What can be done with a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The phone code fits.
    Confirm,
    /// As declared.
    Verify,
    /// Not to be verified.
    Fail(FailReason),
    /// Registered here already.
    FindDuplicate(Option<RegistrationId>),
    /// Take the last step of the desk back.
    Reopen,
    /// The person puts something right; it is verified anew.
    Correct,
    /// Give it to the authority.
    HandOff(HandOffId),
    /// What the authority answered.
    Answer(HandOffId, bool),
    /// Moved away, or no longer let, on a day.
    End(Date),
    /// Still living there.
    Renew,
    /// Take it back.
    Withdraw,
    /// Delete the content: by the person at any time, by the clock when its time is over.
    DeleteContent,
}

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It does not stand where this could be done.
    NotNow(State),
    /// Residency alone is renewed.
    NotThisKind,
    /// The day lies ahead.
    DayAhead,
    /// It is to be kept longer.
    TooEarly,
    /// Another batch than that in which it was handed off.
    OtherBatch,
    /// Only the person can do this, never staff.
    NotFromStaff,
}

impl Refusal {
    /// In Chinese.
    pub fn zh(self) -> String {
        match self {
            Refusal::NotNow(state) => format!("这份登记目前为“{}”，不能这样办理。", state.zh()),
            Refusal::NotThisKind => "只有人口登记可以续期。".into(),
            Refusal::DayAhead => "日期不能在今天之后。".into(),
            Refusal::TooEarly => "还没有到删除的时间。".into(),
            Refusal::OtherBatch => "这份登记不在这一批移交里。".into(),
            Refusal::NotFromStaff => "这一步只能由本人办理。".into(),
        }
    }

    /// In English.
    pub fn en(self) -> String {
        match self {
            Refusal::NotNow(state) => {
                format!("This cannot be done while the registration is {}.", state.en())
            }
            Refusal::NotThisKind => "Only the registration of residents is renewed.".into(),
            Refusal::DayAhead => "The day must not lie ahead.".into(),
            Refusal::TooEarly => "It is not yet time to delete this.".into(),
            Refusal::OtherBatch => "This registration is not in that batch.".into(),
            Refusal::NotFromStaff => "Only the person can do this.".into(),
        }
    }
}

/// Makes a registration from a declaration: its first state, and its first event.
pub fn declare(
    no: RegistrationId,
    d: Declaration,
    ctx: &Context,
    terms: &Terms,
) -> (Registration, Vec<Recorded>) {
    let hours = |n: u32| SignedDuration::from_hours(i64::from(n));
    let due = match d.abroad_since {
        Some(since) => since.saturating_add(hours(terms.foreigner_hours)),
        None => ctx.now.saturating_add(hours(24 * terms.verify_days)),
    }
    .unwrap_or(ctx.now);
    let event = Event::Declared {
        kind: d.kind,
        form: d.form,
        notice: d.notice,
        due,
        guardian: d.guardian,
        by_staff: d.by_staff,
    };
    let first = Recorded { seq: 1, at: ctx.now, actor: ctx.actor, event };
    (apply(unborn(no), &first), vec![first])
}

/// A registration before its first event.
fn unborn(no: RegistrationId) -> Registration {
    Registration {
        no,
        kind: Kind::Residency,
        state: State::Declared,
        since: Timestamp::UNIX_EPOCH,
        declared_at: Timestamp::UNIX_EPOCH,
        due: Timestamp::UNIX_EPOCH,
        form: 0,
        failed: None,
        confirmed_at: None,
        verified_at: None,
        batch: None,
        handed_off_at: None,
        accepted: None,
        valid_until: None,
        version: 0,
    }
}

/// Decides what a command leads to. The events are not yet applied.
///
/// # Errors
/// A [`Refusal`] that says why, in both languages; nothing has changed.
pub fn decide(
    r: &Registration,
    command: Command,
    ctx: &Context,
    terms: &Terms,
) -> Result<Vec<Recorded>, Refusal> {
    use State as S;
    let not_now = Err(Refusal::NotNow(r.state));
    let staff = matches!(ctx.actor, Actor::Staff { .. });
    let today = crate::cases::local_date(ctx.now);
    let event = match (command, r.state) {
        (Command::Confirm, S::Declared) => Event::Confirmed,
        (Command::Verify, S::Pending) => Event::Verified,
        (Command::Fail(reason), S::Pending) => Event::Failed { reason },
        (Command::FindDuplicate(of), S::Pending) => Event::FoundDuplicate { of },
        (Command::Reopen, S::Verified | S::Failed | S::Duplicate) => Event::Reopened,
        (Command::Correct, S::Declared | S::Pending | S::Verified | S::Failed) => Event::Corrected,
        (Command::HandOff(batch), S::Verified) => Event::HandedOff { batch },
        (Command::Answer(batch, accepted), S::HandedOff) => {
            if r.batch != Some(batch) || r.accepted.is_some() {
                return Err(Refusal::OtherBatch);
            }
            if accepted {
                Event::Accepted { batch, valid_until: self::valid_until(r.kind, today, terms) }
            } else {
                Event::Refused { batch }
            }
        }
        (Command::End(on), S::Pending | S::Verified | S::HandedOff | S::Failed) => {
            if on > today {
                return Err(Refusal::DayAhead);
            }
            Event::Ended { on }
        }
        (Command::Renew, S::HandedOff | S::Deleted) => match valid_until(r.kind, today, terms) {
            Some(until) if r.accepted == Some(true) => Event::Renewed { until },
            Some(_) => return not_now,
            None => return Err(Refusal::NotThisKind),
        },
        (Command::Withdraw, s) if s != S::Deleted && s != S::Withdrawn => {
            if staff {
                return Err(Refusal::NotFromStaff);
            }
            Event::Withdrawn
        }
        (Command::DeleteContent, S::Deleted) => return not_now,
        (Command::DeleteContent, _) if matches!(ctx.actor, Actor::Resident) => Event::ContentDeleted,
        (Command::DeleteContent, _) if staff => return Err(Refusal::NotFromStaff),
        (Command::DeleteContent, _) => match deletion(r, terms) {
            Some(at) if at <= ctx.now => Event::ContentDeleted,
            Some(_) => return Err(Refusal::TooEarly),
            None => return not_now,
        },
        _ => return not_now,
    };
    Ok(vec![Recorded { seq: r.version + 1, at: ctx.now, actor: ctx.actor, event }])
}

fn valid_until(kind: Kind, today: Date, terms: &Terms) -> Option<Date> {
    (kind == Kind::Residency).then(|| today.saturating_add(i64::from(terms.certificate_years).years()))
}

/// When the content is to be deleted; `None` while it is still needed.
pub fn deletion(r: &Registration, terms: &Terms) -> Option<Timestamp> {
    let hours = match r.state {
        State::Declared => terms.unconfirmed_hours,
        s if s.is_over() => 24 * terms.kept_days,
        _ => return None,
    };
    let from = if r.state == State::HandedOff { r.handed_off_at.unwrap_or(r.since) } else { r.since };
    from.saturating_add(SignedDuration::from_hours(i64::from(hours))).ok()
}

/// The state after an event.
#[must_use]
pub fn apply(mut r: Registration, e: &Recorded) -> Registration {
    r.version = e.seq;
    let state = match &e.event {
        Event::Declared { kind, form, due, by_staff, .. } => {
            (r.kind, r.form, r.due, r.declared_at) = (*kind, *form, *due, e.at);
            r.confirmed_at = by_staff.then_some(e.at);
            if *by_staff { State::Pending } else { State::Declared }
        }
        Event::Confirmed => {
            r.confirmed_at = Some(e.at);
            State::Pending
        }
        Event::Reopened => {
            (r.failed, r.verified_at) = (None, None);
            State::Pending
        }
        // What was never confirmed stays so.
        Event::Corrected if r.state == State::Declared => State::Declared,
        Event::Corrected => {
            (r.failed, r.verified_at) = (None, None);
            State::Pending
        }
        Event::Verified => {
            r.verified_at = Some(e.at);
            State::Verified
        }
        Event::Failed { reason } => {
            r.failed = Some(*reason);
            State::Failed
        }
        Event::FoundDuplicate { .. } => State::Duplicate,
        Event::HandedOff { batch } => {
            (r.batch, r.handed_off_at, r.accepted) = (Some(*batch), Some(e.at), None);
            State::HandedOff
        }
        Event::Accepted { valid_until, .. } => {
            (r.accepted, r.valid_until) = (Some(true), *valid_until);
            return r;
        }
        Event::Refused { .. } => {
            (r.accepted, r.failed) = (Some(false), Some(FailReason::Refused));
            State::Failed
        }
        Event::Renewed { until } => {
            r.valid_until = Some(*until);
            return r;
        }
        Event::Ended { .. } => State::Ended,
        Event::Withdrawn => State::Withdrawn,
        Event::ContentDeleted => State::Deleted,
    };
    (r.state, r.since) = (state, e.at);
    r
}

/// The registration that a history leads to; `None` without any event.
pub fn rebuild(no: RegistrationId, events: &[Recorded]) -> Option<Registration> {
    (!events.is_empty()).then(|| events.iter().fold(unborn(no), apply))
}
