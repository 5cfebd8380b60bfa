//! docs/states.md: each machine as a Mermaid drawing and as a table, in Chinese and in English.

use super::{Diagram, Edge, Words, all};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// In which language a drawing speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    fn of(self, words: Words) -> &'static str {
        match self {
            Language::Zh => words.zh,
            Language::En => words.en,
        }
    }

    fn joined(self, words: &[&str]) -> String {
        words.join(match self {
            Language::Zh => "、",
            Language::En => ", ",
        })
    }
}

impl Diagram {
    /// The machine as a Mermaid `stateDiagram-v2`. Several actions between the same two states share an
    /// arrow; an action that leaves the state as it is has none (the table beside the drawing has it).
    pub fn mermaid(&self, language: Language) -> String {
        let mut out = String::from("stateDiagram-v2\n");
        for node in &self.nodes {
            line(&mut out, format_args!("    state \"{}\" as {}", language.of(node.words), node.words.key));
        }
        for node in self.nodes.iter().filter(|n| n.start) {
            line(&mut out, format_args!("    [*] --> {}", node.words.key));
        }
        for ((from, to), actions) in self.arrows() {
            let label = language.joined(&actions.iter().map(|a| language.of(*a)).collect::<Vec<_>>());
            let (from, to) = (self.nodes[from].words.key, self.nodes[to].words.key);
            line(&mut out, format_args!("    {from} --> {to}: {label}"));
        }
        for node in self.nodes.iter().filter(|n| n.last) {
            line(&mut out, format_args!("    {} --> [*]", node.words.key));
        }
        out
    }

    fn arrows(&self) -> BTreeMap<(usize, usize), Vec<Words>> {
        let mut arrows: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for Edge { from, to, action } in self.edges.iter().filter(|e| e.from != e.to) {
            arrows.entry((*from, *to)).or_default().push(*action);
        }
        arrows
    }

    /// The machine as a table: a row a state, what can be done there, and where it leads.
    pub fn table(&self, language: Language) -> String {
        let heads = match language {
            Language::Zh => "| 状态 | 可以做什么 → 变为 |\n",
            Language::En => "| state | what can be done → what it becomes |\n",
        };
        let mut out = format!("{heads}|---|---|\n");
        for (at, node) in self.nodes.iter().enumerate() {
            let mut leads: BTreeMap<Words, Vec<&str>> = BTreeMap::new();
            for edge in self.edges.iter().filter(|e| e.from == at) {
                leads.entry(edge.action).or_default().push(language.of(self.nodes[edge.to].words));
            }
            let or = match language {
                Language::Zh => "或",
                Language::En => " or ",
            };
            let leads: Vec<String> =
                leads.iter().map(|(a, to)| format!("{} → {}", language.of(*a), to.join(or))).collect();
            let stop = if language == Language::Zh { "；" } else { "; " };
            let leads = if leads.is_empty() { "–".to_owned() } else { leads.join(stop) };
            let mark = if node.last { "**" } else { "" };
            line(&mut out, format_args!("| {mark}{}{mark} | {leads} |", language.of(node.words)));
        }
        out
    }
}

/// docs/states.md as it should be.
pub fn document() -> String {
    let mut out = String::from(
        "# 状态图 · State machines\n\n\
         由 `cargo xtask states` 从代码生成，请勿手改；测试走遍每一个状态，并证明没有一个是死路。粗体为终点。\n\n\
         Written from the code by `cargo xtask states`, and compared with it by `cargo xtask tidy`: do not edit. A test\n\
         reaches every state and shows that none is a trap. Final states are bold.\n",
    );
    for diagram in all() {
        line(&mut out, format_args!("\n## {} · {}", diagram.words.zh, diagram.words.en));
        for language in [Language::Zh, Language::En] {
            line(&mut out, format_args!("\n```mermaid\n{}```\n", diagram.mermaid(language)));
            out.push_str(&diagram.table(language));
        }
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}
