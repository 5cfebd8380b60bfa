//! The list of cases, with filters, saved views, and ways out of the program.

use super::{CaseRow, Choice, Frame};
use askama::Template;

/// `GET /console/cases`. Filter fields: `state` (a key, or `open`), `kind`, `subject`, `place`, `unit`, `due`
/// (`late`, `today`, `week`), `from`, `to`, `sort` (`due`, `new`, `old`); a missing one means any.
/// A view is saved with `POST /console/views` (`name`, `query`) and deleted with
/// `POST /console/views/{id}/delete`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/list.html")]
pub struct CaseList {
    /// What surrounds it.
    pub frame: Frame,
    /// What is asked for.
    pub filter: Filter,
    /// What was found, one page.
    pub rows: Vec<CaseRow>,
    /// How many there are in all, in words ("312", "10 000+"); left out where counting would cost too much.
    pub total: Option<String>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
    /// The person's saved views.
    pub views: Vec<SavedView>,
    /// The filter as a query string without `?`, for saving and exporting.
    pub query: String,
    /// Whether the person may take the list out.
    pub export: bool,
}

/// What a list is asked for: the choices of each field, with the chosen one marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the fields of the form")]
pub struct Filter {
    pub states: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub subjects: Vec<Choice>,
    pub places: Vec<Choice>,
    pub units: Vec<Choice>,
    pub dues: Vec<Choice>,
    pub sorts: Vec<Choice>,
    pub from: String,
    pub to: String,
}

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its address.
    pub href: String,
    /// Whether it is the one shown.
    pub here: bool,
}

impl Filter {
    /// The fixed choices in this language, with the chosen keys marked; places and units are the caller's.
    pub fn standard(
        t: crate::words::Lang,
        state: &str,
        kind: &str,
        subject: &str,
        due: &str,
        sort: &str,
    ) -> Filter {
        use domain::cases::{Kind, State};
        let mut states = vec![Choice::new("open", t.filter_open(), state)];
        states.extend(State::ALL.iter().map(|s| Choice::new(s.key(), t.pick(s.zh(), s.en()), state)));
        Filter {
            states,
            kinds: Kind::ALL.iter().map(|k| Choice::new(k.key(), t.pick(k.zh(), k.en()), kind)).collect(),
            subjects: domain::subjects::ALL
                .iter()
                .map(|s| Choice::new(s.code, t.pick(s.zh, s.en), subject))
                .collect(),
            dues: vec![
                Choice::new("late", t.filter_due_late(), due),
                Choice::new("today", t.filter_due_today(), due),
                Choice::new("week", t.filter_due_week(), due),
            ],
            sorts: vec![
                Choice::new("due", t.sort_due(), sort),
                Choice::new("new", t.sort_new(), sort),
                Choice::new("old", t.sort_old(), sort),
            ],
            ..Filter::default()
        }
    }

    /// The fields that are lists: (name, label, choices).
    fn selects(&self, t: crate::words::Lang) -> [(&'static str, &'static str, &[Choice]); 6] {
        [
            ("state", t.filter_state(), &self.states),
            ("due", t.filter_due(), &self.dues),
            ("place", t.filter_place(), &self.places),
            ("unit", t.filter_unit(), &self.units),
            ("kind", t.filter_kind(), &self.kinds),
            ("subject", t.filter_subject(), &self.subjects),
        ]
    }
}

impl CaseList {
    fn selects(&self) -> Vec<(&'static str, &'static str, &[Choice])> {
        self.filter.selects(self.frame.lang).into_iter().filter(|s| !s.2.is_empty()).collect()
    }
}
