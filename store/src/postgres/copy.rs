//! Encoder for PostgreSQL's binary COPY format (version 1, "Binary Format" in the reference of
//! COPY): the fastest way in for many rows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Microseconds from 1970 to 2000, where Postgres starts to count.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Rows being encoded. Fields are put in the order of the statement's columns.
#[derive(Debug)]
pub struct CopyBuffer {
    bytes: Vec<u8>,
    columns: i16,
}

impl CopyBuffer {
    /// An empty buffer for rows of so many columns.
    pub fn new(columns: i16) -> Self {
        let mut bytes = Vec::with_capacity(1 << 16);
        bytes.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
        bytes.extend_from_slice(&[0; 8]);
        Self { bytes, columns }
    }

    /// Begins a row.
    pub fn row(&mut self) {
        self.bytes.extend_from_slice(&self.columns.to_be_bytes());
    }

    /// `bytea`, `text`, and whatever else is sent as its bytes. A field of 2 GiB cannot be sent and
    /// is cut; nothing in Hindsight comes near it.
    pub fn bytes(&mut self, value: &[u8]) {
        let length = i32::try_from(value.len()).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(&value[..value.len().min(i32::MAX as usize)]);
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
        self.int8(value.timestamp_micros() - POSTGRES_EPOCH_MICROS);
    }

    /// Whether no row was put yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.len() <= 19
    }

    /// The whole, with the trailer.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&(-1i16).to_be_bytes());
        self.bytes
    }
}
