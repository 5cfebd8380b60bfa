//! Boxes, letters, and who is behind a voice.

use super::{at, ctx, give, report, staff};
use crate::notices::{Chosen, Owner, Told};
use crate::{Store, StoreError};
use domain::access::{Grant, Role};
use domain::cases::Command;
use domain::notices::{Addressee, Channel, Subject, Waiting, What};
use domain::{CaseNo, PlaceId, StaffId, UnitId};
use std::sync::Arc;

on_both! {
    /// A notice goes into the boxes of those who want it, leaves in a letter, is tried, and is forgotten in its time.
    fn boxes(store) {
        let grant = |role, place, unit| Grant { role, place, unit };
        let chosen = |staff, hook: Option<&[u8]>| Chosen {
            staff: StaffId(staff),
            email: None,
            hook: hook.map(<[u8]>::to_vec),
            quiet: Some((21 * 60, 8 * 60)),
            digest: None,
            lang: "zh".into(),
        };
        store.write(move |tx| {
            for (id, place, unit) in [(1, Some(10), Some(50)), (2, Some(10), None), (3, Some(11), None)] {
                tx.insert_staff(StaffId(id), &format!("s{id}"), "某", "x", b"x")?;
                let role = if unit.is_some() { Role::SectionOfficer } else { Role::PrecinctCoordinator };
                tx.insert_grant(StaffId(id), &grant(role, place.map(PlaceId), unit.map(UnitId)), at(-9))?;
                tx.choose(&chosen(id, Some(b"sealed")), at(0))?;
            }
            tx.choose(&chosen(3, None), at(0))
        }).wait().unwrap();
        let who = |unit: Option<i64>, place: i64, minutes| store.read(move |tx| match unit {
            Some(unit) => tx.choices_of_unit(UnitId(unit), at(minutes)),
            None => tx.choices_of_place(PlaceId(place), at(minutes)),
        }).wait().unwrap().into_iter().map(|c| (c.staff.0, c.hook.is_some())).collect::<Vec<_>>();
        assert_eq!(who(Some(50), 0, 0), [(1, true)]);
        assert_eq!(who(None, 10, 0), [(2, true)], "who works for a unit there is not the place's");
        assert_eq!(who(None, 11, 0), [(3, false)]);
        assert_eq!(who(None, 10, -10), [], "not before the role began");

        let owner = Owner::Staff(StaffId(2));
        let told = |n| Told { what: What::DueSoon, levels: 0, subject: Subject::case(CaseNo(n)), at: at(0) };
        let put = move |n: i64, urgent, minutes| store.write(move |tx| {
            let id = tx.tell(Addressee::Place(PlaceId(10)), &told(n))?.unwrap();
            tx.put_in_box(Channel::Hook, owner, id, Waiting { urgent, ready_at: at(minutes) }, at(minutes))
        }).wait().unwrap();
        let due = |minutes| store.read(move |tx| tx.due_boxes(Channel::Hook, at(minutes), 9)).wait().unwrap();
        put(1, false, 10);
        put(2, false, 12);
        assert_eq!(due(9), []);
        let found = due(10);
        assert_eq!((found.len(), found[0].owner, found[0].attempts), (1, owner, 0), "one box for both, by the earlier");
        put(3, true, 5);
        assert_eq!(due(5).len(), 1, "an urgent one brings it forward");

        let letter = store.write(move |tx| {
            let held = tx.hold_box(1)?.unwrap();
            let items: Vec<i64> = tx.waiting_in(held.id)?.into_iter().map(|w| w.0).collect();
            let letter = tx.close_letter(held.id, &items[..2], &[7; 16], true, at(5))?;
            tx.note_try(letter.id, at(5), "down", Some("nobody listens"))?;
            tx.set_box(held.id, Some(at(6)), 1, Some("nobody listens"))?;
            Ok::<_, StoreError>(letter)
        }).wait().unwrap();
        put(4, true, 5);
        assert_eq!(due(5), [], "a box that failed keeps its pause");
        let open = store.read(|tx| tx.open_letter(1)).wait().unwrap();
        assert_eq!(open, Some(letter.clone()));
        let lines = store.read(move |tx| tx.letter_lines(letter.id)).wait().unwrap();
        assert_eq!(lines, [told(1), told(2)], "what came later is not in it");
        let queues = store.read(|tx| tx.queues()).wait().unwrap();
        assert_eq!((queues[0].waiting, queues[0].failing, queues[0].first), (1, 1, at(6)));
        assert_eq!(store.write(|tx| tx.channel_is_up(Channel::Hook, at(5))).wait().unwrap(), 1);
        assert_eq!(due(5)[0].error.as_deref(), Some("nobody listens"));
        let tries = store.write(move |tx| {
            tx.note_try(letter.id, at(5), "sent", None)?;
            tx.end_letter(letter.id, "sent", at(5))?;
            tx.set_box(1, None, 0, None)?;
            tx.tries(9)
        }).wait().unwrap();
        assert_eq!(tries.iter().map(|t| (t.outcome.as_str(), t.notices)).collect::<Vec<_>>(), [("sent", 2), ("down", 2)]);
        assert_eq!(store.read(|tx| tx.open_letter(1)).wait().unwrap(), None);
        store.write(|tx| tx.sweep_notices(at(9))).wait().unwrap();
        let left = store.read(|tx| Ok::<_, StoreError>((tx.tries(9)?, tx.waiting_in(1)?.len(), tx.told(Addressee::Place(PlaceId(10)))?.len())));
        assert_eq!(left.wait().unwrap(), (vec![], 2, 2), "what waits is not forgotten");
    }

    /// Whoever spoke in a case that was merged is found through the one that goes on.
    fn voices_of_a_matter(store) {
        store.write(|tx| {
            for (n, into) in [(1, None), (2, Some(1)), (3, Some(2)), (4, None)] {
                let no = report(tx, "灯", 100, n)?;
                let person = domain::PersonId(uuid::Uuid::from_u128(u128::try_from(n).unwrap()));
                tx.insert_person(&person, b"x", at(0))?;
                tx.insert_voice(no, 1, Some(&person), at(0), &[u8::try_from(n).unwrap(); 16])?;
                tx.insert_voice(no, 2, None, at(0), &[u8::try_from(n + 50).unwrap(); 16])?;
                if let Some(into) = into {
                    give(tx, no, Command::MergeInto { into: CaseNo(into), into_open: true }, &ctx(n, staff()))?;
                }
            }
            Ok::<_, StoreError>(())
        }).wait().unwrap();
        let of = |n| store.read(move |tx| tx.voices_in_matter(CaseNo(n))).wait().unwrap();
        assert_eq!(of(1), [(CaseNo(1), 1), (CaseNo(2), 1), (CaseNo(3), 1)]);
        assert_eq!(of(4), [(CaseNo(4), 1)]);
        let mute = |muted| store.write(move |tx| {
            tx.set_muted(CaseNo(2), 1, muted, at(9))?;
            tx.set_muted(CaseNo(2), 1, muted, at(9))?;
            tx.is_muted(CaseNo(2), 1)
        }).wait().unwrap();
        assert!(mute(true));
        assert_eq!(of(1), [(CaseNo(1), 1), (CaseNo(3), 1)], "who asked for no messages gets none");
        assert!(!mute(false));
        assert_eq!(of(1).len(), 3);
    }
}
