//! A dispatcher says what a case is about; the program learns it, the district office sees how well it reads, and has a
//! wrong lesson forgotten.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says why")]

use e2e::{Client, Program};
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
    say("水表间格栅松脱，咔咔作响第一件");
    let first = case(&coordinator, "咔咔作响第一件");
    let page = coordinator.get(&first).unwrap();
    assert!(page.body.contains("系统拿不准，请您定。"), "{}", page.body);
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
        say(&format!("水表间格栅松脱，咔咔作响第{n}次"));
        let next = coordinator.get(&case(&coordinator, &format!("咔咔作响第{n}次"))).unwrap();
        let select = next.body.split("name=\"subject\"").nth(1).unwrap();
        if select.contains("value=\"facilities\" selected") {
            break;
        }
        assert!(Instant::now() < until, "it is learnt");
        std::thread::sleep(Duration::from_millis(300));
    }

    // The district office sees the month, nobody's name, and the lesson; it has it forgotten. Others do not see it.
    let month = office.get("/console/reading").unwrap();
    let text = &month.body;
    assert!(text.contains("改为公共设施") && text.contains("水表间格栅松脱"), "{text}");
    assert!(!text.contains(&program.ready().account("coordinator").unwrap().login), "{text}");
    assert_eq!(coordinator.get("/console/reading").unwrap().status, 403);
    let sheet = office.get("/console/export/reading.csv").unwrap();
    assert!(sheet.status == 200 && sheet.body.contains("公共设施"), "{}", sheet.body);
    let no = first.rsplit('/').next().unwrap();
    let forgotten = office.post(&format!("/console/reading/{no}/forget"), &[]).unwrap();
    assert_eq!(forgotten.status, 303, "{}", forgotten.body);
    assert!(!office.get("/console/reading").unwrap().body.contains("水表间格栅松脱"));
}
