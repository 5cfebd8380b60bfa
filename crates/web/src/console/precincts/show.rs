//! What the pages of drawing show, from what the program knows.

mod draft;
mod found;

pub(super) use draft::draft;
pub(super) use found::{asked, found};

use crate::Web;
use crate::console::session::Staff;
use crate::http::fields::Fields;
use crate::map::{Plot, plan, plan_on_land};
use crate::times;
use crate::view::FieldError;
use crate::view::console::{Nav, PrecinctLine, PrecinctsPage};
use crate::words::Lang;
use app::precincts::{Division, Gap, OutlineFault, OutlineFaultKind, Outlines, PrecinctSums, Search};
use domain::cases::local_date;
use domain::precincts::{Bounds, Breach, Fresh, Ground, Layout};
use domain::{DraftId, PlaceId, StaffId};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Likeness as people read it: 0 to 100, one decimal.
fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

fn name(web: &Web, id: PlaceId, fresh: &BTreeMap<PlaceId, Fresh>, t: Lang) -> String {
    if let Some(f) = fresh.get(&id) {
        return t.pick(&f.zh, &f.en).clone();
    }
    web.app.directory().place(id).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default()
}

fn staff_name(web: &Web, id: StaffId) -> String {
    web.app.directory().staff_name(id).unwrap_or_default().to_owned()
}

fn breach(b: &Breach, t: Lang) -> String {
    match b {
        Breach::Committees(n) => t.pre_b_committees(n),
        Breach::Residents(n) => t.pre_b_residents(n),
        Breach::Pieces(n) => t.pre_b_pieces(n),
        Breach::Subdistricts(n) => t.pre_b_subdistricts(n),
    }
}

fn all_wrong(wrong: &[Breach], t: Lang) -> String {
    wrong.iter().map(|b| breach(b, t)).collect::<Vec<_>>().join(t.pick("，", ", "))
}

fn range((least, most): (u32, u32)) -> String {
    format!("{least}–{most}")
}

fn fields_of(b: &Bounds) -> [String; 4] {
    [b.committees.0, b.committees.1, b.residents.0, b.residents.1].map(|n| n.to_string())
}

/// Precincts as lines of a table.
pub(super) fn lines(web: &Web, precincts: &[PrecinctSums], t: Lang) -> Vec<PrecinctLine> {
    let none = BTreeMap::new();
    let line = |p: &PrecinctSums| PrecinctLine {
        name: t.pick(&p.zh, &p.en).clone(),
        anchor: format!("p{}", p.id),
        members: p.members.iter().map(|m| name(web, *m, &none, t)).collect(),
        residents: p.residents.to_string(),
        likeness: percent(p.likeness),
        open: p.open.to_string(),
        posts: p.posts.to_string(),
        wrong: all_wrong(&p.wrong, t),
    };
    precincts.iter().map(line).collect()
}

/// A layout on its way to the map.
struct Drawn<'a> {
    ground: &'a Ground,
    outlines: &'a Outlines,
    layout: &'a Layout,
    fresh: &'a BTreeMap<PlaceId, Fresh>,
    today: &'a Layout,
    broken: &'a BTreeSet<PlaceId>,
    chosen: Option<PlaceId>,
    href: Option<String>,
}

fn map(web: &Web, d: &Drawn<'_>, t: Lang) -> String {
    let none = BTreeMap::new();
    let plot = |(id, precinct): (&PlaceId, &PlaceId)| {
        let spot = d.ground.spots.get(id)?;
        Some(Plot {
            id: *id,
            hex: spot.hex,
            precinct: *precinct,
            title: format!("{} · {}", name(web, *id, &none, t), name(web, *precinct, d.fresh, t)),
            moves: d.today.get(id) != Some(precinct),
            chosen: d.chosen == Some(*id),
            broken: d.broken.contains(precinct),
            href: d.href.as_ref().map(|h| format!("{h}?place={id}#move")),
        })
    };
    let plots: Vec<Plot> = d.layout.iter().filter_map(plot).collect();
    if d.outlines.0.is_empty() { plan(&plots) } else { plan_on_land(&plots, d.outlines, d.ground, d.layout) }
}

fn broken(precincts: &[PrecinctSums]) -> BTreeSet<PlaceId> {
    precincts.iter().filter(|p| !p.wrong.is_empty()).map(|p| p.id).collect()
}

fn day(web: &Web, date: Date, t: Lang) -> String {
    times::day(date, local_date(web.app.now()), t)
}

fn draft_href(id: DraftId) -> String {
    format!("/console/precincts/drafts/{id}")
}

/// A gap or an overlap: what, how it is mended, and where.
fn gap(web: &Web, g: &Gap, draws: bool, t: Lang) -> (String, String, Option<String>) {
    let none = BTreeMap::new();
    let named = |p: &PlaceId| name(web, *p, &none, t);
    let to = |anchor: &str| draws.then(|| anchor.to_owned());
    match g {
        Gap::NoPrecinct(p) => (t.pre_gap_no_precinct(named(p)), t.pre_mend_draft().into(), to("#drafts")),
        Gap::Twice(p, n) => (t.pre_gap_twice(named(p), n), t.pre_mend_roster().into(), None),
        Gap::Homeless(door, address) => (
            t.pre_gap_homeless(address),
            t.pre_mend_roster().into(),
            draws.then(|| format!("/console/doorways/{door}")),
        ),
        Gap::Empty(p) => (t.pre_gap_empty(named(p)), t.pre_mend_draft().into(), to("#drafts")),
        Gap::NoCoordinator(p) => (t.pre_gap_coordinator(named(p)), t.pre_mend_rights().into(), None),
        Gap::NoOutline(p) => (t.pre_gap_no_outline(named(p)), t.pre_mend_outlines().into(), None),
        Gap::Outline(fault) => {
            let mend =
                if fault.kind == OutlineFaultKind::Gap { t.pre_mend_hole() } else { t.pre_mend_outlines() };
            (outline_fault(fault, &named, t), mend.into(), None)
        }
        Gap::Broken(p, b) => {
            (t.pre_gap_broken(named(p), breach(b, t)), t.pre_mend_propose().into(), to("#propose"))
        }
    }
}

/// So many neighbourhoods are named; the others are counted.
const NAMED: usize = 3;

/// Square metres, or hectares where it is more than one.
fn ground(area: i64, t: Lang) -> String {
    if area < 10_000 {
        return t.pre_square_metres(area);
    }
    t.pre_hectares(format!("{:.1}", area as f64 / 10_000.0))
}

fn outline_fault(fault: &OutlineFault, named: &impl Fn(&PlaceId) -> String, t: Lang) -> String {
    let first: Vec<String> = fault.places.iter().take(NAMED).map(named).collect();
    let mut places = first.join(t.pick("、", ", "));
    let more = fault.places.len().saturating_sub(NAMED);
    if more > 0 {
        places = t.pre_and_more(places, more);
    }
    match fault.kind {
        OutlineFaultKind::Overlap => t.pre_gap_overlap(places, ground(fault.area, t)),
        OutlineFaultKind::Gap => t.pre_gap_hole(places, ground(fault.area, t)),
        OutlineFaultKind::Island => t.pre_gap_island(places),
        OutlineFaultKind::Ring => t.pre_gap_ring(places),
    }
}

fn stands(web: &Web, s: &Search, t: Lang) -> String {
    let plans = s.outcome.plans.len();
    let how = if s.running {
        t.pre_search_running().to_owned()
    } else if s.failed || plans == 0 {
        t.pre_search_none().to_owned()
    } else {
        t.pre_search_plans(plans)
    };
    format!("{how} · {}", times::when(s.at, web.app.now(), t))
}

/// The page of today.
pub(super) fn overview(
    web: &Web,
    staff: &Staff,
    d: &Division,
    typed: Option<&Fields>,
    errors: Vec<FieldError>,
) -> PrecinctsPage {
    let t = staff.visitor.lang;
    let none = BTreeMap::new();
    let drawn = Drawn {
        ground: &d.ground,
        outlines: &d.outlines,
        layout: &d.layout,
        fresh: &none,
        today: &d.layout,
        broken: &broken(&d.precincts),
        chosen: None,
        href: None,
    };
    let b = d.bounds;
    let names = ["committees_least", "committees_most", "residents_least", "residents_most"];
    let bounds = match typed {
        Some(f) => (names.map(|n| f.text(n).to_owned()), f.text("across") == "1"),
        None => (fields_of(&b), false),
    };
    let drafts = d.drafts.iter().map(|x| {
        let state = t.pick(x.state.zh(), x.state.en());
        let how = format!("{state} · {}", times::when(x.changed_at, web.app.now(), t));
        (x.name.clone(), how, draft_href(x.id))
    });
    let adopted = d.adopted.iter().filter_map(|x| {
        let from = t.pre_from(day(web, x.from?, t));
        Some((x.name.clone(), from, d.draws.then(|| draft_href(x.id))))
    });
    let searches = d.searches.iter();
    let searches =
        searches.map(|s| (asked(s, t), stands(web, s, t), format!("/console/precincts/search/{}", s.id)));
    PrecinctsPage {
        frame: web.staff_frame(staff, Some(Nav::Precincts)),
        map: map(web, &drawn, t),
        surveyed: !d.outlines.0.is_empty(),
        facts: vec![
            t.pre_today_facts(d.precincts.len(), percent(d.likeness)),
            t.pre_bounds(b.committees.0, b.committees.1, b.residents.0, b.residents.1),
        ],
        rows: lines(web, &d.precincts, t),
        gaps: d.gaps.iter().map(|g| gap(web, g, d.draws, t)).collect(),
        bounds: d.draws.then_some(bounds),
        searches: searches.collect(),
        drafts: drafts.collect(),
        adopted: adopted.collect(),
        errors,
    }
}
