//! Rosters: places, doorways, dwellings, units, duties, staff, brought in from tables row by row.
//!
//! Every row is looked at before anything is written; what is wrong is told by row, field and value. All sound
//! rows of a file go in with one commit, and an event says so.

use crate::dwellings::DwellingsKnown;
use crate::invitations::Invitation;
use crate::staff_roster::{NewStaff, StaffKnown};
use crate::{App, AppError};
use domain::units::{Duty, Unit, UnitKind};
use domain::{Actor, DoorwayId, PlaceId, UnitId};
use std::collections::{HashMap, HashSet};
use store::events::Subject;
use store::territory::{DoorwayRow, PlaceRow};

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roster {
    /// `code`, `level` (1 for the highest), `zh`, `en`, `parent` (a code), `residents`, `q`, `r`.
    Places,
    /// `board`, `place` (a neighbourhood's code or name), `address`, `floors`, `flats`.
    Doorways,
    /// `kind`, `zh`, `en`, `place` (a code or name; empty for the whole district), `phone`.
    Units,
    /// `unit` (its Chinese name), `subject` (a code or Chinese name), `rank`, `zh`, `en`.
    Duties,
    /// `board`, `number`.
    Dwellings,
    /// `login`, `name`, `role` (a key or Chinese name), `place` (a code or name), `unit` (its Chinese name): a row
    /// for every post.
    Staff,
}

impl Roster {
    /// The columns, each with the names that it goes by; those that must be there come first.
    pub fn columns(self) -> (&'static [(&'static str, &'static [&'static str])], usize) {
        match self {
            Roster::Places => (
                &[
                    ("code", &["代码", "编号"]),
                    ("level", &["层级", "级别"]),
                    ("zh", &["名称", "中文名"]),
                    ("en", &["英文名"]),
                    ("parent", &["上级", "上级代码"]),
                    ("residents", &["人口", "居民数"]),
                    ("q", &[]),
                    ("r", &[]),
                ],
                3,
            ),
            Roster::Doorways => (
                &[
                    ("board", &["公示栏", "公示栏编号"]),
                    ("place", &["居民区", "居委会"]),
                    ("address", &["地址", "门牌"]),
                    ("floors", &["层数"]),
                    ("flats", &["户数"]),
                ],
                3,
            ),
            Roster::Units => (
                &[
                    ("kind", &["类型"]),
                    ("zh", &["名称", "单位"]),
                    ("en", &["英文名"]),
                    ("place", &["管辖", "地方"]),
                    ("phone", &["电话"]),
                ],
                2,
            ),
            Roster::Dwellings => {
                (&[("board", &["公示栏", "公示栏编号"]), ("number", &["室号", "户室", "房号", "户号"])], 2)
            }
            Roster::Staff => (
                &[
                    ("login", &["账号", "帐号"]),
                    ("name", &["姓名"]),
                    ("role", &["岗位"]),
                    ("place", &["地方", "居民区", "管辖"]),
                    ("unit", &["单位"]),
                ],
                2,
            ),
            Roster::Duties => (
                &[
                    ("unit", &["单位"]),
                    ("subject", &["事项"]),
                    ("rank", &["次序"]),
                    ("zh", &["依据"]),
                    ("en", &["英文依据"]),
                ],
                2,
            ),
        }
    }
}

/// A row of a table: its number, and its fields by the names of [`Roster::columns`].
#[derive(Debug, Clone)]
pub struct TableRow {
    /// The row in the file, 1 for the heading.
    pub number: usize,
    /// Field by name; missing ones are empty.
    pub fields: HashMap<&'static str, String>,
}

impl TableRow {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |v| v.trim())
    }

    pub(crate) fn needed(&self, name: &'static str) -> Result<String, String> {
        match self.text(name) {
            "" => Err(format!("{name}: is empty")),
            text => Ok(text.to_owned()),
        }
    }

    fn number(&self, name: &'static str, otherwise: u32) -> Result<u32, String> {
        match self.text(name) {
            "" => Ok(otherwise),
            text => text
                .trim_end_matches(".0")
                .parse()
                .map_err(|_| format!("{name}: {text:?} is no whole number")),
        }
    }
}

/// What came of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterReport {
    /// Rows brought in.
    pub new: usize,
    /// Rows that were there already, by board, code, or name.
    pub again: usize,
    /// What is wrong with the others: row, field, value.
    pub faults: Vec<String>,
    /// What the owners of new accounts are sent.
    pub invitations: Vec<Invitation>,
}

#[derive(Default)]
pub(crate) struct Sound {
    places: Vec<PlaceRow>,
    doorways: Vec<DoorwayRow>,
    units: Vec<Unit>,
    duties: Vec<Duty>,
    pub(crate) dwellings: Vec<(DoorwayRow, String)>,
    pub(crate) staff: NewStaff,
}

/// What stands already, of what a row of a table may name: read once.
enum Known {
    Nothing,
    Boards(HashSet<String>),
    Dwellings(DwellingsKnown),
    Staff(StaffKnown),
}

impl App {
    /// Brings a table in. Nothing is written if any row is wrong, unless `sound_rows` says to bring in the
    /// others; nothing at all with `dry_run`. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn import_roster(
        &self,
        what: Roster,
        rows: &[TableRow],
        sound_rows: bool,
        dry_run: bool,
    ) -> Result<RosterReport, AppError> {
        let mut report = RosterReport::default();
        let mut sound = Sound::default();
        let known = match what {
            Roster::Doorways => Known::Boards(self.all_doorways()?.into_iter().map(|d| d.board).collect()),
            Roster::Dwellings => Known::Dwellings(self.dwellings_known()?),
            Roster::Staff => Known::Staff(self.staff_known()?),
            Roster::Places | Roster::Units | Roster::Duties => Known::Nothing,
        };
        let mut seen = HashSet::new();
        for row in rows {
            let read = match (what, &known) {
                (Roster::Places, _) => self.place_row(row, &mut sound, &mut seen),
                (Roster::Units, _) => self.unit_row(row, &mut sound, &mut seen),
                (_, Known::Boards(boards)) => self.doorway_row(row, &mut sound, boards, &mut seen),
                (_, Known::Dwellings(known)) => known.row(row, &mut sound, &mut seen),
                (_, Known::Staff(known)) => self.staff_row(row, known, &mut sound.staff, &mut seen),
                (_, Known::Nothing) => self.duty_row(row, &mut sound, &mut seen),
            };
            match read {
                Ok(true) => report.new += 1,
                Ok(false) => report.again += 1,
                Err(why) => report.faults.push(format!("row {}: {why}", row.number)),
            }
        }
        if dry_run || report.new == 0 || (!report.faults.is_empty() && !sound_rows) {
            if !report.faults.is_empty() && !sound_rows {
                report.new = 0;
            }
            return Ok(report);
        }
        report.invitations = self.keep_roster(sound, report.new)?;
        self.refresh()?;
        Ok(report)
    }

    fn keep_roster(&self, sound: Sound, rows: usize) -> Result<Vec<Invitation>, AppError> {
        let ctx = self.context(Actor::System);
        let made = self.new_accounts(&sound.staff, &ctx)?;
        let invitations = made.iter().map(|a| a.invitation.clone()).collect();
        let day = domain::cases::local_date(ctx.now);
        self.store
            .write(move |tx| {
                sound.places.iter().try_for_each(|p| tx.insert_place(p, day))?;
                sound.doorways.iter().try_for_each(|d| tx.insert_doorway(d, day))?;
                sound.units.iter().try_for_each(|u| tx.insert_unit(u))?;
                sound.duties.iter().try_for_each(|d| tx.insert_duty(d))?;
                crate::dwellings::keep_listed(tx, &sound.dwellings, day)?;
                crate::staff_roster::keep_staff(tx, &sound.staff, &made, &ctx)?;
                let body = serde_json::json!({ "event": "roster_imported", "rows": rows });
                tx.append_next(Subject::Roster(0), ctx.now, ctx.actor, &body.to_string())?;
                Ok::<_, AppError>(invitations)
            })
            .wait()
    }

    /// A place of the district by code, Chinese name or number; `None` for no text.
    pub(crate) fn place_named(&self, field: &str, text: &str) -> Result<Option<PlaceId>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        let d = self.directory();
        let mut fits = d.places().filter(|p| p.code == text || p.zh == text || p.id.to_string() == text);
        match (fits.next(), fits.next()) {
            (Some(p), None) => Ok(Some(p.id)),
            (Some(_), Some(_)) => Err(format!("{field}: {text:?} names several places; use the code")),
            (None, _) => Err(format!("{field}: there is no place {text:?}")),
        }
    }

    fn place_row(
        &self,
        row: &TableRow,
        sound: &mut Sound,
        seen: &mut HashSet<String>,
    ) -> Result<bool, String> {
        let (code, zh) = (row.needed("code")?, row.needed("zh")?);
        let level = usize::try_from(row.number("level", 0)?).unwrap_or(0);
        let d = self.directory();
        let most = d.levels.as_ref().map_or(3, |l| l.all().len());
        if !(1..=most).contains(&level) {
            return Err(format!("level: {level} is not between 1 and {most}"));
        }
        if d.places().any(|p| p.code == code) {
            return Ok(false);
        }
        if !seen.insert(code.clone()) {
            return Err(format!("code: {code:?} stands in an earlier row too"));
        }
        let parent = match row.text("parent") {
            "" if level == 1 => None,
            "" => return Err("parent: is empty, and only level 1 has none".into()),
            text => Some(match sound.places.iter().find(|p| p.code == text) {
                Some(p) if p.depth + 1 == level => p.id,
                Some(p) => return Err(format!("parent: {text:?} is of level {}", p.depth)),
                None => self.place_named("parent", text)?.ok_or("parent: is empty")?,
            }),
        };
        let last = sound.places.iter().map(|p| p.id.0).max().unwrap_or(0).max(d.last_place());
        let hex = |name: &str| row.text(name).parse::<i32>().ok();
        sound.places.push(PlaceRow {
            id: PlaceId(last + 1),
            depth: level,
            code,
            en: Some(row.text("en")).filter(|e| !e.is_empty()).unwrap_or(&zh).to_owned(),
            zh,
            hex: hex("q").zip(hex("r")),
            residents: row.number("residents", 0)?,
            parent,
        });
        Ok(true)
    }

    fn doorway_row(
        &self,
        row: &TableRow,
        sound: &mut Sound,
        boards: &HashSet<String>,
        seen: &mut HashSet<String>,
    ) -> Result<bool, String> {
        let (board, address) = (row.needed("board")?, row.needed("address")?);
        let place = self.place_named("place", &row.needed("place")?)?.ok_or("place: is empty")?;
        if self.directory().children(Some(place)).next().is_some() {
            return Err(format!("place: {:?} is no neighbourhood", row.text("place")));
        }
        if boards.contains(&board) {
            return Ok(false);
        }
        if !seen.insert(board.clone()) {
            return Err(format!("board: {board:?} stands in an earlier row too"));
        }
        let offset = i64::try_from(boards.len() + sound.doorways.len()).unwrap_or(0);
        let (floors, flats) = (row.number("floors", 0)?, row.number("flats", 0)?);
        sound.doorways.push(DoorwayRow { id: DoorwayId(offset + 1), place, board, address, floors, flats });
        Ok(true)
    }

    fn unit_row(
        &self,
        row: &TableRow,
        sound: &mut Sound,
        seen: &mut HashSet<String>,
    ) -> Result<bool, String> {
        let (kind, zh) = (row.needed("kind")?, row.needed("zh")?);
        let known = UnitKind::ALL.map(UnitKind::key).join(", ");
        let kind = UnitKind::from_key(&kind).ok_or_else(|| format!("kind: {kind:?} is none of {known}"))?;
        let place = self.place_named("place", row.text("place"))?;
        let d = self.directory();
        if d.units().iter().any(|u| u.zh == zh) {
            return Ok(false);
        }
        if !seen.insert(zh.clone()) {
            return Err(format!("zh: {zh:?} stands in an earlier row too"));
        }
        let last =
            d.units().iter().map(|u| u.id.0).chain(sound.units.iter().map(|u| u.id.0)).max().unwrap_or(0);
        let en = Some(row.text("en")).filter(|e| !e.is_empty()).unwrap_or(&zh).to_owned();
        sound.units.push(Unit {
            id: UnitId(last + 1),
            kind,
            zh,
            en,
            place,
            phone: row.text("phone").to_owned(),
        });
        Ok(true)
    }

    fn duty_row(
        &self,
        row: &TableRow,
        sound: &mut Sound,
        seen: &mut HashSet<String>,
    ) -> Result<bool, String> {
        let (unit, subject) = (row.needed("unit")?, row.needed("subject")?);
        let d = self.directory();
        let id = d.units().iter().find(|u| u.zh == unit).map(|u| u.id);
        let id = id.ok_or_else(|| format!("unit: there is no unit {unit:?}"))?;
        let known = domain::subjects::ALL.iter().find(|s| s.code == subject || s.zh == subject);
        let code = known.ok_or_else(|| format!("subject: there is no subject {subject:?}"))?.code;
        if d.duties(code).iter().any(|x| x.unit == id) {
            return Ok(false);
        }
        if !seen.insert(format!("{id}/{code}")) {
            return Err(format!("subject: {subject:?} of {unit:?} stands in an earlier row too"));
        }
        let rank = i64::from(row.number("rank", 1)?);
        let zh = Some(row.text("zh")).filter(|t| !t.is_empty()).unwrap_or("职责清单").to_owned();
        let en = Some(row.text("en")).filter(|t| !t.is_empty()).unwrap_or("On its list of duties").to_owned();
        sound.duties.push(Duty { unit: id, subject: code.to_owned(), rank, zh, en });
        Ok(true)
    }
}
