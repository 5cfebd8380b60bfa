//! How fast and how small: the spine against a bare program that does nothing but insert five rows.
//!
//! `cargo bench` runs everything with 100,000 cases; `cargo bench -- full` adds the part with 1,000,000. Both
//! programs run as processes of their own and are loaded by the same client, in turns, in one run; the ratio is
//! what counts. Nothing fails for being slow: the table says "missed".

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table, and ends where it cannot go on"
)]

mod app_alone;
mod bare;
mod client;
mod program;
mod table;

use client::{Client, Load};
use program::Program;
use std::time::{Duration, Instant};
use table::Table;

/// How long one round of load lasts.
const ROUND: Duration = Duration::from_secs(4);
/// Rounds of each kind, in turns.
const ROUNDS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--bare") {
        bare::serve(&arguments[at + 1], &arguments[at + 2]);
        return;
    }
    let full = arguments.iter().any(|a| a == "full");
    let mut table = Table::default();
    // `intake`, `small`, `app` or `http` after the dashes runs that part alone.
    let parts = ["intake", "small", "app", "http"];
    let all = !arguments.iter().any(|a| parts.contains(&a.as_str()));
    let wanted = |part: &str| all || arguments.iter().any(|a| a == part);
    if wanted("intake") {
        intake(&mut table);
    }
    if wanted("small") {
        small(&mut table);
    }
    if wanted("app") {
        app_alone::lifecycles(&mut table, full);
    }
    if wanted("http") {
        through_http(&mut table);
    }
    println!("{}", table.print());
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// Durable intake and one case by link, against the bare program.
fn intake(table: &mut Table) {
    let ours = Program::demo();
    let bare = Program::bare();
    let codes = ours.codes(1..19_000);
    for (connections, target) in [(16, 0.50), (64, 0.35)] {
        let (mut mine, mut theirs, mut cpu) = (vec![], vec![], vec![]);
        for round in 0..ROUNDS {
            let before = ours.cpu_seconds();
            let done = Load { port: ours.port, connections, time: ROUND }.run(|n| {
                let n = n + (round + connections) * 1_000_000;
                let body = format!(
                    "text=%E6%A5%BC%E9%81%93%E7%81%AF%E5%9D%8F%E4%BA%86%E7%AC%AC{n}%E6%AC%A1&where=3%E6%A5%BC&contact=1380000{:04}&kind=&once={:032x}",
                    n % 10_000,
                    n
                );
                Client::post(&format!("/q/{}", codes[n % codes.len()]), "", &body)
            });
            cpu.push((ours.cpu_seconds() - before) / done.ok as f64 * 1_000.0);
            assert_eq!(done.bad, 0, "every report is acknowledged");
            mine.push(done.per_second());
            let done = Load { port: bare.port, connections, time: ROUND }
                .run(|n| Client::post("/five", "", &format!("text=lamp{n}")));
            assert_eq!(done.bad, 0);
            theirs.push(done.per_second());
        }
        let (mine, theirs) = (median(mine), median(theirs));
        table.ratio(
            &format!("intake over HTTP, {connections} connections, against bare"),
            target,
            mine / theirs,
            &format!("{mine:.0}/s against {theirs:.0}/s"),
        );
        table.most(&format!("CPU a report, {connections} connections (ms)"), 0.4, median(cpu), "");
    }
    let (mut mine, mut theirs) = (vec![], vec![]);
    let link = ours.report(&codes[0]);
    for _ in 0..ROUNDS {
        let done = Load { port: ours.port, connections: 16, time: ROUND }.run(|_| Client::get(&link, ""));
        assert_eq!(done.bad, 0);
        mine.push(done.per_second());
        let done = Load { port: bare.port, connections: 16, time: ROUND }
            .run(|n| Client::get(&format!("/one/{}", n % 1_000 + 1), ""));
        assert_eq!(done.bad, 0);
        theirs.push(done.per_second());
    }
    let (mine, theirs) = (median(mine), median(theirs));
    table.ratio(
        "one case by link, against bare",
        0.50,
        mine / theirs,
        &format!("{mine:.0}/s against {theirs:.0}/s"),
    );
}

/// Memory while serving, and the cost of a start.
fn small(table: &mut Table) {
    let ours = Program::demo();
    let codes = ours.codes(1..19_000);
    let done = Load { port: ours.port, connections: 64, time: ROUND }.run(|n| {
        if n % 3 == 0 {
            Client::post(
                &format!("/q/{}", codes[n % codes.len()]),
                "",
                &format!("text=%E7%81%AF{n}&once={n:032x}"),
            )
        } else {
            Client::get(&format!("/q/{}", codes[n % codes.len()]), "")
        }
    });
    assert_eq!(done.bad, 0);
    table.most("resident memory serving 64 connections (MB)", 64.0, ours.resident_mb(), "");
    let again = ours.restart();
    table.most("CPU of a start on an existing store (s)", 0.1, again.cpu_at_ready, "");
}

/// Whole lifecycles through HTTP on the demo district.
fn through_http(table: &mut Table) {
    let ours = Program::with_cases(100_000);
    let codes = ours.codes_of_showcase();
    let (coordinator, section, unit) = ours.sessions();
    let links = ours.links();
    let began = Instant::now();
    let mut done = 0u64;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..64usize)
            .map(|task| {
                let (codes, coordinator, section, links) =
                    (codes.clone(), coordinator.clone(), section.clone(), links.clone());
                let port = ours.port;
                tokio::spawn(async move {
                    let mut client = Client::connect(port).await;
                    let mut lives = 0u64;
                    while began.elapsed() < ROUND * 3 {
                        let n = task * 1_000_000 + usize::try_from(lives).unwrap();
                        let said = Client::post(
                            &format!("/q/{}", codes[n % codes.len()]),
                            "",
                            &format!(
                                "text=%E6%A5%BC%E9%81%93%E7%81%AF%E5%9D%8F%E4%BA%86{n}&once={:032x}",
                                n + 7
                            ),
                        );
                        let link = client.send(&said).await.location.unwrap();
                        let no = links.number(&link);
                        let staff = |session: &str, action: &str, body: &str| {
                            Client::post(&format!("/console/cases/{no}/{action}"), session, body)
                        };
                        for request in [
                            staff(
                                &coordinator,
                                "dispatch",
                                &format!("unit={unit}&subject=lighting&kind=help&reason=x"),
                            ),
                            staff(&section, "first_contact", "reached=yes&note=x"),
                            staff(&section, "answer", "outcome=x&solved=yes&amount=1&what=x"),
                            Client::post(
                                link.split('?').next().unwrap(),
                                "",
                                "do=confirm&satisfaction=satisfied",
                            ),
                        ] {
                            assert_eq!(client.send(&request).await.status, 303);
                        }
                        lives += 1;
                    }
                    lives
                })
            })
            .collect();
        for t in tasks {
            done += t.await.unwrap();
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of lives")]
    let rate = done as f64 / began.elapsed().as_secs_f64();
    table.least("lifecycles through HTTP, 100,000 cases, 64 connections (a second)", 500.0, rate, "");
}
