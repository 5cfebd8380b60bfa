//! The table: target, measured, verdict.

/// What was measured.
#[derive(Default)]
pub(crate) struct Table(Vec<String>);

impl Table {
    fn row(&mut self, what: &str, target: &str, measured: &str, ok: bool, note: &str) {
        let verdict = if ok { "ok" } else { "missed" };
        let row = format!("| {what} | {target} | {measured} | {verdict} | {note} |");
        println!("{row}");
        self.0.push(row);
    }

    /// A ratio that must reach its target.
    pub(crate) fn ratio(&mut self, what: &str, target: f64, got: f64, note: &str) {
        self.row(
            what,
            &format!("≥ {:.0} %", target * 100.0),
            &format!("{:.0} %", got * 100.0),
            got >= target,
            note,
        );
    }

    /// A figure that must reach its target.
    pub(crate) fn least(&mut self, what: &str, target: f64, got: f64, note: &str) {
        self.row(what, &format!("≥ {target}"), &format!("{got:.0}"), got >= target, note);
    }

    /// A figure that must not pass its target.
    pub(crate) fn most(&mut self, what: &str, target: f64, got: f64, note: &str) {
        self.row(what, &format!("≤ {target}"), &format!("{got:.3}"), got <= target, note);
    }

    /// All rows, as Markdown.
    pub(crate) fn print(&self) -> String {
        format!("\n| what | target | measured | | |\n|---|---|---|---|---|\n{}", self.0.join("\n"))
    }
}
