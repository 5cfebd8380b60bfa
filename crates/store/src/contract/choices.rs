//! Whom people chose, added up.

use super::at;
use crate::{Store, StoreError};
use domain::proposing::{Class, History, Hours, Learnt, Lesson, Scope};
use domain::territory::Path;
use domain::units::{Unit, UnitKind};
use domain::{PlaceId, UnitId};
use std::sync::Arc;

on_both! {
    /// Sums and news together are what was learnt, whenever the news were added, and only of the subject asked for.
    fn choices_add_up(store) {
        let unit = |id: i64, place: Option<i64>| Unit {
            id: UnitId(id), kind: UnitKind::Section, zh: String::new(), en: String::new(),
            place: place.map(PlaceId), phone: String::new(),
        };
        let path = Path::of(&[PlaceId(1), PlaceId(10), PlaceId(100)]);
        let lessons = [Lesson::Chosen, Lesson::Returned, Lesson::Answered(Some(90)), Lesson::Settled, Lesson::Unsettled];
        let learnt = |n: i64, subject: &str| Learnt {
            at: at(n * 24), subject: subject.into(), path,
            hours: if n % 3 == 0 { Hours::Off } else { Hours::Working },
            unit: UnitId(1 + n % 2),
            class: (n % 7 != 0).then_some(Class { kind: UnitKind::Section, depth: 1, rank: 1 + n % 2 }),
            lesson: lessons[usize::try_from(n).unwrap() % 5],
        };
        store.write(move |tx| {
            tx.insert_unit(&unit(1, Some(1)))?;
            tx.insert_unit(&unit(2, None))?;
            tx.insert_unit(&unit(3, Some(2)))
        }).wait().unwrap();
        let mut expected = History::default();
        for n in 0..40 {
            let (one, other) = (learnt(n, "noise"), learnt(n, "waste"));
            expected.add(&one);
            store.write(move |tx| {
                tx.keep_learnt(&[one, other])?;
                if n % 9 == 4 { tx.fold_choices()?; }
                Ok::<_, StoreError>(())
            }).wait().unwrap();
        }
        let elsewhere = Learnt { unit: UnitId(3), path: Path::of(&[PlaceId(2)]), ..learnt(5, "noise") };
        store.write(move |tx| tx.keep_learnt(&[elsewhere])).wait().unwrap();
        store.write(|tx| tx.fold_choices()).wait().unwrap();
        let read = |hours| store.read(move |tx| tx.choices("noise", &path, hours, &[UnitId(1), UnitId(2)])).wait().unwrap();
        for hours in [Hours::Working, Hours::Off] {
            let found = read(hours);
            assert_eq!(found.outcomes, expected.outcomes, "of the third unit nobody asked");
            for (key, counts) in &found.choices {
                let more = i64::from(key.0 == Scope::District || key.0 == Scope::Hours(Hours::Working));
                let all = expected.choices.get(key).unwrap();
                assert!((0..=more).contains(&(counts.chosen - all.chosen)), "{key:?}");
            }
            assert_eq!(found.choices.len(), 2 * 5);
        }
    }
}
