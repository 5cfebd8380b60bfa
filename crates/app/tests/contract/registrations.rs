//! A household from the door to the register, and gone; a letting beside it; what staff may see, and what they see
//! of one another.

use crate::stage::{HOME, Stage, at, on_both, who};
use app::registrations::{Change, CodeSender, Declared, NotSent, ShownCodes, Step, Undone, Whose};
use app::{App, AppError, Scanned};
use domain::access::Role;
use domain::codes::{CodeKind, DoorCode};
use domain::registrations::forms::{Depth, Form};
use domain::registrations::life::{FailReason, State};
use domain::registrations::questions::Question;
use domain::registrations::rent::Verdict;
use domain::registrations::residency::{self, TypedPerson};
use domain::registrations::{Kind, tenancy};
use domain::{DoorwayId, RegistrationId};
use jiff::civil::date;
use std::sync::Arc;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

pub(crate) fn ready(stage: &Stage) -> [Form; 2] {
    stage.app.set_sender(Arc::new(ShownCodes::default()));
    stage.app.plant_jobs().unwrap();
    Kind::ALL.map(|kind| stage.app.publish_at_load(kind, Depth::Full, 4_000, date(2026, 6, 1)).unwrap())
}

fn door(stage: &Stage, kind: CodeKind) -> Scanned {
    let code = stage.app.write_code(DoorCode { kind, doorway: DoorwayId(5), issue: 0 }).unwrap();
    stage.wait(stage.app.scan(&code)).unwrap()
}

fn person(who: &str, name: &str, id: &str, country: &str) -> TypedPerson {
    TypedPerson {
        who: who.into(),
        name: name.into(),
        id: id.into(),
        country: country.into(),
        ..TypedPerson::default()
    }
}

/// Three people, one of them from abroad, in flat 301.
pub(crate) fn household(phone: &str) -> residency::Typed {
    residency::Typed {
        dwelling: "301室".into(),
        since: "2026-03-02".into(),
        since_time: "08:30".into(),
        phone: phone.into(),
        consent: true,
        people: vec![
            person("elsewhere", "张三丰", "11010519491231002X", ""),
            person("city", "李四光", "310104199001011233", ""),
            person("abroad", "Jane Doe", "X7654321", "GBR"),
        ],
        ..residency::Typed::default()
    }
}

pub(crate) fn declare(stage: &Stage, form: &Form, typed: &residency::Typed, once: u8) -> Declared {
    let at = door(stage, CodeKind::Residency);
    stage.wait(stage.app.declare_residency(&at, form, typed, [once; 16])).unwrap()
}

pub(crate) fn confirm(stage: &Stage, d: &Declared) {
    let own = stage.wait(stage.app.own_registration(&d.link)).unwrap();
    assert!(own.waits_for_code);
    stage.wait(stage.app.confirm_registration(&d.link, &own.shown_code.unwrap())).unwrap();
}

fn states(stage: &Stage, d: &Declared) -> Vec<State> {
    let own = stage.wait(stage.app.own_registration(&d.link)).unwrap();
    own.members.iter().map(|m| m.registration.state).collect()
}

fn verify_all(stage: &Stage, d: &Declared) {
    let own = stage.wait(stage.app.own_registration(&d.link)).unwrap();
    for m in own.members.iter().filter(|m| m.registration.state == State::Pending) {
        let worker = who(Role::CommitteeWorker);
        stage.wait(stage.app.verify_registration(&worker, m.registration.no, Step::Verify)).unwrap();
    }
}

on_both! {
    /// Declared, confirmed, verified, handed off, answered, and thirty days later gone.
    fn from_the_door_to_the_register(stage) {
        let [form, _] = ready(stage);
        let d = declare(stage, &form, &household("13800138000"), 1);
        assert_eq!(declare(stage, &form, &household("13800138000"), 1), d, "a double tap makes one");
        assert_eq!(states(stage, &d), [State::Declared; 3]);
        let worker = who(Role::CommitteeWorker);
        let early = stage.wait(stage.app.verify_registration(&worker, d.household, Step::Verify));
        assert!(matches!(early, Err(AppError::NotThisWay(_))), "nobody verifies what is not confirmed");
        assert!(stage.wait(stage.app.confirm_registration(&d.link, "000000")).is_err());
        confirm(stage, &d);

        let desk = stage.wait(stage.app.registration_desk(&worker, State::Pending)).unwrap();
        let [visit] = desk.soon.as_slice() else { panic!("the foreigner's hours come first") };
        assert_eq!((visit.dwelling.as_str(), visit.entries.len()), ("301", 3));
        assert!(visit.entries.iter().any(|e| e.abroad) && visit.entries.iter().any(|e| e.name == "张**"));
        assert_eq!(stage.app.hours_until(visit.due), 23);

        let record = stage.wait(stage.app.open_record(&worker, d.household, None)).unwrap();
        assert_eq!(record.opened[0].1.as_ref().unwrap().get("id"), "11010519491231002X");
        verify_all(stage, &d);
        let office = who(Role::DistrictOffice);
        let none = stage.wait(stage.app.hand_off(&office, Kind::Tenancy, None, "房管局", "条例"));
        assert!(matches!(none, Err(AppError::Invalid(_))));
        let batch = stage.wait(stage.app.hand_off(&office, Kind::Residency, None, "派出所", "条例第四条")).unwrap();
        assert_eq!((batch.receipt.records, batch.table.rows.len()), (3, 3));
        assert!(batch.table.rows.iter().any(|r| r.contains(&"X7654321".to_owned())));
        assert_eq!(batch.receipt.digest, batch.table.digest());
        assert!(stage.app.is_hand_off_signature(&batch.receipt.digest, &batch.receipt.signature));
        let again = stage.wait(stage.app.hand_off_file(&office, batch.receipt.no, "重发")).unwrap();
        assert_eq!(again.table.digest(), batch.table.digest());

        // Two accepted, one sent back.
        let lines: Vec<String> = batch.table.rows.iter().zip(["接收", "退回", "accepted"])
            .map(|(r, said)| format!("{},{said}", r[0])).collect();
        let answers = App::read_answer(&format!("编号,结果\n{}", lines.join("\n"))).unwrap();
        let receipt = stage.wait(stage.app.take_answer(&office, batch.receipt.no, answers.clone())).unwrap();
        assert_eq!((receipt.accepted, receipt.refused), (2, 1));
        assert!(stage.wait(stage.app.take_answer(&office, batch.receipt.no, answers)).is_err(), "once is enough");
        let after = states(stage, &d);
        assert_eq!(after.iter().filter(|s| **s == State::HandedOff).count(), 2);
        assert_eq!(after.iter().filter(|s| **s == State::Failed).count(), 1);
        stage.verify();

        stage.later(30 * DAY - 60);
        assert!(states(stage, &d).iter().all(|s| *s != State::Deleted));
        stage.later(30 * DAY + 60);
        let own = stage.wait(stage.app.own_registration(&d.link)).unwrap();
        assert!(own.members.iter().all(|m| m.registration.state == State::Deleted && m.content.is_none()));
        assert_eq!(own.members.iter().filter(|m| m.receipt.is_some()).count(), 3, "the receipt stays");
        let gone = stage.wait(stage.app.hand_off_file(&office, batch.receipt.no, "重发"));
        assert!(matches!(gone, Err(AppError::NotFound)));
        assert_eq!(stage.wait(stage.app.receipts(&office)).unwrap().len(), 1);
        stage.later(4 * 366 * DAY);
        assert_eq!(stage.wait(stage.app.receipts(&office)).unwrap().len(), 0);
        stage.verify();
    }

    /// The person sees, copies, corrects, moves away, deletes; and sees who looked.
    fn the_rights_of_the_person(stage) {
        let [form, _] = ready(stage);
        let d = declare(stage, &form, &household("13800138000"), 1);
        assert!(stage.wait(stage.app.registration_copy(&d.link)).is_err(), "nothing before the code");
        confirm(stage, &d);
        let copy = stage.wait(stage.app.registration_copy(&d.link)).unwrap();
        assert!(copy.contains("11010519491231002X") && copy.contains("310104199001011233"));
        let forged = d.link.replace(char::from(d.link.as_bytes()[5]), "x");
        assert!(matches!(stage.wait(stage.app.own_registration(&forged)), Err(AppError::NotFound)));

        let worker = who(Role::CommitteeWorker);
        let fail = Step::Fail(FailReason::DetailsDiffer);
        stage.wait(stage.app.verify_registration(&worker, d.household, fail)).unwrap();
        let wrong = TypedPerson { id: "110105194912310021".into(), ..TypedPerson::default() };
        let refused = stage.wait(stage.app.correct_registration(&d.link, d.household, wrong, String::new(), String::new()));
        assert!(matches!(refused, Err(AppError::Invalid(i)) if i.field == "id"));
        let right = TypedPerson { id: "310104194912310020".into(), ..TypedPerson::default() };
        stage.wait(stage.app.correct_registration(&d.link, d.household, right, "302".into(), String::new())).unwrap();
        let own = stage.wait(stage.app.own_registration(&d.link)).unwrap();
        let content = own.members[0].content.as_ref().unwrap();
        assert_eq!((content.get("id"), content.get("dwelling"), content.get("name")), ("310104194912310020", "302", "张三丰"));
        assert_eq!(own.members[0].registration.state, State::Pending, "it is verified anew");

        // From above a purpose is asked, and the neighbourhood and the person see it; other neighbourhoods see nothing.
        let leader = who(Role::SubdistrictLeader);
        assert!(matches!(stage.wait(stage.app.open_record(&leader, d.household, None)), Err(AppError::Invalid(_))));
        stage.wait(stage.app.open_record(&leader, d.household, Some("复核投诉"))).unwrap();
        let looks = stage.wait(stage.app.outside_looks(&worker)).unwrap();
        assert!(looks.iter().all(|l| l.place == HOME && l.purpose == "复核投诉") && looks.len() == 3);
        let own = stage.wait(stage.app.own_registration(&d.link)).unwrap();
        assert_eq!(own.members[0].looks.len(), 1);
        for role in [Role::SystemAdmin, Role::SectionOfficer, Role::PairedOfficial, Role::Auditor] {
            let seen = stage.wait(stage.app.open_record(&who(role), d.household, Some("看看")));
            assert!(matches!(seen, Err(AppError::NotFound)), "{role:?}");
        }

        let second = own.members[1].registration.no;
        stage.wait(stage.app.change_registration(&d.link, Whose::One(second), Change::End(date(2026, 3, 2)))).unwrap();
        stage.wait(stage.app.change_registration(&d.link, Whose::One(d.household), Change::Withdraw)).unwrap();
        assert_eq!(states(stage, &d)[..2], [State::Withdrawn, State::Ended]);
        stage.wait(stage.app.change_registration(&d.link, Whose::All, Change::Delete)).unwrap();
        assert_eq!(states(stage, &d), [State::Deleted; 3]);
        let copy = stage.wait(stage.app.registration_copy(&d.link)).unwrap();
        assert!(!copy.contains("310104194912310020"));
        stage.verify();
    }

    /// Without the link: a code to the telephone opens what is registered with it, and tells nothing otherwise.
    fn found_again_by_telephone(stage) {
        let sent = Arc::new(ShownCodes::default());
        let [form, _] = ready(stage);
        stage.app.set_sender(sent.clone());
        let d = declare(stage, &form, &household("13800138000"), 1);
        confirm(stage, &d);
        stage.wait(stage.app.find_by_phone("13911112222")).unwrap();
        assert_eq!(sent.shown("13911112222"), None, "a stranger gets no code, and is told the same");
        stage.clock.set(at(2));
        stage.wait(stage.app.find_by_phone("138 0013 8000")).unwrap();
        let code = sent.shown("13800138000").unwrap();
        for _ in 0..5 {
            assert!(stage.wait(stage.app.found_by_phone("13800138000", "1")).is_err());
        }
        assert!(stage.wait(stage.app.found_by_phone("13800138000", &code)).is_err(), "five wrong ones spoil it");
        stage.clock.set(at(4));
        stage.wait(stage.app.find_by_phone("13800138000")).unwrap();
        let code = sent.shown("13800138000").unwrap();
        let found = stage.wait(stage.app.found_by_phone("13800138000", &code)).unwrap();
        assert_eq!(found, [(d.link.clone(), d.household)]);
        assert!(stage.wait(stage.app.found_by_phone("13800138000", &code)).is_err(), "a code fits once");
        for n in 3..6 {
            stage.clock.set(at(2 * n));
            stage.wait(stage.app.find_by_phone("13800138000")).unwrap();
        }
    }

    /// A letting and a household of one dwelling: questions, and the rules as hints.
    fn a_letting_beside_a_household(stage) {
        let [residents, letting] = ready(stage);
        let t = tenancy::Typed {
            role: "landlord".into(), dwelling: "３０１".into(), phone: "13900139000".into(), name: "王房东".into(),
            people: "2".into(), from: "2026-01-01".into(), to: "2026-12-31".into(), room: "room".into(),
            origin: "partition".into(), area: "9.99".into(), consent: true, ..tenancy::Typed::default()
        };
        let at = door(stage, CodeKind::Tenancy);
        let lease = stage.wait(stage.app.declare_tenancy(&at, &letting, &t, [9; 16])).unwrap();
        confirm(stage, &lease);
        let worker = who(Role::CommitteeWorker);
        let ask = |stage: &Stage| {
            let desk = stage.wait(stage.app.registration_desk(&worker, State::Pending)).unwrap();
            desk.soon.into_iter().chain(desk.route).flat_map(|v| v.questions).collect::<Vec<_>>()
        };
        assert_eq!(ask(stage), [Question::LetAndNobody(lease.household)]);
        let d = declare(stage, &residents, &household("13800138000"), 1);
        confirm(stage, &d);
        assert_eq!(ask(stage), [Question::MoreThanTold(lease.household, 3, 2)]);
        let record = stage.wait(stage.app.open_record(&worker, d.household, None)).unwrap();
        assert_eq!((record.opened.len(), record.beside.len()), (3, 1));
        let verdict = |rule| record.rent.iter().find(|f| f.rule == rule).unwrap().verdict;
        assert_eq!((verdict("RENT-1"), verdict("RENT-4"), verdict("RENT-3")), (Verdict::Hint, Verdict::Hint, Verdict::Fine));
        // The same person at another door.
        let mut other = household("13700137000");
        other.dwelling = "808".into();
        other.people.truncate(1);
        confirm(stage, &declare(stage, &residents, &other, 2));
        assert!(ask(stage).iter().any(|q| matches!(q, Question::TwoAddresses(_, 1))));
        // And the same form filled in again: shown to the collector as perhaps the same.
        let twice = declare(stage, &residents, &household("13600136000"), 3);
        confirm(stage, &twice);
        let desk = stage.wait(stage.app.registration_desk(&worker, State::Pending)).unwrap();
        let entries: Vec<_> = desk.soon.iter().chain(&desk.route).flat_map(|v| &v.entries).collect();
        let same = entries.iter().find(|e| e.registration.no == twice.household).unwrap();
        assert_eq!(same.same_as, Some(d.household));
        stage.wait(stage.app.verify_registration(&worker, twice.household, Step::Duplicate)).unwrap();
        stage.verify();
    }

    /// What is wrong comes back field by field, and nothing is kept; a form that has ended takes nothing.
    fn what_is_not_taken(stage) {
        let [form, _] = ready(stage);
        let at_door = door(stage, CodeKind::Residency);
        let mut typed = household("13800138000");
        typed.people[0].id = "110105194912310021".into();
        typed.consent = false;
        let Err(Undone::Faults(faults)) = stage.wait(stage.app.declare_residency(&at_door, &form, &typed, [1; 16]))
        else { panic!("it was taken") };
        assert_eq!(faults.iter().map(|f| f.field).collect::<Vec<_>>(), ["id", "consent"]);
        let worker = who(Role::CommitteeWorker);
        assert!(stage.wait(stage.app.registration_desk(&worker, State::Declared)).unwrap().counts.is_empty());
        assert!(stage.wait(stage.app.open_form(Kind::Residency)).unwrap().is_some());
        stage.clock.set(at(100 * DAY));
        assert!(stage.wait(stage.app.open_form(Kind::Residency)).unwrap().is_none());
        let refused = stage.wait(stage.app.publish_form(&worker, Kind::Residency, Depth::Lead, &[], 1, None));
        assert!(matches!(refused, Err(AppError::NotAllowed)));
        let office = who(Role::DistrictOffice);
        let refused = stage.wait(stage.app.publish_form(&office, Kind::Residency, Depth::Lead, &[], 1, None));
        assert!(matches!(refused, Err(AppError::NotPublished(_))));
        let next = stage
            .wait(stage.app.publish_form(&office, Kind::Residency, Depth::Lead, &["id"], 9, Some(date(2026, 9, 1))))
            .unwrap();
        assert_eq!((next.version, next.asks("id"), next.asks("occupation")), (2, true, false));
        stage.verify();
    }

    /// Where no text message can be sent, none is asked for; and what is never confirmed is thrown away in a day.
    fn without_a_gateway(stage) {
        struct Down;
        impl CodeSender for Down {
            fn send(&self, _: &str, _: &str) -> Result<(), NotSent> {
                Err(NotSent("the line is down".into()))
            }
        }
        let [form, _] = ready(stage);
        stage.app.set_sender(Arc::new(app::registrations::NoSender));
        let d = declare(stage, &form, &household("13800138000"), 1);
        assert_eq!(states(stage, &d), [State::Pending; 3]);
        stage.app.set_sender(Arc::new(Down));
        let kept = declare(stage, &form, &household("13900138000"), 2);
        assert_eq!(states(stage, &kept), [State::Declared; 3], "kept, and the code can be asked for again");
        stage.later(DAY + 60);
        assert_eq!(states(stage, &kept), [State::Deleted; 3]);
        assert_eq!(states(stage, &d), [State::Pending; 3]);
        stage.verify();
    }

    /// Sums by place and week, small cells left out.
    fn sums_without_small_cells(stage) {
        let [form, _] = ready(stage);
        for n in 0..4 {
            let mut typed = household("13800138000");
            typed.people.truncate(2);
            typed.dwelling = format!("{}01", n + 1);
            let d = declare(stage, &form, &typed, n + 1);
            // Codes to one phone: not more than five an hour.
            stage.clock.set(at(i64::from(n) * 30));
            stage.wait(stage.app.send_registration_code(&d.link)).unwrap();
            confirm(stage, &d);
        }
        let totals = stage.wait(stage.app.registration_totals(&who(Role::DistrictOffice), Kind::Residency)).unwrap();
        assert_eq!(totals.places.len(), 1);
        assert_eq!(totals.by_week.cells[0].last(), Some(&Some(8)));
        let below = stage.wait(stage.app.registration_totals(&who(Role::SubdistrictLeader), Kind::Residency)).unwrap();
        assert_eq!(below.places.len(), 2, "one row a precinct");
        verify_one(stage);
        let after = stage.wait(stage.app.registration_totals(&who(Role::DistrictOffice), Kind::Residency)).unwrap();
        assert!(after.by_step.cells[0][1].is_none(), "one person is not told");
        let refused = stage.wait(stage.app.registration_totals(&who(Role::SystemAdmin), Kind::Residency));
        assert!(matches!(refused, Err(AppError::NotAllowed)));
    }
}

fn verify_one(stage: &Stage) {
    let worker = who(Role::CommitteeWorker);
    stage.wait(stage.app.verify_registration(&worker, RegistrationId(1), Step::Verify)).unwrap();
}
