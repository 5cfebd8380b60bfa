//! The ground: sub-districts, precincts, neighbourhoods on a schematic map of hexagons, and doorways.

use crate::chance::Chance;
use crate::people::{self, Staff};
use domain::units::{Duty, Unit};
use domain::{DoorwayId, PlaceId};
use pinyin::ToPinyin;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// A place of any level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// What it belongs to; `None` for a sub-district.
    pub parent: Option<PlaceId>,
    /// 1 sub-district, 2 precinct, 3 neighbourhood.
    pub depth: usize,
    /// The official code; for a precinct one of our own that begins with `demo`.
    pub code: String,
    /// Its name in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// Where its hexagon lies (axial coordinates), for a neighbourhood.
    pub hex: Option<(i32, i32)>,
    /// How many people live there; invented.
    pub residents: u32,
}

/// An entrance with a notice board; invented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doorway {
    /// Its id.
    pub id: DoorwayId,
    /// Its neighbourhood.
    pub place: PlaceId,
    /// The number on its notice board.
    pub board: String,
    /// Its road.
    pub road: String,
    /// Its lane.
    pub lane: u32,
    /// Its house number within the lane.
    pub number: u32,
    /// How many floors.
    pub floors: u32,
    /// How many dwellings.
    pub dwellings: u32,
}

impl Doorway {
    /// Its address as people write it: 百合路128弄6号.
    pub fn address(&self) -> String {
        format!("{}{}弄{}号", self.road, self.lane, self.number)
    }

    /// The same for those who read no Chinese: No. 6, Lane 128, Baihe Lu.
    pub fn address_en(&self) -> String {
        format!("No. {}, Lane {}, {}", self.number, self.lane, spoken(&self.road))
    }
}

/// The whole district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Places, parents before children.
    pub places: Vec<Place>,
    /// Doorways, by neighbourhood.
    pub doorways: Vec<Doorway>,
    /// Units.
    pub units: Vec<Unit>,
    /// Their lists of duties.
    pub duties: Vec<Duty>,
    /// Staff of every role.
    pub staff: Vec<Staff>,
}

#[derive(Deserialize)]
struct SubdistrictRow {
    code: String,
    name: String,
}

#[derive(Deserialize)]
pub(crate) struct PrecinctRow {
    pub(crate) number: i64,
    pub(crate) subdistrict: String,
    name: String,
}

#[derive(Deserialize)]
struct CommitteeRow {
    code: String,
    name: String,
    q: i32,
    r: i32,
    population: u32,
}

/// Which committee lies in which precinct: see [`crate::precincts`].
#[derive(Deserialize)]
struct DrawnRow {
    code: String,
    precinct: i64,
}

/// The rows of a built-in file. They are part of the program and read by a test.
pub(crate) fn rows<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

pub(crate) fn precinct_rows() -> Vec<PrecinctRow> {
    rows(include_str!("../data/precincts.csv"))
}

/// The number of a neighbourhood's place; sub-districts begin at 1, precincts at 101.
const NEIGHBORHOODS: i64 = 1_000;
pub(crate) const PRECINCTS: i64 = 100;

impl District {
    /// The demo district. Names and codes are real, all else follows from the seed.
    pub fn xuhui(seed: u64) -> District {
        let subs: Vec<SubdistrictRow> = rows(include_str!("../data/subdistricts.csv"));
        let precincts = precinct_rows();
        let committees: Vec<CommitteeRow> = rows(include_str!("../data/committees.csv"));
        let drawn: Vec<DrawnRow> = rows(include_str!("../data/drawn.csv"));
        let drawn: HashMap<String, PlaceId> =
            drawn.into_iter().map(|d| (d.code, PlaceId(PRECINCTS + d.precinct))).collect();
        let sub_id = |code: &str| (1..).zip(&subs).find(|(_, s)| s.code == code).map(|(id, _)| PlaceId(id));
        let mut places: Vec<Place> = Vec::with_capacity(400);
        for (id, s) in (1..).zip(&subs) {
            let stem = s.name.trim_end_matches("街道").trim_end_matches('镇');
            let kind = if s.name.ends_with('镇') { "Town" } else { "Sub-district" };
            places.push(place(PlaceId(id), None, 1, &s.code, &s.name, format!("{} {kind}", spoken(stem))));
        }
        for p in &precincts {
            let en = format!("{} Precinct", spoken(p.name.trim_end_matches("片区")));
            let code = format!("demo-{:02}", p.number);
            places.push(place(PlaceId(PRECINCTS + p.number), sub_id(&p.subdistrict), 2, &code, &p.name, en));
        }
        for (id, c) in (NEIGHBORHOODS + 1..).zip(&committees) {
            let stem = c.name.trim_end_matches("居委会").trim_end_matches("村委会");
            let parent = drawn.get(&c.code).copied();
            let mut p = place(
                PlaceId(id),
                parent,
                3,
                &c.code,
                &format!("{stem}居民区"),
                format!("{} Neighbourhood", spoken(stem)),
            );
            p.hex = Some((c.q, c.r));
            p.residents = c.population;
            places.push(p);
        }
        for depth in [3, 2] {
            let sums: Vec<(PlaceId, u32)> = places
                .iter()
                .filter(|p| p.depth == depth)
                .filter_map(|p| Some((p.parent?, p.residents)))
                .collect();
            for (parent, residents) in sums {
                if let Some(p) = places.iter_mut().find(|p| p.id == parent) {
                    p.residents += residents;
                }
            }
        }
        let doorways = doorways(&places, &mut Chance::new(seed, 1));
        let (units, duties) = people::units(&places);
        let staff = people::staff(&places, &units, &mut Chance::new(seed, 2));
        District { places, doorways, units, duties, staff }
    }

    /// The place of an id.
    pub fn place(&self, id: PlaceId) -> Option<&Place> {
        self.places.iter().find(|p| p.id == id)
    }
}

fn place(id: PlaceId, parent: Option<PlaceId>, depth: usize, code: &str, zh: &str, en: String) -> Place {
    Place { id, parent, depth, code: code.to_owned(), zh: zh.to_owned(), en, hex: None, residents: 0 }
}

/// How a name is spoken: 天平路 → Tianping Lu. One word for two characters, as place names are written.
fn spoken(name: &str) -> String {
    let syllables: Vec<String> =
        name.chars().map(|c| c.to_pinyin().map_or_else(|| c.to_string(), |p| p.plain().to_owned())).collect();
    let words: Vec<String> = syllables
        .chunks(2)
        .map(|w| {
            let word = w.concat();
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |f| f.to_uppercase().collect::<String>() + chars.as_str())
        })
        .collect();
    words.join(" ")
}

const ROADS: &[&str] = &[
    "百合",
    "银杏",
    "晨光",
    "永泰",
    "丰谷",
    "青松",
    "望江",
    "和畅",
    "秀林",
    "云帆",
    "长乐里",
    "明德",
    "春申里",
    "安澜",
    "紫薇",
    "听雨",
    "东篱",
    "兰亭",
    "枫桥里",
    "清源",
    "石榴",
    "竹影",
    "虹霓",
    "春晖",
    "临溪",
    "金桂",
    "柳浪",
    "松涛",
    "海棠",
    "翠微",
    "白鹭",
    "朝阳里",
];

/// Some 20,000 doorways: one for about fifty-six people.
fn doorways(places: &[Place], chance: &mut Chance) -> Vec<Doorway> {
    let mut out = Vec::with_capacity(21_000);
    let mut taken: HashSet<(&str, u32)> = HashSet::new();
    for place in places.iter().filter(|p| p.depth == 3) {
        let mut left = i64::from(place.residents) / 56;
        let tower = chance.percent(25);
        while left > 0 {
            // No lane is drawn twice: an address is one doorway.
            let (road, lane) = loop {
                let lane = (*chance.of(ROADS), u32::try_from(chance.range(3, 1_400)).unwrap_or(3));
                if taken.insert(lane) {
                    break (format!("{}路", lane.0), lane.1);
                }
            };
            let houses = chance.range(6, 36).min(left);
            left -= houses;
            for number in 1..=houses {
                let id = i64::try_from(out.len()).unwrap_or(0) + 1;
                let floors = if tower { chance.range(11, 25) } else { chance.range(5, 7) };
                out.push(Doorway {
                    id: DoorwayId(id),
                    place: place.id,
                    board: format!("XH{id:05}"),
                    road: road.clone(),
                    lane,
                    number: u32::try_from(number).unwrap_or(1),
                    floors: u32::try_from(floors).unwrap_or(6),
                    dwellings: u32::try_from(floors * if tower { 2 } else { 4 }).unwrap_or(24),
                });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_report() {
        let d = District::xuhui(7);
        let of = |depth| d.places.iter().filter(|p| p.depth == depth).count();
        assert_eq!((of(1), of(2), of(3)), (13, 61, 312));
        let people: u32 = d.places.iter().filter(|p| p.depth == 1).map(|p| p.residents).sum();
        assert!((1_050_000..1_150_000).contains(&people), "{people}");
        assert!((19_000..21_000).contains(&d.doorways.len()), "{}", d.doorways.len());
        let boards: HashSet<&str> = d.doorways.iter().map(|x| x.board.as_str()).collect();
        assert_eq!(boards.len(), d.doorways.len());
        assert_eq!(d, District::xuhui(7));
        assert_eq!(spoken("天平路"), "Tianping Lu");
    }

    /// Every precinct holds four to six neighbourhoods, 15,000 to 25,000 people, in one piece on the map.
    #[test]
    fn precincts_are_sound() {
        let d = District::xuhui(7);
        let mut members: HashMap<PlaceId, Vec<&Place>> = HashMap::new();
        for p in d.places.iter().filter(|p| p.depth == 3) {
            members.entry(p.parent.unwrap()).or_default().push(p);
        }
        let hexes: HashSet<(i32, i32)> = d.places.iter().filter_map(|p| p.hex).collect();
        assert_eq!(hexes.len(), 312, "no two share a hexagon");
        for (precinct, all) in members {
            let p = d.place(precinct).unwrap();
            assert!((4..=6).contains(&all.len()), "{}: {}", p.zh, all.len());
            assert!((15_000..=25_000).contains(&p.residents), "{}: {}", p.zh, p.residents);
            assert!(in_one_piece(all.iter().filter_map(|p| p.hex)), "{} lies in one piece", p.zh);
        }
    }

    /// The map has no islands: each sub-district lies in one piece, and so does the district.
    #[test]
    fn the_map_hangs_together() {
        let d = District::xuhui(7);
        let homes = || d.places.iter().filter(|p| p.depth == 3);
        assert!(in_one_piece(homes().filter_map(|p| p.hex)));
        for sub in d.places.iter().filter(|p| p.depth == 1) {
            let own = homes().filter(|p| d.place(p.parent.unwrap()).unwrap().parent == Some(sub.id));
            assert!(in_one_piece(own.filter_map(|p| p.hex)), "{} lies in one piece", sub.zh);
        }
    }

    #[test]
    fn every_neighbourhood_has_doorways_and_every_door_one_address() {
        let d = District::xuhui(7);
        let with: HashSet<PlaceId> = d.doorways.iter().map(|x| x.place).collect();
        assert_eq!(with.len(), 312);
        assert!((1..).zip(&d.doorways).all(|(n, x)| x.id == DoorwayId(n) && x.dwellings > 0));
        let addresses: HashSet<String> = d.doorways.iter().map(Doorway::address).collect();
        assert_eq!(addresses.len(), d.doorways.len());
        let door = Doorway { road: "百合路".into(), lane: 128, number: 6, ..d.doorways[0].clone() };
        assert_eq!(
            (door.address().as_str(), door.address_en().as_str()),
            ("百合路128弄6号", "No. 6, Lane 128, Baihe Lu")
        );
    }

    fn in_one_piece(hexes: impl Iterator<Item = (i32, i32)>) -> bool {
        let own: HashSet<(i32, i32)> = hexes.collect();
        let mut todo: Vec<(i32, i32)> = own.iter().copied().take(1).collect();
        let mut seen: HashSet<(i32, i32)> = todo.iter().copied().collect();
        while let Some((q, r)) = todo.pop() {
            for n in [(q + 1, r), (q - 1, r), (q, r + 1), (q, r - 1), (q + 1, r - 1), (q - 1, r + 1)] {
                if own.contains(&n) && seen.insert(n) {
                    todo.push(n);
                }
            }
        }
        !own.is_empty() && seen.len() == own.len()
    }
}
