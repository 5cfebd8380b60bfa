//! Writes every page with invented data into a folder, in both languages, plain and elder, to be looked at:
//! `cargo run -p web --example gallery -- /tmp/gallery`.

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
                if elder && !page.for_residents {
                    continue;
                }
                let name = format!("{}-{}{}.html", page.name, lang.key(), if elder { "-elder" } else { "" });
                writeln!(index, "<li><a href=\"{name}\">{name}</a> {} B", page.html.len())?;
                std::fs::write(dir.join(name), &page.html)?;
            }
        }
    }
    std::fs::write(dir.join("index.html"), format!("<!doctype html><meta charset=utf-8><ul>{index}</ul>"))?;
    Ok(())
}
