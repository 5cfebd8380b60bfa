//! What staff have beside cases: saved views, and the record of who looked at personal data.

use crate::sql::slots;
use crate::{Arg, StoreError, Tx, args};
use domain::{CaseNo, PlaceId, StaffId};
use jiff::Timestamp;

crate::statements! {
    /// Keeps a view under a name.
    SAVE_VIEW = "INSERT INTO saved_view (staff, name, query) VALUES (?1, ?2, ?3) \
        ON CONFLICT (staff, name) DO UPDATE SET query = ?3";
    /// A person's views.
    VIEWS = "SELECT name, query FROM saved_view WHERE staff = ?1 ORDER BY name";
    /// Forgets a view.
    DROP_VIEW = "DELETE FROM saved_view WHERE staff = ?1 AND name = ?2";
    /// Somebody looked at personal data.
    LOOK = "INSERT INTO look (staff, case_no, place, purpose, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// "This should not be asked of me."
    BURDEN = "INSERT INTO burden (staff, page, body, minutes, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// What a person said of that kind, newest first.
    BURDENS = "SELECT page, body, minutes, at, answer FROM burden WHERE staff = ?1 ORDER BY id DESC LIMIT 50";
}

/// Who looked at personal data, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Who.
    pub staff: StaffId,
    /// Of which case; 0 for a list that was taken out.
    pub case: CaseNo,
    /// What for, as they said.
    pub purpose: String,
    /// When.
    pub at: Timestamp,
}

/// What somebody said should not be asked of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burden {
    /// On which page.
    pub page: String,
    /// What.
    pub text: String,
    /// How many minutes it costs, if they said.
    pub minutes: Option<i64>,
    /// When they said it.
    pub at: Timestamp,
    /// What the office for lightening the burden answered.
    pub answer: Option<String>,
}

fn read_look(r: &crate::Row<'_>) -> Result<Look, StoreError> {
    Ok(Look { staff: StaffId(r.int(0)?), case: CaseNo(r.int(1)?), purpose: r.text(2)?, at: r.time(3)? })
}

impl Tx<'_> {
    /// Keeps the filters of a list under a name.
    pub fn save_view(&mut self, staff: StaffId, name: &str, query: &str) -> Result<(), StoreError> {
        self.run(SAVE_VIEW, args![staff, name, query])?;
        Ok(())
    }

    /// A person's saved views: name and query.
    pub fn views(&mut self, staff: StaffId) -> Result<Vec<(String, String)>, StoreError> {
        self.all(VIEWS, args![staff], |r| Ok((r.text(0)?, r.text(1)?)))
    }

    /// Forgets a saved view; `false` if there was none.
    pub fn drop_view(&mut self, staff: StaffId, name: &str) -> Result<bool, StoreError> {
        Ok(self.run(DROP_VIEW, args![staff, name])? == 1)
    }

    /// Notes that somebody looked at personal data, and what for.
    pub fn note_look(
        &mut self,
        staff: StaffId,
        case: CaseNo,
        place: Option<PlaceId>,
        purpose: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(LOOK, args![staff, case, place, purpose, at])?;
        Ok(())
    }

    /// Keeps what somebody says should not be asked of them.
    pub fn say_burden(
        &mut self,
        staff: StaffId,
        page: &str,
        text: &str,
        minutes: Option<i64>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(BURDEN, args![staff, page, text, minutes, at])?;
        Ok(())
    }

    /// What a person said of that kind, newest first.
    pub fn burdens(&mut self, staff: StaffId) -> Result<Vec<Burden>, StoreError> {
        self.all(BURDENS, args![staff], |r| {
            Ok(Burden {
                page: r.text(0)?,
                text: r.text(1)?,
                minutes: r.opt_int(2)?,
                at: r.time(3)?,
                answer: r.opt_text(4)?,
            })
        })
    }

    /// Who looked at personal data of some places; `None` for all of the district. Newest first.
    pub fn looks_in(&mut self, places: Option<&[PlaceId]>, limit: u32) -> Result<Vec<Look>, StoreError> {
        let mut wanted = vec![Arg::from(limit)];
        let of = match places {
            None => "place IS NOT NULL".to_owned(),
            Some([]) => return Ok(vec![]),
            Some(places) => {
                wanted.extend(places.iter().map(|p| Arg::from(*p)));
                format!("place IN ({})", slots(2, places.len()))
            }
        };
        let sql =
            format!("SELECT staff, case_no, purpose, at FROM look WHERE {of} ORDER BY id DESC LIMIT ?1");
        self.all(&sql, &wanted, read_look)
    }
}
