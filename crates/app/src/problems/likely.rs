//! What may belong together: open cases near each other, of one subject, in like words. A person decides.

use crate::reading::Said;
use crate::{App, AppError};
use domain::PlaceId;
use domain::access::Scope;
use domain::cases::Case;
use domain::problems::{Problem, ProblemState};
use domain::territory::{Part, Path};
use store::Tx;
use store::cases::list::Filter;
use store::problems::ProblemRow;

/// How many open cases of a precinct are looked at.
const LOOKED_AT: u32 = 400;
/// As likely is it that cases are one matter that were put into one group.
const ONE_GROUP: f32 = 0.7;
/// How many are proposed.
const PROPOSED: usize = 24;
/// Below this nothing is proposed: one subject in one precinct alone is no common cause.
const LEAST: f32 = 0.5;

impl App {
    pub(super) fn likely_cases(
        &self,
        tx: &mut Tx<'_>,
        problem: &Problem,
        cases: &[Case],
    ) -> Result<Vec<(Case, String, String)>, AppError> {
        self.likely_to_join(tx, cases, &problem.subject, problem.path)
    }

    /// Open cases in the precinct that may have one cause with `joined`, most likely first, each with its
    /// reason in Chinese and English. The score adds: the same subject 0.3, the same doorway 0.4 or the same
    /// neighbourhood 0.2, and the
    /// likeness of the words, or how likely it is that they speak of one matter, whichever is more.
    pub(super) fn likely_to_join(
        &self,
        tx: &mut Tx<'_>,
        joined: &[Case],
        subject: &str,
        path: Path,
    ) -> Result<Vec<(Case, String, String)>, AppError> {
        let d = self.directory();
        let around = d.part(&path, Part::Dispatcher).or_else(|| path.lowest());
        let Some(around) = around else { return Ok(vec![]) };
        let filter = Filter {
            place: Some((d.depth(around), around)),
            open: true,
            limit: LOOKED_AT,
            ..Filter::of(Scope { all: true, ..Scope::default() })
        };
        let open = tx.list_cases(&filter, &|place: PlaceId| d.depth(place))?;
        let matter = crate::reading::one_matter(
            joined.iter().map(|c| c.text.as_str()),
            open.iter().map(|c| c.text.as_str()),
        );
        let grouped = self.grouped_with(joined, &open);
        let said: Vec<Said<'_>> = joined.iter().map(|c| Said::of(&c.text, &c.subject)).collect();
        let mut found: Vec<(f32, Case, String, String)> = open
            .into_iter()
            .zip(matter)
            .filter(|(c, _)| c.may_join() && joined.iter().all(|j| j.no != c.no))
            .filter_map(|(c, matter)| {
                let same_subject = c.subject == subject;
                // The subject counts by itself below.
                let words = said.iter().map(|s| s.likely(&c.text, "")).fold(matter, f32::max);
                let words = if grouped.contains(&c.no) { words.max(ONE_GROUP) } else { words };
                let door = c.doorway.is_some() && joined.iter().any(|j| j.doorway == c.doorway);
                let near = joined.iter().any(|j| j.path.lowest() == c.path.lowest());
                let score = words
                    + if same_subject { 0.3 } else { 0.0 }
                    + if door {
                        0.4
                    } else if near {
                        0.2
                    } else {
                        0.0
                    };
                if score < LEAST {
                    return None;
                }
                let mut zh = vec![];
                let mut en = vec![];
                for (fits, z, e) in [
                    (same_subject, "同一事项", "same subject"),
                    (door, "同一门栋", "same doorway"),
                    (near && !door, "同一居民区", "same neighbourhood"),
                    (words >= 0.2, "说法相近", "like words"),
                ] {
                    if fits {
                        zh.push(z);
                        en.push(e);
                    }
                }
                Some((score, c, zh.join("，"), en.join(", ")))
            })
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.no.cmp(&b.1.no)));
        Ok(found.into_iter().take(PROPOSED).map(|(_, c, zh, en)| (c, zh, en)).collect())
    }

    /// Settled problems of the same subject, nearest first: their plans can be taken as a draft.
    pub(super) fn earlier(&self, tx: &mut Tx<'_>, problem: &Problem) -> Result<Vec<ProblemRow>, AppError> {
        let all = Scope { all: true, ..Scope::default() };
        let d = self.directory();
        let mut found = vec![];
        for state in [ProblemState::Closed, ProblemState::Settled] {
            found.extend(tx.problems(&all, |p: PlaceId| d.depth(p), Some(state))?);
        }
        found.retain(|p| p.subject == problem.subject && p.id != problem.id);
        let shared =
            |p: &ProblemRow| p.path.0.iter().zip(&problem.path.0).take_while(|(a, b)| a == b).count();
        found.sort_by_key(|p| (std::cmp::Reverse(shared(p)), std::cmp::Reverse(p.id)));
        found.truncate(5);
        Ok(found)
    }
}
