//! Writes every page with invented data into a folder, in both languages, plain and elder, to be looked at:
//! `cargo run -p web --example gallery -- target/gallery`.

#![expect(clippy::unwrap_used, reason = "a sample that does not render is a fault of the samples")]

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::fmt::Write as _;
use std::path::PathBuf;
use web::words::Lang;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir: PathBuf = std::env::args_os().nth(1).ok_or("which folder? gallery DIR")?.into();
    std::fs::create_dir_all(&dir)?;
    let mut index = String::new();
    for lang in Lang::ALL {
        for elder in [false, true] {
            for page in samples::all(lang, elder) {
                let name = format!("{}-{}{}.html", page.name, lang.key(), if elder { "-elder" } else { "" });
                let who = if page.for_residents { "residents" } else { "staff" };
                writeln!(index, "<li>{who} <a href=\"{name}\">{name}</a> {} B", page.html.len())?;
                // Opened from a folder, a page finds its style beside it.
                std::fs::write(dir.join(name), page.html.replace("\"/assets/", "\"assets/"))?;
            }
        }
    }
    std::fs::create_dir_all(dir.join("assets"))?;
    for asset in web::style::assets() {
        std::fs::write(dir.join(asset.href().trim_start_matches('/')), asset.body)?;
    }
    std::fs::write(dir.join("index.html"), format!("<!doctype html><meta charset=utf-8><ul>{index}</ul>"))?;
    Ok(())
}
