//! `GET /console/cases.xlsx`: any list as a spreadsheet.

use super::list::{Asked, filter};
use super::session::Staff;
use crate::Web;
use crate::http::page::Reply;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use domain::cases::Case;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// The most rows of one sheet: what a person can still look through, and a bound on memory.
const MOST: u32 = 20_000;

pub(super) async fn get(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Reply {
    let page = match web.app.export(&staff.who, filter(&web, &asked), MOST).await {
        Ok(page) => page,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (also, lang) = (web.clone(), staff.visitor.lang);
    let made = tokio::task::spawn_blocking(move || sheet(&also, &page.cases, lang)).await;
    let bytes = match made {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(e)) => return web.staff_failed(&staff, &app::AppError::Keys(e.to_string())),
        Err(e) => return web.staff_failed(&staff, &app::AppError::Keys(e.to_string())),
    };
    let mut reply = Reply::new(Body::from(bytes));
    let h = reply.headers_mut();
    h.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    );
    h.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"cases.xlsx\""));
    h.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

fn sheet(web: &Web, cases: &[Case], t: crate::words::Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let head = Format::new().set_bold().set_background_color(0x00EE_EEEE);
    let columns = [
        t.col_no(),
        t.col_what(),
        t.col_where(),
        t.col_state(),
        t.f_subject(),
        t.col_unit(),
        t.col_said(),
        t.col_due(),
    ];
    for (i, name) in (0..).zip(columns) {
        page.write_with_format(0, i, name, &head)?;
    }
    page.set_freeze_panes(1, 0)?;
    for (i, width) in (0..).zip([12, 60, 16, 10, 14, 24, 18, 18]) {
        page.set_column_width(i, width)?;
    }
    for (row, r) in (1..).zip(web.rows(cases, t)) {
        // Everything is written as text: a report that begins with "=" must stay a report.
        page.write_string(row, 0, r.no.spoken())?;
        page.write_string(row, 1, &r.text)?;
        page.write_string(row, 2, &r.place)?;
        page.write_string(row, 3, &r.state)?;
        page.write_string(row, 4, &r.subject)?;
        page.write_string(row, 5, &r.unit)?;
        let case = &cases[row as usize - 1];
        page.write_string(row, 6, crate::times::exact(case.reported_at))?;
        page.write_string(row, 7, case.due.map(|d| crate::times::exact(d.1)).unwrap_or_default())?;
    }
    page.autofilter(0, 0, u32::try_from(cases.len()).unwrap_or(u32::MAX), 7)?;
    book.save_to_buffer()
}
