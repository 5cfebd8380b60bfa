//! Reads graph files: our object form, the parallel-list form, and the NetworkX adjacency form
//! that GerryChain and frcw use.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::graph::{Graph, GraphError, Unit};

/// Names of the columns to take from a NetworkX adjacency file.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Column with residents; by default the first of `TOTPOP`, `population`, `pop`, `residents` that occurs.
    pub residents: Option<String>,
    /// Column with the parent, if wanted.
    pub parent: Option<String>,
    /// Columns to use as features.
    pub features: Vec<String>,
}

/// Reads a graph from JSON text, recognising its form.
///
/// # Errors
/// Not JSON, none of the known forms, a missing or ill-typed field, or anything [`Graph::new`] refuses.
pub fn read_json(text: &str, columns: &Columns) -> Result<Graph, GraphError> {
    let value: Value =
        serde_json::from_str(text).map_err(|e| GraphError(format!("this is not JSON: {e}")))?;
    let Value::Object(top) = value else {
        return Err(GraphError("the file must hold one JSON object".into()));
    };
    if top.contains_key("pop") {
        parallel(&top)
    } else if top.contains_key("adjacency") {
        networkx(&top, columns)
    } else if top.contains_key("nodes") && top.contains_key("edges") {
        object(&top)
    } else {
        Err(GraphError("the file has neither nodes and edges, nor nodes and adjacency, nor pop".into()))
    }
}

fn list<'a>(of: &'a Map<String, Value>, key: &str) -> Result<&'a Vec<Value>, GraphError> {
    of.get(key).and_then(Value::as_array).ok_or_else(|| GraphError(format!("\"{key}\" must be a list")))
}

fn name(v: &Value) -> Option<String> {
    match v {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn count(v: &Value) -> Option<u64> {
    match v {
        Value::Number(n) => n
            .as_u64()
            .or_else(|| n.as_f64().filter(|f| *f >= 0.0 && f.fract() == 0.0 && *f < 1e15).map(|f| f as u64)),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    }
}

fn real(v: &Value) -> Option<f64> {
    match v {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    }
}

fn pair(v: &Value) -> Option<[f64; 2]> {
    let a = v.as_array().filter(|a| a.len() == 2)?;
    Some([real(&a[0])?, real(&a[1])?])
}

fn object(top: &Map<String, Value>) -> Result<Graph, GraphError> {
    let nodes = list(top, "nodes")?;
    let mut names: Vec<String> = Vec::new();
    if let Some(f) = nodes.first().and_then(|n| n.get("features")).and_then(Value::as_object) {
        names = f.keys().cloned().collect();
    }
    let mut units = Vec::with_capacity(nodes.len());
    let mut index = HashMap::new();
    for (i, node) in nodes.iter().enumerate() {
        let id = node
            .get("id")
            .and_then(name)
            .ok_or_else(|| GraphError(format!("node {i} has no \"id\" that is a text or a number")))?;
        let get = |key: &str| -> Result<Option<f64>, GraphError> {
            match node.get(key) {
                None | Some(Value::Null) => Ok(None),
                Some(v) => real(v)
                    .map(Some)
                    .ok_or_else(|| GraphError(format!("unit \"{id}\": \"{key}\" is {v}, not a number"))),
            }
        };
        let residents = node.get("residents").and_then(count).ok_or_else(|| {
            let value = node.get("residents").map_or("missing".into(), Value::to_string);
            GraphError(format!(
                "unit \"{id}\": \"residents\" is {value}; a whole number of zero or more is needed"
            ))
        })?;
        let found = node.get("features").and_then(Value::as_object);
        if found.map_or(0, Map::len) != names.len() {
            return Err(GraphError(format!(
                "unit \"{id}\" does not have the same features as the first unit"
            )));
        }
        let mut features = Vec::with_capacity(names.len());
        for key in &names {
            let v = found.and_then(|f| f.get(key)).and_then(real);
            features.push(
                v.ok_or_else(|| GraphError(format!("unit \"{id}\": feature \"{key}\" is not a number")))?,
            );
        }
        let point = match (get("x")?, get("y")?) {
            (Some(x), Some(y)) => Some([x, y]),
            _ => None,
        };
        let parent = node.get("parent").and_then(name);
        index.insert(id.clone(), i);
        let area = get("area")?.unwrap_or(0.0);
        units.push(Unit { residents, area, parent, point, features, id });
    }
    let mut edges = Vec::new();
    for (e, edge) in list(top, "edges")?.iter().enumerate() {
        let ends = edge.as_array().filter(|a| a.len() == 2 || a.len() == 3);
        let ends = ends.ok_or_else(|| GraphError(format!("edge {e} must be [a, b] or [a, b, border]")))?;
        let end = |v: &Value| {
            let id =
                name(v).ok_or_else(|| GraphError(format!("edge {e} has the end {v}, not a unit's id")))?;
            index
                .get(&id)
                .copied()
                .ok_or_else(|| GraphError(format!("edge {e} names \"{id}\", which is no unit")))
        };
        let border = match ends.get(2) {
            None => 1.0,
            Some(v) => {
                real(v).ok_or_else(|| GraphError(format!("edge {e} has the border {v}, not a number")))?
            }
        };
        edges.push((end(&ends[0])?, end(&ends[1])?, border));
    }
    let mut graph = Graph::new(units, &edges)?;
    graph.precincts = wanted(top, "precincts")?;
    Ok(graph)
}

fn wanted(top: &Map<String, Value>, key: &str) -> Result<Option<usize>, GraphError> {
    match top.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(v) => match count(v) {
            Some(k) if k > 0 => Ok(Some(k as usize)),
            _ => Err(GraphError(format!("\"{key}\" is {v}; a whole number above zero is needed"))),
        },
    }
}

fn parallel(top: &Map<String, Value>) -> Result<Graph, GraphError> {
    let pop = list(top, "pop")?;
    let column = |key: &str| -> Result<Option<&Vec<Value>>, GraphError> {
        if !top.contains_key(key) {
            return Ok(None);
        }
        let l = list(top, key)?;
        if l.len() != pop.len() {
            return Err(GraphError(format!(
                "\"{key}\" has {} entries, but \"pop\" has {}",
                l.len(),
                pop.len()
            )));
        }
        Ok(Some(l))
    };
    let (xy, area, feat, sub, ids) =
        (column("xy")?, column("area")?, column("feat")?, column("sub")?, column("id")?);
    let mut units = Vec::with_capacity(pop.len());
    for (i, p) in pop.iter().enumerate() {
        let bad = |key: &str, v: &Value| {
            GraphError(format!("unit {i}: \"{key}\" is {v}, not what is needed there"))
        };
        let mut unit = Unit { id: i.to_string(), ..Unit::default() };
        unit.residents = count(p).ok_or_else(|| bad("pop", p))?;
        if let Some(l) = ids {
            unit.id = name(&l[i]).ok_or_else(|| bad("id", &l[i]))?;
        }
        if let Some(l) = area {
            unit.area = real(&l[i]).ok_or_else(|| bad("area", &l[i]))?;
        }
        if let Some(l) = xy {
            unit.point = Some(pair(&l[i]).ok_or_else(|| bad("xy", &l[i]))?);
        }
        if let Some(l) = sub {
            unit.parent = Some(name(&l[i]).ok_or_else(|| bad("sub", &l[i]))?);
        }
        if let Some(l) = feat {
            let row: Option<Vec<f64>> = l[i].as_array().and_then(|a| a.iter().map(real).collect());
            unit.features = row.ok_or_else(|| bad("feat", &l[i]))?;
        }
        units.push(unit);
    }
    let mut edges = Vec::new();
    if top.contains_key("edges") {
        let lens = top.get("blen").and_then(Value::as_array);
        for (e, edge) in list(top, "edges")?.iter().enumerate() {
            let ends: Option<Vec<u64>> = edge.as_array().and_then(|a| a.iter().map(count).collect());
            let ends = ends.filter(|a| a.len() == 2);
            let ends =
                ends.ok_or_else(|| GraphError(format!("edge {e} is {edge}; two unit numbers are needed")))?;
            let border = match lens {
                None => 1.0,
                Some(l) => l
                    .get(e)
                    .and_then(real)
                    .ok_or_else(|| GraphError(format!("\"blen\" has no number for edge {e}")))?,
            };
            edges.push((ends[0] as usize, ends[1] as usize, border));
        }
    } else {
        for (i, row) in list(top, "adj")?.iter().enumerate() {
            let row = row.as_array().ok_or_else(|| GraphError(format!("\"adj\": row {i} is not a list")))?;
            for v in row {
                let j = count(v)
                    .ok_or_else(|| GraphError(format!("\"adj\": row {i} holds {v}, no unit number")))?;
                edges.push((i, j as usize, 1.0));
            }
        }
    }
    let mut graph = Graph::new(units, &edges)?;
    graph.precincts = wanted(top, "k")?;
    if let Some(l) = top.get("ksub").and_then(Value::as_array) {
        let wanted: Option<Vec<usize>> = l.iter().map(|v| count(v).map(|k| k as usize)).collect();
        let wanted = wanted.filter(|w| w.len() == graph.parents().len());
        let message = || GraphError("\"ksub\" must hold one whole number for each value of \"sub\"".into());
        graph.per_parent = Some(wanted.ok_or_else(message)?);
    }
    Ok(graph)
}

fn networkx(top: &Map<String, Value>, columns: &Columns) -> Result<Graph, GraphError> {
    let nodes = list(top, "nodes")?;
    let residents = match &columns.residents {
        Some(c) => c.clone(),
        None => ["TOTPOP", "population", "pop", "residents", "TOTPOP20"]
            .iter()
            .find(|c| nodes.first().is_some_and(|n| n.get(**c).is_some()))
            .map(|c| (*c).to_string())
            .ok_or_else(|| GraphError("no column of residents found; name it".into()))?,
    };
    let mut index = HashMap::new();
    let mut units = Vec::with_capacity(nodes.len());
    for (i, node) in nodes.iter().enumerate() {
        let id = node.get("id").and_then(name).unwrap_or_else(|| i.to_string());
        let people = node.get(&residents).and_then(count);
        let people = people.ok_or_else(|| {
            GraphError(format!("unit \"{id}\": \"{residents}\" is not a whole number of zero or more"))
        })?;
        let mut features = Vec::new();
        for c in &columns.features {
            let v = node.get(c).and_then(real);
            features.push(v.ok_or_else(|| GraphError(format!("unit \"{id}\": \"{c}\" is not a number")))?);
        }
        let either = |a: &str, b: &str| node.get(a).or_else(|| node.get(b)).and_then(real);
        let point = match (either("x", "C_X"), either("y", "C_Y")) {
            (Some(x), Some(y)) => Some([x, y]),
            _ => None,
        };
        let parent = columns.parent.as_ref().and_then(|c| node.get(c)).and_then(name);
        let area = node.get("area").and_then(real).unwrap_or(0.0);
        index.insert(id.clone(), i);
        units.push(Unit { id, residents: people, area, parent, point, features });
    }
    let mut edges = Vec::new();
    for (i, row) in list(top, "adjacency")?.iter().enumerate() {
        let row =
            row.as_array().ok_or_else(|| GraphError(format!("\"adjacency\": row {i} is not a list")))?;
        for v in row {
            let id = v.get("id").and_then(name).unwrap_or_default();
            let j = index.get(&id).copied();
            let j = j.ok_or_else(|| {
                GraphError(format!("\"adjacency\": row {i} names \"{id}\", which is no unit"))
            })?;
            edges.push((i, j, v.get("shared_perim").and_then(real).unwrap_or(1.0)));
        }
    }
    Graph::new(units, &edges)
}
