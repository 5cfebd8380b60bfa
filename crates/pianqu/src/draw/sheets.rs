//! A plan as a workbook: precincts with their sums, units with why they are where they are, and proofs.

use super::drawn::Drawn;
use super::output::Lang;
use super::words;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// Up to so many units every move to a neighbouring precinct is weighed.
const WEIGHED: usize = 20_000;

pub(super) fn workbook(drawn: &Drawn<'_>, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    precincts(book.add_worksheet(), drawn, lang)?;
    units(book.add_worksheet(), drawn, lang)?;
    if !drawn.plan.infeasible.is_empty() {
        certificates(book.add_worksheet(), drawn, lang)?;
    }
    book.save_to_buffer()
}

fn heading(page: &mut Worksheet, names: &[(&str, f64)]) -> Result<(), XlsxError> {
    let head = Format::new().set_bold().set_background_color(0x00EE_EEEE);
    for (i, (name, width)) in (0..).zip(names) {
        page.write_with_format(0, i, *name, &head)?;
        page.set_column_width(i, *width)?;
    }
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

fn precincts(page: &mut Worksheet, drawn: &Drawn<'_>, lang: Lang) -> Result<(), XlsxError> {
    page.set_name(lang.say("片区", "precincts"))?;
    heading(
        page,
        &[
            (lang.say("片区", "precinct"), 8.0),
            (lang.say("居民区数", "units"), 10.0),
            (lang.say("居民人数", "residents"), 12.0),
            (lang.say("面积", "area"), 14.0),
            (lang.say("占内部差异", "share of ssw"), 12.0),
            (lang.say("上下限", "bounds"), 14.0),
            (lang.say("不符之处", "what is broken"), 40.0),
        ],
    )?;
    let percent = Format::new().set_num_format("0.0%");
    let broken = districting::check::broken(&drawn.input.graph, drawn.options, &drawn.plan.district);
    let mut line = 1;
    for p in &drawn.precincts {
        page.write_number(line, 0, p.number)?;
        page.write_number(line, 1, p.units.len() as f64)?;
        page.write_number(line, 2, p.score.residents as f64)?;
        page.write_number(line, 3, p.area)?;
        page.write_number_with_format(line, 4, drawn.share(p), &percent)?;
        let kept = p.faults.is_empty();
        page.write_string(
            line,
            5,
            if kept { lang.say("符合", "kept") } else { lang.say("不符", "not kept") },
        )?;
        let own = broken.iter().filter(|f| f.districts().contains(&(p.number - 1)));
        page.write_string(line, 6, own.map(|f| words::fault(f, lang)).collect::<Vec<_>>().join("; "))?;
        line += 1;
    }
    let units = drawn.input.graph.units();
    let bold = Format::new().set_bold();
    page.write_with_format(line, 0, lang.say("合计", "all"), &bold)?;
    page.write_number(line, 1, units.len() as f64)?;
    page.write_number(line, 2, units.iter().map(|u| u.residents).sum::<u64>() as f64)?;
    page.write_number(line, 3, units.iter().map(|u| u.area).sum::<f64>())?;
    page.write_string(line + 2, 0, format!("ssw {:.4}", drawn.plan.ssw))?;
    page.write_string(line + 3, 0, words::proof(drawn.plan, lang))?;
    if drawn.stopped {
        page.write_string(
            line + 4,
            0,
            lang.say("搜索中途停止，这是当时最好的方案", "The search was stopped; this was the best so far"),
        )?;
    }
    Ok(())
}

fn units(page: &mut Worksheet, drawn: &Drawn<'_>, lang: Lang) -> Result<(), XlsxError> {
    page.set_name(lang.say("居民区", "units"))?;
    heading(
        page,
        &[
            (lang.say("居民区", "unit"), 24.0),
            (lang.say("片区", "precinct"), 8.0),
            (lang.say("街镇", "parent"), 14.0),
            (lang.say("今天的片区", "precinct today"), 12.0),
            (lang.say("居民人数", "residents"), 12.0),
            (lang.say("面积", "area"), 14.0),
            (
                lang.say(
                    "为什么在这里：换到相邻片区会怎样",
                    "why here: what a move to a neighbouring precinct would do",
                ),
                90.0,
            ),
        ],
    )?;
    let graph = &drawn.input.graph;
    let few = graph.len() <= WEIGHED;
    let mut line = 1;
    for p in &drawn.precincts {
        for u in &p.units {
            let index = *u as usize;
            let unit = &graph.units()[index];
            page.write_string(line, 0, &unit.id)?;
            page.write_number(line, 1, p.number)?;
            page.write_string(line, 2, unit.parent.as_deref().unwrap_or_default())?;
            if let Some(label) = graph.today_of(index) {
                page.write_string(line, 3, &graph.labels()[label])?;
            }
            page.write_number(line, 4, unit.residents as f64)?;
            page.write_number(line, 5, unit.area)?;
            let why = if few { why(drawn, index, lang) } else { String::new() };
            page.write_string(line, 6, why)?;
            line += 1;
        }
    }
    page.autofilter(0, 0, line - 1, 6)?;
    Ok(())
}

/// What moving a unit to each precinct that it touches would cost and break.
fn why(drawn: &Drawn<'_>, unit: usize, lang: Lang) -> String {
    let Ok(moves) = drawn.sketch.moves(unit) else { return String::new() };
    if moves.is_empty() {
        return lang.say("不与别的片区相邻", "touches no other precinct").into();
    }
    let one = |(to, moved): &(u32, districting::Moved)| {
        let broken: Vec<String> = moved
            .breaks
            .iter()
            .map(|f| match (f.districts().first(), lang) {
                (Some(d), Lang::Zh) => format!("片区 {} {}", d + 1, words::fault(f, lang)),
                _ => words::fault(f, lang),
            })
            .collect();
        let cost = moved.cost_change;
        match (lang, broken.is_empty()) {
            (Lang::Zh, true) => format!("到片区 {}：{cost:+.5}", to + 1),
            (Lang::Zh, false) => format!("到片区 {}：{cost:+.5}，而且{}", to + 1, broken.join("、")),
            (Lang::En, true) => format!("to precinct {}: {cost:+.5}", to + 1),
            (Lang::En, false) => format!("to precinct {}: {cost:+.5}, and {}", to + 1, broken.join(", ")),
        }
    };
    moves.iter().map(one).collect::<Vec<_>>().join(lang.say("；", "; "))
}

fn certificates(page: &mut Worksheet, drawn: &Drawn<'_>, lang: Lang) -> Result<(), XlsxError> {
    page.set_name(lang.say("做不到的证明", "certificates"))?;
    heading(
        page,
        &[
            (lang.say("街镇", "parent"), 14.0),
            (lang.say("居民区数", "units"), 10.0),
            (lang.say("为什么做不到，怎么改就行", "why it is not possible, and what would help"), 110.0),
        ],
    )?;
    for (line, c) in (1..).zip(&drawn.plan.infeasible) {
        page.write_string(line, 0, c.parent.as_deref().unwrap_or_default())?;
        page.write_number(line, 1, c.units.len() as f64)?;
        page.write_string(line, 2, words::certificate(c, lang))?;
    }
    Ok(())
}
