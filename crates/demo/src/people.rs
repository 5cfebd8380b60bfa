//! Units with their lists of duties, and staff of every role; all invented after the usual shape of a district.

use crate::chance::Chance;
use crate::district::{PRECINCTS, Place};
use domain::access::{Grant, Role};
use domain::units::{Duty, Unit, UnitKind};
use domain::{PlaceId, StaffId, UnitId};

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Their number.
    pub id: StaffId,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their roles.
    pub grants: Vec<Grant>,
    /// One of those that the demo shows: [`SHOWCASE`].
    pub showcase: bool,
}

/// The logins that the demo shows: one for every role, all in the first precinct's chain.
pub const SHOWCASE: [&str; 13] = [
    "worker",
    "secretary",
    "coordinator",
    "section",
    "leader",
    "department",
    "office",
    "paired",
    "foundation",
    "auditor",
    "sysadmin",
    "secadmin",
    "auditadmin",
];

/// A kind of unit that every sub-district has: name, English name, subjects with rank and basis.
type Sort = (&'static str, &'static str, &'static [(&'static str, i64)]);

const SECTIONS: &[Sort] = &[
    (
        "社区管理办公室",
        "Community Management Office",
        &[("property", 1), ("elevators", 2), ("facilities", 2), ("pets", 2), ("parking", 2)],
    ),
    (
        "社区平安办公室",
        "Community Safety Office",
        &[("safety", 1), ("rental_crowding", 1), ("neighbours", 2), ("noise", 2)],
    ),
    (
        "社区服务办公室",
        "Community Service Office",
        &[("elderly", 1), ("children", 1), ("disability", 1), ("pests", 1)],
    ),
    (
        "城市建设管理事务中心",
        "Urban Maintenance Centre",
        &[
            ("roads", 1),
            ("lighting", 1),
            ("greening", 1),
            ("facilities", 1),
            ("water_sewage", 1),
            ("waste", 1),
            ("shared_bikes", 1),
            ("parking", 1),
        ],
    ),
    (
        "综合行政执法队",
        "Law Enforcement Team",
        &[
            ("unlicensed_trade", 1),
            ("construction", 1),
            ("smoke", 1),
            ("noise", 1),
            ("pets", 1),
            ("waste", 2),
        ],
    ),
    (
        "社区事务受理服务中心",
        "Community Affairs Centre",
        &[("labour", 1), ("consumer", 1), ("question", 2), ("praise", 2), ("other", 1)],
    ),
];

const DEPARTMENTS: &[Sort] = &[
    (
        "区房屋管理局",
        "Housing Bureau",
        &[("property", 3), ("elevators", 3), ("construction", 3), ("rental_crowding", 2)],
    ),
    (
        "区绿化和市容管理局",
        "Greening and City Appearance Bureau",
        &[("greening", 3), ("waste", 3), ("unlicensed_trade", 3)],
    ),
    (
        "区建设和管理委员会",
        "Construction Commission",
        &[("roads", 3), ("lighting", 3), ("parking", 3), ("facilities", 3)],
    ),
    ("区水务管理所", "Water Authority", &[("water_sewage", 3)]),
    ("区生态环境局", "Ecology and Environment Bureau", &[("smoke", 3), ("noise", 3)]),
    (
        "区市场监督管理局",
        "Market Regulation Bureau",
        &[("elevators", 1), ("consumer", 2), ("unlicensed_trade", 2), ("smoke", 2)],
    ),
    ("公安分局交警支队", "Traffic Police", &[("parking", 4), ("shared_bikes", 3), ("roads", 4)]),
    (
        "公安分局治安支队",
        "Public Order Police",
        &[("noise", 4), ("pets", 3), ("rental_crowding", 3), ("neighbours", 3)],
    ),
    ("区消防救援支队", "Fire and Rescue", &[("safety", 2)]),
    ("区应急管理局", "Emergency Management Bureau", &[("safety", 3)]),
    ("区民政局", "Civil Affairs Bureau", &[("elderly", 2), ("disability", 3)]),
    ("区教育局", "Education Bureau", &[("children", 2)]),
    ("区残疾人联合会", "Disabled Persons' Federation", &[("disability", 2)]),
    ("区卫生健康委员会", "Health Commission", &[("elderly", 3), ("pests", 3)]),
    ("区疾病预防控制中心", "Disease Control Centre", &[("pests", 2)]),
    ("区人力资源和社会保障局", "Labour and Social Security Bureau", &[("labour", 2)]),
    ("区司法局", "Justice Bureau", &[("neighbours", 4)]),
    ("区体育局", "Sports Bureau", &[("facilities", 4)]),
    ("区商务委员会", "Commerce Commission", &[("consumer", 3)]),
    ("区信访办公室", "Petition Office", &[("other", 2)]),
    ("区行政服务中心", "Administrative Service Centre", &[("question", 3)]),
    ("区城市运行管理中心", "City Operations Centre", &[("other", 3), ("shared_bikes", 4)]),
];

const UTILITIES: &[Sort] = &[
    ("自来水服务公司", "Water Company", &[("water_sewage", 2)]),
    ("供电服务公司", "Power Company", &[("lighting", 4), ("safety", 4)]),
    ("路灯管理所", "Street Lighting", &[("lighting", 2)]),
    ("共享单车联合运维", "Shared Bike Operators", &[("shared_bikes", 2)]),
];

/// What stands on a committee's own list.
const COMMITTEE: &[(&str, i64)] =
    &[("neighbours", 1), ("question", 1), ("praise", 1), ("elderly", 4), ("children", 3)];

fn basis(kind: UnitKind) -> (&'static str, &'static str) {
    match kind {
        UnitKind::Committee => ("在居委会依法协助事项清单内", "on the committee's list of matters"),
        UnitKind::Section => {
            ("在街镇权责清单内", "lead matter on the sub-district's list of powers and duties")
        }
        UnitKind::Department => ("属区级部门“三定”职责", "statutory remit of the district department"),
        UnitKind::Property => ("物业服务合同有约定", "agreed in the property service contract"),
        UnitKind::Utility => {
            ("属公共服务企业供应与养护责任", "duty of supply and upkeep of the public utility")
        }
    }
}

/// Units and their lists of duties.
pub(crate) fn units(places: &[Place]) -> (Vec<Unit>, Vec<Duty>) {
    let (mut units, mut duties) = (Vec::new(), Vec::new());
    let mut add =
        |id: i64, kind: UnitKind, zh: String, en: String, place: Option<PlaceId>, list: &[(&str, i64)]| {
            let id = UnitId(id);
            // Invented, and plainly so: no such exchange is in use.
            let phone = format!("021-5550{:04}", id.0 % 10_000);
            units.push(Unit { id, kind, zh: zh.clone(), en: en.clone(), place, phone });
            let (why_zh, why_en) = basis(kind);
            for (subject, rank) in list {
                let name = domain::subjects::by_code(subject);
                duties.push(Duty {
                    unit: id,
                    subject: (*subject).to_owned(),
                    rank: *rank,
                    zh: format!("{}：{why_zh}。", name.map_or("", |s| s.zh)),
                    en: format!("{}: {why_en}.", name.map_or("", |s| s.en)),
                });
            }
        };
    for p in places {
        match p.depth {
            1 => {
                let zh = p.zh.trim_end_matches("街道").trim_end_matches('镇');
                for (k, (name, en, list)) in (1..).zip(SECTIONS) {
                    add(
                        10_000 + p.id.0 * 10 + k,
                        UnitKind::Section,
                        format!("{zh}{name}"),
                        format!("{} {en}", p.en),
                        Some(p.id),
                        list,
                    );
                }
            }
            2 => {
                let zh = p.zh.trim_end_matches("片区");
                let list = &[("property", 2), ("elevators", 4), ("lighting", 5)];
                add(
                    30_000 + p.id.0,
                    UnitKind::Property,
                    format!("{zh}物业服务公司"),
                    format!("{} Property Services", p.en),
                    Some(p.id),
                    list,
                );
            }
            _ => {
                let zh = format!("{}居委会", p.zh.trim_end_matches("居民区"));
                let en = format!("{} Committee", p.en.trim_end_matches(" Neighbourhood"));
                add(p.id.0, UnitKind::Committee, zh, en, Some(p.id), COMMITTEE);
            }
        }
    }
    for (k, (zh, en, list)) in (1..).zip(DEPARTMENTS) {
        add(20_000 + k, UnitKind::Department, (*zh).to_owned(), (*en).to_owned(), None, list);
    }
    for (k, (zh, en, list)) in (1..).zip(UTILITIES) {
        add(25_000 + k, UnitKind::Utility, (*zh).to_owned(), (*en).to_owned(), None, list);
    }
    (units, duties)
}

const SURNAMES: &str = "赵钱孙李周吴郑王冯陈沈韩杨朱秦许何吕张曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马方俞任袁柳唐薛雷贺倪汤罗郝毕安常乐于时傅齐康伍余顾孟黄和穆萧尹";
const GIVEN: &[&str] = &[
    "建国", "秀英", "伟", "丽华", "晓明", "文静", "志强", "雅琴", "海波", "美芳", "思远", "佳怡", "国平",
    "慧敏", "俊杰", "晨曦", "永康", "素珍", "一鸣", "婷婷", "立新", "玉兰", "子涵", "春燕", "学军", "月娥",
    "浩然", "静怡", "广明", "小红",
];

/// Staff of every role.
pub(crate) fn staff(places: &[Place], units: &[Unit], chance: &mut Chance) -> Vec<Staff> {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let mut out: Vec<Staff> = Vec::new();
    let mut add = |login: String, grants: Vec<Grant>, showcase: bool| {
        let id = StaffId(i64::try_from(out.len()).unwrap_or(0) + 1);
        let name = format!("{}{}", chance.of(&surnames), chance.of(GIVEN));
        out.push(Staff { id, login, name, grants, showcase });
    };
    let grant = |role, place: Option<PlaceId>, unit: Option<UnitId>| vec![Grant { role, place, unit }];
    // The chain that the demo shows: the first precinct and all above it.
    let precinct = PlaceId(PRECINCTS + 1);
    let sub = places.iter().find(|p| p.id == precinct).and_then(|p| p.parent);
    let home = places.iter().find(|p| p.parent == Some(precinct)).map(|p| p.id);
    let committee = home.map(|p| UnitId(p.0));
    let section = sub.map(|s| UnitId(10_000 + s.0 * 10 + 4));
    let show: [(Role, Option<PlaceId>, Option<UnitId>); 13] = [
        (Role::CommitteeWorker, home, committee),
        (Role::CommitteeSecretary, home, committee),
        (Role::PrecinctCoordinator, Some(precinct), None),
        (Role::SectionOfficer, sub, section),
        (Role::SubdistrictLeader, sub, None),
        (Role::DepartmentOfficer, None, Some(UnitId(20_002))),
        (Role::DistrictOffice, None, None),
        (Role::PairedOfficial, Some(precinct), None),
        (Role::FoundationOfficer, None, None),
        (Role::Auditor, None, None),
        (Role::SystemAdmin, None, None),
        (Role::SecurityAdmin, None, None),
        (Role::AuditAdmin, None, None),
    ];
    for (login, (role, place, unit)) in SHOWCASE.iter().zip(show) {
        add((*login).to_owned(), grant(role, place, unit), true);
    }
    for p in places {
        match p.depth {
            1 => add(format!("leader-{}", p.id), grant(Role::SubdistrictLeader, Some(p.id), None), false),
            2 => add(
                format!("coordinator-{}", p.id.0 - PRECINCTS),
                grant(Role::PrecinctCoordinator, Some(p.id), None),
                false,
            ),
            _ => {
                let unit = Some(UnitId(p.id.0));
                add(
                    format!("worker-{}", p.id.0 - 1_000),
                    grant(Role::CommitteeWorker, Some(p.id), unit),
                    false,
                );
                add(
                    format!("secretary-{}", p.id.0 - 1_000),
                    grant(Role::CommitteeSecretary, Some(p.id), unit),
                    false,
                );
            }
        }
    }
    for u in units.iter().filter(|u| u.kind != UnitKind::Committee) {
        let role = if u.place.is_some() { Role::SectionOfficer } else { Role::DepartmentOfficer };
        add(format!("officer-{}", u.id), grant(role, u.place, Some(u.id)), false);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::District;
    use domain::proposing::{Candidate, History, Hours, Matter, rank};
    use domain::territory::Path;
    use std::collections::{HashMap, HashSet};

    /// Whatever is reported wherever it is, somebody competent is there.
    #[test]
    fn every_subject_has_a_unit_everywhere() {
        let d = District::xuhui(7);
        let units: HashMap<_, _> = d.units.iter().map(|u| (u.id, u)).collect();
        for s in domain::subjects::ALL {
            let duties: Vec<_> = d.duties.iter().filter(|x| x.subject == s.code).collect();
            assert!(duties.iter().all(|x| x.zh.starts_with(s.zh) && x.en.starts_with(s.en)));
            for p in d.places.iter().filter(|p| p.depth == 3) {
                let precinct = d.place(p.parent.unwrap()).unwrap();
                let path = Path::of(&[precinct.parent.unwrap(), precinct.id, p.id]);
                let candidates: Vec<Candidate<'_>> = duties
                    .iter()
                    .map(|duty| Candidate { unit: units[&duty.unit], duty, open: 0, at: None })
                    .filter(|c| c.unit.place.is_none_or(|at| path.lies_in(at)))
                    .collect();
                let matter = Matter { subject: s.code, path: &path, hours: Hours::Off, at: None };
                let ranked = rank(&matter, &candidates, &History::default(), 0);
                assert!(!ranked.is_empty(), "{} in {}", s.code, p.zh);
            }
        }
    }

    /// Those whom the demo shows sit in one chain: what is reported at the first door, each of them can meet.
    #[test]
    fn the_showcase_is_one_chain() {
        let d = District::xuhui(7);
        let home = d.place(d.doorways[0].place).unwrap();
        let precinct = d.place(home.parent.unwrap()).unwrap();
        let path = Path::of(&[precinct.parent.unwrap(), precinct.id, home.id]);
        let shown: Vec<_> = d.staff.iter().filter(|s| s.showcase).collect();
        for (who, role) in shown.iter().zip(domain::access::Role::ALL) {
            let g = who.grants[0];
            assert_eq!(g.role, *role, "{}", who.login);
            assert!(g.place.is_none_or(|at| path.lies_in(at)), "{}", who.login);
            let unit = g.unit.and_then(|u| d.units.iter().find(|x| x.id == u));
            assert_eq!(unit.is_some(), g.unit.is_some());
            assert!(unit.and_then(|u| u.place).is_none_or(|at| path.lies_in(at)), "{}", who.login);
        }
        assert_eq!(shown.len(), domain::access::Role::ALL.len());
    }

    #[test]
    fn logins_and_units_are_told_apart() {
        let d = District::xuhui(7);
        let logins: HashSet<&str> = d.staff.iter().map(|s| s.login.as_str()).collect();
        assert_eq!(logins.len(), d.staff.len());
        let units: HashSet<_> = d.units.iter().map(|u| u.id).collect();
        assert_eq!(units.len(), d.units.len());
        assert_eq!(d.staff.iter().filter(|s| s.showcase).count(), 13);
    }
}
