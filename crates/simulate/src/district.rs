//! The demo's district, as finders see it.

use app::Directory;
use demo::District;
use domain::territory::Path;
use domain::{DoorwayId, PlaceId};
use std::collections::HashMap;
use store::territory::PlaceRow;

/// From the middle of a hexagon to its corner, in metres.
const HEXAGON: f64 = 340.0;

/// A neighbourhood.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub(crate) id: PlaceId,
    pub(crate) path: Path,
    pub(crate) hex: (i32, i32),
    /// In metres.
    pub(crate) at: (f64, f64),
    pub(crate) residents: u32,
    pub(crate) doors: Vec<DoorwayId>,
}

/// The district.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) district: District,
    pub(crate) directory: Directory,
    pub(crate) spots: Vec<Spot>,
    /// Where a neighbourhood stands in `spots`.
    pub(crate) index: HashMap<PlaceId, usize>,
    pub(crate) of_hex: HashMap<(i32, i32), usize>,
}

impl Ground {
    pub(crate) fn demo(seed: u64) -> Ground {
        let district = District::xuhui(seed);
        let rows = district.places.iter().map(|p| PlaceRow {
            id: p.id,
            depth: p.depth,
            code: p.code.clone(),
            zh: p.zh.clone(),
            en: p.en.clone(),
            hex: p.hex,
            residents: p.residents,
            parent: p.parent,
        });
        let directory = Directory::of_places(rows.collect());
        let mut doors: HashMap<PlaceId, Vec<DoorwayId>> = HashMap::new();
        for d in &district.doorways {
            doors.entry(d.place).or_default().push(d.id);
        }
        let spots: Vec<Spot> = district
            .places
            .iter()
            .filter_map(|p| {
                let (q, r) = p.hex?;
                let at = (f64::from(q), f64::from(r));
                Some(Spot {
                    id: p.id,
                    path: directory.path(p.id),
                    hex: (q, r),
                    at: (HEXAGON * 3_f64.sqrt() * (at.0 + at.1 / 2.0), HEXAGON * 1.5 * at.1),
                    residents: p.residents,
                    doors: doors.remove(&p.id).filter(|d| !d.is_empty())?,
                })
            })
            .collect();
        let index = spots.iter().enumerate().map(|(i, s)| (s.id, i)).collect();
        let of_hex = spots.iter().enumerate().map(|(i, s)| (s.hex, i)).collect();
        Ground { district, directory, spots, index, of_hex }
    }
}
