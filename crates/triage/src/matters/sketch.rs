//! What is kept of a message: its runs of letters, and the names in it.

use super::names::{Name, names};
use super::troubles;
use crate::message::Message;
use crate::text::letters;

/// So many letters of the text are looked at.
const READ: usize = 500;
/// Of so many letters the troubles are counted: what comes later are reasons and wishes.
const TROUBLE_READ: usize = 300;
/// So many runs of the text are kept.
const KEPT: usize = 400;

/// A message as what it can be compared by.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    /// Runs of two and three letters of the heading, sorted, each once; then the same of heading and text.
    runs: Box<[u32]>,
    /// So many of them are those of the heading.
    headed: u32,
    /// The kinds of trouble told of, length 1 each with its damped count.
    pub(super) troubles: Box<[(u8, f32)]>,
    /// The names in the heading, then those in the text.
    pub(super) names: Box<[Name]>,
    /// The numbers of the buildings that it names.
    buildings: Box<[u32]>,
}

fn runs(letters: &[char], into: &mut Vec<u32>) {
    for pair in letters.windows(2) {
        into.push(key(pair));
    }
    for three in letters.windows(3) {
        into.push(key(three));
    }
}

pub(super) fn key(run: &[char]) -> u32 {
    let mut state = run.len() as u32;
    for letter in run {
        state = (state.rotate_left(11) ^ u32::from(*letter)).wrapping_mul(0x9e37_79b1);
        state ^= state >> 15;
    }
    state.wrapping_mul(0x85eb_ca77)
}

impl Sketch {
    pub(super) fn of(message: &Message) -> Sketch {
        let (mut title, mut body) = (Vec::new(), Vec::new());
        letters(&message.title, &mut title);
        letters(&message.body, &mut body);
        body.truncate(READ);
        if title.is_empty() {
            title.extend(body.iter().take(30));
        }
        let (names, buildings) = names(message, READ);
        let mut counts = vec![0.0; troubles::kinds()];
        troubles::count(&title, 3.0, &mut counts);
        troubles::count(&body[..body.len().min(TROUBLE_READ)], 1.0, &mut counts);
        let counts = (0..).zip(counts).filter(|c| c.1 > 0.0);
        let troubles = counts.map(|(kind, n): (u8, f32)| (kind, (1.0 + n).ln())).collect();
        let mut all = Vec::with_capacity(2 * (title.len() + body.len()));
        runs(&title, &mut all);
        let mut of_title = all.clone();
        runs(&body, &mut all);
        all.truncate(of_title.len() + 2 * KEPT);
        for list in [&mut of_title, &mut all] {
            list.sort_unstable();
            list.dedup();
        }
        let headed = of_title.len() as u32;
        Sketch {
            runs: [of_title, all].concat().into(),
            headed,
            troubles,
            names: names.into(),
            buildings: buildings.into(),
        }
    }

    /// Runs of two and three letters of the heading, sorted, each once.
    pub(super) fn title(&self) -> &[u32] {
        &self.runs[..self.headed as usize]
    }

    /// The same of heading and text.
    pub(super) fn all(&self) -> &[u32] {
        &self.runs[self.headed as usize..]
    }

    /// The keys by which it is found again: runs of the heading and the names.
    pub(super) fn pointers(&self) -> Vec<u32> {
        let mut keys = self.title().to_vec();
        keys.extend(self.names.iter().flat_map(Name::pointers));
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether both name buildings, and none of them in common.
    pub(super) fn is_of_another_building(&self, other: &Sketch) -> bool {
        !self.buildings.is_empty()
            && !other.buildings.is_empty()
            && !self.buildings.iter().any(|b| other.buildings.contains(b))
    }

    /// The names that both have.
    pub(super) fn shared(&self, other: &Sketch) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for name in &self.names {
            for theirs in &other.names {
                if let Some(text) = name.shared(theirs)
                    && !out.contains(&text)
                {
                    out.push(text);
                }
            }
        }
        out
    }
}

/// How rare runs are among all messages so far.
#[derive(Debug, Clone)]
pub(super) struct Rarity {
    /// By the highest bits of the key: a collision makes a run seem a little commoner, no more.
    counts: Vec<u32>,
    /// The logarithm of each count, as [`logarithm`] has it; 0 for those that nobody has had yet.
    logarithms: Vec<f32>,
    never_had: f32,
    troubles: Vec<u32>,
    messages: u32,
    /// The logarithm of `messages + 400`.
    all: f32,
}

/// As many messages count as seen from the start: until then nothing is known to be rare.
const FROM_THE_START: f32 = 400.0;

const BITS: u32 = 20;

impl Default for Rarity {
    fn default() -> Rarity {
        Rarity {
            counts: vec![0; 1 << BITS],
            logarithms: vec![0.0; 1 << BITS],
            never_had: logarithm(0),
            troubles: vec![0; troubles::kinds()],
            messages: 0,
            all: FROM_THE_START.ln(),
        }
    }
}

fn slot(key: u32) -> usize {
    (key >> (32 - BITS)) as usize
}

impl Rarity {
    pub(super) fn count(&mut self, sketch: &Sketch) {
        self.messages += 1;
        self.all = (self.messages as f32 + FROM_THE_START).ln();
        for (kind, _) in &sketch.troubles {
            self.troubles[usize::from(*kind)] += 1;
        }
        let mut names: Vec<u32> = sketch.names.iter().map(|n| n.key).collect();
        names.sort_unstable();
        names.dedup();
        for key in sketch.all().iter().chain(&names) {
            let slot = slot(*key);
            self.counts[slot] += 1;
            self.logarithms[slot] = logarithm(self.counts[slot]);
        }
    }

    /// How rare a kind of trouble is.
    pub(super) fn of_trouble(&self, kind: u8) -> f32 {
        let had = self.troubles[usize::from(kind)] as f32 + 20.0;
        (self.all - had.ln()).max(0.1)
    }

    /// `ln (messages / messages that have it)`, as if there had been a few hundred from the start.
    #[inline]
    pub(super) fn of(&self, key: u32) -> f32 {
        let had = self.logarithms[slot(key)];
        let had = if had == 0.0 { self.never_had } else { had };
        (self.all - had).max(0.1)
    }
}

/// Of a run's count; a little is added for the messages that were not seen.
fn logarithm(had: u32) -> f32 {
    (had as f32 + 1.3).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_had_is_rarest() {
        let sketch = Sketch::of(&Message::of("楼道灯坏了"));
        let mut rarity = Rarity::default();
        let first = rarity.of(sketch.all()[0]);
        assert_eq!(first, rarity.all - logarithm(0));
        rarity.count(&sketch);
        assert!(rarity.of(sketch.all()[0]) < first);
    }
}
