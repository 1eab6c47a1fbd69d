//! The real binary as a process of its own, to be stopped and killed.

use crate::answer::Answer;
use crate::client::Client;
use crate::mailed;
use sqlx::postgres::PgConnectOptions;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use store::testing::{ROOT_SECRET, TestDatabase};
use store::vault::Purpose;
use tempfile::TempDir;

/// A running `hindsight serve`.
#[derive(Debug)]
pub struct Process {
    /// Where it listens.
    pub base: String,
    /// Where its log goes.
    pub log: PathBuf,
    child: Child,
    admin: PgConnectOptions,
    _data: TempDir,
}

impl Process {
    /// Starts `binary` (from `env!("CARGO_BIN_EXE_hindsight-under-test")`) on a database, and
    /// waits until it serves.
    pub fn start(binary: &str, database: &TestDatabase) -> Self {
        Self::start_with(binary, database, &[])
    }

    /// The same with arguments after `serve`.
    pub fn start_with(binary: &str, database: &TestDatabase, arguments: &[&str]) -> Self {
        Self::spawn(binary, database, arguments, &[])
    }

    /// The same with further settings.
    pub fn start_set(binary: &str, database: &TestDatabase, settings: &[(&str, &str)]) -> Self {
        Self::spawn(binary, database, &[], settings)
    }

    fn spawn(
        binary: &str,
        database: &TestDatabase,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Self {
        let data = tempfile::tempdir().expect("makes a folder");
        let log = data.path().join("log");
        let file = std::fs::File::create(&log).expect("makes a log");
        let mut child = Command::new(binary)
            .arg("serve")
            .args(arguments)
            .env("DATABASE_URL", url(database))
            .env("HINDSIGHT_SECRET", ROOT_SECRET)
            .env("HINDSIGHT_DATA_DIR", data.path())
            .env("HINDSIGHT_LISTEN", "127.0.0.1:0")
            .env("RUST_LOG", "trace")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .expect("starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("is piped");
        BufReader::new(output).read_line(&mut line).expect("says something");
        let base = line.split_whitespace().find(|word| word.starts_with("http"));
        let Some(base) = base else {
            let mut said = String::new();
            let mut file = std::fs::File::open(&log).expect("is there");
            file.read_to_string(&mut said).expect("is text");
            panic!("it does not serve: {line}{said}");
        };
        Self {
            base: base.trim_end_matches(';').to_owned(),
            log,
            child,
            admin: database.admin.clone(),
            _data: data,
        }
    }

    /// Runs an operator's command on the database, to its end.
    pub fn operate(binary: &str, database: &TestDatabase, arguments: &[&str]) {
        let done = Command::new(binary)
            .args(arguments)
            .env("DATABASE_URL", url(database))
            .env("HINDSIGHT_SECRET", ROOT_SECRET)
            .env("HINDSIGHT_DATA_DIR", std::env::temp_dir())
            .output()
            .expect("runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// A stranger to it.
    pub fn stranger(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// Signs up and follows the link from the mail.
    pub async fn sign_up(&self, body: &serde_json::Value) -> Answer {
        mailed::sign_up(&self.stranger(), &self.admin, body).await
    }

    /// The token of the newest link that was mailed for `purpose`.
    pub async fn mailed(&self, purpose: Purpose) -> String {
        mailed::token(&self.admin, purpose).await
    }

    /// A caller with a token.
    pub fn client(&self, token: &str) -> Client {
        Client::new(&self.base, Some(token.to_owned()))
    }

    /// Asks it to stop, as an operator's SIGTERM does.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().expect("runs kill");
        assert!(sent.success());
    }

    /// Kills it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().expect("is killed");
    }

    /// Waits until it has ended.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("ends")
    }

    /// Everything that it has logged.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).expect("is text")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, or the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The owner's address of a test's database.
fn url(database: &TestDatabase) -> String {
    let cluster = std::env::var("HINDSIGHT_TEST_DATABASE_URL").expect("is set");
    let name = database.admin.get_database().expect("has a name");
    let (address, query) = cluster.split_once('?').map_or((&*cluster, ""), |(a, q)| (a, q));
    let (server, _) = address.rsplit_once('/').expect("names a database");
    format!("{server}/{name}?{query}")
}
