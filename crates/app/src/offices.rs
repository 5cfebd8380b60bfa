//! What the offices around the work see: notices, who looked at personal data, the trail, and rights.

use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::access::{Action, Grant, Role, may_somewhere, scope};
use domain::notices::Addressee;
use domain::{CaseNo, PlaceId, StaffId, UnitId};
use jiff::Timestamp;
use store::events::{Subject, Walked};
use store::notices::Told;
use store::work::Look;

/// How many accounts a page has.
const ROWS: u32 = 50;

/// An account, as who gives rights sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAccount {
    /// Its number.
    pub id: StaffId,
    /// What its owner types.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their roles.
    pub grants: Vec<Grant>,
}

/// A change of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Gives a role.
    Give(Grant),
    /// Takes a role.
    Take(Grant),
    /// Ends the account and its sessions.
    End,
}

/// A new account, told once.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What its owner types.
    pub login: String,
    /// Their password.
    pub password: String,
    /// The secret of their second factor.
    pub secret: [u8; 20],
}

/// What is kept of it.
struct AccountRow {
    login: String,
    name: String,
    hash: String,
    secret: [u8; 20],
    keys: crate::Keys,
}

impl AccountRow {
    fn keep(&self, tx: &mut store::Tx<'_>, ctx: &domain::Context) -> Result<StaffId, AppError> {
        let id = tx.next_staff_id()?;
        let sealed = self.keys.seal_own(id, "totp", &self.secret, ctx)?;
        tx.insert_staff(id, &self.login, &self.name, &self.hash, &sealed)?;
        let body = serde_json::json!({ "event": "account_made", "login": self.login });
        tx.append_next(Subject::Staff(id.0), ctx.now, ctx.actor, &body.to_string())?;
        Ok(id)
    }
}

/// Whether a text can be a login: 3 to 40 letters, digits, dots or dashes.
pub(crate) fn is_login(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (3..=40).contains(&text.len()) && text.chars().all(plain)
}

/// A login that is taken, said as such.
fn taken(e: AppError) -> AppError {
    match e {
        AppError::Store(store::StoreError::Duplicate(_)) => {
            Invalid::field("login", "这个账号已经有人用了。", "This login is taken.")
        }
        other => other,
    }
}

impl App {
    /// Notices for the units and places that a person works for, newest first.
    ///
    /// # Errors
    /// Without any case to see.
    pub async fn notices(&self, who: &Who, limit: u32) -> Result<Vec<Told>, AppError> {
        let me = who.staff;
        let handle = scope(&who.grants, Action::Handle);
        let dispatch = scope(&who.grants, Action::Dispatch);
        self.store
            .read(move |tx| {
                let mut to = vec![Addressee::Staff(me)];
                to.extend(handle.units.into_iter().map(Addressee::Unit));
                to.extend(dispatch.places.into_iter().map(Addressee::Place));
                let mut all = tx.told_to(&to, limit)?;
                all.dedup_by_key(|n| (n.at, n.subject, n.what));
                Ok(all)
            })
            .await
    }

    /// Who looked at personal data of a person's own neighbourhoods, and what for.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for whoever sees no place as a whole.
    pub async fn looks(&self, who: &Who, limit: u32) -> Result<Vec<Look>, AppError> {
        let reach = scope(&who.grants, Action::SeeCase);
        if reach.places.is_empty() && !reach.all {
            return Err(AppError::NotAllowed);
        }
        let directory = self.directory();
        let places: Vec<PlaceId> = directory
            .places()
            .filter(|p| directory.children(Some(p.id)).next().is_none())
            .filter(|p| reach.places.iter().any(|mine| directory.path(p.id).lies_in(*mine)))
            .map(|p| p.id)
            .collect();
        self.store.read(move |tx| Ok(tx.looks_in((!reach.all).then_some(&places[..]), limit)?)).await
    }

    /// The newest events before one, for those who read the trail.
    ///
    /// # Errors
    /// Without the right to.
    pub async fn trail(&self, who: &Who, before: Option<i64>, limit: u32) -> Result<Vec<Walked>, AppError> {
        if !may_somewhere(&who.grants, Action::SeeAudit) {
            return Err(AppError::NotAllowed);
        }
        self.store.read(move |tx| Ok(tx.newest_events(before.unwrap_or(i64::MAX), limit)?)).await
    }

    /// Accounts whose login or name holds a text, fifty at most.
    ///
    /// # Errors
    /// Without the right to give rights.
    pub async fn accounts(&self, who: &Who, text: &str) -> Result<Vec<ListedAccount>, AppError> {
        self.may_manage_staff(who)?;
        let (text, now) = (text.to_owned(), self.clock.now());
        self.store
            .read(move |tx| {
                let found = tx.find_staff(&text, ROWS)?;
                let mut grants = tx.all_grants(now)?;
                Ok(found
                    .into_iter()
                    .map(|(id, login, name)| ListedAccount {
                        id,
                        login,
                        name,
                        grants: grants.remove(&id).unwrap_or_default(),
                    })
                    .collect())
            })
            .await
    }

    /// Writes down that a list was taken out: in the trail, and where it holds residents' words, for each of their
    /// neighbourhoods to see.
    ///
    /// # Errors
    /// When the store cannot be written; then the list is not to be handed out.
    pub async fn note_export(
        &self,
        who: &Who,
        list: &'static str,
        rows: usize,
        mut places: Vec<PlaceId>,
        purpose: String,
    ) -> Result<(), AppError> {
        places.sort_unstable();
        places.dedup();
        let (staff, ctx) = (who.staff, self.context(who.actor(None)));
        self.store
            .write(move |tx| {
                for place in places {
                    tx.note_look(staff, CaseNo(0), Some(place), &purpose, ctx.now)?;
                }
                let body = serde_json::json!({ "event": "list_exported", "list": list, "rows": rows });
                tx.append_next(Subject::Staff(staff.0), ctx.now, ctx.actor, &body.to_string())?;
                Ok(())
            })
            .await
    }

    fn may_manage_staff(&self, who: &Who) -> Result<(), AppError> {
        if may_somewhere(&who.grants, Action::ManageStaff) { Ok(()) } else { Err(AppError::NotAllowed) }
    }

    /// Reads a grant from a form: the role, a place and a unit by number where the role has them.
    ///
    /// # Errors
    /// Naming the field.
    pub fn grant(&self, role: &str, place: &str, unit: &str) -> Result<Grant, AppError> {
        let Some(role) = Role::from_key(role) else {
            return Err(Invalid::field("role", "请选择岗位。", "Please choose a role."));
        };
        let directory = self.directory();
        let place = match place.trim() {
            "" => None,
            text => {
                Some(text.parse().map(PlaceId).ok().filter(|p| directory.place(*p).is_some()).ok_or_else(
                    || {
                        Invalid::field(
                            "place",
                            format!("没有编号为“{text}”的地方。"),
                            format!("There is no place {text:?}."),
                        )
                    },
                )?)
            }
        };
        let unit = match unit.trim() {
            "" => None,
            text => Some(text.parse().map(UnitId).ok().filter(|u| directory.unit(*u).is_some()).ok_or_else(
                || {
                    Invalid::field(
                        "unit",
                        format!("没有编号为“{text}”的单位。"),
                        format!("There is no unit {text:?}."),
                    )
                },
            )?),
        };
        Ok(Grant { role, place, unit })
    }

    /// Changes the rights of somebody else. Nobody changes their own.
    ///
    /// # Errors
    /// Without the right, for oneself, or where there is nothing to change.
    pub async fn change_rights(&self, who: &Who, whose: StaffId, right: Right) -> Result<(), AppError> {
        self.may_manage_staff(who)?;
        if who.staff == whose {
            return Err(Invalid::field("role", "不能改自己的权限。", "Nobody changes their own rights."));
        }
        let ctx = self.context(who.actor(None));
        self.store
            .write(move |tx| {
                tx.account_by_id(whose)?.ok_or(AppError::NotFound)?;
                let now: Timestamp = ctx.now;
                let (event, grant) = match right {
                    Right::Give(g) => {
                        if tx.grants(whose, now)?.contains(&g) {
                            return Ok(());
                        }
                        tx.insert_grant(whose, &g, now)?;
                        ("role_given", Some(g))
                    }
                    Right::Take(g) => {
                        if !tx.end_grant(whose, &g, now)? {
                            return Err(AppError::NotFound);
                        }
                        ("role_taken", Some(g))
                    }
                    Right::End => {
                        tx.end_account(whose, now)?;
                        ("account_ended", None)
                    }
                };
                let body = serde_json::json!({ "event": event, "grant": grant });
                tx.append_next(Subject::Staff(whose.0), now, ctx.actor, &body.to_string())?;
                Ok(())
            })
            .await?;
        self.refresh_now().await
    }

    /// Makes an account without any role. Its password and the secret of its second factor are told once.
    ///
    /// # Errors
    /// Without the right, for a login that is taken or not of 3 to 40 letters, digits, dots and dashes, or
    /// without a name.
    pub async fn new_account(&self, who: &Who, login: &str, name: &str) -> Result<NewAccount, AppError> {
        self.may_manage_staff(who)?;
        let ctx = self.context(who.actor(None));
        let (made, row) = self.account_row(login, name, &ctx)?;
        self.store.write(move |tx| row.keep(tx, &ctx)).await.map_err(taken)?;
        self.refresh_now().await?;
        Ok(made)
    }

    /// Makes the first account of a new district, which gives all others their rights. Blocks.
    ///
    /// # Errors
    /// When there are accounts already.
    pub fn first_account(&self, login: &str, name: &str) -> Result<NewAccount, AppError> {
        let ctx = self.context(domain::Actor::System);
        let (made, row) = self.account_row(login, name, &ctx)?;
        self.store
            .write(move |tx| {
                if !tx.staff()?.is_empty() {
                    return Err(AppError::NotAllowed);
                }
                row.keep(tx, &ctx)?;
                let security = Grant { role: Role::SecurityAdmin, place: None, unit: None };
                Ok(tx.insert_grant(StaffId(1), &security, ctx.now)?)
            })
            .wait()?;
        self.refresh()?;
        Ok(made)
    }

    fn account_row(
        &self,
        login: &str,
        name: &str,
        ctx: &domain::Context,
    ) -> Result<(NewAccount, AccountRow), AppError> {
        let (login, name) = (login.trim().to_owned(), name.trim().to_owned());
        if !is_login(&login) {
            return Err(Invalid::field(
                "login",
                "账号用3到40个字母、数字、点或短横。",
                "A login has 3 to 40 letters, digits, dots or dashes.",
            ));
        }
        if name.is_empty() || name.chars().count() > 40 {
            return Err(Invalid::field(
                "name",
                "请写姓名，最多40个字。",
                "Write a name of at most 40 characters.",
            ));
        }
        // Twenty letters out of 32: a hundred bits, and nothing that is misread.
        let chance: [u8; 20] = ctx.bytes();
        let password: String = chance
            .iter()
            .map(|b| char::from(b"abcdefghjkmnpqrstuvwxyz23456789x"[usize::from(b % 32)]))
            .collect();
        let secret: [u8; 20] = ctx.bytes();
        let hash = crate::hash_password(&password, &ctx.bytes())?;
        let made = NewAccount { login: login.clone(), password, secret };
        let keys = self.keys.clone();
        Ok((made, AccountRow { login, name, hash, secret, keys }))
    }

    /// Gives somebody else a new secret for their second factor and ends their sessions. The secret is told
    /// once.
    ///
    /// # Errors
    /// Without the right, for oneself, or for an account that is not there.
    pub async fn reset_second_factor(&self, who: &Who, whose: StaffId) -> Result<[u8; 20], AppError> {
        self.may_manage_staff(who)?;
        if who.staff == whose {
            return Err(Invalid::field(
                "role",
                "不能重置自己的动态码。",
                "Nobody resets their own second factor.",
            ));
        }
        let ctx = self.context(who.actor(None));
        let secret: [u8; 20] = ctx.bytes();
        let sealed = self.keys.seal_own(whose, "totp", &secret, &ctx)?;
        self.store
            .write(move |tx| {
                if !tx.reset_totp(whose, &sealed)? {
                    return Err(AppError::NotFound);
                }
                let body = r#"{"event":"second_factor_reset"}"#;
                tx.append_next(Subject::Staff(whose.0), ctx.now, ctx.actor, body)?;
                Ok(())
            })
            .await?;
        Ok(secret)
    }
}
