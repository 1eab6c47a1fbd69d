//! The private Postgres: started, stopped, killed, and started again.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests stop where they fail")]

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use store::embedded::{Durability, EmbeddedError, EmbeddedOptions, EmbeddedPostgres};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A folder of one's own that any user can reach.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("hindsight-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn durable(&self) -> EmbeddedOptions {
        EmbeddedOptions { shared_buffers_mib: 16, ..EmbeddedOptions::durable(&self.0) }
    }

    fn ephemeral(&self) -> EmbeddedOptions {
        EmbeddedOptions { durability: Durability::Ephemeral, ..self.durable() }
    }

    fn data(&self) -> PathBuf {
        self.0.join("postgres/data")
    }

    fn postmaster(&self) -> rustix::process::Pid {
        let noted = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        rustix::process::Pid::from_raw(noted.lines().next().unwrap().parse().unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A server that is still ending may make files meanwhile; the system clears its own
        // folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn connect(options: &PgConnectOptions) -> PgConnection {
    PgConnection::connect_with(options).await.unwrap()
}

/// Connects as soon as a server that is being started again lets us.
async fn reconnect(options: &PgConnectOptions) -> PgConnection {
    loop {
        match PgConnection::connect_with(options).await {
            Ok(connection) => return connection,
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn remember(options: &PgConnectOptions, fact: &str) {
    let mut connection = connect(options).await;
    sqlx::query("CREATE TABLE IF NOT EXISTS memory (fact text)")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query("INSERT INTO memory VALUES ($1)")
        .bind(fact)
        .execute(&mut connection)
        .await
        .unwrap();
}

async fn remembered(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar("SELECT fact FROM memory ORDER BY fact").fetch_all(connection).await.unwrap()
}

async fn setting(connection: &mut PgConnection, name: &str) -> String {
    sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(connection).await.unwrap()
}

fn kill(pid: rustix::process::Pid) {
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_stop_and_a_start() {
    let folder = Folder::new();
    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    remember(&postgres.url().parse().unwrap(), "first").await;
    postgres.stop().await.unwrap();
    assert!(!folder.data().join("postmaster.pid").exists(), "the server has ended");

    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    let mut connection = connect(&postgres.connect_options()).await;
    assert_eq!(remembered(&mut connection).await, ["first"]);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn the_cluster_is_private_and_safe() {
    let folder = Folder::new();
    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    let mut connection = connect(&postgres.connect_options()).await;
    for (name, value) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("listen_addresses", ""),
        ("jit", "off"),
    ] {
        assert_eq!(setting(&mut connection, name).await, value, "{name}");
    }
    let upper: String =
        sqlx::query_scalar("SELECT upper('zoë')").fetch_one(&mut connection).await.unwrap();
    assert_eq!(upper, "ZOË", "letters beyond ASCII are letters");

    let sockets =
        PathBuf::from(setting(&mut connection, "unix_socket_directories").await.trim_matches('"'));
    let metadata = fs::metadata(sockets).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o700);
    let data = fs::metadata(folder.data()).unwrap();
    assert_eq!(metadata.uid(), data.uid(), "the folders belong to whom the server runs as");

    sqlx::query("CREATE ROLE clerk LOGIN PASSWORD 'right'").execute(&mut connection).await.unwrap();
    let clerk = postgres.connect_options().username("clerk");
    let refusal = PgConnection::connect_with(&clerk.clone().password("wrong")).await.unwrap_err();
    assert_eq!(refusal.as_database_error().unwrap().code().as_deref(), Some("28P01"));
    connect(&clerk.password("right")).await;
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_start_is_refused_and_harms_nothing() {
    let folder = Folder::new();
    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    let mut connection = connect(&postgres.connect_options()).await;
    let refusal = EmbeddedPostgres::start(&folder.durable()).await.unwrap_err();
    assert!(matches!(refusal, EmbeddedError::AlreadyRunning(_)), "{refusal}");
    connection.ping().await.unwrap();
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn dropping_it_lets_the_next_one_start() {
    let folder = Folder::new();
    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    remember(&postgres.connect_options(), "kept").await;
    drop(postgres);
    let postgres = loop {
        match EmbeddedPostgres::start(&folder.durable()).await {
            Ok(postgres) => break postgres,
            Err(EmbeddedError::AlreadyRunning(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    };
    let mut connection = connect(&postgres.connect_options()).await;
    assert_eq!(remembered(&mut connection).await, ["kept"]);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_postmaster_is_started_again_with_all_that_was_acknowledged() {
    let folder = Folder::new();
    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    remember(&postgres.connect_options(), "acknowledged").await;
    let mut broken = connect(&postgres.connect_options()).await;
    let killed = folder.postmaster();
    kill(killed);
    // The old backend ends with its postmaster; only a new server answers after that.
    while broken.ping().await.is_ok() {}
    let mut connection = reconnect(&postgres.connect_options()).await;
    assert_eq!(remembered(&mut connection).await, ["acknowledged"]);
    assert_ne!(folder.postmaster(), killed);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_outlived_its_killed_launcher_is_replaced() {
    let folder = Folder::new();
    let mut launcher = launch(&folder.0, &["--durable"], "echo ready; exec cat").await;
    let survivor = folder.postmaster();
    launcher.kill().await.unwrap();
    assert!(rustix::process::test_kill_process(survivor).is_ok(), "Postgres outlives its launcher");

    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    assert_ne!(folder.postmaster(), survivor);
    remember(&postgres.connect_options(), "after").await;
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn launcher_and_postmaster_killed_together_leave_a_cluster_that_starts() {
    let folder = Folder::new();
    let mut launcher = launch(&folder.0, &["--durable"], "echo ready; exec cat").await;
    let postmaster = folder.postmaster();
    launcher.start_kill().unwrap();
    kill(postmaster);
    launcher.wait().await.unwrap();

    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_process_id_that_is_by_now_somebody_elses_is_left_alone() {
    let folder = Folder::new();
    EmbeddedPostgres::start(&folder.durable()).await.unwrap().stop().await.unwrap();
    let mut bystander = Command::new("sleep").arg("1000").kill_on_drop(true).spawn().unwrap();
    let stale = format!("{}\n{}\n", bystander.id().unwrap(), folder.data().display());
    fs::write(folder.data().join("postmaster.pid"), stale).unwrap();

    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    assert!(bystander.try_wait().unwrap().is_none(), "the bystander lives");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn data_of_another_major_version_is_refused() {
    let folder = Folder::new();
    fs::create_dir_all(folder.data()).unwrap();
    for private in [folder.0.join("postgres"), folder.data()] {
        fs::set_permissions(private, fs::Permissions::from_mode(0o700)).unwrap();
    }
    fs::write(folder.data().join("PG_VERSION"), "9\n").unwrap();
    let refusal = EmbeddedPostgres::start(&folder.durable()).await.unwrap_err();
    assert!(matches!(refusal, EmbeddedError::OtherVersion { written_by: 9, .. }), "{refusal}");
}

#[tokio::test]
async fn an_ephemeral_cluster_is_empty_at_every_start_and_apart_from_the_durable_one() {
    let folder = Folder::new();
    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    remember(&postgres.connect_options(), "precious").await;
    postgres.stop().await.unwrap();
    for _ in 0..2 {
        let postgres = EmbeddedPostgres::start(&folder.ephemeral()).await.unwrap();
        let mut connection = connect(&postgres.connect_options()).await;
        assert_eq!(setting(&mut connection, "fsync").await, "off");
        let empty: bool = sqlx::query_scalar("SELECT to_regclass('memory') IS NULL")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert!(empty);
        remember(&postgres.connect_options(), "passing").await;
        postgres.stop().await.unwrap();
    }
    let postgres = EmbeddedPostgres::start(&folder.durable()).await.unwrap();
    let mut connection = connect(&postgres.connect_options()).await;
    assert_eq!(remembered(&mut connection).await, ["precious"]);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_path_that_is_too_long_or_odd_for_a_socket_is_no_obstacle() {
    let folder = Folder::new();
    for name in ["x".repeat(120), "with, comma \"quote\" and ünicode".to_owned()] {
        let options = EmbeddedOptions { data_dir: folder.0.join(name), ..folder.ephemeral() };
        let postgres = EmbeddedPostgres::start(&options).await.unwrap();
        connect(&postgres.url().parse().unwrap()).await;
        let socket_dir = postgres.connect_options().get_socket().unwrap().clone();
        postgres.stop().await.unwrap();
        fs::remove_dir_all(socket_dir).unwrap();
    }
}

#[tokio::test]
async fn the_tool_passes_on_the_url_and_the_exit_code() {
    let folder = Folder::new();
    let script = "test -n \"$HINDSIGHT_TEST_DATABASE_URL\" && echo ready && exit 42";
    let mut tool = launch(&folder.0, &[], script).await;
    assert_eq!(tool.wait().await.unwrap().code(), Some(42));
}

#[tokio::test]
async fn an_interrupted_tool_ends_its_commands_children_and_stops_the_server() {
    let folder = Folder::new();
    let mut tool = launch(&folder.0, &["--durable"], "(sleep 1000; :) & echo ready; wait").await;
    let pid = i32::try_from(tool.id().unwrap()).unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(tool.wait().await.unwrap().code(), Some(128 + 15));
    assert!(!folder.data().join("postmaster.pid").exists(), "the server has ended");
    // The grandchild held the other end of this pipe.
    let mut rest = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut tool.stdout.take().unwrap(), &mut rest)
        .await
        .unwrap();
}

/// Starts `with-postgres … -- sh -c SCRIPT` and waits until the script said `ready`. A script that
/// reads its input ends with this test at the latest, even if nobody is left to end it.
async fn launch(data: &Path, options: &[&str], script: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_with-postgres"))
        .arg("--data")
        .arg(data)
        .args(options)
        .args(["--", "sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    assert_eq!(line, "ready\n");
    child.stdout = Some(stdout.into_inner());
    child
}
