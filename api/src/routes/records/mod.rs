//! Generic routes of record types.

pub mod body;
