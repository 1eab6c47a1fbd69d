//! To a mail server, by SMTP.

use super::{SendError, Transport};
use async_trait::async_trait;
use domain::mail::FailureReason;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::time::Duration;

/// How long to wait for the server, at each step.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why an address of a mail server cannot be used. Does not repeat it: it holds a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be like smtp://user:password@host:587 or smtps://user:password@host")]
pub struct SmtpUrlError;

/// A mail server.
pub struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    /// The server of an address like `smtp://user:password@host:587` (STARTTLS) or
    /// `smtps://user:password@host` (TLS from the start). Without TLS only where `?tls=none` says
    /// so, or on this very machine. `hello` is the name that we introduce ourselves by.
    pub fn try_new(url: &str, hello: &str) -> Result<Self, SmtpUrlError> {
        let url = with_tls(url).ok_or(SmtpUrlError)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url);
        let builder = builder.map_err(|_| SmtpUrlError)?;
        let hello = ClientId::Domain(hello.to_owned());
        Ok(Self(builder.timeout(Some(TIMEOUT)).hello_name(hello).build()))
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
        match self.0.send(message.clone()).await {
            Ok(response) => Ok(response.code().into()),
            Err(error) => Err(classify(&error)),
        }
    }
}

fn classify(error: &lettre::transport::smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    let reason = if code.is_some() {
        FailureReason::Refused
    } else if error.is_tls() {
        FailureReason::Tls
    } else {
        FailureReason::Unreachable
    };
    SendError { permanent: code.is_some_and(is_permanent), reason, code }
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
