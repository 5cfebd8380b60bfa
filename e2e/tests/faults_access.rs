//! Every endpoint, asked by everybody: nobody, and each of the thirteen roles, over real HTTP. What comes back is
//! written down in `docs/access.md`, and a new endpoint that is not asked here fails the test.
//!
//! Where a case lies within the role's place, and is with its unit, the answer stands first; where it lies in
//! another sub-district, second. `PIANQU_BLESS=1` writes the document anew.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use demo::{District, SEED};
use domain::access::{Role, matrix};
use domain::cases::ActionName;
use domain::territory::Path;
use domain::{DoorwayId, PlaceId, UnitId};
use e2e::{Client, Program, exchange, routes};
use image::ImageEncoder;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access.md");

/// An answer in one word.
fn word(status: u16, location: Option<&str>) -> String {
    match (status, location) {
        (303, Some(to)) if to.starts_with("/console/sign-in") => "sign in".into(),
        (200 | 303, _) => "yes".into(),
        (403, _) => "no".into(),
        (404, _) => "not there".into(),
        (409, _) => "not now".into(),
        (other, _) => other.to_string(),
    }
}

/// Everybody who asks, and the demo district that they ask in.
struct Walk<'a> {
    program: &'a Program,
    district: District,
    elsewhere: DoorwayId,
    office: Client,
    coordinator: Client,
    worker: Client,
    named: Cell<u32>,
}

impl Walk<'_> {
    fn grant(&self, role: Role) -> domain::access::Grant {
        let shown = self.district.staff.iter().find(|s| s.showcase && s.grants[0].role == role);
        shown.expect("the demo shows every role").grants[0]
    }

    /// A doorway of the neighbourhood of the demo's people, another for each number.
    fn home(&self, n: usize) -> DoorwayId {
        let place = self.district.doorways[0].place;
        self.district
            .doorways
            .iter()
            .filter(|d| d.place == place)
            .nth(n + 1)
            .expect("it has many doorways")
            .id
    }

    /// The unit that a role's work is with; the section's where it works for none.
    fn unit(&self, role: Role) -> UnitId {
        self.grant(role).unit.or(self.grant(Role::SectionOfficer).unit).expect("the section has a unit")
    }

    /// A number of its own for every case: the same words twice would be one tap.
    fn next(&self) -> u32 {
        self.named.replace(self.named.get() + 1)
    }

    /// A new case, typed in by the district's office: its number.
    fn case(&self, doorway: DoorwayId) -> String {
        let n = self.next();
        let fields = [
            ("doorway", doorway.to_string()),
            ("text", format!("第{n}件：楼道灯不亮")),
            ("contact", "13800001234".to_owned()),
            ("channel", "phone".to_owned()),
            ("checked", "1".to_owned()),
        ];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let saved = self.office.post("/console/new", &fields).unwrap();
        let to = saved.location().unwrap_or_else(|| panic!("{}: {}", saved.status, saved.body));
        to.trim_start_matches("/console/cases/").chars().take_while(char::is_ascii_digit).collect()
    }

    /// A new case with a photo, sent at the door: its number.
    fn with_photo(&self) -> String {
        let mut photo = Vec::new();
        let (grey, kind) = (vec![127; 64], image::ExtendedColorType::L8);
        image::codecs::jpeg::JpegEncoder::new(&mut photo).write_image(&grey, 8, 8, kind).unwrap();
        let part = "--x\r\nContent-Disposition: form-data; name=";
        let n = self.next();
        let head =
            format!("{part}\"text\"\r\n\r\n第{n}件：灯坏了\r\n{part}\"photo\"; filename=\"a.jpg\"\r\n\r\n");
        let body = [head.as_bytes(), &photo, b"\r\n--x--\r\n"].concat();
        let resident = self.program.client();
        let door = format!("/q/{}", self.program.ready().codes.opinion);
        let sent = resident.post_bytes(&door, "multipart/form-data; boundary=x", body).unwrap();
        number(&resident.follow(&sent).unwrap().body)
    }

    /// A new registration here, confirmed: its link and its number.
    fn registration(&self) -> (String, String) {
        let n = self.next();
        let resident = self.program.client();
        let phone = format!("137{:08}", 10_000_000 + n);
        let flat = n.to_string();
        let fields = [
            ("do", "send"),
            ("consent", "1"),
            ("who0", "city"),
            ("name0", "王访客"),
            ("id0", "310104199001011233"),
            ("dwelling", flat.as_str()),
            ("since", "2026-01-01"),
            ("phone", phone.as_str()),
        ];
        let door = format!("/q/{}", self.program.ready().codes.residency);
        let sent = resident.post(&door, &fields).unwrap();
        let link =
            sent.location().unwrap_or_else(|| panic!("{}", sent.body)).split('?').next().unwrap().to_owned();
        let page = resident.get(&link).unwrap().body;
        let code = page.split_once("您的验证码是 ").unwrap().1.split('。').next().unwrap();
        let confirmed = resident.post(&link, &[("do", "code"), ("code", code)]).unwrap();
        assert_eq!(confirmed.status, 303, "{}", confirmed.body);
        let page = resident.get(&link).unwrap().body;
        let no = page.split_once(&format!("href=\"{link}/")).unwrap().1.split('"').next().unwrap();
        (link.clone(), no.to_owned())
    }

    fn must(&self, who: &Client, no: &str, action: &str, fields: &[(&str, &str)]) {
        let done = who.post(&format!("/console/cases/{no}/{action}"), fields).unwrap();
        assert_eq!(done.status, 303, "{action}: {}", done.body);
    }

    /// A case here, in the state in which an action fits, with the unit of the role where it is with one.
    fn ready_for(&self, action: ActionName, role: Role, workers: &[(Role, Client)]) -> String {
        use ActionName as A;
        let no = self.case(DoorwayId(1));
        let unit = self.unit(role).to_string();
        let given = matches!(
            action,
            A::Recall
                | A::FirstContact
                | A::Return
                | A::Refer
                | A::Extend
                | A::Answer
                | A::CallBack
                | A::Note
        );
        if given {
            self.must(&self.coordinator, &no, "dispatch", &dispatch(&unit));
        }
        if matches!(action, A::Answer | A::CallBack) {
            let hand =
                workers.iter().find(|(r, _)| self.grant(*r).unit.is_some_and(|u| u.to_string() == unit));
            let hand = &hand.unwrap_or_else(|| panic!("nobody works for {unit}")).1;
            self.must(hand, &no, "first_contact", &[("reached", "yes"), ("note", "已联系")]);
            if action == A::CallBack {
                self.must(hand, &no, "answer", &[("outcome", "已换"), ("solved", "yes")]);
            }
        }
        match action {
            A::Separate => self.must(&self.coordinator, &no, "merge", &[("into", &self.case(DoorwayId(1)))]),
            A::Unpark => self.must(&self.coordinator, &no, "park", &PARK),
            A::AcceptReferral | A::GiveBack => {
                let committee = self.unit(Role::CommitteeWorker).to_string();
                self.must(&self.coordinator, &no, "dispatch", &dispatch(&committee));
                let worker = &workers.iter().find(|(r, _)| *r == Role::CommitteeWorker).unwrap().1;
                self.must(worker, &no, "refer", &[("tried", "已与物业商量")]);
            }
            _ => {}
        }
        no
    }
}

const PARK: [(&str, &str); 3] = [("cause", "结构不允许"), ("law", "沪建规"), ("review_on", "2099-01-01")];

fn dispatch(unit: &str) -> [(&'static str, &str); 4] {
    [("unit", unit), ("subject", "neighbours"), ("kind", "help"), ("reason", "职责就近")]
}

/// A sound form for an action.
fn form<'a>(action: ActionName, unit: &'a str, other: &'a str) -> Vec<(&'static str, &'a str)> {
    use ActionName as A;
    match action {
        A::Dispatch => dispatch(unit).to_vec(),
        A::Weigh => vec![("pressing", "no")],
        A::Recall | A::Separate | A::Unpark | A::AcceptReferral => vec![],
        A::GiveBack => vec![("ground", "在职责清单内"), ("note", "请先调解")],
        A::FirstContact => vec![("reached", "yes"), ("note", "已联系")],
        A::Answer => vec![("outcome", "已换"), ("solved", "yes")],
        A::Return => vec![("ground", "不在清单"), ("note", "属物业")],
        A::Refer => vec![("tried", "已与物业商量")],
        A::Extend => vec![("reason", "等材料")],
        A::AnswerAtOnce | A::Note => vec![("text", "已说明")],
        A::Redirect => vec![("to", "区房管局"), ("text", "请去房管局")],
        A::Merge => vec![("into", other)],
        A::Park => PARK.to_vec(),
        A::CallBack => vec![("solved", "yes"), ("note", "已回访")],
    }
}

/// One line of the document: what is asked, and everybody's answers.
struct Row {
    route: (&'static str, &'static str),
    what: String,
    answers: Vec<String>,
}

type Ask<'a> = Box<dyn Fn(Option<Role>, &Client) -> String + 'a>;

fn get<'a>(path: String) -> Ask<'a> {
    Box::new(move |_, who| {
        let got = who.get(&path).unwrap();
        word(got.status, got.location())
    })
}

fn send<'a>(path: String, fields: &'static [(&'static str, &'static str)]) -> Ask<'a> {
    Box::new(move |_, who| {
        let got = who.post(&path, fields).unwrap();
        word(got.status, got.location())
    })
}

fn top(district: &District, place: PlaceId) -> PlaceId {
    let mut at = place;
    while let Some(parent) = district.place(at).and_then(|p| p.parent) {
        at = parent;
    }
    at
}

#[test]
fn every_endpoint_and_every_role() {
    let program = Program::demo().unwrap();
    let district = District::xuhui(SEED);
    let home = district.doorways[0].place;
    let far = |d: &&demo::Doorway| top(&district, d.place) != top(&district, home);
    let elsewhere = district.doorways.iter().find(far).unwrap().id;
    let signed_in = |role: Role| {
        let client = program.client();
        client.sign_in(program.ready().sign_in(role.key()).unwrap()).unwrap();
        client
    };
    let staff: Vec<(Role, Client)> = Role::ALL.iter().map(|role| (*role, signed_in(*role))).collect();
    // The same second factor is not good twice within its half minute, so the walk prepares its cases in the
    // same sessions in which it asks.
    let session = |role: Role| {
        let (_, client) = staff.iter().find(|(r, _)| *r == role).unwrap();
        let twin = program.client();
        twin.take_cookies(client);
        twin
    };
    let walk = Walk {
        program: &program,
        office: session(Role::DistrictOffice),
        coordinator: session(Role::PrecinctCoordinator),
        worker: session(Role::CommitteeWorker),
        district,
        elsewhere,
        named: Cell::new(1),
    };
    let rows = rows(&walk, &staff);

    let asked: BTreeSet<(String, String)> =
        rows.iter().map(|r| (r.route.0.to_owned(), r.route.1.to_owned())).collect();
    let there: BTreeSet<(String, String)> =
        routes().into_iter().map(|r| (r.method.to_owned(), r.path)).collect();
    let unasked: Vec<_> = there.difference(&asked).collect();
    assert!(unasked.is_empty(), "endpoints that nobody asks here: {unasked:?}");
    let gone: Vec<_> = asked.difference(&there).collect();
    assert!(gone.is_empty(), "endpoints that are no more: {gone:?}");

    let document = document(&rows);
    #[expect(clippy::disallowed_methods, reason = "how a person says that the new answers are right")]
    if std::env::var("PIANQU_BLESS").is_ok() {
        std::fs::write(DOCUMENT, &document).unwrap();
    }
    let written = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    for (line, (now, then)) in (1..).zip(document.lines().zip(written.lines())) {
        assert_eq!(now, then, "docs/access.md, line {line}, is another; PIANQU_BLESS=1 writes it anew");
    }
    assert_eq!(document.lines().count(), written.lines().count(), "docs/access.md has other lines");
}

fn document(rows: &[Row]) -> String {
    let mut out = String::from(
        "# Who may do what\n\n\
         Written by `e2e/tests/faults_access.rs` from what the running program answers, and compared with it on\n\
         every run. The first table is the rule (`domain::access`): how far a role's right to an action goes.\n\n",
    );
    out += &matrix();
    out += "\n## Every endpoint, asked by everybody\n\n\
            One request a cell, in the demo district. Two words: a case (or doorway) in the role's own place and, where the\n\
            role works for a unit, with that unit; then one in another sub-district. **yes**: done or shown. **no**: refused.\n\
            **not there**: refused without saying whether there is such a thing. **not now**: allowed, but the case does not\n\
            stand there. **sign in**: sent to the door. A number is an HTTP status.\n\n| request | nobody |";
    for role in Role::ALL {
        write!(out, " {} |", role.key()).unwrap();
    }
    out += "\n|---|";
    out += &"---|".repeat(Role::ALL.len() + 1);
    for row in rows {
        write!(out, "\n| `{} {}`{} |", row.route.0, row.route.1, row.what).unwrap();
        for answer in &row.answers {
            write!(out, " {answer} |").unwrap();
        }
    }
    out + "\n"
}

fn rows(walk: &Walk<'_>, staff: &[(Role, Client)]) -> Vec<Row> {
    let nobody = walk.program.client();
    let code = &walk.program.ready().codes.opinion;
    let mut rows = Vec::new();
    let mut ask = |route: (&'static str, &'static str), what: &str, ask: Ask<'_>| {
        let mut answers = vec![ask(None, &nobody)];
        answers.extend(staff.iter().map(|(role, client)| ask(Some(*role), client)));
        let what = if what.is_empty() { String::new() } else { format!(" {what}") };
        rows.push(Row { route, what, answers });
    };
    public(walk, code, &nobody, &mut ask);
    desk(walk, &mut ask);
    cases(walk, staff, &mut ask);
    problems(walk, &mut ask);
    codes(walk, &mut ask);
    offices(walk, &mut ask);
    registrations(walk, &mut ask);
    ask(("POST", "/console/sign-out"), "", send("/console/sign-out".into(), &[]));
    rows
}

type Asking<'a, 'b> = &'b mut dyn FnMut((&'static str, &'static str), &str, Ask<'a>);

fn public<'a>(walk: &'a Walk<'_>, code: &str, nobody: &Client, ask: Asking<'a, '_>) {
    let token = |text: &str| {
        let sent = nobody.post(&format!("/q/{code}"), &[("text", text)]).unwrap();
        sent.location().unwrap().trim_start_matches("/t/").split('?').next().unwrap().to_owned()
    };
    let link = token("门口雨棚漏水");
    let page = nobody.get("/console/sign-in").unwrap().body;
    let asset = page.split('"').find(|part| part.starts_with("/assets/")).expect("a style sheet").to_owned();
    ask(("GET", "/"), "", get("/".into()));
    ask(("GET", "/q"), "", get(format!("/q?code={code}")));
    ask(("GET", "/q/{code}"), "", get(format!("/q/{code}")));
    ask(("POST", "/q/{code}"), "", send(format!("/q/{code}"), &[("text", "楼道灯不亮")]));
    ask(("POST", "/q/report"), "", send("/q/report".into(), &[("where", "百合路口公交站")]));
    ask(("GET", "/t/{token}"), "", get(format!("/t/{link}")));
    ask(
        ("POST", "/t/{token}"),
        "remark",
        send(format!("/t/{link}"), &[("do", "remark"), ("text", "还在漏")]),
    );
    // An answered case for each who asks: only its resident can rate it, and never out of a staff session.
    for (form, what) in [("rate", "rate"), ("confirm", "confirm")] {
        let code = code.to_owned();
        let asking: Ask<'a> = Box::new(move |_, who| {
            let resident = walk.program.client();
            let n = walk.next();
            let sent =
                resident.post(&format!("/q/{code}"), &[("text", &format!("第{n}件：门禁坏了"))]).unwrap();
            let link = sent.location().unwrap().split('?').next().unwrap().to_owned();
            let no = number(&resident.get(&link).unwrap().body);
            let at_once = [("text", "已说明")];
            walk.must(&walk.coordinator, &no, "answer_at_once", &at_once);
            let got = who.post(&link, &[("do", form), ("satisfaction", "satisfied")]).unwrap();
            word(got.status, got.location())
        });
        ask(("POST", "/t/{token}"), what, asking);
    }
    ask(("GET", "/assets/{name}"), "", get(asset));
    ask(("GET", "/style"), "", get("/style".into()));
    let nobodys = format!("/invite/{}", "00".repeat(16));
    ask(("GET", "/invite/{token}"), "nobody's", get(nobodys.clone()));
    ask(("POST", "/invite/{token}"), "nobody's", send(nobodys, &[("password", "x"), ("again", "x")]));
    let wrong: &[(&str, &str)] = &[("login", "nobody"), ("password", "wrong"), ("totp", "000000")];
    for path in ["/sign-in", "/console/sign-in"] {
        ask(("GET", path), "", get(path.into()));
        ask(("POST", path), "wrong password", send(path.into(), wrong));
    }
}

/// The number of the case on a resident's page, without its check digit.
fn number(page: &str) -> String {
    let before_a_dash = page.rsplit_once("</html>").map_or(page, |(page, _)| page).split('-').rev();
    let digits = |part: &str| part.len() - part.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let found = before_a_dash.map(|part| &part[part.len() - digits(part)..]).find(|n| n.len() >= 6);
    found.expect("the page says the number").trim_start_matches('0').to_owned()
}

fn desk<'a>(walk: &'a Walk<'_>, ask: Asking<'a, '_>) {
    for path in [
        "/console",
        "/console/cases",
        "/console/cases.xlsx",
        "/console/new",
        "/console/account",
        "/console/account/notices",
        "/console/burden",
        "/console/notices",
        "/console/looks",
    ] {
        ask(("GET", path), "", get(path.into()));
    }
    ask(("GET", "/console/search"), "", get("/console/search?q=%E7%94%B5%E6%A2%AF".into()));
    ask(("GET", "/console/doorways"), "", get("/console/doorways?q=1".into()));
    for list in [
        "cases.xlsx",
        "search.csv",
        "notices.csv",
        "looks.csv",
        "trail.csv",
        "places.csv",
        "codes.csv",
        "problems.xlsx",
        "calls.csv",
        "whistles.csv",
        "warnings.csv",
    ] {
        ask(
            ("GET", "/console/export/{list}"),
            list,
            get(format!("/console/export/{list}?q=%E7%94%B5%E6%A2%AF")),
        );
    }
    let home = walk.district.doorways[0].place;
    ask(
        ("GET", "/console/export/{list}"),
        "dwellings.csv",
        get(format!("/console/export/dwellings.csv?place={home}")),
    );
    ask(("GET", "/console/places"), "", get("/console/places".into()));
    let both = |asking: &dyn Fn(DoorwayId) -> String| [DoorwayId(1), walk.elsewhere].map(asking).join(" / ");
    let door: Ask<'a> = Box::new(move |_, who| {
        both(&|door| {
            let got = who.get(&format!("/console/doorways/{door}")).unwrap();
            word(got.status, got.location())
        })
    });
    ask(("GET", "/console/doorways/{doorway}"), "", door);
    let add: Ask<'a> = Box::new(move |_, who| {
        both(&|door| {
            let number = format!("夹层{}", walk.next());
            let got = who.post(&format!("/console/doorways/{door}/add"), &[("number", &number)]).unwrap();
            word(got.status, got.location())
        })
    });
    ask(("POST", "/console/doorways/{doorway}/{action}"), "add", add);
    let live: Ask<'a> = Box::new(|_, who| {
        let request = format!("GET /console/live HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", who.cookies());
        let got = exchange(walk.program.port(), request.as_bytes(), Duration::from_millis(300)).unwrap();
        match got.statuses[..] {
            [303] => "sign in".into(),
            [status] => word(status, None),
            _ => format!("{got:?}"),
        }
    });
    ask(("GET", "/console/live"), "", live);
    ask(
        ("POST", "/console/views"),
        "",
        send("/console/views".into(), &[("name", "x"), ("query", "state=received")]),
    );
    ask(("POST", "/console/views/{id}/delete"), "own", send("/console/views/0/delete".into(), &[]));
    let chosen = send("/console/account/notices".into(), &[("quiet_from", "21:00"), ("quiet_to", "08:00")]);
    ask(("POST", "/console/account/notices"), "", chosen);
    let end = format!("/console/account/sessions/{}/end", "00".repeat(32));
    ask(("POST", "/console/account/sessions/{id}/end"), "another's", send(end, &[]));
    ask(
        ("POST", "/console/burden"),
        "",
        send("/console/burden".into(), &[("text", "重复填表"), ("page", "/console")]),
    );
    let new: Ask<'a> = Box::new(|_, who| {
        let told = [DoorwayId(1), walk.elsewhere].map(|doorway| {
            let fields =
                [("doorway", &*doorway.to_string()), ("text", "有人来电：路灯不亮"), ("checked", "1")];
            let got = who.post("/console/new", &fields).unwrap();
            word(got.status, got.location())
        });
        told.join(" / ")
    });
    ask(("POST", "/console/new"), "", new);
}

fn cases<'a>(walk: &'a Walk<'_>, staff: &'a [(Role, Client)], ask: Asking<'a, '_>) {
    // One case with each unit here, one elsewhere.
    let with = |role: Option<Role>| {
        let no = walk.case(DoorwayId(1));
        let unit = walk.unit(role.unwrap_or(Role::SectionOfficer)).to_string();
        walk.must(&walk.coordinator, &no, "dispatch", &dispatch(&unit));
        no
    };
    let both =
        move |path: fn(&str) -> String, fields: Option<&'static [(&'static str, &'static str)]>| -> Ask<'a> {
            Box::new(move |role, who| {
                let told = [with(role), walk.case(walk.elsewhere)].map(|no| {
                    let got = match fields {
                        None => who.get(&path(&no)),
                        Some(fields) => who.post(&path(&no), fields),
                    };
                    let got = got.unwrap();
                    word(got.status, got.location())
                });
                told.join(" / ")
            })
        };
    ask(("GET", "/console/cases/{no}"), "", both(|no| format!("/console/cases/{no}"), None));
    let photo: Ask<'a> = Box::new(move |role, who| {
        let no = walk.with_photo();
        let unit = walk.unit(role.unwrap_or(Role::SectionOfficer)).to_string();
        walk.must(&walk.coordinator, &no, "dispatch", &dispatch(&unit));
        let got = who.get(&format!("/console/cases/{no}/photo/1")).unwrap();
        word(got.status, got.location())
    });
    ask(("GET", "/console/cases/{no}/photo/{voice}"), "here", photo);
    ask(
        ("POST", "/console/cases/{no}/unmask"),
        "",
        both(|no| format!("/console/cases/{no}/unmask"), Some(&[("purpose", "回电")])),
    );
    for action in ActionName::ALL {
        let asking: Ask<'a> = Box::new(move |role, who| {
            let as_role = role.unwrap_or(Role::SectionOfficer);
            let here = walk.ready_for(*action, as_role, staff);
            let there = walk.case(walk.elsewhere);
            let other = if *action == ActionName::Merge { walk.case(DoorwayId(1)) } else { String::new() };
            let unit = walk.unit(Role::SectionOfficer).to_string();
            let told = [here, there].map(|no| {
                let fields = form(*action, &unit, &other);
                let got = who.post(&format!("/console/cases/{no}/{}", action.key()), &fields).unwrap();
                word(got.status, got.location())
            });
            told.join(" / ")
        });
        ask(("POST", "/console/cases/{no}/{action}"), action.key(), asking);
    }
}

/// A problem here whose plan runs, with a part for the section and a call to the department; or one elsewhere,
/// that none of the demo's people plans for.
struct Plan {
    here: String,
    section: String,
    department: String,
}

impl Walk<'_> {
    fn plan(&self) -> Plan {
        let no = self.case(DoorwayId(1));
        let fields = [("case", no.as_str()), ("cases", &no), ("title", "楼道灯"), ("cause", "线路老化")];
        let opened = self.coordinator.post("/console/problems", &fields).unwrap();
        assert_eq!(opened.status, 303, "{}", opened.body);
        let here = opened.location().unwrap().to_owned();
        let section = self.grant(Role::SectionOfficer).unit.unwrap().to_string();
        let department = self.grant(Role::DepartmentOfficer).unit.unwrap().to_string();
        let plan = Plan { here, section, department };
        self.step(&plan, "lead", &[("unit", &plan.section), ("why", "就近")]);
        let task = [("what", "换线"), ("unit", &plan.section), ("hours", "8"), ("due", "2099-01-05")];
        self.step(&plan, "task", &task);
        let applied = [
            ("unit", plan.department.as_str()),
            ("what", "修剪"),
            ("document", "函1号"),
            ("due", "2099-01-05"),
        ];
        self.step(&plan, "apply", &applied);
        self.step(&plan, "approve", &[("due", "2099-02-02")]);
        let whistle = [
            ("units", plan.department.as_str()),
            ("what", "修剪遮灯的树"),
            ("tried", "函请一次"),
            ("muster_due", "2099-01-05"),
        ];
        self.step(&plan, "whistle", &whistle);
        plan
    }

    fn step(&self, plan: &Plan, action: &str, fields: &[(&str, &str)]) {
        let done = self.coordinator.post(&format!("{}/{action}", plan.here), fields).unwrap();
        assert_eq!(done.status, 303, "{action}: {}", done.body);
    }
}

fn problems<'a>(walk: &'a Walk<'_>, ask: Asking<'a, '_>) {
    for path in [
        "/console/problems",
        "/console/budding",
        "/console/budding/figures",
        "/console/calls",
        "/console/whistles",
        "/console/meetings",
    ] {
        ask(("GET", path), "", get(path.into()));
    }
    ask(("GET", "/console/precincts"), "", get("/console/precincts".into()));
    let bounds = [
        ("committees_least", "4"),
        ("committees_most", "6"),
        ("residents_least", "30000"),
        ("residents_most", "31000"),
    ];
    ask(
        ("POST", "/console/precincts/search"),
        "",
        Box::new(move |_, who| {
            let got = who.post("/console/precincts/search", &bounds).unwrap();
            word(got.status, got.location())
        }),
    );
    ask(("GET", "/console/precincts/search/{id}"), "the office's", get("/console/precincts/search/1".into()));
    ask(
        ("POST", "/console/precincts/drafts"),
        "",
        Box::new(|_, who| {
            let fields = [("source", "today"), ("name", "试划")];
            let got = who.post("/console/precincts/drafts", &fields).unwrap();
            word(got.status, got.location())
        }),
    );
    ask(("GET", "/console/precincts/drafts/{id}"), "the office's", get("/console/precincts/drafts/1".into()));
    ask(
        ("POST", "/console/precincts/drafts/{id}/{action}"),
        "the office's",
        Box::new(|_, who| {
            let got = who.post("/console/precincts/drafts/1/note", &[("note", "记一句")]).unwrap();
            word(got.status, got.location())
        }),
    );
    ask(
        ("POST", "/console/budding/{id}/{action}"),
        "nobody's",
        Box::new(|_, who| {
            let got = who.post("/console/budding/999999/nothing", &[]).unwrap();
            word(got.status, got.location())
        }),
    );
    ask(
        ("POST", "/console/budding/{id}/steps/{step}"),
        "nobody's",
        Box::new(|_, who| {
            let got = who.post("/console/budding/999999/steps/0", &[("said", "好了")]).unwrap();
            word(got.status, got.location())
        }),
    );
    ask(
        ("POST", "/console/cases/{no}/opinion"),
        "no model",
        Box::new(|_, who| {
            let got = who.post("/console/cases/1/opinion", &[]).unwrap();
            word(got.status, got.location())
        }),
    );
    for path in ["/console/reading", "/console/matters"] {
        ask(("GET", path), "", get(path.into()));
    }
    ask(
        ("POST", "/console/reading/{case}/forget"),
        "nobody's",
        Box::new(|_, who| {
            let got = who.post("/console/reading/999999/forget", &[]).unwrap();
            word(got.status, got.location())
        }),
    );
    ask(
        ("POST", "/console/budding/alarms"),
        "",
        Box::new(|_, who| {
            let got = who.post("/console/budding/alarms", &[("alarms", "1")]).unwrap();
            word(got.status, got.location())
        }),
    );
    let both = move |path: fn(&str) -> String| -> Ask<'a> {
        Box::new(move |_, who| {
            let told = [DoorwayId(1), walk.elsewhere].map(|door| {
                let got = who.get(&path(&walk.case(door))).unwrap();
                word(got.status, got.location())
            });
            told.join(" / ")
        })
    };
    ask(("GET", "/console/problems/new"), "", both(|no| format!("/console/problems/new?case={no}")));
    let opening: Ask<'a> = Box::new(move |_, who| {
        let told = [DoorwayId(1), walk.elsewhere].map(|door| {
            let no = walk.case(door);
            let fields = [("case", no.as_str()), ("cases", &no), ("title", "楼道灯"), ("cause", "线路老化")];
            let got = who.post("/console/problems", &fields).unwrap();
            word(got.status, got.location())
        });
        told.join(" / ")
    });
    ask(("POST", "/console/problems"), "", opening);
    let plan = walk.plan();
    ask(("GET", "/console/problems/{id}"), "here", get(plan.here.clone()));
    // A plan of its own for each who asks, ready for the step.
    type Fields<'f> = Vec<(&'static str, &'f str)>;
    type Step = (&'static str, fn(&Plan) -> Fields<'_>);
    let steps: [Step; 8] = [
        ("note", |_| vec![("text", "看过了")]),
        ("task", |p| vec![("what", "换灯"), ("unit", &p.section), ("hours", "8"), ("due", "2099-01-05")]),
        ("finish", |_| vec![("part", "1"), ("note", "换好了")]),
        ("grant", |_| vec![("part", "1"), ("document", "复1号")]),
        ("whistle", |p| {
            vec![("units", &p.section), ("what", "换线"), ("tried", "电话"), ("muster_due", "2099-01-05")]
        }),
        ("muster", |p| vec![("part", "1"), ("unit", &p.department), ("person", "王师傅")]),
        ("rule", |p| vec![("part", "1"), ("unit", &p.department), ("theirs", "yes"), ("reason", "在清单内")]),
        ("call_off", |p| {
            vec![("part", "1"), ("unit", &p.department), ("why", "不需要了"), ("needless", "no")]
        }),
    ];
    for (action, fields) in steps {
        let asking: Ask<'a> = Box::new(move |_, who| {
            let plan = walk.plan();
            let got = who.post(&format!("{}/{action}", plan.here), &fields(&plan)).unwrap();
            word(got.status, got.location())
        });
        ask(("POST", "/console/problems/{id}/{action}"), action, asking);
    }
    let place = walk.grant(Role::PrecinctCoordinator).place.unwrap().to_string();
    let meeting = {
        let fields = [("place", place.as_str()), ("present", "片区")];
        let opened = walk.coordinator.post("/console/meetings", &fields).unwrap();
        opened.location().unwrap().to_owned()
    };
    let opening: Ask<'a> = Box::new(move |_, who| {
        let got = who.post("/console/meetings", &[("place", &place), ("present", "片区")]).unwrap();
        word(got.status, got.location())
    });
    ask(("POST", "/console/meetings"), "here", opening);
    ask(("GET", "/console/meetings/{id}"), "here", get(meeting.clone()));
    let deciding: Ask<'a> = Box::new(move |_, who| {
        let no = walk.case(DoorwayId(1));
        let fields = [("case", no.as_str()), ("text", "下次再议")];
        let got = who.post(&format!("{meeting}/put_off"), &fields).unwrap();
        word(got.status, got.location())
    });
    ask(("POST", "/console/meetings/{id}/{action}"), "put_off", deciding);
}

fn codes<'a>(walk: &'a Walk<'_>, ask: Asking<'a, '_>) {
    ask(("GET", "/console/codes"), "", get("/console/codes".into()));
    // Here and elsewhere: each asks for the end of another doorway's code, so that none finds it ended.
    let asked = Cell::new(0);
    for (action, reason) in [("revoke", "被覆盖"), ("reissue", "")] {
        let asked = asked.clone();
        let asking: Ask<'a> = Box::new(move |_, who| {
            asked.set(asked.get() + 1);
            let told: Vec<String> = [walk.home(asked.get()), walk.elsewhere]
                .map(|door| {
                    let got = who
                        .post(&format!("/console/codes/{door}/opinion/{action}"), &[("reason", reason)])
                        .unwrap();
                    word(got.status, got.location())
                })
                .into();
            told.join(" / ")
        });
        ask(("POST", "/console/codes/{doorway}/{kind}/{action}"), action, asking);
    }
    // A sheet elsewhere is set only for those who reach that far; a sheet that is not there, for nobody.
    ask(("GET", "/console/codes/{name}"), "none such", get("/console/codes/999999999.pdf".into()));
    ask(
        ("POST", "/console/codes/print"),
        "no such place",
        send("/console/codes/print".into(), &[("place", "999999")]),
    );
    ask(("GET", "/console/codes/runs/{id}"), "none such", get("/console/codes/runs/1".into()));
    ask(
        ("GET", "/console/codes/runs/{id}/{name}"),
        "none such",
        get("/console/codes/runs/1/notices-001.pdf".into()),
    );
}

fn offices<'a>(walk: &'a Walk<'_>, ask: Asking<'a, '_>) {
    for path in ["/console/trail", "/console/rights", "/console/system"] {
        ask(("GET", path), "", get(path.into()));
    }
    // Somebody else's rights for each who asks: an ended account cannot be ended again.
    let others: Vec<_> = walk.district.staff.iter().filter(|s| !s.showcase).map(|s| s.id).take(14).collect();
    let asked_by = |role: Option<Role>| {
        others[role.map_or(0, |r| 1 + Role::ALL.iter().position(|known| *known == r).unwrap())]
    };
    for (action, fields) in [
        ("give", [("role", "foundation_officer"), ("place", ""), ("unit", "")].as_slice()),
        ("take", &[("role", "foundation_officer"), ("place", ""), ("unit", "")]),
        ("factor", &[]),
        ("end", &[]),
    ] {
        let about: Vec<_> =
            std::iter::once(None).chain(Role::ALL.iter().copied().map(Some)).map(asked_by).collect();
        let asking: Ask<'a> = Box::new(move |role, who| {
            let at = role.map_or(0, |r| 1 + Role::ALL.iter().position(|known| *known == r).unwrap());
            let got = who.post(&format!("/console/rights/{}/{action}", about[at]), fields).unwrap();
            word(got.status, got.location())
        });
        ask(("POST", "/console/rights/{id}/{action}"), action, asking);
    }
    let made = Cell::new(0);
    let asking: Ask<'a> = Box::new(move |_, who| {
        made.set(made.get() + 1);
        let login = format!("walk-{}", made.get());
        let got = who.post("/console/rights/new", &[("login", &login), ("name", "新来的")]).unwrap();
        word(got.status, got.location())
    });
    ask(("POST", "/console/rights/new"), "", asking);
}

/// What changes a registration: the action, the state in which it fits, and its form.
/// A step of the desk: its action, the steps before it, its fields.
type DeskStep = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);
const STEPS: [DeskStep; 5] = [
    ("open", &[], &[("purpose", "复核")]),
    ("verify", &[], &[]),
    ("fail", &[], &[("reason", "not_reached")]),
    ("duplicate", &[], &[]),
    ("reopen", &["verify"], &[]),
];

fn registrations<'a>(walk: &'a Walk<'_>, ask: Asking<'a, '_>) {
    ask(("GET", "/r"), "", get("/r".into()));
    ask(("POST", "/r"), "a stranger's phone", send("/r".into(), &[("do", "send"), ("phone", "13900009999")]));
    let own = |path: fn(&str, &str) -> String,
               fields: Option<&'static [(&'static str, &'static str)]>|
     -> Ask<'a> {
        Box::new(move |_, who| {
            let (link, no) = walk.registration();
            let got = match fields {
                None => who.get(&path(&link, &no)),
                Some(fields) => who.post(&path(&link, &no), fields),
            };
            let got = got.unwrap();
            word(got.status, got.location())
        })
    };
    ask(("GET", "/r/{token}"), "", own(|link, _| link.to_owned(), None));
    ask(("POST", "/r/{token}"), "moved", own(|link, _| link.to_owned(), Some(&[("do", "moved")])));
    ask(("GET", "/r/{token}/copy"), "", own(|link, _| format!("{link}/copy"), None));
    ask(("GET", "/r/{token}/{no}"), "", own(|link, no| format!("{link}/{no}"), None));
    for (what, fields) in [
        ("correct", [("do", "correct"), ("name", "王更正")].as_slice()),
        ("withdraw", &[("do", "withdraw")]),
        ("delete", &[("do", "delete")]),
    ] {
        ask(("POST", "/r/{token}/{no}"), what, own(|link, no| format!("{link}/{no}"), Some(fields)));
    }
    for path in [
        "/console/registrations",
        "/console/registrations/looks",
        "/console/registrations/sums",
        "/console/registrations/forms",
        "/console/registrations/hand-off",
    ] {
        ask(("GET", path), "", get(path.into()));
    }
    ask(
        ("POST", "/console/registrations/forms"),
        "without an end",
        send("/console/registrations/forms".into(), &[("kind", "tenancy")]),
    );
    ask(
        ("GET", "/console/registrations/{id}"),
        "here",
        own(|_, no| format!("/console/registrations/{no}"), None),
    );
    for (action, before, fields) in STEPS {
        let asking: Ask<'a> = Box::new(move |_, who| {
            let (_, no) = walk.registration();
            for step in before {
                let done = walk.worker.post(&format!("/console/registrations/{no}/{step}"), &[]).unwrap();
                assert_eq!(done.status, 303, "{}", done.body);
            }
            let got = who.post(&format!("/console/registrations/{no}/{action}"), fields).unwrap();
            word(got.status, got.location())
        });
        ask(("POST", "/console/registrations/{id}/{action}"), action, asking);
    }
    let hand_off: Ask<'a> = Box::new(move |_, who| {
        let (_, no) = walk.registration();
        let done = walk.worker.post(&format!("/console/registrations/{no}/verify"), &[]).unwrap();
        assert_eq!(done.status, 303, "{}", done.body);
        let fields = [("kind", "residency"), ("authority", "派出所"), ("basis", "条例")];
        let got = who.post("/console/registrations/hand-off", &fields).unwrap();
        word(got.status, got.location())
    });
    ask(("POST", "/console/registrations/hand-off"), "", hand_off);
    for (action, fields) in [("csv", [("purpose", "重发")].as_slice()), ("answer", &[("answer", "1,接收")])]
    {
        let path = format!("/console/registrations/hand-off/1/{action}");
        ask(("POST", "/console/registrations/hand-off/{id}/{action}"), action, send(path, fields));
    }
}

/// The home of the demo's people and the place elsewhere are what the walk takes them for.
#[test]
fn here_and_elsewhere() {
    let district = District::xuhui(SEED);
    let home = district.doorways[0].place;
    let worker = district.staff.iter().find(|s| s.login == "worker").unwrap();
    assert_eq!(worker.grants[0].place, Some(home));
    assert!(Path::of(&[top(&district, home), home]).lies_in(home));
}
