//! Every word on a page, in one table per part of the house, Chinese first.
//!
//! A word is a method of [`Lang`]: `lang.send_report()` is 「报告给居委会」 or “Report to the committee”. A word
//! that needs something filled in takes it as an argument: `lang.neighbours_too(3)`. The compiler finds a
//! missing word, a test finds an unused one, and another test finds words written outside these tables.

mod case;
mod console;
mod desk;
mod office;
mod place;
mod precincts;
mod problem;
mod registration;
mod resident;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Chinese, as written in mainland China.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both, Chinese first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The name of the language in `?lang=` and in the cookie.
    pub fn key(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The language of that name.
    pub fn from_key(key: &str) -> Option<Lang> {
        Self::ALL.into_iter().find(|l| l.key() == key)
    }

    /// The language tag of the page (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-Hans",
            Lang::En => "en",
        }
    }

    /// The other one, for the switch.
    pub fn other(self) -> Lang {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// What the language calls itself, whatever the page is in.
    pub fn own_name(self) -> &'static str {
        self.pick("中文", "English")
    }

    /// Whichever of two texts is in this language.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// Makes a method of [`Lang`] of every line `key: "中文", "English";`, and of `key(a, b): "…{a}…", "…{b}…";`
/// one with arguments.
macro_rules! words {
    ($($key:ident $(($($arg:ident),+))? : $zh:literal, $en:literal;)*) => {
        impl crate::words::Lang {
            $(crate::words::words!(@one $key $(($($arg),+))? $zh $en);)*
        }
        /// The keys of this table, with whether each is filled in both languages.
        #[cfg(test)]
        pub(super) const TABLE: &[(&str, &str, &str)] = &[$((stringify!($key), $zh, $en)),*];
    };
    (@one $key:ident $zh:literal $en:literal) => {
        #[doc = concat!($zh, " · ", $en)]
        #[must_use]
        pub fn $key(self) -> &'static str {
            self.pick($zh, $en)
        }
    };
    (@one $key:ident ($($arg:ident),+) $zh:literal $en:literal) => {
        #[doc = concat!($zh, " · ", $en)]
        #[must_use]
        pub fn $key(self, $($arg: impl std::fmt::Display),+) -> String {
            match self {
                crate::words::Lang::Zh => format!($zh),
                crate::words::Lang::En => format!($en),
            }
        }
    };
}
use words;

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn tables() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
        [
            case::TABLE,
            console::TABLE,
            desk::TABLE,
            office::TABLE,
            place::TABLE,
            precincts::TABLE,
            problem::TABLE,
            registration::TABLE,
            resident::TABLE,
        ]
        .into_iter()
        .flatten()
    }

    /// All sources and templates but the tables themselves.
    fn sources() -> Vec<(String, String)> {
        fn walk(dir: &Path, out: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.ends_with("words") {
                    walk(&path, out);
                } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
                    out.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut out = vec![];
        for dir in ["src", "templates"] {
            walk(&root.join(dir), &mut out);
        }
        out
    }

    #[test]
    fn every_word_is_used_somewhere() {
        let all: String = sources().into_iter().map(|(_, text)| text).collect();
        let unused: Vec<&str> = tables().map(|w| w.0).filter(|k| !all.contains(&format!(".{k}("))).collect();
        assert_eq!(unused, Vec::<&str>::new());
    }

    #[test]
    fn every_word_is_filled_in_both_languages_and_addresses_people_with_respect() {
        for (key, zh, en) in tables() {
            assert!(!zh.is_empty() && !en.is_empty(), "{key} is empty");
            assert!(!zh.contains('你'), "{key}: 您, not 你");
            assert_ne!(*zh, "提交", "{key}: a button says what it does");
            assert!(!en.chars().any(is_han), "{key}: Chinese in the English column");
        }
    }

    #[test]
    fn no_page_has_words_of_its_own() {
        for (path, text) in sources() {
            if path.ends_with(".html") {
                let han: String = text.chars().filter(|c| is_han(*c)).collect();
                assert_eq!(han, "", "{path} has words outside the tables");
            }
        }
    }

    fn is_han(c: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&c)
    }
}
