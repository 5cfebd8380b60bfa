//! Pages for residents.

use super::Sample;
use super::life::Life;
use domain::cases::{self, Channel, Command, Kind, Quantity, Satisfaction, Solved};
use domain::{CaseNo, UnitId};
use jiff::SignedDuration;
use web::view::Template;
use web::view::resident::{
    ActionDraft, Banner, Can, CodeRefused, CodeReported, CodeTrouble, Frame, Merged, Reader, Registration,
    RegistrationComing, ReportForm, ReportInput, SimilarCase, Timeline, Trouble, TroublePage, Wrong,
    headline, next_step, outcome_of, parked_of, redirected_of, story,
};
use web::words::Lang;

fn unit_name(lang: Lang) -> impl Fn(UnitId) -> String {
    move |unit| {
        match unit.0 {
            1 => lang.pick("天平街道绿化市容所", "Tianping greening office"),
            _ => lang.pick("锦绣物业", "Jinxiu property management"),
        }
        .into()
    }
}

fn page_of(life: &Life, frame: &Frame, hours_later: i64) -> Timeline {
    let lang = frame.lang;
    let now = life.now.checked_add(SignedDuration::from_hours(hours_later)).unwrap();
    let unit = unit_name(lang);
    let reader = Reader { voice: 1, now, lang, unit: &unit };
    let name = life.case.unit.map(&unit).unwrap_or_default();
    Timeline {
        problem: None,
        frame: frame.clone(),
        token: "7KQ2M9X4T8WDZ3HN5C".into(),
        link: "https://pianqu.example.cn/t/7KQ2M9X4T8WDZ3HN5C".into(),
        texts: None,
        once: "9f3c1a77d2e04b58".into(),
        no: life.case.no,
        banner: None,
        place: place(lang),
        detail: lang.pick("进弄堂右手边", "right-hand side as you come in").into(),
        text: life.case.text.clone(),
        others: life.case.voices - 1,
        headline: headline(life.case.state, &name, lang),
        next: next_step(&life.case, now, lang),
        lines: story(&life.events, reader),
        earlier: None,
        back: false,
        cuts: vec![],
        whole: None,
        outcome: outcome_of(&life.case, &life.events, reader),
        parked: parked_of(&life.case, &life.events, reader),
        merged: None,
        redirected: redirected_of(&life.case, &life.events),
        can: Can::of(&life.case, false),
        draft: ActionDraft::default(),
        errors: vec![],
    }
}

fn place(lang: Lang) -> String {
    lang.pick(
        "天平街道 太原居民区 太原路25弄3号",
        "Tianping, Taiyuan neighbourhood, lane 25 Taiyuan Road, no. 3",
    )
    .into()
}

fn similar(lang: Lang) -> Vec<SimilarCase> {
    let case = |no, zh: &str, en: &str, voices, when: (&str, &str), stands| SimilarCase {
        no,
        text: lang.pick(zh, en).into(),
        when: lang.pick(when.0, when.1).into(),
        voices,
        stands: headline(stands, &unit_name(lang)(UnitId(2)), lang),
        shared: String::new(),
    };
    vec![
        case(
            18_260,
            "3号楼门禁坏了三天，外卖和陌生人随便进。",
            "The entry phone of no. 3 has been broken for three days; anybody walks in.",
            4,
            ("昨天晚上8:40", "yesterday at 8:40 pm"),
            cases::State::InHand,
        ),
        case(
            18_144,
            "垃圾房下午四点就满了，味道很大。",
            "The bin room is full by four in the afternoon and smells.",
            1,
            ("11月18日（周三）上午7:55", "Wed 18 Nov, 7:55 am"),
            cases::State::Received,
        ),
    ]
}

/// All of them.
pub(crate) fn pages(lang: Lang, elder: bool) -> Vec<Sample> {
    let frame = Frame {
        lang,
        elder,
        district: lang.pick("徐汇区", "Xuhui District").into(),
        helpline: "12345".into(),
        relang: None,
    };
    let mut out = vec![];
    let mut add = |name, html: Result<String, askama::Error>| {
        out.push(Sample { name, for_residents: true, html: html.unwrap() });
    };
    let form = ReportForm {
        frame: frame.clone(),
        code: "KX8Q2M9R4T7WDZ3HN5".into(),
        place: place(lang),
        board: Some("太原-025-3".into()),
        once: "9f3c1a77d2e04b58".into(),
        photo: true,
        ..ReportForm::default()
    };
    add("form-empty", form.render());
    add("form-similar", ReportForm { similar: similar(lang), texts: true, ..form.clone() }.render());
    let typed = ReportInput {
        text: lang
            .pick(
                "大门的门禁还是坏的，晚上都不锁",
                "The entry phone is still broken, the door stays open at night",
            )
            .into(),
        place_detail: lang.pick("3号楼大门", "Front door of no. 3").into(),
        contact: "138 0000 0000".into(),
        kind: Some(Kind::Complaint),
    };
    add(
        "form-check",
        ReportForm { similar: similar(lang), check: true, input: typed.clone(), ..form.clone() }.render(),
    );
    let errors =
        vec![Wrong::TextMissing.tell(lang), Wrong::Contact.tell(lang), Wrong::PhotoTooLarge(10).tell(lang)];
    add(
        "form-errors",
        ReportForm {
            frame: Frame { relang: Some("report".into()), ..frame.clone() },
            errors,
            input: ReportInput { contact: "1380000".into(), text: String::new(), ..typed },
            ..form
        }
        .render(),
    );

    for (name, why) in [
        ("code-malformed", CodeTrouble::Malformed),
        ("code-foreign", CodeTrouble::Foreign),
        ("code-forged", CodeTrouble::Forged),
        ("code-revoked", CodeTrouble::Revoked { place: place(lang) }),
    ] {
        let errors = match why {
            CodeTrouble::Revoked { .. } => {
                vec![Wrong::WhereMissing.tell(lang)]
            }
            _ => vec![],
        };
        add(
            name,
            CodeRefused {
                frame: frame.clone(),
                why,
                code: "KX8Q2M9R4T7WDZ3HN5".into(),
                domain: "pianqu.example.cn".into(),
                once: "9f3c1a77d2e04b58".into(),
                place: String::new(),
                errors,
            }
            .render(),
        );
    }
    add("code-reported", CodeReported { frame: frame.clone() }.render());
    for (name, which) in [("tenancy", Registration::Tenancy), ("residency", Registration::Residency)] {
        add(
            name,
            RegistrationComing {
                frame: frame.clone(),
                which,
                place: place(lang),
                committee: lang.pick("太原居民区居委会", "Taiyuan residents’ committee").into(),
                address: Some(lang.pick("太原路60弄1号", "Lane 60 Taiyuan Road, no. 1").into()),
                phone: Some("021-55550123".into()),
                hours: Some(lang.pick("每天上午8:30到晚上8:00", "8:30 am to 8:00 pm every day").into()),
            }
            .render(),
        );
    }
    for (name, trouble) in [
        ("not-found", Trouble::NotFound),
        ("dead-link", Trouble::DeadLink),
        ("too-many", Trouble::TooMany { minutes: 5 }),
        ("too-large", Trouble::TooLarge),
        ("bad-request", Trouble::BadRequest),
        ("error", Trouble::Error { reference: "K7-204".into() }),
        (
            "maintenance",
            Trouble::Maintenance { until: Some(lang.pick("今天晚上10:00", "today at 10:00 pm").into()) },
        ),
        ("maintenance-soon", Trouble::Maintenance { until: None }),
    ] {
        add(name, TroublePage { frame: frame.clone(), trouble }.render());
    }

    let text = "弄堂口停满共享单车，婴儿车推不进来，老人只好走马路当中。";
    let fresh = Life::new(text);
    add("timeline-new", Timeline { banner: Some(Banner::Reported), ..page_of(&fresh, &frame, 0) }.render());
    add(
        "timeline-joined",
        Timeline { banner: Some(Banner::Joined), texts: Some(true), ..page_of(&fresh, &frame, 1) }.render(),
    );
    add("timeline-overdue", page_of(&Life::new(text).dispatched(2), &frame, 30).render());
    let returned = Life::new(text)
        .dispatched(2)
        .staff(3, Command::Return { ground: "清单外".into(), note: "不归本所".into() })
        .dispatched(4)
        .staff(5, Command::FirstContact { reached: false, note: "没人接".into() })
        .staff(6, Command::FirstContact { reached: true, note: "约了周二看".into() })
        .resident(1, Command::Remark { voice: 1, text: "晚上八点以后最多。".into(), original: None })
        .resident(1, Command::AddVoice { text: "我家也是".into(), contact: None, channel: Channel::Door });
    add(
        "timeline-in-hand",
        Timeline { banner: Some(Banner::Noted), texts: Some(false), ..page_of(&returned, &frame, 1) }
            .render(),
    );
    let bad = Timeline {
        draft: ActionDraft { form: "remark".into(), ..ActionDraft::default() },
        errors: vec![Wrong::RemarkMissing.tell(lang)],
        ..page_of(&returned, &frame, 1)
    };
    add("timeline-remark-error", bad.render());
    let answered = returned.staff(40, Command::Answer {
        outcome: "弄口划了非机动车停放线，12个花箱移走，新增3个骑手车位；城管每天早晚各来一次，把停出线的车搬走。".into(),
        quantities: vec![
            Quantity { amount: "12".into(), what: "个花箱移走".into() },
            Quantity { amount: "3".into(), what: "个车位新增".into() },
        ],
        solved: Solved::Yes,
    });
    add("timeline-answered", page_of(&answered, &frame, 2).render());
    let bad = Timeline {
        draft: ActionDraft { form: "not_solved".into(), ..ActionDraft::default() },
        errors: vec![Wrong::WhyMissing.tell(lang)],
        ..page_of(&answered, &frame, 2)
    };
    add("timeline-not-solved-error", bad.render());
    let closed = answered
        .resident(10, Command::NotSolved { voice: 1, text: "周末没人管，又停满了。".into() })
        .staff(20, Command::FirstContact { reached: true, note: "所长上门".into() })
        .staff(
            20,
            Command::Answer {
                outcome: "周末也排了班。".into(), quantities: vec![], solved: Solved::Yes
            },
        )
        .resident(24, Command::Confirm { voice: 1 })
        .resident(0, Command::Rate { voice: 1, satisfaction: Satisfaction::Mostly });
    let mut page = page_of(&closed, &frame, 3);
    page.can = Can::of(&closed.case, true);
    add("timeline-closed", page.render());
    add(
        "timeline-rate",
        Timeline { errors: vec![Wrong::RatingMissing.tell(lang)], ..page_of(&closed, &frame, 3) }.render(),
    );
    let parked = Life::new("老房子没有电梯，八十岁的婆婆下不了楼。").staff(
        5,
        Command::Park {
            cause: "这幢楼属于优秀历史建筑，加装电梯要改外立面，目前不批准。".into(),
            law: "《上海市历史风貌区和优秀历史建筑保护条例》".into(),
            review_on: "2027-03-01".parse().unwrap(),
        },
    );
    add("timeline-parked", page_of(&parked, &frame, 30).render());
    let merged = Life::new(text).staff(5, Command::MergeInto { into: CaseNo(18_260), into_open: true });
    let into = Merged {
        into: CaseNo(18_260),
        headline: headline(cases::State::InHand, &unit_name(lang)(UnitId(2)), lang),
    };
    add("timeline-merged", Timeline { merged: Some(into), ..page_of(&merged, &frame, 3) }.render());
    let redirected = Life::new("公司拖欠工资两个月。").staff(
        5,
        Command::Redirect {
            to: "徐汇区劳动人事争议仲裁院".into(),
            text: "带上劳动合同和工资单，周一到周五都可以去。".into(),
        },
    );
    add("timeline-redirected", page_of(&redirected, &frame, 3).render());
    let withdrawn = Life::new(text).resident(5, Command::Withdraw { voice: 1, text: "已经好了".into() });
    add("timeline-withdrawn", page_of(&withdrawn, &frame, 3).render());
    out
}
