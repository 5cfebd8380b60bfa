//! Units, who touches whom, and the checks that make a graph fit to be divided.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::model::{Pin, Quantity};

/// One indivisible piece of ground: what a district is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unit {
    /// Name in the input; unique within a graph.
    pub id: String,
    /// People who live there.
    pub residents: u64,
    /// Ground covered, in any one unit of area.
    pub area: f64,
    /// The larger body the unit belongs to (a sub-district), if any.
    pub parent: Option<String>,
    /// A point inside the unit, in any plane coordinates.
    pub point: Option<[f64; 2]>,
    /// What makes units alike; the same number of entries in every unit.
    pub features: Vec<f64>,
}

/// Why an input cannot be used: one sentence that names the place and the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphError(pub(crate) String);

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GraphError {}

/// A checked graph of units. Neighbours of a unit are sorted by index.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    units: Vec<Unit>,
    start: Vec<u32>,
    near: Vec<u32>,
    border: Vec<f64>,
    parents: Vec<String>,
    parent: Vec<Option<u32>>,
    quantities: Vec<(String, Vec<f64>)>,
    labels: Vec<String>,
    today: Vec<Option<u32>>,
    bridges: HashSet<(u32, u32)>,
    /// Pins that the input brings along; they hold whatever else is asked.
    pub pins: Vec<Pin>,
    /// Districts wanted in all, when the input says so.
    pub precincts: Option<usize>,
    /// Districts wanted for each parent (order of [`Graph::parents`]), when the input says so.
    pub per_parent: Option<Vec<usize>>,
}

impl Graph {
    /// Checks units and edges `(a, b, border length)`; an edge given twice counts once, the longer border kept.
    ///
    /// # Errors
    /// No units, a repeated id, a number that is not finite, a negative area or border, uneven features,
    /// an edge to a unit that is not there or to itself.
    pub fn new(units: Vec<Unit>, edges: &[(usize, usize, f64)]) -> Result<Self, GraphError> {
        let fail = |text: String| Err(GraphError(text));
        if units.is_empty() {
            return fail("the graph has no units".into());
        }
        if u32::try_from(units.len()).is_err() {
            return fail(format!("the graph has {} units; at most 4,294,967,295 are possible", units.len()));
        }
        let mut seen = HashMap::with_capacity(units.len());
        let width = units[0].features.len();
        for (i, u) in units.iter().enumerate() {
            if let Some(first) = seen.insert(u.id.as_str(), i) {
                return fail(format!("unit {i} has the id \"{}\", which unit {first} has already", u.id));
            }
            if u.residents > u64::from(u32::MAX) {
                return fail(format!(
                    "unit \"{}\" has {} residents, more than 4,294,967,295",
                    u.id, u.residents
                ));
            }
            if !u.area.is_finite() || u.area < 0.0 {
                return fail(format!("unit \"{}\" has the area {}; it must be zero or more", u.id, u.area));
            }
            if u.features.len() != width {
                return fail(format!(
                    "unit \"{}\" has {} features, but unit \"{}\" has {width}",
                    u.id,
                    u.features.len(),
                    units[0].id
                ));
            }
            if let Some(j) = u.features.iter().position(|f| !f.is_finite()) {
                return fail(format!("unit \"{}\": feature {j} is {}, not a number", u.id, u.features[j]));
            }
            if u.point.is_some_and(|p| !p[0].is_finite() || !p[1].is_finite()) {
                return fail(format!("unit \"{}\" has a coordinate that is not a number", u.id));
            }
        }
        let mut half = Vec::with_capacity(edges.len() * 2);
        for (e, &(a, b, len)) in edges.iter().enumerate() {
            if a >= units.len() || b >= units.len() {
                let bad = a.max(b);
                return fail(format!("edge {e} names unit {bad}, but there are only {}", units.len()));
            }
            if a == b {
                return fail(format!("edge {e} joins unit \"{}\" to itself", units[a].id));
            }
            if !len.is_finite() || len < 0.0 {
                return fail(format!("edge {e} has the border {len}; it must be zero or more"));
            }
            half.push((a as u32, b as u32, len));
            half.push((b as u32, a as u32, len));
        }
        half.sort_by(|p, q| (p.0, p.1).cmp(&(q.0, q.1)).then(q.2.total_cmp(&p.2)));
        half.dedup_by_key(|h| (h.0, h.1));
        let mut start = vec![0u32; units.len() + 1];
        for h in &half {
            start[h.0 as usize + 1] += 1;
        }
        for i in 0..units.len() {
            start[i + 1] += start[i];
        }
        let mut parents: Vec<String> = units.iter().filter_map(|u| u.parent.clone()).collect();
        parents.sort_by(|a, b| match (a.parse::<u64>(), b.parse::<u64>()) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            _ => a.cmp(b),
        });
        parents.dedup();
        let index: HashMap<&str, u32> =
            parents.iter().enumerate().map(|(i, p)| (p.as_str(), i as u32)).collect();
        let parent = units.iter().map(|u| u.parent.as_deref().map(|p| index[p])).collect();
        Ok(Graph {
            near: half.iter().map(|h| h.1).collect(),
            border: half.iter().map(|h| h.2).collect(),
            units,
            start,
            parents,
            parent,
            quantities: Vec::new(),
            labels: Vec::new(),
            today: Vec::new(),
            bridges: HashSet::new(),
            pins: Vec::new(),
            precincts: None,
            per_parent: None,
        })
    }

    /// How many units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Never true for a checked graph; here for completeness.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// All units, in input order.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Indices of the units that touch unit `u`, ascending.
    #[must_use]
    pub fn neighbours(&self, u: usize) -> &[u32] {
        &self.near[self.start[u] as usize..self.start[u + 1] as usize]
    }

    /// Border lengths with [`Graph::neighbours`], in the same order.
    #[must_use]
    pub fn borders(&self, u: usize) -> &[f64] {
        &self.border[self.start[u] as usize..self.start[u + 1] as usize]
    }

    /// Number of pairs of units that touch.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.near.len() / 2
    }

    /// Names of the parents that occur; numeric names in numeric order.
    #[must_use]
    pub fn parents(&self) -> &[String] {
        &self.parents
    }

    /// Index into [`Graph::parents`] of the parent of unit `u`.
    #[must_use]
    pub fn parent_of(&self, u: usize) -> Option<usize> {
        self.parent[u].map(|p| p as usize)
    }

    /// Adds a named quantity: a number of zero or more for every unit.
    ///
    /// # Errors
    /// Not one number for each unit, a number below zero or none at all, a name that is taken.
    pub fn add_quantity(&mut self, name: &str, values: Vec<f64>) -> Result<(), GraphError> {
        let fail = |text: String| Err(GraphError(text));
        if values.len() != self.len() {
            return fail(format!("\"{name}\" has {} entries for {} units", values.len(), self.len()));
        }
        if let Some(u) = values.iter().position(|v| !v.is_finite() || *v < 0.0) {
            let id = &self.units[u].id;
            return fail(format!("unit \"{id}\": \"{name}\" is {}; zero or more is needed", values[u]));
        }
        if ["residents", "area"].contains(&name) || self.quantities.iter().any(|(known, _)| known == name) {
            return fail(format!("there is a quantity \"{name}\" already"));
        }
        self.quantities.push((name.into(), values));
        Ok(())
    }

    /// Names of the quantities that were added.
    pub fn quantity_names(&self) -> impl Iterator<Item = &str> {
        self.quantities.iter().map(|(name, _)| name.as_str())
    }

    /// A quantity, unit by unit.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn quantity(&self, of: &Quantity) -> Result<Cow<'_, [f64]>, GraphError> {
        match of {
            Quantity::Residents => Ok(self.units.iter().map(|u| u.residents as f64).collect()),
            Quantity::Area => Ok(self.units.iter().map(|u| u.area).collect()),
            Quantity::Named(name) => match self.quantities.iter().find(|(known, _)| known == name) {
                Some((_, values)) => Ok(Cow::Borrowed(values)),
                None => Err(GraphError(format!("no unit has a quantity \"{name}\""))),
            },
        }
    }

    /// What one unit has of a quantity; 0 of one that the graph has not.
    #[must_use]
    pub fn amount(&self, of: &Quantity, unit: usize) -> f64 {
        match of {
            Quantity::Residents => self.units[unit].residents as f64,
            Quantity::Area => self.units[unit].area,
            Quantity::Named(name) => self
                .quantities
                .iter()
                .find(|(known, _)| known == name)
                .map_or(0.0, |(_, values)| values[unit]),
        }
    }

    /// Lays today's plan on the graph: the label of the district that each unit is in; none where it is in none.
    ///
    /// # Errors
    /// Not one entry for each unit.
    pub fn set_today<S: AsRef<str>>(&mut self, plan: &[Option<S>]) -> Result<(), GraphError> {
        if plan.len() != self.len() {
            let text = format!("today's plan has {} entries for {} units", plan.len(), self.len());
            return Err(GraphError(text));
        }
        let mut index: HashMap<&str, u32> = HashMap::new();
        self.labels.clear();
        self.today.clear();
        for label in plan {
            self.today.push(label.as_ref().map(|label| {
                *index.entry(label.as_ref()).or_insert_with(|| {
                    self.labels.push(label.as_ref().to_owned());
                    self.labels.len() as u32 - 1
                })
            }));
        }
        Ok(())
    }

    /// Labels of today's districts, by first unit.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Index into [`Graph::labels`] of the district that unit `u` is in today.
    #[must_use]
    pub fn today_of(&self, u: usize) -> Option<usize> {
        self.today.get(u).copied().flatten().map(|label| label as usize)
    }

    /// Marks pairs of units that touch over a bridge only (over a river, over rail).
    ///
    /// # Errors
    /// The two do not touch.
    pub fn mark_bridges(&mut self, pairs: &[(usize, usize)]) -> Result<(), GraphError> {
        for &(a, b) in pairs {
            if a >= self.len() || self.neighbours(a).binary_search(&(b as u32)).is_err() {
                return Err(GraphError(format!(
                    "there is no edge between the units {a} and {b} to be a bridge"
                )));
            }
            self.bridges.insert((a.min(b) as u32, a.max(b) as u32));
        }
        Ok(())
    }

    /// Whether two units touch over a bridge only.
    #[must_use]
    pub fn is_bridge(&self, a: usize, b: usize) -> bool {
        self.bridges.contains(&(a.min(b) as u32, a.max(b) as u32))
    }

    /// The same graph without its bridges: what lies across does not touch.
    #[must_use]
    pub fn without_bridges(&self) -> Cow<'_, Graph> {
        if self.bridges.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut out = Graph { start: vec![0], near: vec![], border: vec![], ..self.clone() };
        out.bridges.clear();
        for u in 0..self.len() {
            for (v, length) in self.neighbours(u).iter().zip(self.borders(u)) {
                if !self.is_bridge(u, *v as usize) {
                    out.near.push(*v);
                    out.border.push(*length);
                }
            }
            out.start.push(out.near.len() as u32);
        }
        Cow::Owned(out)
    }

    /// Splits `units` into connected pieces (edges inside the set only), each sorted, by smallest unit.
    #[must_use]
    pub fn pieces(&self, units: &[u32]) -> Vec<Vec<u32>> {
        let mut sorted = units.to_vec();
        sorted.sort_unstable();
        let mut done = vec![false; sorted.len()];
        let mut out = Vec::new();
        for i in 0..sorted.len() {
            if done[i] {
                continue;
            }
            done[i] = true;
            let mut piece = vec![sorted[i]];
            let mut at = 0;
            while at < piece.len() {
                for v in self.neighbours(piece[at] as usize) {
                    if let Ok(j) = sorted.binary_search(v)
                        && !done[j]
                    {
                        done[j] = true;
                        piece.push(*v);
                    }
                }
                at += 1;
            }
            piece.sort_unstable();
            out.push(piece);
        }
        out
    }
}
