//! Outbreaks of known size, shape and speed.

use crate::background::Said;
use crate::dice::Dice;
use crate::district::Ground;
use domain::{CaseNo, DoorwayId};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use store::warnings::Heard;
use triage::Message;

/// Where the reports of an outbreak come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One door.
    Doorway,
    /// The doors of one neighbourhood.
    Neighborhood,
    /// A neighbourhood and those around it.
    Circle,
    /// Four neighbourhoods in a row, as along a street.
    Street,
}

impl Shape {
    /// Its stable name.
    pub fn key(self) -> &'static str {
        match self {
            Shape::Doorway => "doorway",
            Shape::Neighborhood => "neighborhood",
            Shape::Circle => "circle",
            Shape::Street => "street",
        }
    }
}

/// An outbreak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Outbreak {
    /// Its shape.
    pub shape: Shape,
    /// How many reports.
    pub size: u32,
    /// Over how many days they come.
    pub days: u32,
}

const AROUND: [(i32, i32); 6] = [(1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)];

impl Outbreak {
    /// Its reports, from the morning of `first` on, in the order of time, numbered from `no`. Each speaks of one matter, in
    /// words of its own.
    pub(crate) fn reports(&self, ground: &Ground, seed: u64, first: Date, no: i64) -> Vec<Said> {
        let mut dice = Dice::new(seed, 31);
        let middle = dice.below(ground.spots.len());
        let (q, r) = ground.spots[middle].hex;
        let mut spots = vec![middle];
        let beside = |step: (i32, i32), far: i32| ground.of_hex.get(&(q + step.0 * far, r + step.1 * far));
        match self.shape {
            Shape::Doorway | Shape::Neighborhood => {}
            Shape::Circle => spots.extend(AROUND.iter().filter_map(|step| beside(*step, 1))),
            Shape::Street => {
                // Where the map ends the street turns back.
                let step = AROUND[dice.below(AROUND.len())];
                spots.extend([1, 2, 3, -1, -2, -3].iter().filter_map(|far| beside(step, *far)).take(3));
            }
        }
        let door = dice.below(ground.spots[middle].doors.len());
        let doors: Vec<(usize, DoorwayId)> = (0..self.size)
            .map(|_| {
                let spot = spots[dice.below(spots.len())];
                let all = &ground.spots[spot].doors;
                let door = if self.shape == Shape::Doorway { door } else { dice.below(all.len()) };
                (spot, all[door])
            })
            .collect();
        let said: Vec<DoorwayId> = doors.iter().map(|d| d.1).collect();
        let said = demo::of_one_matter(&ground.district, seed, &said);
        let mut times: Vec<Timestamp> = (0..self.size).map(|_| self.time(first, &mut dice)).collect();
        times.sort_unstable();
        (no..)
            .zip(times.into_iter().zip(doors).zip(said))
            .map(|(no, ((at, (spot, door)), (subject, text)))| Said {
                heard: Heard {
                    case: CaseNo(no),
                    at,
                    subject,
                    path: ground.spots[spot].path,
                    doorway: Some(door),
                },
                person: u64::try_from(no).ok(),
                message: Some(Message::of(&text)),
            })
            .collect()
    }

    /// Between eight in the morning and ten at night of one of its days.
    fn time(&self, first: Date, dice: &mut Dice) -> Timestamp {
        let day = i64::try_from(dice.below(self.days.max(1) as usize)).unwrap_or(0);
        let second = i64::try_from(dice.below(14 * 3_600)).unwrap_or(0);
        let morning = Offset::constant(8).to_timestamp(first.at(8, 0, 0, 0)).unwrap_or(Timestamp::MIN);
        morning + SignedDuration::from_secs(day * 86_400 + second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::collections::BTreeSet;

    #[test]
    fn an_outbreak_has_its_size_its_shape_and_its_speed() {
        let ground = Ground::demo(7);
        let first = date(2026, 4, 1);
        for (shape, most) in
            [(Shape::Doorway, 1), (Shape::Neighborhood, 1), (Shape::Circle, 7), (Shape::Street, 4)]
        {
            for seed in 0..20 {
                let outbreak = Outbreak { shape, size: 40, days: 3 };
                let said = outbreak.reports(&ground, seed, first, 900);
                assert_eq!(said.len(), 40);
                assert_eq!(said[0].heard.case, CaseNo(900));
                let spots: BTreeSet<_> = said.iter().map(|s| s.heard.path.lowest()).collect();
                let doors: BTreeSet<_> = said.iter().map(|s| s.heard.doorway).collect();
                let subjects: BTreeSet<_> = said.iter().map(|s| &s.heard.subject).collect();
                assert!(spots.len() <= most && (most == 1 || spots.len() > 1), "{shape:?}: {spots:?}");
                assert_eq!(doors.len() == 1, shape == Shape::Doorway);
                assert_eq!(subjects.len(), 1);
                let last = said[39].heard.at;
                assert!(said.windows(2).all(|w| w[0].heard.at <= w[1].heard.at));
                assert!(domain::cases::local_date(said[0].heard.at) >= first);
                assert!(domain::cases::local_date(last) <= date(2026, 4, 3));
            }
        }
    }
}
