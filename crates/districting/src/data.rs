//! What the searches need of a graph, without names.

use crate::extra::Extras;
use crate::graph::Graph;
use crate::model::{Model, spacing};
use crate::relax::Relaxation;
use crate::rules::{Bounds, standardised};

/// Residents, features and neighbours of the units of a piece, and what else counts there.
#[derive(Clone)]
pub(crate) struct Data {
    pub(crate) pop: Vec<u64>,
    /// Standardised features, and weighted coordinates where compactness counts.
    pub(crate) feat: Vec<f64>,
    pub(crate) width: usize,
    /// Costs are this many times the sum over units of what is averaged in `ssw`: the number of features.
    pub(crate) scale: f64,
    /// Rules and prices beside residents and likeness; none when there are none.
    pub(crate) extras: Option<Extras>,
    start: Vec<u32>,
    near: Vec<u32>,
}

impl Data {
    /// For a model that was checked; `districts` is their number where it is fixed. `land` is the graph without the
    /// bridges that do not count.
    pub(crate) fn new(
        graph: &Graph,
        land: &Graph,
        model: &Model,
        bounds: &Bounds,
        districts: Option<usize>,
    ) -> Self {
        let (likeness, features) = standardised(graph);
        let scale = features.max(1) as f64;
        let mut start = Vec::with_capacity(graph.len() + 1);
        let mut near = Vec::with_capacity(land.edge_count() * 2);
        start.push(0);
        for u in 0..graph.len() {
            near.extend_from_slice(land.neighbours(u));
            start.push(near.len() as u32);
        }
        let (feat, width) = with_coordinates(graph, likeness, features, model.compactness * scale);
        let pop = graph.units().iter().map(|u| u.residents).collect();
        let extras = Extras::new(graph, model, bounds, districts, scale);
        Data { pop, feat, width, scale, extras, start, near }
    }

    /// The same for some of the units only (ascending); unit `i` of the answer is `units[i]`.
    pub(crate) fn part(&self, units: &[u32]) -> Data {
        let mut start = vec![0];
        let (mut near, mut feat) = (Vec::new(), Vec::with_capacity(units.len() * self.width));
        for &u in units {
            for v in self.near(u as usize) {
                if let Ok(j) = units.binary_search(v) {
                    near.push(j as u32);
                }
            }
            start.push(near.len() as u32);
            feat.extend_from_slice(self.row(u as usize));
        }
        Data {
            pop: units.iter().map(|u| self.pop[*u as usize]).collect(),
            feat,
            width: self.width,
            scale: self.scale,
            extras: self.extras.as_ref().map(|extras| extras.part(units)),
            start,
            near,
        }
    }

    /// The same under a relaxation that touches what counts beside bounds; none where it does not.
    pub(crate) fn eased(&self, change: &Relaxation) -> Option<Data> {
        let extras = self.extras.as_ref()?.eased(change)?;
        Some(Data { extras: Some(extras), ..self.clone() })
    }

    pub(crate) fn len(&self) -> usize {
        self.pop.len()
    }

    #[inline]
    pub(crate) fn near(&self, u: usize) -> &[u32] {
        &self.near[self.start[u] as usize..self.start[u + 1] as usize]
    }

    #[inline]
    pub(crate) fn row(&self, u: usize) -> &[f64] {
        &self.feat[u * self.width..(u + 1) * self.width]
    }

    /// Squared distance of the features of two units.
    #[inline]
    pub(crate) fn dist(&self, a: usize, b: usize) -> f64 {
        self.row(a).iter().zip(self.row(b)).map(|(x, y)| (x - y) * (x - y)).sum()
    }

    /// What a district costs: its sum of squares, and what else it costs.
    pub(crate) fn cost(&self, units: &[u32]) -> f64 {
        let mut pairs = 0.0;
        for (i, u) in units.iter().enumerate() {
            for v in &units[..i] {
                pairs += self.dist(*u as usize, *v as usize);
            }
        }
        pairs / units.len() as f64 + self.extra(units)
    }

    /// What a district costs beside its sum of squares.
    #[inline]
    pub(crate) fn extra(&self, units: &[u32]) -> f64 {
        self.extras.as_ref().map_or(0.0, |extras| extras.judge(units).0)
    }

    /// Whether a district keeps the rules beside [`Bounds`].
    #[inline]
    pub(crate) fn allows(&self, units: &[u32]) -> bool {
        self.extras.as_ref().is_none_or(|extras| extras.judge(units).1 == 0.0)
    }
}

/// The features with two columns more: coordinates in the usual distance of neighbours, by their weight.
fn with_coordinates(graph: &Graph, likeness: Vec<f64>, features: usize, weight: f64) -> (Vec<f64>, usize) {
    let usual = if weight > 0.0 { spacing(graph) } else { 0.0 };
    if usual <= 0.0 {
        return (likeness, features);
    }
    let factor = (weight / usual).sqrt();
    let centre = |i: usize| {
        graph.units().iter().filter_map(|u| u.point).map(|p| p[i]).sum::<f64>() / graph.len() as f64
    };
    let centre = [centre(0), centre(1)];
    let mut out = Vec::with_capacity(graph.len() * (features + 2));
    for (u, unit) in graph.units().iter().enumerate() {
        out.extend_from_slice(&likeness[u * features..(u + 1) * features]);
        let point = unit.point.unwrap_or(centre);
        out.extend([0, 1].map(|i| (point[i] - centre[i]) * factor));
    }
    (out, features + 2)
}
