//! The database of a command: the operator's, or a private one that starts and stops with us.

use super::say;
use crate::config::Config;
use anyhow::Context as _;
use sqlx::postgres::PgConnectOptions;
use store::database::{self, PoolSizes};
use store::embedded::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres};
use store::{Database, RootSecret};

/// A running database and how to connect to it as its owner.
pub struct Running {
    /// As the owner.
    pub admin: PgConnectOptions,
    /// The secret that the roles' passwords follow from.
    pub root: RootSecret,
    embedded: Option<EmbeddedPostgres>,
}

impl Running {
    /// Finds or starts the database, or joins the process that runs the private one: for commands
    /// beside a server.
    pub async fn join(config: &Config) -> anyhow::Result<Self> {
        match Self::start(config).await {
            Err(error) => match error.downcast_ref() {
                Some(EmbeddedError::AlreadyRunning(folder)) => Ok(Self {
                    admin: EmbeddedPostgres::options_of_another(folder),
                    root: config.root_secret()?,
                    embedded: None,
                }),
                Some(_) | None => Err(error),
            },
            started => started,
        }
    }

    /// Finds or starts the database.
    pub async fn start(config: &Config) -> anyhow::Result<Self> {
        let root = config.root_secret()?;
        if let Some(url) = &config.database_url {
            let admin = url.parse().context("DATABASE_URL is not a Postgres address")?;
            return Ok(Self { admin, root, embedded: None });
        }
        if let Some(instead) = &config.data_dir_instead {
            say(instead)?;
        }
        let options = EmbeddedOptions::durable(&config.data_dir);
        let embedded = EmbeddedPostgres::start(&options).await?;
        Ok(Self { admin: embedded.connect_options(), root, embedded: Some(embedded) })
    }

    /// Brings the durable schema up to date.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        database::migrate(&self.admin, &self.root).await.context("cannot migrate the database")
    }

    /// Connects as the runtime roles.
    pub async fn connect(&self) -> anyhow::Result<Database> {
        Database::connect(&self.admin, &self.root, PoolSizes::default())
            .await
            .context("cannot connect as the runtime roles (has `hindsight migrate` been run?)")
    }

    /// Stops the private database, if there is one.
    pub async fn stop(self) -> anyhow::Result<()> {
        if let Some(embedded) = self.embedded {
            embedded.stop().await?;
        }
        Ok(())
    }
}
