//! Nanchang Road: shared bikes and riders' scooters block a street outside the committee's wall. Eleven reports,
//! one problem, one plan; two applications, a standing duty, a whistle that has to climb; nine are content, one
//! is not, and is heard. Told over HTTP to a running program whose clock moves on by days.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use e2e::{Client, Page, Program};
use std::time::Duration;

/// 城市建设管理事务中心 of the demo's first sub-district, the greening bureau, the construction commission, the
/// traffic police, the bike operators.
const GREENING: &str = "20002";
const COMMISSION: &str = "20003";
const POLICE: &str = "20007";
const OPERATORS: &str = "25004";

fn text_of(page: &Page) -> String {
    let mut out = String::new();
    let mut rest = page.body.as_str();
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        out.push(' ');
        rest = rest[at..].split_once('>').map_or("", |(_, after)| after);
    }
    out + rest
}

/// How many days the reports take to come in, on the days of the story.
const WEEKS: u16 = 20;

/// A day that comes some days after the last report, as a form wants it.
fn day(ahead: i64) -> String {
    let today = jiff::Timestamp::from_second(seconds()).unwrap();
    let at = today + jiff::SignedDuration::from_hours(24 * (i64::from(WEEKS) + ahead) + 8);
    at.to_string()[..10].to_owned()
}

#[expect(clippy::disallowed_methods, reason = "the forms of a running program want days that lie ahead")]
fn seconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

struct Road {
    program: Program,
    links: Vec<String>,
    problem: String,
}

impl Road {
    fn signed_in(&self, login: &str) -> Client {
        let client = self.program.client();
        client.sign_in(self.program.ready().account(login).unwrap()).unwrap();
        client
    }

    fn page(&self, who: &Client) -> Page {
        let page = who.get(&self.problem).unwrap();
        assert_eq!(page.status, 200, "{}", text_of(&page));
        page
    }

    fn step(&self, who: &Client, action: &str, fields: &[(&str, &str)]) {
        let done = who.post(&format!("{}/{action}", self.problem), fields).unwrap();
        assert_eq!(done.status, 303, "{action}: {}", text_of(&done));
    }

    /// A picture for the documents, where one is wanted: on a desk, or on a phone.
    fn picture(&self, who: &Client, path: &str, part: &str, name: &str) {
        let width = if path.starts_with("/console") { 1080 } else { 360 };
        e2e::picture(who, path, width, part, name).unwrap();
    }

    /// What each of the eleven reads now.
    fn told(&self, words: &str) {
        let resident = self.program.client();
        for link in &self.links {
            let page = resident.get(link).unwrap();
            let text = text_of(&page);
            assert!(text.contains(words), "not told “{words}”: {text}");
            assert!(page.body.len() <= 14 * 1024, "{} bytes", page.body.len());
        }
    }
}

fn find(staff: &Client, words: &str) -> String {
    let found = staff.get(&format!("/console/search?q={words}")).unwrap();
    let at = found.body.find("/console/cases/").expect("the search finds a case") + "/console/cases/".len();
    found.body[at..].chars().take_while(char::is_ascii_digit).collect()
}

/// Eleven neighbours, each in their own words.
const SAID: [&str; 11] = [
    "南昌路人行道停满共享单车，婴儿车过不去",
    "外卖电瓶车乱停在南昌路口，老人只能走马路",
    "共享单车把盲道全占了",
    "南昌路每天傍晚单车堆成山",
    "骑手的电动车停在弄堂口，救护车进不来",
    "花箱旁边停满了单车，路只剩一半",
    "单车挡住消防栓",
    "早上送孩子，共享单车堵住路口",
    "电瓶车和单车挤在一起，经常倒下来砸人",
    "南昌路没有划停车位，单车乱放",
    "轮椅在单车中间走不了",
];

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
fn nanchang_road() {
    let program = Program::demo().unwrap();
    let code = program.ready().codes.opinion.clone();
    let mut road = Road { program, links: vec![], problem: String::new() };
    for (n, words) in SAID.iter().enumerate() {
        // Three weeks pass until all of them have spoken.
        if let Some(ahead) = [(4, WEEKS / 2), (8, WEEKS)].iter().find(|(at, _)| *at == n) {
            road.program.restart_ahead(ahead.1).unwrap();
        }
        let resident = road.program.client();
        let sent = resident.post(&format!("/q/{code}"), &[("text", *words)]).unwrap();
        road.links.push(sent.location().unwrap().split('?').next().unwrap().to_owned());
    }

    // What is off the committee's list is not given to it at all. One report came to it as a matter of the
    // elderly, which is on its list: it goes and looks, and refers it up, outside its wall.
    let coordinator = road.signed_in("coordinator");
    let numbers: Vec<String> = SAID.iter().map(|words| find(&coordinator, words)).collect();
    let act = |who: &Client, no: &str, action: &str, fields: &[(&str, &str)]| {
        let done = who.post(&format!("/console/cases/{no}/{action}"), fields).unwrap();
        assert_eq!(done.status, 303, "{action}: {}", text_of(&done));
    };
    let committee = demo::District::xuhui(7).doorways[0].place.to_string();
    let give = |subject| {
        [("unit", committee.as_str()), ("subject", subject), ("kind", "complaint"), ("reason", "就近")]
    };
    let refused =
        coordinator.post(&format!("/console/cases/{}/dispatch", numbers[0]), &give("shared_bikes")).unwrap();
    assert_eq!(refused.status, 422, "{}", text_of(&refused));
    assert!(text_of(&refused).contains("清单"), "{}", text_of(&refused));
    let worker = road.signed_in("worker");
    let walked = &numbers[1];
    act(&coordinator, walked, "dispatch", &give("elderly"));
    act(&worker, walked, "first_contact", &[("reached", "yes"), ("note", "陪老人走了一遍")]);
    act(&worker, walked, "refer", &[("tried", "与物业、商户谈过两次，墙外管不了")]);
    road.picture(&coordinator, &format!("/console/cases/{walked}"), "", "1-referred");
    act(&coordinator, walked, "accept_referral", &[]);

    // The precinct opens a problem with all of them.
    let first = &numbers[0];
    let offered = coordinator.get(&format!("/console/problems/new?case={first}")).unwrap();
    let proposed = numbers[1..].iter().filter(|n| offered.body.contains(&format!("value=\"{n}\""))).count();
    road.picture(&coordinator, &format!("/console/problems/new?case={first}"), "", "2-one-cause");
    assert!(proposed >= 8, "the program finds the others by place, subject and words: {proposed}");
    let others = numbers[1..].join(" ");
    let opened = coordinator
        .post(
            "/console/problems",
            &[
                ("case", first),
                ("cases", first),
                ("others", &others),
                ("title", "南昌路单车堵路"),
                ("cause", "没有停放点，花箱占了半幅路"),
            ],
        )
        .unwrap();
    assert_eq!(opened.status, 303, "{}", text_of(&opened));
    road.problem = opened.location().unwrap().to_owned();
    road.told("南昌路单车堵路");
    road.told("一共11位居民反映了同一件事");

    // The plan: the section leads; two applications, three tasks of which one waits for the others, a duty.
    let page = text_of(&road.page(&coordinator));
    assert!(page.contains("城市建设管理事务中心"), "a lead is proposed with its reason");
    let form = road.page(&coordinator).form(&format!("{}/lead", road.problem)).unwrap();
    let chosen = form.fields.iter().find(|f| f.name == "unit").map(|f| f.value.clone());
    let section = chosen.filter(|v| !v.is_empty()).expect("the first proposal is chosen");
    road.step(&coordinator, "lead", &[("unit", &section), ("why", "职能就近")]);
    let (week, fortnight) = (day(7), day(14));
    for (what, due, after) in
        [("清理单车", &week, ""), ("移走花箱", &week, ""), ("划出三个骑手车位", &fortnight, "2")]
    {
        let fields = [("what", what), ("unit", &section), ("hours", "8"), ("due", due), ("after", after)];
        road.step(&coordinator, "task", &fields);
    }
    let ask = |unit, what, amount, of| {
        [
            ("unit", unit),
            ("what", what),
            ("amount", amount),
            ("what_of", of),
            ("document", "片区函〔2026〕1号"),
            ("due", week.as_str()),
        ]
    };
    road.step(&coordinator, "apply", &ask(GREENING, "移走占路花箱", "12", "个花箱"));
    road.step(&coordinator, "apply", &ask(COMMISSION, "增设骑手车位", "3", "个车位"));
    let until = day(60);
    road.step(
        &coordinator,
        "duty",
        &[
            ("unit", POLICE),
            ("what", "晚高峰疏导"),
            ("days", "every"),
            ("from", "17:00"),
            ("to", "19:00"),
            ("begins", &day(0)),
            ("until", &until),
        ],
    );
    road.step(&coordinator, "approve", &[("due", &fortnight)]);
    road.told("方案定下来了");
    road.told("接下来");
    let resident = road.program.client();
    road.picture(&coordinator, &road.problem, "", "3-plan");
    road.picture(&resident, &road.links[0], "", "4-resident-plan");

    // The bureau grants eight of twelve, then all; the commission grants at once.
    let greening = road.signed_in("department");
    assert!(text_of(&greening.get("/console/calls").unwrap()).contains("移走占路花箱"));
    let part = [
        ("part", "1"),
        ("amount", "8"),
        ("what_of", "个花箱"),
        ("document", "绿容复〔2026〕3号"),
        ("ground", "其余四个在花期"),
    ];
    road.step(&greening, "grant_part", &part);
    road.told("同意了一部分");
    let whole = [("part", "1"), ("amount", "12"), ("what_of", "个花箱"), ("document", "绿容复〔2026〕9号")];
    road.step(&greening, "grant", &whole);
    road.picture(&greening, &road.problem, "#applications", "5-applications");
    let commission = road.signed_in("officer-20003");
    let refused = commission.post(&format!("{}/grant", road.problem), &whole).unwrap();
    assert_eq!(refused.status, 403, "not theirs to grant");
    let bays = [("part", "2"), ("amount", "3"), ("what_of", "个车位"), ("document", "建委复〔2026〕2号")];
    road.step(&commission, "grant", &bays);

    // One does not come by itself: the operators are whistled for, do not answer, and it climbs.
    let whistle = [
        ("units", OPERATORS),
        ("what", "每天清运两次"),
        ("tried", "两次电话、一次函"),
        ("muster_due", week.as_str()),
    ];
    road.step(&coordinator, "whistle", &whistle);
    let twice = coordinator.post(&format!("{}/whistle", road.problem), &whistle).unwrap();
    assert_eq!(twice.status, 422);
    assert!(text_of(&twice).contains("不必重复吹哨") && text_of(&twice).contains("两次电话、一次函"));
    road.program.restart_ahead(WEEKS + 4).unwrap();
    let coordinator = road.program.client();
    coordinator.sign_in_again(road.program.ready().account("coordinator").unwrap()).unwrap();
    let climbed = || text_of(&road.page(&coordinator)).contains("逐级提醒");
    for _ in 0..100 {
        if climbed() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(climbed(), "an overdue call climbs by itself");
    let operators = road.signed_in("officer-25004");
    let calls = text_of(&operators.get("/console/calls").unwrap());
    assert!(calls.contains("每天清运两次") && calls.contains("南昌路单车堵路"), "{calls}");
    road.picture(&operators, "/console/calls", "", "7-calling-us");
    road.picture(&coordinator, &road.problem, "#whistles", "6-climbed");
    let call = |fields: &[(&'static str, &'static str)]| {
        let mut all = vec![("part", "1"), ("unit", OPERATORS)];
        all.extend_from_slice(fields);
        all
    };
    road.step(&operators, "muster", &call(&[("person", "周师傅")]));
    road.told("共享单车联合运维来了");
    road.step(
        &operators,
        "report",
        &call(&[("what", "已清运"), ("amount", "240"), ("what_of", "辆单车清运")]),
    );
    let own = operators.post(&format!("{}/accept", road.problem), &call(&[])).unwrap();
    assert_eq!(own.status, 403, "nothing is closed by the called party alone");
    road.step(&coordinator, "accept", &call(&[]));

    // The duty is kept, the work is done, the residents are told in quantities.
    let today = day(4);
    road.step(&coordinator, "attend", &[("part", "1"), ("day", &today), ("attendance", "kept")]);
    let section = road.signed_in("section");
    let early = coordinator
        .post(&format!("{}/settle", road.problem), &[("outcome", "好了"), ("solved", "yes")])
        .unwrap();
    assert_eq!(early.status, 422);
    assert!(text_of(&early).contains("还有3项"), "{}", text_of(&early));
    for (part, note, amount, of) in [
        ("1", "单车已清", "310", "辆单车清运"),
        ("2", "花箱已移", "12", "个花箱移走"),
        ("3", "车位已划", "3", "个骑手车位"),
    ] {
        let fields = [("part", part), ("note", note), ("amount", amount), ("what_of", of)];
        road.step(&section, "finish", &fields);
    }
    let outcome = "花箱移走十二个，加了三个骑手车位，单车每天清两次，交警晚高峰值守";
    road.step(&coordinator, "settle", &[("outcome", outcome), ("solved", "yes")]);
    road.told(outcome);
    road.told("550 辆单车清运");
    road.told("12 个花箱移走");
    road.picture(&road.program.client(), &road.links[0], "", "8-resident-asked");

    // Nine are content, one says nothing, one is not and is handled again by the lead.
    let resident = road.program.client();
    for link in &road.links[..9] {
        assert_eq!(resident.post(link, &[("do", "confirm")]).unwrap().status, 303);
    }
    let not_solved = [("do", "not_solved"), ("text", "晚上九点以后又堵了")];
    assert_eq!(resident.post(&road.links[10], &not_solved).unwrap().status, 303);
    let early = coordinator.post(&format!("{}/close", road.problem), &[]).unwrap();
    assert!(text_of(&early).contains("还有2件诉求没有办结"), "{}", text_of(&early));
    let no = &numbers[10];
    act(&section, no, "first_contact", &[("reached", "yes"), ("note", "加派晚间巡查")]);
    act(&section, no, "answer", &[("outcome", "晚九点加一次清运"), ("solved", "yes")]);
    act(&coordinator, no, "call_back", &[("solved", "yes"), ("note", "现在通了")]);
    assert_eq!(resident.post(&road.links[9], &[("do", "confirm")]).unwrap().status, 303);
    road.step(&coordinator, "close", &[("note", "先划车位再清车")]);

    // Every figure of the closing page opens to its events.
    let closing = road.page(&coordinator);
    let text = text_of(&closing);
    assert!(text.contains("已办结") && text.contains("参与单位"), "{text}");
    let anchors = closing.body.matches("href=\"#e").count();
    assert!(anchors >= 20, "{anchors} links from figures to events");
    for link in closing.body.split("href=\"#e").skip(1) {
        let seq: String = link.chars().take_while(char::is_ascii_digit).collect();
        assert!(closing.body.contains(&format!("id=\"e{seq}\"")), "event {seq} is not on the page");
    }
    let record = text_of(&coordinator.get("/console/whistles").unwrap());
    assert!(record.contains("每天清运两次") && record.contains("按时报到"), "{record}");
    road.picture(&coordinator, &road.problem, "", "9-closed");
    road.picture(&coordinator, "/console/whistles", "", "10-record");
    road.picture(&coordinator, "/console/problems", "", "11-board");
    let verified = road.program.run(&["verify", "--json"]).unwrap();
    let found = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success() && found.contains("\"whole\":true"), "{found}");
}
