//! Who asks: access tokens, the refresh cookie, and the caller of a request.

pub mod caller;
pub mod cookie;
pub mod origin;
mod recent;
pub mod token;
pub mod view_as;

pub use caller::Auth;
pub use recent::{RecentAuth, SessionAuth};
