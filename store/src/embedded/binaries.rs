//! Finding the server's binaries.

use super::account::Account;
use super::error::EmbeddedError;
use std::cmp::Reverse;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// The oldest major version that we are tested with.
pub(super) const OLDEST_MAJOR: u32 = 15;

/// Where Debian and its kin keep each major version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Where Homebrew keeps each formula, by kind of machine.
const HOMEBREW: [&str; 3] =
    ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"];

/// A folder with `postgres` and `initdb` of a known version.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    dir: PathBuf,
    /// The major version.
    pub(super) major: u32,
}

impl Binaries {
    /// Finds binaries: `PG_BIN_DIR` and no other, else the newest of Debian's, then Homebrew's,
    /// then those on the PATH. Where there is `data` already, only its major version will do.
    pub(super) async fn find(data: Option<(&Path, u32)>) -> Result<Self, EmbeddedError> {
        let wanted = data.map(|(_, major)| major);
        let mut first = None;
        for dir in candidates()? {
            let found = Self { major: major_of(&dir).await?, dir };
            if wanted.map_or(found.major >= OLDEST_MAJOR, |major| major == found.major) {
                return Ok(found);
            }
            first.get_or_insert(found);
        }
        Err(match (first, data) {
            (None, _) => EmbeddedError::NotInstalled,
            (Some(Self { major: found, .. }), Some((data, written_by))) => {
                EmbeddedError::OtherVersion { data: data.to_owned(), written_by, found }
            }
            (Some(Self { dir, major: found }), None) => EmbeddedError::TooOld { dir, found },
        })
    }

    /// A command that runs one of them as the given user, untouched by our environment
    /// (`PGDATA`, `PGOPTIONS` and the like would steer it).
    pub(super) fn command(&self, tool: &str, account: &Account) -> Command {
        let mut command = Command::new(self.dir.join(tool));
        command.env_clear().env("LC_ALL", "C").current_dir("/");
        if let Some(path) = env::var_os("PATH") {
            command.env("PATH", path);
        }
        account.apply(&mut command);
        command
    }
}

fn candidates() -> Result<Vec<PathBuf>, EmbeddedError> {
    if let Some(dir) = env::var_os("PG_BIN_DIR").filter(|dir| !dir.is_empty()) {
        let dir = PathBuf::from(dir);
        return if is_complete(&dir) { Ok(vec![dir]) } else { Err(EmbeddedError::NoBinaries(dir)) };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(newest_first(Path::new(DEBIAN), "")
        .into_iter()
        .chain(HOMEBREW.iter().flat_map(|dir| newest_first(Path::new(dir), "postgresql")))
        .map(|version| version.join("bin"))
        .chain(env::split_paths(&path))
        .filter(|dir| is_complete(dir))
        .collect())
}

/// The folders in `parent` whose names start with `prefix`, by the number at the end of the name.
fn newest_first(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    // A folder that is not there, or not for us to read, holds no binaries for us.
    let mut versions: Vec<_> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter_map(|path| Some((version_in(path.file_name()?, prefix)?, path)))
        .collect();
    versions.sort_by_key(|(version, _)| Reverse(*version));
    versions.into_iter().map(|(_, path)| path).collect()
}

/// `16` of `16` or of `postgresql@16`; an unversioned formula comes last.
fn version_in(name: &OsStr, prefix: &str) -> Option<u32> {
    let rest = name.to_str()?.strip_prefix(prefix)?.trim_start_matches('@');
    if rest.is_empty() { Some(0) } else { rest.parse().ok() }
}

fn is_complete(dir: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|tool| dir.join(tool).is_file())
}

async fn major_of(dir: &Path) -> Result<u32, EmbeddedError> {
    let postgres = dir.join("postgres");
    let output = Command::new(&postgres)
        .arg("--version")
        .output()
        .await
        .map_err(EmbeddedError::io("run", &postgres))?;
    parse_major(&String::from_utf8_lossy(&output.stdout)).ok_or(EmbeddedError::Unusable(postgres))
}

/// `15` of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `18` of `… 18beta1`.
fn parse_major(version: &str) -> Option<u32> {
    let number = version.strip_prefix("postgres (PostgreSQL) ")?;
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_the_server_says() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(parse_major("mysqld 8"), None);
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version_in(OsStr::new("9"), ""), Some(9));
        assert!(version_in(OsStr::new("15"), "") > version_in(OsStr::new("9"), ""));
        assert_eq!(version_in(OsStr::new("postgresql@17"), "postgresql"), Some(17));
        assert_eq!(version_in(OsStr::new("postgresql"), "postgresql"), Some(0));
        assert_eq!(version_in(OsStr::new("redis"), "postgresql"), None);
    }
}
