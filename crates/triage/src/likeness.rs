//! How alike two short reports are, by the pairs of characters that they share.

/// The pairs of neighbouring characters of a text, as a sorted set of hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature(Vec<u32>);

impl Signature {
    /// The signature of a text. Punctuation, blanks, digits and the commonest particles do not count.
    pub fn of(text: &str) -> Signature {
        let kept: Vec<char> = text
            .chars()
            .filter(|c| {
                c.is_alphabetic()
                    && !matches!(c, '的' | '了' | '我' | '是' | '在' | '有' | '请' | '吗' | '啊' | '们')
            })
            .collect();
        let mut pairs: Vec<u32> = kept.windows(2).map(|w| hash(w[0], w[1])).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Signature(pairs)
    }
}

fn hash(a: char, b: char) -> u32 {
    (a as u32).wrapping_mul(0x9e37_79b1) ^ (b as u32).wrapping_mul(0x85eb_ca77).rotate_left(13)
}

/// How alike two texts are, 0 to 1: the share of pairs in common (Dice), but for a short text within a long
/// one at least half of the share of the short one.
pub fn likeness(a: &Signature, b: &Signature) -> f32 {
    if a.0.is_empty() || b.0.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0_u16);
    while i < a.0.len() && j < b.0.len() {
        match a.0[i].cmp(&b.0[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common = common.saturating_add(1);
                i += 1;
                j += 1;
            }
        }
    }
    let size = |s: &Signature| f32::from(u16::try_from(s.0.len()).unwrap_or(u16::MAX));
    let common = f32::from(common);
    let dice = 2.0 * common / (size(a) + size(b));
    let within = if common >= 3.0 { 0.5 * common / size(a).min(size(b)) } else { 0.0 };
    dice.max(within)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alike(a: &str, b: &str) -> f32 {
        likeness(&Signature::of(a), &Signature::of(b))
    }

    #[test]
    fn the_same_matter_in_other_words() {
        assert!(alike("3号楼电梯又坏了，老人上不去", "电梯又坏了！8楼老人上不去楼") > 0.5);
        assert!(alike("电梯坏了", "楼下饭店油烟太大") < 0.05);
        assert!(alike("", "电梯") == 0.0);
    }

    proptest! {
        #[test]
        fn likeness_is_fair(a in "[电梯坏了漏水噪音大晚上]{0,30}", b in "[电梯坏了漏水噪音大晚上]{0,30}") {
            let (x, y) = (alike(&a, &b), alike(&b, &a));
            prop_assert!((0.0..=1.0).contains(&x));
            prop_assert!((x - y).abs() < 1e-6);
            if Signature::of(&a).0.len() > 1 {
                prop_assert!((alike(&a, &a) - 1.0).abs() < 1e-6);
            }
        }
    }
}
