//! The two registrations, told to the running program: a household of three with one foreigner, from the door to the
//! register and gone; and the hunt for leaks.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says what it did")]

use aho_corasick::AhoCorasick;
use e2e::{Client, Page, Program};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a resident's page may weigh.
const HEAVIEST: usize = 14 * 1024;

fn light(page: &Page) {
    assert!(page.body.len() <= HEAVIEST, "{}: {} bytes", page.path, page.body.len());
    // The form's own script stands in it; a page asks for nothing else.
    assert!(!page.body.contains("<script ") && !page.body.contains("src=\""), "{}", page.path);
}

/// What stands in a page after `before`, up to `end`.
fn after<'a>(page: &'a Page, before: &str, end: char) -> &'a str {
    let at =
        page.body.find(before).unwrap_or_else(|| panic!("{} lacks {before:?}: {}", page.path, page.body));
    page.body[at + before.len()..].split(end).next().unwrap()
}

/// Today in Shanghai.
fn today() -> String {
    let seconds = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() + 8 * 3600;
    let days = i64::try_from(seconds / 86_400).unwrap();
    domain::cases::local_date("1970-01-01T00:00:00Z".parse().unwrap())
        .checked_add(std::time::Duration::from_secs(u64::try_from(days).unwrap() * 86_400))
        .unwrap()
        .to_string()
}

/// Gives the code that the demo's page shows.
fn confirm(resident: &Client, link: &str) {
    let page = resident.get(link).unwrap();
    light(&page);
    let code = after(&page, "您的验证码是 ", '。').to_owned();
    let path = link.split('?').next().unwrap();
    let wrong = resident.post(path, &[("do", "code"), ("code", "12")]).unwrap();
    assert_eq!(wrong.status, 422);
    let done = resident.submit(&page, path, &[("do", "code"), ("code", &code)]).unwrap();
    assert_eq!(done.status, 303, "{}", done.body);
}

fn numbers(page: &Page) -> Vec<String> {
    let mut all: Vec<String> = page
        .body
        .split("href=\"/console/registrations/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|no| no.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
        .collect();
    all.dedup();
    all
}

fn staff(program: &Program, role: &str) -> Client {
    let client = program.client();
    client.sign_in(program.ready().sign_in(role).unwrap()).unwrap();
    client
}

#[test]
fn from_the_door_to_the_register_and_gone() {
    let mut program = Program::demo().unwrap();
    let resident = program.client();
    let code = program.ready().codes.residency.clone();
    let path = format!("/q/{code}");
    let first = [("who0", "elsewhere"), ("name0", "张三丰"), ("id0", "11010519491231002x")];
    let empty = resident.get(&path).unwrap();
    light(&empty);
    assert!(
        empty.body.contains("不是您的地址？请问") && empty.body.contains("href=\"tel:"),
        "nobody stands at a dead end"
    );

    // While it is typed, each field that is left is looked at by the same rules, and nothing is kept.
    let asked = |at: &str, typed: &[(&str, &str)]| {
        let fields = [&[("do", "check"), ("at", at)], typed].concat();
        let said = resident.post(&path, &fields).unwrap();
        assert_eq!(said.status, 200);
        said.body
    };
    assert!(asked("id0", &[("who0", "elsewhere"), ("id0", "110105194912310021")]).contains("号码有一位不对"));
    assert_eq!(asked("id0", &first), "");
    assert!(asked("phone", &[("phone", "1380013")]).contains("手机"));
    assert_eq!(asked("phone", &[("phone", "138 0013 8000")]), "");
    assert!(asked("since", &[("since", "2999-01-01")]).contains("日"));

    // A wrong digit comes back beside its field before anybody else is added.
    let wrong = [("who0", "elsewhere"), ("name0", "张三丰"), ("id0", "110105194912310021"), ("do", "add")];
    let back = resident.submit(&empty, &path, &wrong).unwrap();
    assert_eq!(back.status, 422);
    assert!(back.body.contains("号码有一位不对") && back.body.contains("id=\"id0-e\""), "{}", back.body);
    let two = resident.submit(&empty, &path, &[&first[..], &[("do", "add")]].concat()).unwrap();
    assert_eq!(two.status, 200, "{}", two.body);
    light(&two);
    let second = [("who1", "city"), ("name1", "李四光"), ("id1", "310104199001011233"), ("do", "add")];
    let three = resident.submit(&two, &path, &second).unwrap();
    light(&three);
    let day = today();
    let last = [
        ("who2", "abroad"),
        ("name2", "Jane Doe"),
        ("id2", "X7654321"),
        ("country2", "GBR"),
        ("dwelling", "６０１ 室"),
        ("since", day.as_str()),
        ("phone", "138 0013 8000"),
        ("do", "send"),
    ];
    let unasked = resident.submit(&three, &path, &last).unwrap();
    assert_eq!(unasked.status, 422, "nothing without consent");
    light(&unasked);
    let agreed = [&last[..], &[("consent", "1")]].concat();
    let sent = resident.submit(&three, &path, &agreed).unwrap();
    assert_eq!(sent.status, 303, "{}", sent.body);
    let again = resident.submit(&three, &path, &agreed).unwrap();
    assert_eq!(again.location(), sent.location(), "a double tap is one household");
    let link = sent.location().unwrap().to_owned();
    confirm(&resident, &link);
    let own = link.split('?').next().unwrap().to_owned();
    let mine = resident.get(&own).unwrap();
    light(&mine);
    assert!(mine.body.contains("张**") && mine.body.contains("等待核实"), "{}", mine.body);
    let copy = resident.get(&format!("{own}/copy")).unwrap();
    assert!(copy.body.contains("11010519491231002X") && copy.body.contains("X7654321"));

    // The collector: the foreigner's hours stand first; one look, one key.
    let worker = staff(&program, "committee_worker");
    let desk = worker.get("/console/registrations").unwrap();
    assert_eq!(desk.status, 200);
    assert!(desk.body.contains("24小时内要办") && desk.body.contains("外国人"), "{}", desk.body);
    assert!(!desk.body.contains("11010519491231002X"), "the list shows no number");
    assert!(desk.body.contains("请问现在一共住几个人"), "what does not fit is asked");
    let head = after(&mine, &format!("href=\"{own}/"), '"').to_owned();
    let record = worker.get(&format!("/console/registrations/{head}")).unwrap();
    assert!(record.body.contains("11010519491231002X"), "{}", record.body);
    let members: Vec<String> = resident
        .get(&own)
        .unwrap()
        .body
        .split(&format!("href=\"{own}/"))
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .filter(|no| no != "copy")
        .collect();
    assert_eq!(members.len(), 3);
    for no in &members {
        let done = worker.submit(&record, &format!("/console/registrations/{no}/verify"), &[]).unwrap();
        assert_eq!(done.status, 303, "{}", done.body);
    }
    let seen = resident.get(&format!("{own}/{head}")).unwrap();
    assert!(seen.body.contains("：核实"), "the person sees who looked: {}", seen.body);
    light(&seen);

    // Somebody else's neighbourhood: as if it were not there. From above: a purpose first.
    let coordinator = staff(&program, "precinct_coordinator");
    let closed = coordinator.get(&format!("/console/registrations/{head}")).unwrap();
    assert!(!closed.body.contains("11010519491231002X"), "no content without a purpose");
    assert_eq!(
        staff(&program, "system_admin").get(&format!("/console/registrations/{head}")).unwrap().status,
        404
    );

    // Handed off, with a receipt; the answer read back.
    let office = staff(&program, "district_office");
    let page = office.get("/console/registrations/hand-off").unwrap();
    let fields =
        [("kind", "residency"), ("authority", "出入境管理局"), ("basis", "出境入境管理法第三十九条")];
    let done = office.submit(&page, "/console/registrations/hand-off", &fields).unwrap();
    assert_eq!(done.status, 303, "{}", done.body);
    let receipts = office.get("/console/registrations/hand-off").unwrap();
    assert!(receipts.body.contains("出入境管理局") && receipts.body.contains("SHA-256"));
    let file = "/console/registrations/hand-off/1/csv";
    let unsaid = office.post(file, &[("purpose", "")]).unwrap();
    assert_eq!(unsaid.status, 422, "no table without a purpose");
    let csv = office.post(file, &[("purpose", "送达")]).unwrap();
    let lines: Vec<&str> = csv.body.lines().skip(1).collect();
    assert!(csv.body.contains("X7654321") && lines.len() == 3, "{}", csv.body);
    let answer: String =
        lines.iter().map(|l| format!("{},接收\n", l.split(',').next().unwrap().trim_matches('"'))).collect();
    let read = office.post("/console/registrations/hand-off/1/answer", &[("answer", &answer)]).unwrap();
    assert_eq!(read.status, 303, "{}", read.body);
    let mine = resident.get(&own).unwrap();
    assert!(mine.body.contains("已移交") && mine.body.contains("有效期到"), "{}", mine.body);

    // The same from the command line, for a letting of the demo.
    let letting = worker.get("/console/registrations").unwrap();
    for no in numbers(&letting) {
        let path = format!("/console/registrations/{no}/verify");
        worker.post(&path, &[]).unwrap();
    }
    assert!(program.stop().unwrap().success());
    let file = program.data().with_file_name("batch.xlsx");
    let to = file.to_str().unwrap();
    let out = program
        .run(&["export", "handoff", "--registration", "tenancy", "--to", to, "--authority", "房管局"])
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(String::from_utf8_lossy(&out.stdout).contains("4 registrations are in"), "{:?}", out.stdout);
    assert!(std::fs::metadata(&file).unwrap().len() > 1_000);
    let twice = program.run(&["export", "handoff", "--registration", "tenancy", "--to", to]).unwrap();
    assert!(!twice.status.success(), "nothing is written over");

    // Thirty days later it is gone; the receipt stays, and every chain holds.
    program.restart_ahead(31).unwrap();
    let mut mine = resident.get(&own).unwrap();
    for _ in 0..100 {
        if mine.body.contains("内容已删除") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        mine = resident.get(&own).unwrap();
    }
    assert!(mine.body.contains("内容已删除") && mine.body.contains("出入境管理局"), "{}", mine.body);
    assert!(!mine.body.contains("张**"));
    let copy = resident.get(&format!("{own}/copy")).unwrap();
    assert!(
        !copy.body.contains("11010519491231002X")
            && copy.body.contains("hand_off") | copy.body.contains("handed_off")
    );
    assert!(program.stop().unwrap().success());
    let verified = program.run(&["verify"]).unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn a_letting_and_the_rules_as_hints() {
    let program = Program::demo().unwrap();
    let resident = program.client();
    let path = format!("/q/{}", program.ready().codes.tenancy);
    let empty = resident.get(&path).unwrap();
    light(&empty);
    let nothing = resident.submit(&empty, &path, &[("do", "send")]).unwrap();
    assert_eq!(nothing.status, 422);
    light(&nothing);
    let fields = [
        ("role", "landlord"),
        ("dwelling", "603"),
        ("name", "王房东"),
        ("phone", "13900139000"),
        ("people", "2"),
        ("from", "2026-01-01"),
        ("room", "room"),
        ("origin", "partition"),
        ("area", "9.99"),
        ("consent", "1"),
    ];
    let sent = resident.submit(&empty, &path, &fields).unwrap();
    assert_eq!(sent.status, 303, "{}", sent.body);
    let link = sent.location().unwrap();
    confirm(&resident, link);
    let worker = staff(&program, "committee_worker");
    let desk = worker.get("/console/registrations").unwrap();
    assert!(desk.body.contains("请问现在有人住吗"));
    let own = resident.get(link.split('?').next().unwrap()).unwrap();
    let no = after(&own, &format!("href=\"{}/", own.path), '"').to_owned();
    let record = worker.get(&format!("/console/registrations/{no}")).unwrap();
    assert!(
        record.body.contains("RENT-4")
            && record.body.contains("9.99平方米")
            && record.body.contains("第十条")
    );
}

/// A resident identity number with its check digit, of nobody.
fn identity(n: usize) -> String {
    let front = format!("310104{}{:02}{:02}{:03}", 1950 + n % 50, 1 + n % 12, 1 + n % 28, n % 1000);
    let weights = [7_u32, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = front.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!("{front}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// The ways in which a text would lie in a file.
fn disguises(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let mut hex = String::new();
    bytes.iter().for_each(|b| write!(hex, "{b:02x}").unwrap());
    let mut all = vec![bytes.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    all.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    all.push(bytes.iter().rev().copied().collect());
    if !text.is_ascii() {
        let mut percent = String::new();
        bytes.iter().for_each(|b| write!(percent, "%{b:02X}").unwrap());
        all.push(percent.into_bytes());
        all.push(text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect::<String>().into_bytes());
    }
    // Base 64, wherever it begins within a longer text; without the ends, which depend on what stands beside.
    for skip in 0..3 {
        let whole = bytes.get(skip..).unwrap_or_default();
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let coded: Vec<u8> = whole
            .chunks_exact(3)
            .flat_map(|c| {
                let bits = u32::from_be_bytes([0, c[0], c[1], c[2]]);
                [18, 12, 6, 0].map(|by| letters[(bits >> by) as usize & 63])
            })
            .collect();
        if coded.len() >= 8 {
            all.push(
                coded
                    .iter()
                    .map(|b| match b {
                        b'+' => b'-',
                        b'/' => b'_',
                        b => *b,
                    })
                    .collect(),
            );
            all.push(coded);
        }
    }
    all
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// A thousand identifiers, planted through the forms: then whatever the program leaves on a disk is searched.
#[test]
fn what_lies_on_the_disk_tells_nobody() {
    let mut program = Program::demo().unwrap();
    let resident = program.client();
    let path = format!("/q/{}", program.ready().codes.residency);
    let mut planted: Vec<String> = vec!["X7654321".into()];
    let day = today();
    let mut n = 0;
    for sheet in 0..167_usize {
        let phone = format!("138{:08}", 70_000_000 + sheet);
        let mut fields: Vec<(String, String)> = [
            ("do", "send"),
            ("consent", "1"),
            ("guardian", "1"),
            ("dwelling", "601"),
            ("since", day.as_str()),
            ("phone", phone.as_str()),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into();
        planted.push(phone);
        for i in 0..6 {
            let (id, name) = (identity(n), format!("种植人名字{n}号"));
            fields.push((format!("who{i}"), "city".into()));
            fields.push((format!("name{i}"), name.clone()));
            fields.push((format!("id{i}"), id.clone()));
            planted.extend([id, name]);
            n += 1;
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let sent = resident.post(&path, &fields).unwrap();
        assert_eq!(sent.status, 303, "{}", sent.body);
        // Wrong forms, corrections, looks and lists go past the log too.
        if sheet % 40 == 0 {
            let link = sent.location().unwrap().to_owned();
            confirm(&resident, &link);
            let own = link.split('?').next().unwrap().to_owned();
            resident.get(&format!("{own}/copy")).unwrap();
            let broken = [&fields[..], &[("phone", "1")]].concat();
            resident.post(&path, &broken[6..]).unwrap();
            resident.post("/r", &[("do", "send"), ("phone", planted[1].as_str())]).unwrap();
        }
    }
    assert!(n >= 1_000);
    let worker = staff(&program, "committee_worker");
    let desk = worker.get("/console/registrations").unwrap();
    for no in numbers(&desk).into_iter().take(5) {
        worker.get(&format!("/console/registrations/{no}")).unwrap();
    }
    let backup = program.data().with_file_name("backup");
    let made = program.run(&["backup", backup.to_str().unwrap()]).unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    // With the write-ahead log as a crash would leave it.
    program.kill().unwrap();

    let mut needles = Vec::new();
    let mut names = Vec::new();
    for text in &planted {
        for disguise in disguises(text) {
            needles.push(disguise);
            names.push(text.as_str());
        }
    }
    let search = AhoCorasick::new(&needles).unwrap();
    assert!(search.is_match(format!("log: {}", identity(500)).as_bytes()), "the hunt finds what is there");
    let mut all = Vec::new();
    files(program.data().parent().unwrap(), &mut all);
    assert!(all.iter().any(|f| f.to_string_lossy().ends_with("-wal")), "the write-ahead log is searched too");
    let mut bytes = 0;
    for file in &all {
        let content = std::fs::read(file).unwrap();
        bytes += content.len();
        if let Some(found) = search.find(&content) {
            panic!("{} lies in {} at {}", names[found.pattern().as_usize()], file.display(), found.start());
        }
    }
    println!(
        "{} texts in {} disguises searched for in {} files, {bytes} bytes",
        planted.len(),
        needles.len(),
        all.len()
    );
}
