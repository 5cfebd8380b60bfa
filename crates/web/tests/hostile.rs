//! Whatever a person typed comes out as text, on every page that shows it.

use domain::cases::State;
use web::view::console::{
    self, CaseList, CasePage, CaseRow, Choice, Draft, Due, Facts, Filter, Flash, SearchPage, Similar,
    StaffLine, Voice,
};
use web::view::resident::{
    ActionDraft, Can, CodeRefused, CodeTrouble, Frame, Line, Outcome, Parked, Redirected, ReportForm,
    ReportInput, SimilarCase, Timeline, headline,
};
use web::view::{FieldError, Template};
use web::words::Lang;

const EVIL: &str = "\"'><script>alert(1)</script><b onmouseover=\"x\">{{7*7}}&lt;";

fn evil() -> String {
    EVIL.into()
}

fn harmless(html: &str) {
    assert!(!html.contains("<script>alert"), "a tag got through");
    assert!(!html.contains("<b onmouseover"), "a tag got through");
    assert!(!html.contains("\"'>"), "a quote got through");
    assert!(!html.contains("{{49}}") && !html.contains(">49<"));
    assert!(html.contains("&#60;script&#62;alert(1)"), "the text itself is still to be read");
}

#[test]
fn the_report_form_escapes_what_was_typed() {
    let page = ReportForm {
        texts: true,
        frame: Frame { district: evil(), helpline: evil(), ..Frame::default() },
        code: evil(),
        place: evil(),
        board: Some(evil()),
        once: evil(),
        input: ReportInput {
            text: format!("</textarea>{EVIL}"),
            place_detail: evil(),
            contact: evil(),
            kind: None,
        },
        errors: vec![FieldError { field: "text", text: evil() }],
        similar: vec![SimilarCase {
            no: 1,
            text: evil(),
            when: evil(),
            voices: 1,
            stands: evil(),
            shared: evil(),
        }],
        check: false,
        photo: true,
    };
    let html = page.render().unwrap();
    harmless(&html);
    assert_eq!(html.matches("</textarea>").count(), 1);
}

#[test]
fn the_timeline_escapes_what_anybody_said() {
    let page = Timeline {
        problem: None,
        texts: Some(true),
        frame: Frame::default(),
        token: evil(),
        link: evil(),
        once: evil(),
        no: domain::CaseNo(1),
        banner: None,
        place: evil(),
        detail: evil(),
        text: evil(),
        others: 3,
        headline: headline(State::InHand, EVIL, Lang::Zh),
        next: Some(evil()),
        lines: vec![Line {
            when: evil(),
            what: evil(),
            quote: Some(format!("x{EVIL}")),
            amounts: vec![evil()],
            promises: vec![],
        }],
        earlier: Some((3, evil())),
        back: true,
        cuts: vec!["said"],
        whole: None,
        outcome: Some(Outcome { unit: evil(), text: evil(), amounts: vec![evil()], solved: evil() }),
        parked: Some(Parked { cause: evil(), law: evil(), review: evil() }),
        merged: None,
        redirected: Some(Redirected { to: evil(), text: evil() }),
        can: Can { remark: true, withdraw: true, confirm: true, not_solved: true, rate: true },
        draft: ActionDraft { form: "withdraw".into(), text: evil(), satisfaction: None },
        errors: vec![FieldError { field: "remark", text: evil() }],
    };
    harmless(&page.render().unwrap());
}

#[test]
fn a_refused_code_is_shown_as_text() {
    let page = CodeRefused {
        frame: Frame::default(),
        why: CodeTrouble::Revoked { place: evil() },
        code: evil(),
        domain: evil(),
        once: evil(),
        place: evil(),
        errors: vec![],
    };
    harmless(&page.render().unwrap());
}

fn staff_frame() -> console::Frame {
    console::Frame {
        district: evil(),
        person: evil(),
        post: evil(),
        nav: console::Nav::ALL.to_vec(),
        csrf: evil(),
        flash: Some(Flash { text: evil(), undo: Some(console::Undo { action: evil() }) }),
        live: Some(evil()),
        path: evil(),
        ..console::Frame::default()
    }
}

fn row() -> CaseRow {
    CaseRow {
        no: domain::CaseNo(1),
        text: evil(),
        place: evil(),
        subject: evil(),
        state: evil(),
        unit: evil(),
        due: Some(Due {
            what: evil(),
            by: evil(),
            left: evil(),
            or_else: evil(),
            level: console::Level::Late,
        }),
        reported: evil(),
        voices: 2,
        urgent: Some(evil()),
    }
}

#[test]
fn lists_and_search_escape_what_they_show() {
    let choice = Choice { value: evil(), label: evil(), chosen: true };
    let list = CaseList {
        frame: staff_frame(),
        filter: Filter { places: vec![choice], from: evil(), to: evil(), ..Filter::default() },
        rows: vec![row()],
        query: evil(),
        export: true,
        ..CaseList::default()
    };
    harmless(&list.render().unwrap());
    // What was searched for is set apart in what was found, piece by piece.
    let search = SearchPage {
        frame: staff_frame(),
        q: "script alert".into(),
        also: vec!["<i>".into()],
        rows: vec![row()],
        next: Some(evil()),
        export: true,
    };
    let html = search.render().unwrap();
    assert!(html.contains("<mark>script</mark>") && !html.contains("<script>alert"));
}

#[test]
fn the_case_page_escapes_everything_but_its_own_map() {
    let choice = || Choice { value: evil(), label: evil(), chosen: false };
    let page = CasePage {
        read_as: Some(evil()),
        opinion: Some(evil()),
        problem: None,
        may_open_problem: false,
        frame: staff_frame(),
        no: domain::CaseNo(1),
        version: 1,
        facts: Facts {
            state: evil(),
            subject: evil(),
            unit: Some(evil()),
            promised: Some(evil()),
            alarms: evil(),
            ..Facts::default()
        },
        voices: vec![Voice {
            n: 1,
            when: evil(),
            text: evil(),
            contactable: true,
            photo: true,
            contact: Some(evil()),
            original: Some(evil()),
        }],
        may_unmask: true,
        path: vec![(evil(), evil())],
        detail: evil(),
        map_svg: String::new(),
        near: vec![],
        clocks: vec![],
        due: None,
        proposed: vec![],
        history: vec![StaffLine {
            who: evil(),
            what: evil(),
            quote: evil(),
            exact: evil(),
            ..StaffLine::default()
        }],
        similar: vec![Similar { no: domain::CaseNo(2), text: evil(), why: evil() }],
        actions: domain::cases::ActionName::ALL.to_vec(),
        likely: None,
        units: vec![choice()],
        subjects: vec![choice()],
        kinds: vec![choice()],
        grounds: vec![choice()],
        authorities: vec![evil()],
        first_review: evil(),
        draft: Draft {
            action: Some(domain::cases::ActionName::Answer),
            values: vec![("outcome".into(), format!("</textarea>{EVIL}"))],
        },
        errors: vec![FieldError { field: "outcome", text: evil() }],
    };
    harmless(&page.render().unwrap());
}
