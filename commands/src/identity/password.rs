//! Passwords: what is accepted, and how it is kept (Argon2id, OWASP's parameters).

use super::IdentityError;
use argon2::password_hash::Error as HashError;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
};
use domain::error::FieldError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Lower-case, at least eight characters each, one per line.
const COMMON: &str = include_str!("common_passwords.txt");

/// Memory in KiB, passes, lanes: OWASP's Password Storage Cheat Sheet.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How long a log-in waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether a password may be set, and why not. Length and lists only: composition rules make
/// passwords worse (NIST SP 800-63B).
pub(super) fn fault(password: &str, email: &str) -> Option<FieldError> {
    let fault = |code, message| Some(FieldError::new("password", code, message));
    let lower = password.to_lowercase();
    match password.chars().count() {
        0..8 => fault("too_short", "A password has at least 8 characters."),
        129.. => fault("too_long", "A password has at most 128 characters."),
        _ if COMMON.lines().any(|common| common == lower) => {
            fault("common_password", "This password is one of the first that anyone would try.")
        }
        _ if lower == email.to_lowercase() => {
            fault("common_password", "A password must not be the e-mail address.")
        }
        _ => None,
    }
}

/// Makes and checks hashes, a few at a time: each takes 19 MiB and tens of milliseconds of a core.
pub(super) struct Passwords {
    argon: Argon2<'static>,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// As many at a time as there are cores.
    pub(super) fn try_new() -> Result<Self, IdentityError> {
        let params = Params::new(MEMORY, PASSES, LANES, None)
            .map_err(|error| IdentityError::Hash(error.into()))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { argon, turns: Arc::new(Semaphore::new(cores)) })
    }

    /// The hash to keep, with a salt of its own, as a PHC string.
    pub(super) async fn hash(&self, password: &str) -> Result<String, IdentityError> {
        let password = password.to_owned();
        self.work(move |argon| {
            let hash: PasswordHash = argon.hash_password(password.as_bytes())?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password has this hash. Without a hash (no such account) the same work is done
    /// for nothing, so that the time tells nothing.
    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<bool, IdentityError> {
        let password = password.to_owned();
        self.work(move |argon| {
            let Some(hash) = hash else {
                let _: PasswordHash = argon.hash_password(password.as_bytes())?;
                return Ok(false);
            };
            match argon.verify_password(password.as_bytes(), hash.as_str()) {
                Ok(()) => Ok(true),
                Err(HashError::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            }
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned());
        let Ok(Ok(turn)) = turn.await else { return Err(IdentityError::Overloaded) };
        let argon = self.argon.clone();
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&argon);
            drop(turn);
            done
        });
        match done.await {
            Ok(done) => done.map_err(IdentityError::Hash),
            // The runtime is shutting down.
            Err(_) => Err(IdentityError::Overloaded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMON, Passwords, fault};

    fn code(password: &str) -> Option<String> {
        fault(password, "Ana.Silva@example.com").map(|fault| fault.code.to_string())
    }

    #[test]
    fn length_and_lists_decide_and_nothing_else() {
        assert_eq!(code("kurz 12").as_deref(), Some("too_short"));
        assert_eq!(code("äöüßäöüß"), None, "characters count, not bytes");
        assert_eq!(code(&"x".repeat(129)).as_deref(), Some("too_long"));
        assert_eq!(code(&"xy".repeat(64)), None);
        assert_eq!(code("PassWord123").as_deref(), Some("common_password"));
        assert_eq!(code("ana.silva@example.COM").as_deref(), Some("common_password"));
        assert_eq!(code("correct horse battery staple"), None);
    }

    #[test]
    fn the_list_is_in_the_form_that_it_is_searched_in() {
        for line in COMMON.lines() {
            assert!(line.len() >= 8 && line == line.to_lowercase(), "{line}");
        }
    }

    #[tokio::test]
    async fn a_hash_names_its_cost_and_fits_its_password_only() {
        let passwords = Passwords::try_new().unwrap();
        let hash = passwords.hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash("correct horse").await.unwrap(), "salted");
        assert!(passwords.verify("correct horse", Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct hors", Some(hash)).await.unwrap());
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert!(passwords.verify("x", Some("not a hash".to_owned())).await.is_err());
    }
}
