//! The routes, one endpoint per file.

pub mod health;
pub mod records;
