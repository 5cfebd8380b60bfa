//! Whatever a person typed comes out as text, on every page that shows it.

use domain::cases::State;
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
        similar: vec![SimilarCase { no: 1, text: evil(), when: evil(), voices: 1, stands: evil() }],
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
