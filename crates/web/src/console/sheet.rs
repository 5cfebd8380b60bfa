//! `GET /console/export/{list}.xlsx` and `.csv`: any list as a spreadsheet, of what its page would show and no more.
//! Every time is written down.

use super::list::{Asked, filter};
use super::session::Staff;
use super::{budding_figures, calls, offices, places, precincts, problem, reading};
use crate::Web;
use crate::http::page::Reply;
use crate::times::exact;
use crate::view::console::StaffTrouble;
use crate::words::Lang;
use app::AppError;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use domain::PlaceId;
use domain::access::{Action, may_somewhere};
use domain::cases::Case;
use rust_xlsxwriter::{Format, Workbook};

/// The most rows of one sheet: what a person can still look through, and a bound on memory.
pub(super) const MOST: u32 = 20_000;

/// A list on its way out.
pub(super) struct Sheet {
    /// Its name, which is the file's.
    pub(super) name: &'static str,
    /// The headings.
    pub(super) head: Vec<String>,
    /// The rows, as texts.
    pub(super) rows: Vec<Vec<String>>,
    /// The neighbourhoods whose residents' words are in it.
    pub(super) of: Vec<PlaceId>,
}

/// `GET /console/cases.xlsx`, as it was first called.
pub(super) async fn cases_xlsx(web: State<Web>, staff: Staff, asked: Query<Asked>) -> Reply {
    get(web, staff, Path("cases.xlsx".to_owned()), asked).await
}

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply {
    let nothing = || web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    let Some((list, ending)) = file.rsplit_once('.') else { return nothing() };
    let write: fn(&Sheet) -> Result<Vec<u8>, String> = match ending {
        "xlsx" => workbook,
        "csv" => text,
        _ => return nothing(),
    };
    let made = match list {
        "cases" => web
            .app
            .export(&staff.who, filter(&web, &asked), MOST)
            .await
            .map(|p| cases(&web, &p.cases, &staff)),
        "search" => {
            let q = asked.get("q").map_or("", |q| q.trim());
            web.app
                .export_search(&staff.who, q, MOST)
                .await
                .map(|p| Sheet { name: "search", ..cases(&web, &p.cases, &staff) })
        }
        // These name cases and what became of them: who may take none out takes out no list of them.
        "notices" | "problems" | "calls" | "whistles"
            if !may_somewhere(&staff.who.grants, Action::Export) =>
        {
            Err(AppError::NotAllowed)
        }
        "problems" => problem::sheet(&web, &staff, &asked).await,
        "calls" => calls::calls_sheet(&web, &staff).await,
        "whistles" => calls::whistles_sheet(&web, &staff).await,
        "notices" => offices::notices_sheet(&web, &staff).await,
        "looks" => offices::looks_sheet(&web, &staff).await,
        "trail" => offices::trail_sheet(&web, &staff).await,
        "places" => places::sheet(&web, &staff, &asked).await,
        "dwellings" => places::dwellings_sheet(&web, &staff, &asked).await,
        "precincts" => precincts::sheet(&web, &staff).await,
        "warnings" => budding_figures::sheet(&web, &staff).await,
        "reading" => reading::sheet(&web, &staff, &asked).await,
        "codes" => places::codes_sheet(&web, &staff, &asked).await,
        _ => return nothing(),
    };
    let mut sheet = match made {
        Ok(sheet) => sheet,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (name, rows, of) = (sheet.name, sheet.rows.len(), std::mem::take(&mut sheet.of));
    let written = tokio::task::spawn_blocking(move || write(&sheet)).await;
    let bytes = match written.map_err(|e| e.to_string()).and_then(|w| w) {
        Ok(bytes) => bytes,
        Err(e) => return web.staff_failed(&staff, &AppError::Keys(e)),
    };
    let purpose = staff.visitor.lang.look_export(rows);
    if let Err(e) = web.app.note_export(&staff.who, name, rows, of, purpose).await {
        return web.staff_failed(&staff, &e);
    }
    let mut reply = Reply::new(Body::from(bytes));
    let h = reply.headers_mut();
    let mime = match ending {
        "csv" => "text/csv; charset=utf-8",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    h.insert(CONTENT_TYPE, HeaderValue::from_static(mime));
    if let Ok(v) = HeaderValue::try_from(format!("attachment; filename=\"{name}.{ending}\"")) {
        h.insert(CONTENT_DISPOSITION, v);
    }
    h.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// Cases as rows of a sheet.
fn cases(web: &Web, cases: &[Case], staff: &Staff) -> Sheet {
    let t: Lang = staff.visitor.lang;
    let head = [
        t.col_no(),
        t.col_what(),
        t.col_where(),
        t.col_state(),
        t.f_subject(),
        t.col_unit(),
        t.col_said(),
        t.col_due(),
    ];
    let rows = web.rows(cases, t).into_iter().zip(cases).map(|(r, c)| {
        let due = c.due.map(|d| exact(d.1)).unwrap_or_default();
        vec![
            r.no.spoken(),
            app::public_text(&r.text),
            r.place,
            r.state,
            r.subject,
            r.unit,
            exact(c.reported_at),
            due,
        ]
    });
    Sheet {
        name: "cases",
        head: head.map(Into::into).into(),
        rows: rows.collect(),
        of: cases.iter().filter_map(|c| c.path.lowest()).collect(),
    }
}

fn workbook(sheet: &Sheet) -> Result<Vec<u8>, String> {
    let write = || {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        let head = Format::new().set_bold().set_background_color(0x00EE_EEEE);
        for (i, name) in (0..).zip(&sheet.head) {
            page.write_with_format(0, i, name, &head)?;
            // As wide as its longest text among the first, Chinese characters counted double, within reason.
            let cells = sheet.rows.iter().take(200).filter_map(|r| r.get(usize::from(i)));
            let wide = |t: &String| t.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u32>();
            let widest = cells.chain([name]).map(wide).max().unwrap_or(8);
            page.set_column_width(i, widest.clamp(8, 60) + 2)?;
        }
        page.set_freeze_panes(1, 0)?;
        for (line, row) in (1..).zip(&sheet.rows) {
            for (i, cell) in (0..).zip(row) {
                // As text: a report that begins with "=" stays a report, a code keeps its zeros.
                page.write_string(line, i, cell)?;
            }
        }
        let last = u16::try_from(sheet.head.len().saturating_sub(1)).unwrap_or(0);
        page.autofilter(0, 0, u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX), last)?;
        book.save_to_buffer()
    };
    write().map_err(|e: rust_xlsxwriter::XlsxError| e.to_string())
}

/// UTF-8 with the mark that spreadsheets look for.
fn text(sheet: &Sheet) -> Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&sheet.head).map_err(|e| e.to_string())?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|c| harmless(c).into_owned())).map_err(|e| e.to_string())?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}

/// A cell that no spreadsheet takes for a formula: in CSV a text cannot be told from one but by how it begins.
fn harmless(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Sheet {
        let rows =
            vec![vec!["000001-4".into(), "=1+1，楼道\"灯\"\n不亮".into()], vec!["-3".into(), String::new()]];
        Sheet { name: "cases", head: vec!["编号".into(), "说的事".into()], rows, of: vec![] }
    }

    #[test]
    fn a_text_stays_a_text() {
        let out = String::from_utf8(text(&sample()).unwrap()).unwrap();
        assert_eq!(out, "\u{feff}编号,说的事\n000001-4,\"'=1+1，楼道\"\"灯\"\"\n不亮\"\n-3,\n");
    }

    #[test]
    fn a_workbook_is_one() {
        let empty = Sheet { rows: vec![], ..sample() };
        for sheet in [sample(), empty] {
            assert!(workbook(&sheet).unwrap().starts_with(b"PK"));
        }
    }
}
