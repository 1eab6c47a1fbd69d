//! Sealing: personal data is encrypted under its subject's key before it reaches the log, and
//! hashes cover the ciphertext. Destroy the key, and the person is gone from every copy of the
//! log, while every proof still holds.
//!
//! **This is storage.** The sealed part of an event is empty, or:
//!
//! ```text
//! 01                       format
//! nn                       number of segments
//! per segment:
//!   subject      16 bytes
//!   group        length byte, UTF-8
//!   nonce        12 bytes, random
//!   length        4 bytes, big-endian
//!   ciphertext   AES-256-GCM with its tag (NIST SP 800-38D)
//! ```
//!
//! The associated data are log, stream, version (4 bytes, big-endian) and group, so that a segment
//! cannot be moved to another place. A subject's key is HMAC-SHA256 of log, subject and a random
//! secret under a key derived from the root secret: neither the database nor the root secret alone
//! opens anything.

mod boxed;
mod keys;
mod leaf;

pub use boxed::SecretBox;
pub use keys::{KeyRing, KeySource, NewKey, SealKey, Secrets};
pub use leaf::{HashedMeta, LeafHeader, leaf};

use crate::port::{LogError, LogId, StreamId};
use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use domain::codec::{Opened, PlainSegment};
use domain::ids::SubjectId;
use uuid::Uuid;

const FORMAT: u8 = 1;
const NONCE: usize = 12;

/// Where in the log a sealed part belongs; bound into it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The log.
    pub log: LogId,
    /// The stream.
    pub stream: StreamId,
    /// The event's version in the stream.
    pub version: u32,
}

impl Place {
    fn associated_data(&self, group: &str) -> Vec<u8> {
        let mut data = Vec::with_capacity(36 + group.len());
        data.extend_from_slice(self.log.0.as_bytes());
        data.extend_from_slice(self.stream.0.as_bytes());
        data.extend_from_slice(&self.version.to_be_bytes());
        data.extend_from_slice(group.as_bytes());
        data
    }
}

/// Seals segments; `key` gives each subject's.
pub fn seal(
    place: Place,
    segments: &[PlainSegment],
    key: impl Fn(SubjectId) -> Option<SealKey>,
) -> Result<Vec<u8>, LogError> {
    if segments.is_empty() {
        return Ok(Vec::new());
    }
    let count =
        u8::try_from(segments.len()).map_err(|_| LogError::Malformed("too many segments"))?;
    let size: usize = segments.iter().map(|s| s.bytes.len() + s.group.len() + 49).sum();
    let mut out = Vec::with_capacity(size + 2);
    out.extend_from_slice(&[FORMAT, count]);
    for segment in segments {
        let key = key(segment.subject).ok_or(LogError::Erased(segment.subject))?;
        #[expect(clippy::disallowed_methods, reason = "a nonce that somebody chose might repeat")]
        let nonce: [u8; NONCE] = rand::random();
        let aad = place.associated_data(segment.group);
        let payload = Payload { msg: &segment.bytes, aad: &aad };
        let ciphertext = cipher(&key)
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| LogError::Malformed("segment too long to seal"))?;
        let group = u8::try_from(segment.group.len())
            .map_err(|_| LogError::Malformed("group name too long"))?;
        let length = u32::try_from(ciphertext.len())
            .map_err(|_| LogError::Malformed("segment too long to seal"))?;
        out.extend_from_slice(segment.subject.0.as_bytes());
        out.push(group);
        out.extend_from_slice(segment.group.as_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&ciphertext);
    }
    Ok(out)
}

/// A segment as stored.
struct Sealed<'a> {
    subject: SubjectId,
    group: &'a str,
    nonce: [u8; NONCE],
    ciphertext: &'a [u8],
}

const DAMAGED: LogError = LogError::Damaged("sealed part");

/// Walks the segments of a sealed part. Ends after the first fault.
struct Segments<'a> {
    bytes: &'a [u8],
    left: u8,
}

impl<'a> Segments<'a> {
    fn of(sealed: &'a [u8]) -> Result<Self, LogError> {
        let mut walk = Self { bytes: sealed, left: 0 };
        if !sealed.is_empty() {
            let header = walk.cut(2)?;
            if header[0] != FORMAT {
                return Err(LogError::Damaged("sealed part of an unknown format"));
            }
            walk.left = header[1];
        }
        Ok(walk)
    }

    fn cut(&mut self, n: usize) -> Result<&'a [u8], LogError> {
        let (head, tail) = self.bytes.split_at_checked(n).ok_or(DAMAGED)?;
        self.bytes = tail;
        Ok(head)
    }

    fn segment(&mut self) -> Result<Sealed<'a>, LogError> {
        let subject = Uuid::from_slice(self.cut(16)?).map_err(|_| DAMAGED)?;
        let length = usize::from(self.cut(1)?[0]);
        let group = std::str::from_utf8(self.cut(length)?).map_err(|_| DAMAGED)?;
        let nonce = self.cut(NONCE)?.try_into().map_err(|_| DAMAGED)?;
        let length = self.cut(4)?.try_into().map_err(|_| DAMAGED)?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| DAMAGED)?;
        let ciphertext = self.cut(length)?;
        Ok(Sealed { subject: SubjectId(subject), group, nonce, ciphertext })
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Sealed<'a>, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.segment()
            }
            None if self.bytes.is_empty() => return None,
            None => Err(DAMAGED),
        };
        if found.is_err() {
            (self.left, self.bytes) = (0, &[]);
        }
        Some(found)
    }
}

/// Adds the subjects whose keys are needed to open a sealed part.
pub fn subjects(sealed: &[u8], into: &mut Vec<SubjectId>) -> Result<(), LogError> {
    for segment in Segments::of(sealed)? {
        into.push(segment?.subject);
    }
    Ok(())
}

/// Opens a sealed part; a subject without a key yields an erased segment.
pub fn open(
    place: Place,
    sealed: &[u8],
    key: impl Fn(SubjectId) -> Option<SealKey>,
) -> Result<Vec<Opened>, LogError> {
    Segments::of(sealed)?
        .map(|segment| {
            let segment = segment?;
            let bytes = match key(segment.subject) {
                None => None,
                Some(key) => {
                    let aad = place.associated_data(segment.group);
                    let payload = Payload { msg: segment.ciphertext, aad: &aad };
                    let opened = cipher(&key).decrypt(&Nonce::from(segment.nonce), payload);
                    Some(opened.map_err(|_| LogError::Damaged("seal does not open"))?)
                }
            };
            Ok(Opened { subject: segment.subject, group: segment.group.to_owned(), bytes })
        })
        .collect()
}

fn cipher(key: &SealKey) -> Aes256Gcm {
    Aes256Gcm::new(&key.0.into())
}

#[cfg(test)]
mod tests;
