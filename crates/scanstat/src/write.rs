//! What was found, for maps and for tables.

use crate::{Cluster, Coordinates, Places, Report};

/// How many corners a drawn circle has.
const CORNERS: u32 = 64;

/// A text in JSON.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if u32::from(c) < 0x20 => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number in JSON, which knows no infinity.
fn number(x: f64) -> String {
    if x.is_finite() { x.to_string() } else { "null".to_owned() }
}

impl Report {
    /// GeoJSON (RFC 7946): the outline of each cluster, and its places. Coordinates of a plane stay as they are.
    pub fn geojson(&self, places: &Places) -> String {
        let mut features = Vec::new();
        for (n, c) in (1..).zip(&self.clusters) {
            let about = format!(
                "\"cluster\":{n},\"center\":{},\"radius\":{},\"start\":\"{}\",\"end\":\"{}\",\"observed\":{},\"expected\":{},\"relative_risk\":{},\"llr\":{},\"p\":{},\"recurrence_days\":{}",
                quoted(&c.center),
                number(c.radius),
                self.time(c.start),
                self.time(c.end),
                c.observed,
                number(c.expected),
                number(c.relative_risk),
                number(c.llr),
                number(c.p),
                c.recurrence_days.map_or("null".to_owned(), number)
            );
            if let Some(outline) = outline(c, places.kind) {
                let corners: Vec<String> = outline.iter().map(|p| pair(places.kind, p)).collect();
                features.push(feature("Polygon", &format!("[[{}]]", corners.join(",")), &about));
            }
            for id in &c.ids {
                let Some(at) = places.index(id).map(|i| places.at[i]).filter(|_| c.center_at.is_some())
                else {
                    continue;
                };
                let about = format!("\"cluster\":{n},\"id\":{}", quoted(id));
                features.push(feature("Point", &pair(places.kind, &at), &about));
            }
        }
        format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
    }

    /// A table of clusters, tab-separated, with the columns of the reference program's cluster information file.
    pub fn clusters_table(&self, places: &Places) -> String {
        let (x, y) = match places.kind {
            Coordinates::Plane => ("X", "Y"),
            Coordinates::LatLong => ("LATITUDE", "LONGITUDE"),
        };
        let mut out = format!(
            "CLUSTER\tLOC_ID\t{x}\t{y}\tRADIUS\tSTART_DATE\tEND_DATE\tNUMBER_LOC\tLLR\tP_VALUE\tRECURR_INT\tOBSERVED\tEXPECTED\tODE\tREL_RISK\n"
        );
        for (n, c) in (1..).zip(&self.clusters) {
            let at =
                c.center_at.map_or((String::new(), String::new()), |a| (a[0].to_string(), a[1].to_string()));
            out += &format!(
                "{n}\t{}\t{}\t{}\t{:.6}\t{}\t{}\t{}\t{:.6}\t{}\t{}\t{}\t{:.6}\t{:.6}\t{:.6}\n",
                c.center.replace('\t', " "),
                at.0,
                at.1,
                c.radius,
                self.time(c.start),
                self.time(c.end),
                c.ids.len(),
                c.llr,
                c.p,
                c.recurrence_days.map_or(String::new(), |d| d.to_string()),
                c.observed,
                c.expected,
                f64::from(c.observed) / c.expected,
                c.relative_risk
            );
        }
        out
    }

    /// A table of the clusters' places, tab-separated: `LOC_ID`, `CLUSTER`.
    pub fn places_table(&self) -> String {
        let mut out = String::from("LOC_ID\tCLUSTER\n");
        for (n, c) in (1..).zip(&self.clusters) {
            for id in &c.ids {
                out += &format!("{}\t{n}\n", id.replace('\t', " "));
            }
        }
        out
    }
}

fn feature(kind: &str, coordinates: &str, about: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"{kind}\",\"coordinates\":{coordinates}}},\"properties\":{{{about}}}}}"
    )
}

/// A position: longitude first.
fn pair(kind: Coordinates, p: &[f64; 3]) -> String {
    match kind {
        Coordinates::Plane => format!("[{},{}]", p[0], p[1]),
        Coordinates::LatLong => format!("[{},{}]", p[1], p[0]),
    }
}

/// The circle or ellipse, closed, against the clock; none for a single place and for what has no radius.
fn outline(c: &Cluster, kind: Coordinates) -> Option<Vec<[f64; 3]>> {
    let at = c.center_at.filter(|_| c.radius > 0.0)?;
    let (longer, angle) = c.ellipse.map_or((c.radius, 0.0), |e| (e.longer, e.angle.to_radians()));
    let corner = |k: u32| {
        let (sin, cos) = (f64::from(k) * std::f64::consts::TAU / f64::from(CORNERS)).sin_cos();
        let (u, v) = (longer * cos, c.radius * sin);
        let (x, y) = (u * angle.cos() - v * angle.sin(), u * angle.sin() + v * angle.cos());
        match kind {
            Coordinates::Plane => [at[0] + x, at[1] + y, 0.0],
            Coordinates::LatLong => {
                // Kilometres to degrees: near enough for a drawing.
                let degree = crate::geometry::EARTH.to_radians();
                [at[0] + y / degree, at[1] + x / (degree * at[0].to_radians().cos().max(1e-6)), 0.0]
            }
        }
    };
    Some((0..CORNERS).chain([0]).map(corner).collect())
}
