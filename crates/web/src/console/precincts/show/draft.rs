//! A draft on its page.

use super::{Drawn, all_wrong, breach, broken, day, draft_href, lines, map, name, percent, staff_name};
use crate::Web;
use crate::console::session::Staff;
use crate::http::fields::Fields;
use crate::times;
use crate::view::console::{Cell, DraftView, Nav, PriceLine, role_name};
use app::precincts::{DraftPage, Follow, Moving, Price};
use domain::access::Role;
use domain::cases::local_date;
use domain::precincts::{DraftState, Note, Right, breaches};
use domain::{Actor, PlaceId, StaffId};
use std::collections::BTreeSet;

/// A draft, with what somebody typed where it was refused.
pub(in crate::console::precincts) fn draft(
    web: &Web,
    staff: &Staff,
    p: &DraftPage,
    typed: Option<&Fields>,
) -> DraftView {
    let t = staff.visitor.lang;
    let d = &p.draft;
    let today = p.ground.today();
    let named = |id: PlaceId| name(web, id, &d.fresh, t);
    let edits = p.right == Right::Edit && d.state == DraftState::Open;
    let on = local_date(web.app.now());
    let chosen = p.chosen.as_ref().map(|c| c.0);
    let drawn = Drawn {
        ground: &p.ground,
        outlines: &p.outlines,
        layout: &d.layout,
        fresh: &d.fresh,
        today: &today,
        broken: &broken(&p.precincts),
        chosen,
        href: edits.then(|| draft_href(d.id)),
    };
    let mut facts = vec![t.pre_owner(staff_name(web, d.owner))];
    facts.push(match &d.adopted {
        Some(a) if a.from > on => t.pre_waits(day(web, a.from, t)),
        Some(a) => t.pre_holds(day(web, a.from, t)),
        None => t.pick(d.state.zh(), d.state.en()).to_owned(),
    });
    if p.right == Right::See {
        facts.push(t.pre_only_look().to_owned());
    }
    let price = |w: &Price| {
        let wrong: Vec<String> =
            w.wrong.iter().map(|(p, b)| format!("{} {}", named(*p), breach(b, t))).collect();
        PriceLine {
            to: w.to.0,
            button: t.pre_do_move(named(w.to)),
            price: t.pre_price(format!("{:+.2}", w.likeness * 100.0), w.residents.0, w.residents.1),
            breaks: if wrong.is_empty() {
                t.pre_price_fine().to_owned()
            } else {
                t.pre_price_breaks(wrong.join(t.pick("；", "; ")))
            },
            bad: !w.wrong.is_empty(),
        }
    };
    let moving = |m: &Moving| {
        vec![
            Cell::text(named(m.place)),
            Cell::text(m.from.map(named).unwrap_or_default()),
            Cell::text(named(m.to)),
            Cell::text(m.residents.to_string()),
            Cell::link(m.open.to_string(), format!("/console/cases?place={}&state=open", m.place)),
            Cell::text(m.posts.to_string()),
            Cell::text(m.paired.to_string()),
        ]
    };
    let ending = |e: &Follow| {
        let who = |(id, role): &(StaffId, Role)| format!("{} {}", role_name(*role, t), staff_name(web, *id));
        let posts: Vec<String> = e.posts.iter().map(who).collect();
        let mut text = t.pre_ending(named(e.precinct), e.open);
        if !posts.is_empty() {
            text += t.pick("", " ");
            text += &t.pre_ending_posts(posts.join(t.pick("、", ", ")));
        }
        text
    };
    let note = |n: &Note| {
        let by = match n.actor {
            Actor::Staff { id, .. } => staff_name(web, id),
            Actor::Resident | Actor::System => String::new(),
        };
        (format!("{by} · {}", times::when(n.at, web.app.now(), t)), n.text.clone())
    };
    let adopt = (edits && !p.moving.is_empty()).then(|| {
        let reasons = p.precincts.iter().filter(|x| !x.wrong.is_empty()).map(|x| {
            let label = t.pre_f_reason(t.pick(&x.zh, &x.en), all_wrong(&x.wrong, t));
            let text = typed.map_or("", |f| f.text(&format!("reason{}", x.id)));
            (x.id.0, label, text.to_owned())
        });
        let from = typed.map_or("", |f| f.text("from")).to_owned();
        (p.first_day.to_string(), from, reasons.collect())
    });
    let count = |n: usize| n.to_string();
    let bad_now = breaches(&p.ground, &d.bounds, &today).len();
    let people: u32 = p.moving.iter().map(|m| m.residents).sum();
    let choose = p.precincts.iter().map(|x| {
        let own = x.members.iter().map(|m| (m.0, named(*m), chosen == Some(*m)));
        (t.pick(&x.zh, &x.en).clone(), own.collect())
    });
    DraftView {
        frame: web.staff_frame(staff, Some(Nav::Precincts)),
        id: d.id.0,
        name: d.name.clone(),
        facts,
        map: map(web, &drawn, t),
        surveyed: !p.outlines.0.is_empty(),
        edits,
        owns: p.owns && d.state == DraftState::Open,
        undo: (!d.done.is_empty(), !d.undone.is_empty()),
        choose: choose.collect(),
        chosen: p.chosen.as_ref().map(|(id, ways)| {
            let precinct = d.layout.get(id).map(|p| named(*p)).unwrap_or_default();
            (id.0, t.pre_chosen(named(*id), precinct), ways.iter().map(price).collect())
        }),
        figures: vec![
            (t.pre_r_likeness(), percent(p.likeness_today), percent(p.likeness)),
            (
                t.pre_r_precincts(),
                count(today.values().collect::<BTreeSet<_>>().len()),
                count(p.precincts.len()),
            ),
            (t.pre_r_broken(), count(bad_now), count(drawn.broken.len())),
        ],
        rows: lines(web, &p.precincts, t),
        moves: if p.moving.is_empty() { String::new() } else { t.pre_moving(p.moving.len(), people) },
        moving: p.moving.iter().map(moving).collect(),
        ending: p.ending.iter().map(ending).collect(),
        notes: d.notes.iter().map(note).collect(),
        shared: d
            .shared
            .iter()
            .map(|(id, r)| (id.0, staff_name(web, *id), t.pick(r.zh(), r.en()).to_owned()))
            .collect(),
        colleagues: p.colleagues.iter().map(|(id, n)| (id.0, n.clone())).collect(),
        rights: Right::ALL.iter().map(|r| (r.key(), t.pick(r.zh(), r.en()).to_owned())).collect(),
        adopt,
        withdraws: p.right == Right::Edit && d.adopted.as_ref().is_some_and(|a| a.from > on),
        reasons: d
            .adopted
            .iter()
            .flat_map(|a| &a.reasons)
            .map(|(id, why)| format!("{}{}{why}", named(*id), t.pick("：", ": ")))
            .collect(),
        errors: vec![],
    }
}
