//! Stories of registrations, on both engines.

use super::*;

on_both! {
    /// A household of two from the door to the hand-off, and its content gone: found by its blind indexes before,
    /// by nothing after, and the chain whole.
    fn registrations(store) {
        use crate::registrations::{Fresh, SealedRow};
        use crate::registrations::desk::Look;
        use domain::registrations::life::{self, Declaration, Terms};
        use domain::registrations::Kind as Form;
        let terms = Terms::default();
        let declare = move |tx: &mut Tx<'_>, household: Option<domain::RegistrationId>, id: u8, dwelling: u8, submission: Option<[u8; 16]>| {
            let mut seed = [id; 32];
            seed[0] = dwelling;
            seed[1] = u8::from(household.is_some()) + 2 * u8::from(submission.is_some());
            let ctx = Context::new(at(0), Actor::Resident, seed);
            let (r, opening) = life::declare(domain::RegistrationId(0), Declaration::example(Form::Residency), &ctx, &terms);
            let delete_at = life::deletion(&r, &terms);
            tx.insert_registration(&Fresh {
                registration: &r,
                first: &opening[0],
                household,
                doorway: DoorwayId(5),
                place: PlaceId(100),
                person: (&ctx.new_person(), &[1; 65]),
                sealed: SealedRow { content: b"sealed", id: Some(&[id; 16]), phone: &[7; 16], dwelling: &[dwelling; 16] },
                submission: submission.as_ref(),
                delete_at,
            })
        };
        let step = move |tx: &mut Tx<'_>, no, command, minutes, actor| {
            let held = tx.hold_registration(no)?.unwrap();
            let events = life::decide(&held.listed.registration, command, &ctx(minutes, actor), &terms).unwrap();
            tx.keep_registration(held, &events, |r| life::deletion(r, &terms))
        };
        let first = store.write(move |tx| {
            let first = declare(tx, None, 1, 1, Some([9; 16]))?;
            let second = declare(tx, Some(first), 2, 1, None)?;
            for no in [first, second] {
                step(tx, no, life::Command::Confirm, 1, Actor::Resident)?;
            }
            // The second person stands at another dwelling too.
            let other = declare(tx, None, 2, 3, None)?;
            step(tx, other, life::Command::Confirm, 1, Actor::Resident)?;
            assert_eq!((tx.registered_elsewhere(second)?, tx.registered_elsewhere(first)?), (1, 0));
            let again = declare(tx, None, 1, 1, None)?;
            assert_eq!(tx.registered_here_before(again)?, Some(first));
            Ok::<_, StoreError>(first)
        }).wait().unwrap();
        let twice = store.write(move |tx| declare(tx, None, 4, 1, Some([9; 16]))).wait();
        assert!(matches!(twice, Err(StoreError::Duplicate(_))));
        store.write(move |tx| {
            assert_eq!(tx.registration_by_submission(&[9; 16])?, Some(first));
            assert_eq!(tx.household(first)?.len(), 2);
            assert_eq!(tx.registrations_of_phone(&[7; 16])?.len(), 3);
            assert_eq!(tx.registrations_of_person(&[2; 16])?.len(), 2);
            assert_eq!(tx.registrations_at(&[1; 16])?.len(), 3);
            let pending = tx.registrations_standing(PlaceId(100), life::State::Pending, None, 2)?;
            let after = pending.last().map(|l| (l.registration.due, l.registration.no));
            assert_eq!(tx.registrations_standing(PlaceId(100), life::State::Pending, after, 9)?.len(), 1);
            tx.note_registration_look(&Look { registration: first, staff: StaffId(3), place: PlaceId(100), purpose: "核实".into(), outside: true, at: at(2) })?;
            assert_eq!((tx.registration_looks(first)?.len(), tx.outside_looks(PlaceId(100))?.len()), (1, 1));
            step(tx, first, life::Command::Verify, 3, staff())?;
            let batch = tx.begin_hand_off(Form::Residency, None, "派出所", "依据", Some(StaffId(3)), at(4))?;
            let r = step(tx, first, life::Command::HandOff(batch), 4, staff())?;
            tx.close_hand_off(batch, 1, &[1; 32], &[2; 32])?;
            tx.hand_off_answered(batch, at(5), 1, 0)?;
            step(tx, first, life::Command::Answer(batch, true), 5, staff())?;
            assert_eq!((tx.receipt(batch)?.unwrap().accepted, tx.receipts(9)?.len()), (1, 1));
            assert_eq!(tx.registrations_in_batch(batch)?.len(), 1);
            let day = 24 * 60;
            assert_eq!(tx.registrations_to_delete(at(4 + 30 * day - 1), 9)?.len(), 1, "what was never confirmed");
            assert_eq!(tx.registrations_to_delete(at(4 + 30 * day), 9)?.len(), 2);
            assert!(tx.next_deletion()?.is_some());
            let person = tx.registration(first)?.unwrap().person.unwrap();
            assert!(tx.person_key(&person)?.is_some());
            step(tx, r.no, life::Command::DeleteContent, 4 + 30 * day, Actor::System)?;
            let row = tx.registration(first)?.unwrap();
            assert_eq!((row.content, row.person, row.delete_at), (None, None, None));
            assert_eq!(tx.person_key(&person)?, None);
            assert!(tx.registrations_of_person(&[1; 16])?.iter().all(|(no, _)| *no != first));
            let monday: Timestamp = "1970-01-04T16:00:00Z".parse().unwrap();
            let sums = tx.registration_sums(PlaceId(100), monday, at(-1))?;
            assert_eq!(sums.iter().map(|s| s.2).collect::<Vec<_>>(), [[3, 1, 1]]);
            assert!(tx.registration_counts(PlaceId(100))?.contains(&(life::State::Deleted, 1)));
            assert_eq!(tx.sweep_receipts(at(5))?, 1);
            Ok::<_, StoreError>(())
        }).wait().unwrap();
        let found = verify(store, |_| ()).unwrap();
        assert_eq!((found.faults, found.registrations), (vec![], 4));
    }

    /// A phone's code: a newer one takes the older one's place; forms are kept by version.
    fn phone_codes_and_forms(store) {
        use domain::registrations::Kind as Form;
        store.write(|tx| {
            tx.keep_phone_code(&[1; 16], b"old", at(0), at(10), 1)?;
            tx.keep_phone_code(&[1; 16], b"new", at(1), at(11), 2)?;
            tx.phone_code_tried(&[1; 16])?;
            let waiting = tx.phone_code(&[1; 16])?.unwrap();
            assert_eq!((waiting.code.as_slice(), waiting.tries, waiting.sent), (b"new".as_slice(), 1, 2));
            tx.phone_code_used(&[1; 16])?;
            assert_eq!(tx.phone_code(&[1; 16])?, None);
            tx.keep_phone_code(&[2; 16], b"x", at(0), at(10), 1)?;
            assert_eq!((tx.sweep_phone_codes(at(10))?, tx.sweep_phone_codes(at(11))?), (0, 1));
            tx.insert_form(Form::Residency, 1, "{}", at(0))?;
            tx.insert_form(Form::Residency, 2, "{2}", at(1))?;
            assert_eq!(tx.newest_form(Form::Residency)?.as_deref(), Some("{2}"));
            assert_eq!(tx.form(Form::Residency, 1)?.as_deref(), Some("{}"));
            assert_eq!(tx.newest_form(Form::Tenancy)?, None);
            Ok::<_, StoreError>(())
        }).wait().unwrap();
    }
}
