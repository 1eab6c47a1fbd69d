//! Lists of records: a query from untrusted input, the SQL it becomes, and the page it gives.
//!
//! A list is two steps in one transaction: the searcher finds the page's ids by lookup columns
//! with explicit predicates, then the rows are read by id under row-level security, which drops
//! anything that should not have been found.

mod filter;
mod keyset;
mod masked;
mod needs;
mod parse;
mod query;
mod run;
mod sort;
mod sql;
mod total;

pub use filter::{Comparison, Condition, FieldRef, Filter, SystemField, Test, operators};
pub use keyset::{KeyValue, Keyset};
pub use masked::Named;
pub(crate) use needs::needs;
pub use query::{Deleted, FieldSelection, ListQuery, MAX_LIMIT};
pub use run::{Ids, Page};
pub use sort::{Direction, SortKey};
pub use total::Total;
pub(crate) use total::total;
