//! What sheets and paper say of proofs, in the language of their reader.

use super::output::Lang;
use districting::check::Fault;
use districting::{Certificate, Plan, Reason, Relaxation};

fn change(r: Relaxation) -> String {
    match r {
        Relaxation::Precincts(k) => format!("划成 {k} 个片区"),
        Relaxation::MinResidents(v) => format!("每个片区最少 {v} 人"),
        Relaxation::MaxResidents(v) => format!("每个片区最多 {v} 人"),
        Relaxation::MinUnits(v) => format!("每个片区最少 {v} 个居民区"),
        Relaxation::MaxUnits(v) => format!("每个片区最多 {v} 个居民区"),
    }
}

/// A certificate as a sentence.
pub(super) fn certificate(c: &Certificate, lang: Lang) -> String {
    if lang == Lang::En {
        return c.to_string();
    }
    let wanted = |k: &Option<usize>| k.map(|k| format!("（要求 {k} 个）")).unwrap_or_default();
    let mut out = match &c.parent {
        Some(p) => format!("{p}："),
        None => format!("{} 个居民区：", c.units.len()),
    };
    if let Reason::Arithmetic { units, residents, least, most, wanted: k } = &c.reason {
        out += &format!(
            "{units} 个居民区、{residents} 人，至少要划 {least} 个片区，最多只能划 {most} 个{}",
            wanted(k)
        );
    } else if let Reason::Orphan { unit, .. } = &c.reason {
        out += &format!("“{unit}”周围连成一片的居民区，怎么合并都不在上下限之内");
    } else if let Reason::Exhausted { areas, wanted: k } = &c.reason {
        out += &format!("{areas} 个可能的片区全部试过，没有一种组合能不重不漏{}", wanted(k));
    } else {
        return c.to_string();
    }
    for (i, r) in c.relaxations.iter().enumerate() {
        out += &format!("{}{}", if i == 0 { "；可行的改法：" } else { "，或者" }, change(*r));
    }
    if let Some((a, b)) = &c.together {
        out += &format!("；只改一处不行，要同时改：{}，{}", change(*a), change(*b));
    }
    out
}

/// What is broken in a precinct.
pub(super) fn fault(f: &Fault, lang: Lang) -> String {
    if lang == Lang::En {
        return f.to_string();
    }
    match f {
        Fault::Broken { pieces, .. } => format!("不连片，分成 {pieces} 块"),
        Fault::Units { units, .. } => format!("有 {units} 个居民区，超出上下限"),
        Fault::Residents { residents, .. } => format!("有 {residents} 人，超出上下限"),
        Fault::Sum { of, sum, .. } => format!("{of} 合计 {sum}，超出上下限"),
        Fault::Crosses { parents, .. } => format!("跨 {parents} 个街镇"),
        Fault::Parted { pin, .. } => format!("第 {} 条约定：要在一起的分开了", pin + 1),
        Fault::Joined { pin, .. } => format!("第 {} 条约定：要分开的在一起了", pin + 1),
        _ => f.to_string(),
    }
}

/// What is proven of a plan, as a sentence.
pub(super) fn proof(plan: &Plan, lang: Lang) -> String {
    match (plan.proven, plan.lower_bound, plan.gap()) {
        (true, ..) => lang.say("已证明是最好的方案", "Proven to be the best plan").into(),
        (_, Some(bound), Some(gap)) if lang == Lang::Zh => {
            format!("任何方案都不低于 {bound:.4}，与下界相差 {:.1} %", gap * 100.0)
        }
        (_, Some(bound), Some(gap)) => {
            format!("No plan is below {bound:.4}; the gap is {:.1} %", gap * 100.0)
        }
        _ => lang.say("没有算出下界", "No lower bound was computed").into(),
    }
}
