//! The ways by which a mail can go.

mod folder;
mod smtp;

pub use folder::Folder;
pub use smtp::{Smtp, SmtpUrlError};

use async_trait::async_trait;
use domain::mail::FailureReason;

/// Takes a mail to a server.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Hands the message over, within half a minute or so; returns the server's answer, such as 250,
    /// after which the mail is the server's.
    async fn send(&self, message: &lettre::Message) -> Result<u16, SendError>;
}

/// Why a mail was not taken. Holds no words of the server: they like to repeat addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason:?} ({code:?})")]
pub struct SendError {
    /// Whether trying again is of no use.
    pub permanent: bool,
    /// Why.
    pub reason: FailureReason,
    /// The server's answer, if it gave one.
    pub code: Option<u16>,
}
