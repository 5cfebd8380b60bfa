//! What staff have beside cases: saved views, doorways to pick, "this should not be asked of me".

use crate::error::Invalid;
use crate::reading::{self, Reading, Said};
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may};
use domain::cases::Case;
use domain::{CaseNo, DoorwayId};
use store::territory::DoorwayRow;
use store::work::Burden;

/// An open case that may be the same matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// The case.
    pub case: Case,
    /// The words that both say, without names and rooms; empty where none can be named.
    pub shared: Vec<String>,
    /// Whether it came in at the same doorway, and not only in the same neighbourhood.
    pub is_here: bool,
}

impl App {
    /// A person's saved views: name and query.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn views(&self, who: &Who) -> Result<Vec<(String, String)>, AppError> {
        let staff = who.staff;
        self.store.read(move |tx| Ok(tx.views(staff)?)).await
    }

    /// Keeps the filters of a list under a name; the same name again replaces it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn save_view(&self, who: &Who, name: &str, query: &str) -> Result<(), AppError> {
        let (staff, name, query) = (who.staff, name.chars().take(40).collect::<String>(), query.to_owned());
        self.store.write(move |tx| Ok(tx.save_view(staff, &name, &query)?)).await
    }

    /// Forgets a saved view.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if there is none of that name.
    pub async fn drop_view(&self, who: &Who, name: &str) -> Result<(), AppError> {
        let (staff, name) = (who.staff, name.to_owned());
        let dropped = self.store.write(move |tx| Ok::<_, AppError>(tx.drop_view(staff, &name)?)).await?;
        if dropped { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// One doorway.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn doorway(&self, id: DoorwayId) -> Result<Option<DoorwayRow>, AppError> {
        self.store.glance(move |tx| Ok(tx.doorway(id)?)).await
    }

    /// Doorways whose address holds a text, or whose address a text names in whatever way people write it (百合路一百
    /// 二十八弄6号, 百合路128弄6#); where this person may take reports. A text that names a road or lane and no door finds
    /// all of its doors.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find_doorways(&self, who: &Who, text: &str) -> Result<Vec<DoorwayRow>, AppError> {
        let text: String = text.trim().chars().take(200).collect();
        let mut found: Vec<DoorwayRow> = self
            .store
            .read(move |tx| {
                let by_board = tx.doorway_by_board(&text)?;
                let mut found: Vec<_> = by_board.into_iter().collect();
                found.extend(tx.find_doorways(&text, 400)?);
                // No address as it stands: those that are named in what was written, the closest first.
                let mut named = crate::reading::addresses(&text).into_iter();
                while found.is_empty()
                    && let Some(address) = named.next()
                {
                    found.extend(tx.find_doorways(&address, 400)?);
                }
                Ok::<_, AppError>(found)
            })
            .await?;
        let directory = self.directory();
        found.retain(|d| {
            let target = Target { path: directory.path(d.place), unit: None };
            may(&who.grants, Action::TakeReport, &target)
        });
        Ok(found)
    }

    /// Open cases at a doorway that may be the same matter as a text, the likeliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn alike_here(&self, doorway: DoorwayId, text: &str) -> Result<Vec<Alike>, AppError> {
        self.alike_at(doorway, text, reading::ALIKE).await
    }

    /// Open cases at a doorway that are so likely the same matter that whoever is about to send is asked first. Nobody is
    /// asked where something cannot wait.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn asked_before_sending(&self, doorway: DoorwayId, text: &str) -> Result<Vec<Alike>, AppError> {
        if triage::urgent(text).is_some() {
            return Ok(vec![]);
        }
        self.alike_at(doorway, text, reading::VERY_ALIKE).await
    }

    /// Whether a report went in under this submission already: whoever taps twice is not asked about their own report.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn was_sent(&self, submission: [u8; 16]) -> Result<bool, AppError> {
        self.store.glance(move |tx| Ok::<_, AppError>(tx.by_submission(&submission)?.is_some())).await
    }

    async fn alike_at(&self, doorway: DoorwayId, text: &str, least: f32) -> Result<Vec<Alike>, AppError> {
        let open = self.open_here(doorway).await?;
        if open.is_empty() {
            return Ok(vec![]);
        }
        let read = Reading::of(text, self.subjects().as_ref());
        let said = Said::of(&read.masked, &read.subject);
        let likely = open.into_iter().map(|c| (said.likely(&c.text, &c.subject), c));
        let found = reading::likeliest(likely, least).into_iter();
        Ok(found
            .map(|case| Alike { shared: reading::shared(&case.text, &read.masked), case, is_here: true })
            .collect())
    }

    /// Whether a person may see any of some cases.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sees_any(&self, who: &Who, numbers: Vec<CaseNo>) -> Result<bool, AppError> {
        let grants = who.grants.clone();
        self.store
            .read(move |tx| {
                for no in numbers {
                    if let Some(c) = tx.case(no)?
                        && may(&grants, Action::SeeCase, &Target { path: c.path, unit: c.unit })
                    {
                        return Ok(true);
                    }
                }
                Ok(false)
            })
            .await
    }

    /// Keeps what somebody says should not be asked of them; the office for lightening the burden reads it.
    ///
    /// # Errors
    /// Without a text.
    pub async fn say_burden(
        &self,
        who: &Who,
        page: &str,
        text: &str,
        minutes: Option<i64>,
    ) -> Result<(), AppError> {
        let (staff, page, text, now) =
            (who.staff, page.to_owned(), crate::reading::mask(text.trim()), self.clock.now());
        if text.is_empty() {
            return Err(Invalid::field("text", "请写一句话。", "Please write a sentence."));
        }
        let minutes = minutes.filter(|m| (1..=100_000).contains(m));
        self.store.write(move |tx| Ok(tx.say_burden(staff, &page, &text, minutes, now)?)).await
    }

    /// What a person said of that kind, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn burdens(&self, who: &Who) -> Result<Vec<Burden>, AppError> {
        let staff = who.staff;
        self.store.read(move |tx| Ok(tx.burdens(staff)?)).await
    }
}
