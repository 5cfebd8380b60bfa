//! `GET` and `POST /q/{code}`: the report form behind a door code.

use super::code::refused;
use crate::Web;
use crate::http::fields::{Fields, MOST_PHOTO};
use crate::http::page::{Reply, relang, resident, see_other, unhex, with_cookie};
use crate::http::photo;
use crate::http::visitor::Visitor;
use crate::times;
use crate::view::FieldError;
use crate::view::resident::{Frame, ReportForm, ReportInput, SimilarCase, Trouble, Wrong, headline};
use app::{Alike, AppError, Incoming, Scanned, day_number};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::cases::{Channel, Kind, local_date};
use domain::codes::CodeKind;
use domain::{CaseNo, PlaceId};
use sha2::{Digest, Sha256};

/// Open cases shown on the form.
const SHOWN: usize = 3;

pub(crate) async fn get(State(web): State<Web>, v: Visitor, Path(code): Path<String>) -> Reply {
    let scanned = match web.app.scan(&code).await {
        Ok(scanned) => scanned,
        Err(AppError::Code(why)) => return refused(&web, &v, &code, why),
        Err(e) => return web.failed(&v, &e),
    };
    web.count_scan(scanned.code.kind, day_number(local_date(web.app.now())));
    let reply = match scanned.code.kind {
        CodeKind::Opinion => form(&web, &v, &code, &scanned, None, vec![]).await,
        CodeKind::Tenancy | CodeKind::Residency => super::registration::get(&web, &v, &code, &scanned).await,
    };
    if v.device.is_some() {
        return reply;
    }
    // Tells one phone of a stairwell from another, for the limits alone; it ends with the day.
    let device = &web.nonce()[..16];
    with_cookie(
        reply,
        &format!("device={device}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax{}", web.secure()),
    )
}

async fn form(
    web: &Web,
    v: &Visitor,
    code: &str,
    scanned: &Scanned,
    typed: Option<ReportInput>,
    errors: Vec<FieldError>,
) -> Reply {
    let open = match web.app.open_here(scanned.doorway.id).await {
        Ok(open) => open,
        Err(e) => return web.failed(v, &e),
    };
    let open = open.into_iter().map(|case| Alike { case, shared: vec![], is_here: true }).collect();
    given(web, v, code, scanned, typed, errors, open, false)
}

/// The form with open cases of the doorway: for a look at what goes on, or to be asked before it is sent.
#[expect(clippy::too_many_arguments, reason = "a form is given back with all that it had")]
fn given(
    web: &Web,
    v: &Visitor,
    code: &str,
    scanned: &Scanned,
    typed: Option<ReportInput>,
    errors: Vec<FieldError>,
    open: Vec<Alike>,
    check: bool,
) -> Reply {
    let (now, directory) = (web.app.now(), web.app.directory());
    let unit = |id| directory.unit(id).map(|u| v.lang.pick(&u.zh, &u.en).clone()).unwrap_or_default();
    let similar = open
        .into_iter()
        .take(SHOWN)
        .map(|Alike { case: c, shared, .. }| SimilarCase {
            no: c.no.0,
            shared: shared.join(v.lang.pick("、", ", ")),
            text: app::public_text(&c.text).chars().take(60).collect(),
            when: times::when(c.reported_at, now, v.lang),
            voices: c.voices,
            stands: headline(c.state, &c.unit.map(unit).unwrap_or_default(), v.lang),
        })
        .collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ReportForm {
        frame: Frame { relang: typed.is_some().then(|| "report".into()), ..web.frame(v) },
        code: code.to_owned(),
        place: web.place_in_full(v, scanned.doorway.place, &scanned.doorway.address),
        board: Some(scanned.doorway.board.clone()),
        once: web.nonce(),
        input: typed.unwrap_or_default(),
        texts: web.app.rings_residents(),
        errors,
        similar,
        check,
        photo: true,
    };
    resident(status, &page)
}

pub(crate) async fn post(
    State(web): State<Web>,
    mut v: Visitor,
    Path(code): Path<String>,
    request: Request,
) -> Reply {
    let scanned = match web.app.scan(&code).await {
        Ok(scanned) if scanned.code.kind == CodeKind::Opinion => scanned,
        Ok(scanned) => return super::registration::post(&web, &v, &code, &scanned, request).await,
        Err(AppError::Code(why)) => return refused(&web, &v, &code, why),
        Err(e) => return web.failed(&v, &e),
    };
    let mut fields = match Fields::read(request, Some(&web.room)).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    let other = relang(&fields);
    if let Some(lang) = other {
        v.lang = lang;
    } else if let Err(minutes) = web.limits.report(&code, &v.sender(), web.app.now()) {
        return web.trouble(&v, Trouble::TooMany { minutes });
    }
    let input = ReportInput {
        text: fields.text("text").to_owned(),
        place_detail: fields.text("where").to_owned(),
        contact: fields.text("contact").to_owned(),
        kind: Kind::from_key(fields.text("kind")),
    };
    let mut errors = Vec::new();
    let photo = match fields.take_photo().filter(|_| other.is_none()) {
        None => None,
        Some(bytes) => {
            let kept = web.photo(bytes).await;
            if kept.is_none() {
                errors.push(Wrong::PhotoKind.tell(v.lang));
            }
            kept
        }
    };
    let join = fields.text("join").parse().ok().map(CaseNo);
    let contact = input.contact.trim();
    if !contact.is_empty()
        && contact.chars().filter(char::is_ascii_digit).count() < 5
        && !contact.contains('@')
    {
        errors.push(Wrong::Contact.tell(v.lang));
    }
    if !errors.is_empty() && other.is_none() {
        return form(&web, &v, &code, &scanned, Some(input), errors).await;
    }
    let incoming = Incoming {
        doorway: Some(scanned.doorway.id),
        place: Some(scanned.doorway.place),
        text: input.text.clone(),
        detail: input.place_detail.clone(),
        contact: input.contact.clone(),
        kind: input.kind,
        photo,
        submission: submission(&code, fields.text("once"), &input, web.app.now()),
        join,
    };
    if let Some(lang) = other {
        if let Err(AppError::Invalid(i)) = web.app.check_report(incoming, Channel::Door) {
            errors.insert(0, FieldError { field: i.field, text: lang.pick(i.zh, i.en) });
        }
        return web.keep_language(form(&web, &v, &code, &scanned, Some(input), errors).await, lang);
    }
    // "Is it one of these?", once, and never of a photo, which would have to be chosen again.
    let asks = !fields.text("look").is_empty() && fields.text("checked").is_empty();
    if asks && incoming.join.is_none() && incoming.photo.is_none() {
        match web.app.asked_before_sending(scanned.doorway.id, &incoming.text).await {
            Ok(alike) if alike.is_empty() => {}
            Ok(alike) => match web.app.was_sent(incoming.submission).await {
                Ok(true) => {}
                Ok(false) => return given(&web, &v, &code, &scanned, Some(input), vec![], alike, true),
                Err(e) => return web.failed(&v, &e),
            },
            Err(e) => return web.failed(&v, &e),
        }
    }
    match web.app.report(incoming).await {
        Ok(a) => {
            see_other(&format!("/t/{}?said={}", a.link, if join.is_some() { "joined" } else { "reported" }))
        }
        Err(AppError::Invalid(i)) => {
            let text = v.lang.pick(i.zh, i.en);
            form(&web, &v, &code, &scanned, Some(input), vec![FieldError { field: i.field, text }]).await
        }
        // What they wanted to join has ended meanwhile: their words are kept and can be sent as a new report.
        Err(AppError::Refused(r)) => {
            let text = v.lang.pick(r.zh(), r.en());
            form(&web, &v, &code, &scanned, Some(input), vec![FieldError { field: "text", text }]).await
        }
        Err(e) => web.failed(&v, &e),
    }
}

/// What names a submission: the form's own nonce; where a browser lost it, the words themselves, for ten
/// minutes.
fn submission(code: &str, once: &str, input: &ReportInput, now: jiff::Timestamp) -> [u8; 16] {
    let mut h = Sha256::new();
    h.update(code.to_ascii_lowercase());
    match unhex::<16>(once) {
        Some(nonce) => h.update(nonce),
        None => {
            for text in [&input.text, &input.place_detail, &input.contact] {
                h.update((text.len() as u64).to_be_bytes());
                h.update(text);
            }
            h.update((now.as_second() / 600).to_be_bytes());
        }
    }
    let hash: [u8; 32] = h.finalize().into();
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}

impl Web {
    /// A place in full: sub-district, neighbourhood, address. The precinct means nothing to a resident.
    pub(crate) fn place_in_full(&self, v: &Visitor, place: PlaceId, address: &str) -> String {
        let directory = self.app.directory();
        let path = directory.path(place);
        let precinct = directory.part(&path, domain::territory::Part::Dispatcher);
        let mut names: Vec<&str> = path
            .0
            .iter()
            .flatten()
            .filter(|p| Some(**p) != precinct)
            .filter_map(|p| directory.place(*p))
            .map(|p| v.lang.pick(p.zh.as_str(), p.en.as_str()))
            .collect();
        names.push(address);
        names.join(" ")
    }

    /// A photo made safe to keep, one at a time so that a crowd does not eat the memory.
    async fn photo(&self, bytes: Vec<u8>) -> Option<Vec<u8>> {
        if bytes.len() > MOST_PHOTO {
            return None;
        }
        let _turn = self.one_photo_at_a_time.acquire().await.ok()?;
        tokio::task::spawn_blocking(move || photo::cleaned(&bytes)).await.ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_tap_twice_is_the_same_submission() {
        let at = |m: i64| jiff::Timestamp::from_second(m * 60).unwrap();
        let input = |t: &str| ReportInput { text: t.into(), ..ReportInput::default() };
        let nonce = "00112233445566778899aabbccddeeff";
        assert_eq!(
            submission("x", nonce, &input("灯"), at(0)),
            submission("X", nonce, &input("灯！"), at(99))
        );
        assert_ne!(submission("x", nonce, &input("灯"), at(0)), submission("y", nonce, &input("灯"), at(0)));
        assert_eq!(submission("x", "", &input("灯"), at(1)), submission("x", "bad", &input("灯"), at(9)));
        assert_ne!(submission("x", "", &input("灯"), at(1)), submission("x", "", &input("灯坏"), at(1)));
        assert_ne!(submission("x", "", &input("灯"), at(1)), submission("x", "", &input("灯"), at(11)));
    }
}
