//! Writes a sample of every sheet into a folder, to look at: `cargo run -p posters --example sample_sheets -- DIR`.

use std::path::PathBuf;

use posters::{Code, CodeKind, Column, Day, Fonts, Letter, Notice, TableReport, Words};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("say which folder to write to")?);
    let fonts = Fonts::embedded();
    let made = Day::new(2026, 11, 23)?;

    let notice = |place: &[&str], board: &str| {
        let url = |kind: &str| format!("https://xuhui.example/q/{kind}-7K3M9TQ2XR-4fJ8pWvYc2LmN6sB");
        Notice {
            district: Words::new("徐汇区", "Xuhui District"),
            place: place.iter().map(|&part| part.to_owned()).collect(),
            board: board.to_owned(),
            domain: "xuhui.example".to_owned(),
            codes: [
                Code::new(CodeKind::Opinion, url("o")),
                Code::new(CodeKind::Tenancy, url("t")),
                Code::new(CodeKind::Residency, url("r")),
            ],
            helpline: "021-5555 0100".to_owned(),
        }
    };
    let pdf = posters::notices(
        &[
            notice(&["田林街道", "田林十二村居委会", "12号门"], "公示栏 040312-012"),
            notice(&["凌云路街道", "上海植物园居民委员会", "龙州路 128 弄 12-14 号甲"], "公示栏 040312-1012"),
            notice(
                &[
                    "漕河泾新兴技术开发区",
                    "中海瀛台居民区居民委员会",
                    "龙水南路 388 弄华泾苑三期 12幢乙单元 3号门",
                ],
                "公示栏 040312-013",
            ),
        ],
        &fonts,
        made,
    )?;
    std::fs::write(folder.join("notices.pdf"), pdf)?;

    let report = TableReport {
        title: "今天要办的事".to_owned(),
        subtitle: "田林街道第二片区 · 到期日在 11 月 27 日之前 · 未办结".to_owned(),
        columns: vec![
            Column::new("编号", 2.0),
            Column::new("地点", 4.0),
            Column::new("说了什么", 7.0),
            Column::new("承办", 3.0),
            Column::figures("剩余", 1.8),
        ],
        rows: (0..60)
            .map(|i| {
                vec![
                    format!("A-{}", 10_234 + i * 7),
                    format!("田林十二村 {} 号", i + 1),
                    [
                        "楼道灯不亮已经三天，老人晚上不敢下楼。",
                        "电动车推进电梯充电。",
                        "垃圾房门口积水，气味很重。\n请上午来看。",
                    ][i % 3]
                        .to_owned(),
                    ["物业", "城管中队", "绿容所"][i % 3].to_owned(),
                    format!("{} 小时", 72 - i),
                ]
            })
            .collect(),
        notes: vec!["剩余时间按工作日计算；暂停的时间不算在内。".to_owned()],
        printed_by: "片区协调员打印，用于晨会".to_owned(),
        landscape: false,
    };
    std::fs::write(folder.join("report.pdf"), posters::table_report(&report, &fonts, made)?)?;

    let letter = Letter {
        title: "关于 12 号门垃圾房的答复".to_owned(),
        to: "12号门的各位邻居：".to_owned(),
        paragraphs: vec![
            "您说的垃圾房积水，我们 11 月 20 日上午去看过，是地漏被装修垃圾堵住了。物业当天疏通，又加了一道滤网。".to_owned(),
            "今后每周一检查一次。要是再有积水，请扫公示栏上的码，或者打 021-5555 0100，我们一个工作日内联系您。".to_owned(),
        ],
        from: "田林十二村居委会".to_owned(),
        foot: "编号 A-10234 · 觉得没有解决，请直接说“没有解决”，会由负责人再办一次。".to_owned(),
    };
    std::fs::write(folder.join("letter.pdf"), posters::letter(&letter, &fonts, made)?)?;
    Ok(())
}
