//! Door codes: which issue is valid, and how many scans there were, in sum only.
//!
//! A code carries its own signature, so the store keeps only what cannot be read off it: which issues were
//! ended, and why.

use crate::sql::slots;
use crate::{Arg, Row, StoreError, Tx, args};
use domain::DoorwayId;
use domain::codes::{CodeKind, DoorCode};
use jiff::Timestamp;

crate::statements! {
    /// Ends an issue.
    END = "INSERT INTO code_end (doorway, kind, issue, ended_at, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// The issues of a doorway that were ended.
    ENDED = "SELECT kind, issue, ended_at, reason FROM code_end WHERE doorway = ?1 ORDER BY kind, issue";
    /// One more scan today.
    SCANNED = "INSERT INTO scan_sum (day, kind, scans) VALUES (?1, ?2, ?3) \
        ON CONFLICT (day, kind) DO UPDATE SET scans = scan_sum.scans + ?3";
    /// The sums of a day.
    SCANS = "SELECT kind, scans FROM scan_sum WHERE day = ?1";
    /// All scans of some days.
    SCANS_BETWEEN = "SELECT scans FROM scan_sum WHERE day BETWEEN ?1 AND ?2";
}

/// An issue of a code that is no longer valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedIssue {
    /// Which of the three.
    pub kind: CodeKind,
    /// Which issue.
    pub issue: u8,
    /// Since when.
    pub ended_at: Timestamp,
    /// Why: lost, forged copy seen, board moved.
    pub reason: String,
}

fn read_ended(r: &Row<'_>) -> Result<EndedIssue, StoreError> {
    Ok(EndedIssue {
        kind: r.named(0, CodeKind::from_key)?,
        issue: u8::try_from(r.int(1)?).unwrap_or(u8::MAX),
        ended_at: r.time(2)?,
        reason: r.text(3)?,
    })
}

/// Doorways that are asked about with one statement.
const AT_ONCE: usize = 64;

impl Tx<'_> {
    /// The ended issues of a doorway's codes.
    pub fn ended_issues(&mut self, doorway: DoorwayId) -> Result<Vec<EndedIssue>, StoreError> {
        self.all(ENDED, args![doorway], read_ended)
    }

    /// The ended issues of the codes of several doorways, with the doorway of each.
    pub fn ended_issues_of(
        &mut self,
        doorways: &[DoorwayId],
    ) -> Result<Vec<(DoorwayId, EndedIssue)>, StoreError> {
        let mut found = Vec::new();
        for some in doorways.chunks(AT_ONCE) {
            // Always as many slots, so that the engine knows the statement already.
            let rest = std::iter::repeat(Arg::Int(-1));
            let wanted: Vec<Arg<'_>> = some.iter().map(|d| Arg::from(*d)).chain(rest).take(AT_ONCE).collect();
            let sql = format!(
                "SELECT kind, issue, ended_at, reason, doorway FROM code_end WHERE doorway IN ({}) \
                ORDER BY doorway, kind, issue",
                slots(1, AT_ONCE)
            );
            found.extend(self.all(&sql, &wanted, |r| Ok((DoorwayId(r.int(4)?), read_ended(r)?)))?);
        }
        Ok(found)
    }

    /// The valid issue of one code of a doorway.
    pub fn valid_issue(&mut self, doorway: DoorwayId, kind: CodeKind) -> Result<u8, StoreError> {
        let ended = self.ended_issues(doorway)?;
        Ok(valid_issue(&ended, kind))
    }

    /// Ends the valid issue of a code; the next number is valid from now on.
    pub fn end_issue(&mut self, code: DoorCode, at: Timestamp, reason: &str) -> Result<(), StoreError> {
        self.run(END, args![code.doorway, code.kind.key(), i64::from(code.issue), at, reason])?;
        Ok(())
    }

    /// Adds scans to the sum of a day. Nothing says who, or where.
    pub fn add_scans(&mut self, day: i64, kind: CodeKind, scans: u32) -> Result<(), StoreError> {
        self.run(SCANNED, args![day, kind.key(), scans])?;
        Ok(())
    }

    /// The sums of a day.
    pub fn scans(&mut self, day: i64) -> Result<Vec<(CodeKind, u32)>, StoreError> {
        self.all(SCANS, args![day], |r| Ok((r.named(0, CodeKind::from_key)?, r.count(1)?)))
    }

    /// All scans from one day to another, both counted in.
    pub fn scans_between(&mut self, first: i64, last: i64) -> Result<u64, StoreError> {
        Ok(self.all(SCANS_BETWEEN, args![first, last], |r| Ok(u64::from(r.count(0)?)))?.iter().sum())
    }
}

/// The issue of a kind that is valid, given those that were ended.
pub fn valid_issue(ended: &[EndedIssue], kind: CodeKind) -> u8 {
    ended.iter().filter(|e| e.kind == kind).map(|e| e.issue.saturating_add(1)).max().unwrap_or(0)
}
