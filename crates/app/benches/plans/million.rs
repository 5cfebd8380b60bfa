//! Proposing among 500 units after a million cases, as the console asks for it: store, sums, ranking.

use app::{App, Keys, NewDistrict, Parts, StoppedClock, Who};
use domain::access::{Grant, Role};
use domain::cases::{self, Report};
use domain::proposing::{Candidate, Class, History, Hours, Learnt, Lesson, Matter, rank, weight};
use domain::rulebook::Rulebook;
use domain::subjects;
use domain::territory::{Levels, Path};
use domain::units::{Duty, Unit, UnitKind};
use domain::{Actor, CaseNo, Context, DoorwayId, PlaceId, StaffId, UnitId};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Instant;
use store::territory::{DoorwayRow, PlaceRow};
use store::{Place, Store, StoreError};
use vault::{KeyRing, Suite, Vault};

const PAST: i64 = 1_000_000;
const OPEN: i64 = 20_000;
const SUBDISTRICTS: i64 = 13;
const UNITS: i64 = 500;
const ALL_SUBJECTS: i64 = 27;

/// Sub-districts are 1…13, each with six precincts of four neighbourhoods.
fn path(neighborhood: i64) -> Path {
    let precinct = neighborhood / 4;
    Path::of(&[PlaceId(1 + precinct / 6), PlaceId(100 + precinct), PlaceId(1_000 + neighborhood)])
}

fn place(n: i64) -> PlaceId {
    PlaceId(1_000 + n)
}

/// 312 committees, 13 × 10 sections, 58 departments.
fn units() -> Vec<Unit> {
    (0..UNITS)
        .map(|n| {
            let (kind, at) = match n {
                0..312 => (UnitKind::Committee, Some(place(n))),
                312..442 => (UnitKind::Section, Some(PlaceId(1 + (n - 312) % SUBDISTRICTS))),
                _ => (UnitKind::Department, None),
            };
            let name = format!("unit {n}");
            Unit { id: UnitId(n + 1), kind, zh: name.clone(), en: name, place: at, phone: String::new() }
        })
        .collect()
}

/// A third of all subjects each: at any place some four sections, twenty departments and a committee are able.
fn duties(units: &[Unit]) -> Vec<Duty> {
    let one = |u: &Unit, s: usize| Duty {
        unit: u.id,
        subject: subjects::ALL[s].code.into(),
        rank: 1 + (u.id.0 + i64::try_from(s).unwrap_or(0)) % 4,
        zh: "职责清单".into(),
        en: "on its list".into(),
    };
    units
        .iter()
        .flat_map(|u| {
            (0..subjects::ALL.len()).filter(|s| (u.id.0 / 13 + *s as i64) % 3 == 0).map(move |s| one(u, s))
        })
        .collect()
}

fn seed() -> [u8; 32] {
    [7; 32]
}

pub(crate) fn run() {
    assert_eq!(i64::try_from(subjects::ALL.len()), Ok(ALL_SUBJECTS));
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Place::parse(folder.path().to_str().unwrap())).unwrap();
    let now: Timestamp = "2026-11-02T02:00:00Z".parse().unwrap();
    let units = units();
    let duties = duties(&units);
    fill(&store, &units, &duties, now);
    let began = Instant::now();
    let rows = teach(&store, &units, &duties, now);
    let learnt = began.elapsed().as_secs_f64();
    let chance: Vec<u8> = (0..96_u8).map(|n| n.wrapping_mul(89) ^ 0x5a).collect();
    let ring = KeyRing::generate(&chance.try_into().unwrap()).unwrap();
    let keys = Keys::new(Vault::from_ring(Suite::International, &ring));
    let ctx = Context::new(now, Actor::System, seed());
    let levels = serde_json::to_string(Levels::standard().all()).unwrap();
    NewDistrict {
        settings: vec![("code".into(), "310104".into()), ("levels".into(), levels)],
        places: places(),
        doorways: (0..312).map(doorway).collect(),
        units: units.clone(),
        duties: duties.clone(),
        staff: vec![],
    }
    .keep(&store, &keys, &ctx, now - SignedDuration::from_hours(24))
    .unwrap();
    let clock = Arc::new(StoppedClock::at(now));
    let app =
        App::new(Parts { store, keys, rules: Arc::new(Rulebook::china()), clock, seeds: seed }).unwrap();
    let asked: Vec<CaseNo> = (0..200).map(|n| ask(&app, n, now)).collect();
    let who = who();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut able = 0;
    let mut times = Vec::new();
    for no in asked.iter().chain(&asked) {
        let began = Instant::now();
        able += runtime.block_on(app.proposals(&who, *no)).unwrap().len();
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.drain(..asked.len());
    println!(
        "  500 units, {PAST} past cases ({rows} lessons learnt in {learnt:.0} s), {OPEN} open ones; {} able units on average",
        able / (2 * asked.len())
    );
    let most = times.iter().copied().fold(0.0, f64::max);
    super::line("propose for one case, store and all, median of 200", Some(2.0), super::median(times), "ms");
    super::line("  the slowest of them", Some(2.0), most, "ms");
    super::line("ranking alone, 500 able units, median of 201", Some(2.0), all_able(now), "ms");
}

fn who() -> Who {
    let grants = vec![Grant { role: Role::DistrictOffice, place: None, unit: None }];
    Who { staff: StaffId(1), name: "office".into(), grants, session: [0; 32] }
}

fn places() -> Vec<PlaceRow> {
    let one = |id: PlaceId, depth, parent| PlaceRow {
        id,
        depth,
        code: format!("p{id}"),
        zh: format!("place {id}"),
        en: format!("place {id}"),
        hex: None,
        residents: 3_000,
        parent,
    };
    let tops = (1..=SUBDISTRICTS).map(|n| one(PlaceId(n), 1, None));
    let middle = (0..78).map(|n| one(PlaceId(100 + n), 2, Some(PlaceId(1 + n / 6))));
    let low = (0..312).map(|n| one(place(n), 3, Some(PlaceId(100 + n / 4))));
    tops.chain(middle).chain(low).collect()
}

fn doorway(n: i64) -> DoorwayRow {
    let id = DoorwayId(n + 1);
    DoorwayRow {
        id,
        place: place(n),
        board: format!("B{n}"),
        address: format!("{n}号"),
        floors: 6,
        flats: 24,
    }
}

/// A million closed cases and the open ones, as rows, each with one of the able units.
fn fill(store: &Store, units: &[Unit], duties: &[Duty], now: Timestamp) {
    let mut n = 0;
    while n < PAST + OPEN {
        let some: Vec<(i64, Path, &'static str, i64)> = (n..(n + 20_000).min(PAST + OPEN))
            .map(|n| {
                let (path, subject) = matter(n);
                (n, path, subject, chosen(units, duties, n).map_or(1, |(u, _)| u.id.0))
            })
            .collect();
        n += 20_000;
        store
            .write(move |tx| {
                for (n, path, subject, unit) in some {
                    let due = (n >= PAST).then_some(now + SignedDuration::from_hours(24));
                    let [p1, p2, p3, _] = path.0;
                    let row = store::Arg::from;
                    tx.run(
                        "INSERT INTO cases (p1, p2, p3, body, detail, subject, kind, urgency, channel, reported_at, \
                         state, unit, due, due_for, returns, hops, not_solved, outcome, voices, version, head) \
                         VALUES (?1, ?2, ?3, '楼道灯不亮', '', ?4, 'complaint', 'normal', 'door', ?5, ?6, ?7, ?8, ?9, \
                         0, 1, 0, '', 1, 1, zeroblob(32))",
                        &[
                            p1.into(),
                            p2.into(),
                            p3.into(),
                            row(subject),
                            store::Arg::from(at(n, now)),
                            row(if due.is_some() { "assigned" } else { "closed" }),
                            store::Arg::from(unit),
                            due.into(),
                            due.map(|_| "handling").into(),
                        ],
                    )?;
                }
                Ok::<_, StoreError>(())
            })
            .wait()
            .unwrap();
    }
}

/// Where the n-th case lay and what it was about: all places and subjects, some more often.
fn matter(n: i64) -> (Path, &'static str) {
    let subject = (n * 7 + n / 311) % ALL_SUBJECTS;
    (path((n * 131 + n / 1_000) % 312), subjects::ALL[usize::try_from(subject).unwrap()].code)
}

/// Five years of cases.
fn at(n: i64, now: Timestamp) -> Timestamp {
    now - SignedDuration::from_mins((PAST + OPEN - n) * 5 * 365 * 24 * 60 / (PAST + OPEN))
}

/// The unit that had it: mostly the first able one, sometimes another.
fn chosen<'a>(units: &'a [Unit], duties: &'a [Duty], n: i64) -> Option<(&'a Unit, &'a Duty)> {
    let (path, subject) = matter(n);
    // Of the duties, which stand by unit: the section of the place's sub-district, if it has this one.
    let section = |k: i64| {
        let id = 312 + ((n + k) % 10) * SUBDISTRICTS + path.0[0].map_or(0, |p| p.0 - 1);
        let unit = &units[usize::try_from(id).ok()?];
        Some(unit)
    };
    let mut able = (0..10).filter_map(section).filter_map(|u| {
        let from = duties.partition_point(|d| d.unit < u.id);
        duties[from..].iter().take_while(|d| d.unit == u.id).find(|d| d.subject == subject).map(|d| (u, d))
    });
    able.next()
}

/// Teaches the store what came of each; returns how many lessons that were.
fn teach(store: &Store, units: &[Unit], duties: &[Duty], now: Timestamp) -> usize {
    let (mut lessons, mut n) = (0, 0);
    while n < PAST {
        let learnt: Vec<Learnt> = (n..n + 50_000).flat_map(|n| lessons_of(units, duties, n, now)).collect();
        n += 50_000;
        lessons += learnt.len();
        store
            .write(move |tx| {
                tx.keep_learnt(&learnt)?;
                tx.fold_choices()
            })
            .wait()
            .unwrap();
    }
    lessons
}

fn lessons_of(units: &[Unit], duties: &[Duty], n: i64, now: Timestamp) -> Vec<Learnt> {
    let (path, subject) = matter(n);
    let Some((unit, duty)) = chosen(units, duties, n) else { return vec![] };
    let came = if n % 10 == 0 { Lesson::Unsettled } else { Lesson::Settled };
    [Lesson::Chosen, Lesson::Answered(Some(60 * (n % 200))), came]
        .map(|lesson| Learnt {
            at: at(n, now),
            subject: subject.into(),
            path,
            hours: if n % 4 == 0 { Hours::Off } else { Hours::Working },
            unit: unit.id,
            class: Class::of(unit, duty, &path),
            lesson,
        })
        .into()
}

/// A case to be dispatched.
fn ask(app: &App, n: i64, now: Timestamp) -> CaseNo {
    let (path, subject) = matter(n * 977);
    let report = Report { path, subject: subject.into(), ..Report::example("楼道灯不亮") };
    let ctx = Context::new(now, Actor::Resident, seed());
    app.store()
        .write(move |tx| {
            let (case, opening) = cases::open(CaseNo(0), report, &ctx, &Rulebook::china());
            Ok::<_, StoreError>(tx.open_case(case, &opening)?.case.no)
        })
        .wait()
        .unwrap()
}

/// Milliseconds to rank 500 units, all of them able, each with a past.
fn all_able(now: Timestamp) -> f64 {
    let path = path(0);
    let units: Vec<Unit> = units()
        .into_iter()
        .map(|u| Unit {
            place: [None, path.0[0], path.0[1], path.0[2]][usize::try_from(u.id.0 % 4).unwrap()],
            ..u
        })
        .collect();
    let duties: Vec<Duty> = units
        .iter()
        .map(|u| Duty {
            unit: u.id,
            subject: "noise".into(),
            rank: 1 + u.id.0 % 5,
            zh: "清单".into(),
            en: "list".into(),
        })
        .collect();
    let mut history = History::default();
    for (n, (u, d)) in (0..).zip(units.iter().zip(&duties)) {
        for lesson in [Lesson::Chosen, Lesson::Settled] {
            let at = now - SignedDuration::from_hours(n);
            let class = Class::of(u, d, &path);
            history.add(&Learnt {
                at,
                subject: "noise".into(),
                path,
                hours: Hours::Working,
                unit: u.id,
                class,
                lesson,
            });
        }
    }
    let candidates: Vec<Candidate<'_>> = units
        .iter()
        .zip(&duties)
        .map(|(unit, duty)| Candidate { unit, duty, open: unit.id.0 % 60, at: None })
        .collect();
    let matter = Matter { subject: "noise", path: &path, hours: Hours::Working, at: None };
    let times = (0..201)
        .map(|_| {
            let began = Instant::now();
            assert_eq!(rank(&matter, &candidates, &history, weight(now)).len(), candidates.len());
            began.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    super::median(times)
}
