//! `GET /console/reading`: how well texts are read; `POST …/{case}/forget`: lets a correction teach no longer.

use super::case::number;
use super::list::Asked;
use super::session::Staff;
use super::sheet::Sheet;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::console::{Flash, Frame, Learnt, Nav, ReadingPage as View, StaffTrouble, Tool};
use crate::words::Lang;
use app::ReadingPage;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::cases::local_date;
use jiff::civil::Date;

/// The month that an address asks for (`2026-11`), or this one.
fn month(web: &Web, asked: &Asked) -> Date {
    let typed = asked.get("month").and_then(|m| format!("{m}-01").parse().ok());
    typed.unwrap_or_else(|| local_date(web.app.now())).first_of_month()
}

fn subject(code: &str, t: Lang) -> String {
    domain::subjects::by_code(code).map_or_else(|| code.to_owned(), |s| t.pick(s.zh, s.en).to_owned())
}

fn share(part: u32, of: u32) -> String {
    if of == 0 { "–".into() } else { format!("{:.0} %", 100.0 * f64::from(part) / f64::from(of)) }
}

fn rows(page: &ReadingPage, t: Lang) -> Vec<[String; 6]> {
    let row = |a: &app::Agreement| {
        [
            subject(&a.subject, t),
            a.cases.to_string(),
            a.agreed.to_string(),
            share(a.agreed, a.cases),
            a.unsure.to_string(),
            a.returned.to_string(),
        ]
    };
    page.agreement.iter().map(row).collect()
}

pub(super) async fn get(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Reply {
    let (t, asked_for) = (staff.visitor.lang, month(&web, &asked));
    let page = match web.app.reading_page(&staff.who, asked_for).await {
        Ok(page) => page,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let now = web.app.now();
    let sum = |of: fn(&app::Agreement) -> u32| page.agreement.iter().map(of).sum::<u32>();
    let cases = sum(|a| a.cases);
    let short = |d: Date| format!("{}-{:02}", d.year(), d.month());
    let mut months = vec![];
    if let Ok(before) = page.month.yesterday() {
        months.push((t.reading_before().to_owned(), format!("/console/reading?month={}", short(before))));
    }
    if let Ok(after) = page.month.last_of_month().tomorrow()
        && after <= local_date(now)
    {
        months.push((t.reading_after().to_owned(), format!("/console/reading?month={}", short(after))));
    }
    let more = page.corrections.saturating_sub(page.learnt.len());
    let flash = Flash { text: t.saved_action().to_owned(), undo: None };
    let view = View {
        frame: Frame {
            flash: asked.contains_key("done").then_some(flash),
            ..web.staff_frame(&staff, Some(Nav::Reading))
        },
        month: t.reading_month(page.month.year(), page.month.month()),
        months,
        tools: vec![Tool::export(format!("/console/export/reading.xlsx?month={}", short(page.month)), t)],
        facts: vec![
            t.reading_sum(cases, share(sum(|a| a.agreed), cases)),
            t.reading_unsure_sum(share(sum(|a| a.unsure), cases)),
            t.reading_returned_sum(share(sum(|a| a.returned), cases)),
        ],
        rows: rows(&page, t),
        learnt: page
            .learnt
            .iter()
            .map(|l| Learnt {
                no: l.case.spoken(),
                case: l.case.to_string(),
                when: times::when(l.at, now, t),
                change: t.reading_change(subject(&l.proposed, t), subject(&l.chosen, t)),
                text: l.text.chars().take(160).collect(),
            })
            .collect(),
        more: (more > 0).then(|| t.reading_more(more)),
    };
    console(StatusCode::OK, &view)
}

/// The month as a spreadsheet.
pub(super) async fn sheet(web: &Web, staff: &Staff, asked: &Asked) -> Result<Sheet, app::AppError> {
    let t = staff.visitor.lang;
    let page = web.app.reading_page(&staff.who, month(web, asked)).await?;
    let head = [
        t.f_subject(),
        t.reading_cases(),
        t.reading_agreed(),
        t.reading_share(),
        t.reading_unsure(),
        t.reading_returned(),
    ];
    Ok(Sheet {
        name: "reading",
        head: head.map(Into::into).into(),
        rows: rows(&page, t).into_iter().map(Into::into).collect(),
        of: vec![],
    })
}

pub(super) async fn forget(
    State(web): State<Web>,
    staff: Staff,
    Path(case): Path<String>,
    request: Request,
) -> Reply {
    if let Err(reply) = web.staff_fields(&staff, request).await {
        return reply;
    }
    let Some(no) = number(&case) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    match web.app.forget_correction(&staff.who, no).await {
        Ok(()) => see_other("/console/reading?done=1"),
        Err(e) => web.staff_failed(&staff, &e),
    }
}
