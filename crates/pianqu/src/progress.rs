//! Progress on long work: a bar on a terminal, a line now and then elsewhere, nothing with `--json`.

use districting::Stage;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

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

/// A search of a set time, with the best so far and what no plan can be below.
pub(crate) struct Search {
    bar: ProgressBar,
    began: Instant,
    seconds: f64,
    /// When a line was last told to those who have no terminal; none with a terminal or when quiet.
    line: Option<Mutex<Option<Instant>>>,
}

impl Search {
    /// A search among `units` that began at `began` and takes `seconds`.
    pub(crate) fn new(units: usize, began: Instant, seconds: f64, quiet: bool) -> Search {
        let terminal = std::io::stderr().is_terminal();
        let shown = terminal && !quiet;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some((seconds * 1000.0) as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {msg}") {
            bar.set_style(style);
        }
        let first = format!("{units} units are read, searching for {seconds} s");
        bar.set_message(first.clone());
        if !terminal && !quiet {
            eprintln!("{first}");
        }
        Search { bar, began, seconds, line: (!terminal && !quiet).then(|| Mutex::new(None)) }
    }

    /// Where the search stands: the bar moves; a line is told at once for the first, then once a second.
    pub(crate) fn tell(&self, stage: &Stage) {
        let now = self.began.elapsed().as_secs_f64();
        self.bar.set_message(format!("{now:.0} of {:.0} s, {stage}", self.seconds));
        self.bar.set_position((now * 1000.0) as u64);
        let Some(line) = &self.line else { return };
        let mut last = line.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed().as_secs_f64() >= 1.0) {
            eprintln!("{now:.1} s, {stage}");
            *last = Some(Instant::now());
        }
    }

    /// The search has ended.
    pub(crate) fn done(self) {
        self.bar.finish_and_clear();
    }
}
