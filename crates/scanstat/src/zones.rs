//! Which places a window can hold: for each centre an order in which it grows.

use crate::flexible;
use crate::geometry::{Coordinates, Sites, apart};
use crate::options::{Options, Zones};
use crate::problem::Order;
use crate::records::rows;
use crate::{ScanError, Scope};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// For each centre a list of places in the order in which its windows take them in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Neighbours(pub(crate) Vec<(usize, Vec<String>)>);

/// Which places are linked, and how far that is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Links(pub(crate) Vec<(usize, String, String, Option<f64>)>);

impl Neighbours {
    /// Reads a neighbours file of the reference program: `centre nearest next …`, the centre first; one centre may stand on
    /// several lines.
    ///
    /// # Errors
    /// A line that names a place twice.
    pub fn parse(text: &str) -> Result<Neighbours, ScanError> {
        let mut out = Vec::new();
        for (line, f) in rows(text) {
            if let Some(twice) = (1..f.len()).find(|i| f[1..*i].contains(&f[*i])) {
                let why = format!("{:?} stands there twice", f[twice]);
                return Err(ScanError::Line { what: "neighbours".to_owned(), line, why });
            }
            out.push((line, f));
        }
        Ok(Neighbours(out))
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|(_, f)| f.iter().map(String::as_str))
    }
}

impl Links {
    /// Reads a network file of the reference program: `id id [distance]`, in both directions. Without a distance it is
    /// that of the coordinates.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse(text: &str) -> Result<Links, ScanError> {
        let mut out = Vec::new();
        for (line, f) in rows(text) {
            let bad = |why: String| ScanError::Line { what: "network".to_owned(), line, why };
            let distance = match &f[..] {
                [_, _] => None,
                [_, _, d] => Some(
                    d.parse::<f64>()
                        .ok()
                        .filter(|d| d.is_finite() && *d >= 0.0)
                        .ok_or_else(|| bad(format!("{d:?} is no distance")))?,
                ),
                _ => return Err(bad("needs two identifiers and, if known, their distance".into())),
            };
            out.push((line, f[0].clone(), f[1].clone(), distance));
        }
        Ok(Links(out))
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|l| [l.1.as_str(), l.2.as_str()])
    }

    /// Linked sites and distances, by site.
    pub(crate) fn by_site(&self, sites: &Sites) -> Result<Vec<Vec<(u32, f64)>>, ScanError> {
        let mut out = vec![Vec::new(); sites.len()];
        for (line, a, b, distance) in &self.0 {
            let find = |id: &String| {
                sites.index(id).ok_or_else(|| ScanError::Line {
                    what: "network".to_owned(),
                    line: *line,
                    why: format!("{id:?} has no coordinates"),
                })
            };
            let (i, j) = (find(a)?, find(b)?);
            let d = distance.unwrap_or_else(|| apart(sites.kind(), sites.at(i), sites.at(j)));
            out[i].push((to_u32(j), d));
            out[j].push((to_u32(i), d));
        }
        Ok(out)
    }
}

/// Shortest paths from a site (Dijkstra 1959) to all that are no further than `most`.
fn shortest(links: &[Vec<(u32, f64)>], from: usize, most: Option<f64>) -> Vec<(u32, f64)> {
    let mut best: HashMap<u32, f64> = HashMap::from([(to_u32(from), 0.0)]);
    // Distances are not negative, so their bits are in their order.
    let mut next = BinaryHeap::from([Reverse((0_u64, to_u32(from)))]);
    while let Some(Reverse((bits, at))) = next.pop() {
        let d = f64::from_bits(bits);
        if best.get(&at).is_some_and(|b| d > *b) {
            continue;
        }
        for (to, length) in &links[at as usize] {
            let there = d + length;
            if most.is_none_or(|m| there <= m) && best.get(to).is_none_or(|b| there < *b) {
                best.insert(*to, there);
                next.push(Reverse((there.to_bits(), *to)));
            }
        }
    }
    best.into_iter().collect()
}

/// What limits the size of a window: shares of something, by place.
pub(crate) struct Caps<'a>(pub(crate) Vec<(&'a [f64], f64)>);

impl Caps<'_> {
    /// The places of an order while every cap holds.
    fn cut(&self, all: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut sums = vec![0.0; self.0.len()];
        all.take_while(|p| self.add(&mut sums, *p)).collect()
    }

    fn add(&self, sums: &mut [f64], p: u32) -> bool {
        let mut fits = true;
        for (sum, (weight, most)) in sums.iter_mut().zip(&self.0) {
            *sum += weight[p as usize];
            fits &= *sum <= most * (1.0 + 1e-12);
        }
        fits
    }

    /// Whether a set of places is allowed.
    pub(crate) fn hold(&self, set: &[u32]) -> bool {
        let mut sums = vec![0.0; self.0.len()];
        set.iter().all(|p| self.add(&mut sums, *p))
    }
}

/// A centre: a site, or a point of a grid.
fn centres(sites: &Sites, options: &Options) -> Vec<[f64; 3]> {
    match &options.grid {
        Some(points) => points.clone(),
        None => (0..sites.len()).map(|s| *sites.at(s)).collect(),
    }
}

/// The orders in which windows grow, up to the largest that is allowed; those of one centre stand together. None, where
/// every place by itself is larger than that.
pub(crate) fn orders(sites: &Sites, caps: &Caps, options: &Options) -> Result<Vec<Order>, ScanError> {
    if options.scope == Scope::Time {
        return Ok(vec![Order::chain(0, vec![0])]);
    }
    let mut out = match &options.zones {
        Zones::Circles => centres(sites, options)
            .iter()
            .enumerate()
            .map(|(c, at)| {
                let far = (0..sites.len()).map(|s| (to_u32(s), apart(sites.kind(), at, sites.at(s))));
                order(c, far.collect(), caps, options.max_distance)
            })
            .collect(),
        Zones::Ellipses { shapes, penalty } => ellipses(sites, caps, options, shapes, *penalty)?,
        Zones::Network(links) => {
            no_grid(options)?;
            let links = links.by_site(sites)?;
            (0..sites.len())
                .map(|s| {
                    let near = shortest(&links, s, options.max_distance);
                    order(s, near, caps, options.max_distance)
                })
                .collect()
        }
        Zones::Given(lists) => {
            no_grid(options)?;
            given(sites, caps, lists)?
        }
        Zones::Flexible { touching, nearest } => {
            no_grid(options)?;
            flexible::orders(sites, caps, options, touching, *nearest)?
        }
    };
    if options.with_purely_temporal {
        let all: Vec<u32> = (0..sites.len()).map(to_u32).collect();
        let first = all.len();
        let centre = out.iter().map(|o| o.centre + 1).max().unwrap_or(0);
        out.push(Order { first, everywhere: true, ..Order::chain(centre, all) });
    }
    out.retain(|o| !o.members.is_empty());
    Ok(out)
}

fn no_grid(options: &Options) -> Result<(), ScanError> {
    match options.grid {
        Some(_) => Err(ScanError::Parameter("a grid of centres goes with circles and ellipses only".into())),
        None => Ok(()),
    }
}

/// Nearest first; equal distances in the order of the names.
fn order(centre: usize, mut near: Vec<(u32, f64)>, caps: &Caps, most: Option<f64>) -> Order {
    near.retain(|(_, d)| most.is_none_or(|m| *d <= m));
    near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let members = caps.cut(near.iter().map(|n| n.0));
    let reach = near.iter().map(|n| n.1).take(members.len()).collect();
    Order { reach, ..Order::chain(centre, members) }
}

/// Circles and ellipses: with the longer axis `s` times the shorter at an angle, the ellipse through a place has a shorter
/// half-axis of √((u/s)² + v²), where u and v are the place's coordinates along the axes (Kulldorff, Huang, Pickle and
/// Duczmal 2006, section 2; angles divide the half circle evenly, the first along x).
fn ellipses(
    sites: &Sites,
    caps: &Caps,
    options: &Options,
    shapes: &[(f64, u32)],
    penalty: f64,
) -> Result<Vec<Order>, ScanError> {
    if sites.kind() == Coordinates::LatLong || (0..sites.len()).any(|s| sites.at(s)[2] != 0.0) {
        return Err(ScanError::Parameter("ellipses need coordinates of a plane, x and y".into()));
    }
    if let Some((shape, angles)) = shapes.iter().find(|(s, n)| !(*s >= 1.0 && s.is_finite()) || *n == 0) {
        return Err(ScanError::Parameter(format!(
            "an ellipse of shape {shape} at {angles} angles cannot be: a shape is 1 or more, and there is an angle"
        )));
    }
    let mut forms = vec![(1.0, 0.0)];
    for (shape, angles) in shapes.iter().filter(|(s, _)| *s > 1.0) {
        let step = std::f64::consts::PI / f64::from(*angles);
        forms.extend((0..*angles).map(|k| (*shape, f64::from(k) * step)));
    }
    let mut out = Vec::new();
    for (c, at) in centres(sites, options).iter().enumerate() {
        for (shape, angle) in &forms {
            let (sin, cos) = angle.sin_cos();
            let near = (0..sites.len()).map(|s| {
                let (dx, dy) = (sites.at(s)[0] - at[0], sites.at(s)[1] - at[1]);
                // A circle is measured as circles are, so that its ties are theirs.
                let d = if *shape == 1.0 {
                    (dx * dx + dy * dy).sqrt()
                } else {
                    ((dx * cos + dy * sin) / shape).hypot(dy * cos - dx * sin)
                };
                (to_u32(s), d)
            });
            let weight = (4.0 * shape / (shape + 1.0).powi(2)).powf(penalty);
            let order = order(c, near.collect(), caps, options.max_distance);
            out.push(Order { weight, ellipse: Some((*shape, *angle)), ..order });
        }
    }
    Ok(out)
}

fn given(sites: &Sites, caps: &Caps, lists: &Neighbours) -> Result<Vec<Order>, ScanError> {
    let mut out = Vec::new();
    for (line, names) in &lists.0 {
        let mut members = Vec::new();
        for name in names {
            let site = sites.index(name).ok_or_else(|| ScanError::Line {
                what: "neighbours".to_owned(),
                line: *line,
                why: format!("{name:?} is no place of the study"),
            })?;
            // The centre may or may not be repeated as its own nearest.
            if !members.contains(&to_u32(site)) {
                members.push(to_u32(site));
            }
        }
        if let Some(centre) = members.first().map(|m| *m as usize) {
            out.push(Order::chain(centre, caps.cut(members.into_iter())));
        }
    }
    out.sort_by_key(|o| o.centre);
    Ok(out)
}

pub(crate) fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
