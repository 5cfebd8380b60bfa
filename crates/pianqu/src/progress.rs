//! Progress on long work: a bar on a terminal, a line now and then elsewhere, nothing with `--json`.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// How far a piece of work has come.
pub(crate) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    /// Lines for those who have no terminal: the next tenth that is told.
    lines: Option<u64>,
}

impl Progress {
    /// Work of `total` steps; 0 if that is not known.
    pub(crate) fn new(what: &'static str, total: u64, quiet: bool) -> Progress {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(
            (total > 0).then_some(total),
            if terminal && !quiet { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
        );
        let style = if total > 0 { "{prefix} {wide_bar} {pos}/{len}" } else { "{prefix} {pos}" };
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.set_prefix(what);
        Progress { bar, what, lines: (!terminal && !quiet).then_some(0) }
    }

    /// So many steps are done.
    pub(crate) fn at(&mut self, done: u64) {
        self.bar.set_position(done);
        let Some(next) = self.lines else { return };
        let total = self.bar.length().unwrap_or(0);
        let step = if total > 0 { (total / 4).max(1) } else { 100_000 };
        if done >= next + step {
            eprintln!(
                "{}: {done}{}",
                self.what,
                if total > 0 { format!(" of {total}") } else { String::new() }
            );
            self.lines = Some(done);
        }
    }

    /// The work is done.
    pub(crate) fn done(self) {
        self.bar.finish_and_clear();
    }
}
