//! What a letter says.

use super::What;
use jiff::Timestamp;

/// One notice as it is written into a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What happened.
    pub what: What,
    /// How many levels up it has climbed to whoever reads this; 0 for none.
    pub levels: u8,
    /// The thing, in words: "件 12-3".
    pub thing: String,
    /// Where it is to be seen: an address.
    pub link: String,
    /// The moment that the notice speaks of: a deadline, a step.
    pub at: Timestamp,
}

impl Line {
    fn words(&self, chinese: bool) -> String {
        let what = if chinese { self.what.zh() } else { self.what.en() };
        match (self.levels, chinese) {
            (0, _) => what.to_owned(),
            (n, true) => format!("{what}，上报{n}级"),
            (n, false) => format!("{what}, {n} levels up"),
        }
    }

    fn time(&self) -> String {
        jiff::tz::Offset::constant(8).to_datetime(self.at).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// A letter's title and text. Nothing of what anybody wrote is in it: only what happened, to which thing, and
/// where to see it. A resident's names no place and no subject either: a message may be read over a shoulder.
pub fn letter(lines: &[Line], resident: bool, chinese: bool, district: &str) -> (String, String) {
    if resident {
        let said = |l: &Line| match chinese {
            true => format!("您反映的事（{}）{}：{}", l.thing, l.what.zh(), l.link),
            false => format!("Your report ({}): {}. {}", l.thing, l.what.en(), l.link),
        };
        let text = lines.iter().map(said).collect::<Vec<_>>().join("\n");
        let title = if chinese { "您反映的事有新进展" } else { "News of your report" };
        return (title.to_owned(), format!("【{district}】{text}"));
    }
    let urgent = lines.iter().filter(|l| l.what.is_urgent()).count();
    let title = match (lines, chinese) {
        ([one], true) => format!("【{district}】{} {}", one.thing, one.words(true)),
        ([one], false) => format!("[{district}] {}: {}", one.thing, one.words(false)),
        (many, true) if urgent > 0 => format!("【{district}】{}条提醒，{urgent}条紧急", many.len()),
        (many, false) if urgent > 0 => format!("[{district}] {} notices, {urgent} urgent", many.len()),
        (many, true) => format!("【{district}】{}条提醒", many.len()),
        (many, false) => format!("[{district}] {} notices", many.len()),
    };
    let mut text = title.clone();
    for l in lines {
        text += &format!("\n{} {} {}\n{}", l.time(), l.thing, l.words(chinese), l.link);
    }
    (title, text)
}
