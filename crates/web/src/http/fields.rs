//! Form fields, from either of the two encodings that browsers know, read strictly and within bounds.

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use percent_encoding::percent_decode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The longest form without a photo.
const MOST_BYTES: usize = 64 * 1024;
/// The longest photo.
pub(crate) const MOST_PHOTO: usize = 12 * 1024 * 1024;
/// The most fields.
const MOST_FIELDS: usize = 64;
/// All photos on their way in at once take no more than this, so that a crowd does not eat the memory.
const ROOM_FOR_PHOTOS: u32 = 40 * 1024 * 1024;
/// How long a form may take to come in: a slow sender must not hold a place for ever.
const FORM_TIMEOUT: Duration = Duration::from_secs(30);
/// The same with a photo, over a bad line.
const PHOTO_TIMEOUT: Duration = Duration::from_secs(120);
/// What is sent beyond a limit is read on so far before the answer, because a browser that is still sending
/// shows no page.
const MOST_UNREAD: usize = 32 * 1024 * 1024;

/// The room that photos on their way in share.
#[derive(Debug, Clone)]
pub(crate) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Room(Arc::new(Semaphore::new(ROOM_FOR_PHOTOS as usize)))
    }
}

/// What a form held.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    texts: Vec<(String, String)>,
    photo: Option<Vec<u8>>,
    /// Given back with the form.
    taken: Option<OwnedSemaphorePermit>,
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
    /// It took too long to come in.
    Slow,
    /// Too many photos are on their way in.
    Crowded,
}

impl Fields {
    /// Reads the form of a request, with a photo only where the page offers one and `room` for it.
    pub(crate) async fn read(request: Request, room: Option<&Room>) -> Result<Fields, Unreadable> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match (kind.as_str(), room) {
            ("application/x-www-form-urlencoded", _) => {
                timeout(FORM_TIMEOUT, Self::from_body(request)).await.unwrap_or(Err(Unreadable::Slow))
            }
            ("multipart/form-data", Some(room)) => {
                let reading = Self::from_multipart(request, room);
                timeout(PHOTO_TIMEOUT, reading).await.unwrap_or(Err(Unreadable::Slow))
            }
            _ => {
                let _ = timeout(FORM_TIMEOUT, read_on(request.into_body())).await;
                Err(Unreadable::Kind)
            }
        }
    }

    async fn from_body(request: Request) -> Result<Fields, Unreadable> {
        let mut body = request.into_body();
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| Unreadable::Broken)?.into_data() else { continue };
            if bytes.len() + data.len() > MOST_BYTES {
                read_on(body).await;
                return Err(Unreadable::TooLarge);
            }
            bytes.extend_from_slice(&data);
        }
        Self::from_urlencoded(&bytes)
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

    async fn from_multipart(request: Request, room: &Room) -> Result<Fields, Unreadable> {
        let (parts, body) = request.into_parts();
        // The parser takes the body whole; what it leaves is read on through this.
        let body = Arc::new(tokio::sync::Mutex::new(body));
        let shared = body.clone();
        let stream = futures_util::stream::unfold(shared, |body| async {
            let frame = body.lock().await.frame().await?;
            Some((frame.map(|f| f.into_data().unwrap_or_default()), body))
        });
        // The length is checked as it comes in: the stated one may lie.
        let limited = http_body_util::Limited::new(Body::from_stream(stream), MOST_PHOTO + MOST_BYTES);
        let mut request = Request::from_parts(parts, Body::new(limited));
        // The framework's own limit of 2 MB is less than what any telephone makes of a photo.
        DefaultBodyLimit::disable().apply(&mut request);
        let fields = Self::from_parts(request, room).await;
        if fields.is_err() {
            let unread = std::mem::take(&mut *body.lock().await);
            read_on(unread).await;
        }
        fields
    }

    async fn from_parts(request: Request, room: &Room) -> Result<Fields, Unreadable> {
        let broken = |e: &axum::extract::multipart::MultipartError| {
            if e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Unreadable::TooLarge
            } else {
                Unreadable::Broken
            }
        };
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| Unreadable::Broken)?;
        let mut fields = Fields::default();
        let mut left = MOST_BYTES;
        while let Some(mut field) = form.next_field().await.map_err(|e| broken(&e))? {
            let name = field.name().unwrap_or_default().to_owned();
            let photo = name == "photo";
            let most = if photo { MOST_PHOTO } else { left };
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(|e| broken(&e))? {
                if bytes.len() + chunk.len() > most {
                    return Err(Unreadable::TooLarge);
                }
                if photo {
                    fields.take_room(room, chunk.len())?;
                }
                bytes.extend_from_slice(&chunk);
            }
            if photo {
                fields.photo = (!bytes.is_empty()).then_some(bytes);
            } else {
                left -= bytes.len();
                fields.put(name, String::from_utf8(bytes).map_err(|_| Unreadable::Broken)?)?;
            }
        }
        Ok(fields)
    }

    /// Takes room for so many bytes of a photo; whoever finds none is told at once, for those who wait would
    /// hold what they have against each other.
    fn take_room(&mut self, room: &Room, bytes: usize) -> Result<(), Unreadable> {
        let bytes = u32::try_from(bytes).map_err(|_| Unreadable::TooLarge)?;
        let more = room.0.clone().try_acquire_many_owned(bytes).map_err(|_| Unreadable::Crowded)?;
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            None => self.taken = Some(more),
        }
        Ok(())
    }

    /// The text of a field, the first of that name; empty if it is missing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The texts of all fields of a name, in order.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.texts.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All texts with their names, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// Takes the photo out.
    pub(crate) fn take_photo(&mut self) -> Option<Vec<u8>> {
        self.photo.take()
    }
}

/// Reads on and keeps nothing, up to a bound.
async fn read_on(mut body: Body) {
    let mut unread = 0;
    while unread < MOST_UNREAD {
        match body.frame().await {
            Some(Ok(frame)) => unread += frame.data_ref().map_or(0, |data| data.len()),
            Some(Err(_)) | None => return,
        }
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
