//! How much may come in: a whole stairwell behind one address, yes; a script, no.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use e2e::{Client, Page, Program};
use std::time::Instant;

/// A telephone behind a proxy that says where it comes from.
fn phone(program: &Program, from: &str) -> Client {
    program.client().with("x-forwarded-for", from)
}

fn report(client: &Client, code: &str, n: usize) -> Page {
    client.post(&format!("/q/{code}"), &[("text", &format!("电梯又停了，第{n}位邻居"))]).unwrap()
}

/// A page that says when to come again, to people and to programs.
fn comes_again(page: &Page) {
    assert_eq!(page.status, 429);
    assert!(page.body.contains("分钟"), "{}", page.body);
    let seconds: u32 = page.header("retry-after").expect("programs are told too").parse().unwrap();
    assert!((60..=3_600).contains(&seconds), "{seconds}");
}

/// Sixty flats report the same lift in one evening from behind one address, each from a telephone of its own.
#[test]
fn a_stairwell_gets_through() {
    let program = Program::demo().unwrap();
    let code = &program.ready().codes.opinion;
    for n in 0..60 {
        let flat = phone(&program, "198.51.100.7");
        assert_eq!(flat.get(&format!("/q/{code}")).unwrap().status, 200);
        let sent = report(&flat, code, n);
        assert_eq!(sent.status, 303, "flat {n}");
        assert_eq!(flat.follow(&sent).unwrap().status, 200, "and follows what becomes of it");
    }
    // Reading is never limited, and what the program's own machine sends is its operator's.
    comes_again(&report(&phone(&program, "203.0.113.1"), code, 60));
    assert_eq!(report(&program.client(), code, 61).status, 303);
}

/// One telephone, however patient; and a script that throws its cookies away and lies about where it is.
#[test]
fn a_script_does_not() {
    let program = Program::demo().unwrap();
    let code = &program.ready().codes.opinion;
    // A bucket fills again while a busy machine takes its time: one more for each so many seconds.
    let began = Instant::now();
    let filled = |each: u64| usize::try_from(began.elapsed().as_secs() / each).unwrap();
    let one = phone(&program, "198.51.100.8");
    one.get(&format!("/q/{code}")).unwrap();
    let through = (0..40).filter(|n| report(&one, code, *n).status == 303).count();
    assert!((12..=12 + filled(60)).contains(&through), "{through} from one telephone");
    comes_again(&report(&one, code, 41));

    // What stands before the last address is the sender's own word, and counts for nothing.
    let script = |n: usize| phone(&program, &format!("10.0.{n}.1, 198.51.100.9"));
    let through = (100..400).filter(|n| report(&script(*n - 100), code, *n).status == 303).count();
    assert!(through <= 60 - 12 + 1 + filled(20), "{through} through one code");
    comes_again(&report(&script(1), code, 500));

    // Guessing at the staff door.
    let guesses = (0..60).map(|n| {
        let form = [("login", "worker"), ("password", &*format!("guess{n}")), ("totp", "000000")];
        phone(&program, "198.51.100.10").post("/console/sign-in", &form).unwrap().status
    });
    let tried = guesses.filter(|status| *status == 401).count();
    assert!((30..=31 + filled(10)).contains(&tried), "{tried} guesses were listened to");
}
