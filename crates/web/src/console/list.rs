//! `GET /console/cases`: everything that may be seen, filtered, by the page; and views kept under a name.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::view::console::{CaseList, Choice, Filter as Shown, Nav, SavedView, StaffTrouble};
use app::{Filter, Order};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::access::{Action, Scope, may_somewhere, scope};
use domain::cases::{Kind, State as CaseState, local_date};
use domain::{CaseNo, PlaceId, UnitId};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

pub(super) type Asked = BTreeMap<String, String>;

fn midnight(date: Date) -> Option<Timestamp> {
    Offset::constant(8).to_timestamp(date.at(0, 0, 0, 0)).ok()
}

/// What the address asks for. What does not read is left out, as if it had not been asked.
pub(super) fn filter(web: &Web, asked: &Asked) -> Filter {
    let text = |name: &str| asked.get(name).map_or("", String::as_str);
    let day = |name: &str| text(name).parse::<Date>().ok();
    let (now, d) = (web.app.now(), web.app.directory());
    let today = local_date(now);
    let within = |days: i32| today.checked_add(days.days()).ok().and_then(midnight);
    let by_due = text("sort") != "new";
    let after: Vec<i64> = text("after").split('-').filter_map(|n| n.parse().ok()).collect();
    let order = if by_due && text("sort") == "due" {
        Order::Due {
            after: match after[..] {
                [at, no] => Timestamp::from_millisecond(at).ok().map(|at| (at, CaseNo(no))),
                _ => None,
            },
        }
    } else {
        Order::Newest { after: after.first().copied().map(CaseNo) }
    };
    let place = text("place").parse().ok().map(PlaceId).map(|p| (d.depth(p), p)).filter(|p| p.0 > 0);
    Filter {
        place,
        unit: text("unit").parse().ok().map(UnitId),
        state: CaseState::from_key(text("state")),
        subject: Some(text("subject")).filter(|s| domain::subjects::by_code(s).is_some()).map(str::to_owned),
        kind: Kind::from_key(text("kind")),
        open: text("state") == "open",
        from: day("from").and_then(midnight),
        before: day("to").and_then(|d| d.checked_add(1.day()).ok()).and_then(midnight),
        due_before: match text("due") {
            "late" => Some(now),
            "today" => within(1),
            "week" => within(7),
            _ => None,
        },
        order,
        ..Filter::of(Scope::default())
    }
}

/// The address's query again, with some of it changed.
pub(super) fn query(asked: &Asked, change: &[(&str, &str)]) -> String {
    let mut all: BTreeMap<&str, &str> =
        asked.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.as_str(), v.as_str())).collect();
    for (name, value) in change {
        all.insert(name, value);
    }
    let encode =
        |t: &str| percent_encoding::utf8_percent_encode(t, percent_encoding::NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> =
        all.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", encode(v))).collect();
    pairs.join("&")
}

pub(super) async fn get(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Reply {
    let filter = filter(&web, &asked);
    let by_due = matches!(filter.order, Order::Due { .. });
    let (page, views) = match (web.app.list(&staff.who, filter).await, web.app.views(&staff.who).await) {
        (Ok(page), Ok(views)) => (page, views),
        (Err(e), _) | (_, Err(e)) => return web.staff_failed(&staff, &e),
    };
    let lang = staff.visitor.lang;
    let next = page.cases.last().filter(|_| page.more).map(|c| {
        let at = c.due.map_or(0, |d| d.1.as_millisecond());
        let after = if by_due { format!("{at}-{}", c.no) } else { c.no.to_string() };
        format!("/console/cases?{}", query(&asked, &[("after", &after)]))
    });
    let here = query(&asked, &[("after", "")]);
    let text = |name: &str| asked.get(name).map_or("", String::as_str);
    let mut shown = Shown::standard(
        lang,
        text("state"),
        text("kind"),
        text("subject"),
        text("due"),
        if by_due { "due" } else { "new" },
    );
    shown.sorts.retain(|s| s.value != "old");
    shown.from = text("from").to_owned();
    shown.to = text("to").to_owned();
    shown.places = places(&web, &staff, text("place"));
    shown.units = units(&web, &page.cases, lang, text("unit"));
    let page = CaseList {
        filter: shown,
        rows: web.rows(&page.cases, lang),
        total: None,
        previous: None,
        next,
        views: views
            .into_iter()
            .enumerate()
            .map(|(i, (name, q))| SavedView {
                id: i64::try_from(i).unwrap_or(0),
                here: q == here,
                href: format!("/console/cases?{q}"),
                name,
            })
            .collect(),
        query: here,
        export: may_somewhere(&staff.who.grants, Action::Export),
        frame: crate::view::console::Frame {
            live: Some("/console/live".into()),
            ..web.staff_frame(&staff, Some(Nav::Cases))
        },
    };
    console(StatusCode::OK, &page)
}

/// The places that a person may choose from: their own and what lies below.
fn places(web: &Web, staff: &Staff, chosen: &str) -> Vec<Choice> {
    let d = web.app.directory();
    let reach = scope(&staff.who.grants, Action::SeeCase);
    let lang = staff.visitor.lang;
    d.places()
        .filter(|p| {
            let path = d.path(p.id);
            // Three hundred neighbourhoods are no choice; who sees the district begins higher up.
            if reach.all { p.depth < 3 } else { reach.places.iter().any(|mine| path.lies_in(*mine)) }
        })
        .map(|p| Choice::new(p.id.to_string(), lang.pick(&p.zh, &p.en).clone(), chosen))
        .collect()
}

/// The units among the cases shown.
fn units(web: &Web, cases: &[domain::cases::Case], lang: crate::words::Lang, chosen: &str) -> Vec<Choice> {
    let d = web.app.directory();
    let mut ids: Vec<UnitId> =
        cases.iter().filter_map(|c| c.unit).chain(chosen.parse().ok().map(UnitId)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .filter_map(|id| d.unit(id))
        .map(|u| Choice::new(u.id.to_string(), lang.pick(&u.zh, &u.en).clone(), chosen))
        .collect()
}

pub(super) async fn save_view(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let (name, query) = (fields.text("name").trim(), fields.text("query"));
    let back = format!("/console/cases?{query}");
    if name.is_empty() || query.len() > 1_000 || !query.is_ascii() {
        return see_other(&back);
    }
    match web.app.save_view(&staff.who, name, query).await {
        Ok(()) => see_other(&back),
        Err(e) => web.staff_failed(&staff, &e),
    }
}

pub(super) async fn drop_view(State(web): State<Web>, staff: Staff, Path(id): Path<usize>) -> Reply {
    let views = match web.app.views(&staff.who).await {
        Ok(views) => views,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let Some((name, _)) = views.into_iter().nth(id) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    match web.app.drop_view(&staff.who, &name).await {
        Ok(()) => see_other("/console/cases"),
        Err(e) => web.staff_failed(&staff, &e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_again() {
        let asked: Asked =
            [("state", "open"), ("q", ""), ("name", "急 件")].map(|(k, v)| (k.into(), v.into())).into();
        assert_eq!(query(&asked, &[("after", "7")]), "after=7&name=%E6%80%A5%20%E4%BB%B6&state=open");
    }
}
