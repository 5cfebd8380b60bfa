//! Codes that are refused, and the two registrations that cannot be done here yet.

use super::Frame;
use crate::view::{FieldError, error_of, icons};
use askama::Template;

/// Why a code opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeTrouble {
    /// Not of the form of a code.
    Malformed,
    /// Of another district.
    Foreign,
    /// Not signed by us.
    Forged,
    /// Ours, and no longer in use; it hung at this place.
    Revoked {
        /// The place in full.
        place: String,
    },
}

/// The page behind a code that is refused: says so, and asks where it hangs.
///
/// Posts to `/q/report` with `code`, `where` and `once`. The small form for typing in a code sends `GET /q`
/// with `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "resident/code_refused.html")]
pub struct CodeRefused {
    /// What surrounds it.
    pub frame: Frame,
    /// What is wrong with the code.
    pub why: CodeTrouble,
    /// The code as it came; cut it to 40 characters.
    pub code: String,
    /// The real address of the district: "pianqu.xh.example".
    pub domain: String,
    /// A fresh nonce.
    pub once: String,
    /// What was typed into `where`, when the form is given back.
    pub place: String,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

impl CodeRefused {
    fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }

    fn title(&self) -> &'static str {
        let t = self.frame.lang;
        match self.why {
            CodeTrouble::Malformed => t.code_malformed_title(),
            CodeTrouble::Foreign => t.code_foreign_title(),
            CodeTrouble::Forged => t.code_forged_title(),
            CodeTrouble::Revoked { .. } => t.code_revoked_title(),
        }
    }

    fn explained(&self) -> String {
        let t = self.frame.lang;
        match &self.why {
            CodeTrouble::Malformed => t.code_malformed().into(),
            CodeTrouble::Foreign => t.code_foreign(&self.frame.district),
            CodeTrouble::Forged => t.code_forged().into(),
            CodeTrouble::Revoked { place } => t.code_revoked(place),
        }
    }

    fn dangerous(&self) -> bool {
        self.why == CodeTrouble::Forged
    }

    fn misread(&self) -> bool {
        self.why == CodeTrouble::Malformed
    }
}

/// Thanks for having told where a bad code hangs.
#[derive(Debug, Clone, Template)]
#[template(path = "resident/code_reported.html")]
pub struct CodeReported {
    /// What surrounds it.
    pub frame: Frame,
}

/// Which of the two registrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// 房屋出租登记.
    Tenancy,
    /// 实有人口登记.
    Residency,
}

/// The honest page behind a registration code: not yet here, see the committee, bring this.
#[derive(Debug, Clone, Template)]
#[template(path = "resident/registration.html")]
pub struct RegistrationComing {
    /// What surrounds it.
    pub frame: Frame,
    /// Which one.
    pub which: Registration,
    /// The place in full.
    pub place: String,
    /// The committee's name.
    pub committee: String,
    /// Its address, if known.
    pub address: Option<String>,
    /// Its telephone, if known.
    pub phone: Option<String>,
    /// When it is open, in words, if known.
    pub hours: Option<String>,
}

impl RegistrationComing {
    fn title(&self) -> &'static str {
        match self.which {
            Registration::Tenancy => self.frame.lang.tenancy_title(),
            Registration::Residency => self.frame.lang.residency_title(),
        }
    }

    fn bring(&self) -> &'static str {
        match self.which {
            Registration::Tenancy => self.frame.lang.registration_bring_tenancy(),
            Registration::Residency => self.frame.lang.registration_bring_residency(),
        }
    }

    fn for_people(&self) -> bool {
        self.which == Registration::Residency
    }
}
