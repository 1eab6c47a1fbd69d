//! `hindsight migrate`

use super::database::Running;
use super::logging;
use crate::config::Config;

/// Brings the durable schema up to date and sets the runtime roles' passwords.
pub async fn run(config: Config) -> anyhow::Result<()> {
    logging::start(config.mode)?;
    let database = Running::join(&config).await?;
    database.migrate().await?;
    database.stop().await?;
    super::say("The database is up to date.")?;
    Ok(())
}
