//! What the search of drawn data sets needs to know of the observed one.

use crate::null::Hypothesis;
use crate::score::Score;
use crate::spans::{Run, Spans};

/// A lane that no window looks at.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// What chance holds fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    Poisson,
    Permutation,
    Bernoulli,
}

/// Windows of one centre, as steps that each take one place in.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) centre: usize,
    /// Factor of the log likelihood ratio; 1 for circles.
    pub(crate) weight: f64,
    /// Longer axis over shorter, and the angle of the longer.
    pub(crate) ellipse: Option<(f64, f64)>,
    pub(crate) members: Vec<u32>,
    /// How far each member is, where that is known.
    pub(crate) reach: Vec<f64>,
    /// `None`: each step adds to the one before. Else the depth of each step: it adds to the last one of a depth less.
    pub(crate) depth: Option<Vec<u8>>,
    /// Windows are looked at from so many members on.
    pub(crate) first: usize,
    /// All places: a cluster in time alone.
    pub(crate) everywhere: bool,
}

impl Order {
    pub(crate) fn chain(centre: usize, members: Vec<u32>) -> Order {
        let reach = Vec::new();
        Order { centre, weight: 1.0, ellipse: None, members, reach, depth: None, first: 1, everywhere: false }
    }

    /// The places of the window after a step (counted from 0), in the order in which they were taken in.
    pub(crate) fn set(&self, step: usize) -> Vec<u32> {
        let Some(depth) = &self.depth else { return self.members[..=step].to_vec() };
        let mut out = Vec::new();
        let mut wanted = i32::from(depth[step]);
        for at in (0..=step).rev() {
            if i32::from(depth[at]) == wanted {
                out.push(self.members[at]);
                wanted -= 1;
            }
        }
        out.reverse();
        out
    }
}

/// Counts and expected counts, place-major, and how they are laid out for the search.
pub(crate) struct Problem<'a> {
    pub(crate) null: &'a Hypothesis,
    pub(crate) places: usize,
    pub(crate) bins: usize,
    pub(crate) mu: &'a [f64],
    /// Windows of time: first interval, interval after the last.
    pub(crate) windows: Vec<(u32, u32)>,
    /// The same as runs of one length.
    pub(crate) runs: Vec<Run>,
    /// Whether lanes are windows (`true`), or cumulative counts whose differences are windows.
    pub(crate) direct: bool,
    /// Lane in which a case of each interval begins to count.
    pub(crate) slot: Vec<u32>,
    pub(crate) lanes: usize,
    pub(crate) score: Score,
}

#[expect(clippy::cast_possible_truncation, reason = "places and intervals are fewer than 2^32")]
impl<'a> Problem<'a> {
    pub(crate) fn new(null: &'a Hypothesis, spans: &Spans, score: Score) -> Self {
        let bins = null.intervals;
        let windows = spans.windows();
        // Windows 1, 2, … long that all reach the end.
        let direct =
            windows.iter().enumerate().all(|(w, (a, b))| *b as usize == bins && (b - a) as usize == w + 1);
        let (slot, lanes) = if direct {
            let longest = windows.len();
            // Of the windows that reach the end, the shortest that holds the interval.
            let slot = |t: usize| if bins - t <= longest { (bins - t - 1) as u32 } else { NOWHERE };
            ((0..bins).map(slot).collect(), longest)
        } else {
            ((1..=bins as u32).collect(), bins + 1)
        };
        let runs = spans.0.clone();
        Self { null, places: null.places, bins, mu: &null.mu, windows, runs, direct, slot, lanes, score }
    }

    /// Turns values of cells into cumulative lanes of each place.
    pub(crate) fn lanes_of(&self, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut out = vec![0.0; self.places * self.lanes];
        for (p, row) in out.chunks_mut(self.lanes).enumerate() {
            for t in 0..self.bins {
                if self.slot[t] != NOWHERE {
                    row[self.slot[t] as usize] += value(p * self.bins + t);
                }
            }
            for i in 1..row.len() {
                row[i] += row[i - 1];
            }
        }
        out
    }

    /// What window `w` holds, of a row of lanes.
    #[inline]
    pub(crate) fn inside(&self, w: usize, row: &[f64]) -> f64 {
        if self.direct {
            row[w]
        } else {
            let (a, b) = self.windows[w];
            row[b as usize] - row[a as usize]
        }
    }
}
