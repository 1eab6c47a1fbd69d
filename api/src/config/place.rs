//! Where data goes that nobody chose a folder for.

use std::path::Path;
use store::embedded::{self, EmbeddedError};

/// In the folder that the server is started from.
pub const HERE: &str = "./data";
/// Where Debian keeps such data; for root, whose clone may lie where Postgres may not enter.
pub const SYSTEM: &str = "/var/lib/hindsight";

/// The folder, and why it is not [`HERE`].
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// Where the data goes.
    pub folder: &'static str,
    /// For the operator: what was in the way of [`HERE`].
    pub instead: Option<String>,
}

/// Chooses [`HERE`], or [`SYSTEM`] where the private Postgres could not reach that. Data that lies
/// here already is never left behind for an empty folder: then starting is refused instead.
pub fn choose() -> Place {
    place(Path::new(HERE), embedded::check_reachable(Path::new(HERE)).err())
}

fn place(here: &Path, fault: Option<EmbeddedError>) -> Place {
    match fault {
        Some(EmbeddedError::Unreachable { folder, user }) if !here.join("postgres").exists() => {
            Place {
                folder: SYSTEM,
                instead: Some(format!(
                    "The data is in {SYSTEM} instead of {}: Postgres does not run as root, and \
                     user {user} may not enter {}.",
                    here.display(),
                    folder.display()
                )),
            }
        }
        // Whatever else is wrong is said by the start itself.
        _ => Place { folder: HERE, instead: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> EmbeddedError {
        EmbeddedError::Unreachable { folder: "/root".into(), user: "postgres".to_owned() }
    }

    #[test]
    fn under_a_closed_folder_data_goes_to_the_systems_place() {
        let place = place(Path::new("/root/x/data"), Some(closed()));
        assert_eq!(place.folder, SYSTEM);
        let said = place.instead.expect("says so");
        for word in [SYSTEM, "/root/x/data", "postgres", "/root."] {
            assert!(said.contains(word), "{said}");
        }
    }

    #[test]
    fn what_can_be_reached_is_used() {
        let chosen = place(Path::new("/srv/x/data"), None);
        assert_eq!(chosen, Place { folder: HERE, instead: None });
    }

    #[test]
    fn data_that_is_here_is_not_left_behind() {
        let here = std::env::temp_dir().join(format!("hindsight-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(here.join("postgres")).expect("makes a folder");
        let chosen = place(&here, Some(closed()));
        std::fs::remove_dir_all(&here).expect("tidies up");
        assert_eq!(chosen, Place { folder: HERE, instead: None });
    }
}
