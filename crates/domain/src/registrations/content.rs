//! What a person declared, field by field; and what is wrong with a field.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The fields of one registration, by the keys of its form, normalised. Personal: it is sealed as a whole, prints
/// itself as `…`, and stands in no event.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Content(BTreeMap<String, String>);

impl Content {
    /// What a field holds; empty if it was not asked or not filled in.
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Puts a field in; an empty value takes it out.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        let value = value.into();
        if value.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), value);
        }
    }

    /// All filled fields, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A field as it may be shown to somebody who need not read it whole: a name by its first character, a number
    /// by its last four, anything else as it is.
    pub fn masked(&self, key: &str) -> String {
        let value = self.get(key);
        let n = value.chars().count();
        if key.ends_with("name") {
            return value.chars().enumerate().map(|(i, c)| if i == 0 { c } else { '*' }).collect();
        }
        if key.ends_with("id") || key.ends_with("phone") {
            let shown = 4.min(n / 2);
            return value.chars().enumerate().map(|(i, c)| if i + shown < n { '*' } else { c }).collect();
        }
        value.to_owned()
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content(…)")
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Content {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(iter: T) -> Self {
        Content(iter.into_iter().map(|(k, v)| (k.into(), v.into())).filter(|(_, v)| !v.is_empty()).collect())
    }
}

/// A field that cannot be taken as it is, in one sentence that never repeats what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field's key.
    pub field: &'static str,
    /// Which person of the household, from 0; `None` for what is asked once.
    pub person: Option<usize>,
    /// In Chinese, with how to mend it.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Fault {
    /// What is wrong with something that is asked once.
    pub fn of(field: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault { field, person: None, zh: zh.into(), en: en.into() }
    }

    /// The same of one person of a household.
    #[must_use]
    pub fn by(self, person: usize) -> Fault {
        Fault { person: Some(person), ..self }
    }
}

/// A line of text as people type it: no control characters, no spaces around, not longer than `longest`.
pub(super) fn line(field: &'static str, typed: &str, longest: usize) -> Result<String, Fault> {
    let text: String = typed.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(Fault::of(
            field,
            format!("写得太长了，请缩到{longest}个字以内。"),
            format!("That is too long: {longest} characters at most."),
        ));
    }
    Ok(text.to_owned())
}

/// The number of a dwelling within its doorway, as the doorway's own list writes it ([`crate::dwellings::number`]).
///
/// # Errors
/// When it is missing or no number of a dwelling.
pub fn dwelling(typed: &str) -> Result<String, Fault> {
    crate::dwellings::number(typed)
        .ok_or_else(|| Fault::of("dwelling", "请写是几室，比如“301”。", "Write which flat, such as 301."))
}
