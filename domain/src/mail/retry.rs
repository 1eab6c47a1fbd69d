//! When a mail that could not be sent is tried again.

use chrono::TimeDelta;

/// Minutes to wait after each attempt: soon at first, and for three days in all, which is longer
/// than a weekend without anybody at the server.
const MINUTES: [i64; 12] = [1, 5, 15, 30, 60, 120, 240, 480, 720, 720, 960, 960];

/// How long to wait after `attempt` (from 1) failed; `None` if that was the last.
pub fn retry_after(attempt: u32) -> Option<TimeDelta> {
    let index = usize::try_from(attempt).ok()?.checked_sub(1)?;
    MINUTES.get(index).map(|minutes| TimeDelta::minutes(*minutes))
}
