//! Keys of subjects: derived, cached, made when a subject first appears.

use crate::port::{LogError, LogId};
use crate::secret::RootSecret;
use domain::ids::SubjectId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use quick_cache::sync::Cache;
use sha2::Sha256;
use std::collections::HashMap;

/// A subject's sealing key.
#[derive(Clone, Copy)]
pub struct SealKey(pub(super) [u8; 32]);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// A secret made for a subject that had none; stored together with the first event it seals.
#[derive(Clone, Copy)]
pub struct NewKey {
    /// Whose.
    pub subject: SubjectId,
    /// The random secret.
    pub secret: [u8; 32],
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewKey({})", self.subject)
    }
}

/// What is stored of a subject: nothing, a secret, or that it was destroyed.
#[derive(Clone, Copy)]
enum Known {
    Key(SealKey),
    Erased,
}

/// Stored secrets by subject; `None` for a destroyed one.
pub type Secrets = Vec<(SubjectId, Option<[u8; 32]>)>;

/// Where stored secrets are read from.
pub trait KeySource {
    /// The secrets of those subjects that have a row; `None` for a destroyed one. The subjects come
    /// in order, each once.
    fn secrets(
        &self,
        log: LogId,
        subjects: &[SubjectId],
    ) -> impl Future<Output = Result<Secrets, LogError>> + Send;
}

/// Derives keys and remembers the most used ones.
pub struct KeyRing {
    master: Hmac<Sha256>,
    cache: Cache<(LogId, SubjectId), Known>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(…)")
    }
}

/// The keys needed for one operation.
#[derive(Debug, Default)]
pub struct Keys(HashMap<SubjectId, Option<SealKey>>);

impl Keys {
    /// Adds a key that was made.
    pub fn put(&mut self, subject: SubjectId, key: SealKey) {
        self.0.insert(subject, Some(key));
    }

    /// The subject's key; `None` if it is erased (or was not asked for).
    pub fn get(&self, subject: SubjectId) -> Option<SealKey> {
        self.0.get(&subject).copied().flatten()
    }
}

impl KeyRing {
    /// A ring that remembers up to `capacity` keys.
    pub fn new(root: &RootSecret, capacity: usize) -> Result<Self, LogError> {
        let master = Hmac::new_from_slice(&root.derive("seal"))
            .map_err(|_| LogError::Damaged("seal master key"))?;
        Ok(Self { master, cache: Cache::new(capacity) })
    }

    fn derive(&self, log: LogId, subject: SubjectId, secret: &[u8; 32]) -> SealKey {
        let mut mac = self.master.clone();
        mac.update(log.0.as_bytes());
        mac.update(subject.0.as_bytes());
        mac.update(secret);
        SealKey(mac.finalize().into_bytes().into())
    }

    /// Keys to open with. A subject without any row counts as erased: its key is gone.
    pub async fn for_opening(
        &self,
        log: LogId,
        subjects: Vec<SubjectId>,
        source: &impl KeySource,
    ) -> Result<Keys, LogError> {
        let mut keys = Keys(HashMap::with_capacity(subjects.len()));
        let missing = self.take_known(log, subjects, &mut keys);
        if !missing.is_empty() {
            for (subject, secret) in source.secrets(log, &missing).await? {
                keys.0.insert(subject, self.learn(log, subject, secret));
            }
        }
        Ok(keys)
    }

    /// Keys to seal with, and the secrets that must be stored with the events.
    pub async fn for_sealing(
        &self,
        log: LogId,
        subjects: impl IntoIterator<Item = SubjectId>,
        source: &impl KeySource,
    ) -> Result<(Keys, Vec<NewKey>), LogError> {
        let mut keys = Keys::default();
        let missing = self.take_known(log, subjects, &mut keys);
        let mut fresh = Vec::new();
        if !missing.is_empty() {
            for (subject, secret) in source.secrets(log, &missing).await? {
                keys.0.insert(subject, self.learn(log, subject, secret));
            }
            for subject in missing {
                keys.0.entry(subject).or_insert_with(|| {
                    let (new, key) = self.make(log, subject);
                    fresh.push(new);
                    Some(key)
                });
            }
        }
        Ok((keys, fresh))
    }

    /// Makes a key for a subject that is known to be new. Not remembered until it is stored.
    pub fn make(&self, log: LogId, subject: SubjectId) -> (NewKey, SealKey) {
        #[expect(clippy::disallowed_methods, reason = "nobody may ever choose a key")]
        let secret: [u8; 32] = rand::random();
        (NewKey { subject, secret }, self.derive(log, subject, &secret))
    }

    /// Forgets what is remembered of a subject; the next use reads it again.
    pub fn forget(&self, log: LogId, subject: SubjectId) {
        self.cache.remove(&(log, subject));
    }

    /// Remembers what is stored for a subject.
    pub fn learn(
        &self,
        log: LogId,
        subject: SubjectId,
        secret: Option<[u8; 32]>,
    ) -> Option<SealKey> {
        let key = secret.map(|secret| self.derive(log, subject, &secret));
        self.cache.insert((log, subject), key.map_or(Known::Erased, Known::Key));
        key
    }

    fn take_known(
        &self,
        log: LogId,
        subjects: impl IntoIterator<Item = SubjectId>,
        keys: &mut Keys,
    ) -> Vec<SubjectId> {
        let mut missing = Vec::new();
        for subject in subjects {
            if keys.0.contains_key(&subject) {
                continue;
            }
            match self.cache.get(&(log, subject)) {
                Some(Known::Key(key)) => {
                    keys.0.insert(subject, Some(key));
                }
                Some(Known::Erased) => {
                    keys.0.insert(subject, None);
                }
                None => missing.push(subject),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}
