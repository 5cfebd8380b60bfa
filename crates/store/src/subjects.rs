//! What people said that cases are about, beside what the program had proposed: what it learns from, and how well it
//! does.

use crate::{StoreError, Tx, args};
use domain::{CaseNo, StaffId};
use jiff::Timestamp;

crate::statements! {
    /// What a person chose at a dispatch. What had been proposed at the first one stays.
    CHOOSE = "INSERT INTO subject_choice (case_no, at, staff, proposed, chosen, unsure, forgotten) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0) ON CONFLICT (case_no) DO UPDATE SET at = excluded.at, \
        staff = excluded.staff, chosen = excluded.chosen, forgotten = 0";
    /// A choice is no longer learnt from.
    FORGET = "UPDATE subject_choice SET forgotten = 1 WHERE case_no = ?1 AND forgotten = 0";
    /// The latest corrections that are learnt from.
    CORRECTIONS = "SELECT s.case_no, s.at, s.staff, s.proposed, s.chosen, c.body FROM subject_choice s \
        JOIN cases c ON c.no = s.case_no WHERE s.proposed <> s.chosen AND s.forgotten = 0 \
        ORDER BY s.case_no DESC LIMIT ?1";
    /// Sums of the choices in a time, a subject.
    SUMS = "SELECT s.chosen, COUNT(*), CAST(SUM(CASE WHEN s.proposed = s.chosen THEN 1 ELSE 0 END) AS BIGINT), \
        CAST(SUM(s.unsure) AS BIGINT), CAST(SUM(CASE WHEN c.returns > 0 THEN 1 ELSE 0 END) AS BIGINT) \
        FROM subject_choice s JOIN cases c ON c.no = s.case_no WHERE s.at >= ?1 AND s.at < ?2 \
        GROUP BY s.chosen ORDER BY 2 DESC, s.chosen";
}

/// A subject that a person gave to a case otherwise than was proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The case.
    pub case: CaseNo,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub staff: StaffId,
    /// What had been proposed.
    pub proposed: String,
    /// What the person chose.
    pub chosen: String,
    /// The text of the case, identifiers masked.
    pub text: String,
}

/// How many cases people gave a subject to, and what had been proposed for these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    /// The subject that people chose.
    pub subject: String,
    /// How many cases.
    pub cases: u32,
    /// Of these, proposed as it was chosen.
    pub agreed: u32,
    /// Of these, the program had been unsure.
    pub unsure: u32,
    /// Of these, given back by a unit at least once.
    pub returned: u32,
}

impl Tx<'_> {
    /// Keeps what a person chose as the subject of a case, beside what had been proposed; `unsure` tells whether the
    /// program had asked rather than proposed.
    pub fn choose_subject(
        &mut self,
        case: CaseNo,
        at: Timestamp,
        staff: StaffId,
        (proposed, chosen): (&str, &str),
        unsure: bool,
    ) -> Result<(), StoreError> {
        self.run(CHOOSE, args![case, at, staff, proposed, chosen, i64::from(unsure)])?;
        Ok(())
    }

    /// Lets a choice teach no longer; whether it did until now.
    pub fn forget_choice(&mut self, case: CaseNo) -> Result<bool, StoreError> {
        Ok(self.run(FORGET, args![case])? > 0)
    }

    /// The latest corrections that are learnt from, newest first.
    pub fn corrections(&mut self, limit: u32) -> Result<Vec<Correction>, StoreError> {
        self.all(CORRECTIONS, args![limit], |r| {
            Ok(Correction {
                case: CaseNo(r.int(0)?),
                at: r.time(1)?,
                staff: StaffId(r.int(2)?),
                proposed: r.text(3)?,
                chosen: r.text(4)?,
                text: r.text(5)?,
            })
        })
    }

    /// How people's choices from `since` until before `until` agreed with what had been proposed, the most frequent
    /// subject first.
    pub fn agreement(&mut self, since: Timestamp, until: Timestamp) -> Result<Vec<Agreement>, StoreError> {
        self.all(SUMS, args![since, until], |r| {
            Ok(Agreement {
                subject: r.text(0)?,
                cases: r.count(1)?,
                agreed: r.count(2)?,
                unsure: r.count(3)?,
                returned: r.count(4)?,
            })
        })
    }
}
