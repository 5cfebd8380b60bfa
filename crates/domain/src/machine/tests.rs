use super::*;

#[test]
fn every_machine_reaches_every_state_and_none_is_a_trap() {
    let machines = all();
    assert!(!machines.is_empty());
    for m in machines {
        assert_eq!(m.unreached(), [""; 0], "{}: never reached", m.words.key);
        assert_eq!(m.traps(), [""; 0], "{}: no way to an end", m.words.key);
        assert_eq!(m.idle, [""; 0], "{}: possible nowhere", m.words.key);
        assert!(m.nodes.iter().any(|n| n.start) && m.nodes.iter().any(|n| n.last), "{}", m.words.key);
        // Mermaid takes these for its own.
        let words = m.nodes.iter().map(|n| n.words).chain(m.edges.iter().map(|e| e.action));
        for w in words {
            let plain = |s: &str| !s.is_empty() && !s.contains([':', ';', '"', '|', '\n', '#']);
            assert!(plain(w.zh) && plain(w.en), "{}: {w:?} cannot be drawn", m.words.key);
            assert!(
                w.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                "{w:?}"
            );
        }
    }
}

/// A ring of four with a side room: what the checks must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Hall,
    Stairs,
    Cellar,
    Garden,
    Attic,
}

impl Named for Room {
    const ALL: &'static [Room] = &[Room::Hall, Room::Stairs, Room::Cellar, Room::Garden, Room::Attic];
    fn key(self) -> &'static str {
        ["hall", "stairs", "cellar", "garden", "attic"][self as usize]
    }
    fn zh(self) -> &'static str {
        ["厅", "梯", "窖", "园", "阁"][self as usize]
    }
    fn en(self) -> &'static str {
        self.key()
    }
}

const fn walk_to(key: &'static str) -> Words {
    Words { key, zh: "走", en: key }
}

#[test]
fn an_unreached_room_a_trap_and_an_idle_action_are_found() {
    let actions = [walk_to("on"), walk_to("down"), walk_to("fly")];
    let edges = [
        (Room::Hall, actions[0], Room::Stairs),
        (Room::Hall, actions[0], Room::Garden),
        (Room::Stairs, actions[1], Room::Cellar),
        (Room::Attic, actions[1], Room::Garden),
    ];
    let house = Diagram::new(walk_to("house"), &[Room::Hall], |r| r == Room::Garden, &actions, edges);
    assert_eq!(house.unreached(), ["attic"]);
    assert_eq!(house.traps(), ["stairs", "cellar"]);
    assert_eq!(house.idle, ["fly"]);
    let drawn = house.mermaid(Language::Zh);
    let lines: Vec<&str> = drawn.lines().map(str::trim).collect();
    assert!(lines.contains(&"[*] --> hall") && lines.contains(&"garden --> [*]"), "{drawn}");
    assert!(lines.contains(&"state \"厅\" as hall") && lines.contains(&"hall --> stairs: 走"), "{drawn}");
    assert!(house.table(Language::En).contains("| hall | on → stairs or garden |"), "{drawn}");
    assert!(house.table(Language::En).contains("| **garden** | – |"));
}

#[test]
fn a_walk_ends_where_its_key_is_bounded_and_finds_what_one_state_hides() {
    // Two counters that never fall; only an even sum may leave.
    let walk = explore(
        [(0u8, false)],
        |(n, out)| ((*n).min(3), *out),
        |(n, out)| match (out, n) {
            (true, _) => vec![],
            (false, 3..) => vec![],
            (false, n) if n % 2 == 0 => vec![(walk_to("on"), (n + 1, false)), (walk_to("out"), (*n, true))],
            (false, n) => vec![(walk_to("on"), (n + 1, false))],
        },
    );
    assert_eq!(walk.met.len(), 6, "0, 1, 2, 3 inside and 0, 2 outside");
    assert_eq!(walk.traps(|(_, out)| *out), [&(3, false)]);
}
