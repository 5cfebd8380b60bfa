//! Residents and their telephones: whether there is one to ring, and whether they want it.

use crate::{App, AppError};
use domain::cases::CaseEvent;
use domain::codes::Tracking;
use domain::identifiers::{Phone, PhoneKind};
use domain::{Actor, CaseNo};
use store::Tx;

impl App {
    /// Whether a gateway is set up that rings residents.
    pub fn rings_residents(&self) -> bool {
        self.channels().rings_residents()
    }

    /// Whether the person behind a link gets messages about their report; `None` where there is nothing to choose:
    /// no gateway rings residents, or they left no mobile number.
    pub(crate) fn texts(&self, tx: &mut Tx<'_>, link: Tracking) -> Result<Option<bool>, AppError> {
        if !self.rings_residents() || self.phone_of(tx, link.case, link.voice)?.is_none() {
            return Ok(None);
        }
        Ok(Some(!tx.is_muted(link.case, link.voice)?))
    }

    /// The person behind a link wants messages about their report, or none.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the link is not ours.
    pub async fn set_texts(&self, link: &str, wanted: bool) -> Result<(), AppError> {
        let tracking = self.read_link(link)?;
        let now = self.context(Actor::Resident).now;
        self.store.write(move |tx| Ok(tx.set_muted(tracking.case, tracking.voice, !wanted, now)?)).await
    }

    /// The mobile number that a resident left, if they left one and were not forgotten.
    pub(super) fn phone_of(
        &self,
        tx: &mut Tx<'_>,
        case: CaseNo,
        voice: u16,
    ) -> Result<Option<String>, AppError> {
        let contact = tx.case_events(case)?.into_iter().find_map(|e| match e.event {
            CaseEvent::Reported { contact, .. } if voice == 1 => contact,
            CaseEvent::VoiceAdded { voice: v, contact, .. } if v == voice => contact,
            _ => None,
        });
        let Some(sealed) = contact else { return Ok(None) };
        let Some(wrapped) = tx.person_key(&sealed.person)? else { return Ok(None) };
        let contact = self.keys.open(&wrapped, &sealed, "contact")?;
        Ok(mobile_in(&contact))
    }
}

/// The first mobile number in what somebody wrote; people write their name beside it.
fn mobile_in(contact: &str) -> Option<String> {
    let parts = contact.split(|c: char| c.is_whitespace() || "，,、；;：:（）()".contains(c));
    std::iter::once(contact)
        .chain(parts)
        .filter_map(|part| Phone::parse(part).ok())
        .find(|phone| phone.kind() == PhoneKind::Mobile)
        .map(|phone| phone.expose().to_owned())
}

#[cfg(test)]
mod tests {
    use super::mobile_in;

    #[test]
    fn a_mobile_is_found_beside_a_name_and_nothing_else_is_rung() {
        let found = |text| mobile_in(text).unwrap_or_default();
        for text in [
            "13800138000",
            "+86 138 0013 8000",
            "王阿姨 13800138000",
            "13800138000（晚上）",
            "电话：13800138000",
        ] {
            assert_eq!(found(text), "13800138000", "{text}");
        }
        for text in ["", "021-55500100", "12345", "wang@example.org", "138001380001"] {
            assert_eq!(found(text), "", "{text}");
        }
    }
}
