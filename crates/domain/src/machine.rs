//! State machines, drawn and explored from the code that runs them.
//!
//! A machine whose rule is a table implements [`Machine`]; [`Diagram::of`] then draws it. A machine whose
//! rule is a pair of functions (a case's `decide` and `apply`) is walked instead: [`explore`] follows every
//! sample step from every situation that differs in what the rules look at, and the drawing is what was
//! met on the way. Either way nothing is drawn that the program does not do.
//!
//! [`Diagram::unreached`] and [`Diagram::traps`] are what a test asks: that every state is reached, and
//! that from each a final one is. [`all`] lists the program's machines, and [`document`] writes them as
//! docs/states.md (`cargo xtask states`, kept in step by tidy).
//!
//! ```
//! use domain::machine::{Diagram, Machine, Named};
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//! enum Lamp { Dark, Lit, Broken }
//! #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//! enum Hand { Press, Drop }
//! impl Named for Lamp {
//!     const ALL: &'static [Lamp] = &[Lamp::Dark, Lamp::Lit, Lamp::Broken];
//!     fn key(self) -> &'static str { ["dark", "lit", "broken"][self as usize] }
//!     fn zh(self) -> &'static str { ["灭", "亮", "坏"][self as usize] }
//!     fn en(self) -> &'static str { self.key() }
//! }
//! impl Named for Hand {
//!     const ALL: &'static [Hand] = &[Hand::Press, Hand::Drop];
//!     fn key(self) -> &'static str { ["press", "drop"][self as usize] }
//!     fn zh(self) -> &'static str { ["按", "摔"][self as usize] }
//!     fn en(self) -> &'static str { self.key() }
//! }
//! struct Torch;
//! impl Machine for Torch {
//!     type State = Lamp;
//!     type Action = Hand;
//!     const KEY: &'static str = "torch";
//!     const ZH: &'static str = "手电";
//!     const EN: &'static str = "Torch";
//!     const START: Lamp = Lamp::Dark;
//!     fn is_final(state: Lamp) -> bool { state == Lamp::Broken }
//!     fn next(from: Lamp, action: Hand) -> impl IntoIterator<Item = Lamp> {
//!         match (from, action) {
//!             (Lamp::Dark, Hand::Press) => Some(Lamp::Lit),
//!             (Lamp::Lit, Hand::Press) => Some(Lamp::Dark),
//!             (Lamp::Dark | Lamp::Lit, Hand::Drop) => Some(Lamp::Broken),
//!             (Lamp::Broken, _) => None,
//!         }
//!     }
//! }
//! let torch = Diagram::of::<Torch>();
//! assert!(torch.unreached().is_empty() && torch.traps().is_empty() && torch.idle.is_empty());
//! assert!(torch.mermaid(domain::machine::Language::En).contains("dark --> lit: press"));
//! ```

mod render;
#[cfg(test)]
mod tests;

pub use render::{Language, document};

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Debug;

/// One of a closed list of things that have a stable key and a name in both languages.
pub trait Named: Copy + Eq + Debug + 'static {
    /// All of them, in order.
    const ALL: &'static [Self];
    /// The stable name in files and the store.
    fn key(self) -> &'static str;
    /// As people say it in Chinese.
    fn zh(self) -> &'static str;
    /// As people say it in English.
    fn en(self) -> &'static str;
}

/// A machine that is described by its own table of transitions.
pub trait Machine {
    /// Where it can stand.
    type State: Named;
    /// What can be done with it.
    type Action: Named;
    /// Its stable name: the heading's anchor.
    const KEY: &'static str;
    /// Its name in Chinese.
    const ZH: &'static str;
    /// Its name in English.
    const EN: &'static str;
    /// Where it begins.
    const START: Self::State;
    /// Whether nothing more has to happen. A final state may still be left: what is closed can be opened.
    fn is_final(state: Self::State) -> bool;
    /// Where an action may lead from a state: nowhere (it is refused), to one state, or to several where
    /// more than the state decides. An `Option`, an array and a `Vec` all serve.
    fn next(from: Self::State, action: Self::Action) -> impl IntoIterator<Item = Self::State>;
}

/// A key with its words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    /// The stable name.
    pub key: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Words {
    /// The words of something named.
    pub fn of(named: impl Named) -> Words {
        Words { key: named.key(), zh: named.zh(), en: named.en() }
    }
}

/// A state of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Its words.
    pub words: Words,
    /// Whether the machine begins here.
    pub start: bool,
    /// Whether nothing more has to happen here.
    pub last: bool,
}

/// An arrow of a diagram: from a state, by an action, to a state; both as indices into the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The state that is left.
    pub from: usize,
    /// The state that is entered; the same where the action changes only what the state does not show.
    pub to: usize,
    /// What is done.
    pub action: Words,
}

/// A machine as it can be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    /// What it is called.
    pub words: Words,
    /// Its states, in the order of their list.
    pub nodes: Vec<Node>,
    /// Its arrows, each once, sorted.
    pub edges: Vec<Edge>,
    /// Actions that are possible nowhere: a line of the table was forgotten.
    pub idle: Vec<&'static str>,
}

impl Diagram {
    /// Draws a machine from its table.
    pub fn of<M: Machine>() -> Diagram {
        let mut edges = vec![];
        for &from in M::State::ALL {
            for &action in M::Action::ALL {
                let reached = M::next(from, action);
                edges.extend(reached.into_iter().map(|to| (from, Words::of(action), to)));
            }
        }
        let words = Words { key: M::KEY, zh: M::ZH, en: M::EN };
        let actions: Vec<_> = M::Action::ALL.iter().map(|a| Words::of(*a)).collect();
        Diagram::new(words, &[M::START], M::is_final, &actions, edges)
    }

    /// Draws what was met on a walk: `actions` are all that were tried, `edges` (from, by, to) all that
    /// led somewhere.
    pub fn new<S: Named>(
        words: Words,
        starts: &[S],
        is_final: impl Fn(S) -> bool,
        actions: &[Words],
        edges: impl IntoIterator<Item = (S, Words, S)>,
    ) -> Diagram {
        let index = |state: S| S::ALL.iter().position(|s| *s == state).unwrap_or_default();
        let nodes = S::ALL
            .iter()
            .map(|&s| Node { words: Words::of(s), start: starts.contains(&s), last: is_final(s) })
            .collect();
        let edges: BTreeSet<Edge> = edges
            .into_iter()
            .map(|(from, action, to)| Edge { from: index(from), to: index(to), action })
            .collect();
        let idle = actions.iter().filter(|a| !edges.iter().any(|e| e.action == **a)).map(|a| a.key).collect();
        Diagram { words, nodes, edges: edges.into_iter().collect(), idle }
    }

    /// The keys of states that no row of actions reaches from the start.
    pub fn unreached(&self) -> Vec<&'static str> {
        let starts = self.marked(|n| n.start);
        let reached = flood(self.nodes.len(), starts, self.edges.iter().map(|e| (e.from, e.to)));
        self.keys(&reached)
    }

    /// The keys of states from which no row of actions reaches a final one.
    pub fn traps(&self) -> Vec<&'static str> {
        let lasts = self.marked(|n| n.last);
        let saved = flood(self.nodes.len(), lasts, self.edges.iter().map(|e| (e.to, e.from)));
        self.keys(&saved)
    }

    fn marked(&self, is: impl Fn(&Node) -> bool) -> Vec<usize> {
        (0..self.nodes.len()).filter(|i| is(&self.nodes[*i])).collect()
    }

    fn keys(&self, flooded: &[bool]) -> Vec<&'static str> {
        self.nodes.iter().zip(flooded).filter(|(_, wet)| !**wet).map(|(n, _)| n.words.key).collect()
    }
}

/// Which of `count` nodes can be reached from `from` along `arrows`.
fn flood(count: usize, from: Vec<usize>, arrows: impl Iterator<Item = (usize, usize)>) -> Vec<bool> {
    let mut onward: Vec<Vec<usize>> = vec![vec![]; count];
    arrows.for_each(|(a, b)| onward[a].push(b));
    let mut reached = vec![false; count];
    let mut waiting = from;
    while let Some(at) = waiting.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            waiting.extend(&onward[at]);
        }
    }
    reached
}

/// What a walk met: situations, each once by its key, and the steps between them.
#[derive(Debug, Clone)]
pub struct Walk<S> {
    /// One situation of each key, in the order in which they were met.
    pub met: Vec<S>,
    /// Steps: (index of the situation that is left, what was done, index of the one that is entered).
    pub steps: Vec<(usize, Words, usize)>,
}

/// Walks every situation that can be reached from `starts` by `steps`, one of each `key`. The key must hold
/// all that the rules look at, and be bounded (counts cut off where they stop to matter), or the walk
/// never ends.
pub fn explore<S, K: Ord>(
    starts: impl IntoIterator<Item = S>,
    key: impl Fn(&S) -> K,
    steps: impl Fn(&S) -> Vec<(Words, S)>,
) -> Walk<S> {
    let mut walk = Walk { met: vec![], steps: vec![] };
    let mut known = BTreeMap::new();
    let mut waiting = VecDeque::new();
    let mut meet = |walk: &mut Walk<S>, waiting: &mut VecDeque<usize>, situation: S| {
        *known.entry(key(&situation)).or_insert_with(|| {
            walk.met.push(situation);
            waiting.push_back(walk.met.len() - 1);
            walk.met.len() - 1
        })
    };
    for start in starts {
        meet(&mut walk, &mut waiting, start);
    }
    while let Some(at) = waiting.pop_front() {
        for (action, reached) in steps(&walk.met[at]) {
            let to = meet(&mut walk, &mut waiting, reached);
            walk.steps.push((at, action, to));
        }
    }
    walk
}

impl<S> Walk<S> {
    /// The situations from which no row of steps reaches one that is final: finer than
    /// [`Diagram::traps`], because two situations of one state may differ in what is still possible.
    pub fn traps(&self, is_final: impl Fn(&S) -> bool) -> Vec<&S> {
        let lasts = (0..self.met.len()).filter(|i| is_final(&self.met[*i])).collect();
        let saved = flood(self.met.len(), lasts, self.steps.iter().map(|(from, _, to)| (*to, *from)));
        self.met.iter().zip(saved).filter(|(_, saved)| !saved).map(|(s, _)| s).collect()
    }

    /// The steps by the state that each situation shows.
    pub fn edges<N: Named>(&self, state: impl Fn(&S) -> N) -> Vec<(N, Words, N)> {
        let shown = |i: &usize| state(&self.met[*i]);
        self.steps.iter().map(|(from, action, to)| (shown(from), *action, shown(to))).collect()
    }
}

/// Every machine of the program, in the order of docs/states.md. A new one gets a line here, and with it
/// its drawing and its test.
pub fn all() -> Vec<Diagram> {
    use crate::problems::machines::{ApplicationMachine, CallMachine, ProblemMachine, TaskMachine};
    vec![
        crate::cases::machine::diagram(),
        Diagram::of::<ProblemMachine>(),
        Diagram::of::<TaskMachine>(),
        Diagram::of::<ApplicationMachine>(),
        Diagram::of::<CallMachine>(),
    ]
}
