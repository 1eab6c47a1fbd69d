//! `hindsight doctor`

use super::database::Running;
use super::{say, serve};
use crate::config::{Config, Mode};
use crate::server::{Role, Server};
use std::os::unix::fs::PermissionsExt as _;

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
            tell("mail", Ok(mail(&config)))?;
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

fn mail(config: &Config) -> String {
    if config.mail.has_server() {
        "by the configured server".to_owned()
    } else {
        "into the data folder; HINDSIGHT_SMTP_URL is not set".to_owned()
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
    match running.connect().await {
        Err(error) => findings.push(("database", Err(format!("{error:#}")))),
        Ok(database) => {
            findings.push(("database", Ok("the runtime roles can log in".to_owned())));
            match serve::start(config, &running, database, Role::Api).await {
                Err(error) => findings.push(("server", Err(format!("{error:#}")))),
                Ok(server) => {
                    findings.push(("log", log(&server).await));
                    findings.push(("read models", read_models(&server).await));
                    server.wind_up().await;
                }
            }
        }
    }
    if let Err(error) = running.stop().await {
        findings.push(("database", Err(format!("it did not stop: {error:#}"))));
    }
    findings
}

async fn log(server: &Server) -> Finding {
    let logs = server.app.commands.log().logs(None, 1_000).await;
    let logs = logs.map_err(|error| error.to_string())?;
    let events: u64 = logs.iter().map(|(_, head)| head.position).sum();
    Ok(format!("{events} events in {} logs", logs.len()))
}

async fn read_models(server: &Server) -> Finding {
    let projections = &server.app.projections;
    if !projections.is_ready().await.map_err(|error| error.to_string())? {
        return Err("those of this version are still to be built; start a worker".to_owned());
    }
    match projections.parked().await.map_err(|error| error.to_string())?.as_slice() {
        [] => Ok("everything is applied".to_owned()),
        [first, ..] => Err(format!("a stream is parked at position {}", first.position)),
    }
}
