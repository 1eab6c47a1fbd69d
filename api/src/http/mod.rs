//! What stands around every handler: problems, request ids, admission, headers, logs, metrics.

pub mod admission;
pub mod boundary;
pub mod events;
pub mod metrics;
pub mod problem;
mod refusals;
pub mod request_id;
pub mod security;

pub use problem::{ApiError, ApiResult, Chosen};
pub use request_id::RequestId;
