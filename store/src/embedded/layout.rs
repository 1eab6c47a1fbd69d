//! Where everything of a cluster is, and who may enter.

use super::account::Account;
use super::error::EmbeddedError;
use super::{Durability, PORT};
use sha2::{Digest as _, Sha256};
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The longest path of a Unix socket, without the NUL at its end (108 bytes on Linux, 104 on
/// macOS).
const LONGEST_SOCKET_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The files of one cluster.
#[derive(Debug)]
pub(super) struct Layout {
    /// The folder of all of this; absolute, without links.
    pub(super) root: PathBuf,
    /// What Postgres calls the data directory.
    pub(super) data: PathBuf,
    /// The folder of the socket.
    pub(super) socket_dir: PathBuf,
    /// What the server says.
    pub(super) log: PathBuf,
    /// Who may log in, and how.
    pub(super) access: PathBuf,
}

impl Layout {
    /// Makes the folders where they are missing, for the account that the server runs as.
    pub(super) fn prepare(
        data_dir: &Path,
        durability: Durability,
        account: &Account,
    ) -> Result<Self, EmbeddedError> {
        let name = match durability {
            Durability::Durable => "postgres",
            Durability::Ephemeral => "ephemeral-postgres",
        };
        fs::create_dir_all(data_dir).map_err(EmbeddedError::io("create", data_dir))?;
        check_reachable(data_dir, account)?;
        let data_dir =
            fs::canonicalize(data_dir).map_err(EmbeddedError::io("resolve", data_dir))?;
        let root = data_dir.join(name);
        own_folder(&root, account)?;
        let layout = Self {
            data: root.join("data"),
            socket_dir: socket_dir(&root),
            log: root.join("postgres.log"),
            access: root.join("pg_hba.conf"),
            root,
        };
        own_folder(&layout.socket_dir, account)?;
        if layout.data.exists() {
            own_tree(&layout.data, account)?;
        }
        Ok(layout)
    }

    /// Removes what a cluster that is certainly dead left behind: process ids that may by now
    /// be somebody else's would keep Postgres from starting.
    pub(super) fn remove_remains(&self) -> Result<(), EmbeddedError> {
        let socket = format!(".s.PGSQL.{PORT}");
        let remains = [
            self.data.join("postmaster.pid"),
            self.socket_dir.join(format!("{socket}.lock")),
            self.socket_dir.join(socket),
        ];
        for path in remains {
            absent_is_fine(fs::remove_file(&path)).map_err(EmbeddedError::io("remove", &path))?;
        }
        Ok(())
    }
}

/// Refuses a folder that the server's account could not reach.
pub(super) fn check_reachable(folder: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let absolute = std::path::absolute(folder).map_err(EmbeddedError::io("resolve", folder))?;
    // Folders that do not exist yet are made by us, so that they can be entered.
    let mut existing = absolute.as_path();
    while let (false, Some(parent)) = (existing.exists(), existing.parent()) {
        existing = parent;
    }
    let resolved = fs::canonicalize(existing).map_err(EmbeddedError::io("resolve", existing))?;
    for folder in resolved.ancestors() {
        let metadata = fs::metadata(folder).map_err(EmbeddedError::io("look at", folder))?;
        if !account.may_enter(&metadata) {
            return Err(EmbeddedError::Unreachable {
                folder: folder.to_owned(),
                user: account.name(),
            });
        }
    }
    Ok(())
}

/// Within the cluster's folder, or under a short name where that path is too long for a socket.
pub(super) fn socket_dir(root: &Path) -> PathBuf {
    let within = root.join("run");
    let socket = within.join(format!(".s.PGSQL.{PORT}"));
    if socket.as_os_str().len() <= LONGEST_SOCKET_PATH {
        return within;
    }
    let hash = Sha256::digest(root.as_os_str().as_bytes());
    let number = hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
    Path::new("/tmp").join(format!("hindsight-{number:016x}"))
}

/// Makes a folder that only the account may enter. In a shared place such as `/tmp` somebody else
/// may have made it before us: that is refused.
fn own_folder(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => return account.own(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(EmbeddedError::io("create", path)(error)),
    }
    check_owner(path, account)?;
    fs::set_permissions(path, Permissions::from_mode(0o700))
        .map_err(EmbeddedError::io("chmod", path))?;
    account.own(path)
}

/// Gives data that root made or copied to the account.
fn own_tree(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
    if check_owner(path, account)? == account.uid() {
        return Ok(());
    }
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(EmbeddedError::io("read", &folder))? {
            let entry = entry.map_err(EmbeddedError::io("read", &folder))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(EmbeddedError::io("look at", &path))?;
            account.own(&path)?;
            if kind.is_dir() {
                folders.push(path);
            }
        }
    }
    // Last, so that a walk that was cut short is begun again.
    account.own(path)
}

/// The owner of a folder, which must be the account, or root where root we are.
fn check_owner(path: &Path, account: &Account) -> Result<u32, EmbeddedError> {
    let metadata = fs::symlink_metadata(path).map_err(EmbeddedError::io("look at", path))?;
    let owner = metadata.uid();
    if metadata.is_dir() && account.may_take_over(owner) {
        return Ok(owner);
    }
    Err(EmbeddedError::NotOurs { folder: path.to_owned(), owner, user: account.name() })
}

/// For removing: what is not there need not be removed.
pub(super) fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_never_exceeds_what_the_system_allows() {
        let short = Path::new("/srv/hindsight/postgres");
        assert_eq!(socket_dir(short), short.join("run"));
        let long = PathBuf::from(format!("/srv/{}/postgres", "x".repeat(90)));
        let other = PathBuf::from(format!("/srv/{}/postgres", "y".repeat(90)));
        let socket = socket_dir(&long).join(".s.PGSQL.5432");
        assert!(socket.as_os_str().len() <= LONGEST_SOCKET_PATH, "{}", socket.display());
        assert_eq!(socket_dir(&long), socket_dir(&long));
        assert_ne!(socket_dir(&long), socket_dir(&other));
    }

    #[test]
    fn a_folder_on_the_way_that_may_not_be_entered_is_named() {
        let folder = std::env::temp_dir().join(format!("hindsight-{}", uuid::Uuid::new_v4()));
        let inner = folder.join("inner");
        fs::create_dir_all(&inner).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        let stranger = Account::Other { name: "stranger".into(), uid: 4_000_000, gid: 4_000_000 };
        let refusal = check_reachable(&inner.join("not/yet/there"), &stranger).unwrap_err();
        fs::set_permissions(&folder, Permissions::from_mode(0o711)).unwrap();
        let outcome = check_reachable(&inner, &stranger);
        fs::remove_dir_all(&folder).unwrap();
        let EmbeddedError::Unreachable { folder: named, user } = refusal else { panic!() };
        assert_eq!((named, user.as_str()), (folder, "stranger"));
        outcome.unwrap();
    }
}
