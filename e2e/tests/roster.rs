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

    // What was brought in goes out again, and in once more changes nothing.
    for (kind, name, rows) in
        [("places", "p.csv", 3), ("doorways", "d.xlsx", 1), ("units", "u.csv", 2), ("duties", "y.xlsx", 1)]
    {
        let file = at.join(name);
        let out = pianqu(at, &["export", kind, file.to_str().unwrap()]);
        assert!(said(&out).contains(&format!("{rows} rows are in")), "{}", said(&out));
        let back = pianqu(at, &["import", kind, file.to_str().unwrap()]);
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
