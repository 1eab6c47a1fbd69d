//! Sealing what is kept outside of the log, such as seeds of second factors.

use super::{NONCE, cipher};
use crate::seal::SealKey;
use crate::secret::RootSecret;
use aes_gcm::Nonce;
use aes_gcm::aead::{Aead as _, Payload};

/// Seals bytes for one purpose, with a key that the database does not have (AES-256-GCM; 12 bytes of
/// random nonce, then the ciphertext with its tag).
#[derive(Clone, Copy, Debug)]
pub struct SecretBox(SealKey);

impl SecretBox {
    /// For one purpose, such as `totp seed`.
    pub fn new(root: &RootSecret, purpose: &str) -> Self {
        Self(SealKey(root.derive(purpose)))
    }

    /// Seals bytes for a place, such as a user's id, at which alone they can be opened. `None` if
    /// there are more of them than can be sealed.
    pub fn seal(&self, place: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
        #[expect(clippy::disallowed_methods, reason = "a nonce that somebody chose might repeat")]
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload { msg: bytes, aad: place };
        let sealed = cipher(&self.0).encrypt(&Nonce::from(nonce), payload).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for the place; `None` if it was not, or not with this key.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: place };
        cipher(&self.0).decrypt(&Nonce::from(*nonce), payload).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::SecretBox;
    use crate::testing::root_secret;

    #[test]
    fn what_is_sealed_opens_at_its_place_and_for_its_purpose_only() {
        let ours = SecretBox::new(&root_secret(), "one");
        let sealed = ours.seal(b"ana", b"seed").expect("fits");
        assert_eq!(ours.open(b"ana", &sealed).as_deref(), Some(&b"seed"[..]));
        assert_eq!(ours.open(b"ben", &sealed), None);
        assert_eq!(SecretBox::new(&root_secret(), "two").open(b"ana", &sealed), None);
        assert_eq!(ours.open(b"ana", &sealed[..5]), None);
        assert_ne!(sealed, ours.seal(b"ana", b"seed").expect("fits"), "a nonce of its own");
        assert!(!sealed.windows(4).any(|window| window == b"seed"));
    }
}
