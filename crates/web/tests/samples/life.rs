//! A case that is led along by commands, for pages and stories.

use domain::cases::{self, Case, Channel, Command, Kind, Recorded, Report};
use domain::{Actor, CaseNo, Context, UnitId, testing};
use jiff::{SignedDuration, Timestamp};

/// A case, everything that happened to it, and the moment that was reached.
pub(crate) struct Life {
    pub(crate) case: Case,
    pub(crate) events: Vec<Recorded>,
    pub(crate) now: Timestamp,
}

impl Life {
    pub(crate) fn new(text: &str) -> Life {
        let now: Timestamp = "2026-11-20T01:12:00Z".parse().unwrap();
        let ctx = Context::new(now, Actor::Resident, [7; 32]);
        let report = Report { channel: Channel::Door, ..Report::example(text) };
        let (case, events) = cases::open(CaseNo(18_273), report, &ctx, &testing::deadlines());
        Life { case, events, now }
    }

    fn after(mut self, hours: i64, actor: Actor, command: Command) -> Life {
        self.now = self.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
        let ctx = Context::new(self.now, actor, [7; 32]);
        for event in cases::decide(&self.case, command, &ctx, &testing::deadlines()).unwrap() {
            self.case = cases::apply(self.case, &event);
            self.events.push(event);
        }
        self
    }

    pub(crate) fn staff(self, hours: i64, command: Command) -> Life {
        self.after(hours, Actor::Staff { id: domain::StaffId(1), unit: None }, command)
    }

    pub(crate) fn resident(self, hours: i64, command: Command) -> Life {
        self.after(hours, Actor::Resident, command)
    }

    pub(crate) fn dispatched(self, hours: i64) -> Life {
        self.staff(
            hours,
            Command::Dispatch {
                unit: UnitId(1),
                off_list: false,
                subject: "parking".into(),
                kind: Kind::Complaint,
                reason: "职责".into(),
                proposed: Some(1),
            },
        )
    }
}
