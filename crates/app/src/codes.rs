//! Door codes and secret links: made, read, ended.

use crate::error::{CodeRefused, Invalid};
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may};
use domain::codes::{CodeKind, DoorCode, Tracking};
use domain::{CaseNo, DoorwayId};
use store::events::Subject;
use store::territory::DoorwayRow;

/// A scanned code that is ours and valid.
#[derive(Debug, Clone)]
pub struct Scanned {
    /// What it says.
    pub code: DoorCode,
    /// Where it hangs.
    pub doorway: DoorwayRow,
}

/// One of a doorway's codes, as the staff see it.
#[derive(Debug, Clone)]
pub struct ListedCode {
    /// What it is for.
    pub kind: CodeKind,
    /// Its valid issue.
    pub issue: u8,
    /// Its text, as in the link.
    pub text: String,
    /// Earlier issues, with when and why they ended.
    pub ended: Vec<store::codes::EndedIssue>,
}

impl App {
    /// The text of a code.
    ///
    /// # Errors
    /// When the doorway's number is beyond what a code can hold.
    pub fn write_code(&self, code: DoorCode) -> Result<String, AppError> {
        code.write(&self.mark, |m| self.keys.door_tag(m)).ok_or_else(|| {
            Invalid::field(
                "doorway",
                format!("门栋编号{}太大，不能制码。", code.doorway),
                format!("Doorway number {} is too large for a code.", code.doorway),
            )
        })
    }

    /// Reads a scanned code: its form and signature first, the store only then.
    ///
    /// # Errors
    /// [`AppError::Code`] with what is wrong about it.
    pub async fn scan(&self, text: &str) -> Result<Scanned, AppError> {
        let code = DoorCode::read(text, &self.mark, |m| self.keys.door_tag(m)).map_err(CodeRefused::from)?;
        let (issue, doorway) = self
            .store
            .glance(move |tx| {
                Ok::<_, AppError>((tx.valid_issue(code.doorway, code.kind)?, tx.doorway(code.doorway)?))
            })
            .await?;
        match doorway {
            Some(doorway) if issue == code.issue => Ok(Scanned { code, doorway }),
            _ => Err(CodeRefused::Revoked.into()),
        }
    }

    /// The secret part of the link of one voice in a case.
    pub fn link(&self, case: CaseNo, voice: u16) -> String {
        Tracking { case, voice }.write(|m| self.keys.link_tag(m))
    }

    /// Reads the secret part of a link.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if it is not ours.
    pub fn read_link(&self, text: &str) -> Result<Tracking, AppError> {
        Tracking::read(text, |m| self.keys.link_tag(m)).ok_or(AppError::NotFound)
    }

    /// The three codes of a doorway, for staff who may manage them.
    ///
    /// # Errors
    /// When there is no such doorway, or the person's roles do not reach it.
    pub async fn doorway_codes(
        &self,
        who: &Who,
        id: DoorwayId,
    ) -> Result<(DoorwayRow, Vec<ListedCode>), AppError> {
        let (doorway, ended) = self
            .store
            .read(move |tx| {
                Ok::<_, AppError>((tx.doorway(id)?.ok_or(AppError::NotFound)?, tx.ended_issues(id)?))
            })
            .await?;
        self.may_manage_codes(who, &doorway)?;
        let codes = CodeKind::ALL
            .into_iter()
            .map(|kind| {
                let issue = store::codes::valid_issue(&ended, kind);
                let text = self.write_code(DoorCode { kind, doorway: id, issue })?;
                let ended = ended.iter().filter(|e| e.kind == kind).cloned().collect();
                Ok(ListedCode { kind, issue, text, ended })
            })
            .collect::<Result<_, AppError>>()?;
        Ok((doorway, codes))
    }

    /// Ends the valid issue of one code; a new one is valid at once, and the others on the board stay.
    ///
    /// # Errors
    /// Without a reason, without the right, or when it was just ended by somebody else.
    pub async fn end_code(
        &self,
        who: &Who,
        doorway: DoorwayId,
        kind: CodeKind,
        issue: u8,
        reason: &str,
    ) -> Result<(), AppError> {
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(Invalid::field("reason", "请写明作废的原因。", "Say why it is ended."));
        }
        let row = self.store.read(move |tx| tx.doorway(doorway)?.ok_or(AppError::NotFound)).await?;
        self.may_manage_codes(who, &row)?;
        let ctx = self.context(who.actor(None));
        self.store
            .write(move |tx| {
                if tx.valid_issue(doorway, kind)? != issue {
                    return Err(CodeRefused::Revoked.into());
                }
                tx.end_issue(DoorCode { kind, doorway, issue }, ctx.now, &reason)?;
                let body = serde_json::json!({ "event": "code_ended", "kind": kind.key(), "issue": issue, "reason": reason });
                tx.append_next(Subject::Codes(doorway.0), ctx.now, ctx.actor, &body.to_string())?;
                Ok(())
            })
            .await
    }

    fn may_manage_codes(&self, who: &Who, doorway: &DoorwayRow) -> Result<(), AppError> {
        let target = Target { path: self.directory().path(doorway.place), unit: None };
        if may(&who.grants, Action::ManageCodes, &target) { Ok(()) } else { Err(AppError::NotAllowed) }
    }
}
