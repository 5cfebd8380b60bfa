//! The search of drawn data sets for their highest score, many at once.
//!
//! For a score to beat, the count that a window must exceed is worked out once for a batch of data sets; what
//! is left is adding and comparing small integers, which the compiler turns into vector instructions.

use crate::lane::Lane;
use crate::problem::{Order, Problem};
use crate::replicate::{Null, Scratch};
use crate::score::Bounds;
use std::sync::atomic::{AtomicU64, Ordering as Atomic};

/// Replicates that are scanned together, so that a window's bounds are worked out once for all of them.
const BATCH: usize = 64;

/// The highest value of each replicate `0..replicates`; the same on any number of threads.
pub(crate) fn maxima(
    problem: &Problem,
    orders: &[Order],
    null: &Null,
    range: (u64, u64),
    threads: usize,
) -> Vec<f64> {
    if problem.score.cases < f64::from(i16::MAX) {
        run::<i16>(problem, orders, null, range, threads)
    } else {
        run::<i32>(problem, orders, null, range, threads)
    }
}

fn run<T: Lane>(
    problem: &Problem,
    orders: &[Order],
    null: &Null,
    (from, to): (u64, u64),
    threads: usize,
) -> Vec<f64> {
    let search = Search::new(problem, orders);
    // A few replicates tell which values are worth a second look in the others. This decides only how
    // fast the rest goes: a replicate without such a value is searched again for any.
    let first: Vec<u64> = (from..to).take(4).collect();
    let pilot = search.batch::<T>(null, &first, 0.0, &mut Memory::default());
    let floor = 0.8 * pilot.iter().copied().fold(f64::INFINITY, f64::min);
    let next = AtomicU64::new(from + pilot.len() as u64);
    let work = || {
        let mut memory = Memory::default();
        let (mut done, mut again) = (Vec::new(), Vec::new());
        loop {
            let start = next.fetch_add(BATCH as u64, Atomic::Relaxed);
            if start >= to {
                break;
            }
            let numbers: Vec<u64> = (start..to).take(BATCH).collect();
            let values = search.batch::<T>(null, &numbers, floor, &mut memory);
            for (number, value) in numbers.into_iter().zip(values) {
                // The bounds let a little through that lies below the floor: that is no maximum yet.
                if value <= floor && floor > 0.0 {
                    again.push(number);
                } else {
                    done.push((number, value));
                }
            }
        }
        // Those below are searched again together, from a lower floor, and in the end for any value.
        for lower in [0.6 * floor, 0.0] {
            for numbers in std::mem::take(&mut again).chunks(BATCH) {
                let values = search.batch::<T>(null, numbers, lower, &mut memory);
                for (number, value) in numbers.iter().zip(values) {
                    if value <= lower && lower > 0.0 {
                        again.push(*number);
                    } else {
                        done.push((*number, value));
                    }
                }
            }
        }
        done
    };
    let mut parts = if threads <= 1 {
        work()
    } else {
        std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            handles
                .into_iter()
                .flat_map(|h| h.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    };
    parts.sort_by_key(|p| p.0);
    pilot.into_iter().chain(parts.into_iter().map(|p| p.1)).collect()
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    orders: &'a [Order],
    /// Expected lanes of each place.
    mu: Vec<f64>,
    most_mu: f64,
    /// Lanes with padding to whole vectors.
    pitch: usize,
    /// The weights that occur, heaviest first.
    weights: Vec<f64>,
}

struct Memory<T> {
    scratch: Scratch,
    data: Vec<T>,
    sum: Vec<T>,
    floor: f64,
    bounds: Vec<Bounds>,
    /// What windows of a tree held at each depth: counts, and what was expected.
    held: Vec<(Vec<T>, Vec<f64>)>,
}

impl<T: Lane> Memory<T> {
    /// Goes back to what the window above a step of this depth held; the step before was the last of its own depth.
    fn stack(&mut self, depth: usize, m: &mut [f64]) {
        if depth == 0 {
            self.held.clear();
            return;
        }
        if self.held.len() < depth {
            self.held.push((self.sum.clone(), m.to_vec()));
            return;
        }
        self.held.truncate(depth);
        if let Some((sum, mu)) = self.held.last() {
            self.sum.copy_from_slice(sum);
            m.copy_from_slice(mu);
        }
    }
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self {
            scratch: Scratch::default(),
            data: Vec::new(),
            sum: Vec::new(),
            floor: f64::NAN,
            bounds: Vec::new(),
            held: Vec::new(),
        }
    }
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem<'a>, orders: &'a [Order]) -> Self {
        let mu = problem.lanes_of(|i| problem.mu[i]);
        let mut weights: Vec<f64> = orders.iter().map(|o| o.weight).collect();
        weights.sort_by(|a, b| b.total_cmp(a));
        weights.dedup();
        // The most a window can expect: the largest windows hold `max_share` of everything at most.
        let mut most_mu = 0.0_f64;
        let mut m = vec![0.0; problem.lanes];
        for order in orders {
            m.fill(0.0);
            // Of a tree the most is not more than all its places together.
            let mut once = Vec::new();
            let members = if order.depth.is_some() {
                once.clone_from(&order.members);
                once.sort_unstable();
                once.dedup();
                &once
            } else {
                &order.members
            };
            for &p in members {
                let at = p as usize * problem.lanes;
                m.iter_mut().zip(&mu[at..]).for_each(|(a, b)| *a += b);
            }
            most_mu = (0..problem.windows.len()).fold(most_mu, |a, w| a.max(problem.inside(w, &m)));
        }
        let pitch = if problem.direct { problem.lanes.next_multiple_of(8) } else { problem.lanes };
        Self { problem, orders, mu, most_mu: most_mu * (1.0 + 1e-9), pitch, weights }
    }

    /// Highest value of each of some replicates, where it exceeds `floor`; any value not
    /// above `floor` means only that none does.
    fn batch<T: Lane>(&self, null: &Null, numbers: &[u64], floor: f64, memory: &mut Memory<T>) -> Vec<f64> {
        let (problem, pitch) = (self.problem, self.pitch);
        let size = numbers.len();
        let stride = size * pitch;
        if memory.floor.to_bits() != floor.to_bits() {
            let bound = |w: &f64| Bounds::new(&problem.score, floor / w, self.most_mu);
            memory.bounds = self.weights.iter().map(bound).collect();
            memory.floor = floor;
        }
        memory.data.clear();
        memory.data.resize(problem.places * stride, T::default());
        for (r, number) in numbers.iter().enumerate() {
            let add = |p: u32, lane: u32, data: &mut [T]| {
                let cell = &mut data[p as usize * stride + r * pitch + lane as usize];
                *cell = cell.plus(T::clamp(1));
            };
            null.draw(*number, &mut memory.scratch, add, &mut memory.data);
        }
        for row in memory.data.chunks_mut(pitch) {
            for i in 1..problem.lanes {
                row[i] = row[i].plus(row[i - 1]);
            }
        }
        let high_only = problem.score.rates == crate::Rates::High;
        // Places that no replicate of the batch has a case in need not be scored (high rates) …
        let busy: Vec<bool> = memory
            .data
            .chunks(stride)
            .map(|of_place| {
                !high_only || of_place.chunks(pitch).any(|row| row[problem.lanes - 1] != T::default())
            })
            .collect();
        let windows = problem.windows.len();
        let padded = if problem.direct { pitch } else { windows };
        let mut above = vec![T::clamp(i32::MAX); padded];
        let mut below = vec![T::clamp(i32::MIN); padded];
        let two_sided = problem.score.rates != crate::Rates::High;
        let mut m = vec![0.0; problem.lanes];
        let mut best = vec![0.0_f64; size];
        for order in self.orders {
            let Some(which) = self.weights.iter().position(|w| *w == order.weight) else { continue };
            m.fill(0.0);
            memory.sum.clear();
            memory.sum.resize(stride, T::default());
            for (step, &p) in order.members.iter().enumerate() {
                if let Some(depth) = &order.depth {
                    memory.stack(depth[step] as usize, &mut m);
                }
                let at = p as usize * problem.lanes;
                m.iter_mut().zip(&self.mu[at..at + problem.lanes]).for_each(|(a, b)| *a += b);
                // … unless windows hang below them, or the first that is looked at is theirs.
                if !busy[p as usize] && order.depth.is_none() && step + 1 != order.first {
                    continue;
                }
                let looked_at = step + 1 >= order.first;
                let bounds = &memory.bounds[which];
                if looked_at {
                    for w in 0..windows {
                        let mu = problem.inside(w, &m);
                        above[w] = T::clamp(bounds.above(mu));
                        if two_sided {
                            below[w] = T::clamp(bounds.below(mu));
                        }
                    }
                }
                let data = &memory.data[p as usize * stride..][..stride];
                let mut at = 0;
                for top in &mut best {
                    let sum = &mut memory.sum[at..at + pitch];
                    let add = &data[at..at + pitch];
                    at += pitch;
                    let hit = if !problem.direct {
                        let mut i = 0;
                        while i < sum.len() {
                            sum[i] = sum[i].plus(add[i]);
                            i += 1;
                        }
                        looked_at && differ(problem, sum, &above, &below, two_sided)
                    } else if two_sided {
                        grow::<T, true>(sum, add, &above, &below)
                    } else {
                        grow::<T, false>(sum, add, &above, &below)
                    };
                    if hit && looked_at {
                        self.look(order.weight, &m, sum, &above, &below, top);
                    }
                }
            }
        }
        best
    }

    /// Scores exactly what the bounds let through.
    #[cold]
    #[inline(never)]
    fn look<T: Lane>(&self, weight: f64, m: &[f64], sum: &[T], above: &[T], below: &[T], best: &mut f64) {
        for (w, &(a, b)) in self.problem.windows.iter().enumerate() {
            let c = if self.problem.direct { sum[w] } else { sum[b as usize].minus(sum[a as usize]) };
            if c > above[w] || c < below[w] {
                let (c, mu) = (f64::from(c.get()), self.problem.inside(w, m));
                // Most are no better than what was found: that is cheaper to tell than the ratio.
                if self.problem.score.ceiling(c, mu) * weight <= *best {
                    continue;
                }
                let value = self.problem.score.llr(c, mu) * weight;
                *best = best.max(value);
            }
        }
    }
}

/// Adds a place to a window's lanes; whether any count is then out of bounds. The slices hold whole
/// groups of eight, which the compiler turns into vector instructions.
#[inline]
fn grow<T: Lane, const TWO: bool>(sum: &mut [T], add: &[T], above: &[T], below: &[T]) -> bool {
    let (sum, _) = sum.as_chunks_mut::<8>();
    let (add, _) = add.as_chunks::<8>();
    let (above, _) = above.as_chunks::<8>();
    let (below, _) = below.as_chunks::<8>();
    let groups = sum.len().min(add.len()).min(above.len()).min(below.len());
    let mut hit = false;
    let mut g = 0;
    while g < groups {
        let (s, a, hi, lo) = (&mut sum[g], &add[g], &above[g], &below[g]);
        let mut over = false;
        let mut i = 0;
        while i < 8 {
            let c = s[i].plus(a[i]);
            s[i] = c;
            over |= c > hi[i];
            if TWO {
                over |= c < lo[i];
            }
            i += 1;
        }
        hit |= over;
        g += 1;
    }
    hit
}

/// Whether any difference of cumulative lanes is out of bounds. Windows come by length, then by start; again in groups of
/// eight.
fn differ<T: Lane>(problem: &Problem, sum: &[T], above: &[T], below: &[T], two_sided: bool) -> bool {
    let mut hit = false;
    let mut w = 0;
    for run in &problem.runs {
        let (from, length, n) = (run.from as usize, run.length as usize, run.number as usize);
        let (starts, ends) = (&sum[from..from + n], &sum[from + length..from + length + n]);
        let (hi, lo) = (&above[w..w + n], &below[w..w + n]);
        hit |= if two_sided {
            beyond::<T, true>(starts, ends, hi, lo)
        } else {
            beyond::<T, false>(starts, ends, hi, lo)
        };
        w += n;
    }
    hit
}

#[inline]
fn beyond<T: Lane, const TWO: bool>(starts: &[T], ends: &[T], hi: &[T], lo: &[T]) -> bool {
    let ((s8, s), (e8, e)) = (starts.as_chunks::<8>(), ends.as_chunks::<8>());
    let ((h8, h), (l8, l)) = (hi.as_chunks::<8>(), lo.as_chunks::<8>());
    let mut hit = false;
    for (((s, e), h), l) in s8.iter().zip(e8).zip(h8).zip(l8) {
        let mut over = false;
        let mut i = 0;
        while i < 8 {
            let c = e[i].minus(s[i]);
            over |= c > h[i];
            if TWO {
                over |= c < l[i];
            }
            i += 1;
        }
        hit |= over;
    }
    for (((s, e), h), l) in s.iter().zip(e).zip(h).zip(l) {
        let c = e.minus(*s);
        hit |= c > *h || (TWO && c < *l);
    }
    hit
}
