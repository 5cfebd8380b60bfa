//! The edges of the rules, one table after the other.

use super::content::dwelling;
use super::forms::{Depth, Form, NotPublished, drafts, publish};
use super::life::{
    Command, Declaration, Event, FailReason, Refusal, State, Terms, apply, decide, declare, deletion,
};
use super::questions::{Fact, Question, at_dwelling};
use super::rent::{Letting, Origin, RoomKind, Tie, Verdict, hundredths, judge};
use super::residency::{self, Branch, TypedPerson, hours_left};
use super::{Kind, sums, tenancy};
use crate::rulebook::Rulebook;
use crate::{Actor, Context, HandOffId, RegistrationId, StaffId};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hours)
}

fn ctx(hours: i64, actor: Actor) -> Context {
    Context::new(at(hours), actor, [7; 32])
}

const STAFF: Actor = Actor::Staff { id: StaffId(3), unit: None };

fn today() -> Date {
    date(2026, 3, 2)
}

fn published(kind: Kind) -> Form {
    let form = Form { ends_on: Some(date(2026, 6, 1)), people: 1000, ..Form::draft(kind) };
    publish(form, 0, today()).unwrap()
}

#[test]
fn a_form_is_published_only_with_its_reasons_and_its_end() {
    for draft in drafts() {
        let good = Form { ends_on: Some(date(2026, 9, 2)), ..draft.clone() };
        assert_eq!(publish(good.clone(), 4, today()).unwrap().version, 5);
        assert_eq!(publish(draft.clone(), 0, today()), Err(NotPublished::NoEnd));
        let late = Form { ends_on: Some(date(2026, 9, 3)), ..draft.clone() };
        assert_eq!(publish(late, 0, today()), Err(NotPublished::TooLong(date(2026, 9, 2))));
        let mut held = good.clone();
        held.fields[0].key = "address".into();
        assert_eq!(publish(held, 0, today()), Err(NotPublished::Held("address".into())));
        let mut twice = good.clone();
        twice.fields.push(twice.fields[0].clone());
        assert!(matches!(publish(twice, 0, today()), Err(NotPublished::Twice(_))));
        let mut bare = good.clone();
        bare.fields[1].legal_basis = " ".into();
        let refused = publish(bare, 0, today()).unwrap_err();
        assert!(refused.to_string().contains("legal basis") && refused.zh().contains("法律依据"));
        let photo = super::forms::Field { key: "passport_photo".into(), ..good.fields[0].clone() };
        let mut with = good.clone();
        with.fields.push(photo);
        assert!(
            matches!(publish(with, 0, today()), Err(NotPublished::Unknown(_))),
            "no picture is ever asked"
        );
        assert_eq!(
            publish(Form { owner: String::new(), ..good }, 0, today()),
            Err(NotPublished::Missing("owner"))
        );
    }
}

#[test]
fn the_lead_depth_asks_for_no_document() {
    let lead = published(Kind::Residency).at_depth(Depth::Lead, &[]);
    assert!(!lead.asks("id") && !lead.is_sensitive() && lead.asks("name"));
    assert!(published(Kind::Residency).at_depth(Depth::Lead, &["id"]).asks("id"));
    assert!(lead.is_open(date(2026, 5, 31)) && !lead.is_open(date(2026, 6, 1)));
    assert_eq!(lead.cost(), 2000);
}

fn person(who: Branch, name: &str, id: &str, country: &str) -> TypedPerson {
    TypedPerson {
        who: who.key().into(),
        name: name.into(),
        id: id.into(),
        country: country.into(),
        ..TypedPerson::default()
    }
}

fn household(people: Vec<TypedPerson>) -> residency::Typed {
    residency::Typed {
        dwelling: "３０１室".into(),
        since: "2026-03-01".into(),
        phone: "138 0013 8000".into(),
        consent: true,
        people,
        ..residency::Typed::default()
    }
}

#[test]
fn a_household_of_three_with_one_foreigner() {
    let form = published(Kind::Residency);
    let mut typed = household(vec![
        person(Branch::Elsewhere, "张三", "11010519491231002x", ""),
        person(Branch::HkMoTw, "陈四", "H12345678", ""),
        person(Branch::Abroad, "Jane Doe", "x1234567", "gbr"),
    ]);
    let h = residency::check(&form, &typed, at(0), &Terms::default()).unwrap();
    assert_eq!((h.dwelling.as_str(), h.people.len()), ("301", 3));
    // Only the day was given: the hours run from its midnight in Shanghai.
    let since: Timestamp = "2026-02-28T16:00:00Z".parse().unwrap();
    assert_eq!(h.people[2].abroad_since, Some(since));
    assert_eq!(h.people[0].abroad_since, None);
    assert!(hours_left(since, at(0), &Terms::default()) < 0);
    typed.since_time = "21:30".into();
    let h = residency::check(&form, &typed, at(0), &Terms::default()).unwrap();
    assert_eq!(hours_left(h.people[2].abroad_since.unwrap(), at(0), &Terms::default()), 12);
    assert_eq!(h.people[0].content.masked("id"), "**************002X");
    assert_eq!(h.people[0].content.masked("name"), "张*");
    assert_eq!(format!("{:?}", h.people[0].content), "Content(…)");
}

#[test]
fn each_fault_is_one_sentence_beside_its_field() {
    let form = published(Kind::Residency);
    let mut typed = household(vec![
        person(Branch::Elsewhere, "张三", "110105194912310021", ""),
        person(Branch::Abroad, "Jane", "X1234567", "Britain"),
        TypedPerson::default(),
    ]);
    typed.consent = false;
    typed.phone = "021 64720000".into();
    typed.since = "2026-03-03".into();
    let faults = residency::check(&form, &typed, at(0), &Terms::default()).err().unwrap();
    let named: Vec<_> = faults.iter().map(|f| (f.field, f.person)).collect();
    assert_eq!(
        named,
        [
            ("since", None),
            ("phone", None),
            ("id", Some(0)),
            ("country", Some(1)),
            ("who", Some(2)),
            ("name", Some(2)),
            ("consent", None)
        ]
    );
    assert!(faults.iter().all(|f| !f.zh.contains("110105") && !f.en.contains("110105")));
}

#[test]
fn a_guardian_consents_for_a_child() {
    let form = published(Kind::Residency);
    // 14 on the first of January 2026; and one born on 29 February 2020.
    let child = household(vec![person(Branch::City, "小明", "310104202002290013", "")]);
    let faults = residency::check(&form, &child, at(0), &Terms::default()).err().unwrap();
    assert_eq!(faults[0].field, "guardian");
    let with = residency::Typed { guardian: true, ..child };
    assert!(residency::check(&form, &with, at(0), &Terms::default()).unwrap().people[0].guardian);
}

#[test]
fn dwellings_are_read_as_people_write_them() {
    for (typed, read) in
        [("301", "301"), ("３０１ 室", "301"), (" 301室 ", "301"), ("12a", "12A"), ("亭子间", "亭子间")]
    {
        assert_eq!(dwelling(typed).unwrap(), read, "{typed}");
    }
    assert!(dwelling("  ").is_err() && dwelling("室").is_err());
}

#[test]
fn from_declared_to_deleted() {
    let terms = Terms::default();
    let mut d = Declaration::example(Kind::Residency);
    d.abroad_since = Some(at(-2));
    let (r, opening) = declare(RegistrationId(1), d, &ctx(0, Actor::Resident), &terms);
    assert_eq!(r.due, at(22), "24 hours from moving in");
    assert!(!serde_json::to_string(&opening[0].event).unwrap().contains("301"));
    let step = |r: &super::Registration, c, h, a| {
        decide(r, c, &ctx(h, a), &terms).map(|e| e.iter().fold(r.clone(), apply))
    };
    assert!(step(&r, Command::Verify, 1, STAFF).is_err());
    let r = step(&r, Command::Confirm, 1, Actor::Resident).unwrap();
    let failed = step(&r, Command::Fail(FailReason::NotReached), 2, STAFF).unwrap();
    assert_eq!((failed.state, failed.failed), (State::Failed, Some(FailReason::NotReached)));
    assert_eq!(step(&failed, Command::Correct, 3, Actor::Resident).unwrap().state, State::Pending);
    let r = step(&r, Command::Verify, 2, STAFF).unwrap();
    assert_eq!(step(&r, Command::Reopen, 3, STAFF).unwrap().state, State::Pending);
    let batch = HandOffId(9);
    let r = step(&r, Command::HandOff(batch), 4, STAFF).unwrap();
    assert_eq!(step(&r, Command::Answer(HandOffId(8), true), 5, STAFF), Err(Refusal::OtherBatch));
    let refused = step(&r, Command::Answer(batch, false), 5, STAFF).unwrap();
    assert_eq!((refused.state, refused.failed), (State::Failed, Some(FailReason::Refused)));
    let r = step(&r, Command::Answer(batch, true), 5, STAFF).unwrap();
    assert_eq!((r.state, r.valid_until), (State::HandedOff, Some(date(2027, 3, 2))));
    let days = |n: i64| 4 + 24 * n;
    assert_eq!(step(&r, Command::DeleteContent, days(30) - 1, Actor::System), Err(Refusal::TooEarly));
    let gone = step(&r, Command::DeleteContent, days(30), Actor::System).unwrap();
    assert_eq!(gone.state, State::Deleted);
    assert!(step(&gone, Command::Renew, days(300), Actor::Resident).is_ok());
    assert!(step(&gone, Command::Withdraw, days(31), Actor::Resident).is_err());
    // The person need not wait, and staff can do neither for them.
    assert!(step(&r, Command::DeleteContent, 6, Actor::Resident).is_ok());
    assert_eq!(step(&r, Command::Withdraw, 6, STAFF), Err(Refusal::NotFromStaff));
    assert_eq!(step(&r, Command::DeleteContent, 6, STAFF), Err(Refusal::NotFromStaff));
    assert_eq!(step(&r, Command::End(date(2026, 3, 9)), 6, Actor::Resident), Err(Refusal::DayAhead));
    assert_eq!(step(&r, Command::End(date(2026, 3, 1)), 6, Actor::Resident).unwrap().state, State::Ended);
}

#[test]
fn what_was_never_confirmed_is_thrown_away_in_a_day() {
    let (r, _) = declare(
        RegistrationId(1),
        Declaration::example(Kind::Tenancy),
        &ctx(0, Actor::Resident),
        &Terms::default(),
    );
    assert_eq!(deletion(&r, &Terms::default()), Some(at(24)));
}

proptest! {
    /// Whatever is done in whatever order: the row is what its events lead to, nothing leaves Deleted but a renewal
    /// of the certificate, and nothing is handed off that was not verified just before.
    #[test]
    fn a_life_in_any_order(steps in prop::collection::vec((0usize..12, any::<bool>(), 0i64..2000), 0..30)) {
        let terms = Terms::default();
        let (mut r, mut events) =
            declare(RegistrationId(1), Declaration::example(Kind::Residency), &ctx(0, Actor::Resident), &terms);
        for (n, staff, hours) in steps {
            let command = [
                Command::Confirm, Command::Verify, Command::Fail(FailReason::DetailsDiffer),
                Command::FindDuplicate(None), Command::Reopen, Command::Correct,
                Command::HandOff(HandOffId(1)), Command::Answer(HandOffId(1), n % 2 == 0), Command::End(today()),
                Command::Renew, Command::Withdraw, Command::DeleteContent,
            ][n];
            let actor = if staff { STAFF } else { Actor::System };
            if let Ok(more) = decide(&r, command, &ctx(hours, actor), &terms) {
                for e in more {
                    let before = r.state;
                    r = apply(r, &e);
                    if matches!(e.event, Event::HandedOff { .. }) {
                        prop_assert_eq!(before, State::Verified);
                    }
                    if before == State::Deleted {
                        prop_assert_eq!(r.state, State::Deleted);
                    }
                    events.push(e);
                }
            }
        }
        prop_assert_eq!(super::life::rebuild(RegistrationId(1), &events), Some(r));
    }
}

fn verdict(l: Letting, rule: &str) -> Verdict {
    let book = Rulebook::china();
    let found = judge(&l, &|id| book.rule(id, today()));
    assert!(found.iter().all(|f| !f.legal_ref.is_empty()), "every rule has its law");
    found.into_iter().find(|f| f.rule == rule).unwrap().verdict
}

#[test]
fn the_edges_of_the_rent_rules() {
    use Verdict::{CannotJudge, Fine, Hint};
    let room = Letting { room: Some(RoomKind::Room), origin: Some(Origin::Original), ..Letting::default() };
    // Two adults with their infant; a couple and a third person; siblings.
    let three = |tie| Letting { people: Some(3), tie, ..room };
    assert_eq!(verdict(three(Some(Tie::Family)), "RENT-3"), Fine);
    assert_eq!(verdict(three(Some(Tie::Others)), "RENT-3"), Hint);
    assert_eq!(verdict(three(Some(Tie::Kin)), "RENT-3"), CannotJudge);
    assert_eq!(verdict(three(None), "RENT-3"), CannotJudge);
    assert_eq!(verdict(Letting { people: Some(2), ..room }, "RENT-3"), Fine);
    // 4.99 and 5.00 a head; no exception for families; the area missing.
    let space = |area, people| Letting {
        area: hundredths(area),
        people: Some(people),
        tie: Some(Tie::Family),
        ..room
    };
    assert_eq!(verdict(space("5.00", 1), "RENT-4"), Fine);
    assert_eq!(verdict(space("4.99", 1), "RENT-4"), Hint);
    assert_eq!(verdict(space("15", 3), "RENT-4"), Fine);
    assert_eq!(verdict(space("14.99", 3), "RENT-4"), Hint);
    assert_eq!(verdict(space("", 3), "RENT-4"), CannotJudge);
    // A room split by a partition; the rooms of an old lane house.
    assert_eq!(verdict(Letting { origin: Some(Origin::Partition), ..room }, "RENT-1"), Hint);
    for (kind, wanted) in [
        (RoomKind::Pavilion, Fine),
        (RoomKind::Front, Fine),
        (RoomKind::Back, Fine),
        (RoomKind::Kitchen, Hint),
        (RoomKind::Attic, CannotJudge),
    ] {
        assert_eq!(verdict(Letting { room: Some(kind), ..room }, "RENT-2"), wanted, "{kind:?}");
    }
    let many = |rooms, people| Letting { rooms: Some(rooms), all_people: Some(people), ..room };
    assert_eq!(verdict(many(9, 14), "RENT-5"), Fine);
    assert_eq!(verdict(many(10, 1), "RENT-5"), Hint);
    assert_eq!(verdict(many(1, 15), "RENT-5"), Hint);
    assert_eq!(verdict(Letting { dormitory: Some(true), ..room }, "RENT-6"), Hint);
}

#[test]
fn areas_are_exact() {
    for (typed, read) in
        [("5", Some(500)), ("4.99", Some(499)), ("１２．５㎡", Some(1250)), ("12.5 平方米", Some(1250))]
    {
        assert_eq!(hundredths(typed), read, "{typed}");
    }
    for typed in ["", "4.999", "-5", "1e3", "five", ".", "12.5.1", "９９９９９９９"] {
        assert_eq!(hundredths(typed), None, "{typed}");
    }
}

#[test]
fn a_letting_is_checked() {
    let form = published(Kind::Tenancy);
    let typed = tenancy::Typed {
        role: "tenant".into(),
        dwelling: "301".into(),
        phone: "13800138000".into(),
        name: "李四".into(),
        people: "3".into(),
        from: "2026-01-01".into(),
        to: "2026-12-31".into(),
        room: "room".into(),
        area: "12.5".into(),
        consent: true,
        ..tenancy::Typed::default()
    };
    let t = tenancy::check(&form, &typed, at(0)).unwrap();
    assert_eq!(tenancy::letting(&t.content).area, Some(1250));
    let wrong =
        tenancy::Typed { role: "neighbour".into(), to: "2025-01-01".into(), area: "big".into(), ..typed };
    let faults = tenancy::check(&form, &wrong, at(0)).err().unwrap();
    assert_eq!(faults.iter().map(|f| f.field).collect::<Vec<_>>(), ["role", "to", "area"]);
}

#[test]
fn what_does_not_fit_becomes_a_question() {
    let live = |no, elsewhere| Fact {
        no: RegistrationId(no),
        kind: Kind::Residency,
        state: State::Pending,
        elsewhere,
        people: None,
        ends: None,
    };
    let lease =
        |people, ends| Fact { kind: Kind::Tenancy, people: Some(people), ends: Some(ends), ..live(9, 0) };
    let (past, ahead) = (date(2026, 3, 1), date(2026, 3, 2));
    let ask = |facts: &[Fact]| at_dwelling(facts, today());
    assert_eq!(ask(&[lease(2, ahead)]), [Question::LetAndNobody(RegistrationId(9))]);
    assert_eq!(ask(&[lease(1, ahead), live(1, 0)]), []);
    assert_eq!(
        ask(&[lease(1, ahead), live(1, 0), live(2, 0)]),
        [Question::MoreThanTold(RegistrationId(9), 2, 1)]
    );
    assert_eq!(ask(&[lease(1, past), live(1, 0)]), [Question::EndedWithPeople(RegistrationId(9), past, 1)]);
    assert_eq!(ask(&[lease(1, past)]), []);
    assert_eq!(ask(&[live(1, 2)]), [Question::TwoAddresses(RegistrationId(1), 2)]);
    let gone = Fact { state: State::Withdrawn, ..live(1, 2) };
    assert_eq!(ask(&[gone]), []);
    for q in [Question::LetAndNobody(RegistrationId(1)), Question::TwoAddresses(RegistrationId(1), 1)] {
        assert!(q.zh().ends_with('？') && q.en().ends_with('?'), "a question, not a finding");
    }
}

/// Whether a cell left out follows from what is shown: solved exactly, over the whole system of equations.
fn follows(shown: &[Vec<Option<u64>>], target: (usize, usize)) -> bool {
    let unknown: Vec<(usize, usize)> = shown
        .iter()
        .enumerate()
        .flat_map(|(r, row)| row.iter().enumerate().filter(|(_, v)| v.is_none()).map(move |(c, _)| (r, c)))
        .collect();
    let (rows, columns) = (shown.len(), shown[0].len());
    // One equation a line: the cells, less the total, are nothing. Only the left side matters for what follows.
    let mut system: Vec<Vec<f64>> = Vec::new();
    for r in 0..rows {
        system.push(
            unknown
                .iter()
                .map(|&(i, c)| f64::from(u8::from(i == r)) * if c + 1 == columns { -1.0 } else { 1.0 })
                .collect(),
        );
    }
    for c in 0..columns {
        system.push(
            unknown
                .iter()
                .map(|&(r, k)| f64::from(u8::from(k == c)) * if r + 1 == rows { -1.0 } else { 1.0 })
                .collect(),
        );
    }
    let rank = |mut m: Vec<Vec<f64>>| {
        let mut rank = 0;
        for c in 0..unknown.len() {
            let Some(p) = (rank..m.len()).find(|&i| m[i][c].abs() > 1e-9) else { continue };
            m.swap(rank, p);
            let pivot = m[rank].clone();
            for (i, row) in m.iter_mut().enumerate() {
                if i != rank {
                    let by = row[c] / pivot[c];
                    row.iter_mut().zip(&pivot).for_each(|(x, y)| *x -= by * y);
                }
            }
            rank += 1;
        }
        rank
    };
    let alone: Vec<f64> = unknown.iter().map(|u| f64::from(u8::from(*u == target))).collect();
    let before = rank(system.clone());
    system.push(alone);
    rank(system) == before
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// No small cell is shown, and none that is left out can be reckoned back.
    #[test]
    fn small_cells_cannot_be_reckoned_back(table in (1usize..5, 1usize..5).prop_flat_map(|(r, c)| {
        prop::collection::vec(prop::collection::vec(prop_oneof![0u64..8, 0u64..60], c), r)
    })) {
        let shown = sums::suppressed(&table, 5).cells;
        for (r, row) in shown.iter().enumerate() {
            for (c, v) in row.iter().enumerate() {
                match v {
                    Some(v) => prop_assert!(*v == 0 || *v >= 5),
                    None => prop_assert!(!follows(&shown, (r, c)), "{:?} in {:?}", (r, c), shown),
                }
            }
        }
    }
}

#[test]
fn a_table_of_large_cells_is_shown_whole() {
    let shown = sums::suppressed(&[vec![7, 9], vec![12, 0]], 5);
    assert_eq!(
        shown.cells,
        [[Some(7), Some(9), Some(16)], [Some(12), Some(0), Some(12)], [Some(19), Some(9), Some(28)]]
    );
    // One small cell takes others with it.
    let hidden = sums::suppressed(&[vec![3, 9, 20], vec![12, 8, 30], vec![40, 50, 60]], 5);
    assert!(hidden.cells.iter().flatten().filter(|c| c.is_none()).count() >= 4);
}
