//! Surveyed outlines.

use crate::outlines::{Fault, FaultKind, Outline, Ring, Survey};
use crate::{Store, StoreError};
use domain::PlaceId;
use std::collections::BTreeMap;
use std::sync::Arc;

on_both! {
    /// A survey takes the place of the one before it, whole.
    fn a_survey_replaces_the_last(store) {
        let outline = |place: i64, x: i32| Outline {
            place: PlaceId(place), area: 250_000, at: [x + 250, -40], rings: vec![
                vec![[x, 0], [x + 500, 0], [x + 500, 500], [x, 500]], vec![[x + 1, 1], [x + 1, 3], [x + 3, 1]],
            ],
        };
        let fault = |kind, places: &[i64]| Fault { kind, places: places.iter().map(|p| PlaceId(*p)).collect(), area: 12 };
        let first = Survey {
            outlines: vec![outline(3, 0), outline(5, 500)],
            borders: vec![(PlaceId(3), PlaceId(5), 500)],
            faults: FaultKind::ALL.into_iter().map(|k| fault(k, &[3, 5])).collect(),
        };
        let second = Survey { outlines: vec![outline(5, -9)], ..Survey::default() };
        type Read = (Vec<(PlaceId, i64, [i32; 2])>, BTreeMap<PlaceId, Vec<Ring>>, Vec<(PlaceId, PlaceId, i64)>, Vec<Fault>);
        let all = || -> Read {
            store.read(|tx| Ok::<_, StoreError>((tx.outlined()?, tx.outlines()?, tx.borders()?, tx.outline_faults()?)))
                .wait().unwrap()
        };
        assert_eq!(all(), Read::default());
        for survey in [first, second] {
            let kept = survey.clone();
            store.write(move |tx| tx.keep_survey(&kept)).wait().unwrap();
            let (outlined, rings, borders, faults) = all();
            let expected: Vec<_> = survey.outlines.iter().map(|o| (o.place, o.area, o.at)).collect();
            assert_eq!((outlined, borders, faults), (expected, survey.borders, survey.faults));
            assert_eq!(rings, survey.outlines.into_iter().map(|o| (o.place, o.rings)).collect());
        }
    }
}
