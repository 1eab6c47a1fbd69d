//! `hindsight instance`

use super::database::Running;
use super::{logging, say, serve};
use crate::config::{Config, SignUp};
use crate::server::{Role, Server};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use commands::{Caller, Origin};
use domain::ids::OrganizationId;
use domain::instance::InstanceCommand;
use store::LogId;
use uuid::Uuid;

/// Decide what holds for all organizations together.
#[derive(Debug, Args)]
pub struct Instance {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say who may sign up.
    SignUp {
        /// Who.
        #[arg(value_enum)]
        mode: Mode,
    },
    /// Let only administrators of the instance enter, or everybody again.
    Maintenance {
        /// Which.
        #[arg(value_enum)]
        state: Switch,
    },
    /// Make a user administrator of the instance.
    Administrator {
        /// Their address for logging in.
        email: String,
        /// Let them be it no longer.
        #[arg(long)]
        revoke: bool,
    },
    /// Open a closed organization again.
    Reopen {
        /// Its id.
        organization: Uuid,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    /// Anyone, founding an organization.
    Open,
    /// Whoever was invited.
    InviteOnly,
    /// Nobody.
    Closed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Switch {
    /// Begin.
    On,
    /// End.
    Off,
}

impl Instance {
    /// Decides, and says what holds since.
    pub async fn run(self, config: Config) -> anyhow::Result<()> {
        logging::start(config.mode)?;
        let running = Running::join(&config).await?;
        running.migrate().await?;
        let server = serve::start(&config, &running, running.connect().await?, Role::Api).await?;
        let acted = self.act(&server).await;
        server.wind_up().await;
        running.stop().await?;
        acted
    }

    async fn act(self, server: &Server) -> anyhow::Result<()> {
        let app = &server.app;
        let request = |log, kind| app.commands.request(log, Caller::System, Origin::CLI, kind);
        let command = match self.action {
            Action::SignUp { mode } => InstanceCommand::SetSignUp(match mode {
                Mode::Open => SignUp::Open,
                Mode::InviteOnly => SignUp::InviteOnly,
                Mode::Closed => SignUp::Closed,
            }),
            Action::Maintenance { state } => {
                InstanceCommand::SetMaintenance(matches!(state, Switch::On))
            }
            Action::Administrator { email, revoke } => {
                let user = app.identity.find_user(&email).await?;
                let user = user.with_context(|| format!("{email} has no account"))?;
                if revoke {
                    InstanceCommand::RemoveAdministrator(user)
                } else {
                    InstanceCommand::AddAdministrator(user)
                }
            }
            Action::Reopen { organization } => {
                let log = OrganizationId(organization).into();
                let done = app.organizations.reopen(&request(log, "reopen")).await;
                done.with_context(|| format!("cannot reopen {organization}"))?;
                say("The organization is open.")?;
                return Ok(());
            }
        };
        let request = request(LogId::PLATFORM, "administer");
        let instance = app.identity.administer(&request, None, vec![command]).await?;
        let state = &instance.state;
        let sign_up = state.sign_up.unwrap_or(app.settings.sign_up);
        say(&format!("sign-up         {}", sign_up.as_str()))?;
        say(&format!("maintenance     {}", if state.maintenance { "on" } else { "off" }))?;
        say(&format!("administrators  {}", state.administrators.len()))?;
        Ok(())
    }
}
