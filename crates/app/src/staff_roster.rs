//! The roster of staff: accounts with their posts, a row for every post. No password is ever in such a file; each
//! new account comes with an invitation.

use crate::invitations::{self, Invitation, new_token, nobodys_password};
use crate::offices::is_login;
use crate::roster::TableRow;
use crate::{App, AppError};
use domain::access::{Grant, Role};
use domain::territory::Part;
use domain::units::UnitKind;
use domain::{Actor, Context, StaffId};
use std::collections::{HashMap, HashSet};
use store::Tx;
use store::events::Subject;

/// The longest name of a person, in characters.
const LONGEST_NAME: usize = 40;

/// An account as a roster is held against it.
struct KnownAccount {
    id: StaffId,
    name: String,
    grants: Vec<Grant>,
}

/// The accounts that there are, by login.
pub(crate) struct StaffKnown(HashMap<String, KnownAccount>);

/// Whose post a row names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Whose {
    /// An account that is there.
    There(StaffId),
    /// The nth of the new ones.
    New(usize),
}

/// What a roster of staff brings.
#[derive(Default)]
pub(crate) struct NewStaff {
    /// Login and name of new accounts.
    accounts: Vec<(String, String)>,
    posts: Vec<(Whose, Grant)>,
}

/// A new account, ready to be kept.
pub(crate) struct MadeAccount {
    hash: [u8; 32],
    password: String,
    secret: [u8; 20],
    keys: crate::Keys,
    pub(crate) invitation: Invitation,
}

impl App {
    pub(crate) fn staff_known(&self) -> Result<StaffKnown, AppError> {
        let now = self.now();
        self.store
            .read(move |tx| {
                let mut grants = tx.all_grants(now)?;
                let known = tx.staff()?.into_iter().map(|(id, login, name)| {
                    (login, KnownAccount { id, name, grants: grants.remove(&id).unwrap_or_default() })
                });
                Ok(StaffKnown(known.collect()))
            })
            .wait()
    }

    /// Every account: login, name, posts. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn all_accounts(&self) -> Result<Vec<(String, String, Vec<Grant>)>, AppError> {
        let StaffKnown(known) = self.staff_known()?;
        let mut all: Vec<_> = known.into_iter().map(|(login, a)| (a.id, login, a.name, a.grants)).collect();
        all.sort_by_key(|a| a.0);
        Ok(all.into_iter().map(|(_, login, name, grants)| (login, name, grants)).collect())
    }

    /// A row of the roster: `false` for a post that its owner has already.
    pub(crate) fn staff_row(
        &self,
        row: &TableRow,
        known: &StaffKnown,
        staff: &mut NewStaff,
        seen: &mut HashSet<String>,
    ) -> Result<bool, String> {
        let (login, name) = (row.needed("login")?, row.needed("name")?);
        if !is_login(&login) {
            return Err(format!("login: {login:?} is not of 3 to 40 letters, digits, dots or dashes"));
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(format!("name: is longer than {LONGEST_NAME} characters"));
        }
        let grant = self.post(row)?;
        let there = known.0.get(&login);
        let new = staff.accounts.iter().position(|(l, _)| *l == login);
        let named = there.map(|a| &a.name).or_else(|| new.map(|n| &staff.accounts[n].1));
        if named.is_some_and(|n| *n != name) {
            return Err(format!("name: {login:?} stands under another name"));
        }
        let whose = match (there, new) {
            (Some(a), _) => Whose::There(a.id),
            (None, Some(n)) => Whose::New(n),
            (None, None) => Whose::New(staff.accounts.len()),
        };
        if let Some(grant) = &grant {
            let brought = staff.posts.iter().filter(|(w, _)| *w == whose).map(|(_, g)| g);
            let posts: Vec<&Grant> = there.iter().flat_map(|a| &a.grants).chain(brought).collect();
            let has = |g: &&&Grant| {
                g.role.is_administrator() != grant.role.is_administrator()
                    || (grant.role.is_administrator() && g.role != grant.role)
            };
            if let Some(other) = posts.iter().find(has) {
                return Err(format!(
                    "role: {login:?} is {} already, and an administrator has no other post",
                    other.role.key()
                ));
            }
        }
        if there.is_some_and(|a| grant.is_none_or(|g| a.grants.contains(&g))) {
            return Ok(false);
        }
        if !seen.insert(format!("{login}/{grant:?}")) {
            return Err(format!("role: this post of {login:?} stands in an earlier row too"));
        }
        if whose == Whose::New(staff.accounts.len()) {
            staff.accounts.push((login, name));
        }
        staff.posts.extend(grant.map(|g| (whose, g)));
        Ok(true)
    }

    /// The post of a row; `None` for an account without any.
    fn post(&self, row: &TableRow) -> Result<Option<Grant>, String> {
        let (text, place_text, unit_text) = (row.text("role"), row.text("place"), row.text("unit"));
        if text.is_empty() {
            let odd = if place_text.is_empty() { "unit" } else { "place" };
            return if place_text.is_empty() && unit_text.is_empty() {
                Ok(None)
            } else {
                Err(format!("{odd}: stands without a role"))
            };
        }
        let role =
            Role::ALL.iter().find(|r| r.key() == text || r.zh() == text).copied().ok_or_else(|| {
                format!(
                    "role: {text:?} is none of {}",
                    Role::ALL.iter().map(|r| r.key()).collect::<Vec<_>>().join(", ")
                )
            })?;
        let d = self.directory();
        let place = self.place_named("place", place_text)?;
        let unit = match unit_text {
            "" => None,
            text => Some(
                d.units()
                    .into_iter()
                    .find(|u| u.zh == text)
                    .ok_or_else(|| format!("unit: there is no unit {text:?}"))?,
            ),
        };
        if role.is_for_a_place() && place.is_none() {
            return Err(format!("place: is empty, and {} is for a place", role.key()));
        }
        if role.is_for_a_unit() && unit.is_none() {
            return Err(format!("unit: is empty, and {} is for a unit", role.key()));
        }
        if unit.is_some() && !role.is_for_a_unit() {
            return Err(format!("unit: {} is for no unit", role.key()));
        }
        if place.is_some() && !role.is_for_a_place() && !role.is_for_a_unit() {
            return Err(format!("place: {} is for the whole district", role.key()));
        }
        let part = match role {
            Role::CommitteeWorker | Role::CommitteeSecretary => Some(Part::Committee),
            Role::PrecinctCoordinator => Some(Part::Dispatcher),
            Role::SubdistrictLeader => Some(Part::Leader),
            _ => None,
        };
        if let (Some(place), Some(levels), Some(part)) = (place, &d.levels, part)
            && let Some(depth) = levels.depth_of(part)
            && d.depth(place) != depth
        {
            let level = &levels.all()[depth - 1];
            return Err(format!("place: {place_text:?} is no {} ({})", level.zh, level.en));
        }
        if part == Some(Part::Committee)
            && unit.is_some_and(|u| u.kind != UnitKind::Committee || u.place != place)
        {
            return Err(format!("unit: {unit_text:?} is not the committee of {place_text:?}"));
        }
        Ok(Some(Grant { role, place, unit: unit.map(|u| u.id) }))
    }

    /// What the new accounts of a roster are kept with.
    pub(crate) fn new_accounts(&self, staff: &NewStaff, ctx: &Context) -> Result<Vec<MadeAccount>, AppError> {
        if staff.accounts.is_empty() {
            return Ok(Vec::new());
        }
        // Nobody knows a password that fits, so one hash does for all of them.
        let password = nobodys_password(ctx)?;
        let made = staff.accounts.iter().map(|(login, name)| {
            let own = self.context(Actor::System);
            let (token, hash) = new_token(&own);
            MadeAccount {
                hash,
                password: password.clone(),
                secret: own.bytes(),
                keys: self.keys.clone(),
                invitation: Invitation { login: login.clone(), name: name.clone(), token },
            }
        });
        Ok(made.collect())
    }
}

/// Keeps new accounts with their invitations, and posts.
pub(crate) fn keep_staff(
    tx: &mut Tx<'_>,
    staff: &NewStaff,
    made: &[MadeAccount],
    ctx: &Context,
) -> Result<(), AppError> {
    let mut ids = Vec::with_capacity(made.len());
    for a in made {
        let id = tx.next_staff_id()?;
        let sealed = a.keys.seal_own(id, "totp", &a.secret, ctx)?;
        tx.insert_staff(id, &a.invitation.login, &a.invitation.name, &a.password, &sealed)?;
        let body = serde_json::json!({ "event": "account_made", "login": a.invitation.login });
        tx.append_next(Subject::Staff(id.0), ctx.now, ctx.actor, &body.to_string())?;
        invitations::keep(tx, id, &a.hash, ctx)?;
        ids.push(id);
    }
    for (whose, grant) in &staff.posts {
        let id = match whose {
            Whose::There(id) => Some(*id),
            Whose::New(n) => ids.get(*n).copied(),
        };
        let Some(id) = id else { continue };
        tx.insert_grant(id, grant, ctx.now)?;
        let body = serde_json::json!({ "event": "role_given", "grant": grant });
        tx.append_next(Subject::Staff(id.0), ctx.now, ctx.actor, &body.to_string())?;
    }
    Ok(())
}
