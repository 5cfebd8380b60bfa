//! `pianqu demo`: a whole district to play with.

use crate::demo_problems;
use crate::failure::{Failure, with_file};
use crate::open;
use crate::printing::Child;
use crate::progress::Progress;
use crate::serve::serve;
use app::registrations::{ShownCodes, Undone};
use app::{
    Account, App, Clock, ClockAhead, Incoming, Keys, Later, Loader, NewDistrict, SystemClock, hash_password,
    totp_at,
};
use demo::{District, Joined, SEED, SHOWCASE, history};
use domain::cases::local_date;
use domain::codes::{CodeKind, DoorCode};
use domain::registrations::Kind;
use domain::registrations::forms::Depth;
use domain::territory::Levels;
use domain::{Actor, Context, DoorwayId};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use store::cases::day_number;
use store::territory::{DoorwayRow, PlaceRow};

/// Days of history.
const DAYS: u32 = 60;
/// Beside one account of every role: officers of departments that precincts often call.
const DEPARTMENTS: [&str; 3] = ["officer-20003", "officer-20007", "officer-25004"];

/// What a newcomer may want to see: as whom, where, what.
const FIRST: [(&str, &str, &str); 6] = [
    ("coordinator", "/console", "the work of a precinct, by due time"),
    ("coordinator", "/console/problems", "the board of problems; 1 is a plan with a whistle"),
    ("coordinator", "/console/budding", "what is budding in the precinct"),
    ("department", "/console/calls", "an application to the greening bureau, granted in part so far"),
    ("officer-25004", "/console/calls", "a whistle that the operators of shared bikes have not answered"),
    ("leader", "/console/whistles", "who was called, who came, who did not"),
];

/// The role that a login of the demo shows.
fn role_of(login: &str) -> &'static str {
    use domain::access::Role;
    if DEPARTMENTS.contains(&login) {
        return Role::DepartmentOfficer.key();
    }
    let at = SHOWCASE.iter().position(|l| *l == login);
    at.and_then(|i| Role::ALL.get(i)).map_or("", |r| r.key())
}

/// Everybody's password in the demo.
const PASSWORD: &str = "pianqu-demo";
/// Says that a load was begun and not ended.
const LOADING: &str = "demo.loading";

#[derive(clap::Args)]
#[command(after_help = "Example:\n  pianqu demo\n  pianqu demo --data D --port 8311 --json")]
pub(crate) struct Args {
    /// The folder for the demo's data; loaded the first time, used as it is afterwards
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// The address of an empty PostgreSQL database (postgres://…) instead of the embedded store; the key still
    /// lies in the folder
    #[arg(long)]
    store: Option<String>,
    /// The port on this machine
    #[arg(long, default_value_t = 8311)]
    port: u16,
    /// Let the demo's clock run so many days ahead, to see what the days will bring
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=400))]
    ahead: u16,
    /// Stop after loading
    #[arg(long)]
    no_serve: bool,
    /// For machines: one line of JSON when ready
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let app = match &args.store {
        None => prepare(args)?,
        Some(url) => prepare_on_server(args, url)?,
    };
    // Nobody's telephone rings in a demo: the page shows what it would get.
    app.set_sender(Arc::new(ShownCodes::default()));
    let base = format!("http://127.0.0.1:{}", args.port);
    let words = words(&app, &base, args)?;
    if args.no_serve {
        println!("{words}");
    } else {
        let data = args.data.to_string_lossy();
        app.connect(crate::channels::read(&args.data, &base)?);
        crate::subjects::set_up(&app, &args.data)?;
        serve(
            &app,
            Child::new(&data, None),
            SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)),
            &base,
            || println!("{words}"),
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the demo's folder, loading it the first time.
fn prepare(args: &Args) -> Result<App, Failure> {
    let (folder, quiet) = (args.data.as_path(), args.json);
    std::fs::create_dir_all(folder).map_err(with_file(folder))?;
    let loading = folder.join(LOADING);
    if loading.exists() {
        // An earlier load was cut off. What it left is ours, and worth nothing.
        for name in ["pianqu.db", "pianqu.db-wal", "pianqu.db-shm"] {
            let file = folder.join(name);
            if file.exists() {
                std::fs::remove_file(&file).map_err(with_file(&file))?;
            }
        }
    }
    let data = folder.to_str().ok_or_else(|| Failure("the folder's name is not UTF-8".into()))?;
    let fresh = loading.exists() || !folder.join("pianqu.db").exists();
    let keys = open::keys(folder, fresh)?;
    if fresh {
        std::fs::write(&loading, "the demo is being loaded\n").map_err(with_file(&loading))?;
        load(data, keys.clone(), quiet)?;
        std::fs::remove_file(&loading).map_err(with_file(&loading))?;
    }
    open::app_at(open::existing_store(data)?, keys, clock(args))
}

/// The demo's clock: the machine's, or some days ahead of it.
fn clock(args: &Args) -> Arc<dyn Clock> {
    Arc::new(ClockAhead { by: SignedDuration::from_hours(24 * i64::from(args.ahead)) })
}

/// The same with the data on a server. What is there is never thrown away here: it might be somebody's.
fn prepare_on_server(args: &Args, url: &str) -> Result<App, Failure> {
    let (folder, quiet) = (args.data.as_path(), args.json);
    std::fs::create_dir_all(folder).map_err(with_file(folder))?;
    let loading = folder.join(LOADING);
    if loading.exists() {
        return Err(Failure(format!(
            "loading the demo into {url} was cut off: make that database empty (dropdb, createdb) and remove {}",
            loading.display()
        )));
    }
    let store = open::store(url)?;
    let name = store.read(|tx| tx.setting("name.zh")).wait()?;
    let keys = open::keys(folder, name.is_none())?;
    if name.is_none() {
        std::fs::write(&loading, "the demo is being loaded\n").map_err(with_file(&loading))?;
        drop(store);
        load(url, keys.clone(), quiet)?;
        std::fs::remove_file(&loading).map_err(with_file(&loading))?;
        return open::app_at(open::store(url)?, keys, clock(args));
    }
    open::app_at(store, keys, clock(args))
}

fn load(data: &str, keys: Keys, quiet: bool) -> Result<(), Failure> {
    let store = open::store(data)?;
    let district = District::xuhui(SEED);
    let now = SystemClock.now();
    let begin = now - SignedDuration::from_hours(24 * (i64::from(DAYS) + 1));
    let ctx = Context::new(now, Actor::System, open::seed());
    new_district(&district, &ctx)?.keep(&store, &keys, &ctx, begin)?;
    let app = open::app(store, keys.clone())?;
    let stories = history(&district, SEED, now, DAYS);
    let mut progress = Progress::new("cases", stories.len() as u64, quiet);
    let mut loader = Loader::new(&app, now);
    let mut day = 0;
    for (n, story) in (0_u64..).zip(stories) {
        let today = day_number(local_date(story.at));
        if today != day {
            // Each day is sealed as it ends, as in a district that has run for two months.
            if day > 0 {
                loader.finish()?;
                app.seal_until(today)?;
                loader = Loader::new(&app, now);
            }
            day = today;
            progress.at(n);
        }
        add(&mut loader, &district, n, story)?;
    }
    loader.finish()?;
    app.seal_until(day)?;
    progress.done();
    registrations(&app, now)?;
    drop(app);
    demo_problems::make(&district, keys, data, now)
}

/// Both forms are published at their full depth, and some households and lettings of the first doorway are waiting.
fn registrations(app: &App, now: Timestamp) -> Result<(), Failure> {
    let today = local_date(now);
    let until = today.saturating_add(jiff::Span::new().days(150));
    let [residents, lettings] = Kind::ALL.map(|kind| app.publish_at_load(kind, Depth::Full, 4_000, until));
    let (residents, lettings) = (residents?, lettings?);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let scanned = |kind| {
        let code = app.write_code(DoorCode { kind, doorway: DoorwayId(1), issue: 0 })?;
        runtime.block_on(app.scan(&code))
    };
    let (residency, tenancy) = (scanned(CodeKind::Residency)?, scanned(CodeKind::Tenancy)?);
    let undone = |e: Undone| Failure(format!("a registration of the demo was not taken: {e:?}"));
    for (n, household) in (0_u64..).zip(demo::registrations::households(today)) {
        runtime
            .block_on(app.declare_residency(&residency, &residents, &household, submission(n, 1_000_001)))
            .map_err(undone)?;
    }
    for (n, letting) in (0_u64..).zip(demo::registrations::lettings(today)) {
        runtime
            .block_on(app.declare_tenancy(&tenancy, &lettings, &letting, submission(n, 1_000_002)))
            .map_err(undone)?;
    }
    Ok(())
}

fn submission(n: u64, part: u64) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest(format!("demo/{n}/{part}")).into();
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}

fn add(loader: &mut Loader, district: &District, n: u64, story: demo::Story) -> Result<(), Failure> {
    let place =
        usize::try_from(story.doorway.0 - 1).ok().and_then(|i| district.doorways.get(i)).map(|d| d.place);
    let later = (1..)
        .zip(story.later)
        .map(|(part, l)| {
            let what = match l.what {
                Joined::Step(command) => Later::Step(command),
                Joined::Voice { text, contact } => Later::Voice(Incoming {
                    place,
                    text,
                    contact,
                    submission: submission(n, part),
                    ..Incoming::default()
                }),
            };
            (Context::new(l.at, l.actor, open::seed()), what)
        })
        .collect();
    let incoming = Incoming {
        doorway: Some(story.doorway),
        place,
        text: story.text,
        detail: story.detail,
        contact: story.contact,
        kind: story.kind,
        submission: submission(n, 0),
        ..Incoming::default()
    };
    let at = Context::new(story.at, Actor::Resident, open::seed());
    loader.add(incoming, story.channel, &at, later).map_err(|e| Failure(format!("demo story {n}: {e}")))
}

/// The secret of a demo account's second factor: the same in every demo, printed for all to see.
fn totp_secret(login: &str) -> Vec<u8> {
    Sha256::digest(format!("pianqu-demo/{login}"))[..20].to_vec()
}

fn new_district(d: &District, ctx: &Context) -> Result<NewDistrict, Failure> {
    // One hash for all: a real district never does that, and a demo of 900 accounts must be ready soon.
    let password = hash_password(PASSWORD, &ctx.bytes())?;
    let setting = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    Ok(NewDistrict {
        settings: vec![
            setting("code", "310104"),
            setting("name.zh", "徐汇区（演示）"),
            setting("name.en", "Xuhui District (demo)"),
            setting("domain", "pianqu.xuhui.example"),
            setting("helpline", "021-5550-0100"),
            setting("levels", &serde_json::to_string(Levels::standard().all())?),
        ],
        places: d
            .places
            .iter()
            .map(|p| PlaceRow {
                id: p.id,
                depth: p.depth,
                code: p.code.clone(),
                zh: p.zh.clone(),
                en: p.en.clone(),
                hex: p.hex,
                residents: p.residents,
                parent: p.parent,
            })
            .collect(),
        doorways: d
            .doorways
            .iter()
            .map(|x| DoorwayRow {
                id: x.id,
                place: x.place,
                board: x.board.clone(),
                address: x.address(),
                floors: x.floors,
                flats: x.dwellings,
            })
            .collect(),
        units: d.units.clone(),
        duties: d.duties.clone(),
        staff: d
            .staff
            .iter()
            .map(|s| Account {
                id: s.id,
                login: s.login.clone(),
                name: s.name.clone(),
                password: password.clone(),
                totp: totp_secret(&s.login),
                grants: s.grants.clone(),
            })
            .collect(),
    })
}

/// Where to look and how to sign in, in words or as JSON.
fn words(app: &App, base: &str, args: &Args) -> Result<String, Failure> {
    // The code that a phone shows now, whatever day the demo has.
    let now: Timestamp = SystemClock.now();
    let counts = app.counts()?;
    let code = |kind| app.write_code(DoorCode { kind, doorway: DoorwayId(1), issue: 0 });
    let codes = [
        ("opinion", code(CodeKind::Opinion)?),
        ("tenancy", code(CodeKind::Tenancy)?),
        ("residency", code(CodeKind::Residency)?),
    ];
    let accounts: Vec<(&str, String, String)> = SHOWCASE
        .iter()
        .chain(&DEPARTMENTS)
        .map(|login| {
            let secret = totp_secret(login);
            let text = base32::encode(base32::Alphabet::Rfc4648 { padding: false }, &secret);
            Ok((*login, text, totp_at(&secret, now)?))
        })
        .collect::<Result<_, Failure>>()?;
    if args.json {
        let sign_ins: Vec<_> = accounts
            .iter()
            .map(|(login, secret, code)| {
                serde_json::json!({
                    "role": role_of(login), "login": login, "password": PASSWORD, "totp_secret": secret, "totp_now": code,
                })
            })
            .collect();
        let codes: serde_json::Map<String, serde_json::Value> =
            codes.into_iter().map(|(k, v)| (k.to_owned(), v.into())).collect();
        let line = serde_json::json!({
            "ready": true,
            "base": base,
            "counts": {
                "subdistricts": counts.by_depth[0], "precincts": counts.by_depth[1],
                "neighborhoods": counts.by_depth[2], "doorways": counts.doorways, "cases": counts.cases,
                "staff": counts.staff, "units": counts.units,
            },
            "codes": codes,
            "sign_ins": sign_ins,
        });
        return Ok(line.to_string());
    }
    let mut out = format!(
        "The demo district is loaded: {} sub-districts, {} precincts, {} neighbourhoods, {} doorways, {} cases.\n\n\
         At a door (no account, no script):\n",
        counts.by_depth[0], counts.by_depth[1], counts.by_depth[2], counts.doorways, counts.cases
    );
    for (kind, code) in &codes {
        out += &format!("  {kind:<10} {base}/q/{code}\n");
    }
    out += &format!("\nFor staff: {base}/console   password for all: {PASSWORD}\n");
    out += &format!("  {:<13} {:<34} code now\n", "login", "second factor (secret)");
    for (login, secret, code) in &accounts {
        out += &format!("  {login:<13} {secret:<34} {code}\n");
    }
    out +=
        "  A code lives for half a minute; put a secret into an authenticator, or start the demo again.\n\n";
    out += "To look at first:\n";
    for (login, path, what) in FIRST {
        out += &format!("  {login:<13} {path:<20} {what}\n");
    }
    if !args.no_serve {
        out += "\nServing. Ctrl-C ends it.";
    }
    Ok(out)
}
