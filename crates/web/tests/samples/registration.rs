//! Pages of the two registrations, for residents and for staff.

use super::Sample;
use domain::registrations::Kind;
use domain::registrations::forms::{Depth, Form};
use domain::registrations::life::Terms;
use domain::registrations::residency::{self, TypedPerson};
use domain::registrations::tenancy;
use jiff::civil::date;
use web::view::Template;
use web::view::console::Nav;
use web::view::console::registration::{
    DeskPage, DeskRow, DeskVisit, FormPart, FormsPage, HandOffPage, ReceiptRow, RecordPage, RecordPart,
    SumTable, SumsPage,
};
use web::view::resident::Frame;
use web::view::resident::registration::{FindPage, MemberLine, MemberPage, OwnPage, Problem};
use web::view::resident::registration_form::{Base, MOST_LISTED};
use web::words::Lang;

fn form(kind: Kind) -> Form {
    Form { version: 1, ends_on: Some(date(2026, 6, 1)), ..Form::draft(kind).at_depth(Depth::Full, &[]) }
}

fn person(n: usize, id: &str) -> TypedPerson {
    TypedPerson {
        who: "elsewhere".into(),
        name: format!("欧阳试{n}"),
        id: id.into(),
        occupation: "教师".into(),
        ..TypedPerson::default()
    }
}

/// The forms at their heaviest: everybody filled in, everything wrong.
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
    let (residents, lettings) = (form(Kind::Residency), form(Kind::Tenancy));
    let base = |form| Base {
        frame: frame.clone(),
        code: "KX8Q2M9R4T7WDZ3HN5",
        place: lang.pick("天平街道 太原居民区 太原路25弄3号", "Tianping, Taiyuan, lane 25, no. 3").into(),
        once: "9f3c1a77d2e04b589f3c1a77d2e04b58".into(),
        form,
        committee: Some((lang.pick("太原居委会", "Taiyuan Committee").into(), "021-5550-0100".into())),
        dwellings: (1..=MOST_LISTED).map(|n| format!("{n}01")).collect(),
    };
    let now = "2026-03-02T01:00:00Z".parse().unwrap();
    let one = residency::Typed { people: vec![TypedPerson::default()], ..residency::Typed::default() };
    add("registration-empty", base(&residents).household(&one, 0, &[]).render());
    let mut six = residency::Typed {
        people: (0..6).map(|n| person(n, "11010519491231002X")).collect(),
        ..residency::Typed::default()
    };
    six.people[5] = TypedPerson { id: "1".into(), ..TypedPerson::default() };
    add("registration-six", base(&residents).household(&six, 5, &[]).render());
    let mut three = six.clone();
    three.people.truncate(3);
    add("registration-three", base(&residents).household(&three, 2, &[]).render());
    let faults = residency::check(&residents, &six, now, &Terms::default()).err().unwrap();
    add("registration-errors", base(&residents).household(&six, 5, &faults).render());
    let empty = tenancy::Typed::default();
    add("letting-empty", base(&lettings).letting(&empty, &[]).render());
    let wrong = tenancy::Typed {
        id: "1".into(),
        area: "x".into(),
        lessee_phone: "1".into(),
        to: "x".into(),
        ..empty
    };
    let faults = tenancy::check(&lettings, &wrong, now).err().unwrap();
    add("letting-errors", base(&lettings).letting(&wrong, &faults).render());

    let own = |waits: bool| OwnPage {
        frame: frame.clone(),
        once: "9f3c1a77".into(),
        token: "0000000d000qrb8m0yw1g6k41zy0".into(),
        kind: lang.residency_title(),
        place: lang.pick("太原路25弄3号", "Lane 25, no. 3").into(),
        banner: (!waits).then(|| lang.reg_saved()),
        waits: waits.then(|| "*******8000".into()),
        shown: waits.then(|| "770935".into()),
        members: (0..6)
            .map(|n| MemberLine {
                name: "欧**".into(),
                href: format!("/r/0000000d000qrb8m0yw1g6k41zy0/{n}"),
                state: lang.pick("等待核实", "waiting to be verified"),
                told: vec![
                    lang.reg_due_abroad(lang.pick("明天上午9:00前", "by 9:00 am tomorrow")),
                    lang.reg_handed_to(lang.pick("派出所", "the police"), lang.pick("昨天", "yesterday")),
                ],
            })
            .collect(),
        can_end: true,
        link: "https://pianqu.example.cn/r/0000000d000qrb8m0yw1g6k41zy0".into(),
        errors: vec![],
    };
    add("registration-code", own(true).render());
    add("registration-own", own(false).render());
    let asks = base(&residents).household(&one, 0, &[]);
    let member = MemberPage {
        frame: frame.clone(),
        once: "9f3c1a77".into(),
        token: "0000000d000qrb8m0yw1g6k41zy0".into(),
        no: 7,
        name: "欧**".into(),
        state: lang.pick("核实不成", "not verified"),
        told: vec![lang.reg_failed_because(lang.pick("联系不上", "nobody could be reached"))],
        rows: residents
            .fields
            .iter()
            .map(|f| (lang.pick(&f.zh, &f.en).clone(), "**************002X".into()))
            .collect(),
        history: vec![(lang.pick("今天", "today").into(), lang.reg_event_declared()); 8],
        looks: vec![
            lang.reg_looked_line(
                lang.pick("今天", "today"),
                lang.pick("沈依然", "Shen Yiran"),
                lang.pick("核实", "verification")
            );
            8
        ],
        asks: asks.asks,
        can_end: true,
        can_renew: true,
        can_withdraw: true,
        can_delete: true,
        errors: vec![Problem { at: "id0".into(), text: lang.pick("号码不对。", "Wrong.").into() }],
    };
    add("registration-member", member.render());
    let find = FindPage {
        frame,
        once: "9f3c1a77".into(),
        phone: "13800138000".into(),
        sent: true,
        shown: Some("770935".into()),
        found: vec![],
        errors: vec![],
    };
    add("registration-find", find.render());
    out
}

/// Desk, record, hand-offs, sums, forms.
pub(crate) fn office(lang: Lang) -> Vec<Sample> {
    let mut out = vec![];
    let mut add = |name, html: Result<String, askama::Error>| {
        out.push(Sample { name, for_residents: false, html: html.unwrap() });
    };
    let frame = super::console::frame(lang, Nav::Registrations);
    let kind = lang.residency_title();
    let visit = |late| DeskVisit {
        place: lang.pick("太原路25弄3号 301", "Lane 25, no. 3, 301").into(),
        due: (lang.desk_hours(3), late),
        rows: vec![DeskRow {
            no: 7,
            spoken: "000007-7".into(),
            name: "欧**".into(),
            line: format!("{kind} · {} · {}", lang.desk_abroad(), lang.desk_same_as("000003-4")),
        }],
        questions: vec![lang.pick("请问现在一共住几个人？", "How many live here now?").into()],
    };
    add(
        "registrations",
        DeskPage {
            frame: frame.clone(),
            states: vec![
                ("pending", lang.pick("等待核实", "waiting to be verified"), 2, true),
                ("verified", lang.pick("已核实", "verified"), 9, false),
            ],
            links: vec![("/console/registrations/sums", lang.sums_title())],
            verify: true,
            reopen: false,
            groups: vec![(lang.desk_soon(), vec![visit(true)]), (lang.desk_route(), vec![visit(false)])],
            more: true,
        }
        .render(),
    );
    let part = |verify| RecordPart {
        no: 7,
        title: format!("{kind} 000007-7"),
        rows: vec![(lang.pick("姓名", "Name").into(), "欧阳试一".into())],
        verify,
        reopen: !verify,
    };
    let record = RecordPage {
        frame: frame.clone(),
        place: lang.pick("太原路25弄3号 301", "Lane 25, no. 3, 301").into(),
        ask: None,
        opened: vec![part(true), RecordPart { no: 8, ..part(false) }],
        beside: vec![RecordPart { no: 9, ..part(false) }],
        questions: vec![lang.pick("请问现在有人住吗？", "Does somebody live here now?").into()],
        rent: vec![(
            "RENT-4",
            lang.reg_record_hint(),
            lang.pick("人均不到5.00平方米。", "Less than 5.00 m² a head.").into(),
            "居住房屋租赁管理办法第十条".into(),
        )],
        looks: vec![lang.reg_looked_line(
            lang.pick("今天", "today"),
            lang.pick("沈依然", "Shen Yiran"),
            lang.pick("核实", "verification"),
        )],
        reasons: vec![("not_reached", lang.pick("联系不上", "nobody could be reached"))],
        errors: vec![],
    };
    add("registration", record.clone().render());
    add("registration-purpose", RecordPage { ask: Some(7), ..record }.render());
    add(
        "hand-off",
        HandOffPage {
            frame: frame.clone(),
            kinds: vec![("residency", kind, true), ("tenancy", lang.tenancy_title(), false)],
            authority: lang.pick("派出所", "the police").into(),
            basis: "条例第四条".into(),
            receipts: vec![ReceiptRow {
                no: 1,
                title: format!("{} · {}", lang.pick("今天", "today"), lang.hand_count(3)),
                line: lang.pick("派出所 · 条例", "the police").into(),
                digest: ("00ff".into(), "ff00".into()),
                answered: Some(lang.hand_answered(2, 1)),
            }],
            errors: vec![],
        }
        .render(),
    );
    add(
        "registration-sums",
        SumsPage {
            frame: frame.clone(),
            hint: lang.sums_hint(5),
            tables: vec![SumTable {
                title: kind.into(),
                head: vec![lang.filter_place().into(), lang.sums_all().into()],
                rows: vec![(lang.pick("天平", "Tianping").into(), vec![lang.sums_hidden().into()])],
            }],
        }
        .render(),
    );
    let draft = form(Kind::Residency);
    add(
        "registration-forms",
        FormsPage {
            frame,
            forms: vec![FormPart {
                key: "residency",
                title: kind,
                open: lang.forms_open(1, "2026-06-01"),
                cost: Some(lang.forms_cost(8000)),
                fields: draft
                    .fields
                    .iter()
                    .map(|f| {
                        let why = lang.forms_field_why(f.purpose.as_str(), f.legal_basis.as_str());
                        (f.key.clone(), lang.pick(&f.zh, &f.en).clone(), why, lang.forms_lead(), true)
                    })
                    .collect(),
            }],
            errors: vec![],
        }
        .render(),
    );
    out
}
