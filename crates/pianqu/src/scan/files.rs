//! Finding and reading the files of a scan, which may come from another machine.

use crate::failure::{Failure, with_file};
use std::path::{Path, PathBuf};

/// The text of a file.
pub(super) fn text(file: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(file).map_err(with_file(file))?;
    decoded(bytes).map_err(|line| {
        Failure(format!("{}: line {line} is not UTF-8 text; save the file as UTF-8", file.display()))
    })
}

/// The same of a parameter file: what cannot be read stands in a path or a title at most.
pub(super) fn settings(file: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(file).map_err(with_file(file))?;
    Ok(decoded(bytes.clone()).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned()))
}

/// UTF-8, or UTF-16 with its mark; line ends of any machine. Else the line that does not read.
fn decoded(bytes: Vec<u8>) -> Result<String, usize> {
    let wide = |pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].as_chunks::<2>().0.iter().map(|b| pair(*b)).collect();
        String::from_utf16(&units).map_err(|_| 1_usize)
    };
    let text = match bytes.get(..2) {
        Some([0xff, 0xfe]) => wide(u16::from_le_bytes)?,
        Some([0xfe, 0xff]) => wide(u16::from_be_bytes)?,
        _ => String::from_utf8(bytes).map_err(|e| {
            let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            1 + good.iter().filter(|b| **b == b'\n').count()
        })?,
    };
    Ok(if text.contains('\r') && !text.contains('\n') { text.replace('\r', "\n") } else { text })
}

/// The file that a parameter file names, in whatever letters: at its path from there, beside the parameter file, or where the
/// path says.
pub(super) fn beside(settings: &Path, name: &str) -> Option<PathBuf> {
    let there = PathBuf::from(name.replace('\\', "/"));
    let folder = settings.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let alone = there.file_name().map(|file| folder.join(file));
    let relative = there.is_relative().then(|| found(folder, &there)).flatten();
    relative
        .or_else(|| alone.and_then(|file| found(folder, Path::new(file.file_name()?))))
        .or_else(|| Some(there).filter(|file| file.is_file()))
}

/// A path below a folder, whether its letters are large or small.
fn found(folder: &Path, path: &Path) -> Option<PathBuf> {
    let mut at = folder.to_path_buf();
    for part in path.components() {
        let exact = at.join(part);
        at = if exact.exists() {
            exact
        } else {
            let wanted = part.as_os_str().to_string_lossy().to_lowercase();
            let mut alike: Vec<PathBuf> = std::fs::read_dir(&at)
                .ok()?
                .filter_map(Result::ok)
                .filter(|entry| entry.file_name().to_string_lossy().to_lowercase() == wanted)
                .map(|entry| entry.path())
                .collect();
            alike.sort();
            alike.into_iter().next()?
        };
    }
    at.is_file().then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_another_machine_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("a.prm");
        std::fs::create_dir(folder.path().join("Data")).unwrap();
        for name in ["Data/NM.cas", "nm.geo"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let at =
            |name: &str| beside(&settings, name).map(|f| f.strip_prefix(folder.path()).unwrap().to_owned());
        assert_eq!(at("data\\nm.CAS"), Some("Data/NM.cas".into()));
        assert_eq!(at(".\\Data\\NM.cas"), Some("Data/NM.cas".into()));
        assert_eq!(at("C:\\Program Files\\x\\NM.GEO"), Some("nm.geo".into()));
        assert_eq!((at("nm.cas"), at("")), (None, None));
    }

    #[test]
    fn texts_of_any_machine_are_read() {
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("a 1\r\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decoded(wide), Ok("a 1\r\n".into()));
        assert_eq!(decoded(b"a 1\rb 2\r".to_vec()), Ok("a 1\nb 2\n".into()));
        assert_eq!(decoded(b"a 1\nb\xd6 2\n".to_vec()), Err(2));
    }
}
