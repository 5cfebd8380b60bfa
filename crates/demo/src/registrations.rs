//! Households and lettings that wait at the first doorway, so that a collector of the demo finds something to
//! verify. Every name and number is invented; the numbers carry check digits that fit.

use domain::registrations::residency::{self, TypedPerson};
use domain::registrations::tenancy;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// A resident identity number that belongs to nobody: an area, a day of birth, a running number, the check digit.
fn number(area: &str, born: &str, n: u32) -> String {
    let front = format!("{area}{born}{n:03}");
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = front.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    format!("{front}{}", char::from(check))
}

fn person(who: &str, name: &str, id: String, country: &str) -> TypedPerson {
    TypedPerson { who: who.into(), name: name.into(), id, country: country.into(), ..TypedPerson::default() }
}

/// Households as people type them, on a day.
pub fn households(today: Date) -> Vec<residency::Typed> {
    let ago = |days: i64| today.checked_sub(Span::new().days(days)).unwrap_or(today).to_string();
    let home = |dwelling: &str, days, phone: &str, people| residency::Typed {
        dwelling: dwelling.into(),
        since: ago(days),
        phone: phone.into(),
        rented: "yes".into(),
        consent: true,
        guardian: true,
        people,
        ..residency::Typed::default()
    };
    vec![
        home(
            "101",
            40,
            "13900000101",
            vec![
                person("elsewhere", "欧阳试一", number("320102", "19880214", 11), ""),
                person("elsewhere", "欧阳试二", number("320102", "20190601", 12), ""),
            ],
        ),
        home("202", 3, "13900000202", vec![person("city", "司徒样三", number("310104", "19561103", 21), "")]),
        home(
            "202",
            9,
            "13900000203",
            vec![
                person("elsewhere", "司徒样四", number("340104", "19990909", 31), ""),
                person("elsewhere", "司徒样五", number("340104", "20000229", 32), ""),
                person("elsewhere", "司徒样六", number("340104", "20010310", 33), ""),
            ],
        ),
        home("401", 0, "13900000401", vec![person("abroad", "Demo Person", "Z0000001".into(), "NZL")]),
        home("502", 20, "13900000502", vec![person("hmt", "示范七", "H00000001".into(), "")]),
    ]
}

/// Lettings as people type them, on a day.
pub fn lettings(today: Date) -> Vec<tenancy::Typed> {
    let day = |d: Option<Date>| d.unwrap_or(today).to_string();
    let letting =
        |dwelling: &str, people: &str, room: &str, origin: &str, area: &str, tie: &str, ends: i64| {
            tenancy::Typed {
                role: "landlord".into(),
                dwelling: dwelling.into(),
                phone: format!("139000090{dwelling:0>2}").chars().take(11).collect(),
                name: "诸葛房东".into(),
                people: people.into(),
                from: day(today.checked_sub(300.days()).ok()),
                to: day(today.checked_add(ends.days()).ok()),
                room: room.into(),
                origin: origin.into(),
                area: area.into(),
                tie: tie.into(),
                consent: true,
                ..tenancy::Typed::default()
            }
        };
    vec![
        // Fits what is registered there.
        letting("101", "2", "whole", "original", "38.50", "family", 60),
        // Says two, four are registered; and a partition of 9.99 m².
        letting("202", "2", "room", "partition", "9.99", "others", 60),
        // Nobody is registered there.
        letting("302", "1", "pavilion", "original", "5.00", "family", 30),
        // Has ended, somebody is registered there.
        letting("502", "1", "back", "original", "", "", -10),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::registrations::Kind;
    use domain::registrations::forms::Form;
    use domain::registrations::life::Terms;

    #[test]
    fn what_the_demo_types_is_taken() {
        let now: jiff::Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let today = domain::cases::local_date(now);
        for h in households(today) {
            let checked = residency::check(&Form::draft(Kind::Residency), &h, now, &Terms::default());
            assert_eq!(checked.err().unwrap_or_default(), []);
        }
        for l in lettings(today) {
            assert_eq!(tenancy::check(&Form::draft(Kind::Tenancy), &l, now).err().unwrap_or_default(), []);
        }
    }
}
