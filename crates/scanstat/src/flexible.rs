//! Windows of any connected shape (Tango and Takahashi 2005): for each centre every connected set that holds it, of
//! the nearest places around it.

use crate::ScanError;
use crate::geometry::{Sites, apart};
use crate::options::Options;
use crate::problem::Order;
use crate::zones::{Caps, Links, to_u32};

/// More sets than this are refused: time and memory grow with them.
const MOST: usize = 4_000_000;

/// One order a centre, whose steps are a tree of sets: each is that of an earlier step and one place more.
pub(crate) fn orders(
    sites: &Sites,
    caps: &Caps,
    options: &Options,
    touching: &Links,
    nearest: usize,
) -> Result<Vec<Order>, ScanError> {
    if !(1..=20).contains(&nearest) {
        return Err(ScanError::Parameter(format!(
            "a flexible window reaches {nearest} places; it must be 1 to 20"
        )));
    }
    let links = touching.by_site(sites)?;
    let mut sets = 0;
    let mut out = Vec::new();
    for centre in 0..sites.len() {
        let mut near: Vec<(u32, f64)> = (0..sites.len())
            .map(|s| (to_u32(s), apart(sites.kind(), sites.at(centre), sites.at(s))))
            .filter(|(_, d)| options.max_distance.is_none_or(|m| *d <= m))
            .collect();
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        near.truncate(nearest);
        let at = |p: u32| near.iter().position(|n| n.0 == p);
        // Which of the near touch which, as bits.
        let touch: Vec<u32> = near
            .iter()
            .map(|(p, _)| {
                links[*p as usize].iter().filter_map(|(q, _)| at(*q)).fold(0, |bits, i| bits | 1 << i)
            })
            .collect();
        let mut tree = Tree { near: &near, touch: &touch, caps, steps: Vec::new() };
        if let Some(root) = at(to_u32(centre)) {
            tree.grow(1 << root, root, 0, 0, 0);
        }
        sets += tree.steps.len();
        if sets > MOST {
            return Err(ScanError::Parameter(format!(
                "flexible windows of {nearest} places are more than {MOST} here; take fewer"
            )));
        }
        let (members, depth): (Vec<u32>, Vec<u8>) = tree.steps.into_iter().unzip();
        out.push(Order { depth: Some(depth), ..Order::chain(centre, members) });
    }
    Ok(out)
}

struct Tree<'a> {
    near: &'a [(u32, f64)],
    touch: &'a [u32],
    caps: &'a Caps<'a>,
    /// Place and depth.
    steps: Vec<(u32, u8)>,
}

impl Tree<'_> {
    /// Every connected set that holds `set` and nothing of `left_out`, each once: of the places at its border, the first is
    /// taken in, then left out and the second taken in, and so on.
    fn grow(&mut self, set: u32, added: usize, depth: u8, reached: u32, left_out: u32) {
        let places: Vec<u32> =
            (0..self.near.len()).filter(|i| set >> i & 1 == 1).map(|i| self.near[i].0).collect();
        if !self.caps.hold(&places) {
            return;
        }
        self.steps.push((self.near[added].0, depth));
        let reached = reached | self.touch[added];
        let mut left_out = left_out;
        for next in 0..self.near.len() {
            let bit = 1 << next;
            if reached & bit != 0 && set & bit == 0 && left_out & bit == 0 {
                self.grow(set | bit, next, depth + 1, reached, left_out);
                left_out |= bit;
            }
        }
    }
}
