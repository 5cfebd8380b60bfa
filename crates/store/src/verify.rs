//! Walks every chain and every seal, rebuilds every case, and names what was tampered with.

use crate::cases::event_json;
use crate::events::{GENESIS, Hash, Walked, hash, parse_actor};
use crate::problems::{Part, ProblemRow};
use crate::seals::{Merkle, Seal};
use crate::{Store, StoreError};
use domain::cases::{Recorded, rebuild};
use domain::registrations::life;
use domain::{CaseNo, DraftId, ProblemId, RegistrationId};
use std::collections::HashMap;

/// What a verification found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Findings {
    /// How many events were read.
    pub events: u64,
    /// How many subjects they are about.
    pub subjects: u64,
    /// How many cases were rebuilt and compared with their rows.
    pub cases: u64,
    /// How many problems were rebuilt and compared with their rows.
    pub problems: u64,
    /// How many registrations were rebuilt and compared with their rows.
    pub registrations: u64,
    /// How many daily seals were checked.
    pub seals: u64,
    /// What is wrong, each in one sentence that names the subject and the event.
    pub faults: Vec<String>,
}

struct Chain {
    seq: u32,
    head: Hash,
}

/// Verifies a store. `progress` is told how many events are done.
///
/// # Errors
/// When the store cannot be read at all; what was tampered with is a finding, not an error.
pub fn verify(store: &Store, mut progress: impl FnMut(u64)) -> Result<Findings, StoreError> {
    let mut found = Findings::default();
    let mut chains: HashMap<(String, i64), Chain> = HashMap::new();
    let seals = store.read(|tx| tx.seals()).wait()?;
    let mut sealing = Sealing::new(&seals);
    let mut after = 0;
    loop {
        let batch = store.read(move |tx| tx.walk_events(after)).wait()?;
        let Some(last) = batch.last() else { break };
        after = last.id;
        for e in &batch {
            check_event(e, &mut chains, &mut found.faults);
            sealing.take(e, &mut found.faults);
            found.events += 1;
        }
        progress(found.events);
    }
    sealing.finish(&mut found.faults);
    found.seals = seals.len() as u64;
    found.subjects = chains.len() as u64;
    check_cases(store, &chains, &mut found)?;
    check_problems(store, &chains, &mut found)?;
    check_registrations(store, &chains, &mut found)?;
    check_drafts(store, &chains, &mut found)?;
    Ok(found)
}

fn check_event(e: &Walked, chains: &mut HashMap<(String, i64), Chain>, faults: &mut Vec<String>) {
    let name = format!("{} {}", e.subject, e.subject_id);
    let chain = chains.entry((e.subject.clone(), e.subject_id)).or_insert(Chain { seq: 0, head: GENESIS });
    if e.seq != chain.seq + 1 {
        faults.push(format!(
            "{name}: event {} is missing (event {} follows {})",
            chain.seq + 1,
            e.seq,
            chain.seq
        ));
    }
    let expected = hash(&chain.head, (&e.subject, e.subject_id), e.seq, e.at_ms, &e.actor, &e.body);
    if expected != e.hash && e.seq == chain.seq + 1 {
        faults.push(format!("{name}: event {} was changed after it was written", e.seq));
    }
    // Goes on from what is written down, so that one changed event is one finding.
    *chain = Chain { seq: e.seq, head: e.hash };
}

/// The roots of the seals, taken up while the events pass by.
struct Sealing<'a> {
    seals: std::slice::Iter<'a, Seal>,
    now: Option<(&'a Seal, Merkle, u32)>,
    previous: Hash,
}

impl<'a> Sealing<'a> {
    fn new(seals: &'a [Seal]) -> Self {
        let mut s = Sealing { seals: seals.iter(), now: None, previous: GENESIS };
        s.next_seal();
        s
    }

    fn next_seal(&mut self) {
        self.now = self.seals.next().map(|s| {
            let mut tree = Merkle::default();
            tree.push(&s.previous);
            (s, tree, 0)
        });
    }

    fn take(&mut self, e: &Walked, faults: &mut Vec<String>) {
        while self.now.as_ref().is_some_and(|(s, ..)| e.id > s.last_event) {
            self.close(faults);
        }
        if let Some((seal, tree, n)) = &mut self.now
            && e.id >= seal.first_event
        {
            tree.push(&e.hash);
            *n += 1;
        }
    }

    fn close(&mut self, faults: &mut Vec<String>) {
        let Some((seal, tree, n)) = self.now.take() else { return };
        let day = crate::cases::date_of(seal.day).map_or_else(|_| seal.day.to_string(), |d| d.to_string());
        if seal.previous != self.previous {
            faults.push(format!("seal of {day}: does not follow the seal before it"));
        }
        if n != seal.events {
            faults.push(format!("seal of {day}: {} events were sealed, {n} are there", seal.events));
        } else if tree.root() != seal.root {
            faults.push(format!("seal of {day}: the events of that day are not those that were sealed"));
        }
        self.previous = seal.root;
        self.next_seal();
    }

    fn finish(&mut self, faults: &mut Vec<String>) {
        while self.now.is_some() {
            self.close(faults);
        }
    }
}

fn check_cases(
    store: &Store,
    chains: &HashMap<(String, i64), Chain>,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let mut after = CaseNo(0);
    let mut key = (String::from("case"), 0);
    loop {
        let batch = store
            .read(move |tx| {
                let numbers = tx.case_numbers(after)?;
                let mut rows = Vec::with_capacity(numbers.len());
                for no in numbers {
                    // One unreadable event must not hide what is wrong elsewhere.
                    rows.push((no, tx.case(no), tx.case_events(no), tx.head_of_case(no)?));
                }
                Ok::<_, StoreError>(rows)
            })
            .wait()?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.0;
        for (no, row, events, head) in batch {
            found.cases += 1;
            key.1 = no.0;
            match (row, events) {
                (Ok(Some(row)), Ok(events)) => {
                    if rebuild(no, &events).as_ref() != Some(&row) {
                        found
                            .faults
                            .push(format!("case {}: the row is not what its events lead to", no.spoken()));
                    }
                }
                (Ok(None), _) => {}
                (Err(e), _) | (_, Err(e)) => found.faults.push(format!("case {}: {e}", no.spoken())),
            }
            match chains.get(&key) {
                Some(chain) if chain.head == head => {}
                Some(_) => found.faults.push(format!("case {}: its last events are missing", no.spoken())),
                None => found.faults.push(format!("case {}: has no events at all", no.spoken())),
            }
        }
    }
}

fn check_problems(
    store: &Store,
    chains: &HashMap<(String, i64), Chain>,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let mut after = ProblemId(0);
    loop {
        let batch = store
            .read(move |tx| {
                let numbers = tx.problem_numbers(after)?;
                let mut rows = Vec::with_capacity(numbers.len());
                for id in numbers {
                    rows.push((id, tx.problem_row(id)?, tx.problem(id), tx.problem_parts(id)?));
                }
                Ok::<_, StoreError>(rows)
            })
            .wait()?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.0;
        for (id, row, problem, parts) in batch {
            found.problems += 1;
            let Some((row, head)) = row else { continue };
            match problem {
                Ok(Some(p)) if ProblemRow::of(&p) == row && Part::all_of(&p) == parts => {}
                Ok(Some(_)) => {
                    found.faults.push(format!("problem {id}: the row is not what its events lead to"));
                }
                Ok(None) => found.faults.push(format!("problem {id}: has no events at all")),
                Err(e) => found.faults.push(format!("problem {id}: {e}")),
            }
            if chains.get(&("problem".to_owned(), id.0)).is_some_and(|chain| chain.head != head) {
                found.faults.push(format!("problem {id}: its last events are missing"));
            }
        }
    }
}

fn check_registrations(
    store: &Store,
    chains: &HashMap<(String, i64), Chain>,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let mut after = RegistrationId(0);
    let mut key = (String::from("registration"), 0);
    loop {
        let batch = store
            .read(move |tx| {
                let numbers = tx.registration_numbers(after)?;
                let mut rows = Vec::with_capacity(numbers.len());
                for no in numbers {
                    let head = tx.head_of_registration(no)?;
                    rows.push((no, tx.registration(no), tx.registration_events(no), head));
                }
                Ok::<_, StoreError>(rows)
            })
            .wait()?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.0;
        for (no, row, events, head) in batch {
            found.registrations += 1;
            key.1 = no.0;
            match (row, events) {
                (Ok(Some(row)), Ok(events)) => {
                    if life::rebuild(no, &events).as_ref() != Some(&row.registration) {
                        found
                            .faults
                            .push(format!("registration {no}: the row is not what its events lead to"));
                    }
                }
                (Ok(None), _) => {}
                (Err(e), _) | (_, Err(e)) => found.faults.push(format!("registration {no}: {e}")),
            }
            match chains.get(&key) {
                Some(chain) if chain.head == head => {}
                Some(_) => found.faults.push(format!("registration {no}: its last events are missing")),
                None => found.faults.push(format!("registration {no}: has no events at all")),
            }
        }
    }
}

fn check_drafts(
    store: &Store,
    chains: &HashMap<(String, i64), Chain>,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let mut after = DraftId(0);
    loop {
        let batch = store
            .read(move |tx| {
                let rows = tx.walk_drafts(after)?;
                Ok::<_, StoreError>(rows.into_iter().map(|row| (tx.draft(row.0), row)).collect::<Vec<_>>())
            })
            .wait()?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.1.0;
        for (draft, (id, name, state, version, head)) in batch {
            match draft {
                Ok(Some(d)) if (&d.name, d.state, d.version) == (&name, state, version) => {}
                Ok(Some(_)) => {
                    found.faults.push(format!("draft {id}: the row is not what its events lead to"));
                }
                Ok(None) => found.faults.push(format!("draft {id}: has no events at all")),
                Err(e) => found.faults.push(format!("draft {id}: {e}")),
            }
            if chains.get(&("precinct_draft".to_owned(), id.0)).is_some_and(|chain| chain.head != head) {
                found.faults.push(format!("draft {id}: its last events are missing"));
            }
        }
    }
}

/// The text that was hashed for an event, for those who check a chain with their own tools.
///
/// # Errors
/// When the event cannot be written as JSON, which no event of ours does.
pub fn chained_text(event: &Recorded) -> Result<String, StoreError> {
    event_json(&event.event)
}

/// Whether an actor's text reads as one of ours.
pub fn is_actor(text: &str) -> bool {
    parse_actor(text).is_some()
}
