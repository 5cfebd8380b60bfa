//! An address as a QR code drawn in outlines: one closed path for each dark region, so that neither a printer nor a
//! viewer leaves hairlines between modules.

use fast_qr::{ECL, QRBuilder};
use typst::foundations::{Content, NativeElement, Packed, Smart};
use typst::layout::{Abs, Axes, Length, Rel};
use typst::visualize::{
    CloseMode, Color, CurveClose, CurveComponent, CurveElem, CurveLine, CurveMove, Paint,
};

/// Light modules on every side, as ISO/IEC 18004 asks.
pub(crate) const QUIET_ZONE: usize = 4;

/// Most modules along one side (without quiet zone): 53 is version 9, 0.8 mm a module on the notice, which a cheap
/// phone reads from an arm's length off a scuffed board.
pub(crate) const MOST_MODULES: usize = 53;

/// The dark and light modules of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Symbol {
    side: usize,
    dark: Vec<bool>,
}

/// A corner of an outline, in modules from the top left of the symbol.
pub(crate) type Corner = (usize, usize);

impl Symbol {
    /// Encodes an address at error correction level Q: a quarter of the code may be scratched away.
    /// `None` when it is too long for any QR code.
    pub(crate) fn of(address: &str) -> Option<Self> {
        let code = QRBuilder::new(address).ecl(ECL::Q).build().ok()?;
        let side = code.size;
        let dark = (0..side).flat_map(|y| code[y][..side].iter().map(|module| module.value())).collect();
        Some(Self { side, dark })
    }

    /// Modules along one side, without the quiet zone.
    pub(crate) fn side(&self) -> usize {
        self.side
    }

    fn is_dark(&self, x: isize, y: isize) -> bool {
        match (usize::try_from(x), usize::try_from(y)) {
            (Ok(x), Ok(y)) if x < self.side && y < self.side => self.dark[y * self.side + x],
            _ => false,
        }
    }

    /// Closed outlines around the dark regions: outer ones run clockwise, holes counter-clockwise, so that the
    /// non-zero rule fills them right. Only corners are listed.
    pub(crate) fn outlines(&self) -> Vec<Vec<Corner>> {
        // Right, down, left, up. An edge has the dark module on its right hand.
        const STEP: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
        let width = self.side + 1;
        let mut edges = vec![[false; 4]; width * width];
        for y in 0..self.side.cast_signed() {
            for x in 0..self.side.cast_signed() {
                if !self.is_dark(x, y) {
                    continue;
                }
                let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)];
                let neighbours = [(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)];
                for (direction, (corner, neighbour)) in corners.into_iter().zip(neighbours).enumerate() {
                    if !self.is_dark(neighbour.0, neighbour.1) {
                        edges[index(corner, width)][direction] = true;
                    }
                }
            }
        }

        let mut outlines = Vec::new();
        for y in 0..width.cast_signed() {
            for x in 0..width.cast_signed() {
                // Every outline has a top edge that runs right, or for a hole a bottom edge that runs left.
                for first in [0, 2] {
                    if !edges[index((x, y), width)][first] {
                        continue;
                    }
                    let mut outline = Vec::new();
                    let (mut at, mut direction) = ((x, y), first);
                    while edges[index(at, width)][direction] {
                        edges[index(at, width)][direction] = false;
                        at = (at.0 + STEP[direction].0, at.1 + STEP[direction].1);
                        // Where two regions touch at a corner, turning right keeps to one of them.
                        let turns = [(direction + 1) % 4, direction, (direction + 3) % 4];
                        let next = turns.into_iter().find(|&turn| edges[index(at, width)][turn]);
                        let next = next.unwrap_or(first);
                        if next != direction {
                            outline.push((at.0.cast_unsigned(), at.1.cast_unsigned()));
                        }
                        direction = next;
                    }
                    outlines.push(outline);
                }
            }
        }
        outlines
    }

    /// The outlines as one black shape, `size` on a side with the quiet zone left free around it.
    pub(crate) fn to_content(&self, size: Abs) -> Content {
        let modules = self.side + 2 * QUIET_ZONE;
        #[expect(clippy::cast_precision_loss, reason = "a code has at most 185 modules")]
        let at = |corner: Corner| {
            let place = |n: usize| Rel::from(Length::from(size * ((n + QUIET_ZONE) as f64 / modules as f64)));
            Axes::new(place(corner.0), place(corner.1))
        };
        let mut components = Vec::new();
        for outline in self.outlines() {
            for (i, corner) in outline.into_iter().enumerate() {
                components.push(if i == 0 {
                    CurveComponent::Move(Packed::new(CurveMove::new(at(corner))))
                } else {
                    CurveComponent::Line(Packed::new(CurveLine::new(at(corner))))
                });
            }
            let close = CurveClose::new().with_mode(CloseMode::Straight);
            components.push(CurveComponent::Close(Packed::new(close)));
        }
        CurveElem::new(components)
            .with_fill(Some(Paint::Solid(Color::BLACK)))
            .with_stroke(Smart::Custom(None))
            .pack()
    }
}

fn index((x, y): (isize, isize), width: usize) -> usize {
    y.cast_unsigned() * width + x.cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Fills outlines by the non-zero rule: what a printer does, one sample in the middle of each module.
    fn filled(outlines: &[Vec<Corner>], side: usize) -> Vec<bool> {
        let mut winding = vec![0_i32; side * side];
        for outline in outlines {
            for (i, &(x, from)) in outline.iter().enumerate() {
                let (_, to) = outline[(i + 1) % outline.len()];
                for y in from.min(to)..from.max(to) {
                    for right in x..side {
                        winding[y * side + right] += if to > from { 1 } else { -1 };
                    }
                }
            }
        }
        winding.into_iter().map(|n| n != 0).collect()
    }

    proptest! {
        #[test]
        fn outlines_cover_the_dark_modules_and_nothing_else(
            (side, dark) in (1_usize..24).prop_flat_map(|n| (Just(n), prop::collection::vec(any::<bool>(), n * n)))
        ) {
            let symbol = Symbol { side, dark: dark.clone() };
            prop_assert_eq!(filled(&symbol.outlines(), side), dark);
        }

        #[test]
        fn what_is_encoded_is_what_a_scanner_reads(path in "[a-zA-Z0-9/_~.-]{1,60}") {
            let address = format!("https://xuhui.example/{path}");
            let symbol = Symbol::of(&address).unwrap();
            let grid = rqrr::SimpleGrid::from_func(symbol.side(), |x, y| {
                symbol.dark[y * symbol.side() + x]
            });
            let (meta, read) = rqrr::Grid::new(grid).decode().unwrap();
            prop_assert_eq!(read, address);
            prop_assert_eq!(meta.ecc_level, 3, "level Q has the bits 11");
        }
    }

    #[test]
    fn an_address_longer_than_any_code_is_refused() {
        assert_eq!(Symbol::of(&"x".repeat(2000)), None);
    }
}
