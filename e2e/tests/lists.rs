//! Lists that go out, dwellings that are kept, words that are not lost: the console over HTTP.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use e2e::{Client, Program};

fn signed_in(program: &Program, role: &str) -> Client {
    let client = program.client();
    client.sign_in(program.ready().sign_in(role).unwrap()).unwrap();
    client
}

/// Any list as a spreadsheet, of what its page shows; and the neighbourhood sees that its residents' words went out.
#[test]
fn a_list_goes_out_and_that_is_seen() {
    let program = Program::demo().unwrap();
    let office = signed_in(&program, "district_office");
    let secretary = signed_in(&program, "committee_secretary");
    let looks = |who: &Client| who.get("/console/looks").unwrap().body;
    assert!(!looks(&secretary).contains("整张表"));
    for list in ["cases", "search", "notices", "looks", "places", "codes", "warnings"] {
        for ending in ["csv", "xlsx"] {
            let got = office
                .get(&format!("/console/export/{list}.{ending}?q=%E7%94%B5%E6%A2%AF&place=1001"))
                .unwrap();
            assert_eq!(got.status, 200, "{list}.{ending}: {}", got.body);
            let name = got.header("content-disposition").unwrap();
            assert_eq!(name, format!("attachment; filename=\"{list}.{ending}\""));
            assert!(got.body.starts_with(if ending == "csv" { "\u{feff}" } else { "PK" }), "{list}.{ending}");
        }
    }
    let csv = office.get("/console/export/cases.csv?state=open").unwrap().body;
    assert!(csv.lines().count() > 1_000, "all pages, not the first alone: {}", csv.lines().count());
    assert!(looks(&secretary).contains("整张表"), "its own neighbourhood sees that a list went out");
    let trail = signed_in(&program, "auditor").get("/console/trail").unwrap().body;
    assert!(trail.contains("list exported"));
    for (role, list) in
        [("auditor", "cases.csv"), ("committee_secretary", "trail.csv"), ("system_admin", "places.csv")]
    {
        let who = program.client();
        who.sign_in(program.ready().sign_in(role).unwrap()).ok();
        let got = who.get(&format!("/console/export/{list}")).unwrap();
        assert!(got.status == 403 || got.status == 303, "{role} {list}: {}", got.status);
    }
    assert_eq!(office.get("/console/export/wishes.csv").unwrap().status, 404);
    assert_eq!(office.get("/console/export/cases.pdf").unwrap().status, 404);
}

/// From the district down to a door; a flat is renamed, closed, and each is taken back.
#[test]
fn the_dwellings_of_a_doorway() {
    let program = Program::demo().unwrap();
    let worker = signed_in(&program, "committee_worker");
    let places = worker.get("/console/places").unwrap();
    assert!(places.body.contains("/console/doorways/1\""), "the worker begins at home: {}", places.body);
    let door = worker.get("/console/doorways/1").unwrap();
    assert!(door.body.contains("推算") && door.body.contains("101"), "{}", door.body);
    let first = door.body.split("name=\"dwelling\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let change = |action: &str, number: &str| {
        let path = format!("/console/doorways/1/{action}");
        worker.post(&path, &[("dwelling", first), ("number", number)]).unwrap()
    };
    let renamed = worker.follow(&change("rename", "１０１甲室")).unwrap();
    assert!(renamed.body.contains("已改为 101甲") && !renamed.body.contains("推算"), "{}", renamed.body);
    let back = format!("/console/doorways/1/back?dwelling={first}");
    assert!(renamed.body.contains(&format!("action=\"{}\"", back.replace('&', "&#38;"))), "{}", renamed.body);
    let undone = worker.follow(&worker.post(&back, &[]).unwrap()).unwrap();
    assert!(undone.body.contains("已改为 101。"), "{}", undone.body);
    let closed = worker.follow(&change("close", "")).unwrap();
    assert!(closed.body.contains("101 已注销") && closed.body.contains("已注销（1）"), "{}", closed.body);
    let open = worker.follow(&change("reopen", "")).unwrap();
    assert!(open.body.contains("101 已恢复"), "{}", open.body);
    let twice = change("add", "102");
    assert_eq!(twice.status, 422);
    assert!(twice.body.contains("已经有这个室号") && twice.body.contains("value=\"102\""), "{}", twice.body);
    let out = worker.get("/console/export/dwellings.csv?place=1001").unwrap();
    assert!(out.body.contains("XH00001,101,") && out.body.contains("已核对"), "{}", out.status);
    let verified = program.run(&["verify", "--json"]).unwrap();
    assert!(verified.status.success());
}

/// A colleague was first: the words that were typed come back with the case as it stands; so they do from a form
/// with an error when its language is changed, at the desk and at the door.
#[test]
fn what_was_typed_is_not_lost() {
    let program = Program::demo().unwrap();
    let (office, coordinator) =
        (signed_in(&program, "district_office"), signed_in(&program, "precinct_coordinator"));
    let leader = signed_in(&program, "subdistrict_leader");
    let saved = office
        .post(
            "/console/new",
            &[("doorway", "1"), ("text", "楼道灯不亮"), ("channel", "phone"), ("checked", "1")],
        )
        .unwrap();
    let case = saved.location().unwrap().split('?').next().unwrap().to_owned();
    let page = coordinator.get(&case).unwrap();
    let version =
        page.body.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let parked = [
        ("cause", "结构不允许"),
        ("law", "沪建规"),
        ("review_on", "2099-01-05"),
        ("version", version.as_str()),
    ];
    assert_eq!(leader.post(&format!("{case}/park"), &parked).unwrap().status, 303);
    let words = "已和物业说好，明天上午换灯";
    let late = [("text", words), ("version", version.as_str())];
    let told = coordinator.post(&format!("{case}/answer_at_once"), &late).unwrap();
    assert_eq!(told.status, 409, "{}", told.body);
    assert!(told.body.contains(words) && told.body.contains("您刚才写的"), "{}", told.body);
    assert!(told.body.contains("结构不允许"), "and what the colleague did stands above it");
    // What a resident adds meanwhile is no conflict.
    assert_eq!(leader.post(&format!("{case}/unpark"), &[]).unwrap().status, 303);
    let nowhere = coordinator.post("/console/cases/999999/note", &[("text", words)]).unwrap();
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.body.contains(words));

    let missing = coordinator.post(&format!("{case}/redirect"), &[("text", words)]).unwrap();
    assert_eq!(missing.status, 422);
    assert!(missing.body.contains("form=\"act-redirect\" name=\"relang\" value=\"en\""), "{}", missing.body);
    let english =
        coordinator.post(&format!("{case}/redirect"), &[("text", words), ("relang", "en")]).unwrap();
    assert_eq!(english.status, 422);
    assert!(english.body.contains("<html lang=\"en\"") && english.body.contains(words), "{}", english.body);

    let door = format!("/q/{}", program.ready().codes.opinion);
    let resident = program.client();
    let fields = [("text", ""), ("where", "三楼"), ("contact", "12")];
    let wrong = resident.post(&door, &fields).unwrap();
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("form=\"report\" name=\"relang\" value=\"en\""), "{}", wrong.body);
    let english = resident.post(&door, &[&fields[..], &[("relang", "en")]].concat()).unwrap();
    assert_eq!(english.status, 422, "the errors are told again");
    assert!(
        english.body.contains("<html lang=\"en\"") && english.body.contains("value=\"三楼\""),
        "{}",
        english.body
    );
    assert!(english.body.contains("Please say what it is"), "{}", english.body);
    assert!(english.header("set-cookie").is_some_and(|c| c.starts_with("lang=en")));
    assert!(resident.get(&door).unwrap().body.contains("<html lang=\"en\""), "the choice is kept");
}
