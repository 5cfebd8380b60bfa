//! Plans that were proposed, side by side, or why there are none.

use super::{Drawn, fields_of, map, name, percent, range};
use crate::Web;
use crate::console::session::Staff;
use crate::view::console::{Nav, SearchView};
use crate::words::Lang;
use app::precincts::{BestAt, Division, Found, Impossible, Search, Why};
use domain::precincts::{Layout, breaches};
use std::collections::BTreeMap;

/// What was asked, in a sentence.
pub(in crate::console::precincts) fn asked(s: &Search, t: Lang) -> String {
    let where_ = if s.asked.across { t.pre_search_across() } else { t.pre_search_within() };
    let b = s.asked.bounds;
    format!("{}{}{where_}", t.pre_search_line(range(b.committees), range(b.residents)), t.pick("，", ", "))
}

fn title(n: usize, p: &Found, t: Lang) -> String {
    let aim = |a: &BestAt| match a {
        BestAt::Likeness => t.pre_aim_likeness(),
        BestAt::Compactness => t.pre_aim_compactness(),
        BestAt::Balance => t.pre_aim_balance(),
        BestAt::Stability => t.pre_aim_stability(),
    };
    let aims: Vec<&str> = p.best_at.iter().map(aim).collect();
    let aims = if aims.is_empty() { t.pre_aim_middle().to_owned() } else { aims.join(t.pick("、", ", ")) };
    format!("{}{}{aims}", t.pre_plan(n + 1), t.pick("：", ": "))
}

fn why(web: &Web, w: &Impossible, t: Lang) -> String {
    let none = BTreeMap::new();
    let d = web.app.directory();
    let place = w.subdistrict.map_or_else(|| t.pick(&d.zh, &d.en).clone(), |p| name(web, p, &none, t));
    match &w.why {
        Why::Arithmetic { committees, residents, least, most } => {
            t.pre_why_arithmetic(place, committees, residents, least, most)
        }
        Why::Orphan(p) => t.pre_why_orphan(place, name(web, *p, &none, t)),
        Why::Exhausted(n) => t.pre_why_exhausted(place, n),
        Why::Other(text) => text.clone(),
    }
}

/// Plans side by side.
pub(in crate::console::precincts) fn found(
    web: &Web,
    staff: &Staff,
    s: &Search,
    today: &Division,
) -> SearchView {
    let t = staff.visitor.lang;
    let plans = &s.outcome.plans;
    let draw = |p: &Found| {
        let layout: Layout = p.layout.iter().copied().collect();
        let fresh = p.fresh.iter().cloned().collect();
        let bad = breaches(&today.ground, &s.asked.bounds, &layout).into_keys().collect();
        let drawn = Drawn {
            ground: &today.ground,
            outlines: &today.outlines,
            layout: &layout,
            fresh: &fresh,
            today: &today.layout,
            broken: &bad,
            chosen: None,
            href: None,
        };
        map(web, &drawn, t)
    };
    let residents = || today.precincts.iter().map(|p| p.residents);
    let now = (residents().min().unwrap_or(0), residents().max().unwrap_or(0));
    let bad_now = breaches(&today.ground, &s.asked.bounds, &today.layout).len();
    let row = |head: &'static str, first: String, of: &dyn Fn(&Found) -> String| {
        (head, std::iter::once(first).chain(plans.iter().map(of)).collect::<Vec<String>>())
    };
    let dash = String::from("–");
    let figures = vec![
        row(t.pre_r_likeness(), percent(today.likeness), &|p| percent(p.likeness)),
        row(t.pre_r_most(), dash.clone(), &|p| p.likeness_most.map_or_else(|| "–".into(), percent)),
        row(t.pre_r_spread(), dash, &|p| format!("{:.2}", p.spread)),
        row(t.pre_r_residents(), range(now), &|p| range(p.residents)),
        row(t.pre_r_precincts(), today.precincts.len().to_string(), &|p| p.precincts.to_string()),
        row(t.pre_r_moved(), "0".into(), &|p| p.moved.0.to_string()),
        row(t.pre_r_people(), "0".into(), &|p| p.moved.1.to_string()),
        row(t.pre_r_broken(), bad_now.to_string(), &|p| p.broken.to_string()),
    ];
    let mut ease: Vec<(String, [String; 4], bool)> = Vec::new();
    for b in s.outcome.impossible.iter().flat_map(|w| &w.ease) {
        let text = t.pre_ease(range(b.committees), range(b.residents));
        if !ease.iter().any(|e| e.0 == text) {
            ease.push((text, fields_of(b), s.asked.across));
        }
    }
    SearchView {
        frame: web.staff_frame(staff, Some(Nav::Precincts)),
        id: s.id,
        asked: asked(s, t),
        running: s.running.then(|| t.pre_progress(s.progress.steps)),
        failed: s.failed,
        refusals: s.outcome.impossible.iter().map(|w| why(web, w, t)).collect(),
        ease,
        plans: plans.iter().enumerate().map(|(n, p)| (n, title(n, p, t), draw(p))).collect(),
        figures,
    }
}
