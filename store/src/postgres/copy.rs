//! PostgreSQL's binary form of values, and its binary COPY (version 1, "Binary Format" in the
//! reference of COPY): the fastest way in for many rows.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Days and microseconds from 1970-01-01, which chrono counts from, to 2000-01-01, which Postgres
/// counts from.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Signature, flags, length of the extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// A length as the protocol has it. Nothing in Hindsight comes near 2 GiB, and a length beyond
/// would be refused by Postgres as malformed.
pub fn length(length: usize) -> [u8; 4] {
    i32::try_from(length).unwrap_or(i32::MAX).to_be_bytes()
}

/// Adds a value, with its length before it: a field of a COPY as well as an element of an array.
pub fn put(bytes: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    write(bytes);
    let length = length(bytes.len() - start - 4);
    bytes[start..start + 4].copy_from_slice(&length);
}

/// Adds a `NULL`.
pub fn put_null(bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&(-1_i32).to_be_bytes());
}

/// The bytes of a `timestamptz`.
pub fn timestamp(value: DateTime<Utc>) -> [u8; 8] {
    (value.timestamp_micros() - EPOCH_MICROS).to_be_bytes()
}

/// The bytes of a `date`.
pub fn date(value: NaiveDate) -> [u8; 4] {
    (value.to_epoch_days() - EPOCH_DAYS).to_be_bytes()
}

/// Rows being encoded. Fields are put in the order of the statement's columns.
#[derive(Debug)]
pub struct CopyBuffer {
    bytes: Vec<u8>,
    columns: i16,
}

impl CopyBuffer {
    /// An empty buffer for rows of so many columns.
    pub fn new(columns: i16) -> Self {
        Self::with_capacity(columns, 1 << 16)
    }

    /// An empty buffer with room for so many bytes.
    pub fn with_capacity(columns: i16, bytes: usize) -> Self {
        let mut buffer = Vec::with_capacity(bytes + HEADER.len() + TRAILER.len());
        buffer.extend_from_slice(HEADER);
        Self { bytes: buffer, columns }
    }

    /// Begins a row.
    pub fn row(&mut self) {
        self.bytes.extend_from_slice(&self.columns.to_be_bytes());
    }

    /// A field that [`put`] or [`put_null`] has encoded.
    pub fn encoded(&mut self, field: &[u8]) {
        self.bytes.extend_from_slice(field);
    }

    /// `bytea`, `text`, and whatever else is sent as its bytes.
    pub fn bytes(&mut self, value: &[u8]) {
        put(&mut self.bytes, |bytes| bytes.extend_from_slice(value));
    }

    /// `text`.
    pub fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    /// `uuid`.
    pub fn uuid(&mut self, value: Uuid) {
        self.bytes(value.as_bytes());
    }

    /// `smallint`.
    pub fn int2(&mut self, value: i16) {
        self.bytes(&value.to_be_bytes());
    }

    /// `integer`.
    pub fn int4(&mut self, value: i32) {
        self.bytes(&value.to_be_bytes());
    }

    /// `bigint`.
    pub fn int8(&mut self, value: i64) {
        self.bytes(&value.to_be_bytes());
    }

    /// `timestamptz`.
    pub fn time(&mut self, value: DateTime<Utc>) {
        self.bytes(&timestamp(value));
    }

    /// Runs `statement`, a `COPY … FROM STDIN BINARY`, with the rows. Returns how many there were.
    /// Without rows it does nothing.
    pub async fn send(
        mut self,
        connection: &mut PgConnection,
        statement: &str,
    ) -> Result<u64, sqlx::Error> {
        if self.bytes.len() <= HEADER.len() {
            return Ok(0);
        }
        self.bytes.extend_from_slice(&TRAILER);
        let mut copy = connection.copy_in_raw(statement).await?;
        // A COPY that is neither finished nor aborted leaves the connection unusable.
        if let Err(error) = copy.send(self.bytes).await {
            copy.abort("the rows could not be sent").await?;
            return Err(error);
        }
        copy.finish().await
    }
}
