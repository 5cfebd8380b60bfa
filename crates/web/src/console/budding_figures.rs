//! `GET /console/budding/figures`: how well warnings do, by month and kind; the same as a spreadsheet.

use super::session::Staff;
use super::sheet::Sheet;
use crate::Web;
use crate::http::page::{Reply, console};
use crate::view::console::{BuddingFiguresPage, Nav, Tool};
use crate::words::Lang;
use app::{AppError, FiguresLine, Measured, WarningKind};
use axum::extract::State;
use axum::http::StatusCode;

fn kind(kind: WarningKind, t: Lang) -> &'static str {
    match kind {
        WarningKind::Cluster => t.bud_kind_cluster(),
        WarningKind::Rising => t.bud_kind_rising(),
        WarningKind::Relapse => t.bud_kind_relapse(),
        WarningKind::Silence => t.bud_kind_silence(),
        WarningKind::SlowAnswers => t.bud_kind_slow(),
        WarningKind::Contradiction => t.bud_kind_contradiction(),
        WarningKind::Season => t.bud_kind_season(),
    }
}

/// A number with two digits after the point at most, and none that say nothing.
fn plain(n: f64) -> String {
    format!("{n:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn head(t: Lang) -> Vec<String> {
    [
        t.bud_col_month(),
        t.bud_col_kind(),
        t.bud_col_told(),
        t.bud_col_led(),
        t.bud_col_nothing(),
        t.bud_col_waiting(),
        t.bud_col_share(),
        t.bud_col_gained(),
        t.bud_col_bears(),
    ]
    .map(Into::into)
    .into()
}

fn rows(measured: &Measured, t: Lang) -> Vec<Vec<String>> {
    let row = |l: &FiguresLine| {
        vec![
            l.month.map_or_else(|| t.bud_whole_year().to_owned(), |m| m.strftime("%Y-%m").to_string()),
            l.kind.map_or_else(|| t.bud_all_kinds(), |k| kind(k, t)).to_owned(),
            l.told.to_string(),
            l.led.to_string(),
            l.led_to_nothing.to_string(),
            l.waiting.to_string(),
            l.share.map_or_else(|| t.bud_too_few(measured.least), |s| s.to_string()),
            l.gained.map_or_else(|| "–".to_owned(), |g| t.bud_gained(plain(g.median), g.n)),
            plain(l.bears),
        ]
    };
    measured.lines.iter().map(row).collect()
}

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    let measured = match web.app.warnings_measured(&staff.who).await {
        Ok(measured) => measured,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let t = staff.visitor.lang;
    let page = BuddingFiguresPage {
        frame: web.staff_frame(&staff, Some(Nav::Budding)),
        hint: t.bud_measured_hint(plain(measured.bears)),
        head: head(t),
        rows: rows(&measured, t),
        tools: vec![Tool::export("/console/export/warnings.xlsx", t)],
    };
    console(StatusCode::OK, &page)
}

/// The same as a sheet. It names no case and nobody.
pub(super) async fn sheet(web: &Web, staff: &Staff) -> Result<Sheet, AppError> {
    let measured = web.app.warnings_measured(&staff.who).await?;
    let t = staff.visitor.lang;
    Ok(Sheet { name: "warnings", head: head(t), rows: rows(&measured, t), of: vec![] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_no_more_than_they_know() {
        let told: Vec<String> = [1.0, 0.4, 2.5, 0.04, 30.0, -1.0, 0.0].map(plain).into();
        assert_eq!(told, ["1", "0.4", "2.5", "0.04", "30", "-1", "0"]);
    }
}
