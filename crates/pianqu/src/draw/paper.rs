//! A plan on one page: the map, the precincts, what is proven.

use super::drawn::{Drawn, Precinct};
use super::output::Lang;
use super::words;
use crate::failure::Failure;
use app::{Clock, SystemClock};
use domain::cases::local_date;
use posters::{Day, Fonts, MOST_PRECINCTS, Patch, PlanSheet};
use std::collections::BTreeSet;

/// Certificates that a page has room for.
const PROOFS: usize = 5;

pub(super) fn page(drawn: &Drawn<'_>, lang: Lang, fonts: &Fonts) -> Result<Vec<u8>, Failure> {
    let today = local_date(SystemClock.now());
    let day = Day::new(
        i32::from(today.year()),
        u8::try_from(today.month()).unwrap_or(1),
        u8::try_from(today.day()).unwrap_or(1),
    )?;
    Ok(posters::plan_sheet(&sheet(drawn, lang), fonts, day)?)
}

fn sheet(drawn: &Drawn<'_>, lang: Lang) -> PlanSheet {
    let (graph, plan) = (&drawn.input.graph, drawn.plan);
    let residents: u64 = graph.units().iter().map(|u| u.residents).sum();
    let kept = drawn.precincts.iter().filter(|p| p.faults.is_empty()).count();
    let b = drawn.options.bounds;
    let (n, k) = (graph.len(), drawn.precincts.len());
    let bounds = (b.min_units, b.max_units, b.min_residents, b.max_residents);
    let (least, most, few, many) = bounds;
    let subtitle = match lang {
        Lang::Zh => format!(
            "{n} 个居民区，{residents} 人，{k} 个片区；要求每个片区 {least}–{most} 个居民区、{few}–{many} 人，{kept} 个符合"
        ),
        Lang::En => format!(
            "{n} units with {residents} residents in {k} precincts; {least}–{most} units and {few}–{many} residents are wanted in each, {kept} of {k} keep to that"
        ),
    };
    let mut notes = vec![match lang {
        Lang::Zh => format!("内部差异（ssw）{:.4}。{}。", plan.ssw, words::proof(plan, lang)),
        Lang::En => {
            format!("Unlikeness inside precincts (ssw) {:.4}. {}.", plan.ssw, words::proof(plan, lang))
        }
    }];
    if drawn.stopped {
        notes.push(
            lang.say(
                "搜索中途停止，这是当时最好的方案。",
                "The search was stopped; this was the best so far.",
            )
            .into(),
        );
    }
    for c in plan.infeasible.iter().take(PROOFS) {
        let text = words::certificate(c, lang);
        notes.push(if lang == Lang::Zh {
            format!("做不到：{text}。")
        } else {
            format!("Not possible: {text}.")
        });
    }
    if plan.infeasible.len() > PROOFS {
        let more = plan.infeasible.len() - PROOFS;
        notes.push(if lang == Lang::Zh {
            format!("另有 {more} 条见表格。")
        } else {
            format!("{more} more are in the workbook.")
        });
    }
    // Where there are more precincts than a page can list, those that break something are listed.
    let all = drawn.precincts.len() <= MOST_PRECINCTS;
    let listed: Vec<&Precinct> =
        drawn.precincts.iter().filter(|p| all || !p.faults.is_empty()).take(MOST_PRECINCTS).collect();
    if !all {
        notes.push(match lang {
            Lang::Zh => format!("片区太多，只列出不符合要求的 {} 个；全部见表格。", listed.len()),
            Lang::En => format!(
                "Too many to list: {} that break something are here, all are in the workbook.",
                listed.len()
            ),
        });
    }
    let row = |p: &&Precinct| {
        vec![
            if p.faults.is_empty() { p.number.to_string() } else { format!("{} !", p.number) },
            p.units.len().to_string(),
            p.score.residents.to_string(),
            if drawn.input.land.is_some() {
                format!("{:.2}", p.area / 1e6)
            } else {
                format!("{:.2}", p.area)
            },
            format!("{:.1}", drawn.share(p) * 100.0),
        ]
    };
    PlanSheet {
        title: lang.say("片区划分方案", "Plan of precincts").into(),
        subtitle,
        head: vec![
            lang.say("片区", "No.").into(),
            lang.say("居民区", "units").into(),
            lang.say("人数", "people").into(),
            match (drawn.input.land.is_some(), lang) {
                (true, _) => "km²".into(),
                (false, Lang::Zh) => "面积".into(),
                (false, Lang::En) => "area".into(),
            },
            "ssw %".into(),
        ],
        rows: listed.iter().map(row).collect(),
        notes,
        foot: lang.say("有 ! 的片区不符合上下限", "A precinct marked ! does not keep the bounds").into(),
        patches: patches(drawn),
        units: unit_rings(drawn),
        points: points(drawn),
        chinese: lang == Lang::Zh,
    }
}

/// A pale colour for each precinct, none the same as a neighbour's while there are enough.
fn colours(drawn: &Drawn<'_>) -> Vec<u8> {
    let graph = &drawn.input.graph;
    let mut of: Vec<Option<u8>> =
        vec![None; drawn.precincts.iter().map(|p| p.number as usize).max().unwrap_or(0)];
    for p in &drawn.precincts {
        let near: BTreeSet<u8> = p
            .units
            .iter()
            .flat_map(|u| graph.neighbours(*u as usize))
            .filter_map(|v| of[drawn.plan.district[*v as usize] as usize])
            .collect();
        of[p.number as usize - 1] = Some((0..posters::COLOURS).find(|c| !near.contains(c)).unwrap_or(0));
    }
    drawn.precincts.iter().map(|p| of[p.number as usize - 1].unwrap_or(0)).collect()
}

fn patches(drawn: &Drawn<'_>) -> Vec<Patch> {
    let units = drawn.input.graph.units();
    let patch = |(i, (p, colour)): (usize, (&Precinct, u8))| {
        // The number stands in the unit that lies nearest to the middle.
        let points: Vec<[f64; 2]> = p.units.iter().filter_map(|u| units[*u as usize].point).collect();
        let n = points.len().max(1) as f64;
        let middle =
            [points.iter().map(|q| q[0]).sum::<f64>() / n, points.iter().map(|q| q[1]).sum::<f64>() / n];
        let far = |q: &&[f64; 2]| (q[0] - middle[0]).hypot(q[1] - middle[1]);
        Patch {
            rings: drawn
                .outlines
                .get(i)
                .map(|a| a.rings.iter().flatten().cloned().collect())
                .unwrap_or_default(),
            colour,
            label: p.number.to_string(),
            at: points.iter().min_by(|a, b| far(a).total_cmp(&far(b))).copied(),
        }
    };
    drawn.precincts.iter().zip(colours(drawn)).enumerate().map(patch).collect()
}

/// The units' own borders, while they can still be told apart on a page.
fn unit_rings(drawn: &Drawn<'_>) -> Vec<Vec<[f64; 2]>> {
    match &drawn.input.land {
        Some(land) if land.units().len() <= 1_500 => land.rings().flatten().cloned().collect(),
        _ => vec![],
    }
}

/// Units without outlines: a point each, in the colour of its precinct.
fn points(drawn: &Drawn<'_>) -> Vec<([f64; 2], u8)> {
    if drawn.input.land.is_some() {
        return vec![];
    }
    let units = drawn.input.graph.units();
    let each = drawn.precincts.iter().zip(colours(drawn));
    each.flat_map(|(p, c)| p.units.iter().filter_map(move |u| Some((units[*u as usize].point?, c)))).collect()
}
