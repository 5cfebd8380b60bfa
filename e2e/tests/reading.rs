//! A dispatcher says what a case is about; the program learns it, the district office sees how well it reads, and has a
//! wrong lesson forgotten.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says why")]

use e2e::{Client, Program};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// The page of a case of these words, found by search.
fn case(staff: &Client, words: &str) -> String {
    let found = staff.get(&format!("/console/search?q={words}")).unwrap();
    let at = found.body.find("/console/cases/").unwrap() + "/console/cases/".len();
    let no: String = found.body[at..].chars().take_while(char::is_ascii_digit).collect();
    format!("/console/cases/{no}")
}

#[test]
fn it_learns_from_people_and_says_how_well() {
    let program = Program::demo().unwrap();
    let code = program.ready().codes.opinion.clone();
    let signed_in = |role: &str| {
        let staff = program.client();
        staff.sign_in(program.ready().account(role).unwrap()).unwrap();
        staff
    };
    let (coordinator, office) = (signed_in("coordinator"), signed_in("office"));
    let say = |words: &str| {
        let sent = program.client().post(&format!("/q/{code}"), &[("text", words)]).unwrap();
        assert_eq!(sent.status, 303);
    };

    // One that it knows: the subject, and the words that decided.
    say("半夜有人唱歌，噪音太大睡不着觉的一件");
    let known = coordinator.get(&case(&coordinator, "睡不着觉的一件")).unwrap();
    assert!(known.body.contains("系统读作：噪声（"), "{}", known.body);
    // What others write for noise is found as well, and said.
    let found = coordinator.get("/console/search?q=噪声").unwrap();
    assert!(found.body.contains("也找了：噪音"), "{}", found.body);

    // One that it does not know: it asks, learns, and knows the next.
    say("水表间格栅歪了，咔咔作响第一件");
    let first = case(&coordinator, "咔咔作响第一件");
    let page = coordinator.get(&first).unwrap();
    let read_as = |body: &str| body.split("系统").nth(1).unwrap().split("</p>").next().unwrap().to_owned();
    let before = read_as(&page.body);
    assert!(before.starts_with("拿不准，请您定。") && !before.contains("公共设施"), "{before}");
    let others = page.body.split("name=\"unit_other\"").nth(1).unwrap();
    let units = others.split("</select>").next().unwrap().split("value=\"").skip(1);
    let units = units.filter_map(|v| v.split('"').next()).filter(|v| !v.is_empty());
    // A committee refuses what is off its list: it goes to the first that takes it.
    let taken = units.map(|unit| {
        let what = [("subject", "facilities"), ("kind", "complaint"), ("reason", "公共部位")];
        let fields = [&[("unit", "other"), ("unit_other", unit)][..], &what].concat();
        coordinator.post(&format!("{first}/dispatch"), &fields).unwrap().status
    });
    assert!(taken.into_iter().any(|status| status == 303));
    let until = Instant::now() + Duration::from_secs(20);
    for n in 2.. {
        say(&format!("水表间格栅歪了，咔咔作响第{n}次"));
        let next = coordinator.get(&case(&coordinator, &format!("咔咔作响第{n}次"))).unwrap();
        let now = read_as(&next.body);
        if now.contains("公共设施") {
            break;
        }
        assert!(Instant::now() < until, "it is learnt: {now}");
        std::thread::sleep(Duration::from_millis(300));
    }

    // What is reported most, with its words.
    let matters = coordinator.get("/console/matters").unwrap();
    assert!(matters.status == 200 && matters.body.contains("格栅"), "{}", matters.body);
    assert!(matters.body.contains("/console/problems/new?case="), "{}", matters.body);

    // Whoever types in a call pastes what was said: the doorway that it names is found.
    let listed = coordinator.get("/console/doorways?q=号").unwrap();
    let label =
        listed.body.split(['<', '>']).find(|part| part.contains('弄') && part.contains('号')).unwrap();
    let address = label.trim().rsplit(' ').next().unwrap();
    let heard = format!("{address}的楼道灯坏了");
    let hits = coordinator.get(&format!("/console/doorways?q={heard}")).unwrap();
    assert!(hits.body.contains(address), "{heard}: {}", hits.body);

    // The district office sees the month, nobody's name, and the lesson; it has it forgotten. Others do not see it.
    let month = office.get("/console/reading").unwrap();
    let text = &month.body;
    assert!(text.contains("改为公共设施") && text.contains("水表间格栅歪了"), "{text}");
    assert!(!text.contains(&program.ready().account("coordinator").unwrap().login), "{text}");
    assert_eq!(coordinator.get("/console/reading").unwrap().status, 403);
    let sheet = office.get("/console/export/reading.csv").unwrap();
    assert!(sheet.status == 200 && sheet.body.contains("公共设施"), "{}", sheet.body);
    let no = first.rsplit('/').next().unwrap();
    let forgotten = office.post(&format!("/console/reading/{no}/forget"), &[]).unwrap();
    assert_eq!(forgotten.status, 303, "{}", forgotten.body);
    assert!(!office.get("/console/reading").unwrap().body.contains("水表间格栅歪了"));
}

/// A model that says "elevators" to all that comes; what it was sent, whole.
fn model() -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let mut sent = Vec::new();
        let mut some = [0; 4096];
        while let Ok(n @ 1..) = stream.read(&mut some) {
            sent.extend_from_slice(&some[..n]);
        }
        let answer = r#"{"choices":[{"message":{"content":"elevators"}}]}"#;
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
        stream.write_all((head + answer).as_bytes()).unwrap();
        tell.send(String::from_utf8_lossy(&sent).into_owned()).unwrap();
    });
    (url, told)
}

#[test]
fn a_model_in_the_house_is_asked_only_when_somebody_asks_and_sees_no_name() {
    let mut program = Program::demo().unwrap();
    let (url, sent) = model();
    program.stop().unwrap();
    std::fs::write(program.data().join("model.conf"), "model.url = http://203.0.113.7/v1\nmodel.name = m\n")
        .unwrap();
    assert!(program.restart().unwrap_err().contains("outside the house"));
    std::fs::write(program.data().join("model.conf"), format!("model.url = {url}\nmodel.name = small\n"))
        .unwrap();
    program.restart().unwrap();
    let code = program.ready().codes.opinion.clone();
    let coordinator = program.client();
    coordinator.sign_in(program.ready().account("coordinator").unwrap()).unwrap();
    let words = "302室王阿姨说格栅错位咔咔作响一事";
    let reported = program.client().post(&format!("/q/{code}"), &[("text", words)]).unwrap();
    assert_eq!(reported.status, 303);
    let here = case(&coordinator, "格栅错位咔咔作响一事");
    let page = coordinator.get(&here).unwrap();
    assert!(page.body.contains("问问本区的模型（small）"), "{}", page.body);
    let told = coordinator.post(&format!("{here}/opinion"), &[]).unwrap();
    assert!(told.status == 200 && told.body.contains("本区的模型说：电梯"), "{}", told.body);
    let sent = sent.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(sent.contains("格栅错位") && !sent.contains("王阿姨") && !sent.contains("302"), "{sent}");
    // It answers no more: nothing depends on it.
    let silent = coordinator.post(&format!("{here}/opinion"), &[]).unwrap();
    assert!(silent.status == 200 && silent.body.contains("没有给出答案"), "{}", silent.body);
}
