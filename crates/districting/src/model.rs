//! What a plan is judged by beside the bounds on units and residents, and beside likeness: pins, bounds on other
//! sums, today's plan, soft parents, compactness, balance.

use std::fmt;

use crate::graph::{Graph, GraphError};
use crate::rules::Bounds;

/// Something that units have and that adds up over a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// People.
    Residents,
    /// Ground covered.
    Area,
    /// A column of the graph ([`Graph::add_quantity`]): households, cases.
    Named(String),
}

impl From<&str> for Quantity {
    fn from(name: &str) -> Self {
        match name {
            "residents" => Quantity::Residents,
            "area" => Quantity::Area,
            _ => Quantity::Named(name.into()),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Quantity::Residents => "residents",
            Quantity::Area => "area",
            Quantity::Named(name) => name,
        })
    }
}

/// Bounds on the sum of a quantity in every district; both ends belong to the range.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What is summed.
    pub of: Quantity,
    /// Least sum; 0 where there is none.
    pub min: f64,
    /// Largest sum; infinite where there is none.
    pub max: f64,
}

impl Limit {
    /// Whether a sum keeps to the bounds, give or take a rounding of 1e-9.
    #[must_use]
    pub fn holds(&self, sum: f64) -> bool {
        sum >= self.min - 1e-9 * self.min.abs() && sum <= self.max + 1e-9 * self.max.abs()
    }
}

impl Limit {
    /// Whether so much can be divided into so many districts, as far as the sum alone tells.
    #[must_use]
    pub fn fits(&self, total: f64, districts: usize) -> bool {
        let k = districts as f64;
        let most = if districts == 0 { 0.0 } else { k * self.max };
        Limit { of: Quantity::Residents, min: k * self.min, max: most }.holds(total)
    }
}

/// What somebody has decided about single units. Units are given by index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// These lie in one district.
    Together(Vec<usize>),
    /// No two of these lie in one district.
    Apart(Vec<usize>),
    /// This one stays in the district that it is in today: of the units with a place in today's plan, none other
    /// of today's districts gives the new one more units. Units that stay in the same of today's districts stay
    /// together, those of different ones apart.
    Stays(usize),
}

impl Pin {
    /// The units it speaks of.
    #[must_use]
    pub fn units(&self) -> &[usize] {
        match self {
            Pin::Together(units) | Pin::Apart(units) => units,
            Pin::Stays(unit) => std::slice::from_ref(unit),
        }
    }
}

/// A price on sums that differ from district to district.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// What is summed.
    pub of: Quantity,
    /// The sum that costs nothing; by default that of a mean district: the whole divided by the number of districts
    /// where that is fixed, else the share of as many units as lie in the middle of the bounds.
    pub target: Option<f64>,
    /// Price of the squared relative deviation from the target, in the mean over units.
    pub weight: f64,
}

/// Rules and prices beside [`Bounds`]; the default has none, and counts bridges as borders.
///
/// All prices are in the measure of `ssw`, which is a mean over units as well: a price of 0.1 on moves makes a
/// plan that moves every unit dearer by 0.1, whatever the size of the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Bounds on further sums.
    pub limits: Vec<Limit>,
    /// Pins, besides those that the graph brings along ([`Graph::pins`]).
    pub pins: Vec<Pin>,
    /// Numbers of pins (places in "those of the graph, then the model's own", from 0) that do not hold after all.
    pub dropped: Vec<usize>,
    /// Districts for each parent (in the order of [`Graph::parents`]) when no district may cross; goes before
    /// what the graph says.
    pub per_parent: Option<Vec<usize>>,
    /// Whether units that touch over a bridge only hang together.
    pub bridges: bool,
    /// Weight of compactness: the mean squared distance of units from the centre of their district, measured in
    /// the usual (median) squared distance of neighbours.
    pub compactness: f64,
    /// Prices on unequal sums.
    pub balance: Vec<Balance>,
    /// Price of the share of units that leave today's district. A new district goes on under the label of that of
    /// today's districts which gives it most units; units with another label are moved. (Two new districts may so
    /// go on under one label; [`crate::check::moved`] counts with each label given once.)
    pub move_price: f64,
    /// Price of the share of units that lie outside the main parent of their district; units without a parent are
    /// at home everywhere.
    pub parent_price: f64,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            limits: Vec::new(),
            pins: Vec::new(),
            dropped: Vec::new(),
            per_parent: None,
            bridges: true,
            compactness: 0.0,
            balance: Vec::new(),
            move_price: 0.0,
            parent_price: 0.0,
        }
    }
}

impl Model {
    /// All pins that hold with their numbers: those of the graph first, then the model's own.
    pub fn all_pins<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = (usize, &'a Pin)> {
        graph.pins.iter().chain(&self.pins).enumerate().filter(|(number, _)| !self.dropped.contains(number))
    }

    /// Refuses what cannot be meant.
    ///
    /// # Errors
    /// A pin on a unit that is not there, on too few units, or on staying where there is no today; a quantity that
    /// the graph has not; a price below zero; a minimum above its maximum; compactness without coordinates.
    pub fn check(&self, graph: &Graph) -> Result<(), GraphError> {
        let fail = |text: String| Err(GraphError(text));
        for (number, pin) in self.all_pins(graph) {
            let mut units = pin.units().to_vec();
            if let Some(u) = units.iter().find(|u| **u >= graph.len()) {
                return fail(format!(
                    "pin {}: there is no unit {u}; the graph has {}",
                    number + 1,
                    graph.len()
                ));
            }
            units.sort_unstable();
            units.dedup();
            if units.len() < 2 && !matches!(pin, Pin::Stays(_)) {
                return fail(format!("pin {}: two different units at least are needed", number + 1));
            }
            if let Pin::Stays(u) = pin
                && graph.today_of(*u).is_none()
            {
                let id = &graph.units()[*u].id;
                return fail(format!("pin {}: unit \"{id}\" has no district today to stay in", number + 1));
            }
        }
        for limit in &self.limits {
            graph.quantity(&limit.of)?;
            if !(limit.min <= limit.max && limit.min.is_finite()) {
                let Limit { of, min, max } = limit;
                return fail(format!("{of}: the range {min} to {max} holds no number"));
            }
        }
        for balance in &self.balance {
            graph.quantity(&balance.of)?;
            if balance.target.is_some_and(|t| !(t > 0.0 && t.is_finite())) {
                return fail(format!("balance of {}: the target must be above zero", balance.of));
            }
        }
        let prices = [
            ("compactness", self.compactness),
            ("the price of a move", self.move_price),
            ("the price of a foreign parent", self.parent_price),
        ];
        let weights = self.balance.iter().map(|b| ("the weight of balance", b.weight));
        for (what, price) in prices.into_iter().chain(weights) {
            if !(price >= 0.0 && price.is_finite()) {
                return fail(format!("{what} is {price}; zero or more is needed"));
            }
        }
        if self.compactness > 0.0
            && let Some(unit) = graph.units().iter().find(|u| u.point.is_none())
        {
            return fail(format!("compactness needs coordinates, but unit \"{}\" has none", unit.id));
        }
        if self.move_price > 0.0 && graph.labels().is_empty() {
            return fail("a price for moves needs today's plan, but no unit has a district today".into());
        }
        if self.parent_price > 0.0 && graph.parents().is_empty() {
            return fail("a price for foreign parents needs parents, but no unit has one".into());
        }
        if let Some(k) = &self.per_parent
            && k.len() != graph.parents().len()
        {
            return fail(format!("{} numbers are given for {} parents", k.len(), graph.parents().len()));
        }
        Ok(())
    }

    /// The sum that costs nothing ([`Balance::target`]), when so many districts are fixed (or not).
    #[must_use]
    pub fn target(balance: &Balance, graph: &Graph, bounds: &Bounds, districts: Option<usize>) -> f64 {
        balance.target.unwrap_or_else(|| {
            let whole: f64 = graph.quantity(&balance.of).map_or(0.0, |values| values.iter().sum());
            match districts {
                Some(k) => whole / k.max(1) as f64,
                None => whole * (bounds.min_units + bounds.max_units) as f64 / 2.0 / graph.len() as f64,
            }
        })
    }
}

/// The median squared distance between the points of units that touch; 0 when there is none above zero.
#[must_use]
pub fn spacing(graph: &Graph) -> f64 {
    let mut all = Vec::with_capacity(graph.edge_count());
    for u in 0..graph.len() {
        for v in graph.neighbours(u) {
            if u < *v as usize
                && let (Some(a), Some(b)) = (graph.units()[u].point, graph.units()[*v as usize].point)
            {
                let squared = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
                if squared > 0.0 {
                    all.push(squared);
                }
            }
        }
    }
    if all.is_empty() {
        return 0.0;
    }
    let middle = all.len() / 2;
    *all.select_nth_unstable_by(middle, f64::total_cmp).1
}
