//! Time, ids and randomness: the one place where they come from outside.

use chrono::{DateTime, Utc};
use domain::patch::micros;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now, to the microsecond, which is what the log keeps.
    fn now(&self) -> DateTime<Utc>;
}

/// Makes ids and secrets.
pub trait Ids: Send + Sync + 'static {
    /// A new id of an entity: UUIDv7, so that ids made together lie together in indexes.
    fn next(&self) -> Uuid;
    /// 256 unguessable bits.
    fn secret(&self) -> [u8; 32];
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[expect(clippy::disallowed_methods, reason = "the one place where the time comes from outside")]
impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        micros(Utc::now())
    }
}

/// The machine's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

#[expect(clippy::disallowed_methods, reason = "the one place where ids come from outside")]
impl Ids for SystemIds {
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes);
        bytes
    }
}

/// A clock that stands still until it is set: for simulated logs and for tests.
#[derive(Debug)]
pub struct SettableClock(AtomicI64);

impl SettableClock {
    /// A clock that shows `time`.
    pub fn new(time: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(time.timestamp_micros()))
    }

    /// Shows `time` from now on.
    pub fn set(&self, time: DateTime<Utc>) {
        self.0.store(time.timestamp_micros(), Ordering::Release);
    }

    /// Goes forward by `duration`.
    pub fn advance(&self, duration: chrono::TimeDelta) {
        self.0.fetch_add(duration.num_microseconds().unwrap_or(i64::MAX), Ordering::AcqRel);
    }
}

impl Clock for SettableClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Acquire)).unwrap_or_default()
    }
}
