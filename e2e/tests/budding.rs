//! What is budding, told to the running demo: a burst of two days ago stands on the coordinator's page, becomes a problem
//! with one click, and the warning is answered.

use e2e::{Page, Program};
use std::time::Duration;

/// What stands in a page after `before`, up to the next quotation mark.
fn after<'a>(page: &'a Page, before: &str) -> Option<&'a str> {
    page.body.split_once(before)?.1.split('"').next()
}

#[test]
fn from_a_burst_to_a_problem() {
    let program = Program::demo().unwrap();
    let coordinator = program.client();
    coordinator.sign_in(program.ready().sign_in("precinct_coordinator").unwrap()).unwrap();
    let mut page = coordinator.get("/console/budding").unwrap();
    for _ in 0..300 {
        if page.body.contains("/console/problems/new?case=") {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        page = coordinator.get("/console/budding").unwrap();
    }
    let open = after(&page, "href=\"/console/problems/new?case=").expect("a warning of the burst");
    assert!(page.body.contains("往常约") && page.body.contains("凭偶然"), "{}", page.body);
    let open = format!("/console/problems/new?case={}", open.replace("&amp;", "&").replace("&#38;", "&"));
    let form = coordinator.get(&open).unwrap();
    let others = after(&form, "name=\"others\"").is_some();
    assert!(form.status == 200 && others, "{}", form.body);
    let (title, cause) = (("title", "一处反复反映"), ("cause", "同一个原因"));
    let opened = coordinator.submit(&form, "/console/problems", &[title, cause]).unwrap();
    assert_eq!(opened.status, 303, "{}", opened.body);
    let problem = coordinator.follow(&opened).unwrap();
    let joined = problem.body.matches("/console/cases/").count();
    assert!(joined >= 1, "its cases are in it: {joined}");

    // A reason is asked for; with one, and a day, it is silent.
    let card = after(&page, "action=\"/console/budding/").unwrap();
    let known = format!("/console/budding/{}/known", card.split('/').next().unwrap());
    let wrong = coordinator.submit(&page, &known, &[("reason", "修路"), ("until", "")]).unwrap();
    assert!(wrong.status == 422 && wrong.body.contains("请选择日期") && wrong.body.contains("修路"));
    let acted = known.replace("/known", "/acted");
    let done = coordinator.submit(&page, &acted, &[]).unwrap();
    assert_eq!(done.status, 303);
    let now = coordinator.get("/console/budding").unwrap();
    assert!(!now.body.contains(&format!("action=\"{acted}\"")) && now.body.contains("已经在办"));

    // It was told of, and is counted as one that led to something.
    let told = coordinator.get("/console/notices").unwrap();
    let id = known.split('/').nth(3).unwrap();
    assert!(told.body.contains(&format!("href=\"/console/budding#bud-{id}\"")), "{}", told.body);
    assert!(now.body.contains("href=\"/console/budding/figures\""));
    let figures = coordinator.get("/console/budding/figures").unwrap();
    assert!(figures.status == 200 && figures.body.contains("<table"), "{}", figures.body);
    let csv = coordinator.get("/console/export/warnings.csv").unwrap().body;
    let all: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    assert!(all[1] == "各种" && all[2] != "0" && all[3] == "1", "{csv}");
}
