//! What is wrong with a district's data or keys, and how to mend it.

use crate::{App, AppError};
use domain::access::Role;
use domain::territory::Part;
use std::collections::HashSet;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

/// No more of one kind than this are named.
const NAMED: usize = 5;

impl App {
    /// Looks at settings, keys, places, units and accounts. Empty when all is well. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn complaints(&self) -> Result<Vec<Complaint>, AppError> {
        let d = self.directory();
        let mut out = Vec::new();
        let mut say = |what: String, mend: &str| out.push(Complaint { what, mend: mend.to_owned() });
        for (name, value) in [("name.zh", &d.zh), ("domain", &d.domain), ("helpline", &d.helpline)] {
            if value.is_empty() {
                say(
                    format!("the setting {name} is empty"),
                    "pianqu init --help tells how settings are given",
                );
            }
        }
        let (staff, secret, doorways) = self
            .store
            .read(|tx| {
                let staff = tx.staff()?;
                let secret = staff.first().map(|s| tx.account_by_id(s.0)).transpose()?.flatten();
                Ok::<_, AppError>((staff, secret, tx.count_doorways()?))
            })
            .wait()?;
        if secret.is_some_and(|a| self.keys.open_own(a.id, "totp", &a.totp).is_none()) {
            say(
                "the keys do not fit the data: the second factor of the first account cannot be opened"
                    .into(),
                "put back the key file that this data was made with",
            );
        }
        let unknown: Vec<_> =
            d.places().filter(|p| p.parent.is_some_and(|up| d.place(up).is_none())).collect();
        for p in unknown.iter().take(NAMED) {
            say(
                format!("place {} ({}) belongs to a place that is not there", p.id, p.zh),
                "import the places anew",
            );
        }
        let levels = d.levels.as_ref().map_or(3, |l| l.all().len());
        let low: Vec<_> = d.places().filter(|p| p.depth == levels).collect();
        if low.is_empty() {
            say("there are no neighbourhoods yet".into(), "pianqu import places FILE");
        }
        if doorways == 0 {
            say("there are no doorways yet".into(), "pianqu import doorways FILE");
        }
        let mut without: Vec<String> = Vec::new();
        for p in &low {
            let path = d.path(p.id);
            let missing = domain::subjects::ALL.iter().filter(|s| d.competent(s.code, &path).is_empty());
            without.extend(missing.map(|s| format!("{} in {}", s.zh, p.zh)));
        }
        if !without.is_empty() {
            let some = without.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            say(
                format!("{} subjects have no unit: {some} …", without.len()),
                "add them to a unit's list: pianqu import duties FILE",
            );
        }
        let mut dispatchers = HashSet::new();
        let mut idle = 0;
        for (id, ..) in &staff {
            let grants = d.grants(*id);
            idle += usize::from(grants.is_empty());
            dispatchers.extend(
                grants.iter().filter(|g| g.role == Role::PrecinctCoordinator).filter_map(|g| g.place),
            );
        }
        let depth = d.levels.as_ref().and_then(|l| l.depth_of(Part::Dispatcher)).unwrap_or(2);
        let vacant: Vec<_> =
            d.places().filter(|p| p.depth == depth && !dispatchers.contains(&p.id)).collect();
        for p in vacant.iter().take(NAMED) {
            say(
                format!("nobody dispatches in {}", p.zh),
                "give somebody the role precinct_coordinator for it",
            );
        }
        if idle > 0 {
            say(format!("{idle} accounts have no role"), "give them one under /console/rights, or end them");
        }
        Ok(out)
    }
}
