//! Large values (photos, scans, attachments), sealed in chunks, so that no more than two chunks are in memory.

use crate::person::{PersonKey, synthetic};
use crate::sealed::{Aad, OpenError};
use crate::suite::{Cipher, Mac, NONCE, Suite, TAG};
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// Bytes of plain text in every chunk but the last.
const CHUNK: usize = 64 * 1024;
const SALT: usize = 16;
/// A blob's header is that of a value of the same suite with this bit set.
const BLOB: u8 = 0x20;

/// Why a blob could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// Reading or writing failed.
    #[error("the blob cannot be read or its content not written: {0}")]
    Io(#[from] io::Error),
    /// It is not what was sealed.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// The key of one blob, with everything that its chunks are bound to.
struct Chunks {
    suite: Suite,
    cipher: Cipher,
    nonces: Mac,
    aad: Vec<u8>,
}

impl Chunks {
    fn new(suite: Suite, root: &[u8; 32], aad: Aad<'_>, salt: &[u8; SALT]) -> Chunks {
        let mut aad = aad.encode(suite.header() | BLOB);
        aad.extend_from_slice(salt);
        Chunks {
            suite,
            cipher: Cipher::new(suite, &suite.derive(root, "blob", salt)),
            nonces: Mac::new(suite, suite.derive(root, "blob nonce", salt).as_slice()),
            aad,
        }
    }

    /// Place, salt, number and whether it is the last one: chunks can be neither swapped nor cut off.
    fn aad(&self, number: u64, last: bool) -> Vec<u8> {
        let mut aad = self.aad.clone();
        aad.extend_from_slice(&number.to_be_bytes());
        aad.push(u8::from(last));
        aad
    }

    fn seal(&self, number: u64, last: bool, data: &mut [u8]) -> ([u8; NONCE], [u8; TAG]) {
        let aad = self.aad(number, last);
        let nonce = match self.suite {
            // Forgives a repeated nonce; the number keeps chunks of equal content apart.
            Suite::International => {
                let mut nonce = [0; NONCE];
                nonce[NONCE - 8..].copy_from_slice(&number.to_be_bytes());
                nonce
            }
            Suite::National => synthetic(&self.nonces, &[], &aad, data),
        };
        (nonce, self.cipher.seal(&nonce, &aad, data))
    }

    fn open(&self, number: u64, last: bool, nonce: &[u8; NONCE], data: &mut [u8], tag: &[u8; TAG]) -> bool {
        self.cipher.open(nonce, &self.aad(number, last), data, tag)
    }
}

impl PersonKey {
    /// Seals all of `from` for a place and writes it to `to`; returns how many bytes were sealed. The length is
    /// not hidden. `salt` is sixteen unguessable bytes of the caller's context.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn seal_blob(
        &self,
        mut from: impl Read,
        mut to: impl Write,
        aad: Aad<'_>,
        salt: [u8; SALT],
    ) -> io::Result<u64> {
        let suite = self.suite();
        let chunks = Chunks::new(suite, self.root(), aad, &salt);
        to.write_all(&[suite.header() | BLOB])?;
        to.write_all(&salt)?;
        let (mut total, mut number) = (0, 0);
        let mut data = fill(&mut from, CHUNK)?;
        loop {
            let next = fill(&mut from, CHUNK)?;
            let last = next.is_empty();
            total += data.len() as u64;
            let (nonce, tag) = chunks.seal(number, last, &mut data);
            to.write_all(&nonce)?;
            to.write_all(&data)?;
            to.write_all(&tag)?;
            if last {
                return Ok(total);
            }
            (data, number) = (next, number + 1);
        }
    }

    /// Opens a blob at its place and writes the content to `to`, each chunk after it was checked; returns how
    /// many bytes it has. **On an error, throw away what was written**: a blob that was cut off shows only at
    /// its end.
    ///
    /// # Errors
    /// [`OpenError::Refused`] for another key, another place, a changed bit or a missing end.
    pub fn open_blob(&self, mut from: impl Read, mut to: impl Write, aad: Aad<'_>) -> Result<u64, BlobError> {
        let head = fill(&mut from, 1 + SALT)?;
        let (header, salt) = head
            .split_first()
            .and_then(|(header, salt)| Some((*header, <&[u8; SALT]>::try_from(salt).ok()?)))
            .ok_or(OpenError::Damaged("it is too short for a blob"))?;
        let suite = Suite::of_header(header ^ BLOB).ok_or(OpenError::Damaged("it is not a blob"))?;
        let chunks = Chunks::new(suite, self.root(), aad, salt);
        let (mut total, mut number) = (0, 0);
        let mut sealed = fill(&mut from, NONCE + CHUNK + TAG)?;
        loop {
            let next = fill(&mut from, NONCE + CHUNK + TAG)?;
            let last = next.is_empty();
            let (nonce, rest) =
                sealed.split_first_chunk_mut().ok_or(OpenError::Damaged("its last chunk is cut off"))?;
            let (data, tag) =
                rest.split_last_chunk_mut().ok_or(OpenError::Damaged("its last chunk is cut off"))?;
            if !chunks.open(number, last, nonce, data, tag) {
                return Err(OpenError::Refused.into());
            }
            to.write_all(data)?;
            total += data.len() as u64;
            if last {
                return Ok(total);
            }
            (sealed, number) = (next, number + 1);
        }
    }
}

/// Reads `most` bytes, or all that there are.
fn fill(from: &mut impl Read, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Of full size from the start: growing would leave copies behind.
    let mut data = Zeroizing::new(vec![0; most]);
    let mut have = 0;
    while have < most {
        match from.read(&mut data[have..]) {
            Ok(0) => break,
            Ok(n) => have += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    data.truncate(have);
    Ok(data)
}
