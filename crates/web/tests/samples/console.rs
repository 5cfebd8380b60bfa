//! Pages for staff.

use super::Sample;
use super::life::Life;
use domain::cases::{ActionName, Channel, Clock, Command, State, offered};
use domain::{CaseNo, StaffId, UnitId};
use jiff::{SignedDuration, Timestamp};
use web::view::console::{
    CaseList, CasePage, CaseRow, Choice, Draft, Due, ErrandRow, Facts, Filter, Flash, Frame, Names, Nav,
    NearPlace, Proposed, SavedView, SignIn, SignInTrouble, Similar, StaffTrouble, StaffTroublePage, Today,
    Undo, Voice, clock_lines, history, likely_next, role_name,
};
use web::view::{FieldError, Template};
use web::words::Lang;

fn now() -> Timestamp {
    "2026-11-23T01:20:00Z".parse().unwrap()
}

fn later(minutes: i64) -> Timestamp {
    now().checked_add(SignedDuration::from_mins(minutes)).unwrap()
}

pub(super) fn frame(lang: Lang, here: Nav) -> Frame {
    let role = role_name(domain::access::Role::PrecinctCoordinator, lang);
    Frame {
        lang,
        district: lang.pick("徐汇区", "Xuhui District").into(),
        person: lang.pick("沈依然", "Shen Yiran").into(),
        post: format!("{role} · {}", lang.pick("天平第一片区", "Tianping precinct 1")),
        here: Some(here),
        nav: Nav::ALL.to_vec(),
        late: 2,
        csrf: "c5rf".into(),
        flash: None,
        live: Some("/console/live".into()),
        relang: None,
        path: here.href().into(),
    }
}

struct Said(i64, &'static str, &'static str, &'static str, &'static str, State, Option<(Clock, i64)>, u32);

const SAID: &[Said] = &[
    Said(
        18_201,
        "4楼住户家燃气表漏气，闻得到味道。",
        "A gas meter on the fourth floor leaks; one can smell it.",
        "water_sewage",
        "太原居民区 太原路25弄3号",
        State::Received,
        Some((Clock::Dispatch, -95)),
        1,
    ),
    Said(
        18_144,
        "垃圾房下午四点就满了，味道很大，夏天更受不了，清运能不能一天两次？",
        "The bin room is full by four in the afternoon and smells.",
        "waste",
        "安亭居民区 安亭路46弄",
        State::Assigned,
        Some((Clock::FirstContact, -30)),
        1,
    ),
    Said(
        18_273,
        "弄堂口停满共享单车，婴儿车推不进来，老人只好走马路当中。",
        "Shared bikes block the mouth of the lane.",
        "shared_bikes",
        "太原居民区 太原路25弄3号",
        State::Received,
        Some((Clock::Dispatch, 100)),
        3,
    ),
    Said(
        18_260,
        "3号楼门禁坏了三天，外卖和陌生人随便进。",
        "The entry phone of no. 3 has been broken for three days.",
        "facilities",
        "太原居民区 太原路25弄3号",
        State::InHand,
        Some((Clock::Handling, 480)),
        4,
    ),
    Said(
        18_092,
        "广场舞音响太响，晚上九点还不停。",
        "Loudspeakers in the square until nine at night.",
        "noise",
        "永嘉居民区 永嘉路600弄",
        State::InHand,
        Some((Clock::SecondHandling, 1600)),
        12,
    ),
    Said(
        17_950,
        "想问一下老年卡在哪里换。",
        "Where can a senior card be changed?",
        "question",
        "建岳居民区 岳阳路168弄",
        State::Answered,
        Some((Clock::Silence, 6000)),
        1,
    ),
];

fn row(said: &Said, lang: Lang) -> CaseRow {
    let Said(no, zh, en, subject, place, state, due, voices) = said;
    let subject = domain::subjects::by_code(subject).unwrap();
    CaseRow {
        no: CaseNo(*no),
        text: lang.pick(*zh, *en).into(),
        place: (*place).into(),
        subject: lang.pick(subject.zh, subject.en).into(),
        state: lang.pick(state.zh(), state.en()).into(),
        unit: if *state == State::Received {
            String::new()
        } else {
            lang.pick("锦绣物业", "Jinxiu property").into()
        },
        due: due.map(|(clock, minutes)| Due::of(clock, later(minutes), now(), lang)),
        reported: lang.pick("昨天晚上8:40", "yesterday at 8:40 pm").into(),
        voices: *voices,
        urgent: (*no == 18_201).then(|| lang.pick("水电气", "water, power, gas").into()),
    }
}

pub(super) fn rows(lang: Lang) -> Vec<CaseRow> {
    SAID.iter().map(|s| row(s, lang)).collect()
}

fn map_svg() -> String {
    let mut out = String::from("<svg viewBox=\"-12 -12 90 42\" class=\"hexes\">");
    for (i, class) in ["here", "near", "near", "far"].iter().enumerate() {
        let x = 17.3 * f64::from(u8::try_from(i).unwrap());
        let corners: Vec<String> = (0..6)
            .map(|k| (60.0 * f64::from(k) - 30.0).to_radians())
            .map(|a| format!("{:.1},{:.1}", x + 9.4 * a.cos(), 9.4 * a.sin()))
            .collect();
        out += &format!("<polygon class=\"{class}\" points=\"{}\"/>", corners.join(" "));
    }
    out + "</svg>"
}

fn case_page(life: &Life, lang: Lang, all_actions: bool) -> CasePage {
    let case = &life.case;
    let unit = |u: UnitId| {
        if u.0 == 1 {
            lang.pick("天平街道绿化市容所", "Tianping greening office").into()
        } else {
            String::from("?")
        }
    };
    let staff =
        |s: StaffId| if s.0 == 1 { lang.pick("沈依然", "Shen Yiran").into() } else { String::from("?") };
    let at = life.now.checked_add(SignedDuration::from_hours(2)).unwrap();
    let names = Names { now: at, lang, unit: &unit, staff: &staff };
    CasePage {
        opinion: None,
        read_as: Some(lang.read_sure(lang.pick("照明", "Lighting"), "87 %", "楼道灯")),
        problem: None,
        may_open_problem: true,
        frame: Frame { path: format!("/console/cases/{}", case.no), ..frame(lang, Nav::Cases) },
        no: case.no,
        version: case.version,
        facts: Facts {
            state: lang.pick(case.state.zh(), case.state.en()).into(),
            subject: lang.pick("共享单车、骑手停放", "Shared bikes and riders").into(),
            kind: lang.pick(case.kind.zh(), case.kind.en()).into(),
            channel: lang.pick(case.channel.zh(), case.channel.en()).into(),
            reported: web::times::when(case.reported_at, at, lang),
            urgent: Some(lang.pick("可能危急", "may be danger").into()),
            alarms: lang.pick("焦味、哪家", "焦味, 哪家").into(),
            unit: case.unit.map(unit),
            promised: case.handling_due.map(|d| web::times::by(d, at, lang)),
            returns: case.returns,
            hops: case.hops,
            not_solved: case.not_solved,
            merged_into: case.merged_into,
        },
        voices: vec![
            Voice {
                n: 1,
                when: lang.pick("11月20日（周五）上午9:12", "Fri 20 Nov, 9:12 am").into(),
                text: case.text.clone(),
                contactable: true,
                photo: true,
                ..Voice::default()
            },
            Voice {
                n: 2,
                when: lang.pick("昨天早上7:12", "yesterday at 7:12 am").into(),
                ..Voice::default()
            },
        ],
        may_unmask: true,
        path: vec![
            (lang.pick("天平街道", "Tianping").into(), "/console/cases?place=2".into()),
            (lang.pick("天平第一片区", "precinct 1").into(), "/console/cases?place=20".into()),
            (lang.pick("太原居民区", "Taiyuan").into(), "/console/cases?place=200".into()),
            (
                lang.pick("太原路25弄3号", "lane 25 Taiyuan Road, no. 3").into(),
                "/console/cases?doorway=9".into(),
            ),
        ],
        detail: lang.pick("进弄堂右手边", "right-hand side as you come in").into(),
        map_svg: map_svg(),
        near: vec![
            NearPlace {
                name: lang.pick("太原居民区", "Taiyuan").into(),
                href: "/console/cases?place=200".into(),
                open: 7,
                here: true,
            },
            NearPlace {
                name: lang.pick("安亭居民区", "Anting").into(),
                href: "/console/cases?place=201".into(),
                open: 3,
                here: false,
            },
        ],
        clocks: clock_lines(case, at, lang),
        due: case.due.map(|(clock, due)| Due::of(clock, due, at, lang)),
        proposed: vec![
            Proposed {
                unit: 1,
                name: lang.pick("天平街道绿化市容所", "Tianping greening office").into(),
                why: lang
                    .pick(
                        "清单第12条，市容环境；就在本街镇；现有未结14件。",
                        "No. 12 of its list, tidiness of streets; serves this sub-district; 14 open now.",
                    )
                    .into(),
            },
            Proposed {
                unit: 3,
                name: lang.pick("区交通委", "District transport").into(),
                why: lang
                    .pick(
                        "清单第4条，共享单车总量；管辖全区；现有未结102件。",
                        "No. 4 of its list, number of shared bikes; serves the whole district; 102 open now.",
                    )
                    .into(),
            },
        ],
        history: history(&life.events, names),
        similar: vec![Similar {
            no: CaseNo(18_092),
            text: lang.pick("太原路弄口单车倒了一排", "A row of bikes has fallen over at the lane").into(),
            why: lang.pick("昨天，同一条弄堂，办理中", "yesterday, same lane, in hand").into(),
        }],
        actions: if all_actions { ActionName::ALL.to_vec() } else { offered(case).collect() },
        likely: likely_next(case),
        units: vec![
            Choice::new("7", lang.pick("徐家汇派出所", "Police station"), ""),
            Choice::new("8", lang.pick("锦绣物业", "Jinxiu property"), ""),
        ],
        subjects: Filter::standard(lang, "", "", "shared_bikes", "", "").subjects,
        kinds: Filter::standard(lang, "", case.kind.key(), "", "", "").kinds,
        grounds: vec![
            Choice::new("off_list", lang.pick("不在本单位清单", "Not on our list"), ""),
            Choice::new("elsewhere", lang.pick("不在本单位地段", "Not in our territory"), ""),
        ],
        authorities: vec![lang.pick("区劳动人事争议仲裁院", "Labour arbitration court").into()],
        first_review: web::times::tomorrow(at),
        draft: Draft::default(),
        errors: vec![],
    }
}

/// All of them.
pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let mut out = vec![];
    let mut add = |name, html: Result<String, askama::Error>| {
        out.push(Sample { name, for_residents: false, html: html.unwrap() });
    };
    let district = lang.pick("徐汇区", "Xuhui District");
    let door = SignIn {
        lang,
        district: district.into(),
        csrf: "c5rf".into(),
        next: "/console".into(),
        ..SignIn::default()
    };
    add("sign-in", door.render());
    add(
        "sign-in-wrong",
        SignIn { login: "shen.yr".into(), trouble: Some(SignInTrouble::Wrong), ..door.clone() }.render(),
    );
    add("sign-in-wait", SignIn { trouble: Some(SignInTrouble::Wait(15)), ..door.clone() }.render());
    add("sign-in-ended", SignIn { trouble: Some(SignInTrouble::Ended), ..door }.render());

    let rows = rows(lang);
    let mut today = Today {
        frame: frame(lang, Nav::Today),
        date: lang.pick("11月23日（周一）", "Mon 23 Nov").into(),
        ..Today::default()
    };
    add("today-empty", today.render());
    today.sort_in(rows.iter().cloned().zip([0, 0, 0, 0, 1, 4]).collect());
    today.frame.flash = Some(Flash {
        text: lang.pick("018190-2 已派给锦绣物业。", "018190-2 was given to Jinxiu property.").into(),
        undo: Some(Undo { action: "/console/cases/18190/recall".into() }),
    });
    add("today", today.render());
    let errand = |index, said: &str, error: Option<String>| ErrandRow {
        at: (2, index),
        what: lang.bud_step_asked(
            lang.pick("太原居民区", "Taiyuan neighbourhood"),
            lang.bud_question_any(),
            lang.pick("明天", "tomorrow"),
        ),
        about: lang.errand_about(lang.pick("噪声扰民", "Noise")),
        said: said.into(),
        error,
    };
    let wrong = lang.pick("请写一句话，200个字以内。", "Say it in a sentence, within 200 letters.").into();
    let errands = vec![errand(0, "", None), errand(1, "　", Some(wrong))];
    add("today-errands", Today { errands, ..today }.render());

    let mut filter = Filter::standard(lang, "open", "", "", "", "due");
    filter.places = vec![Choice::new("20", lang.pick("天平第一片区", "Tianping precinct 1"), "20")];
    filter.units = vec![Choice::new("1", lang.pick("天平街道绿化市容所", "Tianping greening office"), "")];
    let list = CaseList {
        frame: frame(lang, Nav::Cases),
        filter,
        rows,
        total: Some("312".into()),
        previous: Some("/console/cases?before=a".into()),
        next: Some("/console/cases?after=b".into()),
        views: vec![
            SavedView {
                id: 1,
                name: lang.pick("我片区没办完的", "Open in my precinct").into(),
                href: "/console/cases?state=open&place=20".into(),
                here: true,
            },
            SavedView {
                id: 2,
                name: lang.pick("快到时限", "Due soon").into(),
                href: "/console/cases?due=today".into(),
                here: false,
            },
        ],
        query: "state=open&place=20".into(),
        export: true,
    };
    add("list", list.render());
    add(
        "list-empty",
        CaseList { rows: vec![], total: None, previous: None, next: None, views: vec![], ..list }.render(),
    );

    let text = "弄堂口停满共享单车，婴儿车推不进来，老人只好走马路当中。";
    let fresh = Life::new(text);
    add("case-received", case_page(&fresh, lang, false).render());
    let in_hand = Life::new(text)
        .dispatched(2)
        .staff(1, Command::Note { text: "先问问物业".into() })
        .staff(3, Command::FirstContact { reached: true, note: "约了周二上门看".into() })
        .resident(1, Command::AddVoice { text: String::new(), contact: None, channel: Channel::Phone });
    add("case-in-hand", case_page(&in_hand, lang, false).render());
    let mut refused = case_page(&in_hand, lang, false);
    refused.draft = Draft {
        action: Some(ActionName::Answer),
        values: [
            ("solved", "partly"),
            ("amount", "12"),
            ("amount", ""),
            ("what", "个花箱移走"),
            ("what", ""),
        ]
        .map(|(f, v)| (f.into(), v.into()))
        .into(),
    };
    refused.errors = vec![FieldError { field: "outcome", text: lang.error_missing().into() }];
    refused.voices[0].contact = Some("021-5555 0123".into());
    refused.voices[0].original = Some("弄堂口停满共享单车（王阿婆 021-5555 0123）".into());
    refused.may_unmask = false;
    add("case-refused", refused.render());
    let mut no_purpose = case_page(&in_hand, lang, false);
    no_purpose.errors = vec![FieldError { field: "purpose", text: lang.error_missing().into() }];
    add("case-no-purpose", no_purpose.render());
    let mut too_late = case_page(&in_hand, lang, false);
    too_late.draft.action = Some(ActionName::Unpark);
    too_late.errors = vec![FieldError {
        field: "text",
        text: lang.pick("此件目前不能这样办理。", "This cannot be done now.").into(),
    }];
    add("case-too-late", too_late.render());
    let mut every = case_page(&in_hand, lang, true);
    every.frame.flash = Some(Flash { text: lang.saved_action().into(), undo: None });
    add("case-every-action", every.render());
    let mut quiet = case_page(&fresh, lang, false);
    (quiet.actions, quiet.similar, quiet.proposed, quiet.clocks, quiet.due) =
        (vec![], vec![], vec![], vec![], None);
    add("case-nothing-to-do", quiet.render());

    let mut gone = case_page(&fresh, lang, false);
    gone.actions = vec![];
    gone.draft = Draft {
        action: Some(domain::cases::ActionName::Answer),
        values: vec![("outcome".into(), lang.pick("已修好门禁", "The entry phone works again").into())],
    };
    gone.errors = vec![web::view::FieldError {
        field: "",
        text: format!("{} {}", lang.staff_conflict(), lang.conflict_kept()),
    }];
    add("case-conflict", gone.render());

    for (name, trouble) in [
        ("staff-forbidden", StaffTrouble::Forbidden),
        ("staff-not-found", StaffTrouble::NotFound),
        ("staff-conflict", StaffTrouble::Conflict { href: "/console/cases/18273".into() }),
        ("staff-stale", StaffTrouble::Stale),
        ("staff-error", StaffTrouble::Error { reference: "K7-204".into() }),
    ] {
        add(name, StaffTroublePage { frame: frame(lang, Nav::Today), trouble, typed: vec![] }.render());
    }
    out
}
