//! The whole story on a PostgreSQL server, and the server restarted under load.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

mod stories;

use e2e::{Client, Program, Server};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often the server is restarted, and how many people report meanwhile.
const RESTARTS: u32 = 4;
const PEOPLE: u64 = 6;

/// One report: its nonce, its words, and the link once it was acknowledged.
struct Sent {
    once: String,
    text: String,
    link: Option<String>,
}

/// Sends a report. No answer, or a page that says "please again", is no acknowledgement; everything else is a
/// fault.
fn send(client: &Client, code: &str, once: &str, text: &str) -> Option<String> {
    let answer = client.post(&format!("/q/{code}"), &[("once", once), ("text", text)]).unwrap();
    match answer.status {
        303 => Some(answer.location().unwrap().split('?').next().unwrap().to_owned()),
        503 => {
            assert!(answer.body.contains("再试"), "the page says what to do: {}", answer.body);
            None
        }
        other => panic!("{other}: {}", answer.body),
    }
}

#[test]
fn on_a_server() {
    let Some(server) = Server::start().unwrap() else {
        println!("skipped: no PostgreSQL server is installed");
        return;
    };
    let program = Program::start(&["demo", "--store", server.url()]).unwrap();
    stories::from_the_door_to_the_rating(&program);
    stories::a_double_tap_makes_one_case(&program);
    stories::codes_that_are_not_ours(&program);
    stories::doors_stay_shut(&program);
    stories::rubbish_is_answered(&program);
    restarted_under_load(&program, &server);
}

#[expect(clippy::print_stdout, reason = "how much was told to come again is worth seeing")]
fn restarted_under_load(program: &Program, server: &Server) {
    let code = program.ready().codes.opinion.clone();
    let over = AtomicBool::new(false);
    let mut all: Vec<Sent> = std::thread::scope(|scope| {
        let people: Vec<_> = (0..PEOPLE)
            .map(|person| {
                let (client, code, over) = (program.client(), &code, &over);
                scope.spawn(move || {
                    let mut sent = Vec::new();
                    while !over.load(Ordering::SeqCst) {
                        let once = format!("{person:016x}{:016x}", sent.len());
                        let text = format!("{person}号居民的第{}句：楼道灯不亮", sent.len());
                        let link = send(&client, code, &once, &text);
                        sent.push(Sent { once, text, link });
                    }
                    sent
                })
            })
            .collect();
        for _ in 0..RESTARTS {
            std::thread::sleep(Duration::from_millis(700));
            server.restart().unwrap();
        }
        std::thread::sleep(Duration::from_millis(700));
        over.store(true, Ordering::SeqCst);
        people.into_iter().flat_map(|p| p.join().expect("a resident's thread")).collect()
    });
    let client = program.client();
    let lost = all.iter().filter(|s| s.link.is_none()).count();
    println!("{} reports around {RESTARTS} restarts, {lost} of them told to come again", all.len());
    assert!(all.len() > 100 && lost < all.len() / 2, "{lost} of {}", all.len());
    let mut links = HashSet::new();
    for s in &mut all {
        // Again, all of them: whoever had a link gets the same, and nobody needs to start the program anew.
        let again = send(&client, &code, &s.once, &s.text).expect("the server is back");
        assert!(s.link.as_ref().is_none_or(|link| *link == again), "another link for {}", s.text);
        let page = client.get(&again).unwrap();
        assert!(page.status == 200 && page.body.contains(&s.text), "{again} does not show {}", s.text);
        assert!(links.insert(again), "two reports share a link");
    }
    let verified = program.run(&["verify", "--json"]).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert!(verified.status.success() && told["whole"] == true, "{told}");
}
