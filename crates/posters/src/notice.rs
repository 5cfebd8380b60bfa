//! The notice on a doorway's board: what it says, and what must be true of it before it is printed.

use typst::foundations::{Array, Dict, IntoValue, Value};
use typst::layout::Abs;

use crate::qr::{MOST_MODULES, Symbol};
use crate::{Error, Fonts, Words};

/// Side of a printed code in millimetres, quiet zone included.
pub(crate) const CODE_MM: f64 = 50.0;

/// Which of the three codes of a doorway: decides the sentence that says what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// 问题意见征集: opinions and issues.
    Opinion,
    /// 房屋出租登记: registration of a let dwelling.
    Tenancy,
    /// 实有人口登记: registration of who really lives here.
    Residency,
}

impl CodeKind {
    /// The title that the code usually goes by.
    pub fn title(self) -> Words {
        match self {
            Self::Opinion => Words::new("问题意见征集", "Problems and opinions"),
            Self::Tenancy => Words::new("房屋出租登记", "Homes let and rented"),
            Self::Residency => Words::new("实有人口登记", "Who lives here"),
        }
    }

    /// One sentence for a person who has never scanned it: when is this the right code? The last clause, after the
    /// last Chinese comma, says what to do, and is printed on a line of its own.
    pub fn purpose(self) -> Words {
        match self {
            Self::Opinion => Words::new(
                "哪里坏了、有难处、有意见，扫这个码告诉我们。",
                "Something broken, a worry, an opinion? Scan to tell the neighbourhood committee.",
            ),
            Self::Tenancy => Words::new(
                "房子租给别人，或者租住在这里，扫这个码登记。",
                "Letting a home here, or renting one? Scan to register the tenancy.",
            ),
            Self::Residency => Words::new(
                "人住在这里、户口不在这里，扫这个码登记。",
                "Living here while your household is registered elsewhere? Scan to register.",
            ),
        }
    }
}

/// One code of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What the code is for.
    pub kind: CodeKind,
    /// Its title, e.g. [`CodeKind::title`].
    pub title: Words,
    /// The address it leads to; begins with `https://`, the notice's domain, and `/`.
    pub url: String,
}

impl Code {
    /// A code with the usual title of its kind.
    pub fn new(kind: CodeKind, url: impl Into<String>) -> Self {
        Self { kind, title: kind.title(), url: url.into() }
    }
}

/// What one notice says. One notice is one A4 page, so that a person of eighty reads it from an arm's length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The district, e.g. 徐汇区 / Xuhui District.
    pub district: Words,
    /// Where it hangs, from the large to the small, e.g. 田林街道, 田林十二村居委会, 12号门.
    pub place: Vec<String>,
    /// The board's number as people read it, e.g. 公示栏 040312-012.
    pub board: String,
    /// The district's domain, e.g. `xuhui.example`: no scheme, no slash.
    pub domain: String,
    /// The three codes, from top to bottom.
    pub codes: [Code; 3],
    /// The telephone that a person rings who is in doubt, or has no telephone that scans.
    pub helpline: String,
}

impl Notice {
    /// What every address of this notice begins with, and what the notice tells people to look for. The slash at the
    /// end is part of it: `https://xuhui.example.evil.example/` begins with the domain too, but not with the slash.
    pub fn prefix(&self) -> String {
        format!("https://{}/", self.domain)
    }

    /// How messages call this notice: its number in the run, counted from 1, and its board.
    pub(crate) fn label(&self, number: usize) -> String {
        format!("notice {number} ({})", self.board)
    }

    /// Checks every field. `number` is counted from 1.
    pub(crate) fn check(&self, number: usize, fonts: &Fonts) -> Result<(), Error> {
        let label = self.label(number);
        let field = |name: &str, text: &str| {
            let place = || format!("the {name} of {label}");
            if text.trim().is_empty() {
                return Err(Error::Field { place: place(), problem: "is empty".to_owned() });
            }
            fonts.check(text, place)
        };
        field("board", &self.board)?;
        field("district", &self.district.zh)?;
        field("English name of the district", &self.district.en)?;
        if self.place.is_empty() {
            return Err(Error::Field { place: format!("the place of {label}"), problem: "is empty".into() });
        }
        for part in &self.place {
            field("place", part)?;
        }
        field("domain", &self.domain)?;
        if self.domain.contains(|c: char| !(c.is_ascii_alphanumeric() || "-.:".contains(c))) {
            let problem =
                format!("is {}, which is not a bare domain: leave out https:// and any path", self.domain);
            return Err(Error::Field { place: format!("the domain of {label}"), problem });
        }
        field("helpline", &self.helpline)?;
        // These stand on a line that cannot be broken.
        for (name, text, most) in
            [("board", &self.board, 16), ("domain", &self.domain, 40), ("helpline", &self.helpline, 20)]
        {
            let length = text.chars().count();
            if length > most {
                let problem = format!("has {length} characters; its line holds {most}: shorten it");
                return Err(Error::Field { place: format!("the {name} of {label}"), problem });
            }
        }
        for code in &self.codes {
            field("title of a code", &code.title.zh)?;
            field("English title of a code", &code.title.en)?;
            self.check_address(code, &label)?;
        }
        Ok(())
    }

    fn check_address(&self, code: &Code, label: &str) -> Result<Symbol, Error> {
        let place = || format!("the address of {} on {label}", code.title.zh);
        let prefix = self.prefix();
        if !code.url.starts_with(&prefix) {
            return Err(Error::ForeignAddress { place: place(), url: code.url.clone(), prefix });
        }
        if let Some(odd) = code.url.chars().find(|c| !c.is_ascii_graphic()) {
            let problem = format!("holds {odd:?}, which an address cannot: percent-encode it");
            return Err(Error::Field { place: place(), problem });
        }
        let symbol = Symbol::of(&code.url);
        match symbol {
            Some(symbol) if symbol.side() <= MOST_MODULES => Ok(symbol),
            other => Err(Error::AddressTooLong {
                place: place(),
                bytes: code.url.len(),
                modules: other.map_or(177, |symbol| symbol.side()),
                most: MOST_MODULES,
            }),
        }
    }

    /// The notice as the template reads it.
    pub(crate) fn to_value(&self, number: usize) -> Result<Value, Error> {
        let label = self.label(number);
        let mut codes = Array::new();
        for code in &self.codes {
            let symbol = self.check_address(code, &label)?;
            codes.push(Value::Dict(dict([
                ("title", code.title.to_value()),
                ("purpose", code.kind.purpose().to_value()),
                ("picture", symbol.to_content(Abs::mm(CODE_MM)).into_value()),
            ])));
        }
        let place: Array = self.place.iter().map(|part| part.as_str().into_value()).collect();
        Ok(Value::Dict(dict([
            ("district", self.district.to_value()),
            ("place", Value::Array(place)),
            ("board", self.board.as_str().into_value()),
            ("prefix", self.prefix().into_value()),
            ("helpline", self.helpline.as_str().into_value()),
            ("codes", Value::Array(codes)),
        ])))
    }
}

/// A dictionary of the typesetter.
pub(crate) fn dict<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
}
