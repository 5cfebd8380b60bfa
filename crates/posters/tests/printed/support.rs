//! Sample notices, and a reader that turns a finished PDF back into pixels and codes.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use posters::{Code, CodeKind, Day, Notice, Words};

pub(crate) fn made() -> Day {
    Day::new(2026, 11, 23).unwrap()
}

pub(crate) fn notice(number: usize) -> Notice {
    let url = |kind: char| format!("https://xuhui.example/q/{kind}{number:06}-4fJ8pWvYc2LmN6sB");
    Notice {
        district: Words::new("徐汇区", "Xuhui District"),
        place: vec!["田林街道".into(), "田林十二村居委会".into(), format!("{number}号门")],
        board: format!("公示栏 040312-{number:03}"),
        domain: "xuhui.example".into(),
        codes: [
            Code::new(CodeKind::Opinion, url('o')),
            Code::new(CodeKind::Tenancy, url('t')),
            Code::new(CodeKind::Residency, url('r')),
        ],
        helpline: "021-5555 0100".into(),
    }
}

/// What the codes of each page say, from top to bottom, as a scanner reads them off the rasterised PDF.
pub(crate) fn scan(pdf: &[u8]) -> Vec<Vec<String>> {
    let pdf = Pdf::new(pdf.to_vec()).unwrap();
    // 2 pixels a point are 144 dots an inch: a poor photograph of the board.
    let pages = hayro::render_pdf(&pdf, 2.0, InterpreterSettings::default(), None).unwrap();
    pages
        .iter()
        .map(|page| {
            let (width, height) = (usize::from(page.width()), usize::from(page.height()));
            let pixels = page.data_as_u8_slice();
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
                let at = (y * width + x) * 4;
                let sum: u32 = pixels[at..at + 3].iter().map(|&byte| u32::from(byte)).sum();
                u8::try_from(sum / 3).unwrap()
            });
            let mut codes: Vec<_> = image
                .detect_grids()
                .iter()
                .map(|grid| (grid.bounds[0].y, grid.decode().unwrap().1))
                .collect();
            codes.sort();
            codes.into_iter().map(|(_, address)| address).collect()
        })
        .collect()
}

pub(crate) fn pages(pdf: &[u8]) -> usize {
    Pdf::new(pdf.to_vec()).unwrap().pages().len()
}
