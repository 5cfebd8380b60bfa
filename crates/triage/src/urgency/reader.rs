//! The second reader: not single words, but how much everything that was said speaks for danger.
//!
//! A line over runs of one to three letters (each as much as it is rare, the whole a vector of length 1) and over the
//! senses of `data/senses.csv`: sorts of words of which a text has any or none (who does not answer, what hangs, what is
//! long over). The line and where it calls are learnt from `data/pressing.csv` by `cargo xtask alarms`, which writes
//! `data/pressing.weights`: see [`super::learn`].

use super::tokens::{Token, finish, inner, step, tokens};
use crate::classify::table::Table;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The line that is built in.
pub(super) static READER: LazyLock<Reader> =
    LazyLock::new(|| Reader::parse(SENSES, include_str!("../../data/pressing.weights")));

/// The lists of words by their sense.
pub(super) const SENSES: &str = include_str!("../../data/senses.csv");

/// Runs have at most so many letters.
pub(super) const LONGEST: usize = 3;
/// What all senses of a text weigh beside all its runs.
pub(super) const SENSES_WEIGH: f32 = 0.3;
/// A weight is written as so many parts of one.
pub(super) const PARTS: f32 = 1000.0;
/// The first letter of Han, and how many there are.
const HAN: u32 = 0x4e00;
const MOST_HAN: u32 = 0x5200;
/// At most so many words are told.
pub(super) const TOLD: usize = 4;
/// A stretch that is told has at most so many letters.
const STRETCH: usize = 6;

/// What is known of a run.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    /// How much it says, times how rare it is.
    says: f32,
    /// How rare it is, squared.
    rare: f32,
    /// Its sense, counted from one; nought where it has none.
    sense: u8,
    /// Whether a longer run begins with it.
    leads: bool,
}

/// A learnt line.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    table: Table,
    /// The place of each letter of Han alone; the highest where it has none.
    letters: Vec<u32>,
    runs: Vec<Run>,
    senses: Vec<f32>,
    constant: f32,
    /// From scores to probabilities.
    slope: f32,
    offset: f32,
    /// As likely must danger be for a text to be raised at once.
    pub(super) at_once: f32,
    /// … where the rules raise it as well.
    pub(super) agreed: f32,
    /// … for somebody to look at it first, where the rules raise it,
    pub(super) ruled: f32,
    /// … and where they do not.
    pub(super) look: f32,
}

/// What stands in a text.
#[derive(Debug, Default)]
pub(super) struct Seen {
    tokens: Vec<Token>,
    /// One over the length of the vector of runs, and over that of senses.
    scale: (f32, f32),
    /// Its senses, a bit each.
    senses: u64,
    score: f32,
}

/// The senses of a file: each its name and its words.
pub(super) fn senses(text: &str) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
    text.lines().filter_map(|l| l.split_once(',')).map(|(name, words)| (name, words.split_whitespace()))
}

/// How rare a run is that stands in `of` of `all` texts: 1 + ln((1 + all) / (1 + of)), the logarithm by a straight line
/// between the powers of two, so that every machine learns the same.
pub(super) fn rarity(of: u32, all: u32) -> f32 {
    let log2 = |n: u32| n.ilog2() as f32 + (n as f32 / (1_u32 << n.ilog2()) as f32 - 1.0);
    1.0 + std::f32::consts::LN_2 * (log2(1 + all) - log2(1 + of))
}

impl Reader {
    /// Reads lists of senses and a written line: `texts N`, `constant W`, `slope S`, `offset O`, `at_once P`, `agreed P`,
    /// `ruled P`, `look P`, `sense NAME W`, and for each run its weight, in how many texts it stood, and its letters.
    pub(super) fn parse(lists: &str, text: &str) -> Reader {
        let mut keys: Vec<u32> = Vec::new();
        let mut places: HashMap<u32, usize> = HashMap::new();
        let mut runs: Vec<Run> = Vec::new();
        // Every beginning of a run is known, so that a run can be looked for letter by letter.
        let mut place = |letters: &[Token], runs: &mut Vec<Run>| {
            let (mut last, mut state): (Option<usize>, u64) = (None, 0);
            for token in letters {
                if let Some(beginning) = last {
                    runs[beginning].leads = true;
                }
                state = step(state, *token);
                last = Some(*places.entry(finish(state)).or_insert_with(|| {
                    keys.push(finish(state));
                    runs.push(Run::default());
                    runs.len() - 1
                }));
            }
            last
        };
        let mut names: Vec<&str> = Vec::new();
        for ((name, words), n) in senses(lists).zip(1_u8..=64) {
            names.push(name);
            for word in words {
                if let Some(at) = place(&inner(word), &mut runs) {
                    runs[at].sense = n;
                }
            }
        }
        let mut weights = vec![0.0; names.len()];
        let mut of_name = |name: &str, value: f32| {
            if let Some(at) = names.iter().position(|n| *n == name) {
                weights[at] = value;
            }
        };
        let (mut all, mut numbers) = (0_u32, [0.0_f32; 7]);
        for line in text.lines() {
            let mut parts = line.splitn(3, ' ');
            let (first, second, third) =
                (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next());
            let number = second.parse::<f32>().unwrap_or(0.0);
            match first {
                "texts" => all = second.parse().unwrap_or(0),
                "constant" => numbers[0] = number / PARTS,
                "slope" => numbers[1] = number,
                "offset" => numbers[2] = number,
                "at_once" => numbers[3] = number,
                "agreed" => numbers[4] = number,
                "ruled" => numbers[5] = number,
                "look" => numbers[6] = number,
                "sense" => of_name(second, third.and_then(|w| w.parse().ok()).unwrap_or(0.0) / PARTS),
                weight => {
                    let (Ok(weight), Ok(of), Some(letters)) = (weight.parse::<f32>(), second.parse(), third)
                    else {
                        continue;
                    };
                    if let Some(at) = place(&inner(letters), &mut runs) {
                        let rare = rarity(of, all);
                        runs[at].says = weight / PARTS * rare;
                        runs[at].rare = rare * rare;
                    }
                }
            }
        }
        let [constant, slope, offset, at_once, agreed, ruled, look] = numbers;
        let table = Table::of(&keys);
        let letter = |key: u32| table.get(finish(step(0, Token { key, from: 0, to: 0 }))).unwrap_or(u32::MAX);
        let letters = (HAN..HAN + MOST_HAN).map(letter).collect();
        Reader {
            table,
            letters,
            runs,
            senses: weights,
            constant,
            slope,
            offset,
            at_once,
            agreed,
            ruled,
            look,
        }
    }

    /// The place of a run: of a letter alone without looking through the table.
    #[inline]
    fn place(&self, length: u8, token: Token, state: u64) -> Option<u32> {
        match self.letters.get(token.key.wrapping_sub(HAN) as usize) {
            Some(place) if length == 1 => Some(*place).filter(|p| *p < u32::MAX),
            _ => self.table.get(finish(state)),
        }
    }

    /// Calls for each run of a text that says something: its place, where it begins and how long it is.
    #[inline]
    fn for_each_run(&self, tokens: &[Token], mut found: impl FnMut(u32, usize, u8)) {
        for from in 0..tokens.len() {
            let mut state = 0;
            for (n, token) in (1_u8..).zip(&tokens[from..]) {
                state = step(state, *token);
                let Some(place) = self.place(n, *token, state) else { break };
                let run = &self.runs[place as usize];
                if run.sense > 0 || run.rare > 0.0 {
                    found(place, from, n);
                }
                if !run.leads {
                    break;
                }
            }
        }
    }

    /// Reads a text.
    pub(super) fn see(&self, text: &str) -> Seen {
        let tokens = tokens(text);
        let mut known = vec![0_u64; self.runs.len() / 64 + 1];
        let (mut length, mut says, mut senses) = (0.0_f32, 0.0_f32, 0_u64);
        self.for_each_run(&tokens, |place, _, _| {
            let (word, bit) = (place as usize / 64, 1_u64 << (place % 64));
            if known[word] & bit == 0 {
                known[word] |= bit;
                let run = self.runs[place as usize];
                length += run.rare;
                says += run.says;
                if run.sense > 0 {
                    senses |= 1 << (run.sense - 1);
                }
            }
        });
        let over = |length: f32| if length > 0.0 { 1.0 / length.sqrt() } else { 0.0 };
        let scale = (over(length), SENSES_WEIGH * over(senses.count_ones() as f32));
        let sensed: f32 =
            (0..64).zip(&self.senses).filter(|(n, _)| senses & (1 << n) != 0).map(|(_, w)| w).sum();
        let score = says * scale.0 + sensed * scale.1 + self.constant;
        Seen { tokens, scale, senses, score }
    }

    /// How much a text speaks for danger: as it is more than nought.
    pub(super) fn score(&self, text: &str) -> f32 {
        self.see(text).score
    }

    /// The senses of a text, counted from nought.
    pub(super) fn senses_of(&self, text: &str) -> Vec<u32> {
        let senses = self.see(text).senses;
        (0..64).filter(|n| senses & (1 << n) != 0).collect()
    }

    /// How likely danger is, 0 to 1.
    pub(super) fn likely(&self, seen: &Seen) -> f32 {
        1.0 / (1.0 + (-(self.slope * seen.score + self.offset)).exp())
    }

    /// The stretches that spoke most for danger, the strongest first: where each begins and ends in the text.
    ///
    /// Each run shares out among its signs what it says, each sense among its words.
    pub(super) fn words(&self, seen: &Seen) -> Vec<(usize, usize)> {
        let mut times: HashMap<u32, f32> = HashMap::new();
        let mut sensed = [0.0_f32; 65];
        let mut runs: Vec<(u32, usize, u8)> = Vec::new();
        self.for_each_run(&seen.tokens, |place, from, length| runs.push((place, from, length)));
        for (place, _, _) in &runs {
            *times.entry(*place).or_default() += 1.0;
            sensed[usize::from(self.runs[*place as usize].sense)] += 1.0;
        }
        let mut says = vec![0.0_f32; seen.tokens.len()];
        for (place, from, length) in &runs {
            let run = self.runs[*place as usize];
            let mut said = run.says * seen.scale.0 / times[place];
            if let Some(weight) = usize::from(run.sense).checked_sub(1).and_then(|n| self.senses.get(n)) {
                said += weight * seen.scale.1 / sensed[usize::from(run.sense)];
            }
            for s in &mut says[*from..*from + usize::from(*length)] {
                *s += said / f32::from(*length);
            }
        }
        let counted: Vec<f32> = says.iter().copied().filter(|s| *s > 0.0).collect();
        let mean = counted.iter().sum::<f32>() / counted.len().max(1) as f32;
        let mut found: Vec<(f32, usize, usize)> = Vec::new();
        for least in [mean, mean / 2.0, 0.0] {
            found = stretches(&seen.tokens, &says, least);
            if !found.is_empty() {
                break;
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, from, to)| (from, to)).collect()
    }
}

/// Stretches of a clause whose signs each say more than the least: what each says, and where it stands in the text.
fn stretches(tokens: &[Token], says: &[f32], least: f32) -> Vec<(f32, usize, usize)> {
    let mut out = Vec::new();
    let loud = |n: usize| says[n] > least && tokens[n].may_be_told();
    let mut from = 0;
    for at in 0..=tokens.len() {
        if at == tokens.len() || !loud(at) || at - from == STRETCH {
            let is_word = at - from >= 2 || (at - from == 1 && tokens[from].to - tokens[from].from > 3);
            if is_word {
                out.push((says[from..at].iter().sum(), tokens[from].from, tokens[at - 1].to));
            }
            from = if at < tokens.len() && loud(at) { at } else { at + 1 };
        }
    }
    out
}
