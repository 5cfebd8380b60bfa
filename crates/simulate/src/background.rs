//! Reports among which nothing is budding.

use crate::dice::Dice;
use crate::district::Ground;
use domain::CaseNo;
use domain::subjects::ALL;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use store::warnings::Heard;
use triage::Message;

/// What outbreaks are planted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    /// The demo's own reports, with its weekends, holidays and seasons, without its bursts.
    Demo,
    /// As many reports as in the demo at random: every neighbourhood and every subject alike, every day alike. Here the
    /// nominal number of false alarms is what theory says.
    Poisson,
    /// The real messages: their times, subjects and words; where they lie is drawn at random by residents, so that whatever
    /// clusters there were are gone and every warning by place is a false one.
    Stream,
}

impl Background {
    /// Its stable name.
    pub fn key(self) -> &'static str {
        match self {
            Background::Demo => "demo",
            Background::Poisson => "poisson",
            Background::Stream => "stream",
        }
    }
}

/// A real message.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its id in the file.
    pub id: String,
    /// Who wrote it, as a number.
    pub user: u64,
    /// When.
    pub at: Timestamp,
    /// Heading and text.
    pub message: Message,
    /// What it is about, by the words of the lexicon.
    pub subject: String,
}

/// Reads a CSV with the columns id, user, time, title, body, and puts its messages in the order of time.
///
/// # Errors
/// A sentence that names the column that is missing, or the row that cannot be read.
pub fn read_letters(text: &str) -> Result<Vec<Letter>, String> {
    let messages = triage::read_messages(text).map_err(|e| e.to_string())?;
    let mut rows = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = rows.headers().map_err(|e| e.to_string())?.clone();
    let column = |name: &str| {
        header.iter().position(|h| h.trim() == name).ok_or_else(|| format!("there is no column {name}"))
    };
    let (user, _) = (column("user")?, column("time")?);
    let users = rows.records().map(|r| r.map(|r| r.get(user).unwrap_or_default().to_owned()));
    let users = users.collect::<Result<Vec<String>, _>>().map_err(|e| e.to_string())?;
    if users.len() != messages.len() || users.is_empty() {
        return Err(format!("{} messages by {} users", messages.len(), users.len()));
    }
    letters(messages.into_iter().zip(users).collect())
}

/// Takes messages, each with whoever wrote it, and puts them in the order of time.
///
/// # Errors
/// The sentence of the first message whose time cannot be read.
pub fn letters(messages: Vec<(Message, String)>) -> Result<Vec<Letter>, String> {
    let mut users: Vec<String> = messages.iter().map(|m| m.1.clone()).collect();
    users.sort_unstable();
    users.dedup();
    let mut out = Vec::with_capacity(messages.len());
    for (message, user) in messages {
        let at = time(&message.time)
            .ok_or_else(|| format!("message {}: {:?} is no time", message.id, message.time))?;
        let subject = subject(&format!("{} {}", message.title, message.body));
        let user = users.binary_search(&user).map_or(0, |i| i as u64);
        out.push(Letter { id: message.id.clone(), user, at, message, subject });
    }
    out.sort_by_key(|l| l.at);
    Ok(out)
}

/// A time as people write it: year, month, day, hour, minute, and perhaps second.
fn time(text: &str) -> Option<Timestamp> {
    let n: Vec<i16> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let [year, month, day, rest @ ..] = n.as_slice() else { return None };
    let part = |i: usize| rest.get(i).copied().unwrap_or(0).try_into().ok();
    let date = Date::new(*year, (*month).try_into().ok()?, (*day).try_into().ok()?).ok()?;
    let time = jiff::civil::Time::new(part(0)?, part(1)?, part(2)?, 0).ok()?;
    Offset::constant(8).to_timestamp(date.to_datetime(time)).ok()
}

/// The subject that most words of the lexicon speak for.
fn subject(text: &str) -> String {
    triage::subject::suggest(text).into_iter().next().map_or_else(|| "other".to_owned(), |s| s.code)
}

/// One report, with its words where it has any.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) heard: Heard,
    pub(crate) person: Option<u64>,
    pub(crate) message: Option<Message>,
}

/// The reports of `days` days up to the end of `last`, in the order of time. Of the stream there are as many as it has.
pub(crate) fn reports(
    kind: Background,
    ground: &Ground,
    letters: &[Letter],
    seed: u64,
    (last, days): (Date, u32),
) -> Vec<Said> {
    let mut dice = Dice::new(seed, 21);
    let mut out: Vec<Said> = match kind {
        Background::Demo => demo::background(&ground.district, seed, last, days)
            .into_iter()
            .filter_map(|s| {
                let spot = &ground.spots[*ground.index.get(&s.place)?];
                Some(Said {
                    heard: Heard {
                        case: CaseNo(0),
                        at: s.at,
                        subject: s.subject,
                        path: spot.path,
                        doorway: Some(s.doorway),
                    },
                    person: None,
                    message: Some(Message::of(&s.text)),
                })
            })
            .collect(),
        Background::Poisson => poisson(ground, &mut dice, last, days),
        Background::Stream => placed(ground, letters, &mut dice),
    };
    for (no, said) in (1..).zip(&mut out) {
        said.heard.case = CaseNo(no);
    }
    out
}

/// The mean number of reports a day, as in the demo.
const A_DAY: f64 = 204.0;

fn poisson(ground: &Ground, dice: &mut Dice, last: Date, days: u32) -> Vec<Said> {
    let mut out = Vec::new();
    for back in (0..i64::from(days)).rev() {
        let Ok(day) = last.checked_sub(back.days()) else { continue };
        let Ok(midnight) = Offset::constant(8).to_timestamp(day.at(0, 0, 0, 0)) else { continue };
        let mut of_day: Vec<i64> =
            (0..dice.poisson(A_DAY)).map(|_| i64::try_from(dice.below(86_400)).unwrap_or(0)).collect();
        of_day.sort_unstable();
        for second in of_day {
            let spot = &ground.spots[dice.below(ground.spots.len())];
            let heard = Heard {
                case: CaseNo(0),
                at: midnight + SignedDuration::from_secs(second),
                subject: ALL[dice.below(ALL.len())].code.to_owned(),
                path: spot.path,
                doorway: Some(spot.doors[dice.below(spot.doors.len())]),
            };
            out.push(Said { heard, person: None, message: None });
        }
    }
    out
}

/// The real messages, laid anywhere.
fn placed(ground: &Ground, letters: &[Letter], dice: &mut Dice) -> Vec<Said> {
    let mut upto: Vec<u64> = Vec::with_capacity(ground.spots.len());
    for s in &ground.spots {
        upto.push(upto.last().copied().unwrap_or(0) + u64::from(s.residents));
    }
    let all = upto.last().copied().unwrap_or(1).max(1);
    letters
        .iter()
        .map(|l| {
            let at = dice.next() % all;
            let spot = &ground.spots[upto.partition_point(|u| *u <= at).min(ground.spots.len() - 1)];
            Said {
                heard: Heard {
                    case: CaseNo(0),
                    at: l.at,
                    subject: l.subject.clone(),
                    path: spot.path,
                    doorway: Some(spot.doors[dice.below(spot.doors.len())]),
                },
                person: Some(l.user),
                message: Some(l.message.clone()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_in_a_file_is_named() {
        let read = |text: &str| read_letters(text);
        let whole = read("id,user,time,title,body\n7,a,2019/5/1 9:00,路灯不亮,路灯坏了\n").unwrap();
        assert_eq!((whole.len(), whole[0].subject.as_str()), (1, "lighting"));
        let lacking = read("id,time,title,body\n7,2019/5/1 9:00,路灯不亮,路灯坏了\n").unwrap_err();
        assert_eq!(lacking, "there is no column user");
        assert!(read("id,user,time,title,body\n7,a,soon,路灯,坏了\n").unwrap_err().contains("message 7"));
        assert!(read("").is_err());
    }

    #[test]
    fn times_are_read_however_they_are_written() {
        let at = |t: &str| time(t).map(|t| t.to_string());
        assert_eq!(at("2019/2/28 11:25:05"), Some("2019-02-28T03:25:05Z".to_owned()));
        assert_eq!(at("2019-02-28 11:25"), Some("2019-02-28T03:25:00Z".to_owned()));
        assert_eq!(at("2019-02-30"), None);
        assert_eq!(at("soon"), None);
    }
}
