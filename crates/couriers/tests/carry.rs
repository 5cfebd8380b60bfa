//! Letters to a gateway and a relay that really listen, on ports of this machine.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use couriers::{Hook, Mail, signature};
use domain::notices::{Courier, Line, Parcel, Undelivered, What};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn parcel(to: &str) -> Parcel {
    let at = "2026-03-02T01:00:00Z".parse().unwrap();
    let line = Line {
        what: What::Answered,
        levels: 0,
        thing: "12-3".into(),
        link: "http://x.example/t/abc".into(),
        at,
    };
    Parcel {
        key: "8f41".repeat(8),
        to: to.into(),
        resident: true,
        urgent: false,
        title: "您反映的事有新进展".into(),
        text: "【徐汇区】您反映的事（12-3）已经答复".into(),
        lines: vec![line],
        made_at: at,
    }
}

/// A gateway that takes one request, answers with a status, and hands over what it got: head and body.
fn gateway(status: &'static str) -> (String, JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notices", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(reader.read_line(&mut head).unwrap() > 0, "the head ends early: {head}");
        }
        let head = head.to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        write!(reader.get_mut(), "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
        (head, body)
    });
    (url, heard)
}

#[test]
fn a_message_is_signed_and_says_what_it_should() {
    let (url, heard) = gateway("200 OK");
    Hook::new(&url, SECRET, true).unwrap().carry(&parcel("13800138000")).unwrap();
    let (head, body) = heard.join().unwrap();
    assert!(head.starts_with("post /notices http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("idempotency-key: {}", "8f41".repeat(8))), "{head}");
    assert!(head.contains(&format!("x-pianqu-signature: {}", signature(SECRET.as_bytes(), &body))), "{head}");
    let told: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((told["to"].as_str(), told["for"].as_str()), (Some("13800138000"), Some("resident")));
    assert_eq!(told["notices"][0]["what"], "answered");
    assert_eq!(told["made_at"], "2026-03-02T01:00:00Z");
}

#[test]
fn every_answer_of_a_gateway_has_its_meaning() {
    let tried = |status| {
        let (url, heard) = gateway(status);
        let gone = Hook::new(&url, SECRET, true).unwrap().carry(&parcel("x"));
        heard.join().unwrap();
        gone
    };
    assert_eq!(tried("204 No Content"), Ok(()));
    assert_eq!(tried("409 Conflict"), Ok(()), "it has this key already");
    assert_eq!(tried("422 Unprocessable"), Err(Undelivered::Refused("the gateway answered 422".into())));
    // A wrong secret, a wrong path, a gateway in trouble: nothing gets through, nothing is given up.
    for status in ["401 Unauthorized", "404 Not Found", "429 Too Many", "503 Unavailable", "302 Found"] {
        assert!(matches!(tried(status), Err(Undelivered::Down(_))), "{status}");
    }
}

#[test]
fn a_gateway_that_is_not_there_is_down() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hook = Hook::new(&format!("http://{closed}/"), SECRET, true).unwrap();
    let Err(Undelivered::Down(why)) = hook.carry(&parcel("13800138000")) else { panic!("it is not there") };
    assert!(why.starts_with("the gateway does not answer") && !why.contains("138"), "{why}");
    let mail = Mail::new(&closed.to_string(), "片区 <pianqu@example.gov>", None).unwrap();
    assert!(matches!(mail.carry(&parcel("wang@example.gov")), Err(Undelivered::Down(_))));
}

/// A relay that speaks as much SMTP as one letter needs, answers the recipient with `rcpt`, and hands over
/// the letter.
fn relay(rcpt: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut letter = String::new();
        let say = |reader: &mut BufReader<TcpStream>, text: &str| {
            write!(reader.get_mut(), "{text}\r\n").unwrap();
        };
        say(&mut reader, "220 relay.example");
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return letter;
            }
            match line.split([' ', '\r']).next().unwrap() {
                "EHLO" => say(&mut reader, "250 relay.example"),
                "MAIL" => say(&mut reader, "250 ok"),
                "RCPT" => {
                    letter += &line;
                    say(&mut reader, rcpt);
                }
                "DATA" => {
                    say(&mut reader, "354 go on");
                    while !letter.ends_with("\r\n.\r\n") {
                        reader.read_line(&mut letter).unwrap();
                    }
                    say(&mut reader, "250 kept");
                }
                "QUIT" => {
                    say(&mut reader, "221 bye");
                    return letter;
                }
                _ => say(&mut reader, "250 ok"),
            }
        }
    });
    (address, heard)
}

#[test]
fn an_e_mail_arrives_whole() {
    let (address, heard) = relay("250 ok");
    let mail = Mail::new(&address, "片区 <pianqu@example.gov>", None).unwrap();
    mail.carry(&parcel("wang@example.gov")).unwrap();
    drop(mail);
    let letter = heard.join().unwrap();
    assert!(letter.contains("RCPT TO:<wang@example.gov>"), "{letter}");
    for header in [
        &format!("Message-ID: <{}@example.gov>", "8f41".repeat(8)),
        "Auto-Submitted: auto-generated",
        "Date: Mon, 02 Mar 2026 01:00:00 +0000",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(letter.contains(header), "no {header} in {letter}");
    }
}

#[test]
fn what_a_relay_refuses_is_told_without_the_address() {
    let tried = |rcpt: &'static str, to: &str| {
        let (address, heard) = relay(rcpt);
        let mail = Mail::new(&address, "pianqu@example.gov", None).unwrap();
        let gone = mail.carry(&parcel(to)).unwrap_err();
        drop(mail);
        if !matches!(&gone, Undelivered::Refused(why) if why.contains("cannot be read")) {
            heard.join().unwrap();
        }
        gone
    };
    let refused = |why: &str| Undelivered::Refused(why.into());
    let to = "wang@example.gov";
    assert_eq!(tried("550 <wang@example.gov> unknown", to), refused("the relay answered 550"));
    assert_eq!(tried("451 greylisted", to), Undelivered::Later("the relay answered 451".into()));
    assert_eq!(tried("421 going down", to), Undelivered::Down("the relay answered 421".into()));
    assert_eq!(tried("250 ok", "nobody"), refused("the address cannot be read"));
}
