//! Files of settings in the data folder: lines of `name = value`, `#` begins a comment.

use std::collections::BTreeMap;

/// The lines of a file, by name. No value is ever repeated in an error: some are secrets.
///
/// # Errors
/// A sentence that names the line: not of the form, unknown name, empty, or there twice.
pub(crate) fn settings<'a>(text: &'a str, known: &[&str]) -> Result<BTreeMap<&'a str, &'a str>, String> {
    let mut found = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) =
            line.split_once('=').ok_or_else(|| format!("line {number} is not of the form: name = value"))?;
        let (name, value) = (name.trim(), value.trim());
        if !known.contains(&name) {
            return Err(format!("line {number}: {name} is not one of {}", known.join(", ")));
        }
        if value.is_empty() {
            return Err(format!("line {number}: {name} is empty"));
        }
        if found.insert(name, value).is_some() {
            return Err(format!("line {number}: {name} stands there twice"));
        }
    }
    Ok(found)
}
