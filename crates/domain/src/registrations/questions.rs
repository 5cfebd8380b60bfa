//! What does not fit together at a dwelling: questions for a collector to ask, in neutral words. Never a finding.

use super::{Kind, State};
use crate::RegistrationId;
use jiff::civil::Date;

/// What is known of one registration when questions are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Which.
    pub no: RegistrationId,
    /// Of which kind.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Other dwellings at which the same person is registered now.
    pub elsewhere: u32,
    /// How many people a letting is said to have.
    pub people: Option<u32>,
    /// The last day of a letting.
    pub ends: Option<Date>,
}

/// A question to ask at a dwelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// A person stands at so many other addresses too.
    TwoAddresses(RegistrationId, u32),
    /// It is let, and nobody is registered as living there.
    LetAndNobody(RegistrationId),
    /// More people are registered than the letting says: registered, said.
    MoreThanTold(RegistrationId, u32, u32),
    /// The letting has ended on a day, and so many people are still registered.
    EndedWithPeople(RegistrationId, Date, u32),
}

impl Question {
    /// Which registration it is about.
    pub fn about(self) -> RegistrationId {
        match self {
            Question::TwoAddresses(no, _)
            | Question::LetAndNobody(no)
            | Question::MoreThanTold(no, ..)
            | Question::EndedWithPeople(no, ..) => no,
        }
    }

    /// In Chinese.
    pub fn zh(self) -> String {
        match self {
            Question::TwoAddresses(_, n) => format!("同一人在另外{n}处也有登记，请问现在主要住在哪里？"),
            Question::LetAndNobody(_) => "登记了出租，还没有人登记住在这里，请问现在有人住吗？".into(),
            Question::MoreThanTold(_, found, told) => {
                format!("出租登记写{told}人，这里登记了{found}人，请问现在一共住几个人？")
            }
            Question::EndedWithPeople(_, on, n) => {
                format!("租期到{on}为止，还有{n}人登记住在这里，请问续租了，还是已经搬走？")
            }
        }
    }

    /// In English.
    pub fn en(self) -> String {
        match self {
            Question::TwoAddresses(_, n) => {
                format!(
                    "The same person is registered at {n} other address(es) too: where do they mainly live now?"
                )
            }
            Question::LetAndNobody(_) => {
                "A letting is registered and nobody as living here: does somebody live here now?".into()
            }
            Question::MoreThanTold(_, found, told) => {
                format!("The letting says {told}, {found} are registered here: how many live here now?")
            }
            Question::EndedWithPeople(_, on, n) => {
                format!(
                    "The letting was until {on}, {n} are still registered here: was it renewed, or have they moved?"
                )
            }
        }
    }
}

/// The questions that the registrations of one dwelling raise on a day, in the order of the registrations.
pub fn at_dwelling(facts: &[Fact], today: Date) -> Vec<Question> {
    let current = |f: &&Fact| f.state.is_current();
    let living = facts.iter().filter(current).filter(|f| f.kind == Kind::Residency).count();
    let living = u32::try_from(living).unwrap_or(u32::MAX);
    let mut out = Vec::new();
    for f in facts.iter().filter(current) {
        match f.kind {
            Kind::Residency if f.elsewhere > 0 => out.push(Question::TwoAddresses(f.no, f.elsewhere)),
            Kind::Residency => {}
            Kind::Tenancy => {
                let ended = f.ends.filter(|on| *on < today);
                match (ended, f.people) {
                    (Some(on), _) if living > 0 => out.push(Question::EndedWithPeople(f.no, on, living)),
                    (Some(_), _) => {}
                    (None, _) if living == 0 => out.push(Question::LetAndNobody(f.no)),
                    (None, Some(told)) if living > told => {
                        out.push(Question::MoreThanTold(f.no, living, told));
                    }
                    _ => {}
                }
            }
        }
    }
    out
}
