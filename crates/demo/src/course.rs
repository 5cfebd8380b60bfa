//! What comes of a report: the steps that people take, at hours at which people take them.

use crate::chance::Chance;
use crate::district::Doorway;
use crate::history::{Cast, Joined, Later};
use crate::texts::{Report, filled, phone};
use domain::cases::{Command, Kind, Quantity, Satisfaction, Solved};
use domain::units::UnitKind;
use domain::{Actor, UnitId};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The district's clock.
const LOCAL: Offset = Offset::constant(8);

/// What comes of a report made at the first of the two times, until it ends or the second is reached.
pub(crate) fn live(
    cast: &Cast<'_>,
    chance: &mut Chance,
    (at, now): (Timestamp, Timestamp),
    door: &Doorway,
    report: &Report,
    kind: Option<Kind>,
) -> Vec<Later> {
    let urgent = report.urgent > 0;
    let subject = report.subject.as_str();
    let mut course = Course { cast, chance, now, at, urgent, subject, door, later: vec![] };
    course.run(kind);
    course.later
}

/// How a case goes on from here.
struct Course<'a, 'c> {
    cast: &'a Cast<'a>,
    chance: &'c mut Chance,
    now: Timestamp,
    at: Timestamp,
    urgent: bool,
    subject: &'a str,
    door: &'a Doorway,
    later: Vec<Later>,
}

impl Course<'_, '_> {
    /// Lets minutes pass and something happen; `None` once the present is reached. What is urgent goes faster
    /// and through the night; everything else waits for the office to open.
    fn then(&mut self, from: i64, to: i64, actor: Actor, what: Command) -> Option<()> {
        let mut minutes = self.chance.range(from, to);
        let staff = matches!(actor, Actor::Staff { .. });
        if staff && self.urgent {
            minutes = (minutes / 12).max(2);
        }
        self.at += SignedDuration::from_mins(minutes);
        if !(staff && self.urgent) {
            self.wait_for_the_day(staff);
        }
        if self.at > self.now {
            return None;
        }
        self.later.push(Later { at: self.at, actor, what: Joined::Step(what) });
        Some(())
    }

    /// Nobody rings at three in the morning; staff work in office hours.
    fn wait_for_the_day(&mut self, staff: bool) {
        let local = LOCAL.to_datetime(self.at);
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let (opens, closes) = if staff { (9 * 60, 17 * 60 + 30) } else { (7 * 60, 23 * 60) };
        let calendar = &self.cast.calendar;
        let worked = !staff || calendar.is_worked(local.date());
        let day = if worked && minute < opens {
            local.date()
        } else if !worked || minute >= closes {
            let next = local.date().checked_add(1.day()).unwrap_or(local.date());
            if staff { calendar.on_or_after(next) } else { next }
        } else {
            return;
        };
        let minute = opens + self.chance.range(0, 150);
        let (hour, minute) = (i8::try_from(minute / 60).unwrap_or(9), i8::try_from(minute % 60).unwrap_or(0));
        if let Ok(at) = LOCAL.to_timestamp(day.at(hour, minute, local.second(), 0)) {
            self.at = at;
        }
    }

    fn text(&mut self, kind: &str) -> String {
        let text = self.cast.texts.outcome(kind, self.subject, self.chance);
        filled(&text, self.door, self.chance)
    }

    /// Some cases go no further for now: many of the last days, few of long ago.
    fn lies(&mut self) -> bool {
        let days = (self.now.as_second() - self.at.as_second()) / 86_400;
        let share = match days {
            0..=9 => 22,
            10..=29 => 15,
            _ => 11,
        };
        self.chance.percent(if self.urgent { 2 } else { share })
    }

    fn first_contact(&mut self, unit: UnitId) -> Option<()> {
        let note = self.text("first_contact");
        let officer = self.cast.officer(unit);
        if self.chance.percent(15) {
            let note = "拨打两次无人接听。".to_owned();
            self.then(20, 300, officer, Command::FirstContact { reached: false, note })?;
        }
        self.then(20, 600, officer, Command::FirstContact { reached: true, note })
    }

    fn answer(&mut self, unit: UnitId) -> Option<()> {
        let outcome = self.text("answer");
        let solved =
            self.chance.weighted(&[(Solved::Yes, 7), (Solved::Partly, 2), (Solved::No, 1)], |s| s.1).0;
        let quantities = quantities(&outcome);
        self.then(300, 6_000, self.cast.officer(unit), Command::Answer { outcome, quantities, solved })
    }

    fn dispatch(
        &mut self,
        coordinator: Actor,
        kind: Kind,
        (unit, reason): (UnitId, String),
    ) -> Option<UnitId> {
        let subject = self.subject.to_owned();
        let command = Command::Dispatch { unit, off_list: false, subject, kind, reason, proposed: None };
        self.then(15, 700, coordinator, command)?;
        Some(unit)
    }

    fn run(&mut self, kind: Option<Kind>) -> Option<()> {
        let path = *self.cast.paths.get(&self.door.place)?;
        let coordinator = self.cast.coordinator(&path);
        // A committee leads only for what is on its list; the proposals hold to that already.
        let proposals = self.cast.proposals(self.subject, &path);
        if self.chance.percent(6) {
            let at = self.at + SignedDuration::from_mins(self.chance.range(10, 300));
            if at < self.now {
                let what = Joined::Voice { text: String::new(), contact: phone(self.chance) };
                self.later.push(Later { at, actor: Actor::Resident, what });
                self.at = at;
            }
        } else if self.chance.percent(2) {
            let text = self.text("withdrawn");
            return self.then(20, 900, Actor::Resident, Command::Withdraw { voice: 1, text });
        }
        // Some wait longer than they should.
        if !self.urgent && self.chance.percent(10) {
            self.at += SignedDuration::from_hours(self.chance.range(20, 200));
        }
        let kind = kind.unwrap_or(Kind::Complaint);
        if kind == Kind::Question && self.chance.percent(60) {
            let text = self.text("answer");
            return self.then(20, 600, coordinator, Command::AnswerAtOnce { text });
        }
        if matches!(self.subject, "labour" | "consumer" | "other") && self.chance.percent(12) {
            let to = match self.subject {
                "labour" => "区劳动人事争议仲裁院",
                "consumer" => "破产管理人",
                _ => "人民法院",
            };
            let text = self.text("redirect");
            return self.then(30, 900, coordinator, Command::Redirect { to: to.to_owned(), text });
        }
        let (first, others) = proposals.split_first()?;
        let mut unit = self.dispatch(coordinator, kind, first.clone())?;
        if let Some(other) = others.first().filter(|_| self.chance.percent(1)) {
            self.then(5, 40, coordinator, Command::Recall)?;
            unit = self.dispatch(coordinator, kind, other.clone())?;
        }
        unit = self.returns(coordinator, kind, unit, &proposals)?;
        if self.lies() {
            return None;
        }
        self.first_contact(unit)?;
        unit = self.refers(coordinator, kind, unit, others)?;
        self.works(coordinator, unit)?;
        self.answer(unit)?;
        self.word_of_the_resident(coordinator, unit)
    }

    /// It comes back, and may come back again; after the third time the precinct's meeting settles who has it.
    fn returns(
        &mut self,
        coordinator: Actor,
        kind: Kind,
        mut unit: UnitId,
        proposals: &[(UnitId, String)],
    ) -> Option<UnitId> {
        if proposals.len() < 2 || self.urgent {
            return Some(unit);
        }
        for (times, share) in (1..).zip([7, 22, 55]) {
            if !self.chance.percent(share) {
                break;
            }
            let ground = "不在本单位职责清单内".to_owned();
            let note = self.text("return");
            self.then(60, 1_500, self.cast.officer(unit), Command::Return { ground, note })?;
            if times == 3 {
                // On the agenda, and there some of them still are.
                if self.chance.percent(25) {
                    return None;
                }
                self.at += SignedDuration::from_hours(self.chance.range(8, 80));
                let reason = self.text("reason");
                return self.dispatch(coordinator, kind, (proposals[0].0, reason));
            }
            unit = self.dispatch(coordinator, kind, proposals[times % proposals.len()].clone())?;
        }
        Some(unit)
    }

    /// "Inside the wall it is mine, outside I have no handle": the committee refers it up.
    fn refers(
        &mut self,
        coordinator: Actor,
        kind: Kind,
        unit: UnitId,
        others: &[(UnitId, String)],
    ) -> Option<UnitId> {
        let committee = self.cast.units.get(&unit).is_some_and(|u| u.kind == UnitKind::Committee);
        let Some(other) = others.first().filter(|_| committee && self.chance.percent(25)) else {
            return Some(unit);
        };
        let tried = self.text("tried");
        self.then(200, 2_000, self.cast.officer(unit), Command::Refer { tried })?;
        if self.chance.percent(20) {
            return None;
        }
        let unit = self.dispatch(coordinator, kind, other.clone())?;
        self.first_contact(unit)?;
        Some(unit)
    }

    /// Between the first call and the answer: remarks, notes, more time, an honest "not for now".
    fn works(&mut self, coordinator: Actor, unit: UnitId) -> Option<()> {
        if self.chance.percent(8) {
            let text = self.text("remark");
            self.then(60, 3_000, Actor::Resident, Command::Remark { voice: 1, text, original: None })?;
        }
        if self.chance.percent(5) {
            let text = self.text("note");
            self.then(10, 300, self.cast.officer(unit), Command::Note { text })?;
        }
        if self.chance.percent(3) {
            let cause = self.text("parked");
            let days = self.chance.range(70, 180).days();
            let review_on = LOCAL.to_datetime(self.now).date().checked_add(days).ok()?;
            let law = "需业主共同决定（民法典第二百七十八条）".into();
            self.then(500, 5_000, coordinator, Command::Park { cause, law, review_on })?;
            return None;
        }
        if self.chance.percent(4) {
            let reason = self.text("extend");
            self.then(300, 3_000, coordinator, Command::Extend { reason })?;
        }
        if self.lies() { None } else { Some(()) }
    }

    /// The resident has the word: solved, not solved, or silence (which the program itself ends in time).
    fn word_of_the_resident(&mut self, coordinator: Actor, unit: UnitId) -> Option<()> {
        if self.chance.percent(9) {
            let text = self.text("not_solved");
            self.then(100, 4_000, Actor::Resident, Command::NotSolved { voice: 1, text })?;
            self.answer(unit)?;
            if self.chance.percent(75) {
                let note = self.text("confirmed");
                let satisfaction = Some(*self.chance.of(&[Satisfaction::Satisfied, Satisfaction::Mostly]));
                let solved = Some(Solved::Yes);
                return self.then(300, 3_500, coordinator, Command::CallBack { solved, satisfaction, note });
            }
        }
        if self.chance.percent(55) {
            self.then(60, 5_000, Actor::Resident, Command::Confirm { voice: 1 })?;
            if self.chance.percent(70) {
                let how = [
                    (Satisfaction::Satisfied, 6),
                    (Satisfaction::Mostly, 3),
                    (Satisfaction::Dissatisfied, 1),
                ];
                let satisfaction = self.chance.weighted(&how, |s| s.1).0;
                return self.then(0, 2, Actor::Resident, Command::Rate { voice: 1, satisfaction });
            }
        }
        Some(())
    }
}

/// Every number with what it counts in an outcome, three at most: 更换1块，停用26小时 → 1 块, 26 小时.
fn quantities(outcome: &str) -> Vec<Quantity> {
    let mut out = Vec::new();
    for part in outcome.split(['，', '。', '、']) {
        let Some(at) = part.find(|c: char| c.is_ascii_digit()) else { continue };
        let (before, rest) = part.split_at(at);
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (amount, unit) = rest.split_at(end);
        let unit: String = unit.chars().take_while(|c| c.is_alphabetic()).take(6).collect();
        if !unit.is_empty() && out.len() < 3 {
            out.push(Quantity {
                amount: amount.to_owned(),
                what: format!("{unit}（{before}）").replace("（）", ""),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_counts_what_was_done() {
        let q = |a: &str, w: &str| Quantity { amount: a.into(), what: w.into() };
        assert_eq!(
            quantities("清运建筑垃圾2车，约4吨，地面冲洗1次。"),
            [q("2", "车（清运建筑垃圾）"), q("4", "吨（约）"), q("1", "次（地面冲洗）")]
        );
        assert_eq!(quantities("责令停止，恢复墙体2.6平方米。"), [q("2.6", "平方米（恢复墙体）")]);
        assert_eq!(quantities("讲清楚了。"), []);
    }
}
