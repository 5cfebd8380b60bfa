//! Random submissions at every form of the registrations: no answer is a fault of the program, and nothing that was
//! sent stands in its log.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use e2e::Program;

/// Submissions, where `PIANQU_NOISE` names no other number (a million take half an hour).
const USUALLY: u64 = 3_000;

/// The same noise in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.next(all.len())]
    }

    /// Something that somebody or something might send.
    fn value(&mut self) -> String {
        const SOUND: &[&str] = &[
            "elsewhere",
            "city",
            "hmt",
            "abroad",
            "landlord",
            "tenant",
            "张三丰",
            "Jane Doe",
            "11010519491231002X",
            "310104199001011233",
            "H12345678",
            "X7654321",
            "GBR",
            "13800138000",
            "301",
            "2026-01-01",
            "23:59",
            "1",
            "12.50",
            "room",
            "partition",
            "family",
            "yes",
            "send",
            "add",
            "drop0",
            "drop99",
            "code",
            "again",
            "moved",
            "correct",
            "withdraw",
            "open",
            "accepted",
            "000001-7,接收",
        ];
        const STRANGE: &[&str] = &[
            "",
            " ",
            "\u{0}",
            "\u{feff}",
            "<script>alert(1)</script>",
            "' OR 1=1 --",
            "９９９９９９９９９９９",
            "-1",
            "99999999999999999999",
            "2026-02-30",
            "9999-12-31",
            "-262143-01-01",
            "25:61",
            "1e309",
            "NaN",
            "😀😀😀",
            "\u{202e}abc",
            "%00%ff",
            "٣٠١",
            "室室室",
            "一千二百弄",
        ];
        match self.next(8) {
            0..4 => self.one_of(SOUND).to_owned(),
            4..6 => self.one_of(STRANGE).to_owned(),
            6 => {
                let length = self.next(60);
                (0..length)
                    .filter_map(|_| char::from_u32(u32::try_from(self.next(0x3_0000)).unwrap()))
                    .collect()
            }
            _ => self.one_of(SOUND).repeat(1 + self.next(400)),
        }
    }
}

const FIELDS: &[&str] = &[
    "do",
    "once",
    "consent",
    "guardian",
    "dwelling",
    "since",
    "since_time",
    "phone",
    "rented",
    "who0",
    "name0",
    "id0",
    "country0",
    "who1",
    "name1",
    "id1",
    "who5",
    "name5",
    "who7",
    "role",
    "name",
    "id",
    "people",
    "from",
    "to",
    "title",
    "lessee_name",
    "lessee_phone",
    "agent_name",
    "tie",
    "room",
    "origin",
    "area",
    "rent",
    "filing",
    "code",
    "who",
    "country",
    "kind",
    "authority",
    "basis",
    "purpose",
    "answer",
    "reason",
    "until",
    "field",
];

#[test]
fn noise_at_every_form() {
    #[expect(clippy::disallowed_methods, reason = "how a person asks for more")]
    let many = std::env::var("PIANQU_NOISE").ok().and_then(|n| n.parse().ok()).unwrap_or(USUALLY);
    let program = Program::demo().unwrap();
    let resident = program.client();
    let codes = &program.ready().codes;
    let sound = [
        ("do", "send"),
        ("consent", "1"),
        ("who0", "city"),
        ("name0", "李噪声"),
        ("id0", "310104199001011233"),
        ("dwelling", "909"),
        ("since", "2026-01-01"),
        ("phone", "13812345678"),
    ];
    let sent = resident.post(&format!("/q/{}", codes.residency), &sound).unwrap();
    let link = sent.location().unwrap().split('?').next().unwrap().to_owned();
    let worker = program.client();
    worker.sign_in(program.ready().sign_in("committee_worker").unwrap()).unwrap();
    let office = program.client();
    office.sign_in(program.ready().sign_in("district_office").unwrap()).unwrap();
    let paths = [
        (&resident, format!("/q/{}", codes.residency)),
        (&resident, format!("/q/{}", codes.tenancy)),
        (&resident, "/r".to_owned()),
        (&resident, link.clone()),
        (&resident, format!("{link}/1")),
        (&worker, "/console/registrations/1/fail".to_owned()),
        (&worker, "/console/registrations/2/open".to_owned()),
        (&worker, "/console/registrations/3/reopen".to_owned()),
        (&office, "/console/registrations/forms".to_owned()),
        (&office, "/console/registrations/hand-off".to_owned()),
        (&office, "/console/registrations/hand-off/1/answer".to_owned()),
        (&office, "/console/registrations/hand-off/1/csv".to_owned()),
    ];
    let mut noise = Noise(7);
    let mut answers = std::collections::BTreeMap::new();
    for n in 0..many {
        // Most of it where residents stand.
        let (who, path) = &paths[if n % 4 == 3 { noise.next(paths.len()) } else { noise.next(5) }];
        let fields: Vec<(&str, String)> =
            (0..noise.next(16)).map(|_| (noise.one_of(FIELDS), noise.value())).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let got = who.post(path, &fields).unwrap();
        assert!(got.status < 500, "{path}: {} for {fields:?}", got.status);
        *answers.entry(got.status).or_insert(0_u64) += 1;
    }
    println!("{many} submissions: {answers:?}");
    assert!(answers.len() > 2, "some are taken, some refused");
    let log = program.log();
    for text in [
        "11010519491231002X",
        "310104199001011233",
        "13800138000",
        "13812345678",
        "张三丰",
        "李噪声",
        "X7654321",
    ] {
        assert!(!log.contains(text), "{text} stands in the log");
    }
    let mut program = program;
    assert!(program.stop().unwrap().success());
    let verified = program.run(&["verify"]).unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
