//! Lists of cases: my work today, everything I may see, search.

use crate::{App, AppError, Who};
use domain::access::{Action, Scope, scope};
use domain::cases::{Case, Clock, State};
use domain::{CaseNo, PlaceId};
use jiff::Timestamp;
use store::cases::list::{Filter, Order};
use store::search::Query;

/// What whoever handles a case must do.
const HANDLING: &[Clock] = &[Clock::FirstContact, Clock::Handling, Clock::SecondHandling];
/// What whoever dispatches must do.
const DISPATCHING: &[Clock] = &[Clock::Dispatch, Clock::Meeting, Clock::CallBack];

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The cases.
    pub cases: Vec<Case>,
    /// Whether there are more after the last.
    pub more: bool,
}

impl App {
    fn page_of(&self, mut filter: Filter) -> impl Future<Output = Result<Page, AppError>> + use<> {
        let directory = self.directory();
        let wanted = filter.limit;
        filter.limit += 1;
        let reading = self.store.read(move |tx| {
            Ok::<_, AppError>(tx.list_cases(&filter, &|place: PlaceId| directory.depth(place))?)
        });
        async move {
            let mut cases = reading.await?;
            let more = cases.len() > wanted as usize;
            cases.truncate(wanted as usize);
            Ok(Page { cases, more })
        }
    }

    /// What this person must do, most pressing first, fifty at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn my_work(&self, who: &Who) -> Result<Page, AppError> {
        let of = |action, clocks| {
            let scope = scope(&who.grants, action);
            (!scope.is_empty()).then(|| {
                self.page_of(Filter { order: Order::Due { after: None }, clocks, ..Filter::of(scope) })
            })
        };
        let mut cases: Vec<Case> = Vec::new();
        let mut more = false;
        for part in [of(Action::Handle, HANDLING), of(Action::Dispatch, DISPATCHING)].into_iter().flatten() {
            let page = part.await?;
            more |= page.more;
            cases.extend(page.cases);
        }
        cases.sort_by_key(|c| (c.due.map(|d| d.1), c.no));
        cases.dedup_by_key(|c| c.no);
        more |= cases.len() > 50;
        cases.truncate(50);
        Ok(Page { cases, more })
    }

    /// A page of the cases that this person may see. The filter's scope is set here, whatever it was.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] if they may see none at all.
    pub async fn list(&self, who: &Who, filter: Filter) -> Result<Page, AppError> {
        let scope = self.may_see(who, Action::SeeCase)?;
        self.page_of(Filter { scope, ..filter }).await
    }

    /// How many cases a filter finds in each state.
    ///
    /// # Errors
    /// As [`App::list`].
    pub async fn count(&self, who: &Who, filter: Filter) -> Result<Vec<(State, u32)>, AppError> {
        let scope = self.may_see(who, Action::SeeCase)?;
        let filter = Filter { scope, order: Order::Newest { after: None }, ..filter };
        let directory = self.directory();
        self.store
            .read(move |tx| Ok(tx.count_cases(&filter, &|place: PlaceId| directory.depth(place))?))
            .await
    }

    pub(crate) fn may_see(&self, who: &Who, action: Action) -> Result<Scope, AppError> {
        let scope = scope(&who.grants, action);
        if scope.is_empty() { Err(AppError::NotAllowed) } else { Ok(scope) }
    }

    /// All cases of a filter for a spreadsheet, at most `limit`.
    ///
    /// # Errors
    /// Without the right to export.
    pub async fn export(&self, who: &Who, filter: Filter, limit: u32) -> Result<Page, AppError> {
        let scope = self.may_see(who, Action::Export)?;
        self.page_of(Filter { scope, limit, ..filter }).await
    }

    /// The cases whose words hold what was typed, newest first; or the one whose number it is.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] if the person may see no case at all.
    pub async fn search(&self, who: &Who, typed: &str, before: Option<CaseNo>) -> Result<Page, AppError> {
        self.find(who, Action::SeeCase, typed, before, 20).await
    }

    /// The same for a spreadsheet, at most `limit`.
    ///
    /// # Errors
    /// Without the right to export.
    pub async fn export_search(&self, who: &Who, typed: &str, limit: u32) -> Result<Page, AppError> {
        self.find(who, Action::Export, typed, None, limit).await
    }

    async fn find(
        &self,
        who: &Who,
        action: Action,
        typed: &str,
        before: Option<CaseNo>,
        limit: u32,
    ) -> Result<Page, AppError> {
        let scope = self.may_see(who, action)?;
        let by_number = CaseNo::parse_spoken(typed);
        let query = Query::parse(typed, limit).map(|q| q.or_alike(crate::reading::alike_words));
        let wanted = limit as usize;
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |tx| {
                let seen = |c: &Case| app.reaches(&who, action, c);
                if let Some(no) = by_number
                    && let Some(case) = tx.case(no)?.filter(seen)
                {
                    return Ok(Page { cases: vec![case], more: false });
                }
                let Some(mut query) = query else { return Ok(Page { cases: vec![], more: false }) };
                // Units are no part of the index: those who see by unit search more and keep what is theirs.
                let by_unit = !scope.all && !scope.units.is_empty();
                if !scope.all && !by_unit {
                    query.places = scope.places;
                }
                query.before = before;
                query.limit = if by_unit { limit.max(2_000) } else { limit + 1 };
                let mut cases = Vec::new();
                for some in tx.search(&query)?.chunks(64) {
                    cases.extend(tx.cases_in(some)?.into_iter().filter(seen));
                    if cases.len() > wanted {
                        break;
                    }
                }
                let more = cases.len() > wanted;
                cases.truncate(wanted);
                Ok::<_, AppError>(Page { cases, more })
            })
            .await
    }

    fn reaches(&self, who: &Who, action: Action, case: &Case) -> bool {
        let target = domain::access::Target { path: case.path, unit: case.unit };
        domain::access::may(&who.grants, action, &target)
    }

    /// How long until a time, and whether it is past: for ordering by what presses.
    pub fn is_overdue(&self, at: Timestamp) -> bool {
        at < self.clock.now()
    }
}
