//! Many notices in one go: bounded memory, progress, and a way to stop.

use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};

use typst::ecow::EcoVec;
use typst::foundations::{Array, IntoValue, Value};
use typst::layout::Abs;
use typst::model::DocumentInfo;
use typst_layout::PagedDocument;

use crate::notice::{CODE_MM, Notice, dict};
use crate::press::{self, Template};
use crate::{Day, Error, Fonts};

const TEMPLATE: Template =
    Template { name: "notice", source: include_str!("../templates/notice.typ"), tagged: false };

/// Notices in one file unless the caller says otherwise: about one neighbourhood's doorways, 0.4 MB, set within
/// 100 MB of memory.
pub const VOLUME: NonZeroUsize = NonZeroUsize::new(50).expect("50 is not zero");

/// One file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Its number, counted from 1.
    pub number: usize,
    /// How many volumes the run has.
    pub of: usize,
    /// Which of the run's notices it holds, counted from 0; page `n` is notice `notices.start + n`.
    pub notices: Range<usize>,
    /// The PDF/A-2b file.
    pub pdf: Vec<u8>,
}

/// Sets a few notices as one PDF/A-2b file, one A4 page each, in the given order. For more than some hundreds use
/// [`print_run`].
///
/// # Errors
/// The first thing that is wrong with any notice; nothing is printed unless all of them are sound.
pub fn notices(notices: &[Notice], fonts: &Fonts, made: Day) -> Result<Vec<u8>, Error> {
    check(notices, fonts)?;
    let pdf = one_file(notices, 0, fonts, made);
    press::forget();
    pdf
}

/// Sets any number of notices as files ("volumes") of `per_volume` pages and hands each over as soon as it is done,
/// so that memory depends on the size of a volume and not of the run.
///
/// Every notice is checked before the first is printed: a missing glyph in the last one costs no paper.
/// `progress` is called with (done, total) once before the first volume and after each that was handed over;
/// when it returns [`ControlFlow::Break`], the run ends with [`Error::Stopped`].
///
/// # Errors
/// As [`notices`]; and whatever `hand_over` returns, e.g. that a file could not be written.
pub fn print_run<E: From<Error>>(
    notices: &[Notice],
    fonts: &Fonts,
    made: Day,
    per_volume: NonZeroUsize,
    mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    mut hand_over: impl FnMut(Volume) -> Result<(), E>,
) -> Result<(), E> {
    check(notices, fonts)?;
    let total = notices.len();
    let of = total.div_ceil(per_volume.get());
    let mut done = 0;
    for (index, part) in notices.chunks(per_volume.get()).enumerate() {
        if progress(done, total).is_break() {
            return Err(Error::Stopped { done, total }.into());
        }
        let pdf = one_file(part, done, fonts, made);
        press::forget();
        let range = done..done + part.len();
        hand_over(Volume { number: index + 1, of, notices: range.clone(), pdf: pdf? })?;
        done = range.end;
    }
    // Everything is printed: there is nothing left to stop.
    let _ = progress(done, total);
    Ok(())
}

fn check(notices: &[Notice], fonts: &Fonts) -> Result<(), Error> {
    if notices.is_empty() {
        return Err(Error::Field { place: "the list of notices".into(), problem: "is empty".into() });
    }
    notices.iter().enumerate().try_for_each(|(index, notice)| notice.check(index + 1, fonts))
}

/// Notices set at a time. The typesetter remembers every intermediate result until it is told to forget, which for a
/// volume as a whole is half as much again as its finished pages.
const AT_A_TIME: usize = 25;

/// Sets notices whose first has the number `before + 1`.
fn one_file(part: &[Notice], before: usize, fonts: &Fonts, made: Day) -> Result<Vec<u8>, Error> {
    let mut finished = EcoVec::new();
    let mut info = DocumentInfo::default();
    for (index, few) in part.chunks(AT_A_TIME).enumerate() {
        let first = before + index * AT_A_TIME;
        let mut document = pages(few, first, fonts, made)?;
        if document.pages().len() != few.len() {
            return Err(overflowing(few, first, fonts, made)?);
        }
        info = std::mem::take(document.info_mut());
        finished.extend(document.pages().iter().cloned());
        press::forget();
    }
    press::write(&TEMPLATE, &PagedDocument::new(finished, info), made)
}

/// Sets notices one by one to name the one that runs over its page.
fn overflowing(few: &[Notice], before: usize, fonts: &Fonts, made: Day) -> Result<Error, Error> {
    let mut last = before;
    for notice in few {
        last += 1;
        if pages(std::slice::from_ref(notice), last - 1, fonts, made)?.pages().len() != 1 {
            return Ok(Error::DoesNotFit { place: notice.label(last) });
        }
    }
    Ok(Error::DoesNotFit { place: format!("one of the notices {} to {last}", before + 1) })
}

fn pages(part: &[Notice], before: usize, fonts: &Fonts, made: Day) -> Result<PagedDocument, Error> {
    let mut list = Array::new();
    for (index, notice) in part.iter().enumerate() {
        list.push(notice.to_value(before + index + 1)?);
    }
    let data = dict([("notices", Value::Array(list)), ("code-size", Abs::mm(CODE_MM).into_value())]);
    press::set(&TEMPLATE, data, fonts, made)
}

#[cfg(test)]
mod tests {
    use typst::layout::{Frame, FrameItem};

    use super::*;
    use crate::{Code, CodeKind, Words};

    fn read(frame: &Frame, words: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => read(&group.frame, words),
                FrameItem::Text(text) => words.push_str(&text.text),
                _ => {}
            }
        }
    }

    #[test]
    fn the_notice_says_where_it_hangs_what_each_code_is_for_and_how_to_tell_a_false_one() {
        let url = |kind| format!("https://xuhui.example/q/{kind}7K3M9TQ2XR");
        let notice = Notice {
            district: Words::new("徐汇区", "Xuhui District"),
            place: vec!["田林街道".into(), "田林十二村居委会".into(), "12号门".into()],
            board: "公示栏 040312-012".into(),
            domain: "xuhui.example".into(),
            codes: [
                Code::new(CodeKind::Opinion, url('o')),
                Code::new(CodeKind::Tenancy, url('t')),
                Code::new(CodeKind::Residency, url('r')),
            ],
            helpline: "021-5555 0100".into(),
        };
        let made = Day::new(2026, 11, 23).unwrap();
        let document = pages(&[notice], 0, &Fonts::embedded(), made).unwrap();
        let mut words = String::new();
        read(&document.pages()[0].frame, &mut words);
        // In this order, so that no code stands under another's title.
        let mut rest = words.as_str();
        for wanted in [
            "徐汇区",
            "Xuhui District",
            "公示栏 040312-012",
            "扫码办三件事",
            "田林街道 · 田林十二村居委会 · 12号门",
            "问题意见征集",
            "哪里坏了、有难处、有意见，扫这个码告诉我们。",
            "Something broken, a worry, an",
            "房屋出租登记",
            "房子租给别人，或者租住在这里，扫这个码登记。",
            "实有人口登记",
            "人住在这里、户口不在这里，扫这个码登记。",
            "https://xuhui.example/",
            "不一样就是假码，别填，请打 021-5555 0100。",
            "The address of each code always begins with https://xuhui.example/, slash included.",
            "不会扫码？打电话、到居委会说，一样办。",
            "2026年11月23日",
        ] {
            let at = rest.find(wanted);
            assert!(at.is_some(), "{wanted} is missing, or stands in the wrong place, in {words}");
            rest = &rest[at.unwrap() + wanted.len()..];
        }
    }
}
