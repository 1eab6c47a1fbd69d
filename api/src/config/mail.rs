//! How mails leave, and from whom they are.

use super::{ConfigError, Mode, wrong};
use commands::mail::{Folder, MailSettings, Mailbox, Smtp};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// For how long an outcome that the log does not take is kept in hand.
const RECORD_FOR: Duration = Duration::from_mins(2);

/// How mails leave.
#[derive(Clone)]
pub struct MailConfig {
    /// The server's address, which holds a password; `None` writes mails to a folder.
    smtp: Option<String>,
    from: Mailbox,
    public_url: String,
    folder: PathBuf,
    kept: Option<NonZeroUsize>,
}

impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.smtp.is_some() { "smtp" } else { "folder" };
        write!(f, "MailConfig({way}, from {})", self.from)
    }
}

impl MailConfig {
    pub(super) fn read(
        get: impl Fn(&str) -> Option<String>,
        public_url: Option<&str>,
        listen: SocketAddr,
        data_dir: &Path,
    ) -> Result<Self, ConfigError> {
        const EXPECTED: &str = "an address such as Hindsight <crm@example.com>";
        let smtp = get("HINDSIGHT_SMTP_URL");
        let from = get("HINDSIGHT_MAIL_FROM");
        if smtp.is_some() && from.is_none() {
            return Err(ConfigError::NeededForMail("HINDSIGHT_MAIL_FROM"));
        }
        // Links follow from a setting and never from what a request says the host is.
        let public_url = match public_url {
            Some(url) => url.to_owned(),
            None if smtp.is_some() => {
                return Err(ConfigError::NeededForMail("HINDSIGHT_PUBLIC_URL"));
            }
            None => format!("http://{}", reachable(listen)),
        };
        let from = from.unwrap_or_else(|| "Hindsight <hindsight@localhost>".to_owned());
        let from = from.parse().map_err(|_| wrong("HINDSIGHT_MAIL_FROM", EXPECTED, &from))?;
        let kept = get("HINDSIGHT_MAIL_KEPT").map(|text| {
            text.parse()
                .map_err(|_| wrong("HINDSIGHT_MAIL_KEPT", "a number of mails from 1", &text))
        });
        let kept = kept.transpose()?;
        let config = Self { smtp, from, public_url, folder: data_dir.join("mail"), kept };
        // A wrong address is told now, not when the first mail is due.
        config.server()?;
        Ok(config)
    }

    fn server(&self) -> Result<Option<Smtp>, ConfigError> {
        let Some(url) = &self.smtp else { return Ok(None) };
        let host = self.public_url.split("://").nth(1).unwrap_or_default();
        let hello = host.rsplit_once(':').map_or(host, |(host, _)| host);
        Ok(Some(Smtp::try_new(url, hello)?))
    }

    /// The folder in the place of a server.
    fn folder(&self) -> Folder {
        let folder = Folder::new(self.folder.clone());
        match self.kept {
            Some(kept) => folder.keeping(kept),
            None => folder,
        }
    }

    /// What sends mails.
    pub fn settings(&self) -> Result<MailSettings, ConfigError> {
        Ok(MailSettings {
            from: self.from.clone(),
            public_url: self.public_url.clone(),
            transport: match self.server()? {
                Some(server) => Arc::new(server),
                None => Arc::new(self.folder()),
            },
            record_for: RECORD_FOR,
        })
    }

    /// Whether mails go to a server.
    pub fn has_server(&self) -> bool {
        self.smtp.is_some()
    }

    /// The folder that the development mailbox shows. There is none where mails are real: in prod,
    /// and wherever they go to a server.
    pub fn mailbox(&self, mode: Mode) -> Option<PathBuf> {
        (mode == Mode::Dev && !self.has_server()).then(|| self.folder.clone())
    }
}

/// An address that a browser on this machine reaches.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = listen.ip();
    let ip = if ip.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { ip };
    SocketAddr::new(ip, listen.port())
}
