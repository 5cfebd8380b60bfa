//! Who is signed in, and what surrounds their pages.

use crate::Web;
use crate::http::fields::{Fields, Unreadable};
use crate::http::page::{Reply, console, see_other, unhex};
use crate::http::visitor::{Visitor, cookie};
use crate::view::console::{Frame, Nav, StaffTrouble, StaffTroublePage, role_name};
use app::{AppError, Who};
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use domain::access::{Action, Grant, may_somewhere, scope};

/// The cookie of a session.
pub(super) const COOKIE: &str = "session";

/// A signed-in person and their visit.
pub(crate) struct Staff {
    pub(crate) who: Who,
    pub(crate) visitor: Visitor,
}

impl FromRequestParts<Web> for Staff {
    type Rejection = Reply;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Reply> {
        let Ok(visitor) = Visitor::from_request_parts(parts, web).await;
        let token = cookie(&parts.headers, COOKIE).and_then(unhex::<32>);
        let who = match token {
            Some(token) => web.app.who(&token).await.map_err(|e| web.failed(&visitor, &e))?,
            None => None,
        };
        let Some(who) = who else {
            let next = if parts.method == Method::GET { parts.uri.path() } else { "/console" };
            let ended = if token.is_some() { "&ended=1" } else { "" };
            return Err(see_other(&format!("/console/sign-in?next={next}{ended}")));
        };
        if parts.method != Method::GET && !is_same_site(&parts.headers) {
            return Err(web.staff_trouble(&visitor, &who, StaffTrouble::Stale));
        }
        Ok(Staff { who, visitor })
    }
}

/// Whether a form comes from our own pages. Browsers say so themselves (Fetch Metadata, or at least `Origin`);
/// what says nothing is no browser that a foreign page could make use of. The cookie is `SameSite` besides.
pub(super) fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text(HOST.as_str()).unwrap_or_default();
            origin.split_once("://").is_some_and(|(_, o)| o == host)
        }
        (None, None) => true,
    }
}

impl Web {
    /// Whether a request comes out of a browser in which a member of staff is signed in.
    pub(crate) async fn in_staff_session(&self, headers: &HeaderMap) -> bool {
        match cookie(headers, COOKIE).and_then(unhex::<32>) {
            Some(token) => self.app.who(&token).await.is_ok_and(|who| who.is_some()),
            None => false,
        }
    }

    /// What surrounds a page of the console.
    pub(super) fn staff_frame(&self, staff: &Staff, here: Option<Nav>) -> Frame {
        self.frame_of(&staff.visitor, &staff.who, here)
    }

    fn frame_of(&self, v: &Visitor, who: &Who, here: Option<Nav>) -> Frame {
        let d = self.app.directory();
        let lang = v.lang;
        let may = |a| may_somewhere(&who.grants, a);
        let nav = Nav::ALL
            .into_iter()
            .filter(|n| match n {
                Nav::Today | Nav::Cases | Nav::Search => may(Action::SeeCase),
                Nav::New => may(Action::TakeReport),
                Nav::Notices => may(Action::Handle) || may(Action::Dispatch),
                Nav::Looks => {
                    let reach = scope(&who.grants, Action::SeeCase);
                    reach.all || !reach.places.is_empty()
                }
                Nav::Problems => may(Action::SeeProblem),
                Nav::Budding => self.app.sees_budding(who),
                Nav::Reading => self.app.sees_reading(who),
                Nav::Meetings => !self.app.meeting_places(who).is_empty(),
                Nav::Calls => may(Action::TakePart),
                Nav::Trail => may(Action::SeeAudit),
                Nav::Rights => may(Action::ManageStaff),
                Nav::Places => may(Action::KeepDwellings),
                Nav::Precincts => may(Action::SeePrecincts),
                Nav::Codes => may(Action::ManageCodes),
                Nav::Registrations => {
                    [Action::VerifyRegistrations, Action::HandOff, Action::PublishForms, Action::SeeSums]
                        .into_iter()
                        .any(may)
                }
                Nav::System => may(Action::SeeSystem),
            })
            .collect();
        Frame {
            lang,
            district: lang.pick(&d.zh, &d.en).clone(),
            person: who.name.clone(),
            post: self.posts(v, who).join(lang.pick("；", "; ")),
            here,
            nav,
            late: 0,
            csrf: String::new(),
            flash: None,
            live: None,
            relang: None,
            path: v.uri.path().to_owned(),
        }
    }

    /// What a person is, and where: one line a role.
    pub(super) fn posts(&self, v: &Visitor, who: &Who) -> Vec<String> {
        who.grants.iter().map(|g| self.post_of(v, g)).collect()
    }

    /// One role in words, with the unit or place that it is for.
    pub(super) fn post_of(&self, v: &Visitor, g: &Grant) -> String {
        let d = self.app.directory();
        let name = |zh: &str, en: &str| v.lang.pick(zh, en).to_owned();
        let unit = g.unit.and_then(|u| d.unit(u)).map(|u| name(&u.zh, &u.en));
        let place = g.place.and_then(|p| d.place(p)).map(|p| name(&p.zh, &p.en));
        let at = unit.or(place).unwrap_or_else(|| name(&d.zh, &d.en));
        format!("{} · {at}", role_name(g.role, v.lang))
    }

    /// The page for what a member of staff cannot have.
    pub(super) fn staff_trouble(&self, v: &Visitor, who: &Who, trouble: StaffTrouble) -> Reply {
        self.staff_trouble_with(v, who, trouble, vec![])
    }

    /// The same with what the person had typed.
    pub(super) fn staff_trouble_with(
        &self,
        v: &Visitor,
        who: &Who,
        trouble: StaffTrouble,
        typed: Vec<String>,
    ) -> Reply {
        let status = match trouble {
            StaffTrouble::Forbidden | StaffTrouble::Stale => StatusCode::FORBIDDEN,
            StaffTrouble::NotFound => StatusCode::NOT_FOUND,
            StaffTrouble::Conflict { .. } => StatusCode::CONFLICT,
            StaffTrouble::Error { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        console(status, &StaffTroublePage { frame: self.frame_of(v, who, None), trouble, typed })
    }

    /// The page for what the program could not do for a member of staff.
    pub(super) fn staff_failed(&self, staff: &Staff, error: &AppError) -> Reply {
        let trouble = match error {
            AppError::NotFound => StaffTrouble::NotFound,
            AppError::NotAllowed => StaffTrouble::Forbidden,
            _ => {
                let reference = self.reference();
                tracing::error!(reference, %error, path = staff.visitor.uri.path(), "a request failed");
                StaffTrouble::Error { reference }
            }
        };
        self.staff_trouble(&staff.visitor, &staff.who, trouble)
    }

    /// The fields of a form of the console.
    pub(super) async fn staff_fields(&self, staff: &Staff, request: Request) -> Result<Fields, Reply> {
        Fields::read(request, None).await.map_err(|why: Unreadable| self.unreadable(&staff.visitor, why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_form_of_another_site_is_refused() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            let mut h = HeaderMap::new();
            for (name, value) in pairs {
                h.insert(*name, HeaderValue::from_static(value));
            }
            is_same_site(&h)
        };
        assert!(with(&[("sec-fetch-site", "same-origin")]));
        assert!(!with(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(!with(&[("sec-fetch-site", "same-site")]));
        assert!(with(&[("origin", "http://a:8311"), ("host", "a:8311")]));
        assert!(!with(&[("origin", "http://evil"), ("host", "a:8311")]));
        assert!(!with(&[("origin", "null"), ("host", "a:8311")]));
        assert!(with(&[]));
    }
}
