//! Whom the server runs as: ourselves, unless we are root, whom Postgres refuses.

use super::error::EmbeddedError;
use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, lchown};
use std::path::Path;
use tokio::process::Command;

/// A user of the operating system.
#[derive(Clone, Debug)]
pub(super) enum Account {
    /// Ourselves.
    Current {
        /// Our effective user id.
        uid: u32,
    },
    /// Somebody without rights, since we are root.
    Other {
        /// For messages.
        name: String,
        /// User id.
        uid: u32,
        /// Primary group id.
        gid: u32,
    },
}

impl Account {
    /// Ourselves; as root `postgres`, else `nobody`.
    pub(super) fn resolve() -> Result<Self, EmbeddedError> {
        let uid = rustix::process::geteuid();
        if !uid.is_root() {
            return Ok(Self::Current { uid: uid.as_raw() });
        }
        let passwd = Path::new("/etc/passwd");
        let users = fs::read_to_string(passwd).map_err(EmbeddedError::io("read", passwd))?;
        unprivileged(&users).ok_or(EmbeddedError::NoAccount)
    }

    /// The user id that the server's files belong to.
    pub(super) fn uid(&self) -> u32 {
        match self {
            Self::Current { uid } | Self::Other { uid, .. } => *uid,
        }
    }

    /// Makes a command run as this user.
    pub(super) fn apply(&self, command: &mut Command) {
        if let Self::Other { uid, gid, .. } = self {
            command.gid(*gid).uid(*uid);
        }
    }

    /// Gives a file or folder to this user.
    pub(super) fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Current { .. } => Ok(()),
            Self::Other { uid, gid, .. } => {
                lchown(path, Some(*uid), Some(*gid)).map_err(EmbeddedError::io("chown", path))
            }
        }
    }

    /// Whether files of that owner are this user's, or may become so: as root we give away what is
    /// root's own, never what is another user's.
    pub(super) fn may_take_over(&self, owner: u32) -> bool {
        match self {
            Self::Current { uid } => *uid == owner,
            Self::Other { uid, .. } => *uid == owner || owner == 0,
        }
    }

    /// Whether this user may pass through a folder, by its mode (access lists are not looked at).
    /// Of ourselves we need not know: the operating system will say.
    pub(super) fn may_enter(&self, folder: &Metadata) -> bool {
        let Self::Other { uid, gid, .. } = self else { return true };
        let bit = if folder.uid() == *uid {
            0o100
        } else if folder.gid() == *gid {
            0o010
        } else {
            0o001
        };
        folder.permissions().mode() & bit != 0
    }

    /// For messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Current { uid } => format!("{uid}"),
            Self::Other { name, .. } => name.clone(),
        }
    }
}

fn unprivileged(passwd: &str) -> Option<Account> {
    ["postgres", "nobody"].into_iter().find_map(|wanted| {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next().filter(|name| *name == wanted)?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            Some(Account::Other { name: name.to_owned(), uid, gid })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\n\
                         nobody:x:65534:65534:nobody:/:/bin/false\n\
                         postgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn root_hands_over_to_postgres() {
        let Some(Account::Other { name, uid, gid }) = unprivileged(USERS) else { panic!() };
        assert_eq!((name.as_str(), uid, gid), ("postgres", 101, 104));
    }

    #[test]
    fn root_hands_over_to_nobody_where_there_is_no_postgres() {
        let users = USERS.replace("postgres:", "other:");
        let Some(Account::Other { uid, .. }) = unprivileged(&users) else { panic!() };
        assert_eq!(uid, 65534);
        assert!(unprivileged("root:x:0:0::/root:/bin/sh").is_none());
    }
}
