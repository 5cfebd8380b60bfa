//! One story after another, each run on the embedded engine and, where `PIANQU_TEST_POSTGRES` names a
//! server, on that too.

use crate::cases::list::{Filter, Order, every_shape};
use crate::events::Subject as Chain;
use crate::notices::Told;
use crate::search::Query;
use crate::territory::{DoorwayRow, PlaceRow};
use crate::verify::verify;
use crate::{Place, Store, StoreError, Tx, args};
use domain::access::{Grant, Role, Scope};
use domain::cases::{self, Command, Kind, Report, State};
use domain::codes::{CodeKind, DoorCode};
use domain::notices::{Addressee, Subject, What};
use domain::territory::Path;
use domain::{Actor, CaseNo, Context, DoorwayId, PlaceId, StaffId, UnitId, testing};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// A store of its own, gone at the end.
struct Fresh {
    store: Arc<Store>,
    _folder: Option<tempfile::TempDir>,
}

fn embedded() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Place::parse(folder.path().to_str().unwrap())).unwrap();
    Fresh { store: Arc::new(store), _folder: Some(folder) }
}

fn server(name: &str) -> Option<Fresh> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration to ask")]
    let Ok(url) = std::env::var("PIANQU_TEST_POSTGRES") else {
        println!("skipped on PostgreSQL: PIANQU_TEST_POSTGRES names no server");
        return None;
    };
    let schema = format!("t_{}_{name}", std::process::id());
    let mut client = crate::engine::postgres::connect(&url).unwrap();
    client.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).unwrap();
    let with = if url.contains('?') { '&' } else { '?' };
    let store = Store::open(&Place::parse(&format!("{url}{with}options=-csearch_path%3D{schema}"))).unwrap();
    Some(Fresh { store: Arc::new(store), _folder: None })
}

macro_rules! on_both {
    ($($(#[$doc:meta])* fn $name:ident($store:ident) $body:block)+) => {
        $(
            mod $name {
                use super::*;
                $(#[$doc])*
                fn story($store: &Arc<Store>) $body

                #[test]
                fn embedded() {
                    story(&crate::contract::embedded().store);
                }

                #[test]
                fn server() {
                    if let Some(fresh) = crate::contract::server(stringify!($name)) {
                        story(&fresh.store);
                    }
                }
            }
        )+
    };
}

mod choices;
mod notices;
mod outlines;

fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

fn ctx(minutes: i64, actor: Actor) -> Context {
    Context::new(at(minutes), actor, [7; 32])
}

fn there(place: i64) -> Path {
    Path::of(&[PlaceId(1), PlaceId(10), PlaceId(place)])
}

fn report(tx: &mut Tx<'_>, text: &str, place: i64, minutes: i64) -> Result<CaseNo, StoreError> {
    let ctx = ctx(minutes, Actor::Resident);
    let report = Report { path: there(place), doorway: Some(DoorwayId(5)), ..Report::example(text) };
    let (case, events) = cases::open(CaseNo(0), report, &ctx, &testing::deadlines());
    let case = tx.open_case(case, &events)?.case;
    tx.index_case(case.no, 0, &[text], &case.path)?;
    Ok(case.no)
}

fn give(tx: &mut Tx<'_>, no: CaseNo, command: Command, ctx: &Context) -> Result<(), StoreError> {
    let held = tx.hold_case(no)?.unwrap();
    let events = cases::decide(&held.case, command, ctx, &testing::deadlines()).unwrap();
    tx.keep_case(held, &events)?;
    Ok(())
}

fn dispatch(unit: i64) -> Command {
    Command::Dispatch {
        unit: UnitId(unit),
        off_list: false,
        subject: "lighting".into(),
        kind: Kind::Help,
        reason: "近".into(),
        proposed: None,
    }
}

fn staff() -> Actor {
    Actor::Staff { id: StaffId(3), unit: Some(UnitId(42)) }
}

fn depth(place: PlaceId) -> usize {
    match place.0 {
        0..10 => 1,
        10..100 => 2,
        _ => 3,
    }
}

on_both! {
    /// Every statement of the program means something to the engine.
    fn statements(store) {
        store
            .read(|tx| {
                for (name, sql) in crate::every_statement() {
                    tx.prepare(sql).unwrap_or_else(|e| panic!("{name}: {e}\n{sql}"));
                }
                for sql in crate::search::engine_statements(tx.is_postgres()) {
                    tx.prepare(sql).unwrap_or_else(|e| panic!("search: {e}\n{sql}"));
                }
                for sql in crate::cases::engine_statements(tx.is_postgres()) {
                    tx.prepare(sql).unwrap_or_else(|e| panic!("cases: {e}\n{sql}"));
                }
                for sql in every_shape() {
                    tx.prepare(&sql).unwrap_or_else(|e| panic!("list: {e}\n{sql}"));
                }
                Ok::<_, StoreError>(())
            })
            .wait()
            .unwrap();
    }

    /// A case from report to dispatch: its row is what its events lead to, and everything verifies.
    fn one_case(store) {
        let no = store.write(|tx| {
            let no = report(tx, "楼道灯坏了", 100, 0)?;
            give(tx, no, dispatch(42), &ctx(5, staff()))?;
            let reached = Command::FirstContact { reached: true, note: "电话".into() };
            give(tx, no, reached, &ctx(9, staff()))?;
            Ok::<_, StoreError>(no)
        }).wait().unwrap();
        let (row, events) = store
            .read(move |tx| Ok::<_, StoreError>((tx.case(no)?.unwrap(), tx.case_events(no)?)))
            .wait().unwrap();
        assert_eq!(row.state, State::InHand);
        assert_eq!(events.len(), 3);
        assert_eq!(cases::rebuild(no, &events).unwrap(), row);
        assert_eq!(verify(store, |_| ()).unwrap().faults, Vec::<String>::new());
    }

    /// What fails, or panics, leaves nothing; what shares its commit with it stands.
    fn failures_leave_nothing(store) {
        let good: Vec<_> = (0..20).map(|n| store.write(move |tx| report(tx, "好", 100, n))).collect();
        let bad = store.write(|tx| {
            report(tx, "坏", 100, 0)?;
            Err::<(), _>(StoreError::Engine("changed my mind".into()))
        });
        let worse = store.write(|tx| -> Result<(), StoreError> {
            report(tx, "更坏", 100, 0)?;
            panic!("on purpose")
        });
        let more: Vec<_> = (0..20).map(|n| store.write(move |tx| report(tx, "好", 100, n))).collect();
        assert!(matches!(bad.wait(), Err(StoreError::Engine(_))));
        assert!(matches!(worse.wait(), Err(StoreError::Panicked)));
        let numbers: Vec<CaseNo> = good.into_iter().chain(more).map(|r| r.wait().unwrap()).collect();
        let all = store.read(|tx| tx.list_cases(&Filter::of(Scope { all: true, ..Scope::default() }), &depth)).wait().unwrap();
        assert_eq!(all.len(), numbers.len());
        assert!(all.iter().all(|c| c.text == "好"));
        assert_eq!(verify(store, |_| ()).unwrap().faults, Vec::<String>::new());
    }

    /// The same submission twice is refused by the store itself.
    fn a_double_tap(store) {
        let twice = |_| store.write(|tx| {
            if let Some(found) = tx.by_submission(&[9; 16])? {
                return Ok(found.0);
            }
            let no = report(tx, "灯", 100, 0)?;
            tx.insert_voice(no, 1, None, at(0), &[9; 16])?;
            Ok::<_, StoreError>(no)
        });
        // On a server both may run side by side; then one is told that it is a duplicate.
        let told: Vec<_> = [0, 1].map(twice).into_iter().map(|r| r.wait()).collect();
        let kept: Vec<_> = told.iter().flatten().collect();
        assert!(!kept.is_empty() && kept.iter().all(|no| *no == kept[0]));
        assert!(told.iter().all(|t| matches!(t, Ok(_) | Err(StoreError::Duplicate(_)))));
        let found = store.read(|tx| tx.by_submission(&[9; 16])).wait().unwrap().unwrap();
        assert_eq!(found, (*kept[0], 1));
        let all = store.read(|tx| tx.count_cases(&Filter::of(Scope { all: true, ..Scope::default() }), &depth)).wait().unwrap();
        assert_eq!(all, [(State::Received, 1)]);
    }

    /// Pages follow one another without a gap or an overlap, newest first and by due time.
    fn pages(store) {
        store.write(|tx| {
            for n in 0..25 {
                let no = report(tx, "灯", 100 + n % 3, n * 7 % 11)?;
                if n % 2 == 0 {
                    give(tx, no, dispatch(40 + n % 3), &ctx(20, staff()))?;
                }
            }
            Ok::<_, StoreError>(())
        }).wait().unwrap();
        let page = |f: Filter| store.read(move |tx| tx.list_cases(&f, &depth)).wait().unwrap();
        let everything = Filter { limit: 100, ..Filter::of(Scope { all: true, ..Scope::default() }) };
        for by_due in [false, true] {
            let first = if by_due { Order::Due { after: None } } else { Order::Newest { after: None } };
            let whole = page(Filter { order: first, ..everything.clone() });
            assert_eq!(whole.len(), 25);
            let mut walked = Vec::new();
            let mut order = first;
            loop {
                let next = page(Filter { order, limit: 4, ..everything.clone() });
                let Some(last) = next.last() else { break };
                order = if by_due {
                    Order::Due { after: last.due.map(|d| (d.1, last.no)) }
                } else {
                    Order::Newest { after: Some(last.no) }
                };
                walked.extend(next);
            }
            assert_eq!(walked, whole);
        }
        let mine = Scope { all: false, places: vec![PlaceId(101)], units: vec![UnitId(40)] };
        let seen = page(Filter { limit: 100, ..Filter::of(mine) });
        assert!(seen.iter().all(|c| c.path.lies_in(PlaceId(101)) || c.unit == Some(UnitId(40))));
        assert_eq!(seen.len(), 8 + 5);
        assert!(page(Filter::of(Scope::default())).is_empty());
    }

    /// Words of two characters and more are found wherever they stand, and nothing else is.
    fn search(store) {
        store.write(|tx| {
            report(tx, "3号楼电梯又坏了", 100, 0)?;
            report(tx, "电梯里有人抽烟", 101, 1)?;
            report(tx, "梯子放在楼道", 101, 2)?;
            report(tx, "WiFi 电话亭漏水", 100, 3)?;
            // Holds every window of 漏水管 without the word itself.
            report(tx, "漏水了，水管也旧", 100, 4)?;
            Ok::<_, StoreError>(())
        }).wait().unwrap();
        let find = |typed: &str, places: Vec<PlaceId>| {
            let q = Query { places, ..Query::parse(typed, 20).unwrap() };
            store.read(move |tx| tx.search(&q)).wait().unwrap().into_iter().map(|n| n.0).collect::<Vec<_>>()
        };
        assert_eq!(find("电梯", vec![]), [2, 1]);
        assert_eq!(find("电梯", vec![PlaceId(101)]), [2]);
        assert_eq!(find("梯又坏", vec![]), [1]);
        assert_eq!(find("漏水管", vec![]), Vec::<i64>::new());
        assert_eq!(find("漏水", vec![]), [5, 4]);
        assert_eq!(find("ｗｉｆｉ 漏水", vec![]), [4]);
        assert_eq!(find("电梯 抽烟", vec![]), [2]);
        // What means the same is found too, but for words in quotation marks.
        let alike = |typed: &str| {
            let others = |w: &str| if w == "升降梯" { vec!["电梯".into()] } else if w == "走廊" { vec!["楼道".into()] } else { vec![] };
            let q = Query::parse(typed, 20).unwrap().or_alike(others);
            store.read(move |tx| tx.search(&q)).wait().unwrap().into_iter().map(|n| n.0).collect::<Vec<_>>()
        };
        assert_eq!(alike("升降梯"), [2, 1]);
        assert_eq!(alike("走廊"), [3]);
        assert_eq!(alike("升降梯 抽烟"), [2]);
        assert_eq!(alike("“升降梯”"), Vec::<i64>::new());
        assert_eq!(alike("“电梯”"), [2, 1]);
        assert!(Query::parse(" 、 ", 20).is_none());
        let first = Query { before: Some(CaseNo(2)), ..Query::parse("电梯", 20).unwrap() };
        assert_eq!(store.read(move |tx| tx.search(&first)).wait().unwrap(), [CaseNo(1)]);
    }

    /// Yesterday's parent stays yesterday's.
    fn dated_territory(store) {
        let day = |d| jiff::civil::date(2026, 3, d);
        store.write(move |tx| {
            for (id, depth, parent) in [(1, 1, None), (10, 2, Some(1)), (11, 2, Some(1)), (100, 3, Some(10))] {
                let place = PlaceRow {
                    id: PlaceId(id), depth, code: format!("c{id}"), zh: "某".into(), en: "Some".into(),
                    hex: (depth == 3).then_some((2, -1)), residents: 4_000, parent: parent.map(PlaceId),
                };
                tx.insert_place(&place, day(1))?;
            }
            tx.move_place(PlaceId(100), PlaceId(11), day(10))?;
            tx.insert_doorway(&DoorwayRow {
                id: DoorwayId(5), place: PlaceId(100), board: "B5".into(), address: "百合路5%号".into(), floors: 6, flats: 24,
            }, day(1))
        }).wait().unwrap();
        let parent_on = |d| store.read(move |tx| tx.places(day(d))).wait().unwrap().last().unwrap().parent;
        assert_eq!(parent_on(9), Some(PlaceId(10)));
        assert_eq!(parent_on(10), Some(PlaceId(11)));
        let find = |t: &'static str| store.read(move |tx| tx.find_doorways(t, 9)).wait().unwrap().len();
        assert_eq!((find("百合"), find("5%号"), find("百%号"), find("_")), (1, 1, 0, 0));
        assert_eq!(store.read(|tx| tx.doorway_by_board("B5")).wait().unwrap().unwrap().id, DoorwayId(5));
    }

    /// Dwellings are supposed until somebody lists them; then every name that one had stays, with its days.
    fn dwellings(store) {
        let day = |d| jiff::civil::date(2026, 3, d);
        let door = |id| DoorwayRow {
            id: DoorwayId(id), place: PlaceId(100), board: format!("B{id}"), address: "路".into(), floors: 2, flats: 3,
        };
        store.write(move |tx| {
            tx.insert_doorway(&door(5), day(1))?;
            tx.insert_doorway(&door(6), day(1))
        }).wait().unwrap();
        let all = move |id| store.read(move |tx| tx.dwellings(&door(id))).wait().unwrap();
        let open = |id| all(id).open().map(|d| d.number.clone()).collect::<Vec<_>>();
        assert!(!all(5).listed);
        assert_eq!(open(5), ["101", "102", "201"]);
        let two = all(5).by_number("102").unwrap().id;
        let four = store.write(move |tx| {
            assert!(tx.call_dwelling(&door(5), two, Some("102A"), day(10))?);
            assert!(!tx.call_dwelling(&door(5), two, Some("102A"), day(10))?, "it is called so already");
            let four = tx.add_dwelling(&door(5), "301", day(10))?;
            assert!(tx.call_dwelling(&door(5), four, None, day(12))?);
            assert!(!tx.call_dwelling(&door(5), four, None, day(12))?, "it is closed already");
            Ok::<_, StoreError>(four)
        }).wait().unwrap();
        assert_eq!((four.doorway(), four.ordinal()), (DoorwayId(5), 4));
        let now = all(5);
        assert!(now.listed);
        assert_eq!(open(5), ["101", "102A", "201"]);
        assert_eq!((now.called_on(two, day(9)), now.called_on(two, day(10))), (Some("102"), Some("102A")));
        assert_eq!((now.called_on(four, day(11)), now.called_on(four, day(12))), (Some("301"), None));
        let taken = store.write(move |tx| tx.add_dwelling(&door(5), "201", day(13))).wait();
        assert!(matches!(taken, Err(StoreError::Duplicate(_))));
        store.write(move |tx| tx.call_dwelling(&door(5), four, Some("301"), day(14))).wait().unwrap();
        assert_eq!(all(5).called_on(four, day(15)), Some("301"), "opened again");

        // A roster is the whole list; what it knows by a supposed number keeps that one's id, what is new gets a new one.
        let (known, new) = store.write(move |tx| {
            let mut list = tx.dwellings(&door(6))?;
            Ok::<_, StoreError>((
                tx.roster_dwelling(&door(6), &mut list, "201", day(2))?,
                tx.roster_dwelling(&door(6), &mut list, "亭子间", day(2))?,
            ))
        }).wait().unwrap();
        assert_eq!((known.ordinal(), new.ordinal()), (3, 4));
        assert_eq!(open(6), ["201", "亭子间"]);
        let walk = |after, n| store.read(move |tx| tx.walk_dwellings(after, n)).wait().unwrap();
        let first = walk(None, 4);
        assert_eq!(first.len(), 4);
        assert_eq!(walk(Some(first[3].1), 9).iter().map(|d| d.2.as_str()).collect::<Vec<_>>(), ["201", "亭子间"]);
        assert_eq!(store.read(|tx| tx.count_dwellings()).wait().unwrap(), 6);
    }

    /// An invitation is good once, until it ends, and a newer one takes its place.
    fn invitations(store) {
        let whose = |t: u8, m| store.read(move |tx| tx.invited(&[t; 32], at(m))).wait().unwrap().map(|i| i.staff);
        store.write(|tx| {
            tx.insert_staff(StaffId(3), "worker", "李", "!", b"")?;
            tx.invite(&[1; 32], StaffId(3), at(0), at(60))?;
            tx.invite(&[2; 32], StaffId(3), at(1), at(60))
        }).wait().unwrap();
        assert_eq!((whose(1, 5), whose(2, 5), whose(2, 60)), (None, Some(StaffId(3)), None));
        let take = || store.write(|tx| tx.take_invitation(StaffId(3), "$argon2…", b"sealed", 9, at(6))).wait().unwrap();
        assert!(take() && !take());
        assert_eq!(whose(2, 7), None);
        let a = store.read(|tx| tx.account_by_login("worker")).wait().unwrap().unwrap();
        assert_eq!((a.password.as_str(), a.totp_used), ("$argon2…", 9));
        assert_eq!(store.write(|tx| tx.sweep_invitations(at(61))).wait().unwrap(), 2);
    }

    /// A list of fifty costs one statement, however long the list and whatever is asked of it.
    fn a_list_is_one_statement(store) {
        store.write(|tx| {
            for n in 0..60 {
                let no = report(tx, "灯", 100 + n % 3, n)?;
                give(tx, no, dispatch(40 + n % 3), &ctx(100, staff()))?;
            }
            Ok::<_, StoreError>(())
        }).wait().unwrap();
        let mine = Scope { all: false, places: vec![PlaceId(100), PlaceId(101)], units: vec![UnitId(40)] };
        for scope in [Scope { all: true, ..Scope::default() }, mine] {
            for order in [Order::Newest { after: None }, Order::Due { after: None }] {
                let filter = Filter { limit: 20, order, ..Filter::of(scope.clone()) };
                let before = store.statements();
                let (rows, ran) = store
                    .read(move |tx| Ok::<_, StoreError>((tx.list_cases(&filter, &depth)?.len(), tx.statements())))
                    .wait().unwrap();
                assert_eq!((rows, ran), (20, 1));
                assert_eq!(store.statements() - before, 1);
            }
        }
    }

    /// A code that was ended makes room for the next issue, and its neighbours stay.
    fn codes(store) {
        let d = DoorwayId(5);
        store.write(move |tx| {
            tx.end_issue(DoorCode { kind: CodeKind::Opinion, doorway: d, issue: 0 }, at(0), "被覆盖")?;
            tx.add_scans(20, CodeKind::Opinion, 3)?;
            tx.add_scans(20, CodeKind::Opinion, 2)
        }).wait().unwrap();
        let issue = |kind| store.read(move |tx| tx.valid_issue(d, kind)).wait().unwrap();
        assert_eq!((issue(CodeKind::Opinion), issue(CodeKind::Tenancy)), (1, 0));
        assert_eq!(store.read(|tx| tx.scans(20)).wait().unwrap(), [(CodeKind::Opinion, 5)]);
        let again = store.write(move |tx| {
            tx.end_issue(DoorCode { kind: CodeKind::Opinion, doorway: d, issue: 0 }, at(1), "再次")
        }).wait();
        assert!(matches!(again, Err(StoreError::Duplicate(_))));
    }

    /// Sign-ins, roles and sessions.
    fn accounts(store) {
        store.write(|tx| {
            tx.insert_staff(StaffId(3), "worker", "李", "$argon2…", b"sealed")?;
            tx.insert_grant(StaffId(3), &Grant { role: Role::CommitteeWorker, place: Some(PlaceId(100)), unit: None }, at(10))?;
            tx.sign_in_failed(StaffId(3), at(1))?;
            tx.begin_session(&[1; 32], StaffId(3), at(0), at(60), "Firefox")?;
            tx.begin_session(&[2; 32], StaffId(3), at(1), at(60), "电话")
        }).wait().unwrap();
        let a = store.read(|tx| tx.account_by_login("worker")).wait().unwrap().unwrap();
        assert_eq!((a.failures, a.locked_until), (1, at(1)));
        let step = |n| store.write(move |tx| tx.signed_in(StaffId(3), n)).wait().unwrap();
        assert!(step(7) && !step(7) && step(8), "a one-time code is good once");
        let roles = |m| store.read(move |tx| tx.grants(StaffId(3), at(m))).wait().unwrap().len();
        assert_eq!((roles(9), roles(10)), (0, 1));
        let sessions = store.read(|tx| tx.sessions(StaffId(3), at(5))).wait().unwrap();
        assert_eq!(sessions.iter().map(|s| s.device.as_str()).collect::<Vec<_>>(), ["电话", "Firefox"]);
        assert_eq!(store.write(|tx| tx.end_other_sessions(StaffId(3), &[2; 32])).wait().unwrap(), 1);
        assert!(store.read(|tx| tx.session(&[1; 32])).wait().unwrap().is_none());
        assert_eq!(store.write(|tx| tx.sweep_sessions(at(61))).wait().unwrap(), 1);
    }

    /// A job is there with what made it necessary, comes when its time has come, and is done once.
    fn jobs(store) {
        store.write(|tx| {
            tx.add_job("remind", 1, at(10))?;
            tx.add_job_once("remind", 1, at(11))?;
            tx.add_job("seal", 20, at(5))
        }).wait().unwrap();
        let due = |m| store.read(move |tx| tx.due_jobs(at(m), 10)).wait().unwrap();
        assert_eq!(due(4).len(), 0);
        assert_eq!(due(10).iter().map(|j| j.kind.as_str()).collect::<Vec<_>>(), ["seal", "remind"]);
        let seal = due(5).remove(0);
        let (again, other) = (seal.clone(), seal.id);
        assert!(store.write(move |tx| tx.job_done(&seal, 20)).wait().unwrap());
        assert!(!store.write(move |tx| tx.job_done(&again, 20)).wait().unwrap());
        assert_eq!(store.read(|tx| tx.jobs_done_on(20)).wait().unwrap(), [("seal".to_owned(), 1)]);
        let remind = due(10).remove(0);
        assert_ne!(remind.id, other);
        store.write(move |tx| tx.job_failed(remind.id, "no paper", at(30))).wait().unwrap();
        let waiting = store.read(|tx| tx.waiting_jobs()).wait().unwrap();
        assert_eq!((waiting[0].waiting, waiting[0].failing, waiting[0].first), (1, 1, at(30)));
        assert_eq!(store.read(|tx| tx.next_job()).wait().unwrap(), Some(at(30)));
    }

    /// One changed letter, one lost event, one lost subject: each is found and named.
    fn tampering(store) {
        let (a, b) = store.write(|tx| {
            let a = report(tx, "电梯坏了", 100, 0)?;
            give(tx, a, dispatch(42), &ctx(5, staff()))?;
            let b = report(tx, "灯坏了", 100, 6)?;
            tx.append_next(Chain::Codes(5), at(7), staff(), "{\"ended\":0}")?;
            tx.append_next(Chain::Codes(5), at(8), staff(), "{\"ended\":1}")?;
            tx.seal_day(20_514, at(9), at(9))?.unwrap();
            assert_eq!(tx.seal_day(20_514, at(9), at(9))?, None);
            report(tx, "后来的", 100, 20)?;
            Ok::<_, StoreError>((a, b))
        }).wait().unwrap();
        let faults = || verify(store, |_| ()).unwrap().faults;
        assert_eq!(faults(), Vec::<String>::new());
        let change = |sql: &'static str| store.write(move |tx| tx.run(sql, args![])).wait().unwrap();
        change("UPDATE event SET body = replace(body, '电梯', '电杆') WHERE id = 1");
        let found = faults();
        assert!(found[0].contains("case 1: event 1 was changed"), "{found:?}");
        assert!(found[1].contains(&format!("case {}: the row is not", a.spoken())), "{found:?}");
        change("UPDATE event SET body = replace(body, '电杆', '电梯') WHERE id = 1");
        assert_eq!(faults(), Vec::<String>::new());
        change("UPDATE cases SET body = '灯好了' WHERE no = 2");
        assert_eq!(faults(), [format!("case {}: the row is not what its events lead to", b.spoken())]);
        change("UPDATE cases SET body = '灯坏了' WHERE no = 2");
        change("DELETE FROM event WHERE subject = 'case' AND subject_id = 2");
        change("DELETE FROM cases WHERE no = 2");
        let found = faults();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("seal of 2026-03-02: 5 events were sealed, 4 are there"), "{found:?}");
        change("DELETE FROM event WHERE subject = 'codes' AND seq = 1");
        assert!(faults().iter().any(|f| f == "codes 5: event 1 is missing (event 2 follows 0)"));
    }

    /// Notices, views, looks, units.
    fn desk(store) {
        store.write(|tx| {
            let late = Told { what: What::Overdue, levels: 0, subject: Subject::case(CaseNo(1)), at: at(0) };
            assert!(tx.tell(Addressee::Place(PlaceId(10)), &late)?.is_some());
            assert!(tx.tell(Addressee::Place(PlaceId(10)), &late)?.is_none(), "the same twice is once");
            tx.save_view(StaffId(3), "急", "state=received")?;
            tx.save_view(StaffId(3), "急", "state=assigned")?;
            tx.note_look(StaffId(3), CaseNo(1), Some(PlaceId(100)), "回电", at(1))?;
            tx.set_setting("name", "示范区")
        }).wait().unwrap();
        assert_eq!(store.read(|tx| tx.told(Addressee::Place(PlaceId(10)))).wait().unwrap().len(), 1);
        assert_eq!(store.read(|tx| tx.views(StaffId(3))).wait().unwrap(), [("急".to_owned(), "state=assigned".to_owned())]);
        assert!(store.write(|tx| tx.drop_view(StaffId(3), "急")).wait().unwrap());
        assert_eq!(store.read(|tx| tx.looks_in(Some(&[PlaceId(100)]), 9)).wait().unwrap()[0].purpose, "回电");
        assert_eq!(store.read(|tx| tx.setting("name")).wait().unwrap().as_deref(), Some("示范区"));
    }

    /// Many writers at once: all are answered, each once.
    fn a_crowd(store) {
        let receipts: Vec<_> = (0..600).map(|n| store.write(move |tx| report(tx, "人多", 100 + n % 5, n))).collect();
        let mut numbers: Vec<i64> = receipts.into_iter().map(|r| r.wait().unwrap().0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 600);
        assert_eq!(verify(store, |_| ()).unwrap().cases, 600);
    }
}

/// A reader that tries to write is refused by the engine, whatever the code says.
#[test]
fn readers_cannot_write() {
    let fresh = embedded();
    let tried = fresh.store.read(|tx| report(tx, "灯", 100, 0)).wait();
    assert!(matches!(tried, Err(StoreError::ReadOnly(_))), "{tried:?}");
}

/// An old program on a newer store says so and changes nothing.
#[test]
fn a_later_store_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::parse(folder.path().to_str().unwrap());
    drop(Store::open(&place).unwrap());
    let Place::File(file) = &place else { unreachable!() };
    crate::engine::sqlite::connect(file, 100, std::time::Duration::ZERO)
        .unwrap()
        .execute_batch("PRAGMA user_version = 999")
        .unwrap();
    let Err(StoreError::TooNew { found: 999, .. }) = Store::open(&place) else {
        panic!("a store of a later program was opened");
    };
}

/// A file that is no database gets one sentence.
#[test]
fn a_file_that_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pianqu.db"), "hello, this is not a database at all".repeat(50))
        .unwrap();
    let tried = Store::open(&Place::parse(folder.path().to_str().unwrap()));
    assert!(matches!(tried.err(), Some(StoreError::Corrupt(_))));
}

/// Backup while in use, and back: the same cases.
#[test]
fn backup_and_restore() {
    let fresh = embedded();
    fresh.store.write(|tx| report(tx, "灯", 100, 0)).wait().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monday.db");
    crate::backup::backup(&fresh.store, &file).unwrap();
    assert!(matches!(crate::backup::backup(&fresh.store, &file), Err(StoreError::Duplicate(_))));
    let into = folder.path().join("new").join("pianqu.db");
    crate::backup::restore(&file, &into).unwrap();
    let again = Store::open(&Place::File(into.clone())).unwrap();
    assert_eq!(again.read(|tx| tx.case(CaseNo(1))).wait().unwrap().unwrap().text, "灯");
    assert!(matches!(crate::backup::restore(&file, &into), Err(StoreError::Duplicate(_))));
}

mod registrations;
