//! Door codes and secret links: made, read, ended.

use crate::error::{CodeRefused, Invalid};
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may};
use domain::cases::local_date;
use domain::codes::{CodeKind, DoorCode, Tracking};
use domain::{CaseNo, DoorwayId, PlaceId};
use std::collections::HashMap;
use store::cases::day_number;
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

/// A page of doorways with the ended issues of their codes.
#[derive(Debug, Clone)]
pub struct DoorPage {
    /// The doorways.
    pub doors: Vec<(DoorwayRow, Vec<store::codes::EndedIssue>)>,
    /// Whether there are more after the last.
    pub more: bool,
    /// Scans of this month in the whole district, in sum only.
    pub scans: u64,
}

/// Doorways on one page.
const DOORS: usize = 20;

impl App {
    /// A page of the doorways whose codes a person may manage: those whose address or board holds `text`, or
    /// those of a place after one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn doorways_with_codes(
        &self,
        who: &Who,
        text: &str,
        place: Option<PlaceId>,
        after: Option<DoorwayId>,
    ) -> Result<DoorPage, AppError> {
        self.door_page(who, text, place, after, DOORS).await
    }

    /// The same as one list, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn codes_of(
        &self,
        who: &Who,
        text: &str,
        place: Option<PlaceId>,
        limit: usize,
    ) -> Result<Vec<(DoorwayRow, Vec<store::codes::EndedIssue>)>, AppError> {
        Ok(self.door_page(who, text, place, None, limit).await?.doors)
    }

    async fn door_page(
        &self,
        who: &Who,
        text: &str,
        place: Option<PlaceId>,
        after: Option<DoorwayId>,
        most: usize,
    ) -> Result<DoorPage, AppError> {
        let limit = u32::try_from(most).unwrap_or(u32::MAX).saturating_add(1);
        let (app, grants, text) = (self.clone(), who.grants.clone(), text.trim().to_owned());
        let today = local_date(self.clock.now());
        let month = day_number(today.first_of_month())..=day_number(today);
        self.store
            .read(move |tx| {
                let d = app.directory();
                let mine = |x: &DoorwayRow| {
                    may(&grants, Action::ManageCodes, &Target { path: d.path(x.place), unit: None })
                };
                let mut found: Vec<DoorwayRow> = Vec::new();
                if text.is_empty() {
                    // Neighbourhoods of the place, in order; a page never needs more than a few of them.
                    let low = d.places().filter(|p| place.is_some_and(|at| d.path(p.id).lies_in(at)));
                    let mut from = after.map(|id| tx.doorway(id)).transpose()?.flatten();
                    for p in low.filter(|p| d.children(Some(p.id)).next().is_none()) {
                        if from.as_ref().is_some_and(|f| f.place != p.id && p.id < f.place) {
                            continue;
                        }
                        let start = from.take_if(|f| f.place == p.id);
                        found.extend(tx.doorways_of(p.id, start.as_ref(), limit)?);
                        if found.len() > most {
                            break;
                        }
                    }
                } else {
                    found.extend(tx.doorway_by_board(&text)?);
                    found.extend(tx.find_doorways(&text, 400)?);
                    found.retain(|x| after.is_none_or(|a| x.id > a));
                }
                found.retain(mine);
                let more = found.len() > most;
                found.truncate(most);
                let ids: Vec<DoorwayId> = found.iter().map(|x| x.id).collect();
                let mut ended: HashMap<DoorwayId, Vec<_>> = HashMap::new();
                for (door, issue) in tx.ended_issues_of(&ids)? {
                    ended.entry(door).or_default().push(issue);
                }
                let doors = found.into_iter().map(|x| (ended.remove(&x.id).unwrap_or_default(), x));
                let doors = doors.map(|(ended, x)| (x, ended)).collect();
                let scans = tx.scans_between(*month.start(), *month.end())?;
                Ok(DoorPage { doors, more, scans })
            })
            .await
    }

    /// The valid issue of each of a doorway's codes, in their order. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn valid_issues(&self, doorway: DoorwayId) -> Result<[u8; 3], AppError> {
        let ended = self.store.glance(move |tx| Ok::<_, AppError>(tx.ended_issues(doorway)?)).wait()?;
        Ok(CodeKind::ALL.map(|kind| store::codes::valid_issue(&ended, kind)))
    }

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
