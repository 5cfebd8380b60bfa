//! Whom people chose for what, and what came of it: kept as sums, so that a ranking reads the same few rows
//! after a million cases as after ten.
//!
//! What an event teaches is one new row beside it: a busy district does not queue for the same sums. Now and
//! then the news are added to the sums ([`Tx::fold_choices`]); a ranking reads both.

use crate::sql::Row;
use crate::{Arg, StoreError, Tx, args};
use domain::proposing::{Choices, Class, History, Hours, Learnt, Lesson, Outcomes, Scope, weight};
use domain::territory::Path;
use domain::{PlaceId, UnitId};
use std::collections::HashMap;

crate::statements! {
    /// One thing learnt.
    NEWS = "INSERT INTO choice_news (subject, p1, p2, p3, p4, hours, unit, class, weight, chosen, returned, timed, \
        minutes, settled, unsettled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    /// The news that are added now: what comes in meanwhile waits for the next time.
    TAKE = "UPDATE choice_news SET taken = 1 WHERE taken = 0";
    /// Adds the choices of the news.
    FOLD_COUNTS = "INSERT INTO choice_count (subject, scope, class, chosen, weight, returned) \
        SELECT subject, scope, class, CAST(SUM(chosen) AS BIGINT), CAST(SUM(chosen * weight) AS BIGINT), \
            CAST(SUM(returned * weight) AS BIGINT) FROM ( \
            SELECT subject, 0 AS scope, class, weight, chosen, returned FROM choice_news WHERE taken = 1 \
            UNION ALL SELECT subject, CASE hours WHEN 'working' THEN -1 ELSE -2 END, class, weight, chosen, returned \
                FROM choice_news WHERE taken = 1 \
            UNION ALL SELECT subject, p1, class, weight, chosen, returned FROM choice_news WHERE taken = 1 \
            UNION ALL SELECT subject, p2, class, weight, chosen, returned FROM choice_news WHERE taken = 1 \
            UNION ALL SELECT subject, p3, class, weight, chosen, returned FROM choice_news WHERE taken = 1 \
            UNION ALL SELECT subject, p4, class, weight, chosen, returned FROM choice_news WHERE taken = 1 \
        ) AS news WHERE scope IS NOT NULL AND class IS NOT NULL AND chosen + returned > 0 \
        GROUP BY subject, scope, class \
        ON CONFLICT (subject, scope, class) DO UPDATE SET chosen = choice_count.chosen + excluded.chosen, \
            weight = choice_count.weight + excluded.weight, returned = choice_count.returned + excluded.returned";
    /// Adds the outcomes of the news.
    FOLD_UNITS = "INSERT INTO choice_unit (subject, unit, chosen, weight, returned, returned_weight, timed, minutes, \
            settled, settled_weight, unsettled, unsettled_weight) \
        SELECT subject, unit, CAST(SUM(chosen) AS BIGINT), CAST(SUM(chosen * weight) AS BIGINT), \
            CAST(SUM(returned) AS BIGINT), CAST(SUM(returned * weight) AS BIGINT), \
            CAST(SUM(timed) AS BIGINT), CAST(SUM(minutes) AS BIGINT), \
            CAST(SUM(settled) AS BIGINT), CAST(SUM(settled * weight) AS BIGINT), \
            CAST(SUM(unsettled) AS BIGINT), CAST(SUM(unsettled * weight) AS BIGINT) \
        FROM choice_news WHERE taken = 1 GROUP BY subject, unit \
        ON CONFLICT (subject, unit) DO UPDATE SET chosen = choice_unit.chosen + excluded.chosen, \
            weight = choice_unit.weight + excluded.weight, returned = choice_unit.returned + excluded.returned, \
            returned_weight = choice_unit.returned_weight + excluded.returned_weight, \
            timed = choice_unit.timed + excluded.timed, minutes = choice_unit.minutes + excluded.minutes, \
            settled = choice_unit.settled + excluded.settled, \
            settled_weight = choice_unit.settled_weight + excluded.settled_weight, \
            unsettled = choice_unit.unsettled + excluded.unsettled, \
            unsettled_weight = choice_unit.unsettled_weight + excluded.unsettled_weight";
    /// Forgets the news that were added.
    FORGET = "DELETE FROM choice_news WHERE taken = 1";
    /// The choices of a subject in the scopes of a place.
    COUNTS = "SELECT scope, class, chosen, weight, returned FROM choice_count \
        WHERE subject = ?1 AND scope IN (0, ?2, ?3, ?4, ?5, ?6)";
    /// The outcomes of a subject, of some units.
    UNITS = "SELECT unit, chosen, weight, returned, returned_weight, timed, minutes, settled, settled_weight, unsettled, \
        unsettled_weight FROM choice_unit WHERE subject = ?1 AND unit IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    /// The news of a subject.
    NEWS_OF = "SELECT p1, p2, p3, p4, hours, unit, class, weight, chosen, returned, timed, minutes, settled, unsettled \
        FROM choice_news WHERE subject = ?1";
    /// How many open cases the units have that could take a subject at a place.
    LOADS_FOR = "SELECT unit, COUNT(*) FROM cases WHERE due IS NOT NULL AND unit IN (SELECT d.unit FROM duty d \
        JOIN unit u ON u.id = d.unit WHERE d.subject = ?1 AND (u.place IS NULL OR u.place IN (?2, ?3, ?4, ?5))) \
        GROUP BY unit";
}

/// No place has this number, no unit and no scope.
const NOWHERE: i64 = -9;

/// Units whose outcomes are read with one statement.
const AT_ONCE: usize = 8;

fn number(scope: Scope) -> i64 {
    match scope {
        Scope::District => 0,
        Scope::Hours(Hours::Working) => -1,
        Scope::Hours(Hours::Off) => -2,
        Scope::Place(place) => place.0,
    }
}

fn scope(number: i64) -> Scope {
    match number {
        0 => Scope::District,
        -1 => Scope::Hours(Hours::Working),
        -2 => Scope::Hours(Hours::Off),
        place => Scope::Place(PlaceId(place)),
    }
}

fn class(text: &str) -> Result<Class, StoreError> {
    text.parse().map_err(StoreError::Unreadable)
}

fn outcomes(r: &Row<'_>) -> Result<Outcomes, StoreError> {
    Ok(Outcomes {
        chosen: r.int(1)?,
        weight: r.int(2)?,
        returned: r.int(3)?,
        returned_weight: r.int(4)?,
        timed: r.int(5)?,
        minutes: r.int(6)?,
        settled: r.int(7)?,
        settled_weight: r.int(8)?,
        unsettled: r.int(9)?,
        unsettled_weight: r.int(10)?,
    })
}

impl Tx<'_> {
    /// Keeps what events taught.
    pub fn keep_learnt(&mut self, learnt: &[Learnt]) -> Result<(), StoreError> {
        for l in learnt {
            let [p1, p2, p3, p4] = l.path.0;
            let is = |lesson: Lesson| i64::from(l.lesson == lesson);
            let (timed, minutes) = match l.lesson {
                Lesson::Answered(Some(minutes)) => (1_i64, minutes),
                // Nothing to add up.
                Lesson::Answered(None) => continue,
                _ => (0, 0),
            };
            let class = l.class.map(|c| c.to_string());
            self.run(
                NEWS,
                args![
                    &l.subject,
                    p1,
                    p2,
                    p3,
                    p4,
                    l.hours.key(),
                    l.unit,
                    class.as_deref(),
                    weight(l.at),
                    is(Lesson::Chosen),
                    is(Lesson::Returned),
                    timed,
                    minutes,
                    is(Lesson::Settled),
                    is(Lesson::Unsettled),
                ],
            )?;
        }
        Ok(())
    }

    /// Adds the news to the sums.
    pub fn fold_choices(&mut self) -> Result<(), StoreError> {
        if self.run(TAKE, args![])? > 0 {
            self.run(FOLD_COUNTS, args![])?;
            self.run(FOLD_UNITS, args![])?;
            self.run(FORGET, args![])?;
        }
        Ok(())
    }

    /// What is known of a subject, as far as it matters at a place and for the units that could take it there: sums and
    /// news together.
    pub fn choices(
        &mut self,
        subject: &str,
        path: &Path,
        hours: Hours,
        units: &[UnitId],
    ) -> Result<History, StoreError> {
        let mut history = History::default();
        let [p1, p2, p3, p4] = path.0.map(|p| p.map_or(NOWHERE, |p| p.0));
        let rows = self.all(COUNTS, args![subject, number(Scope::Hours(hours)), p1, p2, p3, p4], |r| {
            let counts = Choices { chosen: r.int(2)?, weight: r.int(3)?, returned: r.int(4)? };
            Ok(((scope(r.int(0)?), class(&r.text(1)?)?), counts))
        })?;
        history.choices.extend(rows);
        for some in units.chunks(AT_ONCE) {
            let mut values = vec![Arg::from(subject)];
            values.extend(
                some.iter().map(|u| Arg::from(*u)).chain(std::iter::repeat(Arg::Int(NOWHERE))).take(AT_ONCE),
            );
            history.outcomes.extend(self.all(UNITS, &values, |r| Ok((UnitId(r.int(0)?), outcomes(r)?)))?);
        }
        self.all(NEWS_OF, args![subject], |r| {
            let place = |i| r.opt_int(i).map(|p| p.map(PlaceId));
            let path = Path([place(0)?, place(1)?, place(2)?, place(3)?]);
            let (unit, w) = (UnitId(r.int(5)?), r.int(7)?);
            let lesson = match (r.int(8)?, r.int(9)?, r.int(10)?, r.int(12)?) {
                (1, ..) => Lesson::Chosen,
                (_, 1, ..) => Lesson::Returned,
                (_, _, 1, _) => Lesson::Answered(Some(r.int(11)?)),
                (.., 1) => Lesson::Settled,
                _ => Lesson::Unsettled,
            };
            let class = r.opt_text(6)?.as_deref().map(class).transpose()?;
            history.add_weighed(class, &path, r.named(4, Hours::from_key)?, unit, lesson, w);
            Ok(())
        })?;
        Ok(history)
    }

    /// How many open cases the units have now that could take a subject at a place.
    pub fn loads_for(&mut self, subject: &str, path: &Path) -> Result<HashMap<UnitId, i64>, StoreError> {
        let [p1, p2, p3, p4] = path.0.map(|p| p.map_or(NOWHERE, |p| p.0));
        let rows =
            self.all(LOADS_FOR, args![subject, p1, p2, p3, p4], |r| Ok((UnitId(r.int(0)?), r.int(1)?)))?;
        Ok(rows.into_iter().collect())
    }
}
