//! What `pianqu demo --json` says when it is ready.

use serde::Deserialize;

/// The one line of JSON that the program prints when it answers requests.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    /// Always true: a program that is not ready prints nothing.
    pub ready: bool,
    /// `http://127.0.0.1:PORT`, without a slash at the end; absent with `--no-serve`.
    pub base: Option<String>,
    /// How much of everything there is.
    pub counts: Counts,
    /// One code of each kind, of one doorway.
    pub codes: Codes,
    /// At least one account of every role.
    pub sign_ins: Vec<SignIn>,
}

/// Rows in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Counts {
    /// 街镇.
    pub subdistricts: u64,
    /// 片区.
    pub precincts: u64,
    /// 居民区.
    pub neighborhoods: u64,
    /// 门栋.
    pub doorways: u64,
    /// 诉求, open and closed.
    pub cases: u64,
}

/// One code of each kind: what follows `/q/` in an address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Codes {
    /// 问题意见征集.
    pub opinion: String,
    /// 房屋出租登记.
    pub tenancy: String,
    /// 实有人口登记.
    pub residency: String,
}

/// How to sign in as one member of staff of the demo district.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SignIn {
    /// The role, as the access table calls it: `precinct_coordinator`.
    pub role: String,
    /// The account's name.
    pub login: String,
    /// The account's password.
    pub password: String,
    /// The second factor's secret, in base 32.
    pub totp_secret: String,
}

impl Ready {
    /// The first account with a role.
    ///
    /// # Errors
    /// A sentence naming the roles that there are.
    pub fn sign_in(&self, role: &str) -> Result<&SignIn, String> {
        self.sign_ins.iter().find(|account| account.role == role).ok_or_else(|| {
            let roles: Vec<_> = self.sign_ins.iter().map(|account| account.role.as_str()).collect();
            format!("no account of role {role}; there are {}", roles.join(", "))
        })
    }
}

impl Ready {
    /// The account of a login.
    ///
    /// # Errors
    /// A sentence naming the logins that there are.
    pub fn account(&self, login: &str) -> Result<&SignIn, String> {
        self.sign_ins.iter().find(|account| account.login == login).ok_or_else(|| {
            let logins: Vec<_> = self.sign_ins.iter().map(|account| account.login.as_str()).collect();
            format!("no account {login}; there are {}", logins.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_read_and_more_than_was_agreed_does_no_harm() {
        let line = r#"{"ready":true,"base":"http://127.0.0.1:1","counts":{"subdistricts":13,"precincts":61,
            "neighborhoods":312,"doorways":20000,"cases":12000,"units":9},
            "codes":{"opinion":"a","tenancy":"b","residency":"c"},
            "sign_ins":[{"role":"auditor","login":"l","password":"p","totp_secret":"s","totp_now":"123456"}]}"#;
        let ready: Ready = serde_json::from_str(line).expect("a line as agreed");
        assert_eq!(ready.counts.precincts, 61);
        assert_eq!(ready.sign_in("auditor").map(|account| account.login.as_str()), Ok("l"));
        assert_eq!(ready.sign_in("mayor"), Err("no account of role mayor; there are auditor".to_owned()));
    }
}
