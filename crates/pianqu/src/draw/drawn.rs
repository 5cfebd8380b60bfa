//! A plan with all that a file or a table says of it.

use super::input::Input;
use super::output::Lang;
use super::words;
use districting::polygons::{Answer, outlines};
use districting::{DistrictScore, Options, Plan, Sketch, check};
use std::collections::BTreeMap;

/// One precinct with its sums.
pub(super) struct Precinct {
    /// As people count: from 1.
    pub(super) number: u32,
    pub(super) units: Vec<u32>,
    pub(super) score: DistrictScore,
    pub(super) area: f64,
    /// What is broken in it, as sentences; empty when all bounds are kept.
    pub(super) faults: Vec<String>,
}

pub(super) struct Drawn<'a> {
    pub(super) input: &'a Input,
    pub(super) plan: &'a Plan,
    pub(super) options: &'a Options,
    pub(super) sketch: Sketch<'a>,
    pub(super) precincts: Vec<Precinct>,
    /// Where outlines came in: those of the precincts, in the same order.
    pub(super) outlines: Vec<Answer>,
    pub(super) seconds: f64,
    pub(super) stopped: bool,
}

impl<'a> Drawn<'a> {
    pub(super) fn new(
        input: &'a Input,
        plan: &'a Plan,
        options: &'a Options,
        seconds: f64,
        stopped: bool,
    ) -> Result<Drawn<'a>, districting::GraphError> {
        let sketch = Sketch::with(&input.graph, options, &plan.district)?;
        let scores = sketch.districts();
        let mut faults: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for fault in check::broken(&input.graph, options, &plan.district) {
            for d in fault.districts() {
                faults.entry(*d).or_default().push(words::fault(&fault, Lang::En));
            }
        }
        let units = input.graph.units();
        let precincts = check::members(&plan.district)
            .into_iter()
            .filter_map(|(d, members)| {
                let score = scores.get(&d)?.clone();
                let area = members.iter().map(|u| units[*u as usize].area).sum();
                let faults = faults.remove(&d).unwrap_or_default();
                Some(Precinct { number: d + 1, units: members, score, area, faults })
            })
            .collect();
        let outlines = input.land.as_ref().map(|l| outlines(l, &plan.district)).unwrap_or_default();
        Ok(Drawn { input, plan, options, sketch, precincts, outlines, seconds, stopped })
    }

    /// Share of precincts that keep all rules, 0 to 1.
    pub(super) fn share_within(&self) -> f64 {
        let kept = self.precincts.iter().filter(|p| p.faults.is_empty()).count();
        kept as f64 / self.precincts.len().max(1) as f64
    }

    /// A precinct's share of the likeness that the plan leaves undone, 0 to 1.
    pub(super) fn share(&self, precinct: &Precinct) -> f64 {
        if self.plan.ssw > 0.0 { precinct.score.within / self.plan.ssw } else { 0.0 }
    }
}
