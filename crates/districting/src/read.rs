//! Reads graph files: our object form, the parallel-list form, and the NetworkX adjacency form
//! that GerryChain and frcw use.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::graph::{Graph, GraphError, Unit};
use crate::model::Pin;

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
    let end = |e: usize, v: &Value| {
        let id = name(v).ok_or_else(|| GraphError(format!("edge {e} has the end {v}, not a unit's id")))?;
        index
            .get(&id)
            .copied()
            .ok_or_else(|| GraphError(format!("edge {e} names \"{id}\", which is no unit")))
    };
    let (mut edges, mut bridges) = (Vec::new(), Vec::new());
    for (e, value) in list(top, "edges")?.iter().enumerate() {
        let (a, b, border, bridge) = edge(e, value)?;
        let ends = (end(e, a)?, end(e, b)?);
        edges.push((ends.0, ends.1, border));
        if bridge {
            bridges.push(ends);
        }
    }
    let mut graph = Graph::new(units, &edges)?;
    graph.mark_bridges(&bridges)?;
    graph.precincts = wanted(top, "precincts")?;
    quantities(nodes, &mut graph)?;
    today(nodes, &mut graph)?;
    pins(top, &index, &mut graph)?;
    Ok(graph)
}

/// `[a, b]`, `[a, b, border]`, `[a, b, border or null, "bridge"]`, or an object of `ends`, `border` and `bridge`.
fn edge(e: usize, value: &Value) -> Result<(&Value, &Value, f64, bool), GraphError> {
    let wrong = || {
        GraphError(format!(
            "edge {e} must be [a, b], [a, b, border], [a, b, border, \"bridge\"] or {{\"ends\": [a, b], \"border\", \"bridge\"}}"
        ))
    };
    let length = |v: Option<&Value>| match v {
        None | Some(Value::Null) => Ok(1.0),
        Some(v) => real(v).ok_or_else(|| GraphError(format!("edge {e} has the border {v}, not a number"))),
    };
    match value {
        Value::Array(list) => {
            let (a, b) = list.first().zip(list.get(1)).filter(|_| list.len() <= 4).ok_or_else(wrong)?;
            let bridge = match list.get(3) {
                None | Some(Value::Null) => false,
                Some(Value::String(kind)) if kind == "bridge" => true,
                Some(v) => {
                    return Err(GraphError(format!("edge {e} is of the kind {v}; only \"bridge\" is known")));
                }
            };
            Ok((a, b, length(list.get(2))?, bridge))
        }
        Value::Object(fields) => {
            let ends =
                fields.get("ends").and_then(Value::as_array).filter(|l| l.len() == 2).ok_or_else(wrong)?;
            let bridge = match fields.get("bridge") {
                None | Some(Value::Null) => false,
                Some(v) => v.as_bool().ok_or_else(|| {
                    GraphError(format!("edge {e}: \"bridge\" is {v}; true or false is needed"))
                })?,
            };
            Ok((&ends[0], &ends[1], length(fields.get("border"))?, bridge))
        }
        _ => Err(wrong()),
    }
}

/// Named quantities: where one unit has one, all must.
fn quantities(nodes: &[Value], graph: &mut Graph) -> Result<(), GraphError> {
    let own = |node: &Value| node.get("quantities").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut names: Vec<String> = nodes.iter().flat_map(|n| own(n).into_iter().map(|(key, _)| key)).collect();
    names.sort_unstable();
    names.dedup();
    for key in names {
        let mut values = Vec::with_capacity(nodes.len());
        for (u, node) in nodes.iter().enumerate() {
            let value = node.get("quantities").and_then(|q| q.get(&key));
            values.push(value.and_then(real).ok_or_else(|| {
                let shown = value.map_or("missing".into(), Value::to_string);
                let id = &graph.units()[u].id;
                GraphError(format!("unit \"{id}\": quantity \"{key}\" is {shown}; a number is needed"))
            })?);
        }
        graph.add_quantity(&key, values)?;
    }
    Ok(())
}

fn today(nodes: &[Value], graph: &mut Graph) -> Result<(), GraphError> {
    let mut plan = Vec::with_capacity(nodes.len());
    for (u, node) in nodes.iter().enumerate() {
        plan.push(match node.get("today") {
            None | Some(Value::Null) => None,
            Some(v) => Some(name(v).ok_or_else(|| {
                let id = &graph.units()[u].id;
                GraphError(format!("unit \"{id}\": \"today\" is {v}; the name of a district is needed"))
            })?),
        });
    }
    if plan.iter().any(Option::is_some) {
        graph.set_today(&plan)?;
    }
    Ok(())
}

/// `{"together": [ids]}`, `{"apart": [ids]}`, `{"stays": id or ids}`.
fn pins(
    top: &Map<String, Value>,
    index: &HashMap<String, usize>,
    graph: &mut Graph,
) -> Result<(), GraphError> {
    if !top.contains_key("pins") {
        return Ok(());
    }
    for (p, pin) in list(top, "pins")?.iter().enumerate() {
        let number = p + 1;
        let unit = |v: &Value| {
            let id = name(v).ok_or_else(|| GraphError(format!("pin {number} holds {v}, not a unit's id")))?;
            let known = index.get(&id).copied();
            known.ok_or_else(|| GraphError(format!("pin {number} names \"{id}\", which is no unit")))
        };
        let (what, value) =
            pin.as_object().filter(|o| o.len() == 1).and_then(|o| o.iter().next()).ok_or_else(|| {
                GraphError(format!(
                    "pin {number} must be {{\"together\": [ids]}}, {{\"apart\": [ids]}} or {{\"stays\": id}}"
                ))
            })?;
        let units: Vec<usize> = match value {
            Value::Array(ids) => ids.iter().map(unit).collect::<Result<_, _>>()?,
            one => vec![unit(one)?],
        };
        match what.as_str() {
            "together" => graph.pins.push(Pin::Together(units)),
            "apart" => graph.pins.push(Pin::Apart(units)),
            "stays" => graph.pins.extend(units.into_iter().map(Pin::Stays)),
            other => {
                return Err(GraphError(format!(
                    "pin {number} says \"{other}\"; known are together, apart and stays"
                )));
            }
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Quantity;

    fn file(edges: &str, pins: &str) -> Result<Graph, GraphError> {
        let node = |id: &str, today: &str, households: u32| {
            format!(
                r#"{{"id": "{id}", "residents": 9000, "today": {today}, "quantities": {{"households": {households}}}}}"#
            )
        };
        let nodes = [node("a", "\"east\"", 10), node("b", "7", 20), node("c", "null", 30)].join(",");
        read_json(
            &format!(r#"{{"nodes": [{nodes}], "edges": {edges}, "pins": {pins}}}"#),
            &Columns::default(),
        )
    }

    #[test]
    fn bridges_quantities_today_and_pins_are_read() {
        let edges = r#"[["a", "b", 3.5], ["b", "c", null, "bridge"], {"ends": ["a", "c"], "bridge": true}]"#;
        let pins = r#"[{"together": ["a", "c"]}, {"apart": ["a", "b"]}, {"stays": "a"}]"#;
        let graph = file(edges, pins).unwrap();
        assert_eq!(graph.amount(&Quantity::from("households"), 2), 30.0);
        assert_eq!(graph.labels(), ["east", "7"]);
        assert_eq!((graph.today_of(1), graph.today_of(2)), (Some(1), None));
        assert_eq!(graph.pins, [Pin::Together(vec![0, 2]), Pin::Apart(vec![0, 1]), Pin::Stays(0)]);
        assert!(graph.is_bridge(2, 1) && graph.is_bridge(0, 2) && !graph.is_bridge(0, 1));
        assert_eq!(graph.borders(0), [3.5, 1.0]);
        let land = graph.without_bridges();
        assert_eq!(land.neighbours(0), [1]);
        assert_eq!(land.pieces(&[0, 1, 2]).len(), 2);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |edges: &str, pins: &str| file(edges, pins).unwrap_err().to_string();
        assert_eq!(
            wrong(r#"[["a", "b", 1, "ferry"]]"#, "[]"),
            "edge 0 is of the kind \"ferry\"; only \"bridge\" is known"
        );
        assert_eq!(wrong("[]", r#"[{"apart": ["a", "x"]}]"#), "pin 1 names \"x\", which is no unit");
        assert_eq!(
            wrong("[]", r#"[{"near": ["a"]}]"#),
            "pin 1 says \"near\"; known are together, apart and stays"
        );
        let text = r#"{"nodes": [{"id": 1, "residents": 1, "quantities": {"cases": 1}}, {"id": 2, "residents": 1}], "edges": []}"#;
        assert_eq!(
            read_json(text, &Columns::default()).unwrap_err().to_string(),
            "unit \"2\": quantity \"cases\" is missing; a number is needed"
        );
    }
}
