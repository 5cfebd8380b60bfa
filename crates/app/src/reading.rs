//! What the words of a report say by themselves: what must be masked, how pressing it is, what it is about.

use domain::addresses::Address;
use domain::cases::{Kind, Urgency};

/// No name of a road or an estate has fewer letters.
const SHORTEST_NAME: usize = 3;
/// Of the addresses that a text may name so many are looked for.
const MOST_TRIED: usize = 24;
/// Less likely than this, a subject is not even written down as a guess.
const A_GUESS: f32 = 0.2;

/// A text, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// The text with identifiers masked.
    pub(crate) masked: String,
    /// The proposed subject's code.
    pub(crate) subject: String,
    /// Whether a person had better decide on the subject.
    pub(crate) unsure: bool,
    /// The proposed kind.
    pub(crate) kind: Kind,
    /// How pressing.
    pub(crate) urgency: Urgency,
    /// The words that made it pressing.
    pub(crate) alarms: Vec<String>,
}

impl Reading {
    /// Reads a text, with what has been learnt about subjects.
    pub(crate) fn of(text: &str, learnt: &triage::Learner) -> Reading {
        let urgent = triage::urgent(text);
        let told = learnt.predict(&triage::Message::of(text));
        let subject = Some(told.label)
            .filter(|_| told.probability >= A_GUESS && !told.why.is_empty())
            .filter(|c| domain::subjects::by_code(c).is_some());
        Reading {
            masked: mask(text),
            subject: subject.unwrap_or_else(|| "other".into()),
            unsure: told.unsure,
            kind: kind(text),
            urgency: urgent.as_ref().map_or(Urgency::Normal, |u| match u.kind {
                triage::UrgentKind::Danger => Urgency::Danger,
                triage::UrgentKind::Utility => Urgency::Utility,
                triage::UrgentKind::Perhaps => Urgency::Perhaps,
            }),
            alarms: urgent.map(|u| u.words).unwrap_or_default(),
        }
    }
}

/// The text with identifiers masked: id numbers, phones, plates.
pub(crate) fn mask(text: &str) -> String {
    triage::mask(text).text
}

/// Other words for the same thing.
pub(crate) fn alike_words(word: &str) -> Vec<String> {
    triage::synonyms(word).iter().map(|w| (*w).to_owned()).collect()
}

/// Other words for the same thing, for all words that somebody typed into a search: these are looked for as well. A
/// word in quotation marks stays alone.
pub fn all_alike(typed: &str) -> Vec<String> {
    typed.split_whitespace().flat_map(alike_words).collect()
}

/// A text as everybody may read it: names with their titles and room numbers taken out as well.
pub fn public(text: &str) -> String {
    triage::mask_public(text).text
}

/// The addresses that a text names, as the roster writes them (百合路128弄6号): each whole one, then shorter, by its last
/// part and by what may stand before a name without a mark between (老人住百合路); the most exact first.
pub(crate) fn addresses(text: &str) -> Vec<String> {
    use triage::PlaceKind::{Building, Compound, Known, Road};
    let mut named: Vec<std::ops::Range<usize>> = Vec::new();
    for place in triage::places(text) {
        // 六号楼道 is the stairs of number six, not building six.
        let stairs = place.name.ends_with('楼') && text[place.range.end..].starts_with('道');
        let end = if stairs { place.range.end - '楼'.len_utf8() } else { place.range.end };
        match (place.kind, named.last_mut()) {
            (Road | Building, Some(last)) if last.end == place.range.start => last.end = end,
            (Road | Compound | Known, _) => named.push(place.range.start..end),
            _ => {}
        }
    }
    let mut out: Vec<String> = Vec::new();
    for range in named {
        let address = Address::parse(&text[range].replace(['#', '＃'], "号"));
        let name = address.road.clone().or(address.estate.clone()).unwrap_or_default();
        let lane =
            Address { number: None, building: None, unit: None, floor: None, room: None, ..address.clone() };
        let door = Address { unit: None, floor: None, room: None, ..address };
        for whole in [door.key(), lane.key()] {
            let starts = name
                .char_indices()
                .map(|(at, _)| at)
                .take(name.chars().count().saturating_sub(SHORTEST_NAME - 1));
            out.extend(starts.filter_map(|at| whole.get(at..).map(str::to_owned)));
        }
    }
    out.sort_by_key(|a| std::cmp::Reverse(a.matches(['号', '幢', '弄']).count()));
    out.dedup();
    out.truncate(MOST_TRIED);
    out
}

/// How likely it is, 0 to 1, that each of `others` speaks of the same matter as one of `these`.
pub(crate) fn one_matter<'t>(
    these: impl IntoIterator<Item = &'t str>,
    others: impl IntoIterator<Item = &'t str>,
) -> Vec<f32> {
    let mut matters = triage::Matters::default();
    for text in others {
        matters.place(&triage::Message::of(text));
    }
    let mut likely = vec![0.0_f32; matters.len()];
    for text in these {
        for candidate in matters.like(&triage::Message::of(text)) {
            if let Some(l) = likely.get_mut(candidate.message as usize) {
                *l = l.max(candidate.likelihood);
            }
        }
    }
    likely
}

/// As likely must it be that a case at the same door is the same matter for it to be shown.
pub(crate) const ALIKE: f32 = 0.5;
/// … and for somebody to be asked before they send.
pub(crate) const VERY_ALIKE: f32 = 0.7;
/// So many are shown.
const SHOWN: usize = 5;
/// So many words that both say are named.
const NAMED: usize = 3;

/// What somebody said, to be compared with what others said at the same door.
pub(crate) struct Said<'t> {
    signature: triage::Signature,
    subject: &'t str,
}

impl<'t> Said<'t> {
    /// A text and the subject that it is read as.
    pub(crate) fn of(text: &str, subject: &'t str) -> Said<'t> {
        Said { signature: triage::Signature::of(text), subject }
    }

    /// How likely it is, 0 to 1, that another speaks of the same matter. What is of no known subject shares none.
    pub(crate) fn likely(&self, text: &str, subject: &str) -> f32 {
        // Most at a door speak of something else, and need no closer reading.
        if !self.signature.shares_with(text) {
            return 0.0;
        }
        let same = subject == self.subject && subject != "other";
        self.signature.likely_one_matter(&triage::Signature::of(text), same)
    }
}

/// Those that are at least so likely, the likeliest first, a handful.
pub(crate) fn likeliest<T>(likely: impl IntoIterator<Item = (f32, T)>, least: f32) -> Vec<T> {
    let mut found: Vec<(f32, T)> = likely.into_iter().filter(|l| l.0 >= least).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(SHOWN).map(|(_, what)| what).collect()
}

/// The words that two texts share, as residents may read them.
pub(crate) fn shared(a: &str, b: &str) -> Vec<String> {
    triage::in_common(&public(a), &public(b), NAMED)
}

/// What sort of request it is, by the words that people use for each; a complaint where none says otherwise,
/// because its clock is the strictest that is honest.
fn kind(text: &str) -> Kind {
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if has(&["建议", "希望能", "能不能增加", "可否增加"]) {
        Kind::Opinion
    } else if has(&["请问", "咨询", "想问", "怎么办理", "如何办理", "问一下", "哪里可以"])
    {
        Kind::Question
    } else if has(&["求助", "帮帮", "帮忙", "救救", "求求"]) {
        Kind::Help
    } else {
        Kind::Complaint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_what_people_write() {
        for text in [
            "百合路128弄6号的路灯不亮",
            "反映百合路一百二十八弄六号楼道灯坏了",
            "老人住百合路128弄6#，没人管",
        ] {
            let found = addresses(text);
            assert!(found.iter().take(4).any(|a| a == "百合路128弄6号"), "{text}: {found:?}");
        }
        assert!(addresses("百合路128弄门口积水").contains(&"百合路128弄".to_owned()));
        assert_eq!(addresses("楼道灯坏了"), Vec::<String>::new());
    }

    #[test]
    fn one_matter_in_other_words() {
        // Among the cases of a precinct, which let it know what everybody says.
        let all: Vec<String> = triage::starting_messages().into_iter().map(|m| m.message.body).collect();
        let others = ["三号楼电梯停了三天没有修，老人出不了门", "三号楼门口的垃圾没有清运"];
        let others = others.into_iter().chain(all.iter().map(String::as_str));
        let likely = one_matter(["三号楼的电梯停了三天，没有人修"], others);
        assert!(likely[0] > 0.5 && likely[1] < 0.3, "{:?}", &likely[..2]);
    }

    #[test]
    fn a_report_is_read() {
        let learnt =
            triage::Learner::new(triage::Classifier::starting().unwrap(), triage::Caution::default());
        let read = |text| Reading::of(text, &learnt);
        let r = read("3号楼有煤气味，我电话13812345678，快来");
        assert_ne!(r.urgency, Urgency::Normal);
        assert!(!r.alarms.is_empty());
        assert!(!r.masked.contains("13812345678"));
        assert_eq!(read("请问居住证在哪里办").kind, Kind::Question);
        assert_eq!(read("建议门口加个长椅").kind, Kind::Opinion);
        assert_eq!(read("电梯又坏了").urgency, Urgency::Normal);
        assert_eq!(read("电梯又坏了").subject, "elevators");
        let look = read("楼下有股焦味，不知道哪家烧菜糊了");
        assert_eq!(look.urgency, Urgency::Perhaps, "{look:?}");
        assert!(!look.alarms.is_empty(), "whoever looks is told the words");
    }
}
