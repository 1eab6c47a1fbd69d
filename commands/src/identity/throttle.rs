//! How often one may try to get in: per network and per account, in all processes together.
//!
//! Nobody is ever locked out. Beyond some free attempts each one must wait longer than the one
//! before, up to a bound; what is refused does not count. The account counts wherever an attempt
//! comes from, so that many addresses do not help a guesser; but a network from which the account
//! was entered before counts for itself, so that a guesser does not keep its owner out.

use super::IdentityError;
use super::keys::keyed;
use crate::execute::Commands;
use crate::request::Origin;
use domain::normalize;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;
use store::RootSecret;
use store::vault::{self, Limit, Vault};

/// What somebody tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// To log in by a password.
    LogIn,
    /// To show a password once more.
    Reauthenticate,
    /// A code of the second factor.
    SecondFactor,
    /// To sign up.
    SignUp,
    /// To get a link for a new password.
    Forgot,
    /// To register as a client of an organization.
    Register,
    /// To use a link from a mail.
    UseLink,
    /// To invite somebody into an organization, whoever it is.
    Invite,
    /// To invite somebody into an organization, at one address.
    InviteOne,
}

impl Act {
    /// Acts of the same name share the counts of an account: it does not matter by which of them a
    /// password is guessed, or a mailbox filled.
    const fn group(self) -> &'static str {
        match self {
            Self::LogIn | Self::Reauthenticate => "password",
            Self::SecondFactor => "code",
            Self::SignUp | Self::Forgot | Self::Register => "mail",
            Self::UseLink => "link",
            Self::Invite => "invitations",
            Self::InviteOne => "invitation",
        }
    }

    const fn per_account(self) -> Limit {
        match self {
            Self::LogIn | Self::Reauthenticate | Self::UseLink => Limit {
                free: 10,
                refill: Duration::from_mins(15),
                base: Duration::from_secs(1),
                most: Duration::from_mins(15),
            },
            // Three of a million codes are good at a time: about 100 guesses a day find one in
            // nine years.
            Self::SecondFactor => Limit {
                free: 5,
                refill: Duration::from_mins(15),
                base: Duration::from_secs(1),
                most: Duration::from_mins(15),
            },
            // What was refused for a fault of the form counts as well.
            Self::InviteOne => Limit {
                free: 6,
                refill: Duration::from_mins(10),
                base: Duration::from_mins(1),
                most: Duration::from_hours(1),
            },
            // A whole company on one day, but no advertisement to everybody.
            Self::Invite => Limit {
                free: 200,
                refill: Duration::from_mins(1),
                base: Duration::from_secs(1),
                most: Duration::from_mins(15),
            },
            // Each fills somebody's mailbox.
            Self::SignUp | Self::Forgot | Self::Register => Limit {
                free: 3,
                refill: Duration::from_mins(10),
                base: Duration::from_mins(1),
                most: Duration::from_hours(1),
            },
        }
    }
}

/// Counts attempts. Cheap to clone.
#[derive(Clone)]
pub struct Throttle {
    commands: Commands,
    vault: Vault,
    key: [u8; 32],
    per_network: Limit,
}

/// An attempt that was let through.
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    counted: vault::Attempt,
}

/// Whoever has one IPv6 address has all of its /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Throttle {
    /// Lets a network try `per_minute` times a minute.
    pub fn new(commands: Commands, vault: Vault, root: &RootSecret, per_minute: u32) -> Self {
        let per_minute = per_minute.max(1);
        let per_network = Limit {
            free: per_minute,
            refill: Duration::from_mins(1) / per_minute,
            base: Duration::from_secs(1),
            most: Duration::from_mins(1),
        };
        Self { commands, vault, key: root.derive("throttle"), per_network }
    }

    fn hash(&self, parts: &[&str]) -> [u8; 32] {
        // None of the parts but the last can hold a line break.
        keyed(&self.key, parts.join("\n").as_bytes())
    }

    /// Counts an attempt from `origin`, at `account` if one is named: a log-in address, or whatever
    /// else names it.
    ///
    /// # Errors
    /// [`IdentityError::TooManyAttempts`] if it comes too early; then it does not count.
    pub async fn attempt(
        &self,
        act: Act,
        origin: &Origin,
        account: Option<&str>,
    ) -> Result<Attempt<'_>, IdentityError> {
        let now = self.commands.clock().now();
        let address = origin.ip.as_deref().and_then(|ip| ip.parse().ok()).map(network);
        let address = address.map(|address| address.to_string());
        let network = address.as_deref().map(|network| self.hash(&["network", network]));
        // However an address is written, it is the same account.
        let account = account.map(|account| normalize::email_key(account.trim()));
        let name = |kind, parts: &[&str]| self.hash(&[&[kind, act.group()], parts].concat());
        let counted = vault::Attempt {
            network: network.map(|key| (key, self.per_network)),
            familiar: account
                .as_deref()
                .zip(address.as_deref())
                .map(|(account, address)| name("familiar", &[address, account])),
            account: account.map(|account| (name("account", &[&account]), act.per_account())),
        };
        if let Some(until) = self.vault.attempt(&counted, now).await? {
            let wait = (until - now).to_std().unwrap_or_default();
            return Err(IdentityError::TooManyAttempts { wait });
        }
        Ok(Attempt { throttle: self, counted })
    }
}

impl Attempt<'_> {
    /// The account was entered: its count begins anew.
    pub async fn succeeded(self) -> Result<(), IdentityError> {
        let now = self.throttle.commands.clock().now();
        Ok(self.throttle.vault.attempt_succeeded(&self.counted, now).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_ipv6_network_counts_as_one_address_and_a_mapped_address_as_what_it_is() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8::1:2"), of("2001:db8::ffff:ffff:ffff:ffff"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
