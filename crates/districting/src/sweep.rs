//! Exact cover by a sweep: plans are built from one end of the graph to the other; of all part-plans that
//! cover the same units only the cheapest lives, and none that is dearer than a known plan.
//!
//! With no limit on the number of part-plans the answer is a proof; with one it is a good guess.

use std::collections::HashMap;

use crate::areas::Areas;
use crate::dual::{Dual, reduced};

const WORDS: usize = 4;
const REACH: usize = WORDS * 64;

/// Which places are covered, from the first uncovered one on; and how many areas were used.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Front {
    bits: [u64; WORDS],
    used: u32,
}

struct Candidate {
    bits: [u64; WORDS],
    above: f64,
    area: u32,
}

/// What a sweep found.
pub(crate) struct Swept {
    /// The cheapest plan found: its cost above the bound of the prices, and its areas.
    pub(crate) best: Option<(f64, Vec<u32>)>,
    /// Nothing was left out: there is no cheaper plan within the limit.
    pub(crate) complete: bool,
}

fn shift(bits: &[u64; WORDS], by: usize) -> [u64; WORDS] {
    let (words, rest) = (by / 64, by % 64);
    let mut out = [0; WORDS];
    for i in 0..WORDS.saturating_sub(words) {
        let low = bits[i + words] >> rest;
        let high = if rest > 0 && i + words + 1 < WORDS { bits[i + words + 1] << (64 - rest) } else { 0 };
        out[i] = low | high;
    }
    out
}

fn ones(bits: &[u64; WORDS]) -> usize {
    let mut count = 0;
    for word in bits {
        count += word.trailing_ones() as usize;
        if *word != u64::MAX {
            break;
        }
    }
    count
}

/// Sweeps for plans that cost at most `limit` above the bound, keeping at most `width` part-plans at a
/// place.
pub(crate) fn sweep(
    areas: &Areas,
    dual: &Dual,
    wanted: Option<usize>,
    limit: f64,
    width: usize,
    stop: &dyn Fn() -> bool,
) -> Swept {
    let n = areas.order.len();
    let mut complete = true;
    let mut fronts: Vec<HashMap<Front, (f64, u32)>> = (0..=n).map(|_| HashMap::new()).collect();
    let mut trail: Vec<(u32, u32)> = Vec::new();
    fronts[0].insert(Front { bits: [0; WORDS], used: 0 }, (0.0, u32::MAX));
    for f in 0..n {
        if stop() {
            return Swept { best: None, complete: false };
        }
        let here = std::mem::take(&mut fronts[f]);
        if here.is_empty() {
            continue;
        }
        let mut states: Vec<(Front, (f64, u32))> = here.into_iter().collect();
        states.sort_by(|a, b| {
            a.1.0.total_cmp(&b.1.0).then_with(|| (a.0.bits, a.0.used).cmp(&(b.0.bits, b.0.used)))
        });
        if states.len() > width {
            states.truncate(width);
            complete = false;
        }
        let mut candidates = Vec::new();
        for a in areas.start[f] as usize..areas.start[f + 1] as usize {
            let above = reduced(areas, dual, a) - dual.least[f];
            if above > limit {
                continue;
            }
            let mut bits = [0u64; WORDS];
            let mut fits = true;
            for m in areas.members(a) {
                let at = *m as usize - f;
                if at < REACH {
                    bits[at / 64] |= 1 << (at % 64);
                } else {
                    fits = false;
                }
            }
            if fits {
                candidates.push(Candidate { bits, above, area: a as u32 });
            } else {
                complete = false;
            }
        }
        candidates.sort_by(|a, b| a.above.total_cmp(&b.above).then(a.area.cmp(&b.area)));
        for (front, (value, from)) in states {
            let used = if let Some(k) = wanted {
                if front.used as usize == k {
                    continue;
                }
                front.used + 1
            } else {
                0
            };
            for c in &candidates {
                if value + c.above > limit {
                    break;
                }
                if (0..WORDS).any(|w| c.bits[w] & front.bits[w] != 0) {
                    continue;
                }
                let mut bits = front.bits;
                for (b, w) in bits.iter_mut().zip(&c.bits) {
                    *b |= w;
                }
                let by = ones(&bits);
                let mut cost = value + c.above;
                // Places that are covered by others forgo the cheapest area that begins there.
                for skipped in &dual.least[f + 1..(f + by).min(n)] {
                    cost -= skipped;
                }
                if cost > limit {
                    continue;
                }
                let next = Front { bits: shift(&bits, by), used };
                let slot = fronts[f + by].entry(next).or_insert((f64::INFINITY, 0));
                if cost < slot.0 {
                    trail.push((from, c.area));
                    *slot = (cost, trail.len() as u32 - 1);
                }
            }
        }
        if trail.len() > 60_000_000 {
            return Swept { best: None, complete: false };
        }
    }
    let end = fronts[n].iter().filter(|(front, _)| wanted.is_none_or(|k| front.used as usize == k));
    let best = end.map(|(_, v)| *v).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(cost, mut at)| {
        let mut chosen = Vec::new();
        while at != u32::MAX {
            let (from, area) = trail[at as usize];
            chosen.push(area);
            at = from;
        }
        (cost, chosen)
    });
    Swept { best, complete }
}
