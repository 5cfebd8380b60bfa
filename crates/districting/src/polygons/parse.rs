//! Reads GeoJSON (RFC 7946) feature by feature.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Reading;
use super::problem::{Kind, Problem};
use crate::graph::{GraphError, Unit};

/// Rings of one polygon, as they stand in the file.
pub(super) type Polygon = Vec<Vec<[f64; 2]>>;

pub(super) struct Collection {
    pub(super) features: Vec<Feature>,
    /// The file names a system of coordinates that is not longitude and latitude.
    pub(super) projected: bool,
}

pub(super) struct Feature {
    pub(super) id: Option<Value>,
    pub(super) properties: Map<String, Value>,
    pub(super) polygons: Vec<Polygon>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: Option<String>,
    features: Option<IgnoredAny>,
}

pub(super) fn is_geojson(text: &str) -> bool {
    serde_json::from_str::<Head>(text)
        .is_ok_and(|h| h.features.is_some() || h.kind.as_deref() == Some("Feature"))
}

#[derive(Deserialize)]
struct RawCollection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<RawFeature>,
    crs: Option<Value>,
}

#[derive(Deserialize)]
struct RawFeature {
    id: Option<Value>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    geometry: Option<Geometry>,
}

/// A geometry, taken apart as soon as it is read: its nested lists take ten times the room of its numbers.
#[derive(Deserialize)]
#[serde(from = "RawGeometry")]
struct Geometry {
    polygons: Result<Vec<Polygon>, String>,
}

#[derive(Deserialize)]
struct RawGeometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Nested,
}

enum Nested {
    Number(f64),
    List(Vec<Nested>),
}

impl Default for Nested {
    fn default() -> Self {
        Nested::List(Vec::new())
    }
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Nested;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("coordinates")
            }
            fn visit_f64<E>(self, v: f64) -> Result<Nested, E> {
                Ok(Nested::Number(v))
            }
            fn visit_i64<E>(self, v: i64) -> Result<Nested, E> {
                Ok(Nested::Number(v as f64))
            }
            fn visit_u64<E>(self, v: u64) -> Result<Nested, E> {
                Ok(Nested::Number(v as f64))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nested, A::Error> {
                let mut out = Vec::new();
                while let Some(v) = list.next_element()? {
                    out.push(v);
                }
                Ok(Nested::List(out))
            }
        }
        from.deserialize_any(Reader)
    }
}

impl From<RawGeometry> for Geometry {
    fn from(raw: RawGeometry) -> Self {
        let polygons = match raw.kind.as_str() {
            "Polygon" => polygon(raw.coordinates).map(|p| vec![p]),
            "MultiPolygon" => list(raw.coordinates).and_then(|l| l.into_iter().map(polygon).collect()),
            kind => Err(format!("is a {kind}; a Polygon or MultiPolygon is needed")),
        };
        Geometry { polygons }
    }
}

fn list(nested: Nested) -> Result<Vec<Nested>, String> {
    match nested {
        Nested::List(list) => Ok(list),
        Nested::Number(v) => Err(format!("has the number {v} where a list of coordinates is needed")),
    }
}

fn polygon(nested: Nested) -> Result<Polygon, String> {
    let ring = |nested| list(nested)?.into_iter().map(position).collect();
    list(nested)?.into_iter().map(ring).collect()
}

fn position(nested: Nested) -> Result<[f64; 2], String> {
    match list(nested)?.as_slice() {
        [Nested::Number(x), Nested::Number(y), ..] => Ok([*x, *y]),
        _ => Err("has a position without two numbers".into()),
    }
}

pub(super) fn collection(text: &str) -> Result<Collection, GraphError> {
    let wrong = |e: serde_json::Error| GraphError(format!("this is not GeoJSON: {e}"));
    let raw: RawCollection = serde_json::from_str(text).map_err(wrong)?;
    if raw.kind != "FeatureCollection" {
        return Err(GraphError(format!("the file is a GeoJSON {}; a FeatureCollection is needed", raw.kind)));
    }
    if raw.features.is_empty() {
        return Err(GraphError("the collection has no features".into()));
    }
    let mut features = Vec::with_capacity(raw.features.len());
    for (i, f) in raw.features.into_iter().enumerate() {
        let wrong = |text: &str| GraphError(format!("feature {} {text}", i + 1));
        let polygons = f.geometry.ok_or_else(|| wrong("has no geometry"))?.polygons;
        let polygons = polygons.map_err(|text| wrong(&text))?;
        features.push(Feature { id: f.id, properties: f.properties.unwrap_or_default(), polygons });
    }
    // The older custom of naming a system of coordinates. 4490 is CGCS2000 in degrees.
    let projected = raw.crs.is_some_and(|crs| {
        let name = crs["properties"]["name"].as_str().unwrap_or_default();
        !name.is_empty() && !["CRS84", "4326", "4490"].iter().any(|known| name.ends_with(known))
    });
    Ok(Collection { features, projected })
}

fn name(v: &Value) -> Option<String> {
    match v {
        Value::String(s) if !s.trim().is_empty() => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn real(v: &Value) -> Option<f64> {
    match v {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.trim().parse().ok().filter(|v: &f64| v.is_finite()),
        _ => None,
    }
}

fn count(v: &Value) -> Option<u64> {
    let whole = |f: f64| (f >= 0.0 && f.fract() == 0.0 && f < 1e15).then_some(f as u64);
    match v {
        Value::Number(n) => n.as_u64().or_else(|| n.as_f64().and_then(whole)),
        _ => real(v).and_then(whole),
    }
}

/// The units by their properties; ids that occur twice and residents that are missing are problems, not errors.
pub(super) fn units(
    collection: &Collection,
    reading: &Reading,
) -> Result<(Vec<Unit>, Vec<Problem>), GraphError> {
    let features = &collection.features;
    let occurs = |name: &&str| features.iter().any(|f| f.properties.get(*name).is_some_and(|v| !v.is_null()));
    let choose = |asked: &Option<String>, usual: &[&str]| -> Result<Option<String>, GraphError> {
        match asked {
            Some(name) if !occurs(&name.as_str()) => {
                Err(GraphError(format!("no feature has the property \"{name}\"")))
            }
            Some(name) => Ok(Some(name.clone())),
            None => Ok(usual.iter().find(|n| occurs(n)).map(|n| (*n).to_owned())),
        }
    };
    let id = choose(&reading.id, &["id", "code", "name", "代码", "编号", "名称"])?;
    let residents = choose(
        &reading.residents,
        &["residents", "population", "pop", "TOTPOP", "人口", "常住人口", "实有人口"],
    )?;
    let parent = choose(&reading.parent, &["parent"])?;
    let mut problems = Vec::new();
    if residents.is_none() {
        problems.push(Problem::unplaced(
            Kind::NoResidents,
            vec![],
            "no feature has residents; name the property".into(),
        ));
    }
    // What the first unit has as features, all must have.
    let own = |f: &Feature| f.properties.get("features").and_then(Value::as_object).cloned();
    let mut wanted = reading.features.clone();
    let nested = wanted.is_empty();
    if nested {
        wanted = own(&features[0]).map(|o| o.keys().cloned().collect()).unwrap_or_default();
    }
    let mut units = Vec::with_capacity(features.len());
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (i, f) in features.iter().enumerate() {
        let get = |key: &Option<String>| key.as_ref().and_then(|k| f.properties.get(k));
        let id = get(&id).or(f.id.as_ref()).and_then(name).unwrap_or_else(|| format!("feature {}", i + 1));
        let mut unit = Unit { parent: get(&parent).and_then(name), ..Unit::default() };
        let at = || f.polygons.iter().flatten().flatten().next().copied();
        if let Some(key) = &residents {
            match f.properties.get(key).and_then(count) {
                Some(people) => unit.residents = people,
                None => {
                    let value = f.properties.get(key).map_or("missing".into(), Value::to_string);
                    let text = format!(
                        "unit \"{id}\": \"{key}\" is {value}; a whole number of zero or more is needed"
                    );
                    problems.push(Problem {
                        at: at(),
                        ..Problem::unplaced(Kind::NoResidents, vec![id.clone()], text)
                    });
                }
            }
        }
        let bag = own(f);
        for key in &wanted {
            let v = if nested { bag.as_ref().and_then(|b| b.get(key)) } else { f.properties.get(key) };
            let wrong = || GraphError(format!("unit \"{id}\": \"{key}\" is not a number"));
            unit.features.push(v.and_then(real).ok_or_else(wrong)?);
        }
        if let Some(first) = seen.insert(id.clone(), i) {
            let text = format!("the features {} and {} have the same id \"{id}\"", first + 1, i + 1);
            problems.push(Problem { at: at(), ..Problem::unplaced(Kind::Duplicate, vec![id.clone()], text) });
        }
        unit.id = id;
        units.push(unit);
    }
    Ok((units, problems))
}
