//! Handing off: verified registrations go to the authority that owns the register, as a table to its template, with
//! a signed digest; its answer is read back. What remains here is a receipt.

use super::person::invalid;
use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may, may_somewhere};
use domain::registrations::life::{Command, State, Terms};
use domain::registrations::{Content, Fault, Kind};
use domain::{Actor, CaseNo, Context, HandOffId, PlaceId, RegistrationId};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use store::Tx;
use store::events::Subject;
use store::registrations::Listed;
use store::registrations::desk::Receipt;

/// How many go in one batch; the next batch takes the rest.
const IN_ONE: u32 = 5_000;

/// A batch that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOff {
    /// Its receipt.
    pub receipt: Receipt,
    /// What is handed off.
    pub table: Table,
}

/// A batch as a table: headings, and one row a registration. Personal.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The headings, as the authority's template has them.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({} rows)", self.rows.len())
    }
}

impl Table {
    /// As CSV in UTF-8, every cell in quotes: the form that the digest is of.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        for row in std::iter::once(&self.head).chain(&self.rows) {
            for (i, cell) in row.iter().enumerate() {
                let _ = write!(out, "{}\"{}\"", if i == 0 { "" } else { "," }, cell.replace('"', "\"\""));
            }
            out.push_str("\r\n");
        }
        out
    }

    /// As JSON: one object a row.
    pub fn json(&self) -> String {
        let rows: Vec<serde_json::Map<_, _>> = self
            .rows
            .iter()
            .map(|row| self.head.iter().cloned().zip(row.iter().map(|c| c.clone().into())).collect())
            .collect();
        serde_json::to_string_pretty(&rows).unwrap_or_default()
    }

    /// The digest that the receipt keeps.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.csv()).into()
    }
}

/// What the authority answered about one registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Which.
    pub no: RegistrationId,
    /// Whether it was taken.
    pub accepted: bool,
}

/// The columns of the shipped templates: heading, and the field of the content. A district replaces them by the
/// setting `handoff.residency` or `handoff.tenancy`: `姓名=name;证件号码=id`.
fn template(kind: Kind, setting: Option<String>) -> Vec<(String, String)> {
    let shipped = match kind {
        Kind::Residency => {
            "姓名=name;人员类别=who;证件种类=id_kind;证件号码=id;国家=country;手机号=phone;地址=address;室号=dwelling;居住起始日=since;是否租住=rented;与填表人关系=relation;职业=occupation"
        }
        Kind::Tenancy => {
            "登记人身份=role;登记人=name;证件号码=id;手机号=phone;地址=address;室号=dwelling;权属=title;对方姓名=lessee_name;对方电话=lessee_phone;中介=agent_name;居住人数=people;出租房间=room;房间来源=origin;使用面积=area;租期起=from;租期止=to;租金=rent;备案号=filing"
        }
    };
    setting
        .filter(|s| !s.trim().is_empty())
        .unwrap_or_else(|| shipped.into())
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(head, key)| (head.trim().to_owned(), key.trim().to_owned()))
        .collect()
}

/// The number of a registration as it is written on paper: with a check digit.
fn spoken(no: RegistrationId) -> String {
    CaseNo(no.0).spoken()
}

impl App {
    /// The places below which everything verified is handed off.
    fn below(&self, place: Option<PlaceId>) -> Vec<PlaceId> {
        let d = self.directory();
        d.places()
            .filter(|p| d.children(Some(p.id)).next().is_none())
            .filter(|p| place.is_none_or(|up| d.path(p.id).lies_in(up)))
            .map(|p| p.id)
            .collect()
    }

    /// Hands off what is verified of one kind, in a place or the whole district.
    ///
    /// # Errors
    /// Without the right for that place, without an authority or a legal basis, or when nothing is verified.
    pub async fn hand_off(
        &self,
        who: &Who,
        kind: Kind,
        place: Option<PlaceId>,
        authority: &str,
        basis: &str,
    ) -> Result<HandOff, AppError> {
        let path = place.map_or_else(domain::territory::Path::default, |p| self.directory().path(p));
        if !may(&who.grants, Action::HandOff, &Target { path, unit: None }) {
            return Err(AppError::NotAllowed);
        }
        let ctx = self.context(who.actor(None));
        let work = self.batch(kind, place, authority, basis, ctx)?;
        self.store.write(work).await
    }

    /// The same from the command line. Blocks.
    ///
    /// # Errors
    /// As [`App::hand_off`].
    pub fn hand_off_now(&self, kind: Kind, authority: &str, basis: &str) -> Result<HandOff, AppError> {
        let ctx = self.context(Actor::System);
        let work = self.batch(kind, None, authority, basis, ctx)?;
        self.store.write(work).wait()
    }

    fn batch(
        &self,
        kind: Kind,
        place: Option<PlaceId>,
        authority: &str,
        basis: &str,
        ctx: Context,
    ) -> Result<impl FnOnce(&mut Tx<'_>) -> Result<HandOff, AppError> + Send + 'static, AppError> {
        let said = |field, text: &str, zh: &str, en: &str| {
            let text: String = text.trim().chars().filter(|c| !c.is_control()).take(120).collect();
            if text.is_empty() { Err(invalid(Fault::of(field, zh, en))) } else { Ok(text) }
        };
        let authority = said("authority", authority, "请写移交给谁。", "Say to whom it is handed off.")?;
        let basis = said("basis", basis, "请写移交的依据。", "Say under which law it is handed off.")?;
        let (app, places) = (self.clone(), self.below(place));
        Ok(move |tx: &mut Tx<'_>| {
            let terms = Terms::at(app.rules().as_ref(), ctx.now);
            let mut verified: Vec<Listed> = Vec::new();
            for p in places {
                let left = IN_ONE.saturating_sub(u32::try_from(verified.len()).unwrap_or(u32::MAX));
                let some = tx.registrations_standing(p, State::Verified, None, left)?;
                verified.extend(some.into_iter().filter(|l| l.registration.kind == kind));
                if left == 0 {
                    break;
                }
            }
            if verified.is_empty() {
                return Err(Invalid::field(
                    "kind",
                    "现在没有已核实、待移交的登记。",
                    "Nothing is verified and waiting to be handed off.",
                ));
            }
            verified.sort_by_key(|l| (l.registration.due, l.registration.no));
            let staff = match ctx.actor {
                Actor::Staff { id, .. } => Some(id),
                _ => None,
            };
            let no = tx.begin_hand_off(kind, place, &authority, &basis, staff, ctx.now)?;
            for l in &verified {
                app.carry_out_registration(tx, l.registration.no, Command::HandOff(no), &ctx, &terms)?;
            }
            let table = app.table(tx, kind, &verified)?;
            let digest = table.digest();
            let signature = app.keys.mac("hand-off", &digest);
            let records = u32::try_from(verified.len()).unwrap_or(u32::MAX);
            tx.close_hand_off(no, records, &digest, &signature)?;
            let hex = |b: &[u8]| b.iter().map(|b| format!("{b:02x}")).collect::<String>();
            let event = serde_json::json!({
                "event": "handed_off", "kind": kind.key(), "place": place, "authority": authority, "basis": basis,
                "records": records, "digest": hex(&digest),
            });
            tx.append_next(Subject::HandOff(no.0), ctx.now, ctx.actor, &event.to_string())?;
            let receipt = tx.receipt(no)?.ok_or(AppError::NotFound)?;
            Ok(HandOff { receipt, table })
        })
    }

    fn table(&self, tx: &mut Tx<'_>, kind: Kind, listed: &[Listed]) -> Result<Table, AppError> {
        let columns = template(kind, tx.setting(&format!("handoff.{}", kind.key()))?);
        let head = std::iter::once("编号".to_owned()).chain(columns.iter().map(|c| c.0.clone())).collect();
        let d = self.directory();
        let mut rows = Vec::with_capacity(listed.len());
        for l in listed {
            let content: Content = self.open_registration(tx, l)?.unwrap_or_default();
            let address = tx.doorway(l.doorway)?.map(|x| {
                let place = d.place(x.place).map(|p| p.zh.clone()).unwrap_or_default();
                format!("{place} {}", x.address)
            });
            let cell = |key: &str| match key {
                "address" => address.clone().unwrap_or_default(),
                key => content.get(key).to_owned(),
            };
            rows.push(
                std::iter::once(spoken(l.registration.no))
                    .chain(columns.iter().map(|c| cell(&c.1)))
                    .collect(),
            );
        }
        Ok(Table { head, rows })
    }

    /// The newest receipts.
    ///
    /// # Errors
    /// Without the right to hand off anywhere.
    pub async fn receipts(&self, who: &Who) -> Result<Vec<Receipt>, AppError> {
        if !may_somewhere(&who.grants, Action::HandOff) {
            return Err(AppError::NotAllowed);
        }
        let all = self.store.read(move |tx| Ok::<_, AppError>(tx.receipts(200)?)).await?;
        Ok(all.into_iter().filter(|r| self.may_hand_off(who, r)).collect())
    }

    fn may_hand_off(&self, who: &Who, r: &Receipt) -> bool {
        let path = r.place.map_or_else(domain::territory::Path::default, |p| self.directory().path(p));
        may(&who.grants, Action::HandOff, &Target { path, unit: None })
    }

    /// A batch once more, while its content is kept: to send it again when it was lost on the way. Who takes it out
    /// is noted with every registration in it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there, not theirs, or its content is deleted.
    pub async fn hand_off_file(&self, who: &Who, no: HandOffId, purpose: &str) -> Result<HandOff, AppError> {
        let (app, who) = (self.clone(), who.clone());
        let purpose: String = purpose.trim().chars().take(120).collect();
        if purpose.is_empty() {
            return Err(Invalid::field("purpose", "请写明用途。", "Say what you need it for."));
        }
        self.store
            .write(move |tx| {
                let receipt =
                    tx.receipt(no)?.filter(|r| app.may_hand_off(&who, r)).ok_or(AppError::NotFound)?;
                let mut listed = tx.registrations_in_batch(no)?;
                listed.retain(|l| l.content.is_some());
                if listed.is_empty() {
                    return Err(AppError::NotFound);
                }
                listed.sort_by_key(|l| (l.registration.due, l.registration.no));
                for l in &listed {
                    tx.note_registration_look(&super::Look {
                        registration: l.registration.no,
                        staff: who.staff,
                        place: l.place,
                        purpose: purpose.clone(),
                        outside: true,
                        at: app.now(),
                    })?;
                }
                let table = app.table(tx, receipt.kind, &listed)?;
                Ok(HandOff { receipt, table })
            })
            .await
    }

    /// Reads the answer of the authority: lines of `number, accepted|rejected`, as CSV or as copied from a sheet.
    ///
    /// # Errors
    /// The first line that does not read; nothing is taken then.
    pub fn read_answer(text: &str) -> Result<Vec<Answer>, AppError> {
        let mut out = Vec::new();
        for (n, line) in (1..).zip(text.lines()) {
            let cells: Vec<&str> =
                line.split(['\t', ',', '，', ';']).map(|c| c.trim().trim_matches('"').trim()).collect();
            if cells.iter().all(|c| c.is_empty())
                || (n == 1 && cells[0].trim_start_matches('\u{feff}') == "编号")
            {
                continue;
            }
            let bad = |zh: &str, en: &str| {
                Invalid::field("answer", format!("第{n}行：{zh}"), format!("Line {n}: {en}"))
            };
            let no = CaseNo::parse_spoken(cells[0].trim_start_matches('\u{feff}')).ok_or_else(|| {
                bad("编号不对，请照移交表上的编号填。", "the number is not one of the batch's.")
            })?;
            let accepted = match cells.get(1).copied().unwrap_or_default().to_lowercase().as_str() {
                "accepted" | "接收" | "已接收" | "通过" | "ok" => true,
                "rejected" | "退回" | "不通过" | "refused" => false,
                _ => return Err(bad("结果写“接收”或“退回”。", "the result is “accepted” or “rejected”.")),
            };
            out.push(Answer { no: RegistrationId(no.0), accepted });
        }
        if out.is_empty() {
            return Err(Invalid::field("answer", "没有读到任何一行。", "There is no line to read."));
        }
        Ok(out)
    }

    /// Takes the answer of the authority for a batch: those that were rejected go back to the desk as failed, with
    /// that reason.
    ///
    /// # Errors
    /// When a registration is not in the batch or was answered before; nothing is taken then.
    pub async fn take_answer(
        &self,
        who: &Who,
        no: HandOffId,
        answers: Vec<Answer>,
    ) -> Result<Receipt, AppError> {
        let (app, who, terms) = (self.clone(), who.clone(), self.terms());
        self.store
            .write(move |tx| {
                tx.receipt(no)?.filter(|r| app.may_hand_off(&who, r)).ok_or(AppError::NotFound)?;
                let ctx = app.context(who.actor(None));
                let (mut accepted, mut refused) = (0, 0);
                for a in &answers {
                    app.carry_out_registration(tx, a.no, Command::Answer(no, a.accepted), &ctx, &terms)?;
                    *if a.accepted { &mut accepted } else { &mut refused } += 1;
                }
                tx.hand_off_answered(no, ctx.now, accepted, refused)?;
                let event =
                    serde_json::json!({ "event": "answer_read", "accepted": accepted, "refused": refused });
                tx.append_next(Subject::HandOff(no.0), ctx.now, ctx.actor, &event.to_string())?;
                tx.receipt(no)?.ok_or(AppError::NotFound)
            })
            .await
    }

    /// Whether a digest was signed by this district: for an authority that asks.
    pub fn is_hand_off_signature(&self, digest: &[u8], signature: &[u8]) -> bool {
        self.keys.is_mac("hand-off", digest, signature)
    }
}
