//! What `draw` reads: any of the graph files, or outlines; told apart by content.

use super::Args;
use crate::failure::{Failure, with_file};
use districting::polygons::{Reading, Territory, is_geojson};
use districting::{Columns, Graph, Limit, Pin, Quantity, read_json};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::Path;

/// A graph, and the outlines that it came from, if it did.
pub(super) struct Input {
    pub(super) graph: Graph,
    pub(super) land: Option<Territory>,
}

/// Reads the file. With `--problems` what is wrong with its outlines is written even where nothing can be drawn.
pub(super) fn read(args: &Args) -> Result<Input, Failure> {
    let text = std::fs::read_to_string(&args.file).map_err(with_file(&args.file))?;
    if !is_geojson(&text) {
        if args.problems.is_some() {
            let text = "--problems looks at outlines, but this file holds none";
            return Err(with_file(&args.file)(text));
        }
        let columns = Columns {
            residents: args.population_column.clone(),
            parent: args.parent_column.clone(),
            features: args.feature.clone(),
        };
        let mut graph = read_json(&text, &columns).map_err(with_file(&args.file))?;
        lay_today(args, &mut graph, None)?;
        return Ok(Input { graph, land: None });
    }
    let reading = Reading {
        id: args.id_column.clone(),
        residents: args.population_column.clone(),
        parent: args.parent_column.clone(),
        features: args.feature.clone(),
        tolerance: args.tolerance,
        plane: None,
    };
    let land = Territory::read(&text, &reading).map_err(with_file(&args.file))?;
    tell(args, &land)?;
    let mut graph = land.graph().map_err(with_file(&args.file))?;
    for (limit, _) in &args.bound {
        if let Quantity::Named(name) = Quantity::from(limit.as_str()) {
            let values = numbers(&land, &name).map_err(with_file(&args.file))?;
            graph.add_quantity(&name, values).map_err(with_file(&args.file))?;
        }
    }
    lay_today(args, &mut graph, Some(&land))?;
    Ok(Input { graph, land: Some(land) })
}

/// Says what is wrong with the outlines, and writes it where that was asked.
fn tell(args: &Args, land: &Territory) -> Result<(), Failure> {
    const MOST: usize = 20;
    let problems = land.problems();
    if !args.json {
        for p in problems.iter().take(MOST) {
            eprintln!("{p}");
        }
        if problems.len() > MOST {
            eprintln!("and {} more; --problems FILE.geojson writes all", problems.len() - MOST);
        }
    }
    let Some(file) = &args.problems else { return Ok(()) };
    let features: Vec<Value> = problems.iter().map(districting::polygons::Problem::feature).collect();
    let all = serde_json::json!({ "type": "FeatureCollection", "features": features });
    super::output::write(file, all.to_string().as_bytes())
}

fn numbers(land: &Territory, name: &str) -> Result<Vec<f64>, String> {
    let ids = land.units().iter().map(|u| &u.id);
    ids.zip(land.property(name))
        .map(|(id, v)| {
            let value = v.and_then(|v| v.as_f64().or_else(|| v.as_str()?.trim().parse().ok()));
            value.ok_or_else(|| format!("unit \"{id}\": \"{name}\" is not a number"))
        })
        .collect()
}

/// Today's plan: a file of ids and precincts (also an answer of `draw --json`), or a property of the outlines.
fn lay_today(args: &Args, graph: &mut Graph, land: Option<&Territory>) -> Result<(), Failure> {
    let Some(asked) = &args.today else { return Ok(()) };
    let name = |v: &Value| match v {
        Value::String(s) if !s.is_empty() => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    };
    let file = Path::new(asked);
    if let (Some(land), false) = (land, file.is_file()) {
        let plan: Vec<Option<String>> = land.property(asked).map(|v| v.and_then(name)).collect();
        if plan.iter().all(Option::is_none) {
            return Err(Failure(format!("--today {asked} is neither a file nor a property of the outlines")));
        }
        return Ok(graph.set_today(&plan)?);
    }
    let text = std::fs::read_to_string(file).map_err(with_file(file))?;
    let wrong = |text: String| with_file(file)(text);
    let mut top: Map<String, Value> =
        serde_json::from_str(&text).map_err(|e| wrong(format!("this is no JSON object: {e}")))?;
    if let Some(Value::Object(assignment)) = top.remove("assignment") {
        top = assignment;
    }
    let known: HashMap<&str, usize> =
        graph.units().iter().enumerate().map(|(i, u)| (u.id.as_str(), i)).collect();
    let mut plan = vec![None; graph.len()];
    for (id, v) in &top {
        let unit = known.get(id.as_str()).ok_or_else(|| wrong(format!("\"{id}\" is no unit")))?;
        plan[*unit] = Some(name(v).ok_or_else(|| wrong(format!("unit \"{id}\": {v} is no precinct")))?);
    }
    Ok(graph.set_today(&plan)?)
}

/// Bounds on further sums, as the command line names them.
pub(super) fn limits(args: &Args) -> Vec<Limit> {
    let limit = |(name, (min, max)): &(String, (f64, f64))| Limit {
        of: Quantity::from(name.as_str()),
        min: *min,
        max: *max,
    };
    args.bound.iter().map(limit).collect()
}

/// Pins, as the command line names them: ids separated by commas.
pub(super) fn pins(args: &Args, graph: &Graph) -> Result<Vec<Pin>, Failure> {
    let known: HashMap<&str, usize> =
        graph.units().iter().enumerate().map(|(i, u)| (u.id.as_str(), i)).collect();
    let units = |what: &str, text: &str| -> Result<Vec<usize>, Failure> {
        let one = |id: &str| {
            known
                .get(id.trim())
                .copied()
                .ok_or_else(|| Failure(format!("--{what}: \"{}\" is no unit", id.trim())))
        };
        text.split([',', '，']).map(one).collect()
    };
    let mut out = Vec::new();
    for text in &args.together {
        out.push(Pin::Together(units("together", text)?));
    }
    for text in &args.apart {
        out.push(Pin::Apart(units("apart", text)?));
    }
    for text in &args.stays {
        out.extend(units("stays", text)?.into_iter().map(Pin::Stays));
    }
    Ok(out)
}
