use super::*;
use crate::{Actor, DraftId, PlaceId, StaffId};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const OWNER: StaffId = StaffId(1);
const BOUNDS: Bounds = Bounds { committees: (2, 3), residents: (4_000, 9_000) };
const TODAY: Date = date(2026, 3, 2);

/// A strip of hexagons, two neighbourhoods to a precinct, three precincts to a sub-district.
fn strip(n: i64) -> Ground {
    let spot = |i: i64| Spot {
        residents: 3_000,
        hex: Some((i32::try_from(i).unwrap(), 0)),
        precinct: Some(PlaceId(100 + i / 2)),
        subdistrict: Some(PlaceId(1 + i / 6)),
    };
    Ground::of((0..n).map(|i| (PlaceId(1_000 + i), spot(i))).collect())
}

fn opened(ground: &Ground) -> Draft {
    let layout = ground.today();
    let precincts: BTreeSet<PlaceId> = layout.values().copied().collect();
    let event = open("初稿", OWNER, BOUNDS, layout, BTreeMap::new(), ground, precincts).unwrap();
    rebuild(DraftId(1), &[recorded(1, event)]).unwrap()
}

fn recorded(seq: u32, event: DraftEvent) -> Recorded {
    let at = "2026-03-02T01:00:00Z".parse().unwrap();
    Recorded { seq, at, actor: Actor::Staff { id: OWNER, unit: None }, event }
}

fn step(draft: Draft, command: Command, ground: &Ground) -> Result<Draft, Refusal> {
    let event = decide(&draft, command, OWNER, ground, TODAY)?;
    let seq = draft.version + 1;
    Ok(apply(draft, &recorded(seq, event)))
}

fn adopt_on(from: Date) -> Command {
    Command::Adopt { from, reasons: BTreeMap::new(), named: BTreeMap::new(), waits: None }
}

#[test]
fn a_move_is_seen_taken_back_and_done_again() {
    let ground = strip(6);
    let draft = opened(&ground);
    let (place, to) = (PlaceId(1_001), PlaceId(101));
    let moved = step(draft.clone(), Command::Move { place, to }, &ground).unwrap();
    assert_eq!(moved.moves(&ground.today()), [(place, Some(PlaceId(100)), to)]);
    let wrong = breaches(&ground, &BOUNDS, &moved.layout);
    assert_eq!(wrong[&PlaceId(100)], [Breach::Committees(1), Breach::Residents(3_000)]);
    assert_eq!(wrong.get(&to), None);
    let back = step(moved, Command::Undo, &ground).unwrap();
    assert_eq!(back.layout, draft.layout);
    assert_eq!(step(back.clone(), Command::Undo, &ground), Err(Refusal::NothingToUndo));
    let again = step(back, Command::Redo, &ground).unwrap();
    assert_eq!(again.layout[&place], to);
    assert_eq!(step(again.clone(), Command::Redo, &ground), Err(Refusal::NothingToRedo));
    assert_eq!(step(again, Command::Move { place, to }, &ground), Err(Refusal::SamePrecinct));
}

#[test]
fn what_breaks_a_rule_is_adopted_only_with_a_reason_and_never_for_yesterday() {
    let ground = strip(6);
    let tomorrow = date(2026, 3, 3);
    let draft = opened(&ground);
    assert_eq!(step(draft.clone(), adopt_on(tomorrow), &ground), Err(Refusal::NothingMoves));
    let moved = step(draft, Command::Move { place: PlaceId(1_001), to: PlaceId(101) }, &ground).unwrap();
    assert_eq!(
        step(moved.clone(), adopt_on(tomorrow), &ground),
        Err(Refusal::NoReason(PlaceId(100), Breach::Committees(1)))
    );
    let last = date(2027, 3, 3);
    assert_eq!(step(moved.clone(), adopt_on(TODAY), &ground), Err(Refusal::Day(tomorrow, last)));
    let reasons = BTreeMap::from([(PlaceId(100), " 河对岸只有一个居委会 ".to_owned())]);
    let with =
        |waits| Command::Adopt { from: tomorrow, reasons: reasons.clone(), named: BTreeMap::new(), waits };
    assert_eq!(step(moved.clone(), with(Some(last)), &ground), Err(Refusal::AnotherWaits(last)));
    let adopted = step(moved, with(None), &ground).unwrap();
    assert_eq!(adopted.adopted.as_ref().unwrap().reasons[&PlaceId(100)], "河对岸只有一个居委会");
    assert_eq!(step(adopted.clone(), Command::Undo, &ground), Err(Refusal::Closed));
    // Until its day it can be withdrawn; on its day no more.
    assert_eq!(decide(&adopted, Command::Withdraw, OWNER, &ground, tomorrow), Err(Refusal::NotWaiting));
    let back = step(adopted, Command::Withdraw, &ground).unwrap();
    assert_eq!((back.state, back.adopted), (DraftState::Open, None));
}

#[test]
fn a_draft_is_changed_by_those_it_was_shared_with() {
    let ground = strip(6);
    let (place, to, colleague) = (PlaceId(1_001), PlaceId(101), StaffId(2));
    let mut draft = opened(&ground);
    let by = |d: &Draft| decide(d, Command::Move { place, to }, colleague, &ground, TODAY);
    assert_eq!(draft.right_of(colleague), None);
    assert_eq!(by(&draft), Err(Refusal::OnlyLook));
    draft = step(draft, Command::Share(colleague, Right::See), &ground).unwrap();
    assert_eq!(by(&draft), Err(Refusal::OnlyLook));
    draft = step(draft, Command::Share(colleague, Right::Edit), &ground).unwrap();
    assert!(by(&draft).is_ok());
    let share = Command::Share(StaffId(3), Right::See);
    assert_eq!(decide(&draft, share, colleague, &ground, TODAY), Err(Refusal::NotOwner));
    draft = step(draft, Command::Unshare(colleague), &ground).unwrap();
    assert_eq!(draft.right_of(colleague), None);
}

#[test]
fn a_drawn_plan_keeps_todays_names_where_most_people_stay() {
    let ground = strip(6);
    // The middle precinct loses one to the left; a fourth district is new.
    let drawn = [(0, 7), (1, 7), (2, 7), (3, 9), (4, 4), (5, 5)];
    let layout = settle(&ground, &drawn.map(|(i, d): (i64, u32)| (PlaceId(1_000 + i), d)).into());
    let of = |i: i64| layout[&PlaceId(1_000 + i)];
    assert_eq!((of(0), of(2), of(3)), (PlaceId(100), PlaceId(100), PlaceId(101)));
    assert_eq!((of(4), of(5)), (PlaceId(102), PlaceId(-1)));
}

#[test]
fn events_read_back_as_they_were_written() {
    let ground = strip(6);
    let fresh = BTreeMap::from([(
        PlaceId(-1),
        Fresh { zh: "新片区".into(), en: "New".into(), subdistrict: PlaceId(1) },
    )]);
    let mut layout = ground.today();
    layout.insert(PlaceId(1_000), PlaceId(-1));
    let precincts = layout.values().copied().collect();
    let opened = open("初稿", OWNER, BOUNDS, layout, fresh, &ground, precincts).unwrap();
    let adopted = DraftEvent::Adopted(Adoption {
        from: TODAY,
        reasons: BTreeMap::from([(PlaceId(-1), "小".into())]),
        named: BTreeMap::from([(PlaceId(-1), PlaceId(7))]),
    });
    for event in [opened, adopted, DraftEvent::Undone {}] {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<DraftEvent>(&text).unwrap(), event, "{text}");
    }
}

proptest! {
    /// Whatever is moved, taken back and done again: every neighbourhood lies in exactly one precinct, undoing everything
    /// leads back to the beginning, and folding the events gives the same draft.
    #[test]
    fn a_draft_never_loses_a_neighbourhood(steps in prop::collection::vec((0_i64..12, 0_i64..6, 0_u8..4), 0..40)) {
        let ground = strip(12);
        let mut draft = opened(&ground);
        let first = draft.layout.clone();
        for (place, to, what) in steps {
            let command = match what {
                0 => Command::Undo,
                1 => Command::Redo,
                _ => Command::Move { place: PlaceId(1_000 + place), to: PlaceId(100 + to) },
            };
            if let Ok(next) = step(draft.clone(), command, &ground) {
                draft = next;
            }
            prop_assert!(draft.layout.keys().eq(ground.spots.keys()));
            let heads = headcounts(&ground, &draft.layout);
            prop_assert_eq!(heads.values().map(|h| h.0).sum::<u32>(), 12);
            prop_assert_eq!(heads.values().map(|h| h.1).sum::<u32>(), 36_000);
        }
        while let Ok(next) = step(draft.clone(), Command::Undo, &ground) {
            draft = next;
        }
        prop_assert_eq!(draft.layout, first);
    }

    /// Where two were surveyed, their borders alone say whether they touch; else the schematic map.
    #[test]
    fn a_survey_tells_who_touches(outlined in prop::collection::btree_set(0_i64..8, 0..8),
        borders in prop::collection::btree_set((0_i64..8, 0_i64..8), 0..12)) {
        let own = |i: i64| PlaceId(1_000 + i);
        let spots = strip(8).spots;
        let ground = Ground::surveyed(
            spots.clone(),
            &outlined.iter().map(|i| own(*i)).collect(),
            borders.iter().map(|(a, b)| (own(*a), own(*b))),
        );
        for (a, b) in (0..8).flat_map(|a| (0..8).map(move |b| (a, b))).filter(|(a, b)| a != b) {
            let border = borders.contains(&(a, b)) || borders.contains(&(b, a));
            let schematic = (a - b).abs() == 1 && !(outlined.contains(&a) && outlined.contains(&b));
            let times = ground.near(own(a)).iter().filter(|n| **n == own(b)).count();
            prop_assert_eq!(times, usize::from(border || schematic), "{} {}", a, b);
        }
    }

    /// A precinct is called broken exactly where a walk from its first neighbourhood does not reach all.
    #[test]
    fn broken_is_what_does_not_hang_together(cells in prop::collection::btree_set((0_i32..4, 0_i32..4), 1..9)) {
        let spot = |hex: &(i32, i32)| Spot { residents: 1, hex: Some(*hex), precinct: None, subdistrict: None };
        let spots: BTreeMap<PlaceId, Spot> = (0..).map(PlaceId).zip(cells.iter().map(spot)).collect();
        let ground = Ground::of(spots);
        let members: BTreeSet<PlaceId> = ground.spots.keys().copied().collect();
        // By labels that spread until nothing changes.
        let mut label: BTreeMap<PlaceId, PlaceId> = members.iter().map(|m| (*m, *m)).collect();
        for _ in 0..members.len() {
            for m in &members {
                let least = ground.near(*m).iter().map(|n| label[n]).chain([label[m]]).min().unwrap();
                label.insert(*m, least);
            }
        }
        let labels: BTreeSet<PlaceId> = label.values().copied().collect();
        prop_assert_eq!(ground.pieces(&members), labels.len());
    }
}
