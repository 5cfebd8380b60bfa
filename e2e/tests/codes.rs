//! Door codes: ended, issued anew, printed.

use e2e::Program;

/// A forged copy was seen: the opinion code is ended. The old one says so, the new one works at once, and the two
/// beside it on the board need no new paper.
#[test]
fn one_code_is_ended_and_its_neighbours_stay() {
    let program = Program::demo().unwrap();
    let codes = program.ready().codes.clone();
    let someone = program.client();
    assert_eq!(someone.get(&format!("/q/{}", codes.opinion)).unwrap().status, 200);

    let secretary = program.client();
    secretary.sign_in(program.ready().sign_in("committee_secretary").unwrap()).unwrap();
    let page = secretary.get("/console/codes?q=XH00001").unwrap();
    assert!(page.body.contains("XH00001"), "{}", page.body);
    let without = secretary.post("/console/codes/1/opinion/revoke", &[("reason", " ")]).unwrap();
    assert_eq!(without.status, 422, "a reason is needed");
    let ended = secretary.post("/console/codes/1/opinion/revoke", &[("reason", "有人贴了假码")]).unwrap();
    assert_eq!(ended.status, 303);

    let old = someone.get(&format!("/q/{}", codes.opinion)).unwrap();
    assert_eq!(old.status, 410);
    assert!(old.form("/q/report").is_ok(), "it can be reported");
    let sent = someone.post(&format!("/q/{}", codes.opinion), &[("text", "灯坏了")]).unwrap();
    assert_eq!(sent.status, 410, "nothing comes in through it");
    for beside in [&codes.tenancy, &codes.residency] {
        assert_eq!(someone.get(&format!("/q/{beside}")).unwrap().status, 200);
    }
    let verified = program.run(&["verify", "--json"]).unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// The sheet of one doorway, printed from the console; refused to who may not.
#[test]
fn a_notice_is_printed() {
    let program = Program::demo().unwrap();
    let secretary = program.client();
    secretary.sign_in(program.ready().sign_in("committee_secretary").unwrap()).unwrap();
    let sheet = secretary.get("/console/codes/1.pdf").unwrap();
    assert_eq!((sheet.status, sheet.header("content-type")), (200, Some("application/pdf")));
    assert!(sheet.body.starts_with("%PDF"));
    let worker = program.client();
    worker.sign_in(program.ready().sign_in("committee_worker").unwrap()).unwrap();
    assert_eq!(worker.get("/console/codes/1.pdf").unwrap().status, 403);
    let wrong = program.run(&["print", "notices", "--place", "424242", "--out", "nowhere"]).unwrap();
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("there is no place 424242"));
}
