//! A hundred power cuts: the program is killed at random moments while people report, a hundred times over one
//! growing store. What was acknowledged is there once, what was not can be sent again and makes one case.

use e2e::{Client, Program};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it is killed.
const KILLS: u64 = 100;
/// How many people report side by side.
const PEOPLE: u64 = 4;
/// The seed of all moments; printed by a failed story.
const SEED: u64 = 20_260_302;

/// Numbers that look like chance and come again with the same seed (Steele, Lea and Flood's SplitMix).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// One report: the form's nonce, its words, and the link once it was acknowledged.
#[derive(Clone)]
struct Sent {
    once: String,
    text: String,
    link: Option<String>,
}

/// Sends a report; `None` when no answer came, which is all that a phone would know.
fn send(client: &Client, code: &str, once: &str, text: &str) -> Option<String> {
    let answer = client.post(&format!("/q/{code}"), &[("once", once), ("text", text)]).ok()?;
    assert_eq!(answer.status, 303, "a program that answers takes the report: {}", answer.body);
    let link = answer.location().expect("an acknowledgement has a link");
    Some(link.split('?').next().unwrap_or(link).to_owned())
}

/// Reports one thing after another until the program is gone.
fn report_until_dead(client: &Client, code: &str, round: u64, person: u64, over: &AtomicBool) -> Vec<Sent> {
    let mut sent = Vec::new();
    let mut chance = Chance(SEED ^ (round << 8) ^ person);
    while !over.load(Ordering::SeqCst) {
        let once = format!("{:016x}{:016x}", chance.next(), chance.next());
        let text = format!("第{round}次断电前，{person}号居民的第{}句：楼道灯不亮", sent.len());
        let link = send(client, code, &once, &text);
        let gone = link.is_none();
        sent.push(Sent { once, text, link });
        if gone {
            break;
        }
    }
    sent
}

#[test]
fn a_hundred_power_cuts() {
    let mut program = Program::demo().unwrap();
    let code = program.ready().codes.opinion.clone();
    let before = program.ready().counts.cases;
    let mut chance = Chance(SEED);
    let mut all: Vec<Sent> = Vec::new();
    for round in 0..KILLS {
        let over = AtomicBool::new(false);
        let sent: Vec<Sent> = std::thread::scope(|scope| {
            let people: Vec<_> = (0..PEOPLE)
                .map(|person| {
                    let (client, code, over) = (program.client(), &code, &over);
                    scope.spawn(move || report_until_dead(&client, code, round, person, over))
                })
                .collect();
            std::thread::sleep(Duration::from_micros(chance.next() % 80_000));
            program.kill().unwrap();
            over.store(true, Ordering::SeqCst);
            people.into_iter().flat_map(|p| p.join().expect("a resident's thread")).collect()
        });
        all.extend(sent);
        program.restart().unwrap();
        // Everything that was acknowledged is there, and nothing that nobody sent.
        let there = program.ready().counts.cases - before;
        let kept = all.iter().filter(|s| s.link.is_some()).count() as u64;
        let sent = all.len() as u64;
        assert!((kept..=sent).contains(&there), "round {round}: {kept} kept, {there} there, {sent} sent");
        // Half of those whose answer was lost are sent again at once, the others at the end.
        let client = program.client();
        for s in all.iter_mut().filter(|s| s.link.is_none()) {
            if chance.next().is_multiple_of(2) {
                s.link = send(&client, &code, &s.once, &s.text);
            }
        }
    }

    let client = program.client();
    let lost: Vec<&Sent> = all.iter().filter(|s| s.link.is_none()).collect();
    assert!(all.len() > 500, "only {} reports went in: no load", all.len());
    println!("{} reports, the answer to {} of them still lost at the end", all.len(), lost.len());
    let mut links = HashSet::new();
    for s in &all {
        // Sent once more, all of them: each gets the link that it had, if it had one.
        let again = send(&client, &code, &s.once, &s.text).expect("the program is alive");
        assert!(s.link.as_ref().is_none_or(|link| *link == again), "another link for {}", s.text);
        let page = client.get(&again).unwrap();
        assert!(page.status == 200 && page.body.contains(&s.text), "{again} does not show {}", s.text);
        assert!(links.insert(again), "two reports share a link");
    }
    program.stop().unwrap();
    let verified = program.run(&["verify", "--json"]).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert!(verified.status.success() && told["whole"] == true, "{told}");
    assert_eq!(told["cases"], before + all.len() as u64, "each report made one case");
}
