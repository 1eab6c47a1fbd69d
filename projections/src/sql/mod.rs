//! Tables of read models, described once: the description gives `CREATE TABLE`, `COPY`, `UNNEST`
//! and the grants. All names are ours (from code and catalogues), never from input.

mod buffer;
mod schema;
mod table;
mod write;

pub(crate) use buffer::Rows;
pub(crate) use schema::{Storage, create, drop_schema, secure};
pub(crate) use table::{Access, Column, ColumnType, Index, Need, Table};
pub(crate) use write::{copy_in, upsert};

/// An identifier in SQL. Names that could be keywords are common among fields (`state`, `user`).
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
