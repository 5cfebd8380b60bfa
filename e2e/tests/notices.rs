//! Notices leave the house: a gateway that is down, mute, and up again, told to the running program.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use e2e::{Client, Program};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A letter as it came in.
#[derive(Debug, Clone, PartialEq)]
struct Heard {
    key: String,
    body: serde_json::Value,
}

impl Heard {
    /// Which cases it says were given to the unit. The demo's own deadlines pass meanwhile, and are told too.
    fn cases(&self) -> Vec<String> {
        let notices = self.body["notices"].as_array().unwrap().iter().filter(|n| n["what"] == "given");
        notices.map(|n| n["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    }
}

/// A gateway on `port` that checks signatures. It swallows its answer to the first letter, as a bad network would.
fn gateway(port: u16) -> Receiver<Heard> {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        for (n, stream) in listener.incoming().enumerate() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
            let of = |name: &str| {
                let line = head.lines().find(|l| l.to_lowercase().starts_with(name)).unwrap_or_default();
                line.split_once(": ").unwrap_or_default().1.to_owned()
            };
            let mut body = vec![0; of("content-length").parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.update(&body);
            let tag: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(of("x-pianqu-signature"), format!("sha256={tag}"));
            let letter = Heard { key: of("idempotency-key"), body: serde_json::from_slice(&body).unwrap() };
            if tell.send(letter).is_err() {
                return;
            }
            if n > 0 {
                let answer = "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                reader.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        }
    });
    heard
}

/// Asks again and again until it is so; panics after a minute and a half.
fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(90);
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(Instant::now() < end, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn signed_in(program: &Program, role: &str) -> Client {
    let client = program.client();
    client.sign_in(program.ready().sign_in(role).unwrap()).unwrap();
    client
}

/// A lamp is out, and the precinct gives it to the section. The number of the case.
fn dispatch(program: &Program, coordinator: &Client, words: &str) -> String {
    let resident = program.client();
    let form = resident.get(&format!("/q/{}", program.ready().codes.opinion)).unwrap();
    let text = format!("楼道灯泡{words}，晚上看不清台阶");
    let mut sent = resident.submit(&form, "/q/", &[("text", &text), ("where", "三楼")]).unwrap();
    // Asked whether it is one of the lamps that are out already, they say that it is another.
    if sent.status == 200 {
        sent = resident.submit(&sent, "/q/", &[]).unwrap();
    }
    assert_eq!(sent.status, 303);
    let found = coordinator.get(&format!("/console/search?q={words}")).unwrap();
    let at = found.body.find("/console/cases/").expect("the search finds a case") + "/console/cases/".len();
    let no: String = found.body[at..].chars().take_while(char::is_ascii_digit).collect();
    let page = coordinator.get(&format!("/console/cases/{no}")).unwrap();
    let done = coordinator
        .submit(&page, &format!("/console/cases/{no}/dispatch"), &[("reason", "职责就近")])
        .unwrap();
    assert_eq!(done.status, 303);
    no
}

fn choose(officer: &Client, fields: &[(&str, &str)]) {
    let page = officer.get("/console/account/notices").unwrap();
    let kept = officer.submit(&page, "/console/account/notices", fields).unwrap();
    assert_eq!(kept.status, 303, "{}", kept.body);
}

/// An officer wants messages. The gateway is down while three cases are given to their section, and the program is
/// killed once in between; then it takes a letter and its answer is lost; then it is up. Each case arrives, in
/// exactly one letter; the letter that came twice came under one key. In their quiet hours nothing comes.
#[test]
fn a_gateway_is_down_and_up_again() {
    let mut program = Program::demo().unwrap();
    program.stop().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let conf = program.data().join("notices.conf");
    std::fs::write(&conf, format!("hook.url = http://127.0.0.1:{port}/n\nhook.secret = short\n")).unwrap();
    let checked = program.run(&["check"]).unwrap();
    let told = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!checked.status.success() && told.contains("hook: the secret has 5 bytes"), "{told}");
    std::fs::write(&conf, format!("hook.url = http://127.0.0.1:{port}/n\nhook.secret = {SECRET}\n")).unwrap();
    program.restart().unwrap();

    let officer = signed_in(&program, "section_officer");
    let always = [("hook", "wang.li"), ("quiet_from", "00:00"), ("quiet_to", "00:00"), ("digest", "0")];
    choose(&officer, &always);
    let page = officer.get("/console/account/notices").unwrap().body;
    assert!(page.contains("wang.li") && page.contains("00:00"), "what was chosen is shown: {page}");

    let coordinator = signed_in(&program, "precinct_coordinator");
    let mut cases = vec![dispatch(&program, &coordinator, "闪烁得厉害")];
    let admin = signed_in(&program, "system_admin");
    until("the first try that failed", || {
        admin.get("/console/system").unwrap().body.contains("the gateway does not answer").then_some(())
    });
    cases.push(dispatch(&program, &coordinator, "整夜不亮"));
    program.kill().unwrap();
    program.restart().unwrap();
    cases.push(dispatch(&program, &coordinator, "忽明忽暗"));

    let gateway = gateway(port);
    let mut heard: Vec<Heard> = vec![];
    let mut collect = |cases: &[String]| {
        let all = until(&format!("{cases:?}"), || {
            heard.extend(gateway.try_iter());
            let arrived: Vec<String> = heard.iter().flat_map(Heard::cases).collect();
            cases.iter().all(|c| arrived.contains(c)).then(|| heard.clone())
        });
        let mut letters: BTreeMap<String, Heard> = BTreeMap::new();
        for letter in &all {
            let first = letters.entry(letter.key.clone()).or_insert_with(|| letter.clone());
            assert_eq!(first, letter, "under one key always the same letter");
        }
        let mut once: Vec<String> = letters.values().flat_map(Heard::cases).collect();
        once.sort();
        let mut expected = cases.to_vec();
        expected.sort();
        assert_eq!(once, expected, "every case in exactly one letter");
        (all.len(), letters.len())
    };
    let (came, letters) = collect(&cases);
    assert!(came > letters, "the first letter came again under its key: {came} of {letters}");
    let log = program.log();
    assert!(
        !log.contains("wang.li") && !log.contains("楼道"),
        "nobody's address and nothing said in the log"
    );

    // Quiet hours around now; then none again.
    #[expect(clippy::disallowed_methods, reason = "the program under test reads the machine's clock too")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let hour = now.as_secs() / 3600 + 8;
    let (from, to) = (format!("{:02}:00", (hour + 23) % 24), format!("{:02}:00", (hour + 2) % 24));
    choose(&officer, &[("hook", "wang.li"), ("quiet_from", &from), ("quiet_to", &to), ("digest", "0")]);
    let night = dispatch(&program, &coordinator, "时亮时灭");
    std::thread::sleep(Duration::from_secs(2));
    // In quiet hours it does not come: these are all.
    collect(&cases);
    choose(&officer, &always);
    cases.push(night);
    collect(&cases);
    let done = admin.get("/console/system").unwrap().body;
    assert!(
        done.contains("deliver.hook") && !done.contains("wang.li"),
        "on record, without anybody's address"
    );
}
