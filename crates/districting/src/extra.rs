//! Rules and prices of a district beside its residents and its likeness, so that the searches can ask for any set of
//! units: what does it cost more, and what does it break?

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::data::Data;
use crate::graph::Graph;
use crate::model::{Balance, Limit, Model, Pin, Quantity};
use crate::region::MOST;
use crate::relax::Relaxation;
use crate::rules::Bounds;

const NONE: u32 = u32::MAX;

/// A sum with bounds, or with a price.
#[derive(Debug, Clone)]
enum Column {
    Within(Limit),
    /// Target, and price of the squared relative deviation for each unit.
    Near(f64, f64),
}

impl Column {
    /// What the sum in a district of so many units costs, and by how much it is out of bounds.
    fn judge(&self, sum: f64, units: f64) -> (f64, f64) {
        match self {
            Column::Within(limit) if limit.holds(sum) => (0.0, 0.0),
            Column::Within(limit) => {
                let by = (limit.min - sum).max(sum - limit.max);
                let scale = if limit.max.is_finite() { limit.max } else { limit.min };
                (0.0, 0.2 + 5.0 * by / scale.abs().max(1e-300))
            }
            Column::Near(target, price) => (price * units * (sum / target - 1.0).powi(2), 0.0),
        }
    }
}

/// What holds for all pieces alike.
#[derive(Debug, Clone)]
struct Shared {
    columns: Vec<Column>,
    move_price: f64,
    parent_price: f64,
    /// Pins by number, with the label of today's district for those that stay.
    pins: Vec<Held>,
    /// How many units each group has that shall lie together.
    group_size: Vec<u32>,
}

/// A pin that holds.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) number: usize,
    pub(crate) pin: Pin,
    /// Today's district of a unit that stays.
    pub(crate) label: Option<usize>,
}

/// The rules and prices, with what each unit of a piece brings to them.
#[derive(Debug, Clone)]
pub(crate) struct Extras {
    shared: Arc<Shared>,
    /// Units of the piece, as the graph numbers them; ascending.
    pub(crate) own: Vec<u32>,
    /// Unit by unit, one number for each column.
    sums: Vec<f64>,
    /// By unit; empty when it does not count.
    parent: Vec<u32>,
    today: Vec<u32>,
    /// The group that the unit shall lie together with.
    group: Vec<u32>,
    /// Numbers of the pins that set it apart from others.
    apart: Vec<Vec<u32>>,
    stays: Vec<bool>,
}

impl Extras {
    /// None when the model asks for nothing that is judged set by set.
    pub(crate) fn new(
        graph: &Graph,
        model: &Model,
        bounds: &Bounds,
        districts: Option<usize>,
        scale: f64,
    ) -> Option<Extras> {
        let n = graph.len();
        let hold = |(number, pin): (usize, &Pin)| {
            let label = if let Pin::Stays(u) = pin { graph.today_of(*u) } else { None };
            Held { number, pin: pin.clone(), label }
        };
        let pins: Vec<Held> = model.all_pins(graph).map(hold).collect();
        let balance: Vec<&Balance> = model.balance.iter().filter(|b| b.weight > 0.0).collect();
        let (moves, parents) = (model.move_price > 0.0, model.parent_price > 0.0);
        if pins.is_empty() && balance.is_empty() && model.limits.is_empty() && !moves && !parents {
            return None;
        }
        let mut columns: Vec<Column> = model.limits.iter().cloned().map(Column::Within).collect();
        let mut values: Vec<_> = model.limits.iter().filter_map(|l| graph.quantity(&l.of).ok()).collect();
        for b in balance {
            let target = Model::target(b, graph, bounds, districts);
            if let Ok(column) = graph.quantity(&b.of)
                && target > 0.0
            {
                columns.push(Column::Near(target, b.weight * scale));
                values.push(column);
            }
        }
        let number = |p: Option<usize>| p.map_or(NONE, |p| p as u32);
        let mut out = Extras {
            sums: (0..n).flat_map(|u| values.iter().map(move |v| v[u])).collect(),
            parent: if parents { (0..n).map(|u| number(graph.parent_of(u))).collect() } else { vec![] },
            today: if moves || pins.iter().any(|p| p.label.is_some()) {
                (0..n).map(|u| number(graph.today_of(u))).collect()
            } else {
                vec![]
            },
            own: (0..n as u32).collect(),
            group: vec![],
            apart: vec![],
            stays: vec![],
            shared: Arc::new(Shared {
                columns,
                move_price: model.move_price * scale,
                parent_price: model.parent_price * scale,
                pins: vec![],
                group_size: vec![],
            }),
        };
        out.hold(pins);
        Some(out)
    }

    /// Sets the pins that hold.
    fn hold(&mut self, pins: Vec<Held>) {
        let n = self.own.len();
        let place = |u: &usize| self.own.binary_search(&(*u as u32)).ok();
        let is = |kind: fn(&Pin) -> bool| if pins.iter().any(|p| kind(&p.pin)) { n } else { 0 };
        let mut stays = vec![false; is(|p| matches!(p, Pin::Stays(_)))];
        let mut apart = vec![Vec::new(); is(|p| matches!(p, Pin::Apart(_)))];
        for held in &pins {
            let here = held.pin.units().iter().filter_map(place);
            match held.pin {
                Pin::Together(_) => {}
                Pin::Apart(_) => {
                    for u in here {
                        if apart[u].last() != Some(&(held.number as u32)) {
                            apart[u].push(held.number as u32);
                        }
                    }
                }
                Pin::Stays(_) => here.for_each(|u| stays[u] = true),
            }
        }
        let groups = groups(&pins);
        let mut group = vec![NONE; if groups.is_empty() { 0 } else { n }];
        for (number, units) in groups.iter().enumerate() {
            for u in units.iter().filter_map(place) {
                group[u] = number as u32;
            }
        }
        let shared = Shared {
            group_size: groups.iter().map(|g| g.len() as u32).collect(),
            pins,
            ..Shared::clone(&self.shared)
        };
        (self.shared, self.group, self.apart, self.stays) = (Arc::new(shared), group, apart, stays);
    }

    /// The same under a relaxation; none where it changes nothing here.
    pub(crate) fn eased(&self, change: &Relaxation) -> Option<Extras> {
        let mut out = self.clone();
        let set = |out: &mut Extras, of: &Quantity, change: &dyn Fn(&mut Limit)| {
            let mut shared = Shared::clone(&out.shared);
            for column in &mut shared.columns {
                if let Column::Within(limit) = column
                    && limit.of == *of
                {
                    change(limit);
                }
            }
            out.shared = Arc::new(shared);
        };
        match change {
            Relaxation::DropPin(number) => {
                let pins = self.shared.pins.iter().filter(|p| p.number != *number);
                out.hold(pins.cloned().collect());
            }
            Relaxation::MinSum { of, min } => set(&mut out, of, &|limit| limit.min = limit.min.min(*min)),
            Relaxation::MaxSum { of, max } => set(&mut out, of, &|limit| limit.max = limit.max.max(*max)),
            _ => return None,
        }
        Some(out)
    }

    /// Pins that speak of a unit here.
    pub(crate) fn pins(&self) -> impl Iterator<Item = &Held> {
        let here = |u: &usize| self.own.binary_search(&(*u as u32)).is_ok();
        self.shared.pins.iter().filter(move |held| held.pin.units().iter().any(here))
    }

    /// Bounds on sums, each with what every unit here has.
    pub(crate) fn limits(&self) -> impl Iterator<Item = (&Limit, Vec<f64>)> {
        let q = self.shared.columns.len();
        let limits = self.shared.columns.iter().enumerate();
        limits.filter_map(move |(c, column)| match column {
            Column::Within(limit) => {
                Some((limit, (0..self.own.len()).map(|u| self.sums[u * q + c]).collect()))
            }
            Column::Near(..) => None,
        })
    }

    /// Units here of each group that shall lie together, and whether all of the group is here.
    pub(crate) fn together(&self) -> Vec<(Vec<u32>, bool)> {
        let mut out = vec![(Vec::new(), false); self.shared.group_size.len()];
        for (u, group) in self.group.iter().enumerate().filter(|(_, g)| **g != NONE) {
            out[*group as usize].0.push(u as u32);
        }
        for ((units, whole), size) in out.iter_mut().zip(&self.shared.group_size) {
            *whole = units.len() == *size as usize;
        }
        out.retain(|(units, _)| !units.is_empty());
        out
    }

    /// The same for some of the units only. A group of which some units lie elsewhere cannot be together there.
    pub(crate) fn part(&self, units: &[u32]) -> Extras {
        fn some<T: Clone>(all: &[T], units: &[u32]) -> Vec<T> {
            if all.is_empty() { vec![] } else { units.iter().map(|u| all[*u as usize].clone()).collect() }
        }
        let q = self.shared.columns.len();
        Extras {
            shared: Arc::clone(&self.shared),
            own: units.iter().map(|u| self.own[*u as usize]).collect(),
            sums: units
                .iter()
                .flat_map(|u| &self.sums[*u as usize * q..(*u as usize + 1) * q])
                .copied()
                .collect(),
            parent: some(&self.parent, units),
            today: some(&self.today, units),
            group: some(&self.group, units),
            apart: some(&self.apart, units),
            stays: some(&self.stays, units),
        }
    }

    /// What a district of these units costs beside its sum of squares, and how far it is from keeping the rules (0: it
    /// keeps them).
    pub(crate) fn judge(&self, units: &[u32]) -> (f64, f64) {
        let (mut cost, mut broken) = (0.0, 0.0);
        let q = self.shared.columns.len();
        for (c, column) in self.shared.columns.iter().enumerate() {
            let sum = units.iter().map(|u| self.sums[*u as usize * q + c]).sum();
            let (price, out) = column.judge(sum, units.len() as f64);
            cost += price;
            broken += out;
        }
        let same = |of: &[u32], u: &u32| units.iter().filter(|v| of[**v as usize] == of[*u as usize]).count();
        let known = |of: &[u32]| units.iter().filter(|u| of[**u as usize] != NONE).count();
        let most = |of: &[u32]| {
            units.iter().filter(|u| of[**u as usize] != NONE).map(|u| same(of, u)).max().unwrap_or(0)
        };
        if !self.parent.is_empty() {
            cost += self.shared.parent_price * (known(&self.parent) - most(&self.parent)) as f64;
        }
        if !self.today.is_empty() {
            let main = most(&self.today);
            cost += self.shared.move_price * (known(&self.today) - main) as f64;
            if !self.stays.is_empty() {
                let mut label = NONE;
                for u in units.iter().filter(|u| self.stays[**u as usize]) {
                    let own = self.today[*u as usize];
                    broken += f64::from(u8::from(same(&self.today, u) < main));
                    broken += f64::from(u8::from(label != NONE && label != own));
                    label = own;
                }
            }
        }
        if !self.group.is_empty() {
            for (i, u) in units.iter().enumerate() {
                let group = self.group[*u as usize];
                if group != NONE && !units[..i].iter().any(|v| self.group[*v as usize] == group) {
                    let missing = self.shared.group_size[group as usize] - same(&self.group, u) as u32;
                    broken += f64::from(missing);
                }
            }
        }
        if !self.apart.is_empty() {
            for (i, u) in units.iter().enumerate() {
                for v in &units[..i] {
                    let (a, b) = (&self.apart[*u as usize], &self.apart[*v as usize]);
                    broken += a.iter().filter(|pin| b.contains(pin)).count() as f64;
                }
            }
        }
        (cost, broken)
    }
}

/// Units (of the graph) that shall lie together, directly or by way of others.
fn groups(pins: &[Held]) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    let mut stay = BTreeMap::new();
    let mut join = |units: &[usize]| {
        let (mut joined, rest): (Vec<_>, Vec<_>) =
            out.drain(..).partition(|g: &Vec<usize>| g.iter().any(|u| units.contains(u)));
        joined.push(units.to_vec());
        let mut joined = joined.concat();
        joined.sort_unstable();
        joined.dedup();
        out = rest;
        out.push(joined);
    };
    for held in pins {
        match &held.pin {
            Pin::Together(units) => join(units),
            Pin::Stays(u) => stay.entry(held.label).or_insert_with(Vec::new).push(*u),
            Pin::Apart(_) => {}
        }
    }
    for units in stay.values().filter(|units| units.len() > 1) {
        join(units);
    }
    out
}

/// Groups that shall lie together, each joined to one connected set by the shortest ways over units that no other needs;
/// only those that a district can hold.
pub(crate) fn cores(data: &Data, extras: &Extras, bounds: &Bounds) -> Vec<Vec<u32>> {
    let groups = extras.together();
    let mut taken = vec![false; data.len()];
    for u in groups.iter().flat_map(|(units, _)| units) {
        taken[*u as usize] = true;
    }
    let mut out = Vec::new();
    for (units, whole) in groups {
        if !whole {
            continue;
        }
        let mut core = vec![units[0]];
        while let Some(way) = units.iter().any(|u| !core.contains(u)).then(|| {
            // Breadth first from the core to the nearest of the others.
            let mut from: BTreeMap<u32, u32> = core.iter().map(|u| (*u, *u)).collect();
            let mut queue: std::collections::VecDeque<(u32, usize)> = core.iter().map(|u| (*u, 0)).collect();
            while let Some((u, steps)) = queue.pop_front() {
                for &v in data.near(u as usize) {
                    let own = units.contains(&v);
                    if from.contains_key(&v) || (taken[v as usize] && !own) || steps > bounds.max_units {
                        continue;
                    }
                    from.insert(v, u);
                    if own {
                        let (mut way, mut at) = (vec![v], u);
                        while !core.contains(&at) {
                            way.push(at);
                            at = from[&at];
                        }
                        return way;
                    }
                    queue.push_back((v, steps + 1));
                }
            }
            Vec::new()
        }) {
            if way.is_empty() || core.len() + way.len() > bounds.max_units {
                core.clear();
                break;
            }
            core.extend(way);
        }
        if !core.is_empty() {
            core.iter().for_each(|u| taken[*u as usize] = true);
            out.push(core);
        }
    }
    out
}

/// The rules and prices among the units of a region, by bits.
#[derive(Debug, Default)]
pub(crate) struct Local {
    /// There is something to judge.
    pub(crate) on: bool,
    shared: Option<Arc<Shared>>,
    sums: Vec<[f64; MOST]>,
    parents: Vec<u32>,
    today: Vec<u32>,
    /// Units that stay, of each of today's districts, as in `today`.
    stays: Vec<u32>,
    /// Groups, and how many of their units lie elsewhere.
    groups: Vec<(u32, u32)>,
    /// Pairs that shall lie apart: for each unit the lower ones.
    apart: Vec<(u32, u32)>,
}

impl Local {
    /// Takes over what counts for these units.
    pub(crate) fn load(&mut self, extras: Option<&Extras>, units: &[u32]) {
        self.on = extras.is_some();
        let Some(extras) = extras else { return };
        if self.shared.as_ref().is_none_or(|s| !Arc::ptr_eq(s, &extras.shared)) {
            self.shared = Some(Arc::clone(&extras.shared));
        }
        let q = extras.shared.columns.len();
        self.sums.resize(q, [0.0; MOST]);
        for (i, u) in units.iter().enumerate() {
            for (c, column) in self.sums.iter_mut().enumerate() {
                column[i] = extras.sums[*u as usize * q + c];
            }
        }
        masks(&mut self.parents, &extras.parent, units);
        masks(&mut self.today, &extras.today, units);
        self.stays.clear();
        if !extras.stays.is_empty() {
            let stay = bits(units.iter().map(|u| extras.stays[*u as usize]));
            self.stays.extend(self.today.iter().map(|mask| mask & stay));
        }
        self.groups.clear();
        if !extras.group.is_empty() {
            let mut done = 0u32;
            for (i, u) in units.iter().enumerate() {
                let group = extras.group[*u as usize];
                if group != NONE && done & 1 << i == 0 {
                    let mask = bits(units.iter().map(|v| extras.group[*v as usize] == group));
                    done |= mask;
                    self.groups.push((mask, extras.shared.group_size[group as usize] - mask.count_ones()));
                }
            }
        }
        self.apart.clear();
        if !extras.apart.is_empty() {
            for (i, u) in units.iter().enumerate() {
                let own = &extras.apart[*u as usize];
                for pin in own {
                    let others = bits(units[..i].iter().map(|v| extras.apart[*v as usize].contains(pin)));
                    if others != 0 {
                        self.apart.push((1 << i, others));
                    }
                }
            }
        }
    }

    /// As [`Extras::judge`], for a set of local units.
    pub(crate) fn judge(&self, set: u32) -> (f64, f64) {
        let Some(shared) = &self.shared else { return (0.0, 0.0) };
        let (mut cost, mut broken) = (0.0, 0.0);
        let units = set.count_ones();
        for (column, values) in shared.columns.iter().zip(&self.sums) {
            let (mut sum, mut rest) = (0.0, set);
            while rest != 0 {
                sum += values[rest.trailing_zeros() as usize];
                rest &= rest - 1;
            }
            let (price, out) = column.judge(sum, f64::from(units));
            cost += price;
            broken += out;
        }
        let most = |masks: &[u32]| {
            masks.iter().fold((0, 0), |(all, most), mask| {
                let own = (mask & set).count_ones();
                (all + own, own.max(most))
            })
        };
        let (known, main) = most(&self.parents);
        cost += shared.parent_price * f64::from(known - main);
        let (known, main) = most(&self.today);
        cost += shared.move_price * f64::from(known - main);
        let mut labels = 0;
        for (stays, mask) in self.stays.iter().zip(&self.today) {
            if stays & set != 0 {
                let minor = (mask & set).count_ones() < main;
                broken += f64::from((stays & set).count_ones() * u32::from(minor) + u32::from(labels > 0));
                labels += 1;
            }
        }
        for (mask, elsewhere) in &self.groups {
            if mask & set != 0 {
                broken += f64::from((mask & !set).count_ones() + elsewhere);
            }
        }
        for (unit, others) in &self.apart {
            if unit & set != 0 {
                broken += f64::from((others & set).count_ones());
            }
        }
        (cost, broken)
    }
}

fn bits(flags: impl Iterator<Item = bool>) -> u32 {
    flags.enumerate().fold(0, |mask, (i, flag)| mask | u32::from(flag) << i)
}

/// One mask for each value that occurs among the units.
fn masks(out: &mut Vec<u32>, of: &[u32], units: &[u32]) {
    out.clear();
    if of.is_empty() {
        return;
    }
    let mut done = 0u32;
    for (i, u) in units.iter().enumerate() {
        let value = of[*u as usize];
        if value != NONE && done & 1 << i == 0 {
            let mask = bits(units.iter().map(|v| of[*v as usize] == value));
            done |= mask;
            out.push(mask);
        }
    }
}
