//! Lists of SHA-256 sums, in the two-column form that `sha256sum --check` reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The SHA-256 of some bytes, in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
    }
    hex
}

/// File name → sum, of a list of lines `sum  name`; empty lines and `#` lines are skipped.
///
/// # Errors
/// One sentence naming the first line that is not a sum and a name.
pub(crate) fn parse(list: &str) -> Result<BTreeMap<String, String>, String> {
    let mut sums = BTreeMap::new();
    for (index, line) in list.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once("  ") {
            Some((sum, name)) if sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit()) => {
                sums.insert(name.to_owned(), sum.to_owned());
            }
            _ => return Err(format!("line {} is not `sha256  name`: {line}", index + 1)),
        }
    }
    Ok(sums)
}

/// The list as text, sorted by name.
pub(crate) fn print(sums: &BTreeMap<String, String>) -> String {
    sums.iter().fold(String::new(), |mut text, (name, sum)| {
        writeln!(text, "{sum}  {name}").expect("writing to a String cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_survives_being_printed_and_read() {
        let sums = BTreeMap::from([("a b.js".to_owned(), sha256(b"abc")), ("c".to_owned(), sha256(b""))]);
        assert_eq!(sums["a b.js"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(parse(&print(&sums)), Ok(sums));
    }

    #[test]
    fn a_line_that_is_no_sum_is_named() {
        assert_eq!(parse("# fine\n\nabc  x"), Err("line 3 is not `sha256  name`: abc  x".to_owned()));
    }
}
