//! Encoder for PostgreSQL's binary COPY format (version 1, "Binary Format" in the reference of
//! COPY): the fastest way in for many rows.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Microseconds from 1970 to 2000, where Postgres starts to count.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Days from 1970 to 2000.
const POSTGRES_EPOCH_DAYS: i32 = 10_957;

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

    /// `NULL`.
    pub fn null(&mut self) {
        self.bytes.extend_from_slice(&(-1i32).to_be_bytes());
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

    /// `boolean`.
    pub fn boolean(&mut self, value: bool) {
        self.bytes(&[u8::from(value)]);
    }

    /// `timestamptz`.
    pub fn time(&mut self, value: DateTime<Utc>) {
        self.int8(value.timestamp_micros() - POSTGRES_EPOCH_MICROS);
    }

    /// `date`.
    pub fn date(&mut self, value: NaiveDate) {
        use chrono::Datelike as _;
        const DAYS_TO_1970: i32 = 719_163;
        self.int4(value.num_days_from_ce() - DAYS_TO_1970 - POSTGRES_EPOCH_DAYS);
    }

    /// `jsonb`, from its text.
    pub fn jsonb(&mut self, json: &[u8]) {
        let length = i32::try_from(json.len() + 1).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.push(1);
        self.bytes.extend_from_slice(json);
    }

    /// `uuid[]`.
    pub fn uuids(&mut self, values: &[Uuid]) {
        const UUID_OID: u32 = 2950;
        let mut array = Vec::with_capacity(20 + values.len() * 20);
        let dimensions = i32::from(!values.is_empty());
        array.extend_from_slice(&dimensions.to_be_bytes());
        array.extend_from_slice(&0i32.to_be_bytes());
        array.extend_from_slice(&UUID_OID.to_be_bytes());
        if !values.is_empty() {
            let count = i32::try_from(values.len()).unwrap_or(i32::MAX);
            array.extend_from_slice(&count.to_be_bytes());
            array.extend_from_slice(&1i32.to_be_bytes());
            for value in values {
                array.extend_from_slice(&16i32.to_be_bytes());
                array.extend_from_slice(value.as_bytes());
            }
        }
        self.bytes(&array);
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether no row was put yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.len() <= 19
    }

    /// Takes what has been encoded so far, to be sent while more is encoded.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// The whole, with the trailer.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&(-1i16).to_be_bytes());
        self.bytes
    }
}
