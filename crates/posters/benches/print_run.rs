//! Prints runs of notices and a long report, and says how many a second, how large, and how much memory at most.
//!
//! `cargo bench -p posters` takes about a minute; `cargo bench -p posters -- 10000` prints one run of that size.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::time::Instant;

use posters::{Code, CodeKind, Column, Day, Error, Fonts, Notice, TableReport, Words};

fn notice(number: usize) -> Notice {
    let url = |kind: char| format!("https://xuhui.example/q/{kind}{:010}Zq4fJ8pWvYc2LmN6sB", number * 7919);
    Notice {
        district: Words::new("徐汇区", "Xuhui District"),
        place: vec![
            "田林街道".to_owned(),
            format!("田林十{}村居委会", ["一", "二", "三", "四"][number % 4]),
            format!("{}号门", number % 180 + 1),
        ],
        board: format!("公示栏 0403{:02}-{:03}", number / 180 % 100, number % 180 + 1),
        domain: "xuhui.example".to_owned(),
        codes: [
            Code::new(CodeKind::Opinion, url('o')),
            Code::new(CodeKind::Tenancy, url('t')),
            Code::new(CodeKind::Residency, url('r')),
        ],
        helpline: "021-5555 0100".to_owned(),
    }
}

/// Starts the peak anew, where the system lets us.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Peak resident memory of this process since [`forget_peak`], in MB, where the system tells.
fn peak_mb() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = kb.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kb.map_or_else(|| "unknown".to_owned(), |kb| (kb / 1024).to_string())
}

fn run(count: usize, per_volume: usize, fonts: &Fonts, made: Day) {
    let notices: Vec<_> = (0..count).map(notice).collect();
    forget_peak();
    let per_volume = NonZeroUsize::new(per_volume).unwrap_or(posters::VOLUME);
    let (mut volumes, mut bytes) = (0_usize, 0_usize);
    let start = Instant::now();
    let result = posters::print_run::<Error>(
        &notices,
        fonts,
        made,
        per_volume,
        |_, _| ControlFlow::Continue(()),
        |volume| {
            volumes += 1;
            bytes += volume.pdf.len();
            Ok(())
        },
    );
    if let Err(error) = result {
        println!("{error}");
        return;
    }
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "figures of a table")]
    let rate = count as f64 / seconds;
    println!(
        "{count:>7} notices, {per_volume:>4} a volume: {seconds:>6.1} s  {rate:>6.0} notices/s  {volumes:>3} volumes  {:>5} KB each  peak {:>4} MB",
        bytes / volumes.max(1) / 1024,
        peak_mb()
    );
}

fn main() {
    let fonts = Fonts::embedded();
    let Ok(made) = Day::new(2026, 11, 23) else { return };
    if let Some(count) = std::env::args().skip(1).find_map(|argument| argument.parse().ok()) {
        run(count, posters::VOLUME.get(), &fonts, made);
        return;
    }
    println!("target: 10,000 notices in one run, memory that does not grow with the run");
    run(1, 1, &fonts, made);
    run(500, 25, &fonts, made);
    for rows in [200, 1_000, posters::MOST_ROWS] {
        long_report(rows, &fonts, made);
    }
    for (count, per_volume) in [(500, 50), (2_000, 50), (4_000, 50), (1_000, 250), (2_000, 250)] {
        run(count, per_volume, &fonts, made);
    }
}

/// Eight columns, as the console's widest list has.
fn long_report(rows: usize, fonts: &Fonts, made: Day) {
    let report = TableReport {
        title: "清单".to_owned(),
        columns: (1..=8).map(|i| Column::new(format!("第{i}列"), if i == 3 { 4.0 } else { 1.0 })).collect(),
        rows: (0..rows)
            .map(|row| {
                (1..=8)
                    .map(|i| match i {
                        3 => format!("{row}号：楼道灯不亮已经三天，老人晚上不敢下楼。"),
                        _ => format!("第{}条", row * i),
                    })
                    .collect()
            })
            .collect(),
        landscape: true,
        ..TableReport::default()
    };
    forget_peak();
    let start = Instant::now();
    match posters::table_report(&report, fonts, made) {
        Ok(pdf) => println!(
            "{rows:>7} rows of a report: {:>6.1} s, {} KB, peak {} MB",
            start.elapsed().as_secs_f64(),
            pdf.len() / 1024,
            peak_mb()
        ),
        Err(error) => println!("{error}"),
    }
}
