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
/// The most memory that decoding may take: a decompression bomb ends here.
const MOST_MEMORY: u64 = 160 * 1024 * 1024;
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
    let (w, h) = decoder.dimensions();
    if u64::from(w) * u64::from(h) * 4 > MOST_MEMORY {
        return None;
    }
    let upright = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(upright);
    if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture = picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE);
    }
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&picture.to_rgb8()).ok()?;
    Some(out)
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
    fn large_ones_are_made_smaller_and_others_refused() {
        let kept = image::load_from_memory(&cleaned(&jpeg(3000, 1000)).unwrap()).unwrap();
        assert_eq!(kept.width(), LONGEST_SIDE);
        assert_eq!(cleaned(b"<svg onload=alert(1)>"), None);
        assert_eq!(cleaned(b"GIF89a\x01\0\x01\0\0\0\0;"), None);
        assert_eq!(cleaned(&jpeg(40, 30)[..60]), None);
        assert_eq!(cleaned(b""), None);
    }
}
