//! The door of the console.

use crate::view::icons;
use crate::words::Lang;
use askama::Template;

/// `GET` and `POST /console/sign-in` with `login`, `password`, `totp`, `next`, `csrf`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/sign_in.html")]
pub struct SignIn {
    /// The language.
    pub lang: Lang,
    /// The district's name in that language.
    pub district: String,
    /// What was typed as the account, when the form is given back.
    pub login: String,
    /// Where to go afterwards; a path of our own.
    pub next: String,
    /// The token of the form.
    pub csrf: String,
    /// Why the person is here again.
    pub trouble: Option<SignInTrouble>,
}

/// Why somebody could not sign in. Never says which of the three was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInTrouble {
    /// Account, password or code.
    Wrong,
    /// Too many tries: come back in so many minutes.
    Wait(u32),
    /// The session ended.
    Ended,
    /// No trouble at all: the account has just become theirs.
    Welcome,
}

impl SignIn {
    fn is_welcome(&self) -> bool {
        self.trouble == Some(SignInTrouble::Welcome)
    }

    fn told(&self) -> Option<String> {
        let t = self.lang;
        self.trouble.map(|trouble| match trouble {
            SignInTrouble::Wrong => t.sign_in_wrong().into(),
            SignInTrouble::Wait(minutes) => t.sign_in_wait(minutes),
            SignInTrouble::Ended => t.sign_in_ended().into(),
            SignInTrouble::Welcome => t.invite_done().into(),
        })
    }
}
