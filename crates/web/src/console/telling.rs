//! `GET` and `POST /console/account/notices`: how I am told: channels, quiet hours, how long a burst is gathered.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::view::FieldError;
use crate::view::console::TellingPage;
use app::{AppError, MyChoice, NewChoice};
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use domain::notices::Channel;
use std::collections::HashMap;

/// Minutes of a day as people write them.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The page around what is set up and what the rule says; the fields are empty.
fn around(web: &Web, staff: &Staff, mine: &MyChoice) -> TellingPage {
    let time = |t: jiff::civil::Time| t.strftime("%H:%M").to_string();
    TellingPage {
        frame: web.staff_frame(staff, None),
        has_email: mine.offered.contains(&Channel::Email),
        has_hook: mine.offered.contains(&Channel::Hook),
        rule_quiet: mine.rule.quiet.map(|q| (time(q.from), time(q.to))),
        rule_digest: mine.rule.digest.as_mins(),
        ..TellingPage::default()
    }
}

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let mine = match web.app.my_choice(&staff.who).await {
        Ok(mine) => mine,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let page = TellingPage {
        quiet_from: mine.quiet.map(|q| clock(q.0)).unwrap_or_default(),
        quiet_to: mine.quiet.map(|q| clock(q.1)).unwrap_or_default(),
        digest: mine.digest.map(|m| m.to_string()).unwrap_or_default(),
        kept: query.contains_key("kept"),
        email: mine.email.clone(),
        hook: mine.hook.clone(),
        ..around(&web, &staff, &mine)
    };
    console(StatusCode::OK, &page)
}

pub(super) async fn post(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let mine = match web.app.my_choice(&staff.who).await {
        Ok(mine) => mine,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let text = |name: &str| fields.text(name).trim().to_owned();
    // A channel that is not set up just now has no field: what was kept of it stays.
    let of = |channel, kept: &String| {
        if mine.offered.contains(&channel) { text(channel.key()) } else { kept.clone() }
    };
    let new = NewChoice {
        email: of(Channel::Email, &mine.email),
        hook: of(Channel::Hook, &mine.hook),
        quiet_from: text("quiet_from"),
        quiet_to: text("quiet_to"),
        digest: text("digest"),
        lang: staff.visitor.lang.key().to_owned(),
    };
    match web.app.choose(&staff.who, new.clone()).await {
        Ok(()) => see_other("/console/account/notices?kept=1"),
        Err(AppError::Invalid(i)) => {
            let page = TellingPage {
                email: new.email,
                hook: new.hook,
                quiet_from: new.quiet_from,
                quiet_to: new.quiet_to,
                digest: new.digest,
                errors: vec![FieldError { field: i.field, text: staff.visitor.lang.pick(i.zh, i.en) }],
                ..around(&web, &staff, &mine)
            };
            console(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn minutes_read_as_times() {
        assert_eq!([clock(0), clock(21 * 60), clock(7 * 60 + 5)], ["00:00", "21:00", "07:05"]);
    }
}
