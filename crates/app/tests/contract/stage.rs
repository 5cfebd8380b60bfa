//! The small district that stories are told in: one sub-district, two precincts, two neighbourhoods.

use app::{
    Account, Acknowledged, App, AppError, Incoming, Keys, NewDistrict, Parts, Step, StoppedClock, Who,
};
use domain::access::{Grant, Role};
use domain::cases::{Case, Kind, Solved};
use domain::rulebook::Rulebook;
use domain::territory::Levels;
use domain::units::{Duty, Unit, UnitKind};
use domain::{Actor, CaseNo, Context, DoorwayId, PlaceId, StaffId, UnitId};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use store::territory::{DoorwayRow, PlaceRow};
use store::{Place, Store};
use vault::{KeyRing, Suite, Vault};

/// The sub-district, its two precincts, a neighbourhood in each.
pub(crate) const SUBDISTRICT: PlaceId = PlaceId(1);
pub(crate) const PRECINCT: PlaceId = PlaceId(10);
pub(crate) const OTHER_PRECINCT: PlaceId = PlaceId(11);
pub(crate) const HOME: PlaceId = PlaceId(100);
/// The committee of [`HOME`], and the section that mends lamps.
pub(crate) const COMMITTEE: UnitId = UnitId(100);
pub(crate) const SECTION: UnitId = UnitId(50);
/// A department of the district.
pub(crate) const POLICE: UnitId = UnitId(60);

/// A running program on a store of its own.
pub(crate) struct Stage {
    pub(crate) app: App,
    pub(crate) clock: Arc<StoppedClock>,
    runtime: tokio::runtime::Runtime,
    place: Place,
    _folder: Option<tempfile::TempDir>,
}

/// Monday, 2 March 2026, nine in the morning in Shanghai, and some minutes.
pub(crate) fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

fn seed() -> [u8; 32] {
    // The same for every change would give every form the same nonce, and two people the same id.
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(7);
    let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    seed
}

/// On the embedded engine.
pub(crate) fn embedded() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    stage(Place::parse(folder.path().to_str().unwrap()), Some(folder))
}

/// On a server, in a schema of its own.
pub(crate) fn server(name: &str) -> Option<Stage> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration to ask")]
    let Ok(url) = std::env::var("PIANQU_TEST_POSTGRES") else {
        println!("skipped on PostgreSQL: PIANQU_TEST_POSTGRES names no server");
        return None;
    };
    let schema = format!("app_{}_{name}", std::process::id());
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    client.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).unwrap();
    let with = if url.contains('?') { '&' } else { '?' };
    let place = Place::parse(&format!("{url}{with}options=-csearch_path%3D{schema}"));
    Some(stage(place, None))
}

fn stage(place: Place, folder: Option<tempfile::TempDir>) -> Stage {
    let (store, keys) = (Store::open(&place).unwrap(), keys());
    let ctx = Context::new(at(-60), Actor::System, seed());
    district().keep(&store, &keys, &ctx, at(-60 * 24)).unwrap();
    let clock = Arc::new(StoppedClock::at(at(0)));
    let app = program(store, &clock);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    Stage { app, clock, runtime, place, _folder: folder }
}

fn program(store: Store, clock: &Arc<StoppedClock>) -> App {
    let rules = Arc::new(Rulebook::china());
    App::new(Parts { store, keys: keys(), rules, clock: clock.clone(), seeds: seed }).unwrap()
}

impl Stage {
    /// Another program over the same store: a command, or a second service.
    pub(crate) fn beside(&self) -> App {
        program(Store::open(&self.place).unwrap(), &self.clock)
    }
}

/// The keys of every stage.
pub(crate) fn keys() -> Keys {
    Keys::new(Vault::from_ring(Suite::International, &ring()))
}

/// The root keys behind them.
pub(crate) fn ring() -> KeyRing {
    let chance: Vec<u8> = (0..96_u8).map(|n| n.wrapping_mul(89) ^ 0x5a).collect();
    KeyRing::generate(&chance.try_into().unwrap()).unwrap()
}

fn district() -> NewDistrict {
    let place = |id: PlaceId, depth, parent: Option<PlaceId>| PlaceRow {
        id,
        depth,
        code: format!("p{id}"),
        zh: format!("某处{id}"),
        en: format!("Place {id}"),
        hex: (depth == 3).then(|| (i32::try_from(id.0 % 100).unwrap(), 0)),
        residents: 4_000,
        parent,
    };
    let unit = |id, kind, place: Option<PlaceId>| Unit {
        id,
        kind,
        zh: format!("单位{id}"),
        en: format!("Unit {id}"),
        place,
        phone: "021-5550-0100".into(),
    };
    let doorway = |id, place| DoorwayRow {
        id: DoorwayId(id),
        place,
        board: format!("B{id}"),
        address: format!("百合路{id}号"),
        floors: 6,
        flats: 24,
    };
    let levels = serde_json::to_string(Levels::standard().all()).unwrap();
    NewDistrict {
        settings: vec![
            ("code".into(), "310104".into()),
            ("levels".into(), levels),
            // No season: the days of the stories are their own.
            ("budding.seasons".into(), "key,from,to,subject,zh,en".into()),
        ],
        places: vec![
            place(SUBDISTRICT, 1, None),
            place(PRECINCT, 2, Some(SUBDISTRICT)),
            place(OTHER_PRECINCT, 2, Some(SUBDISTRICT)),
            place(HOME, 3, Some(PRECINCT)),
            place(PlaceId(101), 3, Some(OTHER_PRECINCT)),
        ],
        doorways: vec![doorway(5, HOME), doorway(6, PlaceId(101))],
        units: vec![
            unit(SECTION, UnitKind::Section, Some(SUBDISTRICT)),
            unit(COMMITTEE, UnitKind::Committee, Some(HOME)),
            unit(POLICE, UnitKind::Department, None),
        ],
        duties: vec![
            Duty {
                unit: SECTION,
                subject: "lighting".into(),
                rank: 1,
                zh: "负责公共照明".into(),
                en: "in charge of public lighting".into(),
            },
            Duty {
                unit: COMMITTEE,
                subject: "neighbours".into(),
                rank: 1,
                zh: "调解邻里纠纷".into(),
                en: "mediates between neighbours".into(),
            },
        ],
        // The sub-district's leader has an account; nobody works for the police yet.
        staff: vec![account(Role::SubdistrictLeader), account(Role::DistrictOffice)],
    }
}

fn account(role: Role) -> Account {
    let Who { staff, name, grants, .. } = who(role);
    Account { id: staff, login: name.clone(), name, password: String::new(), totp: vec![], grants }
}

/// Somebody with one role.
pub(crate) fn who(role: Role) -> Who {
    let (place, unit) = match role {
        Role::CommitteeWorker | Role::CommitteeSecretary => (Some(HOME), Some(COMMITTEE)),
        Role::PrecinctCoordinator | Role::PairedOfficial => (Some(PRECINCT), None),
        Role::SectionOfficer => (Some(SUBDISTRICT), Some(SECTION)),
        Role::DepartmentOfficer => (None, Some(POLICE)),
        Role::SubdistrictLeader => (Some(SUBDISTRICT), None),
        _ => (None, None),
    };
    let number = Role::ALL.iter().position(|r| *r == role).unwrap();
    Who {
        staff: StaffId(i64::try_from(number).unwrap() + 1),
        name: role.key().to_owned(),
        grants: vec![Grant { role, place, unit }],
        session: [0; 32],
    }
}

/// What a resident at door 5 types; `once` names the submission.
pub(crate) fn said(text: &str, once: u8) -> Incoming {
    Incoming {
        doorway: Some(DoorwayId(5)),
        place: Some(HOME),
        text: text.into(),
        submission: [once; 16],
        ..Incoming::default()
    }
}

impl Stage {
    /// Waits for an answer.
    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Somebody reports.
    pub(crate) fn report(&self, text: &str, once: u8) -> Acknowledged {
        self.wait(self.app.report(said(text, once))).unwrap()
    }

    /// Somebody in a role takes a step.
    pub(crate) fn act(&self, role: Role, no: CaseNo, step: Step) -> Result<(), AppError> {
        self.wait(self.app.act(&who(role), no, step))
    }

    /// The coordinator gives a case to the section.
    pub(crate) fn dispatch(&self, no: CaseNo) {
        let step = Step::Dispatch {
            unit: SECTION,
            subject: "lighting".into(),
            kind: Kind::Help,
            reason: "职责就近".into(),
        };
        self.act(Role::PrecinctCoordinator, no, step).unwrap();
    }

    /// The section rings and answers.
    pub(crate) fn answer(&self, no: CaseNo, outcome: &str) {
        let rung = Step::FirstContact { reached: true, note: "已联系".into() };
        self.act(Role::SectionOfficer, no, rung).unwrap();
        let answer = Step::Answer { outcome: outcome.into(), quantities: vec![], solved: Solved::Yes };
        self.act(Role::SectionOfficer, no, answer).unwrap();
    }

    /// The row of a case.
    pub(crate) fn case(&self, no: CaseNo) -> Case {
        let read = self.app.store().read(move |tx| tx.case(no));
        read.wait().unwrap().expect("the case is there")
    }

    /// How many cases there are.
    pub(crate) fn cases(&self) -> u32 {
        self.app.counts().unwrap().cases
    }

    /// Puts the clock to some minutes after the beginning and does what is due, until nothing is.
    pub(crate) fn later(&self, minutes: i64) {
        self.clock.set(at(minutes));
        for _ in 0..50 {
            let round = self.app.do_jobs().unwrap();
            assert_eq!(round.failed, 0, "a job failed");
            if round.done == 0 {
                return;
            }
        }
        panic!("there is always something to do");
    }

    /// Walks every chain; panics naming what is wrong.
    pub(crate) fn verify(&self) {
        let found = store::verify::verify(self.app.store(), |_| ()).unwrap();
        assert_eq!(found.faults, Vec::<String>::new());
    }
}

/// Tells each story twice: on the embedded engine and on a server.
macro_rules! on_both {
    ($($(#[$doc:meta])* fn $name:ident($stage:ident) $body:block)+) => {
        $(
            mod $name {
                use super::*;
                $(#[$doc])*
                fn story($stage: &crate::stage::Stage) $body

                #[test]
                fn embedded() {
                    story(&crate::stage::embedded());
                }

                #[test]
                fn server() {
                    if let Some(stage) = crate::stage::server(stringify!($name)) {
                        story(&stage);
                    }
                }
            }
        )+
    };
}
pub(crate) use on_both;
