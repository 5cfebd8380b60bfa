//! Drawing precincts, told to the running demo: the office looks at today's plan, has plans proposed, opens one, moves a
//! committee by form, takes that back, and lets the draft hold from tomorrow; then it withdraws it.

use e2e::{Client, Page, Program};
use std::time::Duration;

/// What stands in a page after `before`, up to the next quotation mark.
fn after<'a>(page: &'a Page, before: &str) -> Option<&'a str> {
    page.body.split_once(before)?.1.split('"').next()
}

/// Follows the answer to a form, which must be a redirect.
fn done(who: &Client, answer: &Page) -> Page {
    assert_eq!(answer.status, 303, "{}", answer.body);
    who.follow(answer).expect("the page that a form leads to")
}

#[test]
fn from_todays_plan_to_another() {
    let program = Program::demo().unwrap();
    let office = program.client();
    office.sign_in(program.ready().sign_in("district_office").unwrap()).unwrap();
    let today = office.get("/console/precincts").unwrap();
    assert!(today.body.contains("61个片区") && today.body.contains("class=\"hexes plan\""), "{}", today.body);
    assert!(today.body.contains("没有空缺，没有重叠"), "the demo's precincts are sound: {}", today.body);
    let sheet = office.get("/console/export/precincts.csv").unwrap();
    assert!(sheet.body.lines().count() > 61, "{}", sheet.body);

    // Bounds that cannot be meant are told beside their field, with what was typed.
    let bounds = |least: &'static str| {
        [
            ("committees_least", least),
            ("committees_most", "6"),
            ("residents_least", "15000"),
            ("residents_most", "25000"),
        ]
    };
    let wrong = office.submit(&today, "/console/precincts/search", &bounds("7")).unwrap();
    assert!(wrong.status == 422 && wrong.body.contains("最少要大于零"), "{}", wrong.body);
    let wrong = office.submit(&today, "/console/precincts/search", &bounds("四")).unwrap();
    assert!(
        wrong.status == 422 && wrong.body.contains("请填一个整数") && wrong.body.contains("value=\"四\"")
    );

    let asked = office.submit(&today, "/console/precincts/search", &bounds("4")).unwrap();
    let mut plans = done(&office, &asked);
    let address = asked.location().unwrap().to_owned();
    for _ in 0..600 {
        if !plans.body.contains("data-poll") {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
        plans = office.get(&address).unwrap();
    }
    assert!(plans.body.matches("拿来起草").count() >= 2, "several plans to compare: {}", plans.body);
    assert!(plans.body.contains("变动最少"), "one changes little");

    let source = after(&plans, "name=\"source\" value=\"").unwrap().to_owned();
    let fields = [("source", source.as_str()), ("name", "试划一")];
    let draft = done(&office, &office.post("/console/precincts/drafts", &fields).unwrap());
    assert!(draft.body.contains("试划一") && draft.body.contains("换片区"), "{}", draft.body);

    // From today's plan: one committee moves to a neighbouring precinct, and back.
    let opened =
        office.post("/console/precincts/drafts", &[("source", "today"), ("name", "调一个")]).unwrap();
    let at = opened.location().unwrap().to_owned();
    let draft = done(&office, &opened);
    assert!(draft.body.contains("还没有变动"));
    // Somewhere a neighbourhood lies at the edge of its precinct.
    let (place, to) = (1_001..1_100)
        .find_map(|place| {
            let page = office.get(&format!("{at}?place={place}")).unwrap();
            Some((place.to_string(), after(&page, "name=\"to\" value=\"")?.to_owned()))
        })
        .expect("a neighbourhood that could go elsewhere");
    let chosen = office.get(&format!("{at}?place={place}")).unwrap();
    assert!(chosen.body.contains("相似度+") || chosen.body.contains("相似度-"), "its price: {}", chosen.body);
    let step =
        |action: &str, fields: &[(&str, &str)]| office.post(&format!("{at}/{action}"), fields).unwrap();
    let moved = done(&office, &step("move", &[("place", &place), ("to", &to)]));
    assert!(moved.body.contains("1个居委会"), "{}", moved.body);
    assert!(done(&office, &step("undo", &[])).body.contains("还没有变动"));
    let moved = done(&office, &step("redo", &[]));
    let noted = done(&office, &step("note", &[("note", "书记同意")]));
    assert!(noted.body.contains("书记同意"));

    // It holds from tomorrow on, with a reason where it breaks a rule; until then it can be withdrawn.
    let first = after(&moved, "type=\"date\" min=\"").unwrap().to_owned();
    let reasons: Vec<String> = moved
        .body
        .match_indices("name=\"reason")
        .map(|(i, _)| moved.body[i + 6..].split('"').next().unwrap().to_owned())
        .collect();
    let mut fields = vec![("from", first.as_str())];
    if !reasons.is_empty() {
        let refused = step("adopt", &fields);
        assert!(refused.status == 422 && refused.body.contains("请逐个写明理由"), "{}", refused.body);
    }
    fields.extend(reasons.iter().map(|r| (r.as_str(), "试点半年")));
    let adopted = done(&office, &step("adopt", &fields));
    assert!(adopted.body.contains("已经定下") && adopted.body.contains("明天"), "{}", adopted.body);
    let late = step("undo", &[]);
    assert!(late.status == 422 && late.body.contains("不能再改"));
    let open = done(&office, &step("withdraw", &[]));
    assert!(open.body.contains("起草中"));

    // A sub-district's leader reads today's plan of their part, and draws nothing.
    let leader = program.client();
    leader.sign_in(program.ready().sign_in("subdistrict_leader").unwrap()).unwrap();
    let part = leader.get("/console/precincts").unwrap();
    assert!(part.status == 200 && !part.body.contains("/console/precincts/search"));
    let rows = |page: &Page| page.body.matches("<tr data-row").count();
    assert!(rows(&part) < rows(&today));
    assert_eq!(leader.get(&at).unwrap().status, 403);
}
