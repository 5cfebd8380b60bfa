//! What `draw` writes: GeoJSON, xlsx, PDF, JSON, by the ending of each file's name.

use super::drawn::Drawn;
use crate::failure::{Failure, with_file};
use std::path::{Path, PathBuf};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    GeoJson,
    Sheets,
    Paper,
    Json,
}

/// The language of a sheet or a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    Zh,
    En,
}

impl Lang {
    pub(super) fn say(self, zh: &'static str, en: &'static str) -> &'static str {
        if self == Lang::Zh { zh } else { en }
    }
}

/// What each name asks for; a name that asks for nothing is refused before any work.
pub(super) fn formats(files: &[PathBuf]) -> Result<Vec<(PathBuf, Format)>, Failure> {
    let format = |file: &PathBuf| {
        let ending = file.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
        let format = match ending.as_deref() {
            Some("geojson") => Format::GeoJson,
            Some("xlsx") => Format::Sheets,
            Some("pdf") => Format::Paper,
            Some("json") => Format::Json,
            _ => {
                let text = "the name must end in .geojson, .xlsx, .pdf or .json";
                return Err(with_file(file)(text));
            }
        };
        let folder = file.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(with_file(file)("its folder is not there"));
        }
        Ok((file.clone(), format))
    };
    files.iter().map(format).collect()
}

/// Writes beside the target and renames, so that nothing is left half-written.
pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let done = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, file));
    done.map_err(|e| {
        drop(std::fs::remove_file(&part));
        with_file(file)(e)
    })
}

/// One plan as one file.
pub(super) fn plan(
    drawn: &Drawn<'_>,
    format: Format,
    lang: Lang,
    fonts: &posters::Fonts,
) -> Result<Vec<u8>, Failure> {
    match format {
        Format::GeoJson => Ok(super::geojson::text(drawn).into_bytes()),
        Format::Json => Ok(format!("{:#}\n", super::json(drawn)).into_bytes()),
        Format::Sheets => Ok(super::sheets::workbook(drawn, lang)?),
        Format::Paper => super::paper::page(drawn, lang, fonts),
    }
}
