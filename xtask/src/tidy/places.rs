//! Nothing that is tracked names a place on somebody's machine, or the host that somebody's package
//! client happens to ask. A line that must (a test of exactly this) carries `tidy: place` and why.

use super::{Finding, Tree};

/// Beginnings of absolute paths that exist on one machine only.
const FOLDERS: &[&str] = &["/work/", "/root/", "/home/", "/Users/", "/tmp/", "C:\\Users\\"];

/// First labels of hosts from which packages are served.
const HOSTS: &[&str] =
    &["registry", "index", "static", "deb", "ftp", "mirror", "mirrors", "pypi", "proxy", "files"];

/// Marks a line that is right as it is.
const MARK: &str = "tidy: place";

/// Looks at every line of every text file.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.contains(MARK)) {
            if let Some(folder) = FOLDERS.iter().find(|folder| names_folder(line, folder)) {
                let message = format!("names a machine's own folder ({folder}…): take it from a setting");
                findings.push(Finding::error(path, index + 1, message));
            }
            if let Some(host) = package_host(line) {
                let message = format!("names a package host ({host}): whoever builds has one of their own");
                findings.push(Finding::error(path, index + 1, message));
            }
        }
    }
    findings
}

/// Whether the folder is named as the beginning of a path, not as a part of one.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        let begins =
            before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '_' | '-' | '}' | '~'));
        begins && after.is_some_and(|c| c.is_alphanumeric() || c == '.' || c == '_')
    })
}

/// The host of the first address in the line that serves packages.
fn package_host(line: &str) -> Option<&str> {
    line.match_indices("://").find_map(|(at, _)| {
        let host = &line[at + 3..];
        let host =
            &host[..host.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').unwrap_or(host.len())];
        let (first, rest) = host.split_once('.')?;
        (HOSTS.contains(&first) && rest.contains('.')).then_some(host)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<String> {
        check(&Tree::of(&[("docs/a.md", line)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_folder_of_one_machine_is_found() {
        for folder in FOLDERS {
            assert_eq!(found(&format!("see {folder}x")).len(), 1, "{folder}");
            assert_eq!(found(&format!("(\"{folder}.cargo\")")).len(), 1, "{folder}");
        }
        let first = FOLDERS[0];
        assert_eq!(
            found(&format!("D={first}x")),
            [format!("error: docs/a.md:1: names a machine's own folder ({first}…): take it from a setting")]
        );
    }

    #[test]
    fn a_part_of_a_path_and_a_marked_line_are_fine() {
        for fine in ["src/work/x", "../home/x", "/q/{code}", "https://a.example/home/x", "${D}/tmp/x"] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
        assert_eq!(found(&format!("{}x  # tidy: place, because", FOLDERS[0])), [""; 0]);
    }

    #[test]
    fn a_package_host_is_found_and_a_repository_is_not() {
        let host = ["https:/", "/registry.example.org/x/-/x-1.tgz"].concat();
        assert_eq!(
            found(&host),
            [
                "error: docs/a.md:1: names a package host (registry.example.org): whoever builds has one of their own"
            ]
        );
        assert_eq!(found("registry+https://github.com/rust-lang/crates.io-index"), [""; 0]);
        assert_eq!(found("https://www.example.org/static/x"), [""; 0]);
    }
}
