//! How often one address may try to get in.

use crate::http::{ApiError, ApiResult};
use axum::http::StatusCode;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// Beyond this many addresses in a minute, the oldest minute's are forgotten at once.
const MOST_ADDRESSES: usize = 100_000;

/// Counts attempts per address and minute, in this process.
#[derive(Debug)]
pub struct Throttle {
    limit: u32,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    minute: i64,
    attempts: HashMap<IpAddr, u32>,
}

impl Throttle {
    /// At most `limit` attempts per address and minute.
    pub fn new(limit: u32) -> Self {
        Self { limit, window: Mutex::default() }
    }

    /// Counts one attempt at `seconds` since the epoch, or refuses it.
    pub fn attempt(&self, address: Option<IpAddr>, seconds: i64) -> ApiResult<()> {
        let Some(address) = address.map(network) else {
            return Ok(());
        };
        let mut window = match self.window.lock() {
            Ok(window) => window,
            // Nothing below leaves the counts half changed.
            Err(poisoned) => poisoned.into_inner(),
        };
        let minute = seconds.div_euclid(60);
        if window.minute != minute || window.attempts.len() >= MOST_ADDRESSES {
            *window = Window { minute, attempts: HashMap::new() };
        }
        let attempts = window.attempts.entry(address).or_insert(0);
        *attempts = attempts.saturating_add(1);
        if *attempts <= self.limit {
            return Ok(());
        }
        let rest = u32::try_from(60 - seconds.rem_euclid(60)).unwrap_or(60);
        let detail = "Too many attempts from your address. Wait a moment.";
        Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail)
            .with_retry_after(rest))
    }
}

/// Whoever has one IPv6 address has all of its /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_so_many_attempts_a_minute() {
        let throttle = Throttle::new(2);
        let one = "1.2.3.4".parse().ok();
        assert!(throttle.attempt(one, 0).is_ok());
        assert!(throttle.attempt(one, 1).is_ok());
        assert_eq!(throttle.attempt(one, 59).expect_err("is refused").code(), "too_many_attempts");
        assert!(throttle.attempt("4.3.2.1".parse().ok(), 59).is_ok());
        assert!(throttle.attempt(one, 60).is_ok());
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let throttle = Throttle::new(1);
        assert!(throttle.attempt("2001:db8::1".parse().ok(), 0).is_ok());
        assert!(throttle.attempt("2001:db8::2".parse().ok(), 0).is_err());
    }
}
