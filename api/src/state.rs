//! What handlers share.

use crate::auth::token::Tokens;
use crate::config::SignUp;
use crate::cursor::Cursors;
use crate::http::ApiResult;
use crate::world::Worlds;
use chrono::{DateTime, Utc};
use commands::Commands;
use commands::access::Access;
use commands::bulk::Bulks;
use commands::identity::{Identity, Throttle};
use commands::import::Imports;
use commands::intents::Intents;
use commands::jobs::Jobs;
use commands::mail::Mails;
use commands::organization::Organizations;
use commands::picklists::Picklists;
use commands::portal::{ClientNames, Portal};
use commands::records::Records;
use commands::views::Views;
use projections::Projections;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Shared by all handlers; cheap to clone.
pub type App = Arc<AppState>;

/// What handlers need to know of the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether browsers reach the server by https.
    pub tls: bool,
    /// Where browsers reach the server, if that is not just the host that they ask for.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Who may sign up, as long as nobody said otherwise.
    pub sign_up: SignUp,
    /// The folder that the development mailbox shows; `None` where mails are real.
    pub mailbox: Option<PathBuf>,
}

/// See the members.
pub struct AppState {
    /// From the configuration.
    pub settings: Settings,
    /// Access tokens.
    pub tokens: Tokens,
    /// List cursors.
    pub cursors: Cursors,
    /// How often one may try to get in.
    pub throttle: Throttle,
    /// Commands of all kinds.
    pub commands: Commands,
    /// Commands on records, and reading one.
    pub records: Records,
    /// One act on many records.
    pub bulks: Bulks,
    /// Commands on pick-lists.
    pub picklists: Picklists,
    /// Saved views.
    pub views: Views,
    /// Settings of organizations.
    pub organizations: Organizations,
    /// Roles and teams.
    pub access: Access,
    /// Users and sessions.
    pub identity: Identity,
    /// Mails, and the tokens that their links carry.
    pub mails: Mails,
    /// Own details of clients.
    pub portal: Portal,
    /// Names of contacts, carried over to their members.
    pub client_names: ClientNames,
    /// What was set out for in the logs, queued as jobs.
    pub intents: Intents,
    /// Long-running work.
    pub jobs: Jobs,
    /// Imports of files.
    pub imports: Imports,
    /// Read models.
    pub projections: Projections,
    /// The present and the past of read models.
    pub worlds: Worlds,
    /// Set when the server is told to stop.
    pub stopping: CancellationToken,
}

impl AppState {
    /// Now, by the clock that events are stamped with.
    pub fn now(&self) -> DateTime<Utc> {
        self.commands.clock().now()
    }

    /// Who may become a user.
    pub async fn sign_up_mode(&self) -> ApiResult<SignUp> {
        Ok(self.identity.sign_up_mode(self.settings.sign_up).await?)
    }
}
