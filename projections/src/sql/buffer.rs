//! Rows column by column, in Postgres's binary form. An element of a binary array and a field of
//! a binary COPY are the same bytes (length, then value), so one encoding serves both.

use super::table::{Column, ColumnType};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::encode::{Encode, IsNull};
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, Postgres};
use store::postgres::copy::{self, CopyBuffer};
use uuid::Uuid;

/// The values of one column.
#[derive(Debug)]
struct Cells {
    ty: ColumnType,
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`.
    ends: Vec<usize>,
    nulls: bool,
}

impl Cells {
    fn cell(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
    }

    fn put(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        copy::put(&mut self.bytes, write);
        self.ends.push(self.bytes.len());
    }

    fn put_null(&mut self) {
        self.nulls = true;
        copy::put_null(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }
}

/// Rows to be written to a table, filled cell by cell in the order of its columns.
#[derive(Debug)]
pub(crate) struct Rows {
    columns: Vec<Cells>,
    next: usize,
    len: usize,
}

impl Rows {
    /// No rows yet.
    pub(crate) fn new(columns: &[Column]) -> Self {
        let columns = columns
            .iter()
            .map(|c| Cells { ty: c.ty, bytes: Vec::new(), ends: Vec::new(), nulls: false })
            .collect();
        Self { columns, next: 0, len: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn column(&mut self, ty: ColumnType) -> &mut Cells {
        let at = self.next;
        self.next += 1;
        if self.next == self.columns.len() {
            self.next = 0;
            self.len += 1;
        }
        let cells = &mut self.columns[at];
        debug_assert!(cells.ty == ty, "column {at} is {:?}, not {ty:?}", cells.ty);
        cells
    }

    fn value<T>(&mut self, ty: ColumnType, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
        let cells = self.column(ty);
        match value {
            Some(value) => cells.put(|bytes| write(bytes, value)),
            None => cells.put_null(),
        }
    }

    pub(crate) fn uuid(&mut self, value: Option<Uuid>) {
        self.value(ColumnType::Uuid, value, |b, v| b.extend_from_slice(v.as_bytes()));
    }

    pub(crate) fn text(&mut self, value: Option<&str>) {
        self.value(ColumnType::Text, value, |b, v| b.extend_from_slice(v.as_bytes()));
    }

    pub(crate) fn bigint(&mut self, value: Option<i64>) {
        self.value(ColumnType::Bigint, value, |b, v| b.extend_from_slice(&v.to_be_bytes()));
    }

    pub(crate) fn integer(&mut self, value: Option<i32>) {
        self.value(ColumnType::Integer, value, |b, v| b.extend_from_slice(&v.to_be_bytes()));
    }

    pub(crate) fn boolean(&mut self, value: Option<bool>) {
        self.value(ColumnType::Boolean, value, |b, v| b.push(u8::from(v)));
    }

    pub(crate) fn date(&mut self, value: Option<NaiveDate>) {
        self.value(ColumnType::Date, value, |b, v| b.extend_from_slice(&copy::date(v)));
    }

    pub(crate) fn timestamp(&mut self, value: Option<DateTime<Utc>>) {
        self.value(ColumnType::Timestamp, value, |b, v| b.extend_from_slice(&copy::timestamp(v)));
    }

    /// A JSON document; the leading byte is the version of its binary form.
    pub(crate) fn jsonb(&mut self, value: Option<&[u8]>) {
        self.value(ColumnType::Jsonb, value, |b, v| {
            b.push(1);
            b.extend_from_slice(v);
        });
    }

    pub(crate) fn uuids(&mut self, value: Option<&[Uuid]>) {
        self.value(ColumnType::UuidArray, value, |b, ids| {
            let oid = ColumnType::Uuid.unnest_oids().0;
            array_header(b, ids.len(), false, oid);
            for id in ids {
                copy::put(b, |b| b.extend_from_slice(id.as_bytes()));
            }
        });
    }

    /// The whole for a binary COPY.
    pub(crate) fn into_copy(self) -> CopyBuffer {
        let size: usize = self.columns.iter().map(|c| c.bytes.len()).sum();
        let width = i16::try_from(self.columns.len()).unwrap_or(i16::MAX);
        let mut rows = CopyBuffer::with_capacity(width, size + self.len * 2);
        for row in 0..self.len {
            rows.row();
            for column in &self.columns {
                rows.encoded(column.cell(row));
            }
        }
        rows
    }

    /// One array per column, to be bound for `UNNEST`.
    pub(crate) fn into_arrays(self) -> Vec<Array> {
        self.columns
            .into_iter()
            .map(|cells| {
                let (element, array) = cells.ty.unnest_oids();
                let mut bytes = Vec::with_capacity(cells.bytes.len() + 20);
                array_header(&mut bytes, cells.ends.len(), cells.nulls, element);
                if cells.ty == ColumnType::UuidArray {
                    for row in 0..cells.ends.len() {
                        array_as_text(cells.cell(row), &mut bytes);
                    }
                } else {
                    bytes.extend_from_slice(&cells.bytes);
                }
                Array { oid: Oid(array), bytes }
            })
            .collect()
    }
}

/// Dimensions, whether there are nulls, element type, length, lower bound.
fn array_header(out: &mut Vec<u8>, length: usize, nulls: bool, element: u32) {
    out.extend_from_slice(&i32::from(length > 0).to_be_bytes());
    out.extend_from_slice(&i32::from(nulls).to_be_bytes());
    out.extend_from_slice(&element.to_be_bytes());
    if length > 0 {
        out.extend_from_slice(&copy::length(length));
        out.extend_from_slice(&1_i32.to_be_bytes());
    }
}

/// Turns a cell that holds a binary `uuid[]` into one that holds its text form.
fn array_as_text(cell: &[u8], out: &mut Vec<u8>) {
    const HEADER: usize = 4 + 20;
    let (length, _) = cell.split_at(4);
    if length == (-1_i32).to_be_bytes() {
        out.extend_from_slice(length);
        return;
    }
    let mut text = String::from("{");
    for element in cell.get(HEADER..).unwrap_or_default().chunks_exact(20) {
        if text.len() > 1 {
            text.push(',');
        }
        if let Ok(id) = Uuid::from_slice(&element[4..]) {
            text.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        }
    }
    text.push('}');
    out.extend_from_slice(&copy::length(text.len()));
    out.extend_from_slice(text.as_bytes());
}

/// A column's values as one array parameter, encoded already.
#[derive(Debug)]
pub(crate) struct Array {
    oid: Oid,
    bytes: Vec<u8>,
}

impl sqlx::Type<Postgres> for Array {
    fn type_info() -> PgTypeInfo {
        // Never used: every value says itself what it is.
        PgTypeInfo::with_oid(Oid(1009))
    }
}

impl Encode<'_, Postgres> for Array {
    fn encode_by_ref(
        &self,
        buf: &mut PgArgumentBuffer,
    ) -> Result<IsNull, sqlx::error::BoxDynError> {
        buf.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(self.oid))
    }

    fn size_hint(&self) -> usize {
        self.bytes.len()
    }
}
