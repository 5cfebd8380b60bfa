//! What every page needs and what seldom changes: places, units, duties, roles. Held in memory, replaced as a
//! whole when a roster changes.

use domain::access::Grant;
use domain::proposing::{Candidate, History, Hours, Matter, Ranked, rank};
use domain::territory::{Levels, Part, Path};
use domain::units::{Duty, Unit, UnitKind};
use domain::{PlaceId, StaffId, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use store::territory::PlaceRow;
use store::{StoreError, Tx};

/// Whoever lives in the parts of a place lives in it: the sum goes with its parts, on whatever day they came.
fn add_up(places: &mut [PlaceRow]) {
    let deepest = places.iter().map(|p| p.depth).max().unwrap_or(0);
    for depth in (1..deepest).rev() {
        let mut sums: HashMap<PlaceId, u32> = HashMap::new();
        for p in places.iter().filter(|p| p.depth == depth + 1) {
            if let Some(parent) = p.parent {
                *sums.entry(parent).or_default() += p.residents;
            }
        }
        // A place of which no parts are known keeps what it was brought in with.
        for p in places.iter_mut().filter(|p| p.depth == depth) {
            p.residents = sums.get(&p.id).copied().filter(|n| *n > 0).unwrap_or(p.residents);
        }
    }
}

/// The district as it is today.
#[derive(Debug, Default)]
pub struct Directory {
    edition: i64,
    places: HashMap<PlaceId, PlaceRow>,
    past: HashMap<PlaceId, PlaceRow>,
    on: Date,
    last_place: i64,
    order: Vec<PlaceId>,
    units: HashMap<UnitId, Unit>,
    duties: HashMap<String, Vec<Duty>>,
    staff: HashMap<StaffId, (String, Vec<Grant>)>,
    /// Square metres and a point inside of the neighbourhoods that were surveyed.
    pub(crate) outlined: BTreeMap<PlaceId, (i64, [i32; 2])>,
    /// Who borders on whom there, and over how many metres.
    pub(crate) borders: Vec<(PlaceId, PlaceId, i64)>,
    /// The district's name in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// Its internet address as residents type it.
    pub domain: String,
    /// Whom to ring when nothing else helps.
    pub helpline: String,
    /// The levels between the district and the doorway.
    pub levels: Option<Levels>,
}

impl Directory {
    /// Reads the district as it is at `now`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn load(tx: &mut Tx<'_>, now: Timestamp) -> Result<Directory, StoreError> {
        let on = domain::cases::local_date(now);
        // First: what changes while the rest is read makes a next edition.
        let edition = tx.edition()?;
        let mut places = tx.places(on)?;
        add_up(&mut places);
        let past = tx.past_places(on)?.into_iter().map(|p| (p.id, p)).collect();
        let last_place = tx.last_place()?;
        let mut duties: HashMap<String, Vec<Duty>> = HashMap::new();
        for duty in tx.duties()? {
            duties.entry(duty.subject.clone()).or_default().push(duty);
        }
        let mut staff = HashMap::new();
        let mut grants = tx.all_grants(now)?;
        for (id, _, name) in tx.staff()? {
            staff.insert(id, (name, grants.remove(&id).unwrap_or_default()));
        }
        let mut setting = |key: &str| Ok::<_, StoreError>(tx.setting(key)?.unwrap_or_default());
        let levels =
            serde_json::from_str::<Vec<_>>(&setting("levels")?).ok().and_then(|l| Levels::new(l).ok());
        let (zh, en) = (setting("name.zh")?, setting("name.en")?);
        let (domain, helpline) = (setting("domain")?, setting("helpline")?);
        Ok(Directory {
            edition,
            past,
            on,
            last_place,
            order: places.iter().map(|p| p.id).collect(),
            places: places.into_iter().map(|p| (p.id, p)).collect(),
            outlined: tx.outlined()?.into_iter().map(|(p, area, at)| (p, (area, at))).collect(),
            borders: tx.borders()?,
            units: tx.units()?.into_iter().map(|u| (u.id, u)).collect(),
            duties,
            staff,
            zh,
            en,
            domain,
            helpline,
            levels: Some(levels.unwrap_or_else(Levels::standard)),
        })
    }

    /// A district of which only the places are known, in their order: enough to look for what is budding.
    pub fn of_places(places: Vec<PlaceRow>) -> Directory {
        Directory {
            order: places.iter().map(|p| p.id).collect(),
            places: places.into_iter().map(|p| (p.id, p)).collect(),
            levels: Some(Levels::standard()),
            ..Directory::default()
        }
    }

    /// The day on which the district is like this: memberships of places change with the day.
    pub fn on(&self) -> Date {
        self.on
    }

    /// Which edition of the store's this is: see [`store::Tx::edition`].
    pub(crate) fn edition(&self) -> i64 {
        self.edition
    }

    /// The highest number that a place ever had or will have.
    pub fn last_place(&self) -> i64 {
        self.last_place
    }

    /// One place; one that is there no more too, because old cases go on naming it.
    pub fn place(&self, id: PlaceId) -> Option<&PlaceRow> {
        self.places.get(&id).or_else(|| self.past.get(&id))
    }

    /// Whether a place is there today.
    pub fn is_there(&self, id: PlaceId) -> bool {
        self.places.contains_key(&id)
    }

    /// All places, top level first.
    pub fn places(&self) -> impl Iterator<Item = &PlaceRow> {
        self.order.iter().filter_map(|id| self.places.get(id))
    }

    /// The places right below one.
    pub fn children(&self, of: Option<PlaceId>) -> impl Iterator<Item = &PlaceRow> {
        self.places().filter(move |p| p.parent == of)
    }

    /// The depth of a place, 0 if unknown.
    pub fn depth(&self, id: PlaceId) -> usize {
        self.place(id).map_or(0, |p| p.depth)
    }

    /// The places that one lies in, top first, itself last.
    pub fn path(&self, id: PlaceId) -> Path {
        let mut up = Vec::new();
        let mut at = Some(id);
        while let Some(place) = at.and_then(|id| self.place(id)) {
            up.push(place.id);
            at = place.parent;
            if up.len() > domain::territory::MAX_LEVELS {
                break;
            }
        }
        up.reverse();
        Path::of(&up)
    }

    /// The names of a path, top first.
    pub fn names(&self, path: &Path, chinese: bool) -> Vec<String> {
        path.0
            .iter()
            .flatten()
            .map(|id| {
                self.place(*id)
                    .map_or_else(|| format!("#{id}"), |p| if chinese { p.zh.clone() } else { p.en.clone() })
            })
            .collect()
    }

    /// The place of a path that plays a part, such as the precinct that dispatches.
    pub fn part(&self, path: &Path, part: Part) -> Option<PlaceId> {
        path.at(self.levels.as_ref()?.depth_of(part)?)
    }

    /// Whether a place is a neighbourhood: what one committee serves.
    pub fn is_neighbourhood(&self, id: PlaceId) -> bool {
        self.part(&self.path(id), Part::Committee) == Some(id)
    }

    /// The committee that serves a neighbourhood.
    pub fn committee_of(&self, neighbourhood: PlaceId) -> Option<UnitId> {
        let serves = |u: &&Unit| u.kind == UnitKind::Committee && u.place == Some(neighbourhood);
        self.units.values().filter(serves).map(|u| u.id).min()
    }

    /// One unit.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// All units, by number.
    pub fn units(&self) -> Vec<&Unit> {
        let mut all: Vec<&Unit> = self.units.values().collect();
        all.sort_by_key(|u| u.id);
        all
    }

    /// The units on whose list of duties a subject stands.
    pub fn duties(&self, subject: &str) -> &[Duty] {
        self.duties.get(subject).map_or(&[], Vec::as_slice)
    }

    /// Whether a subject is off a committee's published list (then it is never lead for it).
    pub fn is_off_list(&self, unit: UnitId, subject: &str) -> bool {
        let is_committee = self.unit(unit).is_some_and(|u| u.kind == UnitKind::Committee);
        is_committee && !self.duties(subject).iter().any(|d| d.unit == unit)
    }

    /// The units with a subject on their list and jurisdiction over a place.
    pub(crate) fn able(&self, subject: &str, path: &Path) -> impl Iterator<Item = UnitId> {
        let here = |unit: &Unit| unit.place.is_none_or(|p| path.0.contains(&Some(p)));
        self.duties(subject).iter().filter_map(|d| self.unit(d.unit)).filter(move |u| here(u)).map(|u| u.id)
    }

    /// The units with a subject on their list, each as a candidate with its open cases.
    pub(crate) fn candidates(&self, subject: &str, loads: &HashMap<UnitId, i64>) -> Vec<Candidate<'_>> {
        self.duties(subject)
            .iter()
            .filter_map(|duty| {
                let unit = self.unit(duty.unit)?;
                Some(Candidate { unit, duty, open: loads.get(&unit.id).copied().unwrap_or(0), at: None })
            })
            .collect()
    }

    /// The units that may take a matter of this subject at a place, best first by duty and nearness alone: what
    /// was chosen before and how much each has to do is not asked.
    pub fn competent(&self, subject: &str, path: &Path) -> Vec<Ranked> {
        let matter = Matter { subject, path, hours: Hours::Working, at: None };
        rank(&matter, &self.candidates(subject, &HashMap::new()), &History::default(), 0)
    }

    /// Everybody with an account, in no order.
    pub fn people(&self) -> Vec<StaffId> {
        self.staff.keys().copied().collect()
    }

    /// The roles of a person.
    pub fn grants(&self, id: StaffId) -> &[Grant] {
        self.staff.get(&id).map_or(&[], |s| s.1.as_slice())
    }

    /// The name of a person.
    pub fn staff_name(&self, id: StaffId) -> Option<&str> {
        self.staff.get(&id).map(|s| s.0.as_str())
    }
}
