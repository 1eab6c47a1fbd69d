//! `hindsight doctor`

use super::database::Running;
use super::say;
use crate::config::{Config, Mode};
use std::os::unix::fs::PermissionsExt as _;
use store::database::PoolSizes;
use store::postgres::PostgresLog;
use store::{Database, EventLog as _};

/// What a check found.
type Finding = Result<String, String>;

/// Checks the configuration and, if it gets that far, the database; fails if anything is wrong.
pub async fn run() -> anyhow::Result<()> {
    let mut wrong = 0;
    let mut tell = |about: &str, finding: Finding| -> std::io::Result<()> {
        match finding {
            Ok(found) => say(&format!("ok   {about}: {found}")),
            Err(found) => {
                wrong += 1;
                say(&format!("BAD  {about}: {found}"))
            }
        }
    };
    match Config::from_env() {
        Err(error) => tell("configuration", Err(error.to_string()))?,
        Ok(config) => {
            tell("configuration", Ok(format!("{:?}", config.mode).to_lowercase()))?;
            tell("secret", secret(&config))?;
            tell("cookies", cookies(&config))?;
            for (about, finding) in database(&config).await {
                tell(about, finding)?;
            }
        }
    }
    if wrong > 0 {
        anyhow::bail!("{wrong} of the checks failed");
    }
    Ok(())
}

fn secret(config: &Config) -> Finding {
    config.root_secret().map_err(|error| error.to_string())?;
    let Ok(kept) = std::fs::metadata(config.secret_file()) else {
        return Ok("from HINDSIGHT_SECRET".to_owned());
    };
    let mode = kept.permissions().mode() & 0o777;
    if mode.trailing_zeros() >= 6 {
        Ok(format!("kept in {}", config.secret_file().display()))
    } else {
        Err(format!("{} can be read by others (mode {mode:o})", config.secret_file().display()))
    }
}

fn cookies(config: &Config) -> Finding {
    match (config.mode, config.tls()) {
        (Mode::Prod, false) => {
            Err("HINDSIGHT_PUBLIC_URL is http: anyone on the way can take over sessions".to_owned())
        }
        (_, true) => Ok("https only".to_owned()),
        (Mode::Dev, false) => Ok("http, for development".to_owned()),
    }
}

/// The checks that need the database; each only if the one before succeeded.
async fn database(config: &Config) -> Vec<(&'static str, Finding)> {
    let running = match Running::join(config).await {
        Ok(running) => running,
        Err(error) => return vec![("database", Err(format!("{error:#}")))],
    };
    let mut findings = Vec::new();
    match Database::connect(&running.admin, &running.root, PoolSizes::default()).await {
        Err(error) => findings.push((
            "database",
            Err(format!("the runtime roles cannot log in ({error}); run hindsight migrate")),
        )),
        Ok(database) => {
            findings.push(("database", Ok("the runtime roles can log in".to_owned())));
            let log = PostgresLog::try_new(database.clone(), &running.root);
            let logs = match &log {
                Ok(log) => log.logs(None, 1_000).await,
                Err(error) => {
                    findings.push(("log", Err(error.to_string())));
                    Ok(Vec::new())
                }
            };
            findings.push(match logs {
                Ok(logs) => {
                    let events: u64 = logs.iter().map(|(_, head)| head.position).sum();
                    ("log", Ok(format!("{events} events in {} logs", logs.len())))
                }
                Err(error) => ("log", Err(error.to_string())),
            });
            database.close().await;
        }
    }
    if let Err(error) = running.stop().await {
        findings.push(("database", Err(format!("it did not stop: {error:#}"))));
    }
    findings
}
