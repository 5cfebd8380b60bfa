//! Lists of cases: what may be seen, filtered, in keyset pages.

use super::{columns, read_case};
use crate::{Arg, StoreError, Tx};
use domain::access::Scope;
use domain::cases::{Case, Clock, Kind, State};
use domain::{CaseNo, PlaceId, UnitId};
use jiff::Timestamp;

/// In which order, and from where a page goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Newest first; after the case of this number.
    Newest {
        /// The last number of the page before.
        after: Option<CaseNo>,
    },
    /// Open ones by due time, most pressing first; after this one.
    Due {
        /// The last due time and number of the page before.
        after: Option<(Timestamp, CaseNo)>,
    },
}

/// What to list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What may be seen.
    pub scope: Scope,
    /// Only in this place, at whatever depth.
    pub place: Option<(usize, PlaceId)>,
    /// Only with this unit.
    pub unit: Option<UnitId>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only of this subject.
    pub subject: Option<String>,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only what somebody still has to do something about.
    pub open: bool,
    /// Only what was reported at or after this.
    pub from: Option<Timestamp>,
    /// Only what was reported before this.
    pub before: Option<Timestamp>,
    /// Only where one of these clocks runs; any if empty.
    pub clocks: &'static [Clock],
    /// Only what is due before this.
    pub due_before: Option<Timestamp>,
    /// The order.
    pub order: Order,
    /// How many at most.
    pub limit: u32,
}

impl Filter {
    /// Everything in a scope, newest first, fifty at most.
    pub fn of(scope: Scope) -> Filter {
        Filter {
            scope,
            place: None,
            unit: None,
            state: None,
            subject: None,
            kind: None,
            open: false,
            from: None,
            before: None,
            clocks: &[],
            due_before: None,
            order: Order::Newest { after: None },
            limit: 50,
        }
    }

    /// The condition and its values. Depths of the scope's places are given by `depth`.
    fn conditions<'a>(&'a self, depth: &dyn Fn(PlaceId) -> usize) -> (String, Vec<Arg<'a>>) {
        let mut sql = String::from("1 = 1");
        let mut args: Vec<Arg<'a>> = Vec::new();
        let and = |args: &mut Vec<Arg<'a>>, column: &str, op: &str, v: Arg<'a>| {
            args.push(v);
            format!("{column} {op} ?{}", args.len())
        };
        if !self.scope.all {
            let mut any: Vec<String> = Vec::new();
            for place in &self.scope.places {
                any.push(and(&mut args, column_of(depth(*place)), "=", Arg::from(*place)));
            }
            for unit in &self.scope.units {
                any.push(and(&mut args, "unit", "=", Arg::from(*unit)));
            }
            let any = if any.is_empty() { "1 = 0".to_owned() } else { any.join(" OR ") };
            sql += &format!(" AND ({any})");
        }
        if let Some((depth, place)) = self.place {
            sql += " AND ";
            sql += &and(&mut args, column_of(depth), "=", Arg::from(place));
        }
        if let Some(unit) = self.unit {
            sql += " AND ";
            sql += &and(&mut args, "unit", "=", Arg::from(unit));
        }
        if let Some(state) = self.state {
            sql += " AND ";
            sql += &and(&mut args, "state", "=", Arg::from(state.key()));
        }
        if let Some(subject) = &self.subject {
            sql += " AND ";
            sql += &and(&mut args, "subject", "=", Arg::from(subject));
        }
        if let Some(kind) = self.kind {
            sql += " AND ";
            sql += &and(&mut args, "kind", "=", Arg::from(kind.key()));
        }
        if self.open {
            sql += " AND due IS NOT NULL";
        }
        if let Some(from) = self.from {
            sql += " AND ";
            sql += &and(&mut args, "reported_at", ">=", Arg::from(from));
        }
        if let Some(before) = self.before {
            sql += " AND ";
            sql += &and(&mut args, "reported_at", "<", Arg::from(before));
        }
        if !self.clocks.is_empty() {
            let any: Vec<String> =
                self.clocks.iter().map(|c| and(&mut args, "due_for", "=", Arg::from(c.key()))).collect();
            sql += &format!(" AND ({})", any.join(" OR "));
        }
        if let Some(before) = self.due_before {
            sql += " AND ";
            sql += &and(&mut args, "due", "<", Arg::from(before));
        }
        match self.order {
            Order::Newest { after } => {
                if let Some(after) = after {
                    sql += " AND ";
                    sql += &and(&mut args, "no", "<", Arg::from(after));
                }
            }
            Order::Due { after } => {
                sql += " AND due IS NOT NULL";
                if let Some((at, no)) = after {
                    let at = and(&mut args, "(due, no)", "> (", Arg::from(at)).replace("( ?", "(?");
                    args.push(Arg::from(no));
                    sql += &format!(" AND {at}, ?{})", args.len());
                }
            }
        }
        (sql, args)
    }

    /// The whole statement, with its values.
    fn statement<'a>(&'a self, depth: &dyn Fn(PlaceId) -> usize) -> (String, Vec<Arg<'a>>) {
        let (conditions, mut args) = self.conditions(depth);
        let order = match self.order {
            Order::Newest { .. } => "no DESC",
            Order::Due { .. } => "due, no",
        };
        args.push(Arg::from(self.limit));
        let sql = format!(
            concat!("SELECT ", columns!(), " FROM cases WHERE {} ORDER BY {} LIMIT ?{}"),
            conditions,
            order,
            args.len()
        );
        (sql, args)
    }
}

fn column_of(depth: usize) -> &'static str {
    match depth {
        1 => "p1",
        2 => "p2",
        3 => "p3",
        _ => "p4",
    }
}

impl Tx<'_> {
    /// One page of cases: one statement, whatever the filter.
    pub fn list_cases(
        &mut self,
        filter: &Filter,
        depth: &dyn Fn(PlaceId) -> usize,
    ) -> Result<Vec<Case>, StoreError> {
        let (sql, args) = filter.statement(depth);
        self.all(&sql, &args, read_case)
    }

    /// How many cases a filter finds in each state, its page and limit aside.
    pub fn count_cases(
        &mut self,
        filter: &Filter,
        depth: &dyn Fn(PlaceId) -> usize,
    ) -> Result<Vec<(State, u32)>, StoreError> {
        let (conditions, args) = filter.conditions(depth);
        let sql = format!("SELECT state, COUNT(*) FROM cases WHERE {conditions} GROUP BY state");
        self.all(&sql, &args, |r| Ok((r.named(0, State::from_key)?, r.count(1)?)))
    }
}

/// One of every shape of filter, so that a test can prepare them all.
#[cfg(test)]
pub(crate) fn every_shape() -> Vec<String> {
    let mut out = Vec::new();
    for bits in 0..2048u32 {
        let on = |n: u32| bits & (1 << n) != 0;
        let mut f =
            Filter::of(Scope { all: on(0), places: vec![PlaceId(1), PlaceId(2)], units: vec![UnitId(3)] });
        f.place = on(1).then_some((3, PlaceId(9)));
        f.unit = on(2).then_some(UnitId(4));
        f.state = on(3).then_some(State::Received);
        f.subject = on(4).then(|| "noise".to_owned());
        f.due_before = on(5).then_some(Timestamp::UNIX_EPOCH);
        f.clocks = if on(7) { &[Clock::Dispatch, Clock::Meeting] } else { &[] };
        f.kind = on(8).then_some(Kind::Help);
        f.open = on(9);
        (f.from, f.before) =
            (on(10).then_some(Timestamp::UNIX_EPOCH), on(10).then_some(Timestamp::UNIX_EPOCH));
        for after in [false, true] {
            f.order = if on(6) {
                Order::Newest { after: after.then_some(CaseNo(1)) }
            } else {
                Order::Due { after: after.then_some((Timestamp::UNIX_EPOCH, CaseNo(1))) }
            };
            out.push(f.statement(&|_| 2).0);
        }
    }
    out
}
