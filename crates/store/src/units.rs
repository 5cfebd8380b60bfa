//! Units and their published lists of duties.

use crate::{StoreError, Tx, args};
use domain::units::{Duty, Unit, UnitKind};
use domain::{PlaceId, UnitId};

crate::statements! {
    /// A unit.
    INSERT_UNIT = "INSERT INTO unit (id, kind, zh, en, place, phone) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// A line of its list of duties.
    INSERT_DUTY = "INSERT INTO duty (unit, subject, rank, zh, en) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// All units.
    UNITS = "SELECT id, kind, zh, en, place, phone FROM unit ORDER BY id";
    /// All duties.
    DUTIES = "SELECT unit, subject, rank, zh, en FROM duty ORDER BY subject, rank, unit";
}

impl Tx<'_> {
    /// Adds a unit.
    pub fn insert_unit(&mut self, u: &Unit) -> Result<(), StoreError> {
        self.run_on_directory(INSERT_UNIT, args![u.id, u.kind.key(), &u.zh, &u.en, u.place, &u.phone])?;
        Ok(())
    }

    /// Adds a line to a unit's list of duties.
    pub fn insert_duty(&mut self, d: &Duty) -> Result<(), StoreError> {
        self.run_on_directory(INSERT_DUTY, args![d.unit, &d.subject, d.rank, &d.zh, &d.en])?;
        Ok(())
    }

    /// All units.
    pub fn units(&mut self) -> Result<Vec<Unit>, StoreError> {
        self.all(UNITS, args![], |r| {
            Ok(Unit {
                id: UnitId(r.int(0)?),
                kind: r.named(1, UnitKind::from_key)?,
                zh: r.text(2)?,
                en: r.text(3)?,
                place: r.opt_int(4)?.map(PlaceId),
                phone: r.text(5)?,
            })
        })
    }

    /// All lines of all lists of duties, by subject.
    pub fn duties(&mut self) -> Result<Vec<Duty>, StoreError> {
        self.all(DUTIES, args![], |r| {
            Ok(Duty {
                unit: UnitId(r.int(0)?),
                subject: r.text(1)?,
                rank: r.int(2)?,
                zh: r.text(3)?,
                en: r.text(4)?,
            })
        })
    }
}
