//! `/console/registrations/hand-off`, `/sums`, `/forms` and `/looks`: what offices do with registrations.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, hex, see_other};
use crate::times;
use crate::view::FieldError;
use crate::view::console::registration::{FormPart, FormsPage, HandOffPage, ReceiptRow, SumTable, SumsPage};
use crate::view::console::{Cell, Nav, TablePage};
use crate::words::Lang;
use app::registrations::{HandOff, Receipt, Table, Totals};
use app::{App, AppError};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use domain::HandOffId;
use domain::access::{Action, scope};
use domain::registrations::Kind;
use domain::registrations::forms::{Depth, Form};
use domain::registrations::sums::Sums;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

fn errors_of(e: &AppError, t: Lang) -> Vec<FieldError> {
    let field = match e {
        AppError::Invalid(i) => i.field,
        _ => "form",
    };
    vec![FieldError { field, text: t.pick(e.zh(), e.en()) }]
}

/// Whether what the program said is for the person who typed.
fn theirs(e: &AppError) -> bool {
    matches!(e, AppError::Invalid(_) | AppError::NotThisWay(_) | AppError::NotPublished(_))
}

pub(super) async fn hand_offs(State(web): State<Web>, staff: Staff) -> Reply {
    hand_off_page(&web, &staff, HandOffPage::default()).await
}

async fn hand_off_page(web: &Web, staff: &Staff, page: HandOffPage) -> Reply {
    let receipts = match web.app.receipts(&staff.who).await {
        Ok(receipts) => receipts,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let t = staff.visitor.lang;
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let kinds = if page.kinds.is_empty() { kinds(Kind::Residency, t) } else { page.kinds };
    let page = HandOffPage {
        frame: web.staff_frame(staff, Some(Nav::Registrations)),
        kinds,
        receipts: receipts.iter().map(|r| receipt_row(web, r, t)).collect(),
        ..page
    };
    console(status, &page)
}

fn kinds(chosen: Kind, t: Lang) -> Vec<(&'static str, &'static str, bool)> {
    Kind::ALL.map(|k| (k.key(), t.pick(k.zh(), k.en()), k == chosen)).into()
}

fn receipt_row(web: &Web, r: &Receipt, t: Lang) -> ReceiptRow {
    let when = times::when(r.at, web.app.now(), t);
    let what = t.pick(r.kind.zh(), r.kind.en());
    ReceiptRow {
        no: r.no.0,
        title: format!("{when} · {what} · {}", t.hand_count(r.records)),
        line: format!("{} · {}", r.authority, r.basis),
        digest: (hex(&r.digest), hex(&r.signature)),
        answered: r.answered_at.map(|_| t.hand_answered(r.accepted, r.refused)),
    }
}

pub(super) async fn hand_off(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let kind = Kind::from_key(fields.text("kind")).unwrap_or(Kind::Residency);
    let (authority, basis) = (fields.text("authority").to_owned(), fields.text("basis").to_owned());
    // One's own place: everything verified below it.
    let reach = scope(&staff.who.grants, Action::HandOff);
    let place = if reach.all { None } else { reach.places.first().copied() };
    match web.app.hand_off(&staff.who, kind, place, &authority, &basis).await {
        Ok(_) => see_other("/console/registrations/hand-off"),
        Err(e) if theirs(&e) => {
            let t = staff.visitor.lang;
            let page = HandOffPage {
                kinds: kinds(kind, t),
                authority,
                basis,
                errors: errors_of(&e, t),
                ..HandOffPage::default()
            };
            hand_off_page(&web, &staff, page).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

pub(super) async fn batch(
    State(web): State<Web>,
    staff: Staff,
    Path((no, action)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let Ok(no) = no.parse().map(HandOffId) else { return web.staff_failed(&staff, &AppError::NotFound) };
    let done = match action.as_str() {
        "answer" => match App::read_answer(fields.text("answer")) {
            Ok(answers) => web.app.take_answer(&staff.who, no, answers).await.map(|_| None),
            Err(e) => Err(e),
        },
        "xlsx" | "csv" | "json" => {
            web.app.hand_off_file(&staff.who, no, fields.text("purpose")).await.map(Some)
        }
        _ => Err(AppError::NotFound),
    };
    match done {
        Ok(None) => see_other("/console/registrations/hand-off"),
        Ok(Some(batch)) => file(&web, &staff, &batch, &action),
        Err(e) if theirs(&e) => {
            let errors = errors_of(&e, staff.visitor.lang);
            hand_off_page(&web, &staff, HandOffPage { errors, ..HandOffPage::default() }).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

fn file(web: &Web, staff: &Staff, batch: &HandOff, action: &str) -> Reply {
    let (bytes, kind): (Vec<u8>, &'static str) = match action {
        "csv" => (format!("\u{feff}{}", batch.table.csv()).into_bytes(), "text/csv; charset=utf-8"),
        "json" => (batch.table.json().into_bytes(), "application/json"),
        _ => match workbook(&batch.table) {
            Ok(bytes) => (bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Err(e) => return web.staff_failed(staff, &AppError::Keys(e.to_string())),
        },
    };
    let mut reply = Reply::new(Body::from(bytes));
    let h = reply.headers_mut();
    h.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = format!("attachment; filename=\"hand-off-{}.{action}\"", batch.receipt.no);
    if let Ok(name) = HeaderValue::try_from(name) {
        h.insert(CONTENT_DISPOSITION, name);
    }
    h.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

fn workbook(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(&table.head) {
        sheet.write_with_format(0, column, name.as_str(), &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (line, row) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            // As text: a number keeps its zeros.
            sheet.write_string(line, column, cell)?;
        }
    }
    book.save_to_buffer()
}

pub(super) async fn sums(State(web): State<Web>, staff: Staff) -> Reply {
    let t = staff.visitor.lang;
    let mut page =
        SumsPage { frame: web.staff_frame(&staff, Some(Nav::Registrations)), ..SumsPage::default() };
    for kind in Kind::ALL {
        let totals = match web.app.registration_totals(&staff.who, kind).await {
            Ok(totals) => totals,
            Err(e) => return web.staff_failed(&staff, &e),
        };
        page.hint = t.sums_hint(totals.least);
        let title = t.pick(kind.zh(), kind.en());
        let mut head = vec![t.filter_place().to_owned()];
        head.extend(totals.weeks.iter().map(|w| format!("{:02}-{:02}", w.month(), w.day())));
        head.push(t.sums_all().to_owned());
        page.tables.push(table(&web, title.to_owned(), head, &totals, &totals.by_week, t));
        let head = [t.filter_place(), t.sums_waiting(), t.sums_verified(), t.sums_handed(), t.sums_all()];
        let head = head.map(str::to_owned).into();
        page.tables.push(table(&web, title.to_owned(), head, &totals, &totals.by_step, t));
    }
    console(StatusCode::OK, &page)
}

fn table(web: &Web, title: String, head: Vec<String>, totals: &Totals, sums: &Sums, t: Lang) -> SumTable {
    let d = web.app.directory();
    let names = totals
        .places
        .iter()
        .map(|p| d.place(*p).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default())
        .chain([t.sums_all().to_owned()]);
    let told = |c: &Option<u64>| c.map_or_else(|| t.sums_hidden().to_owned(), |n| n.to_string());
    SumTable {
        title,
        head,
        rows: names.zip(&sums.cells).map(|(name, row)| (name, row.iter().map(told).collect())).collect(),
    }
}

pub(super) async fn forms(State(web): State<Web>, staff: Staff) -> Reply {
    forms_page(&web, &staff, vec![]).await
}

async fn forms_page(web: &Web, staff: &Staff, errors: Vec<FieldError>) -> Reply {
    if !domain::access::may_somewhere(&staff.who.grants, Action::PublishForms) {
        return web.staff_failed(staff, &AppError::NotAllowed);
    }
    let t = staff.visitor.lang;
    let mut forms = Vec::new();
    for kind in Kind::ALL {
        let newest = match web.app.newest_form(kind).await {
            Ok(newest) => newest,
            Err(e) => return web.staff_failed(staff, &e),
        };
        let asked = |key: &str, depth: Depth| newest.as_ref().map_or(depth == Depth::Lead, |f| f.asks(key));
        forms.push(FormPart {
            key: kind.key(),
            title: t.pick(kind.zh(), kind.en()),
            open: match newest.as_ref().and_then(|f| f.ends_on.map(|end| (f.version, end))) {
                Some((version, end)) => t.forms_open(version, end),
                None => t.forms_none().to_owned(),
            },
            cost: newest.as_ref().filter(|f| f.people > 0).map(|f| t.forms_cost(f.cost())),
            fields: Form::draft(kind)
                .fields
                .iter()
                .map(|f| {
                    let depth = if f.depth == Depth::Lead { t.forms_lead() } else { t.forms_full() };
                    let why = t.forms_field_why(f.purpose.as_str(), f.legal_basis.as_str());
                    (f.key.clone(), t.pick(&f.zh, &f.en).clone(), why, depth, asked(&f.key, f.depth))
                })
                .collect(),
        });
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let frame = web.staff_frame(staff, Some(Nav::Registrations));
    console(status, &FormsPage { frame, forms, errors })
}

pub(super) async fn publish(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let kind = Kind::from_key(fields.text("kind")).unwrap_or(Kind::Residency);
    let besides: Vec<&str> = fields.all("field").collect();
    let people = fields.text("people").trim().parse().unwrap_or(0);
    let until = fields.text("until").trim().parse().ok();
    match web.app.publish_form(&staff.who, kind, Depth::Lead, &besides, people, until).await {
        Ok(_) => see_other("/console/registrations/forms"),
        Err(e) if theirs(&e) => forms_page(&web, &staff, errors_of(&e, staff.visitor.lang)).await,
        Err(e) => web.staff_failed(&staff, &e),
    }
}

pub(super) async fn looks(State(web): State<Web>, staff: Staff) -> Reply {
    let looks = match web.app.outside_looks(&staff.who).await {
        Ok(looks) => looks,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, t, d) = (web.app.now(), staff.visitor.lang, web.app.directory());
    let rows = looks
        .into_iter()
        .map(|l| {
            let no = App::spoken_registration(l.registration);
            vec![
                Cell::text(times::when(l.at, now, t)),
                Cell::text(d.staff_name(l.staff).unwrap_or_default()),
                Cell::link(no, format!("/console/registrations/{}", l.registration)),
                Cell::text(l.purpose),
            ]
        })
        .collect();
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Registrations)),
        title: t.looks_outside().into(),
        hint: t.looks_outside_hint().into(),
        empty: t.looks_empty().into(),
        head: [t.col_when(), t.col_who(), t.col_no(), t.col_purpose()].map(Into::into).into(),
        rows,
        ..TablePage::default()
    };
    console(StatusCode::OK, &page)
}
