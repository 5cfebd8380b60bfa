//! The notice from the data to the scan of what was printed.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use crate::Spoil;
use crate::support::{made, notice, pages, scan};
use posters::{Code, CodeKind, Error, Fonts, Notice, Volume, notices, print_run};

fn per_volume(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

#[test]
fn each_page_carries_the_three_codes_of_its_own_doorway() {
    let list = [notice(12), notice(13)];
    let pdf = notices(&list, &Fonts::embedded(), made()).unwrap();
    let wanted: Vec<Vec<String>> =
        list.iter().map(|notice| notice.codes.iter().map(|code| code.url.clone()).collect()).collect();
    assert_eq!(scan(&pdf), wanted);
}

#[test]
fn the_longest_address_that_print_allows_still_scans() {
    let mut sheet = notice(1);
    let mut longest = String::new();
    for length in 1.. {
        sheet.codes[0].url = format!("https://xuhui.example/{}", "x".repeat(length));
        match notices(std::slice::from_ref(&sheet), &Fonts::embedded(), made()) {
            Ok(pdf) => {
                // Only the last sizes are worth the time of rasterising.
                if length > 100 {
                    assert_eq!(scan(&pdf)[0][0], sheet.codes[0].url);
                }
                longest.clone_from(&sheet.codes[0].url);
            }
            Err(error) => {
                assert_eq!(
                    error.to_string(),
                    format!(
                        "the address of 问题意见征集 on notice 1 (公示栏 040312-001) has {} bytes, \
                         which makes a code of 57 modules; print allows 53: shorten it",
                        longest.len() + 1
                    )
                );
                break;
            }
        }
    }
    assert_eq!(longest.len(), 130);
}

#[test]
fn it_says_that_it_is_pdf_a_2b_and_is_the_same_to_the_byte_each_time() {
    let print = || notices(&[notice(12)], &Fonts::embedded(), made()).unwrap();
    let pdf = print();
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("<pdfaid:part>2</pdfaid:part>"));
    assert!(text.contains("<pdfaid:conformance>B</pdfaid:conformance>"));
    assert_eq!(pdf, print());
}

#[test]
fn a_missing_glyph_is_an_error_that_names_it_and_where_it_stands() {
    let mut list = vec![notice(11), notice(12)];
    list[1].place[1] = "胤禛居委会".into();
    let error = notices(&list, &Fonts::embedded(), made()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no glyph for 禛 (U+799B) in the place of notice 2 (公示栏 040312-012): \
         load a fuller font, or write the name otherwise"
    );
}

#[test]
fn a_fuller_font_from_a_folder_supplies_it() {
    let mut sheet = notice(12);
    sheet.place[1] = "胤禛居委会".into();
    let file = ("one-glyph.otf".to_owned(), include_bytes!("../../fonts/test-one-glyph.otf").to_vec());
    let fonts = Fonts::with_folder([file]).unwrap();
    let pdf = notices(&[sheet], &fonts, made()).unwrap();
    assert!(String::from_utf8_lossy(&pdf).contains("+PianquTest"), "the glyph is embedded");
}

#[test]
fn nothing_of_a_run_is_printed_when_its_last_notice_is_wrong() {
    let mut list: Vec<_> = (1..=5).map(notice).collect();
    list[4].district.zh = "禛".into();
    let result = print_run::<Error>(
        &list,
        &Fonts::embedded(),
        made(),
        per_volume(2),
        |_, _| panic!("progress before the check"),
        |_| panic!("a volume of an unsound run"),
    );
    assert!(matches!(result, Err(Error::MissingGlyph { character: '禛', .. })));
}

#[test]
fn an_address_that_leads_elsewhere_is_refused() {
    for foreign in [
        "https://evil.example/q/o1",
        "http://xuhui.example/q/o1",
        "https://xuhui.example.evil.example/q/o1",
        "https://xuhui.example",
    ] {
        let mut sheet = notice(1);
        sheet.codes[2] = Code::new(CodeKind::Residency, foreign);
        let error = notices(&[sheet], &Fonts::embedded(), made()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the address of 实有人口登记 on notice 1 (公示栏 040312-001) is {foreign}, \
                 but the notice says that it begins with https://xuhui.example/"
            )
        );
    }
}

#[test]
fn fields_that_would_print_wrongly_are_named() {
    let cases: [(Spoil<Notice>, &str); 6] = [
        (|n| n.board = " ".into(), "the board of notice 1 ( ) is empty"),
        (|n| n.place.clear(), "the place of notice 1 (公示栏 040312-001) is empty"),
        (
            |n| n.place[0] = "田林\n街道".into(),
            "the place of notice 1 (公示栏 040312-001) holds the control character U+000A: remove it",
        ),
        (
            |n| n.domain = "https://xuhui.example".into(),
            "the domain of notice 1 (公示栏 040312-001) is https://xuhui.example, which is not a bare domain: \
             leave out https:// and any path",
        ),
        (
            |n| n.helpline = "021-5555 0100 转 8 再转 6 再转 8".into(),
            "the helpline of notice 1 (公示栏 040312-001) has 27 characters; its line holds 20: shorten it",
        ),
        (
            |n| n.codes[0].url.push('码'),
            "the address of 问题意见征集 on notice 1 (公示栏 040312-001) holds '码', which an address cannot: \
             percent-encode it",
        ),
    ];
    for (spoil, message) in cases {
        let mut sheet = notice(1);
        spoil(&mut sheet);
        assert_eq!(notices(&[sheet], &Fonts::embedded(), made()).unwrap_err().to_string(), message);
    }
    assert_eq!(
        notices(&[], &Fonts::embedded(), made()).unwrap_err().to_string(),
        "the list of notices is empty"
    );
}

#[test]
fn a_place_too_long_for_its_page_is_named_and_not_cut() {
    let mut list: Vec<_> = (1..=3).map(notice).collect();
    list[1].place = vec!["很长的地名".repeat(60)];
    let error = notices(&list, &Fonts::embedded(), made()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "notice 2 (公示栏 040312-002) does not fit on one page: shorten its longest field"
    );
}

#[test]
fn the_widest_words_that_are_allowed_still_leave_three_codes_to_scan() {
    let mut sheet = notice(1);
    sheet.board = "公示栏公示栏公示栏公示栏公示栏公".into();
    sheet.domain = "saoma.pianqu-fuwu.xuhui.shanghai.example".into();
    sheet.helpline = "9".repeat(20);
    sheet.place =
        vec!["很长的街道名称街道".into(), "很长很长的居民区居民委员会".into(), "很长的路".repeat(6)];
    for code in &mut sheet.codes {
        code.url = code.url.replace("xuhui.example", &sheet.domain);
    }
    let wanted: Vec<_> = sheet.codes.iter().map(|code| code.url.clone()).collect();
    let pdf = notices(&[sheet], &Fonts::embedded(), made()).unwrap();
    assert_eq!(scan(&pdf), [wanted]);
}

#[test]
fn names_are_words_and_never_markup() {
    let mut sheet = notice(1);
    sheet.place = vec!["#panic() $x$ *粗* _斜_ [框] <标> @引 // 注".into()];
    let pdf = notices(&[sheet], &Fonts::embedded(), made()).unwrap();
    assert_eq!(pages(&pdf), 1);
}

#[test]
fn a_run_comes_in_volumes_with_progress_and_every_notice_once() {
    let list: Vec<_> = (1..=7).map(notice).collect();
    let mut steps = Vec::new();
    let mut volumes: Vec<Volume> = Vec::new();
    print_run::<Error>(
        &list,
        &Fonts::embedded(),
        made(),
        per_volume(3),
        |done, total| {
            steps.push((done, total));
            ControlFlow::Continue(())
        },
        |volume| {
            volumes.push(volume);
            Ok(())
        },
    )
    .unwrap();
    assert_eq!(steps, [(0, 7), (3, 7), (6, 7), (7, 7)]);
    let shape: Vec<_> = volumes.iter().map(|v| (v.number, v.of, v.notices.clone(), pages(&v.pdf))).collect();
    assert_eq!(shape, [(1, 3, 0..3, 3), (2, 3, 3..6, 3), (3, 3, 6..7, 1)]);
    let scanned: Vec<_> =
        volumes.iter().flat_map(|volume| scan(&volume.pdf)).map(|page| page[0].clone()).collect();
    let wanted: Vec<_> = list.iter().map(|notice| notice.codes[0].url.clone()).collect();
    assert_eq!(scanned, wanted);
}

#[test]
fn a_run_stops_when_asked_and_says_how_far_it_came() {
    let list: Vec<_> = (1..=6).map(notice).collect();
    let mut handed_over = 0;
    let result = print_run::<Error>(
        &list,
        &Fonts::embedded(),
        made(),
        per_volume(2),
        |done, _| if done >= 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) },
        |volume| {
            handed_over += volume.notices.len();
            Ok(())
        },
    );
    assert_eq!(result, Err(Error::Stopped { done: 4, total: 6 }));
    assert_eq!(handed_over, 4);
}

#[test]
fn a_volume_that_cannot_be_kept_ends_the_run_with_the_callers_own_error() {
    #[derive(Debug, PartialEq)]
    enum Failure {
        DiskFull,
        Print(Error),
    }
    impl From<Error> for Failure {
        fn from(error: Error) -> Self {
            Self::Print(error)
        }
    }
    let list: Vec<_> = (1..=4).map(notice).collect();
    let result = print_run(
        &list,
        &Fonts::embedded(),
        made(),
        per_volume(2),
        |_, _| ControlFlow::Continue(()),
        |_| Err(Failure::DiskFull),
    );
    assert_eq!(result, Err(Failure::DiskFull));
}
