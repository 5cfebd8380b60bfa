//! WCAG 2.2: text stands out 4.5 to 1 against what it lies on, borders and marks 3 to 1, by day and by night.

use std::collections::BTreeMap;
use web::style::TOKENS;

/// Text on what it is laid on.
const TEXT: &[(&str, &str)] = &[
    ("ink", "bg"),
    ("ink", "card"),
    ("ink", "tint"),
    ("ink", "glow"),
    ("soft", "bg"),
    ("soft", "card"),
    ("act", "bg"),
    ("act", "card"),
    ("act", "tint"),
    ("act", "glow"),
    ("on", "act"),
    ("soon", "bg"),
    ("soon", "card"),
    ("late", "bg"),
    ("late", "card"),
    ("late", "tint"),
    ("late", "glow"),
    ("soft", "tint"),
];

/// Borders of fields, and the ring around what has the focus.
const EDGES: &[(&str, &str)] =
    &[("edge", "bg"), ("edge", "card"), ("act", "card"), ("late", "card"), ("ink", "bg"), ("act", "tint")];

/// The tokens of colour: by day, and by night.
fn sheets() -> [BTreeMap<&'static str, [f64; 3]>; 2] {
    let (day, night) = TOKENS.split_once("@media (prefers-color-scheme: dark)").expect("a dark half");
    [day, night].map(|half| {
        half.lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"))
            .map(|(name, hex)| {
                let channel = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("six hex digits");
                (name, [0, 2, 4].map(|at| linear(channel(at))))
            })
            .collect()
    })
}

/// The light of one channel (sRGB, IEC 61966-2-1).
fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

/// The contrast of WCAG 2.2: from 1 to 21.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let light = |c: [f64; 3]| 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] + 0.05;
    light(a).max(light(b)) / light(a).min(light(b))
}

#[test]
fn black_on_white_is_21_to_1() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
}

#[test]
fn every_pair_stands_out_by_day_and_by_night() {
    for (half, colours) in ["day", "night"].iter().zip(sheets()) {
        assert_eq!(colours.len(), 13, "{half}: a token was added or lost; does it need a pair here?");
        for (pairs, least) in [(TEXT, 4.5), (EDGES, 3.0)] {
            for (front, back) in pairs {
                let found = contrast(colours[front], colours[back]);
                assert!(found >= least, "{half}: {front} on {back} is {found:.2}, not {least}");
            }
        }
    }
}
