//! Photos: decoded within bounds, turned upright, made smaller, written anew. Nothing but the picture stays:
//! no position, no camera, no hidden file.

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The longer side of what is kept.
const LONGEST_SIDE: u32 = 1_280;
/// The most pixels on a side that are decoded at all.
const MOST_SIDE: u32 = 12_000;
/// The most memory that a decoded picture may take: a decompression bomb ends here. Forty million pixels, as
/// the cameras of telephones make them.
const MOST_MEMORY: u64 = 120 * 1024 * 1024;
/// The same for pictures whose decoder keeps as much again, or twice as much, beside them: a JPEG that comes in
/// passes, a WebP.
const MOST_MEMORY_IN_PASSES: u64 = 40 * 1024 * 1024;
/// The quality of what is kept.
const QUALITY: u8 = 78;

/// Reads a photo and writes it anew as a JPEG. `None` if it is none, or too large to be one.
///
/// Takes tens of milliseconds: call it on a thread that may block.
pub(crate) fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    // The bytes say what it is; what the sender says does not count.
    let format = image::guess_format(bytes).ok()?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return None;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let in_passes = format == ImageFormat::WebP || is_progressive(bytes);
    if decoder.total_bytes() > if in_passes { MOST_MEMORY_IN_PASSES } else { MOST_MEMORY } {
        return None;
    }
    let upright = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture = picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE);
    }
    // Turned last: a large picture turned is a second large picture.
    picture.apply_orientation(upright);
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&picture.to_rgb8()).ok()?;
    Some(out)
}

/// Whether a JPEG comes in passes: its frame begins with another marker than SOF0 or SOF1 (ITU T.81, B.1.1.3).
fn is_progressive(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let (Some(&marker), Some(length)) = (jpeg.get(at + 1), jpeg.get(at + 2..at + 4)) {
        match marker {
            0xc0 | 0xc1 => return false,
            0xc4 | 0xc8 | 0xcc => {}
            0xc2..=0xcf => return true,
            _ => {}
        }
        at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(w: u32, h: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let picture =
            image::RgbImage::from_fn(w, h, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
        JpegEncoder::new(&mut out).encode_image(&picture).unwrap();
        out
    }

    /// A position in the picture's own data does not survive.
    #[test]
    fn the_position_is_gone() {
        let mut with_exif = jpeg(40, 30);
        let exif = b"Exif\0\0II*\0GPSLatitude 31.1831";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let segment = [&[0xff, 0xe1], &length[..], exif].concat();
        with_exif.splice(2..2, segment);
        let kept = cleaned(&with_exif).unwrap();
        assert!(!kept.windows(3).any(|w| w == b"GPS"));
        assert_eq!(image::guess_format(&kept).unwrap(), ImageFormat::Jpeg);
    }

    #[test]
    fn a_jpeg_in_passes_is_known() {
        let plain = jpeg(8, 8);
        assert!(!is_progressive(&plain));
        let frame = plain.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
        let mut in_passes = plain;
        in_passes[frame + 1] = 0xc2;
        assert!(is_progressive(&in_passes));
        assert!(!is_progressive(b"") && !is_progressive(&[0xff; 9]));
    }

    #[test]
    fn large_ones_are_made_smaller_and_others_refused() {
        let kept = image::load_from_memory(&cleaned(&jpeg(3000, 1000)).unwrap()).unwrap();
        assert_eq!(kept.width(), LONGEST_SIDE);
        assert_eq!(cleaned(b"<svg onload=alert(1)>"), None);
        assert_eq!(cleaned(b"GIF89a\x01\0\x01\0\0\0\0;"), None);
        assert_eq!(cleaned(&jpeg(40, 30)[..60]), None);
        assert_eq!(cleaned(b""), None);
    }
}
