//! What sheets and paper say of proofs, in the language of their reader.

use super::output::Lang;
use districting::check::Fault;
use districting::{Certificate, Plan, Quantity, Reason, Relaxation};

fn quantity(of: &Quantity) -> &str {
    match of {
        Quantity::Residents => "人数",
        Quantity::Area => "面积",
        Quantity::Named(name) => name,
    }
}

fn change(r: &Relaxation) -> String {
    match r {
        Relaxation::Precincts(k) => format!("划成 {k} 个片区"),
        Relaxation::MinResidents(v) => format!("每个片区最少 {v} 人"),
        Relaxation::MaxResidents(v) => format!("每个片区最多 {v} 人"),
        Relaxation::MinUnits(v) => format!("每个片区最少 {v} 个居民区"),
        Relaxation::MaxUnits(v) => format!("每个片区最多 {v} 个居民区"),
        Relaxation::MinSum { of, min } => format!("每个片区{}最少 {min}", quantity(of)),
        Relaxation::MaxSum { of, max } => format!("每个片区{}最多 {max}", quantity(of)),
        Relaxation::DropPin(pin) => format!("取消第 {} 条约定", pin + 1),
    }
}

/// The reason as half a sentence.
fn reason(r: &Reason) -> String {
    let wanted = |k: &Option<usize>| k.map(|k| format!("（要求 {k} 个）")).unwrap_or_default();
    let pins = |pins: &[usize]| pins.iter().map(|p| (p + 1).to_string()).collect::<Vec<_>>().join("、");
    match r {
        Reason::Arithmetic { units, residents, least, most, wanted: k } => {
            format!(
                "{units} 个居民区、{residents} 人，至少要划 {least} 个片区，最多只能划 {most} 个{}",
                wanted(k)
            )
        }
        Reason::Sum { of, total, least, most, wanted: k } => {
            format!("{}共 {total}，至少要划 {least} 个片区，最多只能划 {most} 个{}", quantity(of), wanted(k))
        }
        Reason::Contradiction { units: [a, b], together, apart } => {
            format!("“{a}”和“{b}”既要在一起（约定 {}）又要分开（约定 {}）", pins(together), pins(apart))
        }
        Reason::Scattered { unit, pins: p } => {
            format!("“{unit}”要和连不到的居民区在一起（约定 {}）", pins(p))
        }
        Reason::Crowded { units, pins: p, of, sum, most } => {
            let of = of.as_ref().map_or("居民区数", quantity);
            format!("“{}”要在一起（约定 {}），{of}共 {sum}，超过上限 {most}", units.join("”“"), pins(p))
        }
        Reason::Orphan { unit, .. } => format!("“{unit}”周围连成一片的居民区，怎么合并都不在上下限之内"),
        Reason::Exhausted { areas, wanted: k } => {
            format!("{areas} 个可能的片区全部试过，没有一种组合能不重不漏{}", wanted(k))
        }
    }
}

/// A certificate as a sentence.
pub(super) fn certificate(c: &Certificate, lang: Lang) -> String {
    if lang == Lang::En {
        return c.to_string();
    }
    let whose = match &c.parent {
        Some(p) => format!("{p}："),
        None => format!("{} 个居民区：", c.units.len()),
    };
    let mut out = whose + &reason(&c.reason);
    for (i, r) in c.relaxations.iter().enumerate() {
        out += &format!("{}{}", if i == 0 { "；可行的改法：" } else { "，或者" }, change(r));
    }
    if let Some((a, b)) = &c.together {
        out += &format!("；只改一处不行，要同时改：{}，{}", change(a), change(b));
    }
    out
}

/// What is broken in a precinct.
pub(super) fn fault(f: &Fault, lang: Lang) -> String {
    if lang == Lang::En {
        // People count from 1.
        return match f.districts() {
            [d] => f.to_string().replacen(&format!("district {d}"), &format!("precinct {}", d + 1), 1),
            _ => f.to_string(),
        };
    }
    match f {
        Fault::Broken { pieces, .. } => format!("不连片，分成 {pieces} 块"),
        Fault::Units { units, .. } => format!("有 {units} 个居民区，超出上下限"),
        Fault::Residents { residents, .. } => format!("有 {residents} 人，超出上下限"),
        Fault::Sum { of, sum, .. } => format!("{}合计 {sum}，超出上下限", quantity(of)),
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
