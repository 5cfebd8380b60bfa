//! Who may do what: roles × territory × unit (design §5).
//!
//! A [`Grant`] gives one person one role for one place, and where the role asks for it one unit. [`may`]
//! answers for a single action on a single thing; lists use [`reach`] to ask the store for no more than
//! may be seen.

use crate::territory::Path;
use crate::{PlaceId, UnitId};
use serde::{Deserialize, Serialize};

macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The stable name in files and the store.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }

            /// The one of that name.
            pub fn from_key(key: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|v| v.key() == key)
            }
        }
    };
}

keyed! {
    /// What a person is, for one place or unit.
    Role {
        /// Works for a residents' committee.
        CommitteeWorker "committee_worker",
        /// Leads a residents' committee.
        CommitteeSecretary "committee_secretary",
        /// Dispatches for a precinct.
        PrecinctCoordinator "precinct_coordinator",
        /// Works in a section of the sub-district, or for a company with a public duty there.
        SectionOfficer "section_officer",
        /// Leads a sub-district.
        SubdistrictLeader "subdistrict_leader",
        /// Works in a department of the district.
        DepartmentOfficer "department_officer",
        /// Works in the district's office for neighbourhood governance.
        DistrictOffice "district_office",
        /// An official paired with a precinct or committee.
        PairedOfficial "paired_official",
        /// Works for the community foundation.
        FoundationOfficer "foundation_officer",
        /// Reads everything that was done, changes nothing.
        Auditor "auditor",
        /// Runs the machine: jobs, backups, configuration. Sees no case.
        SystemAdmin "system_admin",
        /// Gives and takes rights. Sees no case.
        SecurityAdmin "security_admin",
        /// Reads the audit trail. Sees no case.
        AuditAdmin "audit_admin",
    }
}

keyed! {
    /// What can be done by staff. Residents' own doings need no role: their link is their right.
    Action {
        /// See a case and its history.
        SeeCase "see_case",
        /// Type in a slip of paper or a telephone call.
        TakeReport "take_report",
        /// Give a case to a unit, merge it, send it elsewhere, answer a question at once, recall.
        Dispatch "dispatch",
        /// Ring the resident, answer, return: the work of the unit that has the case.
        Handle "handle",
        /// Refer a case up to the precinct.
        Refer "refer",
        /// Park a case, approve more time, decide at the meeting.
        Decide "decide",
        /// Ring back and say what the resident said.
        CallBack "call_back",
        /// Take a list out as a spreadsheet.
        Export "export",
        /// See the original of what was masked; asks for a purpose from above.
        Unmask "unmask",
        /// See, add, rename and close the dwellings behind a doorway.
        KeepDwellings "keep_dwellings",
        /// See, issue, revoke and print door codes.
        ManageCodes "manage_codes",
        /// Import rosters of places, doorways, units and duties.
        ManageRosters "manage_rosters",
        /// Give and take roles, reset second factors.
        ManageStaff "manage_staff",
        /// See a problem with its plan and whistles.
        SeeProblem "see_problem",
        /// Open a problem, plan it, settle it, hold the precinct's meeting.
        Plan "plan",
        /// Call departments, accept what they did.
        Whistle "whistle",
        /// Do a unit's part of a plan, and answer when it is called.
        TakePart "take_part",
        /// Rule on whether a called unit must come.
        Rule "rule",
        /// See jobs and the state of the machine.
        SeeSystem "see_system",
        /// See the events and the seals.
        SeeAudit "see_audit",
        /// See sums, never a single person's.
        SeeSums "see_sums",
        /// Verify registrations, and open one of the own neighbourhood.
        VerifyRegistrations "verify_registrations",
        /// Hand verified registrations off to the authority that owns the register.
        HandOff "hand_off",
        /// Publish the forms of the two registrations.
        PublishForms "publish_forms",
        /// See how the district is divided into precincts.
        SeePrecincts "see_precincts",
        /// Draw precincts: propose, draft, adopt.
        DrawPrecincts "draw_precincts",
    }
}

impl Role {
    /// What it is called in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Role::CommitteeWorker => "居委会社工",
            Role::CommitteeSecretary => "居民区书记",
            Role::PrecinctCoordinator => "片区调度",
            Role::SectionOfficer => "科室经办",
            Role::SubdistrictLeader => "街镇领导",
            Role::DepartmentOfficer => "区级部门经办",
            Role::DistrictOffice => "区治理办",
            Role::PairedOfficial => "结对干部",
            Role::FoundationOfficer => "基金会",
            Role::Auditor => "审计",
            Role::SystemAdmin => "系统管理员",
            Role::SecurityAdmin => "安全管理员",
            Role::AuditAdmin => "审计管理员",
        }
    }

    /// And in English.
    pub fn en(self) -> &'static str {
        match self {
            Role::CommitteeWorker => "committee worker",
            Role::CommitteeSecretary => "committee secretary",
            Role::PrecinctCoordinator => "precinct coordinator",
            Role::SectionOfficer => "section officer",
            Role::SubdistrictLeader => "sub-district leader",
            Role::DepartmentOfficer => "department officer",
            Role::DistrictOffice => "district office",
            Role::PairedOfficial => "paired official",
            Role::FoundationOfficer => "foundation officer",
            Role::Auditor => "auditor",
            Role::SystemAdmin => "system administrator",
            Role::SecurityAdmin => "security administrator",
            Role::AuditAdmin => "audit administrator",
        }
    }

    /// Whether any of its rights goes as far as a reach.
    fn has(self, reach: Reach) -> bool {
        Action::ALL.iter().any(|a| reach_of(self, *a) == reach)
    }

    /// Whether it is for a place.
    pub fn is_for_a_place(self) -> bool {
        self.has(Reach::OwnPlace)
    }

    /// Whether it is for a unit.
    pub fn is_for_a_unit(self) -> bool {
        self.has(Reach::OwnUnit)
    }

    /// The three that are kept apart: from each other, and from all work with cases.
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
    }
}

/// How far a role's right to an action goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// What is with the person's own unit.
    OwnUnit,
    /// What lies in the person's own place, at whatever level that is.
    OwnPlace,
    /// The whole district.
    District,
}

/// How far `role` may do `action`. The table is printed and committed (docs/access.md).
pub fn reach_of(role: Role, action: Action) -> Reach {
    use Action as A;
    use Reach::{District, Nothing, OwnPlace, OwnUnit};
    use Role as R;
    match (role, action) {
        (
            R::CommitteeWorker | R::CommitteeSecretary | R::PrecinctCoordinator | R::SubdistrictLeader,
            A::KeepDwellings,
        ) => OwnPlace,
        (R::DistrictOffice, A::KeepDwellings) => District,
        (
            R::CommitteeWorker,
            A::SeeCase | A::TakeReport | A::Export | A::SeeProblem | A::VerifyRegistrations,
        ) => OwnPlace,
        (R::CommitteeWorker, A::Handle | A::Refer | A::TakePart) => OwnUnit,
        (
            R::CommitteeSecretary,
            A::SeeCase
            | A::TakeReport
            | A::Export
            | A::Unmask
            | A::ManageCodes
            | A::SeeSums
            | A::SeeProblem
            | A::VerifyRegistrations,
        ) => OwnPlace,
        (R::CommitteeSecretary, A::Handle | A::Refer | A::TakePart) => OwnUnit,
        (
            R::PrecinctCoordinator,
            A::SeeCase
            | A::TakeReport
            | A::Dispatch
            | A::Decide
            | A::CallBack
            | A::Export
            | A::Unmask
            | A::ManageCodes
            | A::SeeSums
            | A::SeeProblem
            | A::Plan
            | A::Whistle,
        ) => OwnPlace,
        (
            R::SectionOfficer | R::DepartmentOfficer,
            A::SeeCase | A::Handle | A::Export | A::Unmask | A::SeeProblem | A::TakePart,
        ) => OwnUnit,
        (
            R::SubdistrictLeader,
            A::SeeCase
            | A::TakeReport
            | A::Dispatch
            | A::Decide
            | A::CallBack
            | A::Export
            | A::Unmask
            | A::ManageCodes
            | A::SeeSums
            | A::SeeProblem
            | A::Plan
            | A::Whistle
            | A::Rule
            | A::HandOff
            | A::SeePrecincts,
        ) => OwnPlace,
        (
            R::DistrictOffice,
            A::SeeCase
            | A::TakeReport
            | A::CallBack
            | A::Export
            | A::Unmask
            | A::ManageCodes
            | A::ManageRosters
            | A::SeeSums
            | A::SeeProblem
            | A::Rule
            | A::HandOff
            | A::PublishForms
            | A::SeePrecincts
            | A::DrawPrecincts,
        ) => District,
        (R::PairedOfficial, A::SeeCase | A::TakeReport | A::SeeSums | A::SeeProblem) => OwnPlace,
        (R::FoundationOfficer, A::SeeSums) => District,
        (R::Auditor, A::SeeAudit | A::SeeSums) => District,
        (R::SystemAdmin, A::SeeSystem) => District,
        (R::SecurityAdmin, A::ManageStaff) => District,
        (R::AuditAdmin, A::SeeAudit) => District,
        _ => Nothing,
    }
}

/// One role given to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// For this place; `None` is the whole district.
    pub place: Option<PlaceId>,
    /// For this unit, where the role works for one.
    pub unit: Option<UnitId>,
}

/// What is acted on: where it lies, and with which units it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target {
    /// Where it lies.
    pub path: Path,
    /// The unit that has it now.
    pub unit: Option<UnitId>,
}

/// Whether somebody with these grants may do `action` on `target`.
pub fn may(grants: &[Grant], action: Action, target: &Target) -> bool {
    grants.iter().any(|g| match reach_of(g.role, action) {
        Reach::Nothing => false,
        Reach::District => true,
        Reach::OwnPlace => g.place.is_none_or(|place| target.path.lies_in(place)),
        Reach::OwnUnit => g.unit.is_some() && g.unit == target.unit,
    })
}

/// Whether somebody with these grants may do `action` anywhere at all: what decides if a page is offered.
pub fn may_somewhere(grants: &[Grant], action: Action) -> bool {
    grants.iter().any(|g| match reach_of(g.role, action) {
        Reach::Nothing => false,
        Reach::OwnUnit => g.unit.is_some(),
        Reach::OwnPlace | Reach::District => true,
    })
}

/// What a list may show: everything, or what lies in any of the places or is with any of the units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Everything in the district.
    pub all: bool,
    /// What lies in these places.
    pub places: Vec<PlaceId>,
    /// What is with these units.
    pub units: Vec<UnitId>,
}

impl Scope {
    /// Nothing may be seen.
    pub fn is_empty(&self) -> bool {
        !self.all && self.places.is_empty() && self.units.is_empty()
    }
}

/// How far a list of `action`-able things goes for these grants.
pub fn scope(grants: &[Grant], action: Action) -> Scope {
    let mut scope = Scope::default();
    for g in grants {
        match (reach_of(g.role, action), g.place, g.unit) {
            (Reach::Nothing, ..) => {}
            (Reach::District, ..) | (Reach::OwnPlace, None, _) => scope.all = true,
            (Reach::OwnPlace, Some(place), _) => scope.places.push(place),
            (Reach::OwnUnit, _, unit) => scope.units.extend(unit),
        }
    }
    scope.places.sort_unstable();
    scope.places.dedup();
    scope.units.sort_unstable();
    scope.units.dedup();
    scope
}

/// The role × action matrix as a Markdown table, for docs/access.md.
pub fn matrix() -> String {
    let mut out = String::from("| role |");
    for a in Action::ALL {
        out += &format!(" {} |", a.key());
    }
    out += "\n|---|";
    out += &"---|".repeat(Action::ALL.len());
    for r in Role::ALL {
        out += &format!("\n| {} |", r.key());
        for a in Action::ALL {
            out += match reach_of(*r, *a) {
                Reach::Nothing => " – |",
                Reach::OwnUnit => " unit |",
                Reach::OwnPlace => " place |",
                Reach::District => " district |",
            };
        }
    }
    out + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_grant() -> impl Strategy<Value = Grant> {
        (0..Role::ALL.len(), prop::option::of(0i64..5), prop::option::of(0i64..5))
            .prop_map(|(r, p, u)| Grant { role: Role::ALL[r], place: p.map(PlaceId), unit: u.map(UnitId) })
    }

    proptest! {
        /// A list never shows what a single look would refuse, and hides nothing that it would allow.
        #[test]
        fn lists_and_single_looks_agree(
            grants in prop::collection::vec(any_grant(), 0..4),
            path in prop::collection::vec(0i64..5, 0..4),
            unit in prop::option::of(0i64..5),
            action in 0..Action::ALL.len(),
        ) {
            let action = Action::ALL[action];
            let path: Vec<PlaceId> = path.into_iter().map(PlaceId).collect();
            let target = Target { path: Path::of(&path), unit: unit.map(UnitId) };
            let s = scope(&grants, action);
            let listed = s.all
                || s.places.iter().any(|p| target.path.lies_in(*p))
                || target.unit.is_some_and(|u| s.units.contains(&u));
            prop_assert_eq!(listed, may(&grants, action, &target));
        }
    }

    #[test]
    fn the_three_administrators_see_no_case() {
        for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
            for action in [Action::SeeCase, Action::Unmask, Action::Export, Action::Handle] {
                assert_eq!(reach_of(role, action), Reach::Nothing, "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn what_a_post_is_for() {
        for role in Role::ALL {
            let unit = matches!(
                role,
                Role::CommitteeWorker
                    | Role::CommitteeSecretary
                    | Role::SectionOfficer
                    | Role::DepartmentOfficer
            );
            assert_eq!(role.is_for_a_unit(), unit, "{role:?}");
            assert!(!(role.is_administrator() && (role.is_for_a_place() || unit)), "{role:?}");
        }
        assert!(Role::PairedOfficial.is_for_a_place() && !Role::SectionOfficer.is_for_a_place());
    }

    #[test]
    fn no_role_both_handles_and_calls_back() {
        for role in Role::ALL {
            let handles = reach_of(*role, Action::Handle) != Reach::Nothing;
            let calls = reach_of(*role, Action::CallBack) != Reach::Nothing;
            assert!(!(handles && calls), "{role:?} would check its own work");
        }
    }
}
