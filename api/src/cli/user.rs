//! `hindsight user`

use super::database::Running;
use super::{logging, say, serve};
use crate::config::Config;
use crate::password;
use crate::server::{Role, Server};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use commands::identity::{NewMember, SignUp};
use commands::{Caller, Origin};
use domain::ids::OrganizationId;
use domain::instance::InstanceCommand;
use domain::role::Builtin;
use std::collections::BTreeSet;
use store::LogId;
use uuid::Uuid;

/// Make and reset users.
#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a user who founds an organization, or who joins one.
    Create {
        /// Their address for logging in.
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// Name of the organization to found.
        #[arg(long, conflicts_with = "join", required_unless_present = "join")]
        organization: Option<String>,
        /// Id of the organization to join.
        #[arg(long)]
        join: Option<Uuid>,
        /// The role of a joining member.
        #[arg(long, value_enum, default_value_t = Kind::Sales)]
        role: Kind,
        /// Make them administrator of the instance as well.
        #[arg(long)]
        administrator: bool,
    },
    /// Give a user a new password and end their sessions.
    Reset {
        /// Their address for logging in.
        email: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// Does everything.
    Owner,
    /// Does everything but close the organization.
    Admin,
    /// Sees, changes and assigns every record.
    Manager,
    /// Makes records; sees and changes those assigned to them.
    Sales,
    /// Sees and exports every record.
    Analyst,
    /// Sees every record and the audit trail.
    Auditor,
}

impl Kind {
    fn builtin(self) -> Builtin {
        match self {
            Self::Owner => Builtin::Owner,
            Self::Admin => Builtin::Admin,
            Self::Manager => Builtin::Manager,
            Self::Sales => Builtin::Sales,
            Self::Analyst => Builtin::Analyst,
            Self::Auditor => Builtin::Auditor,
        }
    }
}

impl User {
    /// Makes or resets a user; the new password is printed once.
    pub async fn run(self, config: Config) -> anyhow::Result<()> {
        logging::start(config.mode)?;
        let running = Running::join(&config).await?;
        running.migrate().await?;
        let server = serve::start(&config, &running, running.connect().await?, Role::Api).await?;
        self.act(&server).await?;
        server.wind_up().await;
        running.stop().await
    }

    async fn act(self, server: &Server) -> anyhow::Result<()> {
        let app = &server.app;
        let password = password::generate(app.commands.ids());
        let administrator = matches!(self.action, Action::Create { administrator: true, .. });
        let (email, password) = match self.action {
            Action::Reset { email } => {
                let reset = app.identity.reset_password(&Origin::CLI, &email, &password);
                reset.await.with_context(|| format!("cannot reset {email}"))?;
                (email, Some(password))
            }
            Action::Create { email, name, organization: Some(organization), .. } => {
                let input = SignUp {
                    organization,
                    full_name: name,
                    email: email.clone(),
                    password: password.clone(),
                };
                let grant = app.identity.sign_up(&Origin::CLI, input).await?;
                say(&format!("organization  {}", grant.actor.organization))?;
                (email, Some(password))
            }
            Action::Create { email, name, organization: None, join, role, .. } => {
                let organization = OrganizationId(join.context("name an organization")?);
                let known = app.identity.has_account(&email).await?;
                let input = NewMember {
                    email: email.clone(),
                    full_name: name,
                    password: password.clone(),
                    roles: BTreeSet::from([role.builtin().id(organization)]),
                };
                app.identity.add_member(&app.commands, &Origin::CLI, organization, input).await?;
                (email, (!known).then_some(password))
            }
        };
        if administrator {
            let user = app.identity.find_user(&email).await?.context("the user was made")?;
            let request =
                app.commands.request(LogId::PLATFORM, Caller::System, Origin::CLI, "administer");
            let add = vec![InstanceCommand::AddAdministrator(user)];
            app.identity.administer(&request, None, add).await?;
            say("administrator of the instance")?;
        }
        say(&format!("e-mail        {email}"))?;
        match password {
            Some(password) => {
                say(&format!("password      {password}"))?;
                say("The password is shown only once.")?;
            }
            None => say("The address has an account already; its password stays.")?,
        }
        Ok(())
    }
}
