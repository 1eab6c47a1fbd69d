//! Configuration, from the environment alone. See `.env.example`.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use store::RootSecret;

mod mail;
mod place;
mod secret;

pub use domain::instance::SignUpMode as SignUp;
pub use mail::MailConfig;

/// How strict the server is with its configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A developer's machine: what is missing is made up and kept.
    Dev,
    /// For real: what is missing refuses to start.
    Prod,
}

/// Everything the server is told from outside.
#[derive(Clone, Debug)]
pub struct Config {
    /// How strict to be.
    pub mode: Mode,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where files are kept: the generated secret, the embedded database.
    pub data_dir: PathBuf,
    /// Why that is not where it usually is, for the operator.
    pub data_dir_instead: Option<String>,
    /// The owner's connection; `None` starts the embedded Postgres.
    pub database_url: Option<String>,
    /// Who may sign up, as long as nobody said otherwise by `hindsight instance`.
    pub sign_up: SignUp,
    /// Where browsers reach the server, such as `https://crm.example.com`.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Attempts at log-in, sign-up and the like per address and minute.
    pub auth_attempts: u32,
    /// How mails leave.
    pub mail: MailConfig,
    secret: Option<String>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable has a value that it cannot have.
    #[error("{name} must be {expected}, not {found:?}")]
    Variable {
        /// The variable.
        name: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// No secret in prod.
    #[error("HINDSIGHT_SECRET is not set; make one with: openssl rand -hex 32")]
    NoSecret,
    /// A secret that could be guessed.
    #[error("HINDSIGHT_SECRET cannot be used")]
    Weak(#[from] store::secret::WeakSecret),
    /// Mails to a server need more than the server.
    #[error("{0} must be set beside HINDSIGHT_SMTP_URL")]
    NeededForMail(&'static str),
    /// The mail server's address; it holds a password and is not repeated.
    #[error("HINDSIGHT_SMTP_URL {0}")]
    SmtpUrl(#[from] commands::mail::SmtpUrlError),
    /// The generated secret could not be read or kept.
    #[error("the secret's file {0}")]
    SecretFile(PathBuf, #[source] std::io::Error),
}

impl Config {
    /// Reads the process's environment. Where no folder for data is named, the private Postgres
    /// decides: as root it may not be able to enter the usual one.
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut variables: HashMap<String, String> = std::env::vars().collect();
        let mut instead = None;
        if ["DATABASE_URL", "HINDSIGHT_DATA_DIR"].iter().all(|n| set(&variables, n).is_none()) {
            let place = place::choose();
            instead = place.instead;
            variables.insert("HINDSIGHT_DATA_DIR".to_owned(), place.folder.to_owned());
        }
        Ok(Self { data_dir_instead: instead, ..Self::from_variables(&variables)? })
    }

    /// Reads variables; an empty one counts as not set.
    pub fn from_variables(variables: &HashMap<String, String>) -> Result<Self, ConfigError> {
        let get = |name: &str| set(variables, name).cloned();
        let mode = match get("HINDSIGHT_ENV").as_deref() {
            None | Some("dev") => Mode::Dev,
            Some("prod") => Mode::Prod,
            Some(other) => return Err(wrong("HINDSIGHT_ENV", "dev or prod", other)),
        };
        let sign_up = match get("HINDSIGHT_SIGNUP").as_deref() {
            // What strangers can reach lets no strangers in, unless somebody said so.
            None if mode == Mode::Prod => SignUp::InviteOnly,
            None => SignUp::Open,
            Some(name) => SignUp::parse(&name.replace('-', "_"))
                .ok_or_else(|| wrong("HINDSIGHT_SIGNUP", "open, invite-only or closed", name))?,
        };
        let listen = match get("HINDSIGHT_LISTEN") {
            None => SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            Some(text) => text.parse().map_err(|_| {
                wrong("HINDSIGHT_LISTEN", "an address and port such as 127.0.0.1:8080", &text)
            })?,
        };
        let public_url = get("HINDSIGHT_PUBLIC_URL")
            .map(|url| {
                public_url(&url).ok_or_else(|| {
                    wrong(
                        "HINDSIGHT_PUBLIC_URL",
                        "an address such as https://crm.example.com",
                        &url,
                    )
                })
            })
            .transpose()?;
        let trusted_proxies = get("HINDSIGHT_TRUSTED_PROXIES")
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(|text| {
                text.parse()
                    .map_err(|_| wrong("HINDSIGHT_TRUSTED_PROXIES", "a list of addresses", text))
            })
            .collect::<Result<_, _>>()?;
        let auth_attempts = match get("HINDSIGHT_AUTH_ATTEMPTS") {
            None => 30,
            Some(text) => text
                .parse()
                .map_err(|_| wrong("HINDSIGHT_AUTH_ATTEMPTS", "a number per minute", &text))?,
        };
        let data_dir =
            PathBuf::from(get("HINDSIGHT_DATA_DIR").unwrap_or_else(|| place::HERE.to_owned()));
        let mail = MailConfig::read(get, public_url.as_deref(), listen, &data_dir)?;
        Ok(Self {
            mode,
            listen,
            mail,
            data_dir,
            data_dir_instead: None,
            database_url: get("DATABASE_URL"),
            sign_up,
            public_url,
            trusted_proxies,
            auth_attempts,
            secret: get("HINDSIGHT_SECRET"),
        })
    }

    /// The root secret. In dev one is made on first start and kept; in prod a missing or weak one
    /// is refused.
    pub fn root_secret(&self) -> Result<RootSecret, ConfigError> {
        match (&self.secret, self.mode) {
            (Some(secret), _) => Ok(RootSecret::try_new(secret.trim().as_bytes())?),
            (None, Mode::Prod) => Err(ConfigError::NoSecret),
            (None, Mode::Dev) => {
                let path = self.secret_file();
                let secret = secret::read_or_make(&path)
                    .map_err(|error| ConfigError::SecretFile(path, error))?;
                Ok(RootSecret::try_new(secret.as_bytes())?)
            }
        }
    }

    /// Where the generated secret is kept.
    pub fn secret_file(&self) -> PathBuf {
        Path::new(&self.data_dir).join("secret")
    }

    /// Whether browsers reach the server by https. In prod that is taken for granted unless the
    /// public address says otherwise.
    pub fn tls(&self) -> bool {
        match &self.public_url {
            Some(url) => url.starts_with("https://"),
            None => self.mode == Mode::Prod,
        }
    }
}

/// A variable that has a value.
fn set<'a>(variables: &'a HashMap<String, String>, name: &str) -> Option<&'a String> {
    variables.get(name).filter(|value| !value.trim().is_empty())
}

fn wrong(name: &'static str, expected: &'static str, found: &str) -> ConfigError {
    ConfigError::Variable { name, expected, found: found.to_owned() }
}

/// An origin: scheme, host and perhaps a port, in lower case, without a path.
fn public_url(url: &str) -> Option<String> {
    let url = url.trim().trim_end_matches('/').to_ascii_lowercase();
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let plain = !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    plain.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::from_variables(&variables)
    }

    #[test]
    fn nothing_set_is_a_developers_machine() {
        let config = read(&[]).expect("has defaults");
        assert_eq!(config.mode, Mode::Dev);
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert!(!config.tls());
    }

    #[test]
    fn strangers_sign_up_on_a_developers_machine_alone_unless_told_otherwise() {
        let sign_up = |variables: &[_]| read(variables).expect("reads").sign_up;
        let prod = ("HINDSIGHT_ENV", "prod");
        assert_eq!(sign_up(&[]), SignUp::Open);
        assert_eq!(sign_up(&[prod]), SignUp::InviteOnly);
        assert_eq!(sign_up(&[prod, ("HINDSIGHT_SIGNUP", "open")]), SignUp::Open);
        assert_eq!(sign_up(&[("HINDSIGHT_SIGNUP", "invite-only")]), SignUp::InviteOnly);
    }

    #[test]
    fn prod_without_a_good_secret_refuses() {
        let config = read(&[("HINDSIGHT_ENV", "prod")]).expect("reads");
        assert!(matches!(config.root_secret(), Err(ConfigError::NoSecret)));
        for weak in ["short", &"a".repeat(64), "                                        "] {
            let config =
                read(&[("HINDSIGHT_ENV", "prod"), ("HINDSIGHT_SECRET", weak)]).expect("reads");
            assert!(config.root_secret().is_err(), "{weak}");
        }
    }

    #[test]
    fn a_developers_secret_is_made_once_and_kept_to_its_owner() {
        let folder = std::env::temp_dir().join(format!("hindsight-{}", uuid::Uuid::now_v7()));
        let config =
            read(&[("HINDSIGHT_DATA_DIR", folder.to_str().expect("a path"))]).expect("reads");
        let first = config.root_secret().expect("makes one").derive("test");
        assert_eq!(config.root_secret().expect("keeps it").derive("test"), first);
        let mode = std::fs::metadata(config.secret_file()).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_dir_all(folder).expect("tidies up");
    }

    #[test]
    fn mails_go_to_a_folder_unless_a_server_is_named() {
        let config = read(&[]).expect("has defaults");
        assert!(!config.mail.has_server());
        assert!(config.mail.mailbox(Mode::Dev).is_some_and(|folder| folder.ends_with("mail")));
        assert_eq!(config.mail.mailbox(Mode::Prod), None);
        let url = config.mail.settings().expect("can be sent").public_url;
        assert_eq!(url, "http://127.0.0.1:8080");

        let server = [
            ("HINDSIGHT_SMTP_URL", "smtp://crm:geheim@mail.example.com:587"),
            ("HINDSIGHT_MAIL_FROM", "Hindsight <crm@example.com>"),
            ("HINDSIGHT_PUBLIC_URL", "https://crm.example.com"),
        ];
        let config = read(&server).expect("is complete");
        assert_eq!(config.mail.mailbox(Mode::Dev), None);
        assert!(!format!("{config:?}").contains("geheim"));
        for missing in 1..3 {
            let mut incomplete = server.to_vec();
            let (name, _) = incomplete.remove(missing);
            let error = read(&incomplete).expect_err("is refused").to_string();
            assert!(error.contains(name), "{error}");
        }
        let mut wrong = server.to_vec();
        wrong[0].1 = "crm:geheim@mail.example.com";
        let error = read(&wrong).expect_err("is refused").to_string();
        assert!(error.contains("HINDSIGHT_SMTP_URL") && !error.contains("geheim"), "{error}");
    }

    #[test]
    fn nonsense_is_named() {
        for (name, value) in [
            ("HINDSIGHT_ENV", "test"),
            ("HINDSIGHT_LISTEN", "8080"),
            ("HINDSIGHT_SIGNUP", "maybe"),
            ("HINDSIGHT_PUBLIC_URL", "crm.example.com"),
            ("HINDSIGHT_TRUSTED_PROXIES", "10.0.0.0/8"),
            ("HINDSIGHT_MAIL_FROM", "crm"),
            ("HINDSIGHT_MAIL_KEPT", "0"),
        ] {
            let error = read(&[(name, value)]).expect_err("is refused").to_string();
            assert!(error.contains(name) && error.contains(value), "{error}");
        }
    }
}
