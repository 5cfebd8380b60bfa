//! Cases as rows of a list.

use crate::Web;
use crate::times;
use crate::view::console::{CaseRow, Due};
use crate::words::Lang;
use domain::cases::{Case, Urgency};
use domain::territory::Part;

impl Web {
    /// Cases as rows.
    pub(super) fn rows(&self, cases: &[Case], lang: Lang) -> Vec<CaseRow> {
        let (d, now) = (self.app.directory(), self.app.now());
        cases
            .iter()
            .map(|c| {
                let place = d.part(&c.path, Part::Committee).or(c.path.lowest()).and_then(|p| d.place(p));
                let unit = c.unit.and_then(|u| d.unit(u));
                let subject = domain::subjects::by_code(&c.subject);
                CaseRow {
                    no: c.no,
                    text: c.text.chars().take(120).collect(),
                    place: place.map(|p| lang.pick(&p.zh, &p.en).clone()).unwrap_or_default(),
                    subject: subject.map(|s| lang.pick(s.zh, s.en)).unwrap_or_default().to_owned(),
                    state: lang.pick(c.state.zh(), c.state.en()).to_owned(),
                    unit: unit.map(|u| lang.pick(&u.zh, &u.en).clone()).unwrap_or_default(),
                    due: c.due.map(|(clock, at)| Due::of(clock, at, now, lang)),
                    reported: times::when(c.reported_at, now, lang),
                    voices: c.voices,
                    urgent: urgent(c.urgency, lang),
                }
            })
            .collect()
    }
}

/// The word for a case that cannot wait.
pub(super) fn urgent(urgency: Urgency, lang: Lang) -> Option<String> {
    (urgency != Urgency::Normal).then(|| lang.pick(urgency.zh(), urgency.en()).to_owned())
}
