//! Learning the second reader's line from texts that people have sorted.
//!
//! Where the line calls is not judged on what it was learnt from: each writer's texts are scored by a line that was learnt
//! from the other writers' alone, since everybody repeats their own words.

use super::UrgentKind;
use super::reader::{LONGEST, PARTS, Reader, SENSES, SENSES_WEIGH, rarity, senses};
use super::said::Said;
use super::tokens::{Token, tokens};
use crate::classify::solve::{Rows, Search, solve};
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Runs of fewer texts are not learnt.
const LEAST_TEXTS: u32 = 2;
/// So many runs are kept: those that say most.
const KEPT: usize = 12_000;
/// What an error costs.
const COST: f32 = 1.0;

/// Why nothing can be learnt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PressingError {
    /// A row cannot be read.
    #[error(
        "row {row} of the pressing texts: {reason}; a row is writer,kind,text, kind one of danger, utility, hazard, none"
    )]
    Row {
        /// Counted from 1, the header included.
        row: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// One writer shows nothing about others, and one kind nothing to tell apart.
    #[error("the texts must be of two writers at least, with pressing ones and others of each")]
    TooFew,
}

/// A text that somebody wrote to learn from.
struct Text {
    writer: String,
    is_danger: bool,
    text: String,
}

fn read(csv: &str) -> Result<Vec<Text>, PressingError> {
    let mut rows = Vec::new();
    for (record, row) in csv::Reader::from_reader(csv.as_bytes()).records().zip(2..) {
        let record = record.map_err(|e| PressingError::Row { row, reason: e.to_string() })?;
        let [writer, kind, text] = [0, 1, 2].map(|n| record.get(n).unwrap_or("").to_owned());
        if !["danger", "utility", "hazard", "none"].contains(&kind.as_str()) {
            return Err(PressingError::Row { row, reason: format!("the kind \"{kind}\" is not known") });
        }
        rows.push(Text { writer, is_danger: kind == "danger", text });
    }
    Ok(rows)
}

/// Learns the line from a file of `writer,kind,text` and writes it as `data/pressing.weights` holds it.
///
/// # Errors
/// Where a row cannot be read, or there are not two writers with texts of both sorts.
pub fn learn_pressing(csv: &str) -> Result<String, PressingError> {
    let texts = read(csv)?;
    let writers: BTreeSet<&str> = texts.iter().map(|t| t.writer.as_str()).collect();
    let has_both =
        |w: &&str| [true, false].iter().all(|d| texts.iter().any(|t| t.writer == *w && t.is_danger == *d));
    if writers.len() < 2 || !writers.iter().all(has_both) {
        return Err(PressingError::TooFew);
    }
    let mut judged: Vec<Judged<'_>> = Vec::new();
    for writer in &writers {
        let (own, others): (Vec<&Text>, Vec<&Text>) = texts.iter().partition(|t| t.writer == *writer);
        let reader = Reader::parse(SENSES, &line(&others));
        judged.extend(own.iter().map(|t| Judged {
            writer: &t.writer,
            score: reader.score(&t.text),
            is_danger: t.is_danger,
            by_rules: !Said::of(&t.text).words(&t.text, UrgentKind::Danger).is_empty(),
        }));
    }
    let calls = calls(&judged);
    Ok(format!("{calls}{}", line(&texts.iter().collect::<Vec<_>>())))
}

/// A text as a line scored it that had not seen its writer.
struct Judged<'t> {
    writer: &'t str,
    score: f32,
    is_danger: bool,
    /// Whether the rules raise it.
    by_rules: bool,
}

/// Of the texts that are not dangerous, at most such a share is raised at once by the line alone,
const AT_ONCE: f64 = 0.02;
/// … where the rules raise them as well, of those that the rules raise,
const AGREED: f64 = 0.10;
/// … looked at, where the rules raise them,
const RULED: f64 = 0.6;
/// … and looked at by the line alone.
const LOOK: f64 = 0.11;

/// From scores to probabilities, from which the reader calls, and what that comes to for each writer.
fn calls(judged: &[Judged<'_>]) -> String {
    let (slope, offset) = fit(judged);
    let (slope, offset) = ((slope * 100.0).round() / 100.0, (offset * 100.0).round() / 100.0);
    let likely = |j: &Judged<'_>| 1.0 / (1.0 + (-(slope * f64::from(j.score) + offset)).exp());
    let from = |share: f64, by_rules: Option<bool>| {
        let mut harmless: Vec<f64> = judged
            .iter()
            .filter(|j| !j.is_danger && by_rules.is_none_or(|b| j.by_rules == b))
            .map(likely)
            .collect();
        harmless.sort_by(|a, b| b.total_cmp(a));
        let at = (harmless.len() as f64 * share) as usize;
        (harmless.get(at).copied().unwrap_or(1.0) * 1000.0).ceil() / 1000.0
    };
    let (at_once, agreed) = (from(AT_ONCE, None), from(AGREED, Some(true)));
    let (ruled, look) = (from(RULED, Some(true)), from(LOOK, None));
    let mut out = format!(
        "slope {slope}\noffset {offset}\nat_once {at_once}\nagreed {agreed}\nruled {ruled}\nlook {look}\n"
    );
    let writers: BTreeSet<&str> = judged.iter().map(|j| j.writer).collect();
    for writer in writers {
        let counts = [true, false].map(|is_danger| {
            let of: Vec<&Judged<'_>> =
                judged.iter().filter(|j| j.writer == writer && j.is_danger == is_danger).collect();
            let once = |j: &&&Judged<'_>| likely(j) >= if j.by_rules { agreed } else { at_once };
            let looked = |j: &&&Judged<'_>| likely(j) >= if j.by_rules { ruled } else { look };
            (of.len(), of.iter().filter(once).count(), of.iter().filter(|j| once(j) || looked(j)).count())
        });
        let [(dangers, once, seen), (others, falsely, looked)] = counts;
        let _ = writeln!(
            out,
            "unseen {writer} of {dangers} dangers {once} at once and {seen} seen; of {others} others {falsely} at once and \
             {looked} seen"
        );
    }
    out
}

/// Slope and offset of the likeliest `1 / (1 + exp(-(slope · score + offset)))`, by Newton's steps (after Platt,
/// "Probabilistic outputs for support vector machines", 1999).
fn fit(judged: &[Judged<'_>]) -> (f64, f64) {
    let (mut slope, mut offset) = (1.0_f64, 0.0_f64);
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0_f64; 2], [1e-6_f64, 0.0, 1e-6]);
        for j in judged {
            let s = f64::from(j.score);
            let p = 1.0 / (1.0 + (-(slope * s + offset)).exp());
            let (miss, spread) = (f64::from(u8::from(j.is_danger)) - p, p * (1.0 - p));
            g = [g[0] + miss * s, g[1] + miss];
            h = [h[0] + spread * s * s, h[1] + spread * s, h[2] + spread];
        }
        let d = h[0] * h[2] - h[1] * h[1];
        slope += (h[2] * g[0] - h[1] * g[1]) / d;
        offset += (h[0] * g[1] - h[1] * g[0]) / d;
    }
    (slope, offset)
}

/// A run as a file writes it.
fn written(text: &str, run: &[Token]) -> String {
    let mut out = String::new();
    let mut behind_word = false;
    for token in run {
        let said = &text[token.from..token.to];
        let is_word = said.starts_with(|c: char| fold(c).is_ascii_lowercase());
        if token.is_end() {
            out.push(',');
        } else if said.starts_with(|c: char| fold(c).is_ascii_digit()) {
            out.push('0');
        } else {
            if is_word && behind_word {
                out.push(' ');
            }
            out.extend(said.chars().map(fold));
        }
        behind_word = is_word;
    }
    out
}

/// The runs of a text, each once.
fn runs(text: &str) -> BTreeSet<String> {
    let tokens = tokens(text);
    let mut out = BTreeSet::new();
    for from in 0..tokens.len() {
        for run in (1..=LONGEST).filter_map(|n| tokens.get(from..from + n)) {
            if !run.iter().all(Token::is_end) {
                out.insert(written(text, run));
            }
        }
    }
    out
}

/// The line that parts the dangerous texts from the others, as a file holds it.
fn line(texts: &[&Text]) -> String {
    let of_texts: Vec<BTreeSet<String>> = texts.iter().map(|t| runs(&t.text)).collect();
    let mut stands_in: BTreeMap<&str, u32> = BTreeMap::new();
    for run in of_texts.iter().flatten() {
        *stands_in.entry(run).or_default() += 1;
    }
    stands_in.retain(|_, n| *n >= LEAST_TEXTS);
    let first = weigh(texts, &of_texts, &stands_in);
    let all = texts.len() as u32;
    if stands_in.len() > KEPT {
        let mut loudness: Vec<(f32, &str)> =
            first.runs.iter().map(|(run, w)| (w.abs() * rarity(stands_in[run], all), *run)).collect();
        loudness.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let kept: BTreeSet<&str> = loudness.iter().take(KEPT).map(|l| l.1).collect();
        stands_in.retain(|run, _| kept.contains(run));
    }
    let line = weigh(texts, &of_texts, &stands_in);
    let part = |w: f32| (w * PARTS).round() as i32;
    let mut out = format!("texts {all}\nconstant {}\n", part(line.constant));
    for ((name, _), weight) in senses(SENSES).zip(&line.senses) {
        let _ = writeln!(out, "sense {name} {}", part(*weight));
    }
    for (run, weight) in &line.runs {
        let _ = writeln!(out, "{} {} {run}", part(*weight), stands_in[run]);
    }
    out
}

/// What each run and each sense says.
struct Line<'t> {
    runs: BTreeMap<&'t str, f32>,
    senses: Vec<f32>,
    constant: f32,
}

fn weigh<'t>(texts: &[&Text], of_texts: &[BTreeSet<String>], stands_in: &BTreeMap<&'t str, u32>) -> Line<'t> {
    let places: BTreeMap<&str, u32> = stands_in.keys().copied().zip(0..).collect();
    let all = texts.len() as u32;
    let sensing = Reader::parse(SENSES, "");
    let mut rows = Rows::default();
    for (text, of) in texts.iter().zip(of_texts) {
        let mut vector: Vec<(u32, f32)> = of
            .iter()
            .filter_map(|run| Some((*places.get(run.as_str())?, rarity(stands_in[run.as_str()], all))))
            .collect();
        let length = vector.iter().map(|v| v.1 * v.1).sum::<f32>().sqrt().max(1e-9);
        vector.iter_mut().for_each(|v| v.1 /= length);
        let senses = sensing.senses_of(&text.text);
        let each = SENSES_WEIGH / (senses.len().max(1) as f32).sqrt();
        vector.extend(senses.iter().map(|n| (places.len() as u32 + n, each)));
        rows.push(&vector);
    }
    let which: Vec<(usize, usize)> =
        texts.iter().enumerate().map(|(n, t)| (n, usize::from(!t.is_danger))).collect();
    let count = senses(SENSES).count();
    let search = Search { cost: COST, rounds: 200, near_enough: 1e-3, seed: 1 };
    let weights = solve(&rows, &which, places.len() + count, 2, search);
    let of = |place: usize| weights.values[place][0];
    Line {
        runs: places.iter().map(|(run, place)| (*run, of(*place as usize))).collect(),
        senses: (0..count).map(|n| of(places.len() + n)).collect(),
        constant: of(places.len() + count),
    }
}
