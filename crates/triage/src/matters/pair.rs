//! How alike two messages are, and what that says.

use super::sketch::{Rarity, Sketch};

/// How alike two messages are, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Alike {
    /// The headings, by their rare runs.
    pub title: f32,
    /// Headings and texts.
    pub text: f32,
    /// The headings without the names of places.
    pub title_rest: f32,
    /// Headings and texts without the names of places.
    pub text_rest: f32,
    /// The kinds of trouble that they tell of.
    pub trouble: f32,
    /// The rarest name of a spot in both, by how rare it is and where it stands.
    pub spot: f32,
    /// The rarest name of a road or ground in both.
    pub road: f32,
    /// The rarest name in a heading that the other lacks, where the other has one of its own.
    pub other: f32,
    /// Whether the headings name lines of buses or trains, and none in common.
    pub other_line: bool,
}

/// Cosine of two sorted lists of runs, each weighing its rarity: with all runs, and without those of names.
fn cosines(a: &[u32], b: &[u32], names: [&[u32]; 2], rarity: &Rarity) -> (f32, f32) {
    let (mut i, mut j) = (0, 0);
    let mut at = [0_usize; 2];
    let (mut all, mut rest) = ([0.0_f32; 3], [0.0_f32; 3]);
    while i < a.len() || j < b.len() {
        let x = a.get(i).copied().unwrap_or(u32::MAX);
        let y = b.get(j).copied().unwrap_or(u32::MAX);
        let key = x.min(y);
        let rare = rarity.of(key);
        let square = rare * rare;
        let mut is_name = false;
        for (names, at) in names.iter().zip(&mut at) {
            while names.get(*at).is_some_and(|n| *n < key) {
                *at += 1;
            }
            is_name |= names.get(*at) == Some(&key);
        }
        let mut add = |which: usize| {
            all[which] += square;
            if !is_name {
                rest[which] += square;
            }
        };
        if x == y {
            add(2);
        }
        if x <= y {
            add(0);
            i += 1;
        }
        if y <= x {
            add(1);
            j += 1;
        }
    }
    let cosine = |[left, right, both]: [f32; 3]| if both > 0.0 { both / (left * right).sqrt() } else { 0.0 };
    (cosine(all), cosine(rest))
}

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

pub(super) fn alike(a: &Sketch, b: &Sketch, rarity: &Rarity) -> Alike {
    let names = [&a.of_names[..], &b.of_names[..]];
    let (title, title_rest) = cosines(&a.title, &b.title, names, rarity);
    let (text, text_rest) = cosines(&a.all, &b.all, names, rarity);
    let trouble = troubles(a, b, rarity);
    let mut alike = Alike { title, text, title_rest, text_rest, trouble, ..Alike::default() };
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
                    &mut alike.spot
                } else {
                    &mut alike.road
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
    alike.other = mine[0].min(theirs[0]).max(mine[1].min(theirs[1]));
    let lines = |s: &Sketch| -> Vec<(u32, bool)> {
        s.names.iter().filter(|n| n.in_title).filter_map(|n| n.line).collect()
    };
    let (mine, theirs) = (lines(a), lines(b));
    alike.other_line =
        !mine.is_empty() && !theirs.is_empty() && !mine.iter().any(|line| theirs.contains(line));
    alike
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

impl Alike {
    /// Whether the two name different places.
    pub fn is_elsewhere(&self) -> bool {
        self.other_line || self.other > ELSEWHERE && self.spot < SAME_SPOT
    }

    /// How likely two messages that are so alike speak of one matter, 0 to 1.
    ///
    /// The weights are those of a logistic regression over pairs of some 150 matters of real letters, each
    /// matter counting alike.
    pub fn likelihood(&self) -> f32 {
        let written_alike = self.text >= WRITTEN_ALIKE
            || self.title > HEADED_ALIKE && self.title + 2.0 * self.text > HEADED_AND_WRITTEN;
        let nameless = self.spot.max(self.road) <= 0.2 && !written_alike;
        if nameless { 0.0 } else { self.likelihood_on_one_ground() }
    }

    /// The same where both are known to come from one ground, so that they need not name it.
    pub fn likelihood_on_one_ground(&self) -> f32 {
        if self.is_elsewhere() {
            return 0.0;
        }
        let sum = 5.836 * self.title.sqrt()
            + 7.128 * self.text.sqrt()
            + 6.081 * self.trouble
            + 2.397 * self.spot
            + 0.713 * self.road
            - 2.465 * self.other
            - 9.134;
        1.0 / (1.0 + (-sum).exp())
    }
}
