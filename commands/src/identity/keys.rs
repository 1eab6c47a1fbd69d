//! What is derived by keyed hashes: the streams of log-in addresses, and refresh tokens.

use super::IdentityError;
use domain::ids::UserId;
use domain::normalize;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use store::{RootSecret, StreamId};

/// The keys of identity.
pub(super) struct Keys {
    address: [u8; 32],
    refresh: [u8; 32],
    recovery: [u8; 32],
}

pub(super) fn keyed(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes a key of any length");
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

impl Keys {
    pub(super) fn new(root: &RootSecret) -> Self {
        Self {
            address: root.derive("login address"),
            refresh: root.derive("refresh token"),
            recovery: root.derive("recovery code"),
        }
    }

    /// The stream of a log-in address: without the key, nobody can test whether one is taken.
    pub(super) fn address(&self, email: &str) -> StreamId {
        self.stream(normalize::email_key(email.trim()).as_bytes())
    }

    /// The stream of a username, in its normal form. It has no `@`, so that it is no address's.
    pub(super) fn username(&self, name: &str) -> StreamId {
        self.stream(format!("username {name}").as_bytes())
    }

    /// What the database knows a user's recovery code by.
    pub(super) fn recovery(&self, user: UserId, code: &str) -> [u8; 32] {
        keyed(&self.recovery, &[user.0.as_bytes(), code.as_bytes()].concat())
    }

    fn stream(&self, name: &[u8]) -> StreamId {
        let hash = keyed(&self.address, name);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        // Version 8 (RFC 9562): bits of our own making.
        StreamId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// The refresh token that follows from a seed. The database keeps the seed, to give a lost
    /// answer again, but not the key, so that its contents alone let nobody in.
    pub(super) fn token(&self, seed: &[u8; 32]) -> Token {
        Token(keyed(&self.refresh, seed))
    }
}

/// A refresh token: 256 bits that only its session's client has.
pub(super) struct Token([u8; 32]);

impl Token {
    /// Reads 64 hexadecimal digits.
    pub(super) fn parse(text: &str) -> Result<Self, IdentityError> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(IdentityError::NoSession);
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16)
                .map_err(|_| IdentityError::NoSession)?;
        }
        Ok(Self(bytes))
    }

    /// What the database knows it by.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// As 64 hexadecimal digits.
    pub(super) fn reveal(&self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, Token};
    use store::testing::root_secret;

    #[test]
    fn an_address_has_one_stream_however_it_is_written() {
        let keys = Keys::new(&root_secret());
        assert_eq!(keys.address(" Ana@Example.com"), keys.address("ana@example.COM "));
        assert_ne!(keys.address("ana@example.com"), keys.address("anna@example.com"));
        assert_eq!(keys.address("ana@example.com").0.get_version_num(), 8);
    }

    #[test]
    fn a_token_survives_being_written_down() {
        let token = Keys::new(&root_secret()).token(&[7; 32]);
        let text = token.reveal();
        assert_eq!(Token::parse(&text).unwrap().hash(), token.hash());
        assert_ne!(token.hash(), token.0);
        for bad in ["", "00", &text[1..], &format!("{text}0"), &"é".repeat(32), &"g".repeat(64)] {
            assert!(Token::parse(bad).is_err(), "{bad}");
        }
    }
}
