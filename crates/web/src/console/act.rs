//! `POST /console/cases/{no}/{action}`: one step with a case; `POST …/unmask`: open what was masked.

use super::case::{number, show};
use super::session::Staff;
use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, relang, see_other};
use crate::view::FieldError;
use crate::view::console::{Draft, Flash, StaffTrouble, StaffWrong};
use crate::words::Lang;
use app::{AppError, Step, Unmasked};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::cases::{ActionName, Kind, Quantity, Refusal, Satisfaction, Solved};
use domain::{CaseNo, UnitId};

/// The fields that a form is given back with.
const KEPT: [&str; 16] = [
    "unit",
    "unit_other",
    "subject",
    "kind",
    "reason",
    "reached",
    "note",
    "outcome",
    "solved",
    "ground",
    "tried",
    "to",
    "text",
    "into",
    "into_other",
    "cause",
];

pub(super) async fn post(
    State(web): State<Web>,
    mut staff: Staff,
    Path((no, action)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let (Some(no), Some(action)) = (number(&no), ActionName::from_key(&action)) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    if let Some(lang) = relang(&fields) {
        staff.visitor.lang = lang;
        let errors = step(action, &fields, lang).err().into_iter().collect();
        return web.keep_language(given_back(&web, &staff, no, action, &fields, errors).await, lang);
    }
    let lang = staff.visitor.lang;
    let step = match step(action, &fields, lang) {
        Ok(step) => step,
        Err(error) => return given_back(&web, &staff, no, action, &fields, vec![error]).await,
    };
    // What a colleague did since the page was read is looked at first, with the words that were typed kept.
    if let Ok(seen) = fields.text("version").parse() {
        match web.app.changed_by_another(&staff.who, no, seen).await {
            Ok(false) => {}
            Ok(true) => return conflict(&web, &staff, no, action, &fields).await,
            Err(e) => return web.staff_failed(&staff, &e),
        }
    }
    let outcome = web.app.act(&staff.who, no, step).await;
    match outcome {
        // Who gave a case away may see it no more; the list then, with the case gone from it.
        Ok(()) => match web.app.may_see_case(&staff.who, no).await {
            Ok(true) => see_other(&format!("/console/cases/{no}?done={}", action.key())),
            Ok(false) | Err(_) => see_other("/console"),
        },
        Err(AppError::Invalid(i)) => {
            let error = FieldError { field: i.field, text: lang.pick(i.zh, i.en) };
            given_back(&web, &staff, no, action, &fields, vec![error]).await
        }
        Err(AppError::Refused(Refusal::NotNow(_))) => conflict(&web, &staff, no, action, &fields).await,
        Err(AppError::Refused(r)) => {
            let field = match &r {
                Refusal::Missing(field) => field,
                Refusal::OffTheList if action == ActionName::GiveBack => "ground",
                Refusal::OffTheList => "unit",
                Refusal::IntoItself | Refusal::IntoEnded(_) => "into",
                Refusal::ReviewInThePast => "review_on",
                _ => first_field(action),
            };
            let error = FieldError { field, text: lang.pick(r.zh(), r.en()) };
            given_back(&web, &staff, no, action, &fields, vec![error]).await
        }
        Err(AppError::NotFound) => gone(&web, &staff, &drafted(action, &fields)),
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// Where an error stands that is about the action as a whole.
fn first_field(action: ActionName) -> &'static str {
    match action {
        ActionName::Dispatch => "unit",
        ActionName::FirstContact | ActionName::CallBack => "note",
        ActionName::Answer => "outcome",
        ActionName::Return | ActionName::GiveBack => "ground",
        ActionName::Refer => "tried",
        ActionName::Extend => "reason",
        ActionName::Redirect => "to",
        ActionName::Merge => "into",
        ActionName::Park => "cause",
        _ => "text",
    }
}

/// A colleague was first: the case as it stands now, with what was typed.
async fn conflict(web: &Web, staff: &Staff, no: CaseNo, action: ActionName, fields: &Fields) -> Reply {
    let t = staff.visitor.lang;
    let draft = drafted(action, fields);
    match web.app.case_page(&staff.who, no).await {
        Ok(page) => {
            let text = format!("{}{}{}", t.staff_conflict(), t.pick("", " "), t.conflict_kept());
            let error = FieldError { field: "", text };
            show(web, staff, &page, None, None, (draft, vec![error]), StatusCode::CONFLICT)
        }
        Err(AppError::NotFound) => gone(web, staff, &draft),
        Err(e) => web.staff_failed(staff, &e),
    }
}

/// The case went where this person does not see it, or never was where they do: the two look alike. Their words they
/// get back.
fn gone(web: &Web, staff: &Staff, draft: &Draft) -> Reply {
    let typed = draft.words().map(str::to_owned).collect();
    web.staff_trouble_with(&staff.visitor, &staff.who, StaffTrouble::NotFound, typed)
}

fn drafted(action: ActionName, fields: &Fields) -> Draft {
    let mut values: Vec<(String, String)> = KEPT
        .iter()
        .chain(&["law", "review_on", "satisfaction"])
        .map(|f| ((*f).to_owned(), fields.text(f).to_owned()))
        .filter(|(_, v)| !v.is_empty())
        .collect();
    // Quantities come in rows: an empty one keeps its place.
    values.extend(
        ["amount", "what"].into_iter().flat_map(|f| fields.all(f).map(|v| (f.to_owned(), v.to_owned()))),
    );
    Draft { action: Some(action), values }
}

/// The page again, with what was typed and what is wrong with it.
async fn given_back(
    web: &Web,
    staff: &Staff,
    no: CaseNo,
    action: ActionName,
    fields: &Fields,
    errors: Vec<FieldError>,
) -> Reply {
    let draft = drafted(action, fields);
    match web.app.case_page(&staff.who, no).await {
        Ok(page) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            show(web, staff, &page, None, None, (draft, errors), status)
        }
        Err(e) => web.staff_failed(staff, &e),
    }
}

/// Reads the form of an action.
fn step(action: ActionName, f: &Fields, lang: Lang) -> Result<Step, FieldError> {
    let text = |name: &str| f.text(name).trim().to_owned();
    let needed = |name: &'static str| {
        let t = text(name);
        if t.is_empty() { Err(StaffWrong::Missing(name).tell(lang)) } else { Ok(t) }
    };
    Ok(match action {
        ActionName::Dispatch => {
            let unit =
                if matches!(f.text("unit"), "other" | "") { f.text("unit_other") } else { f.text("unit") };
            Step::Dispatch {
                unit: unit.parse().map(UnitId).map_err(|_| StaffWrong::Missing("unit").tell(lang))?,
                subject: needed("subject")?,
                kind: Kind::from_key(f.text("kind")).ok_or_else(|| StaffWrong::Missing("kind").tell(lang))?,
                // A proposal that is taken as it stands is its own reason.
                reason: text("reason"),
            }
        }
        ActionName::Recall => Step::Recall,
        ActionName::Weigh => match f.text("pressing") {
            "yes" => Step::Weigh { pressing: true },
            "no" => Step::Weigh { pressing: false },
            _ => return Err(StaffWrong::Missing("pressing").tell(lang)),
        },
        ActionName::FirstContact => {
            Step::FirstContact { reached: f.text("reached") != "no", note: needed("note")? }
        }
        ActionName::Answer => Step::Answer {
            outcome: needed("outcome")?,
            quantities: quantities(f),
            solved: Solved::from_key(f.text("solved"))
                .ok_or_else(|| StaffWrong::Missing("solved").tell(lang))?,
        },
        ActionName::Return => Step::Return { ground: needed("ground")?, note: needed("note")? },
        ActionName::Refer => Step::Refer { tried: needed("tried")? },
        ActionName::AcceptReferral => Step::AcceptReferral,
        ActionName::GiveBack => Step::GiveBack { ground: needed("ground")?, note: needed("note")? },
        ActionName::Extend => Step::Extend { reason: needed("reason")? },
        ActionName::AnswerAtOnce => Step::AnswerAtOnce { text: needed("text")? },
        ActionName::Redirect => Step::Redirect { to: needed("to")?, text: needed("text")? },
        ActionName::Merge => {
            let into =
                if matches!(f.text("into"), "other" | "") { f.text("into_other") } else { f.text("into") };
            Step::Merge { into: number(into.trim()).ok_or_else(|| StaffWrong::Missing("into").tell(lang))? }
        }
        ActionName::Separate => Step::Separate,
        ActionName::Park => Step::Park {
            cause: needed("cause")?,
            law: needed("law")?,
            review_on: f
                .text("review_on")
                .parse()
                .map_err(|_| StaffWrong::Missing("review_on").tell(lang))?,
        },
        ActionName::Unpark => Step::Unpark,
        ActionName::CallBack => Step::CallBack {
            solved: match f.text("solved") {
                "none" => None,
                key => Some(Solved::from_key(key).ok_or_else(|| StaffWrong::Missing("solved").tell(lang))?),
            },
            satisfaction: Satisfaction::from_key(f.text("satisfaction")),
            note: needed("note")?,
        },
        ActionName::Note => Step::Note { text: needed("text")? },
    })
}

/// The pairs of "how many" and "of what" that were filled in.
fn quantities(f: &Fields) -> Vec<Quantity> {
    f.all("amount")
        .zip(f.all("what"))
        .map(|(amount, what)| (amount.trim(), what.trim()))
        .filter(|(amount, what)| !amount.is_empty() && !what.is_empty())
        .map(|(amount, what)| Quantity { amount: amount.to_owned(), what: what.to_owned() })
        .collect()
}

pub(super) async fn unmask(
    State(web): State<Web>,
    staff: Staff,
    Path(no): Path<String>,
    request: Request,
) -> Reply {
    let Some(no) = number(&no) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let opened: Result<Unmasked, AppError> = web.app.unmask(&staff.who, no, fields.text("purpose")).await;
    let page = web.app.case_page(&staff.who, no).await;
    match (opened, page) {
        (Ok(opened), Ok(page)) => {
            show(&web, &staff, &page, None, Some(&opened), (Draft::default(), vec![]), StatusCode::OK)
        }
        (Err(AppError::Invalid(i)), Ok(page)) => {
            let error = FieldError { field: i.field, text: staff.visitor.lang.pick(i.zh, i.en) };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&web, &staff, &page, None, None, (Draft::default(), vec![error]), status)
        }
        (Err(e), _) | (_, Err(e)) => web.staff_failed(&staff, &e),
    }
}

/// `POST /console/cases/{no}/opinion`: asks the district's model what the case is about.
pub(super) async fn opinion(
    State(web): State<Web>,
    staff: Staff,
    Path(no): Path<String>,
    request: Request,
) -> Reply {
    let Some(no) = number(&no) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    if let Err(reply) = web.staff_fields(&staff, request).await {
        return reply;
    }
    let told = web.app.ask_second_opinion(&staff.who, no).await;
    let page = web.app.case_page(&staff.who, no).await;
    match (told, page) {
        (Ok(told), Ok(page)) => {
            let t = staff.visitor.lang;
            let text = match told.as_deref().map(domain::subjects::by_code) {
                Ok(Some(s)) => t.opinion_told(t.pick(s.zh, s.en)),
                Ok(None) | Err(_) => t.opinion_none().to_owned(),
            };
            if let Err(why) = told {
                tracing::warn!(%why, "no second opinion");
            }
            let flash = Flash { text, undo: None };
            show(&web, &staff, &page, Some(flash), None, (Draft::default(), vec![]), StatusCode::OK)
        }
        (Err(e), _) | (_, Err(e)) => web.staff_failed(&staff, &e),
    }
}
