//! Forms: the one that is open, and publication by the district's office.

use crate::{App, AppError, Who};
use domain::access::{Action, may_somewhere};
use domain::cases::local_date;
use domain::registrations::Kind;
use domain::registrations::forms::{Depth, Form, publish};
use jiff::civil::Date;
use store::events::Subject;

fn read(body: Option<String>) -> Option<Form> {
    body.and_then(|b| serde_json::from_str(&b).ok())
}

impl App {
    /// The form of a registration that can be filled in today; `None` where none is published, or it has ended.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open_form(&self, kind: Kind) -> Result<Option<Form>, AppError> {
        let today = local_date(self.now());
        let body = self.store.glance(move |tx| Ok::<_, AppError>(tx.newest_form(kind)?)).await?;
        Ok(read(body).filter(|f| f.is_open(today)))
    }

    /// The form that was published last, open or ended.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn newest_form(&self, kind: Kind) -> Result<Option<Form>, AppError> {
        self.store.glance(move |tx| Ok::<_, AppError>(read(tx.newest_form(kind)?))).await
    }

    /// Publishes the form of a registration at a depth, with fields besides, until a day.
    ///
    /// # Errors
    /// Without the right, or with the reason against it.
    pub async fn publish_form(
        &self,
        who: &Who,
        kind: Kind,
        depth: Depth,
        besides: &[&str],
        people: u32,
        ends_on: Option<Date>,
    ) -> Result<Form, AppError> {
        if !may_somewhere(&who.grants, Action::PublishForms) {
            return Err(AppError::NotAllowed);
        }
        let form = Form { people, ends_on, ..Form::draft(kind).at_depth(depth, besides) };
        let ctx = self.context(who.actor(None));
        self.store.write(move |tx| keep(tx, form, &ctx)).await
    }

    /// The same without anybody signed in: what the demo and a new installation begin with. Blocks.
    ///
    /// # Errors
    /// As [`App::publish_form`].
    pub fn publish_at_load(
        &self,
        kind: Kind,
        depth: Depth,
        people: u32,
        ends_on: Date,
    ) -> Result<Form, AppError> {
        let form = Form { people, ends_on: Some(ends_on), ..Form::draft(kind).at_depth(depth, &[]) };
        let ctx = self.context(domain::Actor::System);
        self.store.write(move |tx| keep(tx, form, &ctx)).wait()
    }
}

fn keep(tx: &mut store::Tx<'_>, form: Form, ctx: &domain::Context) -> Result<Form, AppError> {
    let kind = form.kind;
    let before = read(tx.newest_form(kind)?).map_or(0, |f| f.version);
    let form = publish(form, before, local_date(ctx.now))?;
    let body = serde_json::to_string(&form).map_err(|e| AppError::Keys(e.to_string()))?;
    tx.insert_form(kind, form.version, &body, ctx.now)?;
    let event = serde_json::json!({
        "event": "form_published", "kind": kind.key(), "version": form.version, "ends_on": form.ends_on,
        "fields": form.fields.iter().map(|f| f.key.as_str()).collect::<Vec<_>>(),
        "notice": form.notice.version, "cost_minutes": form.cost(),
    });
    let number = if kind == Kind::Residency { 1 } else { 2 };
    tx.append_next(Subject::Form(number), ctx.now, ctx.actor, &event.to_string())?;
    Ok(form)
}
