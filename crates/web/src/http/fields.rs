//! Form fields, from either of the two encodings that browsers know, read strictly and within bounds.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use percent_encoding::percent_decode;

/// The longest form without a photo.
const MOST_BYTES: usize = 64 * 1024;
/// The longest photo.
pub(crate) const MOST_PHOTO: usize = 12 * 1024 * 1024;
/// The most fields.
const MOST_FIELDS: usize = 64;

/// What a form held.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    texts: Vec<(String, String)>,
    photo: Option<Vec<u8>>,
}

/// Why a form was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Too long, or too many fields.
    TooLarge,
    /// Not a form, cut off, or not UTF-8.
    Broken,
    /// A form of a kind that we do not take.
    Kind,
}

impl Fields {
    /// Reads the form of a request, with a photo only where the page offers one.
    pub(crate) async fn read(request: Request, with_photo: bool) -> Result<Fields, Unreadable> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => {
                let body =
                    to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| Unreadable::TooLarge)?;
                Self::from_urlencoded(&body)
            }
            "multipart/form-data" if with_photo => Self::from_multipart(request).await,
            _ => Err(Unreadable::Kind),
        }
    }

    fn put(&mut self, name: String, value: String) -> Result<(), Unreadable> {
        if self.texts.len() >= MOST_FIELDS {
            return Err(Unreadable::TooLarge);
        }
        self.texts.push((name, value));
        Ok(())
    }

    fn from_urlencoded(body: &[u8]) -> Result<Fields, Unreadable> {
        let mut fields = Fields::default();
        for pair in body.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
            let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let (name, value) = (&pair[..at], pair.get(at + 1..).unwrap_or_default());
            fields.put(decoded(name)?, decoded(value)?)?;
        }
        Ok(fields)
    }

    async fn from_multipart(request: Request) -> Result<Fields, Unreadable> {
        // The length is checked as it comes in: the stated one may lie.
        let (parts, body) = request.into_parts();
        let body = Body::new(http_body_util::Limited::new(body, MOST_PHOTO + MOST_BYTES));
        let broken = |e: &axum::extract::multipart::MultipartError| {
            if e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Unreadable::TooLarge
            } else {
                Unreadable::Broken
            }
        };
        let mut form = Multipart::from_request(Request::from_parts(parts, body), &())
            .await
            .map_err(|_| Unreadable::Broken)?;
        let mut fields = Fields::default();
        let mut room = MOST_BYTES;
        while let Some(mut field) = form.next_field().await.map_err(|e| broken(&e))? {
            let name = field.name().unwrap_or_default().to_owned();
            let photo = name == "photo";
            let most = if photo { MOST_PHOTO } else { room };
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(|e| broken(&e))? {
                if bytes.len() + chunk.len() > most {
                    return Err(Unreadable::TooLarge);
                }
                bytes.extend_from_slice(&chunk);
            }
            if photo {
                fields.photo = (!bytes.is_empty()).then_some(bytes);
            } else {
                room -= bytes.len();
                fields.put(name, String::from_utf8(bytes).map_err(|_| Unreadable::Broken)?)?;
            }
        }
        Ok(fields)
    }

    /// The text of a field, the first of that name; empty if it is missing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The texts of all fields of a name, in order.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.texts.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Takes the photo out.
    pub(crate) fn take_photo(&mut self) -> Option<Vec<u8>> {
        self.photo.take()
    }
}

fn decoded(part: &[u8]) -> Result<String, Unreadable> {
    let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    percent_decode(&spaced).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| Unreadable::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_strictly() {
        let f = Fields::from_urlencoded("text=%E7%81%AF+%E5%9D%8F&where=&text=x".as_bytes()).unwrap();
        assert_eq!((f.text("text"), f.text("where"), f.text("none")), ("灯 坏", "", ""));
        assert_eq!(Fields::from_urlencoded(b"text=%ff%fe").err(), Some(Unreadable::Broken));
        assert!(Fields::from_urlencoded(b"&&=&").is_ok());
        let many: String = (0..100).map(|n| format!("f{n}=1&")).collect();
        assert_eq!(Fields::from_urlencoded(many.as_bytes()).err(), Some(Unreadable::TooLarge));
    }
}
