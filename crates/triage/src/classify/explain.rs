//! The words that decided: which stretches of the text spoke for the subject and against the next one.

use super::Classifier;
use super::solve::Weights;
use super::vocabulary::Scratch;
use crate::message::Message;

/// At most so many words are told.
const TOLD: usize = 4;

/// The words that spoke most for `best` against `second`, the strongest first.
///
/// Each run of letters shares out among its letters what it says; what the letters of a word have been given
/// is what the word says. `moved` is what corrections have added to the trained lines. Words are those of the lexicon; where it has none, stretches that say more than most.
pub(super) fn words(
    c: &Classifier,
    moved: Option<&Weights>,
    message: &Message,
    scratch: &mut Scratch,
    best: usize,
    second: usize,
) -> Vec<String> {
    let Scratch { letters, vector, times, seen, says, shares, .. } = scratch;
    if best == second || letters.all.is_empty() {
        return Vec::new();
    }
    // What each run says each time that it stands there.
    shares.clear();
    shares.extend(vector.iter().zip(&*times).map(|((place, value), times)| {
        let trained = c.weights.of_place(*place, best) - c.weights.of_place(*place, second);
        let corrected = moved.map_or(0.0, |moved| moved.of(*place, best) - moved.of(*place, second));
        value * (trained + corrected) / f32::from(*times)
    }));
    says.clear();
    says.resize(letters.all.len(), 0.0);
    for (number, from, length) in &*seen {
        let each = shares[usize::from(*number)] / f32::from(*length);
        for says in &mut says[*from as usize..*from as usize + usize::from(*length)] {
            *says += each;
        }
    }
    let stretches = if c.vocabulary.lexicon.is_empty() {
        loud(says)
    } else {
        letters.words().filter(|(from, to)| to - from >= 2).collect()
    };
    let mut found: Vec<(f32, usize, usize)> =
        stretches.into_iter().map(|(from, to)| (says[from..to].iter().sum(), from, to)).collect();
    found.retain(|f| f.0 > 0.0);
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut told: Vec<String> = Vec::with_capacity(TOLD);
    for (_, from, to) in found {
        let word = as_written(message, from, to);
        if !told.contains(&word) {
            told.push(word);
            if told.len() == TOLD {
                break;
            }
        }
    }
    told
}

/// Stretches of two to six letters that say more than the mean; in a short text, where all letters speak alike, more
/// than half of it, or anything at all.
fn loud(says: &[f32]) -> Vec<(usize, usize)> {
    let mean = says.iter().filter(|s| **s > 0.0).sum::<f32>() / says.len() as f32;
    let louder = [mean, mean / 2.0, 0.0].into_iter().map(|least| louder_than(says, least));
    louder.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

fn louder_than(says: &[f32], least: f32) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    for at in 0..=says.len() {
        if at == says.len() || says[at] <= least || at - from == 6 {
            if at - from >= 2 {
                out.push((from, at));
            }
            from = if says.get(at).is_some_and(|s| *s > least) { at } else { at + 1 };
        }
    }
    out
}

/// The letters from one to the other as they were written, capital or wide.
fn as_written(message: &Message, from: usize, to: usize) -> String {
    message
        .title
        .chars()
        .chain(message.body.chars())
        .filter(|c| crate::text::is_letter(crate::text::fold(*c)))
        .skip(from)
        .take(to - from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_say_most_are_words() {
        assert_eq!(loud(&[0.0, 1.0, 1.0, 0.0, 2.0, 0.0]), [(1, 3)]);
        assert_eq!(loud(&[0.0; 3]), []);
        assert_eq!(loud(&[1.0; 4]), [(0, 4)], "all alike");
        assert_eq!(loud(&[3.0, 1.9, -1.0]), [(0, 2)]);
        let long = [&[1.0; 8][..], &[0.0; 8]].concat();
        assert_eq!(loud(&long), [(0, 6), (6, 8)]);
    }

    #[test]
    fn words_are_told_as_they_were_written() {
        let message = Message { title: "Ａ区，漏".into(), body: "水！".into(), ..Message::default() };
        assert_eq!(as_written(&message, 2, 4), "漏水");
        assert_eq!(as_written(&message, 0, 2), "Ａ区");
    }
}
