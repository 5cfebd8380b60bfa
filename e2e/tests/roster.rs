//! A new district from nothing: begun with one command, filled from spreadsheets, checked.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use std::path::Path;
use std::process::{Command, Output};

fn pianqu(folder: &Path, arguments: &[&str]) -> Output {
    let data = folder.join("data");
    Command::new(e2e::binary().unwrap()).args(arguments).arg("--data").arg(data).output().unwrap()
}

fn said(o: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

fn import(folder: &Path, kind: &str, name: &str, content: &[u8], more: &[&str]) -> Output {
    let file = folder.join(name);
    std::fs::write(&file, content).unwrap();
    pianqu(folder, &[&["import", kind, file.to_str().unwrap()], more].concat())
}

/// Flats behind the one door, and people with posts: told row by row, brought in once, without a password anywhere.
fn dwellings_and_staff(at: &Path) {
    let flats = "公示栏,室号\nB1,３０１室\nB1,亭子间\nB1,301\nB9,101\n";
    let refused = import(at, "dwellings", "flats.csv", flats.as_bytes(), &[]);
    let told = said(&refused);
    assert!(!refused.status.success());
    for fault in [
        "row 4: number: \"301\" of board \"B1\" stands in an earlier row too",
        "row 5: board: there is no board \"B9\"",
    ] {
        assert!(told.contains(fault), "{fault} in {told}");
    }
    let done = import(at, "dwellings", "flats.csv", flats.as_bytes(), &["--sound-rows"]);
    assert!(said(&done).contains("2 rows brought in, 0 there already, 2 refused"), "{}", said(&done));

    let staff = "账号,姓名,岗位,地方,单位\n\
        li.hua,李华,居委会社工,N1,百合居委会\n\
        li.hua,李华,committee_secretary,N1,百合居委会\n\
        wang,王明,科室经办,,城建中心\n\
        bad login,甲,auditor,,\n\
        zhao,赵,片区调度,N1,\n\
        qian,钱,片区调度,,\n\
        sun,孙,党委书记,,\n\
        wang,王敏,auditor,,\n\
        security,安全管理员,auditor,,\n\
        zhou,周,居委会社工,N1,城建中心\n";
    let links = at.join("links.csv");
    let with = ["--invitations", links.to_str().unwrap()];
    let nowhere = import(at, "staff", "staff.csv", staff.as_bytes(), &[]);
    assert!(!nowhere.status.success() && said(&nowhere).contains("say --invitations FILE"));
    let refused = import(at, "staff", "staff.csv", staff.as_bytes(), &with);
    let told = said(&refused);
    assert!(!refused.status.success() && !links.exists(), "nothing in, no links");
    for fault in [
        "row 5: login: \"bad login\" is not of 3 to 40 letters, digits, dots or dashes",
        "row 6: place: \"N1\" is no 片区 (precinct)",
        "row 7: place: is empty, and precinct_coordinator is for a place",
        "row 8: role: \"党委书记\" is none of committee_worker",
        "row 9: name: \"wang\" stands under another name",
        "row 10: role: \"security\" is security_admin already, and an administrator has no other post",
        "row 11: unit: \"城建中心\" is not the committee of \"N1\"",
    ] {
        assert!(told.contains(fault), "{fault} in {told}");
    }
    let done = import(at, "staff", "staff.csv", staff.as_bytes(), &[&with[..], &["--sound-rows"]].concat());
    assert!(said(&done).contains("3 rows brought in, 0 there already, 7 refused"), "{}", said(&done));
    assert!(said(&done).contains("2 invitations are in"), "{}", said(&done));
    let text = std::fs::read_to_string(&links).unwrap();
    assert_eq!(text.matches("https://t.example/invite/").count(), 2);
    assert!(text.contains("li.hua,李华,https://"), "{text}");
    let over = import(at, "staff", "staff.csv", staff.as_bytes(), &with);
    assert!(!over.status.success() && said(&over).contains("links.csv"), "{}", said(&over));
}

const PLACES: &str = "代码,层级,名称,英文名,上级,人口\nS1,1,示范街道,Shifan,,40000\nP1,2,银杏片区,Yinxing,S1,20000\nN1,3,百合居民区,Baihe,P1,4000\n";

#[test]
fn from_nothing_to_a_district() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let begun = pianqu(
        at,
        &[
            "init",
            "--code",
            "999999",
            "--zh",
            "试验区",
            "--en",
            "Test",
            "--domain",
            "t.example",
            "--helpline",
            "12345",
        ],
    );
    assert!(begun.status.success() && said(&begun).contains("second factor"), "{}", said(&begun));
    let twice =
        pianqu(at, &["init", "--code", "1", "--zh", "x", "--en", "x", "--domain", "x", "--helpline", "1"]);
    assert!(!twice.status.success() && said(&twice).contains("holds a district already"));
    let empty = pianqu(at, &["check"]);
    assert!(!empty.status.success() && said(&empty).contains("there are no neighbourhoods yet"));

    let done = import(at, "places", "places.csv", PLACES.as_bytes(), &[]);
    assert!(said(&done).contains("3 rows brought in, 0 there already"), "{}", said(&done));

    // An old spreadsheet in GB18030, with one bad row: nothing goes in until it is mended, or left out.
    let text = "公示栏,居民区,地址,层数,户数\nB1,百合居民区,百合路1弄1号,6,24\nB2,没有的居民区,百合路1弄2号,6,24\nB3,N1,百合路1弄3号,六,24\nB1,N1,百合路1弄4号,6,24\n";
    let (old, _, _) = encoding_rs::GB18030.encode(text);
    let refused = import(at, "doorways", "doors.csv", &old, &[]);
    let told = said(&refused);
    assert!(!refused.status.success());
    for fault in [
        "row 3: place: there is no place \"没有的居民区\"",
        "row 4: floors: \"六\" is no whole number",
        "row 5: board: \"B1\" stands in an earlier row too",
        "3 of 4 rows are not sound, so nothing was brought in",
    ] {
        assert!(told.contains(fault), "{fault} in {told}");
    }
    let dry = import(at, "doorways", "doors.csv", &old, &["--sound-rows", "--dry-run"]);
    assert!(said(&dry).contains("1 rows would be brought in"), "{}", said(&dry));
    let some = import(at, "doorways", "doors.csv", &old, &["--sound-rows"]);
    assert!(
        some.status.success() && said(&some).contains("1 rows brought in, 0 there already, 3 refused"),
        "{}",
        said(&some)
    );
    let again = import(at, "doorways", "doors.csv", b"board,place,address\nB1,N1,x\n", &[]);
    assert!(said(&again).contains("0 rows brought in, 1 there already"), "{}", said(&again));

    // A workbook, as it comes from an office.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([
        ["类型", "名称", "管辖"],
        ["committee", "百合居委会", "N1"],
        ["section", "城建中心", "S1"],
    ]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let done = import(at, "units", "units.xlsx", &book.save_to_buffer().unwrap(), &[]);
    assert!(said(&done).contains("2 rows brought in"), "{}", said(&done));
    let done = import(
        at,
        "duties",
        "duties.csv",
        "单位,事项\n城建中心,照明\n城建中心,飞碟\n".as_bytes(),
        &["--sound-rows"],
    );
    assert!(said(&done).contains("row 3: subject: there is no subject \"飞碟\""), "{}", said(&done));
    let missing = import(at, "duties", "bad.csv", b"a,b\n1,2\n", &[]);
    assert!(
        !missing.status.success()
            && said(&missing).contains("no column for the unit; name it one of unit, 单位")
    );

    dwellings_and_staff(at);

    // What was brought in goes out again, and in once more changes nothing.
    for (kind, name, rows) in [
        ("places", "p.csv", 3),
        ("doorways", "d.xlsx", 1),
        ("dwellings", "w.csv", 2),
        ("units", "u.csv", 2),
        ("duties", "y.xlsx", 1),
        ("staff", "s.xlsx", 4),
    ] {
        let file = at.join(name);
        let out = pianqu(at, &["export", kind, file.to_str().unwrap()]);
        assert!(said(&out).contains(&format!("{rows} rows are in")), "{}", said(&out));
        let links = at.join("again.csv");
        let back =
            pianqu(at, &["import", kind, file.to_str().unwrap(), "--invitations", links.to_str().unwrap()]);
        assert!(!links.exists(), "nobody is invited who was there");
        assert!(
            said(&back).contains(&format!("0 rows brought in, {rows} there already")),
            "{kind}: {}",
            said(&back)
        );
        let over = pianqu(at, &["export", kind, file.to_str().unwrap()]);
        assert!(!over.status.success() && said(&over).contains("exists; choose another name"));
    }

    let verified = pianqu(at, &["verify", "--json"]);
    assert!(verified.status.success() && said(&verified).contains("\"whole\":true"), "{}", said(&verified));
}
