//! Reading requests. Every extractor here refuses with a problem that names what is wrong.

pub mod headers;
pub mod json;
pub mod path;
pub mod query;

pub use headers::{CommandHeaders, ReadHeaders};
pub use json::{CommandBody, Json, NoBody, present};
pub use path::Path;
pub use query::Query;
