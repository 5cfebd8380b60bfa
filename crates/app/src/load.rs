//! Bringing a whole district in at once: the demo, or a roster.

use crate::report::{Incoming, Prepared, Voiced};
use crate::{App, AppError, jobs};
use domain::access::Grant;
use domain::cases::{self, CaseEvent, Channel, Command, Recorded, local_date};
use domain::units::{Duty, Unit};
use domain::{Actor, CaseNo, Context, StaffId};
use jiff::Timestamp;
use store::events::Subject;
use store::territory::{DoorwayRow, PlaceRow};

/// Rows that go in with one commit.
const AT_ONCE: usize = 2_000;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its number.
    pub id: StaffId,
    /// What its owner types.
    pub login: String,
    /// Their name.
    pub name: String,
    /// The hash of their password ([`crate::hash_password`]).
    pub password: String,
    /// The secret of their second factor.
    pub totp: Vec<u8>,
    /// Their roles.
    pub grants: Vec<Grant>,
}

/// A district to be brought in.
#[derive(Debug, Clone, Default)]
pub struct NewDistrict {
    /// `name.zh`, `name.en`, `code`, `domain`, `helpline`, `levels`.
    pub settings: Vec<(String, String)>,
    /// Places, parents before children.
    pub places: Vec<PlaceRow>,
    /// Doorways.
    pub doorways: Vec<DoorwayRow>,
    /// Units.
    pub units: Vec<Unit>,
    /// Their lists of duties.
    pub duties: Vec<Duty>,
    /// Accounts.
    pub staff: Vec<Account>,
}

impl NewDistrict {
    /// Writes it into an empty store. Valid from the day of `from` on.
    ///
    /// # Errors
    /// When something of it is there already, or the store cannot be written. Rows go in by the thousand; the
    /// settings come last, so that a district that was cut off halfway is known by its missing name.
    pub fn keep(
        self,
        store: &store::Store,
        keys: &crate::Keys,
        ctx: &Context,
        from: Timestamp,
    ) -> Result<(), AppError> {
        let day = local_date(from);
        let NewDistrict { settings, places, doorways, units, duties, staff } = self;
        let mut receipts = Vec::new();
        receipts.push(store.write(move |tx| {
            places.iter().try_for_each(|p| tx.insert_place(p, day))?;
            units.iter().try_for_each(|u| tx.insert_unit(u))?;
            duties.iter().try_for_each(|d| tx.insert_duty(d))?;
            Ok::<_, AppError>(())
        }));
        for some in doorways.chunks(AT_ONCE) {
            let some = some.to_vec();
            receipts
                .push(store.write(move |tx| Ok(some.iter().try_for_each(|d| tx.insert_doorway(d, day))?)));
        }
        let mut accounts = Vec::with_capacity(staff.len());
        for a in staff {
            let totp = keys.seal_own(a.id, "totp", &a.totp, ctx)?;
            accounts.push((a, totp));
        }
        receipts.push(store.write(move |tx| {
            for (a, totp) in &accounts {
                tx.insert_staff(a.id, &a.login, &a.name, &a.password, totp)?;
                for g in &a.grants {
                    tx.insert_grant(a.id, g, from)?;
                }
            }
            Ok(())
        }));
        for r in receipts {
            r.wait()?;
        }
        let body = serde_json::json!({ "event": "district_loaded" }).to_string();
        let now = ctx.now;
        store
            .write(move |tx| {
                settings.iter().try_for_each(|(k, v)| tx.set_setting(k, v))?;
                tx.append_next(Subject::Roster(0), now, Actor::System, &body)?;
                Ok(())
            })
            .wait()
    }
}

/// What happened to a case after it was reported, when a history is brought in.
pub enum Later {
    /// A step with the case.
    Step(Command),
    /// One more person said: I too. The submission names it, as that of a report does.
    Voice(Incoming),
}

/// Brings histories in, each through the same decisions as a live case, at the times that they give.
///
/// A whole story is decided in memory and written at once: the same events and the same row as if each step
/// had come by itself, with a third of the statements.
pub struct Loader {
    app: App,
    waiting: Vec<store::Receipt<CaseNo, AppError>>,
    until: Timestamp,
}

impl Loader {
    /// A loader for an app. Answers whose time of silence ends before `until` are closed.
    pub fn new(app: &App, until: Timestamp) -> Loader {
        Loader { app: app.clone(), waiting: Vec::new(), until }
    }

    /// One report and what came of it. The contexts carry the times.
    ///
    /// # Errors
    /// When a form is wrong or a step is refused. What the store says comes with [`Loader::finish`].
    pub fn add(
        &mut self,
        incoming: Incoming,
        channel: Channel,
        at: &Context,
        later: Vec<(Context, Later)>,
    ) -> Result<(), AppError> {
        let app = self.app.clone();
        let rules = app.rules();
        let doorway = incoming.doorway;
        let Prepared { report, unsure, voiced, .. } = app.prepare(incoming, channel, at)?;
        let (opened, opening) = cases::open(CaseNo(0), report, at, rules.as_ref());
        let mut case = opened.clone();
        let mut events: Vec<Recorded> = Vec::new();
        let mut voices: Vec<(Voiced, Timestamp)> = Vec::new();
        for (ctx, what) in later {
            let command = match what {
                Later::Step(command) => command,
                Later::Voice(incoming) => {
                    let joined =
                        app.prepare(Incoming { doorway, join: Some(CaseNo(0)), ..incoming }, channel, &ctx)?;
                    voices.push((joined.voiced, ctx.now));
                    let (text, contact) = (joined.report.text, joined.report.contact);
                    Command::AddVoice { text, contact, channel }
                }
            };
            let more = cases::decide(&case, command, &ctx, rules.as_ref())?;
            case = more.iter().fold(case, cases::apply);
            events.extend(more);
        }
        if let Some((cases::Clock::Silence, due)) = case.due
            && due <= self.until
        {
            let ctx = Context::new(due, Actor::System, [0; 32]);
            let more = cases::decide(&case, Command::CloseOnSilence, &ctx, rules.as_ref())?;
            events.extend(more);
        }
        let began = at.now;
        let learnt = app.learnt(&opened, &events);
        let proposed = opened.subject.clone();
        self.waiting.push(app.store.write(move |tx| {
            let held = App::keep_new(tx, &voiced, opened, &opening, began)?;
            let no = held.case.no;
            for (voice, (v, at)) in (2..).zip(&voices) {
                v.keep(tx, no, voice, *at)?;
            }
            let last = events.last().map_or(began, |e| e.at);
            let held = if events.is_empty() { held } else { tx.keep_case(held, &events)? };
            tx.keep_learnt(&learnt)?;
            for e in &events {
                match (&e.event, e.actor) {
                    (CaseEvent::Dispatched { subject, .. }, Actor::Staff { id, .. }) => {
                        tx.choose_subject(no, e.at, id, (&proposed, subject), unsure)?;
                    }
                    (CaseEvent::Recalled { .. }, _) => drop(tx.forget_choice(no)?),
                    _ => {}
                }
            }
            jobs::watch_deadline(tx, no, &held.case, last)?;
            Ok(no)
        }));
        Ok(())
    }

    /// Waits until everything is in.
    ///
    /// # Errors
    /// The first that the store refused.
    pub fn finish(self) -> Result<Vec<CaseNo>, AppError> {
        let all = self.waiting.into_iter().map(store::Receipt::wait).collect::<Result<_, _>>()?;
        self.app.store.write(|tx| Ok::<_, AppError>(tx.fold_choices()?)).wait()?;
        Ok(all)
    }
}
