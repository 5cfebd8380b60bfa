//! How alike two messages are, and what that says.

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

/// So much of a name must fit to be the same.
const FITS: f32 = 0.66;

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
    ///
    /// The weights are those of a logistic regression over pairs of some 150 matters of real letters, each
    /// matter counting alike.
    pub(super) fn likelihood(&self, other: &Sketch, on_one_ground: bool, rarity: &Rarity) -> f32 {
        let places = Places::of(self.sketch, other, rarity);
        if places.is_elsewhere() {
            return 0.0;
        }
        let title = self.title.cosine(other.title(), 0.0, rarity);
        // As much must the texts be alike for two that share no name.
        let least = if on_one_ground || places.spot.max(places.road) > 0.2 {
            0.0
        } else if title > HEADED_ALIKE {
            WRITTEN_ALIKE.min((HEADED_AND_WRITTEN - title) / 2.0)
        } else {
            WRITTEN_ALIKE
        };
        let text = self.all.cosine(other.all(), least, rarity);
        let written_alike =
            text >= WRITTEN_ALIKE || title > HEADED_ALIKE && title + 2.0 * text > HEADED_AND_WRITTEN;
        if !on_one_ground && places.spot.max(places.road) <= 0.2 && !written_alike {
            return 0.0;
        }
        let sum = 5.836 * title.sqrt()
            + 7.128 * text.sqrt()
            + 6.081 * troubles(self.sketch, other, rarity)
            + 2.397 * places.spot
            + 0.713 * places.road
            - 2.465 * places.other
            - 9.134;
        1.0 / (1.0 + (-sum).exp())
    }
}
