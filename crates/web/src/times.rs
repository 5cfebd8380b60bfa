//! Times as people say them: 「今天下午5:30前」, “by 5:30 pm today”.
//!
//! Everything is reckoned at the district's clock: one fixed offset, no summer time.

use crate::words::Lang;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

/// The district's clock: China has one offset and no summer time.
const OFFSET: Offset = Offset::constant(8);

/// The wall clock of the district at `ts`.
pub fn local(ts: Timestamp) -> DateTime {
    OFFSET.to_datetime(ts)
}

/// A moment, told to somebody who reads it at `now`: 「今天下午5:30」, “today at 5:30 pm”. Days further off than
/// the day after tomorrow are dates with their weekday; other years are named.
pub fn when(ts: Timestamp, now: Timestamp, lang: Lang) -> String {
    let at = local(ts);
    let day = day(at.date(), local(now).date(), lang);
    match lang {
        Lang::Zh => format!("{day}{}", clock(at, lang)),
        Lang::En if near(at.date(), local(now).date()) => format!("{day} at {}", clock(at, lang)),
        Lang::En => format!("{day}, {}", clock(at, lang)),
    }
}

/// A deadline: 「今天下午5:30前」, “by 5:30 pm today”.
pub fn by(ts: Timestamp, now: Timestamp, lang: Lang) -> String {
    let at = local(ts);
    match lang {
        Lang::Zh => format!("{}前", when(ts, now, lang)),
        Lang::En => format!("by {} {}", clock(at, lang), on_day(at.date(), local(now).date())),
    }
}

/// A date, told on the day `today`: 「明天」, 「11月26日（周四）」, “Thu 26 Nov”, “5 Mar 2025”.
pub fn day(date: Date, today: Date, lang: Lang) -> String {
    let far = days_between(today, date);
    if let Some(word) = match (lang, far) {
        (Lang::Zh, 0) => Some("今天"),
        (Lang::Zh, 1) => Some("明天"),
        (Lang::Zh, 2) => Some("后天"),
        (Lang::Zh, -1) => Some("昨天"),
        (Lang::Zh, -2) => Some("前天"),
        (Lang::En, 0) => Some("today"),
        (Lang::En, 1) => Some("tomorrow"),
        (Lang::En, -1) => Some("yesterday"),
        _ => None,
    } {
        return word.into();
    }
    let (y, m, d) = (date.year(), date.month(), date.day());
    match lang {
        Lang::Zh if y != today.year() => format!("{y}年{m}月{d}日"),
        Lang::Zh => format!("{m}月{d}日（周{}）", weekday_zh(date.weekday())),
        Lang::En if y != today.year() => format!("{d} {} {y}", month_en(m)),
        Lang::En => format!("{} {d} {}", weekday_en(date.weekday()), month_en(m)),
    }
}

/// How long something is or was: 「3小时」, 「2天」, “3 hours”. Under a day in hours, under an hour in minutes,
/// rounded down, at least one minute.
pub fn span(from: Timestamp, to: Timestamp, lang: Lang) -> String {
    let minutes = (to.as_second() - from.as_second()).abs() / 60;
    let (n, zh, one, many) = match minutes {
        0..=59 => (minutes.max(1), "分钟", "minute", "minutes"),
        60..=1439 => (minutes / 60, "小时", "hour", "hours"),
        _ => (minutes / 1440, "天", "day", "days"),
    };
    match lang {
        Lang::Zh => format!("{n}{zh}"),
        Lang::En if n == 1 => format!("1 {one}"),
        Lang::En => format!("{n} {many}"),
    }
}

/// The time of day: 「下午5:30」, “5:30 pm”.
pub fn clock(at: DateTime, lang: Lang) -> String {
    let (h, m) = (at.hour(), at.minute());
    let twelve = if h % 12 == 0 { 12 } else { h % 12 };
    match lang {
        Lang::Zh => {
            let part = match h {
                0..=4 => "凌晨",
                5..=7 => "早上",
                8..=11 => "上午",
                12 => "中午",
                13..=17 => "下午",
                _ => "晚上",
            };
            // Midnight and the small hours are said 0 and 1, not 12.
            let hour = if h == 0 { 0 } else { twelve };
            format!("{part}{hour}:{m:02}")
        }
        Lang::En => format!("{twelve}:{m:02} {}", if h < 12 { "am" } else { "pm" }),
    }
}

/// The moment for machines and for staff who hover: `2026-03-02 17:30`.
pub fn exact(ts: Timestamp) -> String {
    let at = local(ts);
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// A day counted from 1970 in the district's own time, as a date for machines and for seals: `2026-11-22`.
pub fn day_of(days: i64) -> String {
    Date::constant(1970, 1, 1).checked_add(days.days()).unwrap_or(Date::MAX).to_string()
}

/// The date of the district's wall clock at `ts`, for `min` of a date field: `2026-03-03`.
pub fn tomorrow(now: Timestamp) -> String {
    local(now).date().checked_add(1.day()).unwrap_or(Date::MAX).to_string()
}

fn near(date: Date, today: Date) -> bool {
    days_between(today, date).abs() <= 1
}

fn on_day(date: Date, today: Date) -> String {
    let day = day(date, today, Lang::En);
    if near(date, today) { day } else { format!("on {day}") }
}

fn days_between(from: Date, to: Date) -> i64 {
    let midnight = |d: Date| OFFSET.to_timestamp(d.at(0, 0, 0, 0)).map_or(0, |t| t.as_second());
    (midnight(to) - midnight(from)) / 86_400
}

fn weekday_zh(day: Weekday) -> char {
    ['一', '二', '三', '四', '五', '六', '日'][usize::from(day.to_monday_zero_offset().unsigned_abs()) % 7]
}

fn weekday_en(day: Weekday) -> &'static str {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        [usize::from(day.to_monday_zero_offset().unsigned_abs()) % 7]
}

fn month_en(month: i8) -> &'static str {
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        [usize::from(month.unsigned_abs().saturating_sub(1)) % 12]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(local: &str) -> Timestamp {
        OFFSET.to_timestamp(local.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_deadline_is_said_as_people_say_it() {
        let now = at("2026-11-23T09:00");
        for (ts, zh, en) in [
            ("2026-11-23T17:30", "今天下午5:30前", "by 5:30 pm today"),
            ("2026-11-24T12:00", "明天中午12:00前", "by 12:00 pm tomorrow"),
            ("2026-11-25T10:05", "后天上午10:05前", "by 10:05 am on Wed 25 Nov"),
            ("2026-11-30T17:30", "11月30日（周一）下午5:30前", "by 5:30 pm on Mon 30 Nov"),
            ("2027-01-04T17:30", "2027年1月4日下午5:30前", "by 5:30 pm on 4 Jan 2027"),
        ] {
            assert_eq!(by(at(ts), now, Lang::Zh), zh);
            assert_eq!(by(at(ts), now, Lang::En), en);
        }
    }

    #[test]
    fn the_day_turns_at_the_districts_midnight() {
        let now = at("2026-11-23T00:10");
        assert_eq!(when(at("2026-11-22T23:59"), now, Lang::Zh), "昨天晚上11:59");
        assert_eq!(when(at("2026-11-23T00:05"), now, Lang::Zh), "今天凌晨0:05");
        assert_eq!(when(at("2026-11-22T23:59"), now, Lang::En), "yesterday at 11:59 pm");
        assert_eq!(when(at("2025-03-05T09:12"), now, Lang::Zh), "2025年3月5日上午9:12");
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_of(0), "1970-01-01");
        assert_eq!(day_of(20_779), "2026-11-22");
    }

    #[test]
    fn a_length_of_time_is_rounded_down_to_its_unit() {
        let a = at("2026-11-23T09:00");
        for (to, zh, en) in [
            ("2026-11-23T09:00:20", "1分钟", "1 minute"),
            ("2026-11-23T09:59", "59分钟", "59 minutes"),
            ("2026-11-23T11:59", "2小时", "2 hours"),
            ("2026-11-25T08:59", "1天", "1 day"),
        ] {
            assert_eq!(span(a, at(to), Lang::Zh), zh);
            assert_eq!(span(at(to), a, Lang::En), en);
        }
    }
}
