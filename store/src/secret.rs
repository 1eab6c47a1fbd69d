//! The root secret of an installation and the keys that are derived from it.

use hkdf::Hkdf;
use sha2::Sha256;

/// The one secret that an operator keeps. Everything else is derived from it by HKDF-SHA256
/// (RFC 5869) under a purpose, so that no two uses ever share a key.
#[derive(Clone)]
pub struct RootSecret(Hkdf<Sha256>);

/// Why a secret was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakSecret {
    /// Too short to be guess-proof.
    #[error("the secret must have at least 32 bytes")]
    TooShort,
    /// Too few different characters to be random.
    #[error("the secret does not look random; make one with: openssl rand -hex 32")]
    NotRandom,
}

impl RootSecret {
    /// Takes a secret of at least 32 bytes that looks random.
    pub fn try_new(secret: &[u8]) -> Result<Self, WeakSecret> {
        if secret.len() < 32 {
            return Err(WeakSecret::TooShort);
        }
        let mut seen = [false; 256];
        for byte in secret {
            seen[usize::from(*byte)] = true;
        }
        if seen.iter().filter(|s| **s).count() < 8 {
            return Err(WeakSecret::NotRandom);
        }
        Ok(Self(Hkdf::new(Some(b"hindsight root v1"), secret)))
    }

    /// The 256-bit key for a purpose, such as `cursor`.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        // The only error is an output longer than 255 hashes; 32 bytes is one.
        if self.0.expand(purpose.as_bytes(), &mut key).is_err() {
            unreachable!("HKDF-SHA256 yields 32 bytes");
        }
        key
    }
}

impl std::fmt::Debug for RootSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootSecret(…)")
    }
}
