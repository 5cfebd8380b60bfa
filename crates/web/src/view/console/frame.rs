//! What every page of the console has around it.

use crate::view::icons;
use crate::words::Lang;
use domain::access::Role;

/// What surrounds a page for staff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// The district's name in that language.
    pub district: String,
    /// Who is signed in.
    pub person: String,
    /// What they are, and where: "片区调度 · 天平第一片区".
    pub post: String,
    /// The page that is shown.
    pub here: Option<Nav>,
    /// The pages that are offered.
    pub nav: Vec<Nav>,
    /// How many cases of theirs are overdue; shown beside "today".
    pub late: u32,
    /// The token that every form carries.
    pub csrf: String,
    /// What was just done.
    pub flash: Option<Flash>,
    /// The address of the stream of changes for this page (server-sent events named `changed`).
    pub live: Option<String>,
    /// The form that was given back: changing the language sends it again, unsaved, so that nothing typed is lost.
    pub relang: Option<String>,
    /// The path of this page, for "this should not be asked of me" and for coming back.
    pub path: String,
}

/// A page of the main menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named as the pages")]
pub enum Nav {
    Today,
    Cases,
    New,
    Search,
    Problems,
    Budding,
    /// How well texts are read.
    Reading,
    Calls,
    Meetings,
    Notices,
    Looks,
    Registrations,
    Places,
    /// How precincts are drawn.
    Precincts,
    Codes,
    Trail,
    Rights,
    System,
}

impl Nav {
    /// All of them, in order.
    pub const ALL: [Nav; 18] = [
        Nav::Today,
        Nav::Cases,
        Nav::New,
        Nav::Search,
        Nav::Problems,
        Nav::Budding,
        Nav::Calls,
        Nav::Meetings,
        Nav::Notices,
        Nav::Looks,
        Nav::Registrations,
        Nav::Places,
        Nav::Precincts,
        Nav::Codes,
        Nav::Reading,
        Nav::Trail,
        Nav::Rights,
        Nav::System,
    ];

    /// Its address.
    pub fn href(self) -> &'static str {
        match self {
            Nav::Today => "/console",
            Nav::Cases => "/console/cases",
            Nav::New => "/console/new",
            Nav::Search => "/console/search",
            Nav::Problems => "/console/problems",
            Nav::Budding => "/console/budding",
            Nav::Reading => "/console/reading",
            Nav::Calls => "/console/calls",
            Nav::Meetings => "/console/meetings",
            Nav::Notices => "/console/notices",
            Nav::Looks => "/console/looks",
            Nav::Registrations => "/console/registrations",
            Nav::Trail => "/console/trail",
            Nav::Rights => "/console/rights",
            Nav::Places => "/console/places",
            Nav::Precincts => "/console/precincts",
            Nav::Codes => "/console/codes",
            Nav::System => "/console/system",
        }
    }

    /// The keys that lead there, one after the other.
    pub fn keys(self) -> &'static str {
        match self {
            Nav::Today => "g t",
            Nav::Cases => "g c",
            Nav::New => "c",
            Nav::Search => "g s",
            Nav::Problems => "g p",
            Nav::Budding => "g b",
            Nav::Reading => "g e",
            Nav::Calls => "g w",
            Nav::Meetings => "g m",
            Nav::Notices => "g n",
            Nav::Looks => "g l",
            Nav::Registrations => "g h",
            Nav::Trail => "g a",
            Nav::Rights => "g r",
            Nav::Places => "g d",
            Nav::Precincts => "g f",
            Nav::Codes => "g q",
            Nav::System => "g y",
        }
    }

    pub(crate) fn icon(self) -> &'static str {
        match self {
            Nav::Today => icons::TRAY,
            Nav::Cases => icons::LIST,
            Nav::New => icons::PLUS,
            Nav::Search => icons::SEARCH,
            Nav::Problems => icons::TRAY,
            Nav::Budding | Nav::Reading => icons::DIAL,
            Nav::Calls => icons::CARE,
            Nav::Meetings => icons::PERSON,
            Nav::Notices => icons::CLOCK,
            Nav::Looks | Nav::Rights | Nav::Registrations => icons::PERSON,
            Nav::Places | Nav::Precincts | Nav::Trail => icons::LIST,
            Nav::Codes => icons::CODE,
            Nav::System => icons::DIAL,
        }
    }

    pub(crate) fn name(self, t: Lang) -> &'static str {
        match self {
            Nav::Today => t.nav_today(),
            Nav::Cases => t.nav_cases(),
            Nav::New => t.nav_new(),
            Nav::Search => t.nav_search(),
            Nav::Problems => t.nav_problems(),
            Nav::Budding => t.nav_budding(),
            Nav::Reading => t.nav_reading(),
            Nav::Calls => t.nav_calls(),
            Nav::Meetings => t.nav_meetings(),
            Nav::Notices => t.nav_notices(),
            Nav::Looks => t.nav_looks(),
            Nav::Registrations => t.nav_registrations(),
            Nav::Trail => t.nav_trail(),
            Nav::Rights => t.nav_rights(),
            Nav::Places => t.nav_places(),
            Nav::Precincts => t.nav_precincts(),
            Nav::Codes => t.nav_codes(),
            Nav::System => t.nav_system(),
        }
    }
}

/// One sentence on what was just done, with a way back where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// In the language of the page.
    pub text: String,
    /// The way back.
    pub undo: Option<Undo>,
}

/// A way back: a form of one button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// Where it posts to: `/console/cases/12/recall`.
    pub action: String,
}

impl Frame {
    pub(crate) fn entries(&self) -> Vec<(Nav, &'static str, &'static str, bool)> {
        self.nav.iter().map(|n| (*n, n.icon(), n.name(self.lang), self.here == Some(*n))).collect()
    }
}

/// What a role is called.
pub fn role_name(role: Role, t: Lang) -> &'static str {
    t.pick(role.zh(), role.en())
}
