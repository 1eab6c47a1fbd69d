//! What handlers share.

use crate::auth::token::Tokens;
use crate::cursor::Cursors;
use std::sync::Arc;

/// Shared by all handlers; cheap to clone.
pub type App = Arc<AppState>;

/// See the members.
#[derive(Debug)]
pub struct AppState {
    /// Access tokens.
    pub tokens: Tokens,
    /// List cursors.
    pub cursors: Cursors,
}
