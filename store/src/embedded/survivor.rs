//! What a killed launcher left behind: its server goes on, and must end before ours begins.

use super::error::EmbeddedError;
use super::layout::Layout;
use super::process::signal;
use rustix::process::{Pid, Signal};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// How long an orderly end may take, and then a hasty one.
const PATIENCE: [(Signal, Duration); 2] =
    [(Signal::INT, Duration::from_mins(1)), (Signal::QUIT, Duration::from_secs(20))];

/// Stops the postmaster of this cluster if one is alive. The caller holds the launcher's lock, so
/// that it cannot be one that is in use.
pub(super) async fn stop(layout: &Layout) -> Result<(), EmbeddedError> {
    for (how, patience) in PATIENCE {
        let Some(pid) = find(&layout.data) else { return Ok(()) };
        tracing::warn!(pid = pid.as_raw_pid(), "stopping what a killed process left behind");
        signal(pid, how)?;
        let deadline = Instant::now() + patience;
        while find(&layout.data).is_some() && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    match find(&layout.data) {
        None => Ok(()),
        Some(_) => Err(EmbeddedError::StillRunning(layout.root.clone())),
    }
}

/// The postmaster that the data folder names, if it is alive and works in that folder. An id alone
/// proves nothing: by now it may be another's. Neither a dead process nor a zombie has a folder.
fn find(data: &Path) -> Option<Pid> {
    let noted = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid = noted.lines().next()?.trim().parse().ok().and_then(Pid::from_raw)?;
    let cwd = fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
    (cwd == data).then_some(pid)
}
