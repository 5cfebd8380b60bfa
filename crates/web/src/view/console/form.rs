//! A small form as data: a title that opens it, its fields, its button. Pages with many small steps are lists
//! of these.

use super::Choice;
use crate::view::icons;
use crate::words::Lang;
use askama::Template;

/// One step that can be taken: closed until it is asked for.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/form.html")]
pub struct StepForm {
    /// The language.
    pub lang: Lang,
    /// The token that every form carries.
    pub csrf: String,
    /// Where it posts to.
    pub action: String,
    /// Unique on the page: names the boxes.
    pub id: String,
    /// What it does; also the button.
    pub title: String,
    /// What to know before doing it.
    pub hint: String,
    /// What is sent along unseen: (name, value).
    pub hidden: Vec<(&'static str, String)>,
    /// The boxes.
    pub inputs: Vec<Input>,
    /// The key that opens it.
    pub key: Option<char>,
    /// Whether it is open from the start.
    pub open: bool,
    /// What is wrong with it as a whole.
    pub error: Option<String>,
}

/// What was typed into a form that is given back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Where it posted to; empty for none.
    pub action: String,
    /// Its fields.
    pub values: Vec<(String, String)>,
    /// The field that is wrong; empty where it is the form as a whole.
    pub field: String,
    /// What is wrong.
    pub error: String,
}

impl Typed {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// One box of a form.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Its name.
    pub name: &'static str,
    /// What is asked.
    pub label: String,
    /// How to answer.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What sort of box it is.
    pub sort: Sort,
    /// May be left empty.
    pub optional: bool,
}

/// What sort of box it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sort {
    /// One line.
    #[default]
    Line,
    /// Several lines.
    Area,
    /// A whole number.
    Number,
    /// A day: not before the first, nor after the last, where these are set.
    Day {
        /// The first that can be chosen.
        first: String,
        /// The last.
        last: String,
    },
    /// A time of the day.
    Hour,
    /// One of several.
    Select(Vec<Choice>),
    /// One of a few, all in sight.
    Radio(Vec<Choice>),
    /// Any of several.
    Checks(Vec<Choice>),
    /// How many of what, in three rows: `amount` and `what_of`.
    Amounts(Vec<(String, String)>),
}

impl Input {
    /// A box of one line.
    pub fn line(name: &'static str, label: impl Into<String>) -> Input {
        Input { name, label: label.into(), ..Input::default() }
    }

    /// A box of a sort.
    pub fn of(sort: Sort, name: &'static str, label: impl Into<String>) -> Input {
        Input { sort, ..Input::line(name, label) }
    }

    /// The same, with a hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Input {
        Input { hint: hint.into(), ..self }
    }

    /// The same, with something in it.
    #[must_use]
    pub fn with(self, value: impl Into<String>) -> Input {
        Input { value: value.into(), ..self }
    }

    /// The same, not needed.
    #[must_use]
    pub fn optional(self) -> Input {
        Input { optional: true, ..self }
    }

    fn described(&self, id: &str) -> String {
        let mut ids = vec![];
        if !self.hint.is_empty() {
            ids.push(format!("{id}-{}-h", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{id}-{}-e", self.name));
        }
        ids.join(" ")
    }
}

impl StepForm {
    /// The form given back, if `draft` is of this one: with what was typed and what is wrong.
    #[must_use]
    pub fn given_back(mut self, draft: &Typed) -> StepForm {
        let hidden_fit = self.hidden.iter().all(|(name, value)| draft.first(name) == Some(value.as_str()));
        if draft.action != self.action || !hidden_fit {
            return self;
        }
        self.open = true;
        let mut placed = false;
        for input in &mut self.inputs {
            let typed: Vec<&str> = draft.all(input.name).collect();
            match &mut input.sort {
                Sort::Select(choices) | Sort::Radio(choices) | Sort::Checks(choices) => {
                    for c in choices {
                        c.chosen = typed.contains(&c.value.as_str());
                    }
                }
                Sort::Amounts(pairs) => {
                    *pairs = draft
                        .all("amount")
                        .zip(draft.all("what_of"))
                        .map(|(a, w)| (a.to_owned(), w.to_owned()))
                        .collect();
                }
                _ => input.value = typed.first().copied().unwrap_or_default().to_owned(),
            }
            let amounts = matches!(input.sort, Sort::Amounts(_)) && draft.field == "amount";
            if input.name == draft.field || amounts {
                input.error = Some(draft.error.clone());
                placed = true;
            }
        }
        if !placed {
            self.error = Some(draft.error.clone());
        }
        self
    }
}
