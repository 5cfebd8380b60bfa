//! A plan of precincts on one page: the map, a table in small type, and what is proven of it.

use typst::foundations::{Array, IntoValue, Value};
use typst_layout::PagedDocument;

use crate::notice::dict;
use crate::press::{self, Template};
use crate::{Day, Error, Fonts};

const TEMPLATE: Template =
    Template { name: "plan", source: include_str!("../templates/plan.typ"), tagged: true };

/// How many pale colours there are to tell neighbours by.
pub const COLOURS: u8 = 7;
/// Most precincts that one page lists.
pub const MOST_PRECINCTS: usize = 150;
/// Width of the map and the height that is shared by map and table, in millimetres.
const WIDTH: f64 = 182.0;
const HEIGHT: f64 = 236.0;
/// Height of a line of the table, and how many columns of precincts stand beside each other.
const LINE: f64 = 4.1;
const ABREAST: usize = 3;
/// Points that would fall so near to the last one on paper are left out, in millimetres.
const FINE: f64 = 0.08;

/// One precinct on the map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Patch {
    /// Its rings, holes as well, in any plane coordinates with y upwards; empty where no outlines are known.
    pub rings: Vec<Vec<[f64; 2]>>,
    /// Which of the [`COLOURS`].
    pub colour: u8,
    /// What stands on it.
    pub label: String,
    /// Where that stands.
    pub at: Option<[f64; 2]>,
}

/// What the page says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanSheet {
    /// Title.
    pub title: String,
    /// The plan in one sentence.
    pub subtitle: String,
    /// Headings of the table.
    pub head: Vec<String>,
    /// A row for each precinct, as many cells as headings; at most [`MOST_PRECINCTS`].
    pub rows: Vec<Vec<String>>,
    /// Sentences beneath: what is proven, what is not possible.
    pub notes: Vec<String>,
    /// Small print at the foot.
    pub foot: String,
    /// The precincts of the map.
    pub patches: Vec<Patch>,
    /// Thin lines on it: borders of units.
    pub units: Vec<Vec<[f64; 2]>>,
    /// Points on it, with their colour, where there are no outlines.
    pub points: Vec<([f64; 2], u8)>,
    /// The page is in Chinese, otherwise in English.
    pub chinese: bool,
}

/// From the plane to millimetres of the map.
struct Scale {
    low: [f64; 2],
    high: [f64; 2],
    by: f64,
    room: f64,
}

impl Scale {
    fn of(sheet: &PlanSheet, height: f64) -> Scale {
        let all = sheet
            .patches
            .iter()
            .flat_map(|p| p.rings.iter().flatten().chain(&p.at))
            .chain(sheet.units.iter().flatten())
            .chain(sheet.points.iter().map(|p| &p.0));
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for p in all {
            low = [low[0].min(p[0]), low[1].min(p[1])];
            high = [high[0].max(p[0]), high[1].max(p[1])];
        }
        let wide = (high[0] - low[0]).max(1e-9);
        let tall = (high[1] - low[1]).max(1e-9);
        Scale { low, high, by: ((WIDTH - 6.0) / wide).min((height - 6.0) / tall), room: height }
    }

    fn at(&self, p: [f64; 2]) -> [f64; 2] {
        let aside = (WIDTH - (self.high[0] - self.low[0]) * self.by) / 2.0;
        let above = (self.room - (self.high[1] - self.low[1]) * self.by) / 2.0;
        [(p[0] - self.low[0]) * self.by + aside, (self.high[1] - p[1]) * self.by + above]
    }

    /// A ring in millimetres, without the points that paper cannot show.
    fn ring(&self, ring: &[[f64; 2]]) -> Option<Value> {
        let mut out: Vec<[f64; 2]> = Vec::with_capacity(ring.len());
        for p in ring.iter().map(|p| self.at(*p)) {
            if out.last().is_none_or(|q| (p[0] - q[0]).hypot(p[1] - q[1]) >= FINE) {
                out.push(p);
            }
        }
        (out.len() > 2).then(|| Value::Array(out.into_iter().map(pair).collect()))
    }

    fn rings(&self, rings: &[Vec<[f64; 2]>]) -> Value {
        Value::Array(rings.iter().filter_map(|r| self.ring(r)).collect())
    }
}

fn pair([x, y]: [f64; 2]) -> Value {
    Value::Array([x, y].into_iter().map(IntoValue::into_value).collect())
}

/// Sets a plan as a PDF/A-2b file of one page.
///
/// # Errors
/// [`Error::MissingGlyph`] and [`Error::Field`], naming the part of the page; [`Error::DoesNotFit`].
pub fn plan_sheet(sheet: &PlanSheet, fonts: &Fonts, made: Day) -> Result<Vec<u8>, Error> {
    check(sheet, fonts)?;
    let pdf = pages(sheet, fonts, made).and_then(|pages| press::write(&TEMPLATE, &pages, made));
    press::forget();
    pdf
}

fn pages(sheet: &PlanSheet, fonts: &Fonts, made: Day) -> Result<PagedDocument, Error> {
    let lines = sheet.rows.len().div_ceil(ABREAST) + 1;
    let notes: usize = sheet.notes.iter().map(|n| 1 + n.chars().count() / 60).sum();
    let height = (HEIGHT - lines as f64 * LINE - notes as f64 * 4.2).max(60.0);
    let scale = Scale::of(sheet, height);
    let patches: Array = sheet
        .patches
        .iter()
        .map(|p| {
            Value::Dict(dict([
                ("rings", scale.rings(&p.rings)),
                ("colour", i64::from(p.colour % COLOURS).into_value()),
                ("label", p.label.as_str().into_value()),
                ("at", p.at.map_or(Value::None, |at| pair(scale.at(at)))),
            ]))
        })
        .collect();
    let points: Array = sheet
        .points
        .iter()
        .map(|(at, colour)| {
            let [x, y] = scale.at(*at);
            Value::Array(
                [x.into_value(), y.into_value(), i64::from(*colour).into_value()].into_iter().collect(),
            )
        })
        .collect();
    let texts = |row: &[String]| Value::Array(row.iter().map(|c| c.as_str().into_value()).collect());
    let data = dict([
        ("title", sheet.title.as_str().into_value()),
        ("subtitle", sheet.subtitle.as_str().into_value()),
        ("head", texts(&sheet.head)),
        ("rows", Value::Array(sheet.rows.iter().map(|r| texts(r)).collect())),
        ("notes", texts(&sheet.notes)),
        ("foot", sheet.foot.as_str().into_value()),
        ("height", height.into_value()),
        ("abreast", (ABREAST as i64).into_value()),
        ("patches", Value::Array(patches)),
        ("units", scale.rings(&sheet.units)),
        ("points", Value::Array(points)),
        ("dot", (60.0 / (sheet.points.len() as f64 + 1.0).sqrt()).clamp(0.15, 2.6).into_value()),
        ("chinese", sheet.chinese.into_value()),
        ("label-size", (40.0 / (sheet.patches.len() as f64 + 1.0).sqrt()).clamp(1.6, 8.5).into_value()),
    ]);
    let pages = press::set(&TEMPLATE, data, fonts, made)?;
    if pages.pages().len() > 1 {
        return Err(Error::DoesNotFit { place: format!("the plan {}", sheet.title) });
    }
    Ok(pages)
}

fn check(sheet: &PlanSheet, fonts: &Fonts) -> Result<(), Error> {
    let wrong = |place: String, problem: String| Err(Error::Field { place, problem });
    if sheet.title.trim().is_empty() {
        return wrong("the title of the plan".into(), "is empty".into());
    }
    if sheet.head.is_empty() {
        return wrong("the heading of the table".into(), "is empty".into());
    }
    if sheet.rows.len() > MOST_PRECINCTS {
        return wrong(
            "the table".into(),
            format!("has {} rows; a page lists {MOST_PRECINCTS}", sheet.rows.len()),
        );
    }
    fonts.check(&sheet.title, || "the title of the plan".into())?;
    fonts.check(&sheet.subtitle, || "the subtitle of the plan".into())?;
    fonts.check(&sheet.foot, || "the foot of the plan".into())?;
    for name in &sheet.head {
        fonts.check(name, || "the heading of the table".into())?;
    }
    for (i, row) in sheet.rows.iter().enumerate() {
        if row.len() != sheet.head.len() {
            return wrong(
                format!("row {}", i + 1),
                format!("has {} cells for {} columns", row.len(), sheet.head.len()),
            );
        }
        row.iter().try_for_each(|cell| fonts.check(cell, || format!("row {}", i + 1)))?;
    }
    for (i, note) in sheet.notes.iter().enumerate() {
        fonts.check(note, || format!("note {} of the plan", i + 1))?;
    }
    for patch in &sheet.patches {
        fonts.check(&patch.label, || "a label of the map".into())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use typst::layout::{Frame, FrameItem};

    /// Squares in a row, a number on each.
    fn sample(precincts: usize) -> PlanSheet {
        let square = |i: usize| {
            let x = i as f64 * 100.0;
            vec![vec![[x, 0.0], [x + 100.0, 0.0], [x + 100.0, 100.0], [x, 100.0]]]
        };
        PlanSheet {
            title: "片区划分方案".into(),
            subtitle: "田林街道".into(),
            head: vec!["片区".into(), "人数".into()],
            rows: (0..precincts.min(MOST_PRECINCTS))
                .map(|i| vec![(i + 1).to_string(), "20000".into()])
                .collect(),
            notes: vec!["已证明是最好的方案。".into()],
            patches: (0..precincts)
                .map(|i| Patch {
                    rings: square(i),
                    colour: (i % 7) as u8,
                    label: (i + 1).to_string(),
                    at: Some([i as f64 * 100.0 + 50.0, 50.0]),
                })
                .collect(),
            chinese: true,
            ..PlanSheet::default()
        }
    }

    #[test]
    fn a_plan_is_one_page_however_many_precincts_it_has() {
        let made = Day::new(2026, 11, 28).unwrap();
        let fonts = Fonts::embedded();
        for precincts in [1, MOST_PRECINCTS, 2 * MOST_PRECINCTS] {
            assert!(
                plan_sheet(&sample(precincts), &fonts, made).unwrap().starts_with(b"%PDF-1.7"),
                "{precincts}"
            );
        }
        // What does not fit is said, not cut off.
        let long = PlanSheet { notes: vec!["这一句很长。".repeat(40); 30], ..sample(3) };
        let wrong = plan_sheet(&long, &fonts, made).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "the plan 片区划分方案 does not fit on one page: shorten its longest field"
        );
    }

    /// Everything that is printed, run together.
    fn printed(frame: &Frame) -> String {
        let one = |item: &FrameItem| match item {
            FrameItem::Text(text) => text.text.to_string(),
            FrameItem::Group(group) => printed(&group.frame),
            _ => String::new(),
        };
        frame.items().map(|(_, item)| one(item)).collect()
    }

    #[test]
    fn its_day_is_in_the_language_of_the_page() {
        let made = Day::new(2026, 11, 28).unwrap();
        let (zh, en) = ("2026年11月28日", "28 November 2026");
        for (chinese, there, not) in [(true, zh, en), (false, en, zh)] {
            let document = pages(&PlanSheet { chinese, ..sample(2) }, &Fonts::embedded(), made).unwrap();
            let text = printed(&document.pages()[0].frame);
            assert!(text.contains(there) && !text.contains(not), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_printed_is_named() {
        let made = Day::new(2026, 11, 28).unwrap();
        let mut sheet = sample(2);
        sheet.notes.push("禛".into());
        let wrong = plan_sheet(&sheet, &Fonts::embedded(), made).unwrap_err();
        assert!(
            matches!(wrong, Error::MissingGlyph { character: '禛', ref place } if place == "note 2 of the plan"),
            "{wrong}"
        );
        let short = PlanSheet { rows: vec![vec!["1".into()]], ..sample(2) };
        let wrong = plan_sheet(&short, &Fonts::embedded(), made).unwrap_err();
        assert_eq!(wrong.to_string(), "row 1 has 1 cells for 2 columns");
    }
}
