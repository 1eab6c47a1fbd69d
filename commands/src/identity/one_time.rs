//! One-time tokens: what a link in a mail lets its reader do, once.
//!
//! A token is its id and a MAC over it, under a key that only this process can derive. The log
//! names the id, the database keeps a hash: neither lets anybody in, nor do both together.

use super::keys::keyed;
use crate::execute::Commands;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::ids::{SubjectId, UserId};
use sha2::{Digest as _, Sha256};
use store::RootSecret;
use store::vault::{Bound, GoodToken, NewToken, Purpose, Vault, VaultError};
use uuid::Uuid;

/// A token that was issued, as the log may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Its id.
    pub id: Uuid,
    /// When it stops being good.
    pub expires_at: DateTime<Utc>,
}

/// Issues, looks at and uses up one-time tokens. Cheap to clone.
#[derive(Clone)]
pub struct OneTimeTokens {
    commands: Commands,
    vault: Vault,
    key: [u8; 32],
}

/// A token's parts.
struct Token {
    id: Uuid,
    mac: [u8; 32],
}

impl Token {
    /// 64 characters of A–Z, a–z, 0–9, `-` and `_`.
    fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode([&self.id.as_bytes()[..], &self.mac].concat())
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 48] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (id, mac) = bytes.split_at(16);
        Some(Self { id: Uuid::from_slice(id).ok()?, mac: mac.try_into().ok()? })
    }

    /// What the database knows it by.
    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.mac).into()
    }
}

impl OneTimeTokens {
    /// Tokens by way of `vault`, with time and ids from `commands`.
    pub fn new(commands: Commands, vault: Vault, root: &RootSecret) -> Self {
        Self { commands, vault, key: root.derive("one-time token") }
    }

    fn token(&self, id: Uuid) -> Token {
        Token { id, mac: keyed(&self.key, id.as_bytes()) }
    }

    /// Issues a token that is good for [`Purpose::lifetime`]. Earlier ones of the same purpose, user
    /// and subject are good no longer.
    ///
    /// Issue it before you append what refers to it: a token that nobody knows does no harm, a link
    /// that leads nowhere does.
    pub async fn issue(&self, purpose: Purpose, bound: Bound) -> Result<Issued, VaultError> {
        let expires_at = self.commands.clock().now() + purpose.lifetime();
        self.issue_as(self.commands.ids().next(), purpose, bound, expires_at, true).await
    }

    /// The same with an id and an end of one's own, and beside earlier ones unless it
    /// `supersedes` them. Issuing it again with the same id changes nothing.
    pub async fn issue_as(
        &self,
        id: Uuid,
        purpose: Purpose,
        bound: Bound,
        expires_at: DateTime<Utc>,
        supersedes: bool,
    ) -> Result<Issued, VaultError> {
        let (now, hash) = (self.commands.clock().now(), self.token(id).hash());
        let token = NewToken { id, hash, purpose, bound, now, expires_at, supersedes };
        self.vault.issue_token(&token).await?;
        Ok(Issued { id, expires_at })
    }

    /// What the token is bound to, if it is good for `purpose`, without using it: to show what
    /// using it will do. `None` says no more: unknown, used, withdrawn, expired, not for this.
    pub async fn look(
        &self,
        purpose: Purpose,
        text: &str,
    ) -> Result<Option<GoodToken>, VaultError> {
        let Some(token) = Token::parse(text) else { return Ok(None) };
        let now = self.commands.clock().now();
        self.vault.look_at_token(token.id, &token.hash(), purpose, now).await
    }

    /// Uses the token up, if it is good for `purpose`; of any number at once, one succeeds. What it
    /// allows is done after that, so that a crash in between costs the link and nothing else.
    pub async fn consume(
        &self,
        purpose: Purpose,
        text: &str,
    ) -> Result<Option<GoodToken>, VaultError> {
        let Some(token) = Token::parse(text) else { return Ok(None) };
        let now = self.commands.clock().now();
        self.vault.consume_token(token.id, &token.hash(), purpose, now).await
    }

    /// Makes the unused tokens of a purpose for exactly this user and subject good no longer;
    /// returns how many there were.
    pub async fn revoke(
        &self,
        purpose: Purpose,
        user: Option<UserId>,
        subject: Option<SubjectId>,
    ) -> Result<u64, VaultError> {
        self.vault.revoke_tokens(purpose, user, subject, self.commands.clock().now()).await
    }

    /// The token itself, for a link that is shown at once instead of sent.
    pub fn reveal(&self, id: Uuid) -> String {
        self.token(id).reveal()
    }

    /// Whether the token of this id is still good for `purpose`.
    pub(crate) async fn is_good(&self, purpose: Purpose, id: Uuid) -> Result<bool, VaultError> {
        let (hash, now) = (self.token(id).hash(), self.commands.clock().now());
        Ok(self.vault.look_at_token(id, &hash, purpose, now).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::Token;
    use uuid::Uuid;

    #[test]
    fn a_token_survives_being_written_down() {
        let token = Token { id: Uuid::from_u128(7), mac: [9; 32] };
        let text = token.reveal();
        assert_eq!(text.len(), 64);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        let read = Token::parse(&text).unwrap();
        assert_eq!((read.id, read.hash()), (token.id, token.hash()));
        assert_ne!(token.hash(), token.mac);
    }

    #[test]
    fn what_is_no_token_is_not_taken_for_one() {
        let text = Token { id: Uuid::from_u128(7), mac: [9; 32] }.reveal();
        for bad in ["", "x", &text[1..], &format!("{text}A"), &format!("{text}="), &"é".repeat(32)]
        {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
    }
}
