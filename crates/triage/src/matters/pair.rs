//! How alike two messages are, and what that says.

use super::names::FITS;
use super::sketch::{Rarity, Sketch};

/// The places that two messages name, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Places {
    /// The rarest name of a spot in both, by how rare it is and where it stands.
    spot: f32,
    /// The rarest name of a road or ground in both.
    road: f32,
    /// The rarest name in a heading that the other lacks, where the other has one of its own.
    other: f32,
    /// Whether the headings name lines of buses or trains, and none in common.
    other_line: bool,
}

/// A message that others are held against, with what its runs weigh.
#[derive(Debug)]
pub(super) struct Weighed<'s> {
    sketch: &'s Sketch,
    title: Runs<'s>,
    all: Runs<'s>,
}

/// Sorted runs, and the square of what each weighs.
#[derive(Debug)]
struct Runs<'s> {
    keys: &'s [u32],
    squares: Vec<f32>,
    sum: f32,
    /// A bit for all keys that begin with the same bits: most keys of another message are told by it not to be here.
    bits: Vec<u64>,
    shift: u32,
}

fn square(key: u32, rarity: &Rarity) -> f32 {
    let rare = rarity.of(key);
    rare * rare
}

impl<'s> Runs<'s> {
    fn of(keys: &'s [u32], rarity: &Rarity) -> Runs<'s> {
        let squares: Vec<f32> = keys.iter().map(|key| square(*key, rarity)).collect();
        // Some 64 bits a key, so that one of 64 others is looked for in vain.
        let wide = (keys.len() * 64).clamp(64, 1 << 16).next_power_of_two().trailing_zeros();
        let shift = 32 - wide;
        let mut bits = vec![0_u64; 1 << (wide - 6)];
        for key in keys {
            let at = key >> shift;
            bits[at as usize / 64] |= 1 << (at % 64);
        }
        Runs { keys, sum: squares.iter().sum(), squares, bits, shift }
    }

    /// What the keys weigh that other sorted ones have too.
    fn both(&self, others: &[u32]) -> f32 {
        let (mut both, mut at) = (0.0, 0);
        for key in others {
            let begin = key >> self.shift;
            if self.bits[begin as usize / 64] & 1 << (begin % 64) == 0 {
                continue;
            }
            while self.keys.get(at).is_some_and(|mine| mine < key) {
                at += 1;
            }
            if self.keys.get(at) == Some(key) {
                both += self.squares[at];
            }
        }
        both
    }

    /// Cosine with other sorted keys, each weighing its rarity; 0 where it is seen early to be less than `least`.
    fn cosine(&self, others: &[u32], least: f32, rarity: &Rarity) -> f32 {
        let both = self.both(others);
        if both == 0.0 {
            return 0.0;
        }
        // What both have the other has: it weighs as much at least, and more with every key that is added up.
        let too_heavy = if least > 0.0 { (both / least).powi(2) / self.sum * NEARLY } else { f32::INFINITY };
        if both > too_heavy {
            return 0.0;
        }
        let mut sum = 0.0;
        for piece in others.chunks(64) {
            for key in piece {
                sum += square(*key, rarity);
            }
            if sum > too_heavy {
                return 0.0;
            }
        }
        both / (self.sum * sum).sqrt()
    }
}

/// A little more than 1, for what is lost in rounding.
const NEARLY: f32 = 1.0001;

/// Cosine of the kinds of trouble, each weighing its rarity.
fn troubles(a: &Sketch, b: &Sketch, rarity: &Rarity) -> f32 {
    let length = |s: &Sketch| -> f32 {
        s.troubles.iter().map(|(kind, n)| (n * rarity.of_trouble(*kind)).powi(2)).sum::<f32>().sqrt()
    };
    let mut both = 0.0;
    for (kind, n) in &a.troubles {
        if let Ok(at) = b.troubles.binary_search_by_key(kind, |t| t.0) {
            both += n * b.troubles[at].1 * rarity.of_trouble(*kind).powi(2);
        }
    }
    if both > 0.0 { both / (length(a) * length(b)) } else { 0.0 }
}

impl Places {
    pub(super) fn of(a: &Sketch, b: &Sketch, rarity: &Rarity) -> Places {
        let mut places = Places::default();
        let mut lacks = |mine: &Sketch, theirs: &Sketch| {
            // An estate lies in a community: of the two neither is elsewhere.
            let mut lacked = [0.0_f32; 2];
            for name in &mine.names {
                let rare = (rarity.of(name.key) / 7.0).min(1.0);
                let mut is_there = false;
                for other in &theirs.names {
                    let fit = name.fits(other);
                    if fit < FITS {
                        continue;
                    }
                    is_there = true;
                    let place = match (name.in_title, other.in_title) {
                        (true, true) => 1.0,
                        (false, false) => 0.6,
                        _ => 0.85,
                    };
                    let best = if (name.is_spot || other.is_spot) && !name.is_ground && !other.is_ground {
                        &mut places.spot
                    } else {
                        &mut places.road
                    };
                    *best = best.max(fit * place * rare);
                }
                if !is_there && name.is_anchor {
                    let lacked = &mut lacked[usize::from(name.is_community)];
                    *lacked = lacked.max(rare * if name.is_spot { 1.0 } else { 0.8 });
                }
            }
            lacked
        };
        let (mine, theirs) = (lacks(a, b), lacks(b, a));
        places.other = mine[0].min(theirs[0]).max(mine[1].min(theirs[1]));
        fn lines(s: &Sketch) -> impl Iterator<Item = (u32, bool)> {
            s.names.iter().filter(|n| n.in_title).filter_map(|n| n.line)
        }
        places.other_line = lines(a).next().is_some()
            && lines(b).next().is_some()
            && !lines(a).any(|line| lines(b).any(|other| line == other));
        places
    }

    /// Whether the two name different places.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.other_line || self.other > ELSEWHERE && self.spot < SAME_SPOT
    }
}

/// They share a name of a place from here on.
const SHARES_A_NAME: f32 = 0.2;
/// Two that share no name speak of one matter only if they are written alike throughout.
const WRITTEN_ALIKE: f32 = 0.45;
/// … or if their headings are, and the texts go with them.
const HEADED_ALIKE: f32 = 0.4;
const HEADED_AND_WRITTEN: f32 = 0.65;
/// A name so rare in one heading, and another in the other …
const ELSEWHERE: f32 = 0.45;
/// … and no name of a spot so strong in both: two places, however alike the letters.
const SAME_SPOT: f32 = 0.65;

impl<'s> Weighed<'s> {
    pub(super) fn of(sketch: &'s Sketch, rarity: &Rarity) -> Weighed<'s> {
        Weighed { sketch, title: Runs::of(sketch.title(), rarity), all: Runs::of(sketch.all(), rarity) }
    }

    /// How likely it is that another message speaks of the same matter, 0 to 1.
    ///
    /// Where both are known to come from one ground they need not name it. What costs little is asked first: most that have
    /// a word in common are told apart by the places that they name, or cannot be written alike any more.
    pub(super) fn likelihood(&self, other: &Sketch, on_one_ground: bool, rarity: &Rarity) -> f32 {
        let places = Places::of(self.sketch, other, rarity);
        if places.is_elsewhere() {
            return 0.0;
        }
        let title = self.title.cosine(other.title(), 0.0, rarity);
        // As much must the texts be alike for two that share no name.
        let least = if on_one_ground || places.spot.max(places.road) > SHARES_A_NAME {
            0.0
        } else if title > HEADED_ALIKE {
            WRITTEN_ALIKE.min((HEADED_AND_WRITTEN - title) / 2.0)
        } else {
            WRITTEN_ALIKE
        };
        let text = self.all.cosine(other.all(), least, rarity);
        let written_alike =
            text >= WRITTEN_ALIKE || title > HEADED_ALIKE && title + 2.0 * text > HEADED_AND_WRITTEN;
        if !on_one_ground && places.spot.max(places.road) <= SHARES_A_NAME && !written_alike {
            return 0.0;
        }
        weigh(title, text, troubles(self.sketch, other, rarity), &places)
    }
}

/// The weights are those of a logistic regression over pairs of some 150 matters of real letters, each matter counting alike.
fn weigh(title: f32, text: f32, trouble: f32, places: &Places) -> f32 {
    let sum = 5.836 * title.sqrt()
        + 7.128 * text.sqrt()
        + 6.081 * trouble
        + 2.397 * places.spot
        + 0.713 * places.road
        - 2.465 * places.other
        - 9.134;
    1.0 / (1.0 + (-sum).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;
    use proptest::prelude::*;

    /// The cosine as it is written down, with nothing left out.
    fn plain(a: &[u32], b: &[u32], rarity: &Rarity) -> f32 {
        let sum = |keys: &[u32]| keys.iter().map(|k| square(*k, rarity)).sum::<f32>();
        let both: f32 = b.iter().filter(|k| a.contains(k)).map(|k| square(*k, rarity)).sum();
        if both > 0.0 { both / (sum(a) * sum(b)).sqrt() } else { 0.0 }
    }

    fn letter() -> impl Strategy<Value = Message> {
        let place = prop::sample::select(vec!["", "丽发新城小区", "青青家园", "丽发花园", "劳动路", "6路车"]);
        let title = "(投诉|请问)?(电梯|噪音|停车|搅拌站|公交)(坏了|扰民|太吵)?";
        let body = "((夜里|施工|灰尘大|老人|下不了楼|没人管|占道|每天|希望|处理)，?){0,9}";
        (place, title, body).prop_map(|(place, title, body)| Message {
            title: format!("{place}{title}"),
            body,
            ..Message::default()
        })
    }

    proptest! {
        /// What is left out because it cannot matter changes no answer: to the last bit it is that of all being worked out.
        #[test]
        fn what_is_left_out_changes_nothing(letters in prop::collection::vec(letter(), 2..12), on_one_ground: bool) {
            let sketches: Vec<Sketch> = letters.iter().map(Sketch::of).collect();
            let mut rarity = Rarity::default();
            sketches.iter().for_each(|s| rarity.count(s));
            for a in &sketches {
                let weighed = Weighed::of(a, &rarity);
                for b in &sketches {
                    let places = Places::of(a, b, &rarity);
                    let title = plain(a.title(), b.title(), &rarity);
                    let text = plain(a.all(), b.all(), &rarity);
                    let is_written_alike = text >= WRITTEN_ALIKE
                        || title > HEADED_ALIKE && title + 2.0 * text > HEADED_AND_WRITTEN;
                    let is_nameless = places.spot.max(places.road) <= SHARES_A_NAME && !is_written_alike;
                    let expected = if places.is_elsewhere() || is_nameless && !on_one_ground {
                        0.0
                    } else {
                        weigh(title, text, troubles(a, b, &rarity), &places)
                    };
                    prop_assert_eq!(weighed.likelihood(b, on_one_ground, &rarity), expected);
                }
            }
        }

        /// A cosine that is cut short is one that is less than what was asked for.
        #[test]
        fn a_cosine_is_cut_short_only_where_it_is_less(a in prop::collection::btree_set(0_u32..400, 1..300), b in prop::collection::btree_set(0_u32..400, 1..300), least in 0.0_f32..1.0) {
            let keys = |set: std::collections::BTreeSet<u32>| set.into_iter().map(|k| k << 23).collect::<Vec<u32>>();
            let (a, b, rarity) = (keys(a), keys(b), Rarity::default());
            let whole = Runs::of(&a, &rarity).cosine(&b, 0.0, &rarity);
            prop_assert_eq!(whole, plain(&a, &b, &rarity));
            let cut = Runs::of(&a, &rarity).cosine(&b, least, &rarity);
            prop_assert!(cut == whole || cut == 0.0 && whole < least, "{cut} {whole} {least}");
        }
    }
}
