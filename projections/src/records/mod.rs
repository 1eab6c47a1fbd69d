//! The read model of a record type: one row per record, a real column per catalogue field, beside
//! it what lists sort and search by, and the number of records per pick-list value.
//!
//! The counts are here, not in a read model of their own, because only this one knows a record's
//! values when it is deleted or restored; so they always agree with the rows beside them.

mod fold;
mod layout;
mod model;
mod past;
mod queries;
mod row;
mod write;

pub(crate) use layout::{FieldColumns, KeyForm, Layout, SEARCH_TEXT, SEARCH_TEXT_SAMPLE, key_form};
pub(crate) use model::RecordTable;
pub use queries::match_key;
pub use row::RecordRow;
