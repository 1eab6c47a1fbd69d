//! To a mail server, by SMTP.

use super::{SendError, Transport};
use async_trait::async_trait;
use domain::mail::FailureReason;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::error::Error;
use std::io;
use std::time::Duration;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a server may take to a mail as a whole. Far less than the lease on a mail, after which
/// another process sends it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why an address of a mail server cannot be used. Does not repeat it: it holds a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be like smtp://user:password@host:587 or smtps://user:password@host")]
pub struct SmtpUrlError;

/// A mail server.
pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    patience: Duration,
}

impl Smtp {
    /// The server of an address like `smtp://user:password@host:587` (STARTTLS) or
    /// `smtps://user:password@host` (TLS from the start). Without TLS only where `?tls=none` says
    /// so, or on this very machine. `hello` is the name that we introduce ourselves by.
    pub fn try_new(url: &str, hello: &str) -> Result<Self, SmtpUrlError> {
        let url = with_tls(url).ok_or(SmtpUrlError)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url);
        let builder = builder.map_err(|_| SmtpUrlError)?;
        let hello = ClientId::Domain(hello.to_owned());
        let server = builder.timeout(Some(CONNECT)).hello_name(hello).build();
        Ok(Self { server, patience: PATIENCE })
    }

    /// The same with another patience for a mail as a whole.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}

/// The address with a word on TLS, as lettre understands it.
fn with_tls(url: &str) -> Option<String> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let (server, query) = rest.split_once('?').unwrap_or((rest, ""));
    let server = server.trim_end_matches('/');
    let host = server.rsplit_once('@').map_or(server, |(_, host)| host);
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => host.split(':').next()?,
    };
    if name.is_empty() {
        return None;
    }
    let here = name == "localhost"
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    match (scheme, query) {
        ("smtps", "") => Some(format!("smtps://{server}")),
        ("smtp", "tls=none") => Some(format!("smtp://{server}")),
        ("smtp", "") if here => Some(format!("smtp://{server}")),
        ("smtp", "" | "tls=required") => Some(format!("smtp://{server}?tls=required")),
        _ => None,
    }
}

#[async_trait]
impl Transport for Smtp {
    async fn send(&self, message: &lettre::Message) -> Result<u16, SendError> {
        // The library's own timeout is about connecting only.
        match tokio::time::timeout(self.patience, self.server.send(message.clone())).await {
            Ok(Ok(response)) => Ok(response.code().into()),
            Ok(Err(error)) => Err(classify(&error)),
            Err(_) => {
                let reason = FailureReason::Unreachable;
                Err(SendError { permanent: false, reason, code: None })
            }
        }
    }
}

fn classify(error: &lettre::transport::smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    let reason = if code.is_some() {
        FailureReason::Refused
    } else if error.is_tls() || is_tls(error) {
        FailureReason::Tls
    } else {
        FailureReason::Unreachable
    };
    // Only where no server has spoken: servers like to repeat addresses.
    if code.is_none() && !error.is_response() {
        tracing::warn!(error = error as &dyn Error, "mail server");
    }
    SendError { permanent: code.is_some_and(is_permanent), reason, code }
}

/// Whether a connection broke off because its certificate or protocol would not do.
fn is_tls(error: &dyn Error) -> bool {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let mut io = causes.filter_map(|cause| cause.downcast_ref::<io::Error>());
    io.any(|io| io.kind() == io::ErrorKind::InvalidData)
}

/// A server's no to this mail. Its no to us (RFC 4954: log-in missing, wrong, too weak, not
/// encrypted) is for the operator to mend, and the mail waits for that.
const fn is_permanent(code: u16) -> bool {
    code >= 500 && !matches!(code, 530 | 534 | 535 | 538)
}

#[cfg(test)]
mod tests {
    use super::{is_permanent, with_tls};

    #[test]
    fn a_password_leaves_this_machine_encrypted_unless_somebody_says_otherwise() {
        for (given, understood) in [
            ("smtp://u:p@mail.example:587", Some("smtp://u:p@mail.example:587?tls=required")),
            ("smtp://mail.example?tls=required", Some("smtp://mail.example?tls=required")),
            ("smtp://mail.example:25?tls=none", Some("smtp://mail.example:25")),
            ("smtps://u:p@mail.example/", Some("smtps://u:p@mail.example")),
            ("smtp://localhost:2525", Some("smtp://localhost:2525")),
            ("smtp://127.0.0.1:2525", Some("smtp://127.0.0.1:2525")),
            ("smtp://[::1]:2525", Some("smtp://[::1]:2525")),
            ("smtp://localhost@mail.example", Some("smtp://localhost@mail.example?tls=required")),
            ("smtp://mail.example?tls=opportunistic", None),
            ("smtps://mail.example?tls=none", None),
            ("http://mail.example", None),
            ("smtp://", None),
            ("mail.example", None),
        ] {
            assert_eq!(with_tls(given).as_deref(), understood, "{given}");
        }
    }

    #[test]
    fn a_mail_is_not_given_up_for_our_own_wrong_password() {
        for (code, permanent) in
            [(550, true), (554, true), (535, false), (530, false), (451, false)]
        {
            assert_eq!(is_permanent(code), permanent, "{code}");
        }
    }
}
