//! Lists and letters on paper.

use crate::Spoil;
use crate::support::{made, pages};
use posters::{Column, Fonts, Letter, MOST_ROWS, TableReport, letter, table_report};

fn list(rows: usize) -> TableReport {
    TableReport {
        title: "今天要办的事".into(),
        subtitle: "田林街道第二片区".into(),
        columns: vec![Column::new("地点", 3.0), Column::new("说了什么", 6.0), Column::figures("天", 1.0)],
        rows: (0..rows)
            .map(|i| vec![format!("{i} 号"), "楼道灯不亮。\n请来看。".into(), i.to_string()])
            .collect(),
        notes: vec!["按工作日计算。".into()],
        printed_by: "片区协调员，用于晨会".into(),
        landscape: false,
    }
}

#[test]
fn a_long_list_runs_over_pages_and_an_empty_one_is_a_page_that_says_so() {
    let fonts = Fonts::embedded();
    assert_eq!(pages(&table_report(&list(0), &fonts, made()).unwrap()), 1);
    assert!(pages(&table_report(&list(100), &fonts, made()).unwrap()) > 3);
}

#[test]
fn what_is_wrong_with_a_list_is_said_by_row_and_column() {
    let fonts = Fonts::embedded();
    let cases: [(Spoil<TableReport>, &str); 6] = [
        (
            |r| r.rows[1][1] = "灯坏了\n胤禛".into(),
            "no glyph for 禛 (U+799B) in row 2, column 说了什么: load a fuller font, or write the name otherwise",
        ),
        (|r| r.rows[2].truncate(1), "row 3 has 1 cells for 3 columns"),
        (|r| r.columns.clear(), "the list of columns is empty"),
        (|r| r.columns[1].share = 0.0, "column 2 (说了什么) has the share 0, which is not more than 0"),
        (|r| r.title.clear(), "the title of the report is empty"),
        (
            |r| r.rows = vec![r.rows[0].clone(); MOST_ROWS + 1],
            "the report 今天要办的事 has 2001 rows; print allows 2000: narrow the filter",
        ),
    ];
    for (spoil, message) in cases {
        let mut report = list(3);
        spoil(&mut report);
        assert_eq!(table_report(&report, &fonts, made()).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_letter_is_one_page_and_needs_somebody_to_be_from() {
    let fonts = Fonts::embedded();
    let mut paper = Letter {
        title: "答复".into(),
        to: "12号门的各位邻居：".into(),
        paragraphs: vec!["灯修好了。".into()],
        from: "田林十二村居委会".into(),
        foot: String::new(),
    };
    assert_eq!(pages(&letter(&paper, &fonts, made()).unwrap()), 1);
    paper.from.clear();
    assert_eq!(letter(&paper, &fonts, made()).unwrap_err().to_string(), "the sender of the letter is empty");
}
