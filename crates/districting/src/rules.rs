//! What a plan must keep to: bounds on every district, and how many there shall be.

use crate::graph::{Graph, GraphError};

/// Bounds that hold for every district; both ends belong to the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Fewest units in a district (at least 1).
    pub min_units: usize,
    /// Most units in a district.
    pub max_units: usize,
    /// Fewest residents in a district.
    pub min_residents: u64,
    /// Most residents in a district.
    pub max_residents: u64,
}

impl Default for Bounds {
    /// 4–6 units, 15,000–25,000 residents.
    fn default() -> Self {
        Bounds { min_units: 4, max_units: 6, min_residents: 15_000, max_residents: 25_000 }
    }
}

/// Largest `max_units` that the searches handle: they try every connected group of units.
pub const MOST_UNITS: usize = 8;

impl Bounds {
    /// Whether a district of so many units and residents keeps to the bounds.
    #[must_use]
    pub fn hold(&self, units: usize, residents: u64) -> bool {
        (self.min_units..=self.max_units).contains(&units)
            && (self.min_residents..=self.max_residents).contains(&residents)
    }

    /// How many districts are possible by arithmetic alone for so many units and residents; empty
    /// (first above second) when none is.
    #[must_use]
    pub fn possible(&self, units: usize, residents: u64) -> (usize, usize) {
        let by_residents = residents.div_ceil(self.max_residents.max(1));
        let least =
            units.div_ceil(self.max_units.max(1)).max(usize::try_from(by_residents).unwrap_or(usize::MAX));
        let most = units / self.min_units.max(1);
        let most = match residents.checked_div(self.min_residents) {
            Some(q) => most.min(usize::try_from(q).unwrap_or(usize::MAX)),
            None => most,
        };
        (least, most)
    }

    /// Refuses bounds that no district can meet or that the searches do not handle.
    ///
    /// # Errors
    /// A minimum of no unit, a minimum above its maximum, more than [`MOST_UNITS`] units.
    pub fn check(&self) -> Result<(), GraphError> {
        let fail = |text: String| Err(GraphError(text));
        if self.min_units == 0 {
            return fail("a district must have at least one unit".into());
        }
        if self.min_units > self.max_units {
            return fail(format!(
                "units: the minimum {} is above the maximum {}",
                self.min_units, self.max_units
            ));
        }
        if self.min_residents > self.max_residents {
            let (a, b) = (self.min_residents, self.max_residents);
            return fail(format!("residents: the minimum {a} is above the maximum {b}"));
        }
        if self.max_units > MOST_UNITS {
            return fail(format!(
                "{} units in a district are too many: at most {MOST_UNITS}",
                self.max_units
            ));
        }
        Ok(())
    }
}

/// How many districts a plan shall have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// As many as are best.
    #[default]
    Free,
    /// Exactly so many.
    Exactly(usize),
}

/// Features of every unit, unit by unit, each shifted and scaled to mean 0 and variance 1 over the
/// graph; a feature that never varies is left out.
#[must_use]
pub fn standardised(graph: &Graph) -> (Vec<f64>, usize) {
    let units = graph.units();
    let width = units[0].features.len();
    let n = units.len() as f64;
    let mut kept = Vec::new();
    for j in 0..width {
        let mean = units.iter().map(|u| u.features[j]).sum::<f64>() / n;
        let variance = units.iter().map(|u| (u.features[j] - mean).powi(2)).sum::<f64>() / n;
        if variance > 1e-18 * (1.0 + mean * mean) {
            kept.push((j, mean, variance.sqrt()));
        }
    }
    let mut out = Vec::with_capacity(kept.len() * units.len());
    for u in units {
        out.extend(kept.iter().map(|(j, mean, sd)| (u.features[*j] - mean) / sd));
    }
    (out, kept.len())
}
