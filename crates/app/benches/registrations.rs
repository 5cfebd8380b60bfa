//! A campaign day: households declared on the embedded store, checks, encryption and blind indexes included; and
//! one person matched among many.
//!
//! `cargo bench -p app registrations -- [PEOPLE] [MATCHED_AMONG]`: 60,000 and 1,000,000 unless told otherwise. The
//! targets are 1,000 registrations a second (for a million), and 2 ms among 10,000,000.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on ends here, and prints"
)]

use app::registrations::ShownCodes;
use app::{App, Keys, NewDistrict, Parts, Scanned, SystemClock};
use domain::codes::{CodeKind, DoorCode};
use domain::identifiers::{IdDocument, IdKind};
use domain::registrations::Kind;
use domain::registrations::forms::{Depth, Form};
use domain::registrations::residency::{Typed, TypedPerson};
use domain::rulebook::Rulebook;
use domain::territory::Levels;
use domain::{Actor, Context, DoorwayId, PlaceId};
use jiff::ToSpan;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use store::territory::{DoorwayRow, PlaceRow};
use store::{Place, Store, StoreError};
use vault::{KeyRing, Suite, Vault};

/// Households on their way at once: a district at its telephones.
const AT_ONCE: usize = 256;
/// Looks for one person.
const LOOKS: usize = 2_000;

fn seed() -> [u8; 32] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    seed
}

/// A resident identity number with its check digit, of nobody.
fn identity(n: u64) -> String {
    let (year, month, day) = (1930 + n / 336_000 % 90, 1 + n / 28_000 % 12, 1 + n / 1_000 % 28);
    let front = format!("310104{year}{month:02}{day:02}{:03}", n % 1_000);
    let weights = [7_u32, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = front.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!("{front}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

fn household(n: u64, since: &str) -> Typed {
    let person = |i: u64| TypedPerson {
        who: "elsewhere".into(),
        name: format!("某某{i}"),
        id: identity(3 * n + i),
        ..TypedPerson::default()
    };
    Typed {
        dwelling: format!("{}{:02}", 1 + n % 30, 1 + n % 4),
        since: since.into(),
        phone: format!("138{n:08}"),
        consent: true,
        guardian: true,
        people: (0..3).map(person).collect(),
        ..Typed::default()
    }
}

fn district() -> NewDistrict {
    let levels = serde_json::to_string(Levels::standard().all()).unwrap();
    let place = |id, depth, parent| PlaceRow {
        id: PlaceId(id),
        depth,
        code: format!("p{id}"),
        zh: format!("某处{id}"),
        en: format!("Place {id}"),
        hex: None,
        residents: 4_000,
        parent,
    };
    NewDistrict {
        settings: vec![("code".into(), "310104".into()), ("levels".into(), levels)],
        places: vec![place(1, 1, None), place(10, 2, Some(PlaceId(1))), place(100, 3, Some(PlaceId(10)))],
        doorways: (1..=1_000)
            .map(|n| DoorwayRow {
                id: DoorwayId(n),
                place: PlaceId(100),
                board: format!("B{n}"),
                address: format!("百合路{n}号"),
                floors: 30,
                flats: 120,
            })
            .collect(),
        ..NewDistrict::default()
    }
}

fn row(what: &str, target: &str, measured: &str, ratio: f64) {
    println!("| {what:<52} | {target:>14} | {measured:>16} | {ratio:>7.2} × |");
}

fn main() {
    // `cargo bench -p app plans` asks every benchmark of this crate; only the one that is named answers.
    if std::env::args().skip(1).any(|a| a == "plans") {
        return;
    }
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let people = numbers.first().copied().unwrap_or(60_000);
    let among = numbers.get(1).copied().unwrap_or(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Place::parse(folder.path().to_str().unwrap())).unwrap();
    let chance: Vec<u8> = (0..96_u8).map(|n| n.wrapping_mul(89) ^ 0x5a).collect();
    let ring = KeyRing::generate(&chance.try_into().unwrap()).unwrap();
    let keys = Keys::new(Vault::from_ring(Suite::International, &ring));
    let now = app::Clock::now(&SystemClock);
    district().keep(&store, &keys, &Context::new(now, Actor::System, seed()), now).unwrap();
    let rules = Arc::new(Rulebook::china());
    let app = App::new(Parts { store, keys, rules, clock: Arc::new(SystemClock), seeds: seed }).unwrap();
    app.set_sender(Arc::new(ShownCodes::default()));
    let today = domain::cases::local_date(now);
    let form = app.publish_at_load(Kind::Residency, Depth::Full, 1, today.saturating_add(90.days())).unwrap();
    println!("| what | target | measured | ratio |\n|---|---|---|---|");
    declare(&app, form, people, &today.to_string());
    match_one(&app, among);
}

fn declare(app: &App, form: Form, people: u64, since: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let doors: Vec<Scanned> = (1..=1_000)
        .map(|n| {
            let code = DoorCode { kind: CodeKind::Residency, doorway: DoorwayId(n), issue: 0 };
            runtime.block_on(app.scan(&app.write_code(code).unwrap())).unwrap()
        })
        .collect();
    let (doors, form, since) = (Arc::new(doors), Arc::new(form), Arc::new(since.to_owned()));
    let households = people / 3;
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let hands: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (app, doors, form, since, next) =
                (app.clone(), doors.clone(), form.clone(), since.clone(), next.clone());
            runtime.spawn(async move {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= households {
                        return;
                    }
                    let mut submission = [0; 16];
                    submission[..8].copy_from_slice(&n.to_be_bytes());
                    let door = &doors[usize::try_from(n % 1_000).unwrap()];
                    app.declare_residency(door, &form, &household(n, &since), submission).await.unwrap();
                }
            })
        })
        .collect();
    for hand in hands {
        runtime.block_on(hand).unwrap();
    }
    let taken = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for a table")]
    let rate = (households * 3) as f64 / taken;
    row(
        &format!("{} people declared, households of three", households * 3),
        "1,000 /s",
        &format!("{rate:.0} /s"),
        rate / 1_000.0,
    );
}

/// As many rows as told, made by the engine itself; then one person after the other is looked for.
fn match_one(app: &App, among: u64) {
    let rows = i64::try_from(among).unwrap();
    app.store()
        .write(move |tx| {
            for index in ["desk", "id", "phone", "dwelling", "household", "delete", "batch", "submission"] {
                tx.run(&format!("DROP INDEX registration_{index}"), &[])?;
            }
            tx.run(
                &format!(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
                     INSERT INTO registration (kind, doorway, place, state, since, declared_at, due, form, version, head, \
                     id_ix, dwelling_ix) SELECT 'residency', i % 1000, 100, 'pending', 0, 0, 0, 1, 1, zeroblob(32), \
                     randomblob(16), randomblob(16) FROM n"
                ),
                &[],
            )?;
            tx.run("CREATE INDEX registration_id ON registration (id_ix) WHERE id_ix IS NOT NULL", &[])?;
            Ok::<_, StoreError>(())
        })
        .wait()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let today = domain::cases::local_date(app.now());
    let mut times = Vec::with_capacity(LOOKS);
    for n in 0..LOOKS {
        // Every second one is there.
        let n = u64::try_from(n).unwrap() * if n % 2 == 0 { 3 } else { 1_000_003 };
        let document = IdDocument::parse(IdKind::Resident, &identity(n), today).unwrap();
        let began = Instant::now();
        drop(runtime.block_on(app.match_person(&document)).unwrap());
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = (times.len() as f64 * share) as usize;
        times[place.min(times.len() - 1)]
    };
    for (what, share) in [("half of all", 0.5), ("99 of 100", 0.99)] {
        let ms = at(share);
        row(&format!("one person among {among}, {what}"), "2 ms", &format!("{ms:.3} ms"), 2.0 / ms);
    }
}
