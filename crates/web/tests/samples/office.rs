//! The smaller pages for staff: new case, search, codes, account, system, burden, style.

use super::Sample;
use super::console::{frame, rows};
use domain::CaseNo;
use domain::cases::{Channel, Kind};
use domain::codes::CodeKind;
use web::view::console::{
    AccountPage, BudAction, BudBefore, BudCard, BudRow, BudWeek, BuddingFiguresPage, BuddingPage, BurdenItem,
    BurdenPage, Cell, Choice, CodeCell, CodesPage, DoorRow, DoorwayHits, DoorwayPage, DwellingLine,
    InvitePage, JobRow, Learnt, MatterCard, MattersPage, Nav, NewCase, PrintRun, ReadingPage, SealRow,
    SearchPage, SessionRow, Similar, StaffWrong, StylePage, SystemPage, SystemState, TablePage, TellingPage,
    Tool, TryRow, WaitingRow,
};
use web::view::resident::{ReportInput, Wrong};
use web::view::{FieldError, Template};
use web::words::Lang;

fn new_case(lang: Lang, add: &mut impl FnMut(&'static str, Result<String, askama::Error>)) {
    let empty = NewCase {
        frame: frame(lang, Nav::New),
        once: "9f3c1a77".into(),
        places: vec![
            Choice::new("200", lang.pick("太原居民区", "Taiyuan"), ""),
            Choice::new("201", lang.pick("安亭居民区", "Anting"), ""),
        ],
        ..NewCase::default()
    };
    add("new-empty", empty.render());
    let found = NewCase {
        channel: Some(Channel::Paper),
        hits: DoorwayHits {
            lang,
            q: "太原路25弄".into(),
            hits: (1..4)
                .map(|n| {
                    Choice::new(
                        n.to_string(),
                        format!(
                            "{} {n}{}",
                            lang.pick("太原居民区 太原路25弄", "Taiyuan, lane 25 Taiyuan Road, no."),
                            lang.pick("号", "")
                        ),
                        "2",
                    )
                })
                .collect(),
        },
        input: ReportInput {
            text: lang
                .pick("弄堂口单车太多，轮椅出不去。", "Too many bikes; a wheelchair cannot pass.")
                .into(),
            contact: "021-5555 0123".into(),
            kind: Some(Kind::Help),
            ..ReportInput::default()
        },
        ..empty.clone()
    };
    add(
        "new-similar",
        NewCase {
            check: true,
            similar: vec![Similar {
                no: CaseNo(18_273),
                text: lang.pick("弄堂口停满共享单车。", "Shared bikes block the lane.").into(),
                why: lang.pick("昨天，同一个门口，已收到", "yesterday, same doorway, received").into(),
            }],
            ..found
        }
        .render(),
    );
    add(
        "new-errors",
        NewCase {
            hits: DoorwayHits { lang, q: "没有的路".into(), hits: vec![] },
            errors: vec![
                StaffWrong::NoPlace.tell(lang),
                Wrong::TextMissing.tell(lang),
                Wrong::Contact.tell(lang),
            ],
            ..empty
        }
        .render(),
    );
}

/// All of them.
pub(super) fn pages(lang: Lang) -> Vec<Sample> {
    let mut out = vec![];
    let mut add = |name, html: Result<String, askama::Error>| {
        out.push(Sample { name, for_residents: false, html: html.unwrap() });
    };
    new_case(lang, &mut add);

    let search = SearchPage { frame: frame(lang, Nav::Search), ..SearchPage::default() };
    add("search-empty", search.render());
    add("search-none", SearchPage { q: "飞碟".into(), ..search.clone() }.render());
    add(
        "search",
        SearchPage {
            q: lang.pick("单车 弄堂", "bikes").into(),
            rows: rows(lang),
            next: Some("/console/search?q=x&after=y".into()),
            ..search
        }
        .render(),
    );

    let codes = CodesPage {
        frame: frame(lang, Nav::Codes),
        places: vec![Choice::new("20", lang.pick("天平第一片区", "Tianping precinct 1"), "20")],
        scans: Some(1_204),
        ..CodesPage::default()
    };
    add("codes-empty", codes.render());
    let cell = |kind, issue, stopped| CodeCell { kind, issue, stopped };
    let stopped = lang.pick("11月18日（周三）", "Wed 18 Nov");
    add(
        "codes",
        CodesPage {
            q: "太原路".into(),
            rows: (1..4)
                .map(|n| DoorRow {
                    dwellings: n == 1,
                    doorway: n,
                    name: format!(
                        "{} {n}{}",
                        lang.pick("太原路25弄", "Lane 25 Taiyuan Road, no."),
                        lang.pick("号", "")
                    ),
                    board: format!("太原-025-{n}"),
                    codes: vec![
                        cell(CodeKind::Opinion, if n == 2 { 2 } else { 1 }, None),
                        cell(CodeKind::Tenancy, 1, (n == 3).then(|| stopped.into())),
                        cell(CodeKind::Residency, 1, None),
                    ],
                })
                .collect(),
            next: Some("/console/codes?after=4".into()),
            runs: vec![
                PrintRun {
                    what: lang.pick("天平第一片区", "Tianping precinct 1").into(),
                    when: lang.pick("今天上午9:02", "today at 9:02 am").into(),
                    done: 210,
                    total: 331,
                    href: None,
                },
                PrintRun {
                    what: lang.pick("太原居民区", "Taiyuan").into(),
                    when: lang.pick("昨天下午4:10", "yesterday at 4:10 pm").into(),
                    done: 62,
                    total: 62,
                    href: Some("/console/codes/runs/7.pdf".into()),
                },
            ],
            ..codes
        }
        .render(),
    );

    let session = |id: &str, device: &str, here| SessionRow {
        id: id.into(),
        device: device.into(),
        since: lang.pick("昨天上午8:31", "yesterday at 8:31 am").into(),
        last: lang.pick("今天上午9:19", "today at 9:19 am").into(),
        here,
    };
    let mut page = AccountPage {
        frame: frame(lang, Nav::Today),
        login: "shen.yr".into(),
        posts: vec![
            lang.pick("片区调度 · 天平第一片区", "precinct coordinator · Tianping precinct 1").into(),
        ],
        sessions: vec![session("1", "Chrome, Windows", true), session("2", "Safari, iPhone", false)],
    };
    page.frame.here = None;
    add("account", page.render());

    let telling = TellingPage { frame: frame(lang, Nav::Notices), ..TellingPage::default() };
    add("telling-none", telling.render());
    let telling = TellingPage {
        has_email: true,
        has_hook: true,
        email: "wang@example.gov".into(),
        rule_quiet: Some(("20:00".into(), "08:00".into())),
        rule_digest: 10,
        ..telling
    };
    add("telling", telling.render());
    let wrong = lang.pick("请写成 21:00 这样的时间。", "Please write a time such as 21:00.");
    let errors = vec![FieldError { field: "quiet_from", text: wrong.into() }];
    add("telling-error", TellingPage { quiet_from: "9pm".into(), errors, ..telling }.render());

    let system = SystemPage { frame: frame(lang, Nav::System), ..SystemPage::default() };
    add("system-empty", system.render());
    let at = lang.pick("今天上午9:30", "today at 9:30 am");
    add(
        "system",
        SystemPage {
            state: SystemState {
                version: "0.1.0".into(),
                store: "SQLite, 214 MB".into(),
                rows: "12 004 / 61 330".into(),
                sealed: lang.pick("今天凌晨0:05", "today at 12:05 am").into(),
                since: lang.pick("11月20日（周五）晚上10:02", "Fri 20 Nov, 10:02 pm").into(),
            },
            waiting: vec![WaitingRow { kind: "remind".into(), waiting: 312, failing: 0, first: at.into() }],
            failing: vec![JobRow {
                kind: "notify".into(),
                about: "018273-0".into(),
                due: at.into(),
                tries: 2,
                error: "connection refused".into(),
            }],
            tries: [("sent", ""), ("down", "connection refused")]
                .map(|(how, why)| TryRow {
                    when: at.into(),
                    channel: lang.pick("短信或工作群 · 工作人员", "text message or work chat · staff").into(),
                    letter: lang.letter_of(7, 3),
                    outcome: if how == "sent" { lang.letter_sent() } else { lang.letter_again() }.into(),
                    error: why.into(),
                })
                .into(),
            done_today: vec![("remind".into(), 1_022), ("seal_day".into(), 1)],
            seals: vec![SealRow {
                day: "2026-11-22".into(),
                events: 5_611,
                root: "9f3c1a77d2e04b58".repeat(4),
            }],
            ..system
        }
        .render(),
    );

    let burden = BurdenPage {
        frame: frame(lang, Nav::Today),
        once: "77".into(),
        page: "/console/codes".into(),
        ..BurdenPage::default()
    };
    add(
        "burden-error",
        BurdenPage {
            errors: vec![StaffWrong::BurdenMissing.tell(lang)],
            minutes: "30".into(),
            ..burden.clone()
        }
        .render(),
    );
    add(
        "burden-sent",
        BurdenPage {
            sent: true,
            mine: vec![
                BurdenItem {
                    when: lang.pick("今天上午9:19", "today at 9:19 am").into(),
                    page: "/console/codes".into(),
                    text: lang
                        .pick(
                            "每周报一次扫码数，系统里本来就有。",
                            "A weekly count of scans that the system has anyway.",
                        )
                        .into(),
                    answer: None,
                },
                BurdenItem {
                    when: lang.pick("11月2日（周一）", "Mon 2 Nov").into(),
                    page: lang.pick("纸质台账", "paper ledger").into(),
                    text: lang.pick("同样的台账再抄一份。", "Copying the same ledger again.").into(),
                    answer: Some(lang.pick("已经取消。", "It is abolished.").into()),
                },
            ],
            ..burden
        }
        .render(),
    );
    let card = |id, may_answer: bool| BudCard {
        id,
        title: lang.pick("噪声扰民 · 天平银杏片区", "Noise · Tianping Ginkgo precinct").into(),
        facts: vec![
            lang.pick("11次，往常约0.5次 · 从昨天起", "11 reports, usually about 0.5 · since yesterday")
                .into(),
            lang.bud_very_rare().into(),
            lang.bud_where(4),
        ],
        cases: vec![("12113-4".into(), "/console/cases/12113".into())],
        open: may_answer.then(|| "/console/problems/new?case=12113&others=12115+12126".into()),
        may_answer,
        actions: if may_answer {
            vec![BudAction::Open, BudAction::Ask, BudAction::Visit, BudAction::Watch, BudAction::Prepare]
        } else {
            vec![]
        },
        places: vec![(71, lang.pick("太原居民区", "Taiyuan neighbourhood").into())],
        question: lang.bud_question_said(lang.pick("噪声扰民", "Noise")),
        days: ["2026-11-26", "2026-11-25", "2026-12-07"].map(str::to_owned),
        steps: vec![lang.bud_step_visit(
            lang.pick("明天", "tomorrow"),
            lang.pick("太原居民区", "Taiyuan neighbourhood"),
            lang.pick("社工", "the social worker"),
        )],
        circle: true,
        weeks: vec![
            BudWeek {
                name: lang.bud_all_weeks().into(),
                count: 11,
                href: format!("/console/budding#bud-{id}"),
                here: true,
            },
            BudWeek {
                name: lang.bud_last_week().into(),
                count: 4,
                href: format!("/console/budding?week=1#bud-{id}"),
                here: false,
            },
        ],
        rows: vec![BudRow {
            others: 0,
            place: lang.pick("太原居民区", "Taiyuan neighbourhood").into(),
            count: 11,
            when: lang.pick("昨天到今天", "yesterday to today").into(),
            cases: vec![("12113-4".into(), "/console/cases/12113".into())],
        }],
        before: vec![BudBefore {
            name: lang.pick("夜间施工", "Building at night").into(),
            href: "/console/problems/7".into(),
            how: lang.bud_closed_on(lang.pick("11月2日（周一）", "Mon 2 Nov")),
            outcome: lang.pick("改在晚上八点前施工。", "Work now ends at eight.").into(),
        }],
        ..BudCard::default()
    };
    let budding = BuddingPage {
        frame: frame(lang, Nav::Budding),
        cards: vec![card(2, true), card(3, false)],
        figures: lang.bud_figures(6, 3, 2, 1),
        alarms: Some("1".into()),
        earlier: vec![(
            lang.pick("道路 · 天平银杏片区", "Roads · Tianping Ginkgo precinct").into(),
            lang.bud_state_known("修路", "2026-05-01"),
        )],
        ..BuddingPage::default()
    };
    add("budding", budding.render());
    let row = |cells: [&str; 4]| cells.map(str::to_owned).into();
    let figures = BuddingFiguresPage {
        frame: frame(lang, Nav::Budding),
        hint: lang.bud_measured_hint(1),
        head: row([lang.bud_col_month(), lang.bud_col_kind(), lang.bud_col_told(), lang.bud_col_share()]),
        rows: vec![row(["2026-11", lang.bud_all_kinds(), "12", "25 % (9–53 %, n = 12)"])],
        tools: vec![],
    };
    add("budding-figures", figures.render());
    add("budding-empty", BuddingPage { frame: frame(lang, Nav::Budding), ..BuddingPage::default() }.render());
    add(
        "budding-wrong",
        BuddingPage {
            draft: Some((2, [("reason", "修路".into())].into())),
            errors: vec![FieldError { field: "until", text: lang.error_day().into() }],
            ..budding.clone()
        }
        .render(),
    );
    let matter = MatterCard {
        words: "楼道灯、三号楼".into(),
        facts: lang.matter_facts(6, 9, 2, "11-01", "11-20"),
        place: lang.pick("照明 · 太原居民区", "Lighting · Taiyuan neighbourhood").into(),
        text: "三号楼的楼道灯又坏了".into(),
        cases: vec![("100-9".into(), "/console/cases/100".into())],
        open: Some("/console/problems/new?case=100&others=101".into()),
    };
    let matters = MattersPage { frame: frame(lang, Nav::Problems), cards: vec![matter] };
    add("matters", matters.render());
    add("matters-empty", MattersPage { cards: vec![], ..matters }.render());
    let reading = ReadingPage {
        frame: frame(lang, Nav::Reading),
        month: lang.reading_month(2026, 11),
        months: vec![(lang.reading_before().into(), "/console/reading?month=2026-10".into())],
        tools: vec![Tool::export("/console/export/reading.xlsx?month=2026-11", lang)],
        facts: vec![
            lang.reading_sum(120, "84 %"),
            lang.reading_unsure_sum("26 %"),
            lang.reading_returned_sum("3 %"),
        ],
        rows: vec![[lang.pick("噪声", "Noise"), "40", "36", "90 %", "8", "1"].map(Into::into)],
        learnt: vec![Learnt {
            no: "100-9".into(),
            case: "100".into(),
            when: lang.pick("昨天", "yesterday").into(),
            change: lang.reading_change(lang.pick("道路", "Roads"), lang.pick("照明", "Lighting")),
            text: "弄堂口的灯柱歪了".into(),
        }],
        more: Some(lang.reading_more(12)),
    };
    add("reading", reading.render());
    add("reading-empty", ReadingPage { rows: vec![], learnt: vec![], more: None, ..reading }.render());
    let line = |id, number: &str, since: &str, before: Vec<String>| DwellingLine {
        id,
        number: number.into(),
        since: since.into(),
        before,
    };
    let doorway = DoorwayPage {
        frame: frame(lang, Nav::Places),
        doorway: 7,
        address: "太原路25弄3号".into(),
        path: vec![(
            lang.pick("太原居民区", "Taiyuan neighbourhood").into(),
            Some("/console/places?place=9".into()),
        )],
        board: "太原-025-3".into(),
        floors: 3,
        flats: 6,
        ..DoorwayPage::default()
    };
    add("doorway-unknown", DoorwayPage { flats: 0, ..doorway.clone() }.render());
    add(
        "doorway-supposed",
        DoorwayPage { open: vec![line(1, "101", "", vec![])], ..doorway.clone() }.render(),
    );
    add(
        "doorway",
        DoorwayPage {
            listed: true,
            open: vec![
                line(1, "101", "2024-03-01", vec![]),
                line(2, "102A", "2026-03-02", vec![lang.dwelling_was("102", "2024-03-01", "2026-03-02")]),
            ],
            closed: vec![line(3, "亭子间", "2024-03-01 – 2025-01-08", vec![])],
            codes: Some("/console/codes?q=x".into()),
            draft: Some((2, "101".into())),
            errors: vec![web::view::FieldError {
                field: "number",
                text: lang.pick("这个门栋里已经有这个室号。", "This doorway has that number already.").into(),
            }],
            ..doorway
        }
        .render(),
    );
    add(
        "places",
        TablePage {
            frame: frame(lang, Nav::Places),
            title: lang.pick("太原居民区", "Taiyuan neighbourhood").into(),
            hint: lang.places_hint().into(),
            empty: lang.places_empty().into(),
            head: [lang.col_address(), lang.col_board()].map(Into::into).into(),
            rows: vec![vec![Cell::link("太原路25弄3号", "/console/doorways/7"), Cell::text("太原-025-3")]],
            next: Some("/console/places?place=9&after=7".into()),
            tools: vec![Tool::export("/console/export/places.xlsx?place=9", lang)],
        }
        .render(),
    );
    let invite =
        InvitePage {
            lang, district: lang.pick("徐汇区", "Xuhui District").into(), ..InvitePage::default()
        };
    add("sign-in-invite-gone", invite.render());
    add(
        "sign-in-invite",
        InvitePage {
            token: "0123456789abcdef".into(),
            login: "li.hua".into(),
            name: "李华".into(),
            secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into(),
            errors: vec![web::view::FieldError {
                field: "again",
                text: lang.pick("两次输入的密码不一样。", "The two passwords differ.").into(),
            }],
            ..invite
        }
        .render(),
    );
    add("style", StylePage { frame: frame(lang, Nav::Today) }.render());
    out
}
