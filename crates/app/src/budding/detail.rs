//! What a card tells beside the finding: where and when its cases came, and what was done the last times.

use super::{Budding, SHOWN};
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may};
use domain::cases::{Solved, local_date};
use domain::{CaseNo, PlaceId, ProblemId};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use store::Tx;
use store::warnings::{Heard, Precedent};
use warnings::{Kind, State};

/// So many earlier ones a card tells of.
const BEFORE: usize = 3;

/// A report that a warning rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The lowest place it lies in.
    pub place: PlaceId,
    /// The day.
    pub on: Date,
    /// Its case, for those who may see it.
    pub case: Option<CaseNo>,
}

/// What was done an earlier time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The case; of a problem one of its cases.
    pub case: CaseNo,
    /// The problem that it was part of, with its title.
    pub problem: Option<(ProblemId, String)>,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// What residents were told.
    pub outcome: String,
    /// Solved, according to the unit.
    pub solved: Option<Solved>,
}

impl App {
    /// Adds to the open warnings that are shown what their cards tell beside the finding: one statement for the reports of
    /// all, one for what was done before.
    pub(super) fn tell_more(&self, tx: &mut Tx<'_>, who: &Who, all: &mut [Budding]) -> Result<(), AppError> {
        let shown = all.iter().take(SHOWN).take_while(|b| b.warning.state == State::Open).count();
        let shown = &mut all[..shown];
        let cases: BTreeSet<CaseNo> =
            shown.iter().flat_map(|b| b.warning.finding.cases.iter().copied()).collect();
        let cases: Vec<CaseNo> = cases.into_iter().collect();
        let mut heard: HashMap<CaseNo, Vec<Heard>> = HashMap::new();
        for h in tx.heard_in(&cases)? {
            heard.entry(h.case).or_default().push(h);
        }
        let pairs: BTreeSet<(PlaceId, String)> = shown
            .iter()
            .map(|b| (b.warning.finding.precinct, b.warning.finding.subject.clone()))
            .filter(|(_, subject)| !subject.is_empty())
            .collect();
        let pairs: Vec<(PlaceId, &str)> = pairs.iter().map(|(p, s)| (*p, s.as_str())).collect();
        let closed = if pairs.is_empty() { vec![] } else { tx.precedents(&pairs)? };
        for b in shown {
            b.told = self.told(who, b, &heard);
            if b.may_answer {
                let reported: BTreeSet<PlaceId> = b.told.iter().map(|t| t.place).collect();
                let d = self.directory();
                let of_precinct =
                    |id: &PlaceId| d.path(*id).lies_in(b.warning.finding.precinct) && d.is_neighbourhood(*id);
                let mut all: Vec<PlaceId> = d.places().map(|p| p.id).filter(of_precinct).collect();
                all.sort_by_key(|p| (!reported.contains(p), *p));
                b.neighbourhoods = all;
            }
            b.before = before(who, b, &closed);
        }
        Ok(())
    }

    /// The reports of a warning: what was said in its cases; where it speaks of a window, what was said in that.
    fn told(&self, who: &Who, b: &Budding, heard: &HashMap<CaseNo, Vec<Heard>>) -> Vec<Told> {
        let f = &b.warning.finding;
        let in_window = |on: Date| !matches!(f.kind, Kind::Cluster | Kind::Rising) || on >= f.since;
        let mut told: Vec<Told> = f
            .cases
            .iter()
            .flat_map(|no| heard.get(no).into_iter().flatten())
            .filter_map(|h| {
                // The unit is not known here: who sees a case only by its unit is shown no precinct's page either.
                let sees = may(&who.grants, Action::SeeCase, &Target { path: h.path, unit: None });
                Some(Told { place: h.path.lowest()?, on: local_date(h.at), case: sees.then_some(h.case) })
            })
            .filter(|t| in_window(t.on))
            .collect();
        told.sort_by_key(|t| (t.on, t.place, t.case));
        told
    }
}

/// The last closed ones of a warning's subject in its precinct that this person may see, a problem once; none that the
/// warning is about.
fn before(who: &Who, b: &Budding, closed: &[Precedent]) -> Vec<Before> {
    let f = &b.warning.finding;
    let sees = |action, path, unit| may(&who.grants, action, &Target { path, unit });
    let mut problems = BTreeSet::new();
    closed
        .iter()
        .filter(|p| p.subject == f.subject && p.path.at(2) == Some(f.precinct) && !f.cases.contains(&p.case))
        .filter(|p| sees(Action::SeeCase, p.path, p.unit))
        .filter_map(|p| {
            let problem = p.problem.as_ref().filter(|q| {
                // As `App::sees_problem` has it: it lies within reach, or a case of it does.
                sees(Action::SeeProblem, q.path, q.lead) || sees(Action::SeeProblem, p.path, None)
            });
            if problem.is_some_and(|q| !problems.insert(q.id)) {
                return None;
            }
            Some(Before {
                case: p.case,
                problem: problem.map(|q| (q.id, q.title.clone())),
                closed_at: p.closed_at,
                outcome: p.outcome.clone(),
                solved: p.solved,
            })
        })
        .take(BEFORE)
        .collect()
}
