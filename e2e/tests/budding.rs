//! What is budding, told to the running demo: a burst of two days ago stands on the coordinator's page, becomes a problem
//! with one click, and the warning is answered; a committee is asked about another, and answers.

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
    for _ in 0..1_800 {
        if page.body.contains("/console/problems/new?case=") {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        page = coordinator.get("/console/budding").unwrap();
    }
    let open = after(&page, "href=\"/console/problems/new?case=").expect("a warning of the burst");
    assert!(page.body.contains("往常约") && page.body.contains("凭偶然"), "{}", page.body);
    // A reason is asked for; what was typed is given back.
    let card = after(&page, "action=\"/console/budding/").unwrap();
    let known = format!("/console/budding/{}/known", card.split('/').next().unwrap());
    let wrong = coordinator.submit(&page, &known, &[("reason", "修路"), ("until", "")]).unwrap();
    assert!(wrong.status == 422 && wrong.body.contains("请选择日期") && wrong.body.contains("修路"));

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
    // A warning that became a problem has led to something: nobody needs to say so.
    let now = coordinator.get("/console/budding").unwrap();
    assert!(!now.body.contains(&format!("action=\"{known}\"")) && now.body.contains("已经在办"));

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

#[test]
fn a_committee_is_asked_and_answers_in_a_line() {
    let program = Program::demo().unwrap();
    let (coordinator, worker) = (program.client(), program.client());
    coordinator.sign_in(program.ready().sign_in("precinct_coordinator").unwrap()).unwrap();
    worker.sign_in(program.ready().sign_in("committee_worker").unwrap()).unwrap();
    let mut page = coordinator.get("/console/budding").unwrap();
    for _ in 0..1_800 {
        if page.body.contains("/ask\"") {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        page = coordinator.get("/console/budding").unwrap();
    }
    let card = after(&page, "action=\"/console/budding/").expect("a warning of the burst");
    let ask = format!("/console/budding/{}/ask", card.split('/').next().unwrap());
    let form = page.body.split_once(&format!("action=\"{ask}\"")).unwrap().1;
    let select = form.split_once("</select>").unwrap().0;
    let neighbourhoods: Vec<&str> =
        select.split("<option value=\"").skip(1).map(|o| o.split('"').next().unwrap()).collect();
    assert!(neighbourhoods.len() >= 4, "a precinct has four committees at least: {select}");
    let due = form.split_once("type=\"date\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();

    // A day that has passed is refused, and the question given back.
    let question = "最近怎么样？可以打 13800138000 找我";
    let send = |place: &str, due: &str| {
        let fields = [("ask_place", place), ("question", question), ("ask_due", due)];
        coordinator.submit(&page, &ask, &fields).unwrap()
    };
    let wrong = send(neighbourhoods[0], "2020-01-01");
    assert!(wrong.status == 422 && wrong.body.contains("请选今天以后") && wrong.body.contains("最近怎么样"));
    for place in &neighbourhoods {
        let sent = send(place, &due);
        assert_eq!(sent.status, 303, "{}", sent.body);
    }
    let twice = send(neighbourhoods[0], &due);
    assert!(twice.status == 422 && twice.body.contains("已经问过这里"), "{}", twice.body);

    // The worker finds it on the page of today, and answers in a line.
    let mine = worker.get("/console").unwrap();
    assert!(mine.body.contains("id=\"errands\"") && mine.body.contains("最近怎么样"), "{}", mine.body);
    assert!(!mine.body.contains("13800138000"), "a number that was typed is hidden");
    let answer = format!("/console/budding/{}", after(&mine, "action=\"/console/budding/").unwrap());
    let empty = worker.submit(&mine, &answer, &[("said", " ")]).unwrap();
    assert!(empty.status == 422 && empty.body.contains("请写一句话"), "{}", empty.body);
    let said = worker.submit(&mine, &answer, &[("said", "水管工昨天来过，周五再来")]).unwrap();
    assert_eq!(said.status, 303, "{}", said.body);
    let again = worker.submit(&mine, &answer, &[("said", "又一句")]).unwrap();
    assert!(again.status == 422 && again.body.contains("已经有人答复"), "{}", again.body);
    assert!(!worker.get("/console").unwrap().body.contains("id=\"errands\""));

    // Whoever asked reads it on the card, and is told; then they wait and watch.
    let now = coordinator.get("/console/budding").unwrap();
    assert!(now.body.contains("周五再来") && now.body.contains("还没有答复"), "{}", now.body);
    assert!(coordinator.get("/console/notices").unwrap().body.contains("有答复了"));
    let watch = ask.replace("/ask", "/watch");
    let watched = coordinator.submit(&page, &watch, &[("watch", &due)]).unwrap();
    assert_eq!(watched.status, 303, "{}", watched.body);
    let now = coordinator.get("/console/budding").unwrap();
    assert!(!now.body.contains(&format!("action=\"{watch}\"")) && now.body.contains("先看一看"));
}
