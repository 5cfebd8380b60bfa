//! The use cases without HTTP: whole lifecycles and search on a large store.

use crate::program::{app_over, cpu_seconds};
use crate::table::Table;
use app::{App, Incoming, Say, Step, Who};
use demo::{District, history};
use domain::cases::{Kind, Satisfaction, Solved};
use domain::{Actor, Context, DoorwayId, PlaceId, StaffId, UnitId};
use std::time::{Duration, Instant};

/// Brings in so many cases, each a story of the demo's, over and over.
pub(crate) fn fill(app: &App, cases: usize) {
    let district = District::xuhui(310_104);
    let now = app.now();
    let mut have = app.counts().unwrap().cases as usize;
    // No story and no submission of an earlier filling comes again.
    let mut round = have as u64;
    while have < cases {
        round += 1;
        let mut loader = app::Loader::new(app, now);
        for (n, s) in (0u64..).zip(history(&district, round, now, 60)) {
            if have >= cases {
                break;
            }
            have += 1;
            let mut submission = [0; 16];
            submission[..8].copy_from_slice(&round.to_be_bytes());
            submission[8..].copy_from_slice(&n.to_be_bytes());
            let place = district.doorways[usize::try_from(s.doorway.0 - 1).unwrap()].place;
            let seed = || vault::os_random().unwrap();
            let later = s.later.into_iter().filter_map(|l| match l.what {
                demo::Joined::Step(c) => Some((Context::new(l.at, l.actor, seed()), app::Later::Step(c))),
                demo::Joined::Voice { .. } => None,
            });
            let incoming = Incoming {
                doorway: Some(s.doorway),
                place: Some(place),
                text: s.text,
                detail: s.detail,
                contact: s.contact,
                kind: s.kind,
                submission,
                ..Incoming::default()
            };
            loader
                .add(incoming, s.channel, &Context::new(s.at, Actor::Resident, seed()), later.collect())
                .unwrap();
        }
        loader.finish().unwrap();
    }
}

fn who(app: &App, staff: i64) -> Who {
    let id = StaffId(staff);
    let d = app.directory();
    Who { staff: id, name: String::new(), grants: d.grants(id).to_vec(), session: [0; 32] }
}

/// Lifecycles a second with 64 at once.
fn rate(app: &App) -> Rate {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let d = app.directory();
    // The demo's third account dispatches, the fourth is the section's officer.
    let (coordinator, section) = (who(app, 3), who(app, 4));
    let unit: UnitId = section.grants[0].unit.unwrap();
    let doors: Vec<(DoorwayId, PlaceId)> = app
        .all_doorways()
        .unwrap()
        .into_iter()
        .filter(|x| d.place(x.place).and_then(|p| p.parent) == Some(PlaceId(101)))
        .map(|x| (x.id, x.place))
        .collect();
    let (began, spent) = (Instant::now(), cpu_seconds(std::process::id()));
    let time = Duration::from_secs(10);
    let done: u64 = runtime.block_on(async {
        let tasks: Vec<_> = (0..64u64)
            .map(|task| {
                let (app, coordinator, section, doors) =
                    (app.clone(), coordinator.clone(), section.clone(), doors.clone());
                tokio::spawn(async move {
                    let mut lives = 0u64;
                    while began.elapsed() < time {
                        let (door, place) = doors[usize::try_from(lives * 64 + task).unwrap() % doors.len()];
                        let incoming = Incoming {
                            doorway: Some(door),
                            place: Some(place),
                            text: format!("楼道灯坏了，第{lives}次"),
                            submission: vault::os_random().unwrap(),
                            ..Incoming::default()
                        };
                        let a = app.report(incoming).await.unwrap();
                        let dispatch = Step::Dispatch {
                            unit,
                            subject: "lighting".into(),
                            kind: Kind::Help,
                            reason: "x".into(),
                        };
                        app.act(&coordinator, a.no, dispatch).await.unwrap();
                        app.act(&section, a.no, Step::FirstContact { reached: true, note: "x".into() })
                            .await
                            .unwrap();
                        let answer =
                            Step::Answer { outcome: "x".into(), quantities: vec![], solved: Solved::Yes };
                        app.act(&section, a.no, answer).await.unwrap();
                        app.say(&a.link, Say::Solved(Some(Satisfaction::Satisfied), String::new()))
                            .await
                            .unwrap();
                        lives += 1;
                    }
                    lives
                })
            })
            .collect();
        let mut all = 0;
        for t in tasks {
            all += t.await.unwrap();
        }
        all
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of lives")]
    let (done, seconds) = (done as f64, began.elapsed().as_secs_f64());
    Rate { a_second: done / seconds, cpu_ms: (cpu_seconds(std::process::id()) - spent) / done * 1_000.0 }
}

/// How fast lifecycles went, and what each cost of the processor: all threads, milliseconds. The second tells what
/// the program needs even where others have the machine.
struct Rate {
    a_second: f64,
    cpu_ms: f64,
}

impl Rate {
    fn note(&self) -> String {
        format!("64 at once, {:.2} ms of CPU each", self.cpu_ms)
    }
}

/// The median time of a search for a word of two characters, newest twenty, in milliseconds.
fn search_ms(app: &App) -> f64 {
    let office = who(app, 7);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut times = Vec::new();
    for word in ["电梯", "漏水", "垃圾", "停车", "楼道", "晚上", "老人", "单车", "油烟", "物业"].repeat(20)
    {
        let began = Instant::now();
        let found = runtime.block_on(app.search(&office, word, None)).unwrap();
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        assert!(!found.cases.is_empty(), "{word}");
    }
    crate::median(times)
}

/// Lifecycles through `app` alone and search, with 100,000 cases, and with 1,000,000 where asked for.
pub(crate) fn lifecycles(table: &mut Table, full: bool) {
    let program = crate::Program::demo();
    let folder = program.into_folder();
    let app = app_over(folder.path());
    fill(&app, 100_000);
    let small = rate(&app);
    table.least(
        "lifecycles through app alone, 100,000 cases (a second)",
        2_000.0,
        small.a_second,
        &small.note(),
    );
    table.most(
        "search, newest 20 of a two-character word, 100,000 cases (ms)",
        5.0,
        search_ms(&app),
        "median",
    );
    if full {
        fill(&app, 1_000_000);
        let large = rate(&app);
        table.ratio(
            "lifecycles with 1,000,000 cases against 100,000",
            0.8,
            large.a_second / small.a_second,
            &format!("{:.0}/s, {}", large.a_second, large.note()),
        );
        table.most(
            "search, newest 20 of a two-character word, 1,000,000 cases (ms)",
            5.0,
            search_ms(&app),
            "median",
        );
    }
}
