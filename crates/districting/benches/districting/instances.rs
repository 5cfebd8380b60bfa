//! Instances: those that lie beside the project, and made ones of any size with the same look.

use districting::{Columns, Graph, Unit, read_json};
use std::io::Read;
use std::path::Path;

/// A graph of `../shared/data/districting`; none, and a word, where it is missing.
pub(crate) fn file(name: &str) -> Option<Graph> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/districting").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        println!("{name}: skipped: ../shared/data/districting is not there");
        return None;
    };
    let mut text = String::new();
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).ok()?;
    } else {
        text = String::from_utf8(bytes).ok()?;
    }
    match read_json(&text, &Columns::default()) {
        Ok(graph) => Some(graph),
        Err(e) => {
            println!("{name}: {e}");
            None
        }
    }
}

struct Chance(u64);

impl Chance {
    /// SplitMix64 (Steele, Lea and Flood, 2014), as a share of one.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// About `n` units on a sheet of hexagons: 1,100 to 9,000 residents (3,600 in the mean), three features that vary
/// slowly over some eight units, with more and more noise of each unit's own; precincts of five wanted.
pub(crate) fn made(n: usize, seed: u64) -> Graph {
    let mut chance = Chance(seed);
    let side = (n as f64).sqrt().round() as usize;
    let (wide, high) = (side, n.div_ceil(side));
    const SPACING: f64 = 5.0;
    let (lw, lh) = (wide / 5 + 3, high / 5 + 3);
    let waves: Vec<Vec<f64>> =
        (0..3).map(|_| (0..lw * lh).map(|_| 1.5 * chance.normal()).collect()).collect();
    let mut units = Vec::with_capacity(n);
    let mut edges = Vec::with_capacity(3 * n);
    for i in 0..n {
        let (x, y) = (i % wide, i / wide);
        let (fx, fy) = (x as f64 / SPACING, y as f64 / SPACING);
        let (cx, cy) = (fx as usize, fy as usize);
        let (tx, ty) = (fx.fract(), fy.fract());
        let features = waves.iter().zip([0.35, 0.55, 0.75]).map(|(wave, noise)| {
            let at = |dx: usize, dy: usize| wave[(cy + dy) * lw + cx + dx];
            let upper = at(0, 0) * (1.0 - tx) + at(1, 0) * tx;
            let lower = at(0, 1) * (1.0 - tx) + at(1, 1) * tx;
            upper * (1.0 - ty) + lower * ty + noise * chance.normal()
        });
        let features: Vec<f64> = features.collect();
        let residents = (3_420.0 * (0.32 * chance.normal()).exp()).clamp(1_085.0, 9_000.0) as u64;
        units.push(Unit {
            id: i.to_string(),
            residents,
            area: 1.0,
            parent: None,
            point: Some([x as f64 + 0.5 * (y % 2) as f64, y as f64 * 0.866]),
            features,
        });
        // Right, and the two below: left and right of them by the row's shift.
        let mut join = |dx: i64, dy: usize| {
            let (nx, ny) = (x as i64 + dx, y + dy);
            let j = ny * wide + nx.max(0) as usize;
            if nx >= 0 && (nx as usize) < wide && j < n {
                edges.push((i, j, 1.0));
            }
        };
        join(1, 0);
        let shift = (y % 2) as i64;
        join(shift - 1, 1);
        join(shift, 1);
    }
    #[expect(clippy::expect_used, reason = "made by the rules just above")]
    let mut graph = Graph::new(units, &edges).expect("made graphs are sound");
    graph.precincts = Some(n / 5);
    graph
}
