//! The leaf of an event in its log's Merkle tree.
//!
//! **This is storage.** SHA-256 over, in this order:
//!
//! ```text
//! 00                        leaf (RFC 6962, section 2.1)
//! 01                        format of this header
//! log                16 bytes
//! stream             16 bytes
//! version             4 bytes, big-endian
//! recorded_at         8 bytes, microseconds since 1970, big-endian, two's complement
//! schema_version      2 bytes, big-endian
//! type                2 bytes length, big-endian; UTF-8
//! SHA-256 of meta    32 bytes
//! SHA-256 of payload 32 bytes
//! SHA-256 of sealed  32 bytes
//! ```
//!
//! The position is not in it: the tree binds that, and it is not known yet when this is computed.

use crate::port::{LogId, StreamId};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

/// What the leaf says of an event besides its contents.
#[derive(Clone, Copy, Debug)]
pub struct LeafHeader<'a> {
    /// The log.
    pub log: LogId,
    /// The stream.
    pub stream: StreamId,
    /// Place in the stream.
    pub version: u32,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version of the payload's format.
    pub schema_version: u16,
    /// Wire name.
    pub event_type: &'a str,
}

/// Metadata as they are stored, hashed once for all events that share them.
#[derive(Debug)]
pub struct HashedMeta {
    bytes: Vec<u8>,
    hash: [u8; 32],
}

impl HashedMeta {
    /// Hashes these metadata.
    pub fn new(bytes: Vec<u8>) -> Self {
        let hash = Sha256::digest(&bytes).into();
        Self { bytes, hash }
    }

    /// What is stored.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The leaf hash of an event.
pub fn leaf(header: &LeafHeader<'_>, meta: &HashedMeta, payload: &[u8], sealed: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0, 1]);
    hash.update(header.log.0.as_bytes());
    hash.update(header.stream.0.as_bytes());
    hash.update(header.version.to_be_bytes());
    hash.update(header.recorded_at.timestamp_micros().to_be_bytes());
    hash.update(header.schema_version.to_be_bytes());
    // Wire names are a few dozen bytes; one beyond 64 KiB cannot be written down.
    hash.update(u16::try_from(header.event_type.len()).unwrap_or(u16::MAX).to_be_bytes());
    hash.update(header.event_type.as_bytes());
    hash.update(meta.hash);
    hash.update(Sha256::digest(payload));
    hash.update(Sha256::digest(sealed));
    hash.finalize().into()
}
