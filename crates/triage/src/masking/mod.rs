//! Masking of what names a person: numbers of people, phones, cards, plates, accounts; for texts that go public
//! also names with titles and room numbers. House numbers, prices, dates and public hotlines stay readable.
//!
//! Recall comes before precision: a number that a check digit vouches for is masked however it is written, one that
//! only looks right is masked unless the words before it say that it counts something else.

mod accounts;
mod han;
mod letters;
mod numbers;
mod people;
mod plates;
mod rooms;

use han::HAN;
use letters::{Letter, read};
use std::ops::Range;

/// What sort of identifier was masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpanKind {
    /// A resident id (GB 11643) or another long number that names a person.
    Id,
    /// A telephone number.
    Phone,
    /// A bank card.
    Card,
    /// A number plate (GA 36).
    Plate,
    /// An e-mail address.
    Mail,
    /// An account of a chat program.
    Chat,
    /// The name of a person, with a title or said to be one.
    Name,
    /// The number of a room or flat.
    Room,
}

impl SpanKind {
    /// What stands in its place.
    pub fn label(self) -> &'static str {
        match self {
            SpanKind::Id => "〔证件号〕",
            SpanKind::Phone => "〔电话〕",
            SpanKind::Card => "〔卡号〕",
            SpanKind::Plate => "〔车牌〕",
            SpanKind::Mail => "〔邮箱〕",
            SpanKind::Chat => "〔微信号〕",
            SpanKind::Name => "〔姓名〕",
            SpanKind::Room => "〔室号〕",
        }
    }
}

/// One identifier and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: SpanKind,
    /// Its bytes in the original text.
    pub range: Range<usize>,
}

/// A text with identifiers taken out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Masked {
    /// The text with a label in the place of each identifier.
    pub text: String,
    /// What was taken out, in order.
    pub spans: Vec<Span>,
}

/// Takes identifiers out of a text that those who handle the matter will read.
pub fn mask(text: &str) -> Masked {
    masked(text, false)
}

/// Takes identifiers, names of people and room numbers out of a text that anybody may read.
pub fn mask_public(text: &str) -> Masked {
    masked(text, true)
}

/// What was found: its kind, the first letter and the one after the last.
type Found = Option<(SpanKind, usize, usize)>;

fn masked(text: &str, public: bool) -> Masked {
    let letters = read(text);
    let mut spans = Vec::new();
    let mut i = 0;
    while i < letters.len() {
        if !begins(&letters[i], public) {
            i += 1;
            continue;
        }
        let found = accounts::chat(&letters, i)
            .or_else(|| accounts::mail(&letters, i))
            .or_else(|| plates::plate(&letters, i))
            .or_else(|| numbers::number(&letters, i))
            .or_else(|| numbers::paper(&letters, i))
            .or_else(|| {
                public.then(|| rooms::room(&letters, i).or_else(|| people::name(&letters, i))).flatten()
            });
        match found {
            Some((kind, from, to)) => {
                let end = letters.get(to).map_or(text.len(), |c| c.at);
                spans.push(Span { kind, range: letters[from].at..end });
                i = to;
            }
            None => i += 1,
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for s in &spans {
        out.push_str(&text[at..s.range.start]);
        out.push_str(s.kind.label());
        at = s.range.end;
    }
    out.push_str(&text[at..]);
    Masked { text: out, spans }
}

/// Whether anything at all may begin with a letter: nothing does with most of them.
fn begins(letter: &Letter, public: bool) -> bool {
    let name = if public { han::SURNAME | han::COMPOUND | han::NICK } else { 0 };
    match HAN.of(letter.c) {
        Some(of) => of & (han::DIGIT | han::PROVINCE | name) != 0,
        None => letter.c.is_ascii_alphanumeric() || letter.digit.is_some(),
    }
}

/// The letter at a place; nought beyond the end.
fn at(letters: &[Letter], i: usize) -> char {
    letters.get(i).map_or('\0', |l| l.c)
}

/// Whether one of the words stands in the few letters before a place.
fn said_before(letters: &[Letter], i: usize, within: usize, words: &[&str]) -> bool {
    let before: String = letters[i.saturating_sub(within)..i].iter().map(|l| l.c).collect();
    words.iter().any(|w| before.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(text: &str) -> String {
        mask(text).text
    }

    #[test]
    fn what_names_a_person_is_masked() {
        for (text, expected) in [
            ("电话13800000000急", "电话〔电话〕急"),
            ("打138-0000-0000", "打〔电话〕"),
            ("＋８６１３８００００００００", "＋〔电话〕"),
            ("+86 138 0000 0000。", "+〔电话〕。"),
            ("021-64000000转3", "〔电话〕转3"),
            ("座机6400 0000", "座机〔电话〕"),
            ("身份证11010519491231002X的", "身份证〔证件号〕的"),
            ("310104 19900101 1233", "〔证件号〕"),
            ("卡6222 0200 0000 0000 005", "卡〔卡号〕"),
            ("数6222 0200 0000 0000 005", "数6222 0200 0000 0000 005"),
            ("手机一三八零零零零零零零零", "手机〔电话〕"),
            ("打1 3 8 0 0 0 0 0 0 0 0", "打〔电话〕"),
            ("302 13800000000", "302 〔电话〕"),
            ("加V信：li_ming88", "加V信：〔微信号〕"),
            ("QQ 123 456 789", "QQ 〔微信号〕"),
            ("车牌号是A12345", "车牌号是〔车牌〕"),
            ("li.ming(at)example.com", "〔邮箱〕"),
            ("车牌沪A·D12345占了", "车牌〔车牌〕占了"),
            ("沪A12345", "〔车牌〕"),
            ("微信号：li_ming88", "微信号：〔微信号〕"),
            ("写信 li.ming@example.com。", "写信 〔邮箱〕。"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
        assert_eq!(mask("310104199001011233").spans[0].kind, SpanKind::Id);
    }

    #[test]
    fn what_names_a_place_a_price_or_a_day_stays() {
        for text in [
            "太原路25弄12-14号302室",
            "2026-03-02 晚上8:30",
            "20260302起",
            "停车费1200元",
            "12345热线没用",
            "打了110和120",
            "962121转3",
            "面积88.88平米",
            "共38000000元",
            "第3幢 15楼 1502",
            "川湘菜馆",
            "新A楼",
            "京东快递",
            "工单202001051234567",
            "20200105123045登记",
            "12、13、14号楼",
            "2019-12-05 10:11:12",
            "张先生住302室",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn where_anybody_reads_names_and_rooms_are_masked_too() {
        for (text, expected) in [
            ("张先生住302室", "〔姓名〕住〔室号〕"),
            ("3号楼2单元501的王阿姨", "3号楼2单元〔室号〕的〔姓名〕"),
            ("找欧阳明远医生", "找〔姓名〕"),
            ("我叫李小明，住12栋1203", "我叫〔姓名〕，住12栋〔室号〕"),
            ("金茂府5-4304一房二卖", "金茂府〔室号〕一房二卖"),
            ("语文老师和历史老师", "语文老师和历史老师"),
            ("由于老师不在，保安师傅来了", "由于老师不在，保安师傅来了"),
            ("太原路25弄12-14号", "太原路25弄12-14号"),
            ("房价3000元，12栋300户", "房价3000元，12栋300户"),
        ] {
            assert_eq!(mask_public(text).text, expected, "{text}");
        }
    }

    proptest! {
        /// Anything typed is answered, spans lie in order on the borders of characters, and what remains is as it was.
        #[test]
        fn any_text_is_answered(text in "[0-9０-９ +.@a-zA-Z沪A微信电话\\-—，\u{0}-\u{ffff}]{0,60}") {
            let m = mask(&text);
            let mut at = 0;
            for s in &m.spans {
                prop_assert!(s.range.start >= at && text.is_char_boundary(s.range.start) && text.is_char_boundary(s.range.end));
                at = s.range.end;
            }
            prop_assert_eq!(m.spans.is_empty(), m.text == text);
        }

        /// A mobile number is found however it is grouped and whatever stands around it.
        #[test]
        fn a_mobile_is_found(tail in "[0-9]{9}", head in "[3-9]", sep in prop::sample::select(vec!["", " ", "-"]), around in "[，。的是\n]{1,3}") {
            let digits = format!("1{head}{tail}");
            let number = format!("{}{sep}{}{sep}{}", &digits[..3], &digits[3..7], &digits[7..]);
            let text = format!("{around}{number}{around}");
            prop_assert_eq!(masked(&text), format!("{around}〔电话〕{around}"));
        }
    }
}
