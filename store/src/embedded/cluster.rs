//! The cluster on disk: made once, of one major version, with our settings at every start.

use super::account::Account;
use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::layout::{Layout, absent_is_fine};
use super::{ADMIN, DATABASE, Durability, EmbeddedOptions, PORT};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::Stdio;

/// What decides upper and lower case and what a letter is; sorting is by code point everywhere.
const CTYPE: &str = if cfg!(target_os = "linux") { "C.UTF-8" } else { "en_US.UTF-8" };

/// The major version that wrote the data, or none where there is no data yet.
pub(super) fn written_by(data: &Path) -> Result<Option<u32>, EmbeddedError> {
    let path = data.join("PG_VERSION");
    let version = match fs::read_to_string(&path) {
        Ok(version) => version,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(EmbeddedError::io("read", path)(error)),
    };
    let major = version.trim().parse().map_err(io::Error::other);
    major.map(Some).map_err(EmbeddedError::io("understand", path))
}

/// Makes a new cluster. A start that is killed here leaves nothing that looks like one: the
/// folder gets its name when it is complete.
pub(super) async fn create(
    binaries: &Binaries,
    account: &Account,
    layout: &Layout,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    let unfinished = layout.root.join("data.unfinished");
    wipe(&unfinished)?;
    DirBuilder::new()
        .mode(0o700)
        .create(&unfinished)
        .map_err(EmbeddedError::io("create", &unfinished))?;
    account.own(&unfinished)?;
    let mut initdb = binaries.command("initdb", account);
    initdb
        .arg("--pgdata")
        .arg(&unfinished)
        .args(["--username", ADMIN, "--auth=trust", "--encoding=UTF8", "--data-checksums"])
        .args(["--locale-provider=libc", "--locale=C", "--lc-ctype", CTYPE])
        .stdin(Stdio::null())
        .kill_on_drop(true);
    match durability {
        Durability::Durable => {}
        Durability::Ephemeral => _ = initdb.arg("--no-sync"),
    }
    let output = initdb.output().await.map_err(EmbeddedError::io("run", "initdb"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(EmbeddedError::Initdb(said.trim().replace('\n', "; ")));
    }
    fs::rename(&unfinished, &layout.data).map_err(EmbeddedError::io("rename", &unfinished))?;
    File::open(&layout.root)
        .and_then(|folder| folder.sync_all())
        .map_err(EmbeddedError::io("flush", &layout.root))
}

/// Removes a cluster that nobody keeps.
pub(super) fn wipe(data: &Path) -> Result<(), EmbeddedError> {
    absent_is_fine(fs::remove_dir_all(data)).map_err(EmbeddedError::io("remove", data))
}

/// Says who may log in: the superuser from a folder that only we may enter, the runtime roles
/// with their passwords, so that a wrong one is found out here and not on somebody's own server.
pub(super) fn write_access(layout: &Layout) -> Result<(), EmbeddedError> {
    let rules = format!("local all,replication {ADMIN} trust\nlocal all all scram-sha-256\n");
    fs::write(&layout.access, rules).map_err(EmbeddedError::io("write", &layout.access))
}

/// The server's settings, given at every start, so that the program's version decides them and
/// not the day on which the cluster was made.
pub(super) async fn settings(
    binaries: &Binaries,
    account: &Account,
    layout: &Layout,
    options: &EmbeddedOptions,
) -> Result<Vec<String>, EmbeddedError> {
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("port={PORT}"),
        // A list, in which a quoted name may hold commas.
        format!("unix_socket_directories=\"{}\"", layout.socket_dir.display()),
        "unix_socket_permissions=0700".to_owned(),
        format!("hba_file={}", layout.access.display()),
        format!("max_connections={}", options.max_connections),
        format!("shared_buffers={}MB", options.shared_buffers_mib),
        "work_mem=16MB".to_owned(),
        "maintenance_work_mem=256MB".to_owned(),
        "autovacuum_work_mem=64MB".to_owned(),
        "max_wal_size=4GB".to_owned(),
        "checkpoint_timeout=15min".to_owned(),
        // Solid-state disks: a random page costs little more than the next one.
        "random_page_cost=1.1".to_owned(),
        "jit=off".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
        // Errors go to the client, who knows what may be logged; their texts, details and
        // statements hold personal data.
        "log_min_messages=log".to_owned(),
        "log_min_error_statement=panic".to_owned(),
        "log_error_verbosity=terse".to_owned(),
        "logging_collector=off".to_owned(),
    ];
    if accepts(binaries, account, layout, "wal_compression=lz4").await? {
        settings.push("wal_compression=lz4".to_owned());
    }
    match options.durability {
        Durability::Durable => {}
        Durability::Ephemeral => settings.extend(
            ["fsync=off", "full_page_writes=off", "synchronous_commit=off"].map(str::to_owned),
        ),
    }
    Ok(settings)
}

/// Whether these binaries know a setting's value: compression depends on how they were built.
async fn accepts(
    binaries: &Binaries,
    account: &Account,
    layout: &Layout,
    setting: &str,
) -> Result<bool, EmbeddedError> {
    let name = setting.split('=').next().unwrap_or(setting);
    let status = binaries
        .command("postgres", account)
        .arg("-D")
        .arg(&layout.data)
        .args(["-c", setting, "-C", name])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .map_err(EmbeddedError::io("run", "postgres"))?;
    Ok(status.success())
}

/// Makes our database if it is missing, as it is after the first start or one that was killed.
pub(super) async fn create_database(connect: &PgConnectOptions) -> Result<(), EmbeddedError> {
    let mut connection = PgConnection::connect_with(&connect.clone().database("postgres")).await?;
    let exists = sqlx::query("SELECT FROM pg_database WHERE datname = $1")
        .bind(DATABASE)
        .fetch_optional(&mut connection)
        .await?;
    if exists.is_none() {
        let sql = format!("CREATE DATABASE {DATABASE}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}
