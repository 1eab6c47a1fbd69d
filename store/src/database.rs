//! Connections: one login per runtime role, none of which owns anything.

use crate::secret::RootSecret;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use std::fmt::Write as _;
use std::time::Duration;

/// The durable schema, embedded in the binary.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// The logins that a server uses; `migrate` makes them and sets their derived passwords.
const APP: &str = "hindsight_app";
const PROJECTOR: &str = "hindsight_projector";
const LOADER: &str = "hindsight_loader";

/// Privileges on the database itself, which neither a template nor a dump carries: workers make a
/// schema for each version of a read model, and nobody makes temporary tables that could stand
/// before the real ones on a path.
pub(crate) const GRANT_ON_DATABASE: &str = "DO $$ BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO hindsight_projector', current_database());
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$";

/// Why the database could not be prepared or reached.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A migration failed or was changed after it ran.
    #[error("migration")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database failed.
    #[error("database")]
    Sql(#[from] sqlx::Error),
}

/// Pools of connections by role.
#[derive(Clone, Debug)]
pub struct Database {
    /// Request handlers: calls the append functions and those of the vault. Single statements
    /// only, each a transaction of its own; nobody may begin one here (see [`Database::reader`]).
    pub app: PgPool,
    /// Request handlers: reads worlds under row-level security, in transactions.
    pub reader: PgPool,
    /// Projection workers: owns the worlds, fills them in transactions.
    pub projector: PgPool,
    /// Projection workers: reads the log. Single statements only.
    pub follower: PgPool,
    /// Bulk import: inserts into the log's tables by COPY.
    pub loader: PgPool,
}

/// How many connections each pool may hold.
#[derive(Clone, Copy, Debug)]
pub struct PoolSizes {
    /// Request handlers, for statements, and as many again for transactions.
    pub app: u32,
    /// Projection workers, for transactions, and half as many for statements.
    pub projector: u32,
    /// Bulk import.
    pub loader: u32,
}

impl Default for PoolSizes {
    fn default() -> Self {
        Self { app: 10, projector: 8, loader: 2 }
    }
}

/// Brings the durable schema up to date and sets the roles' passwords, as the owner.
///
/// # Errors
/// If a migration fails, or `admin` may not create roles.
pub async fn migrate(admin: &PgConnectOptions, root: &RootSecret) -> Result<(), DatabaseError> {
    // Statements here hold passwords, which no log may show.
    let admin = admin.clone().disable_statement_logging();
    let mut connection = PgConnection::connect_with(&admin).await?;
    // Two processes that start at once migrate one after the other.
    let cluster = lock_cluster(&admin).await?;
    sqlx::query("SELECT pg_advisory_lock(4869746)").execute(&mut connection).await?;
    MIGRATIONS.run(&mut connection).await?;
    sqlx::query(GRANT_ON_DATABASE).execute(&mut connection).await?;
    for role in [APP, PROJECTOR, LOADER] {
        let password = password(root, role);
        // What is so already is not set again: servers of another database are logging in by it.
        if can_log_in(&admin, role, &password).await {
            continue;
        }
        let sql = format!("ALTER ROLE {role} PASSWORD '{password}'");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await?;
    }
    sqlx::query("SELECT pg_advisory_unlock(4869746)").execute(&mut connection).await?;
    connection.close().await?;
    if let Some(cluster) = cluster {
        cluster.close().await?;
    }
    Ok(())
}

/// The database that every cluster has, to meet in.
const MEETING: &str = "postgres";

/// Waits until nobody else prepares a database of this cluster; the lock lasts as long as the
/// connection. Advisory locks are a database's own while the roles are the cluster's: two databases
/// that are prepared at once would both make them, and one would fail half-way. Where the owner may
/// not enter the meeting place, or it was dropped, two must not be prepared at once.
async fn lock_cluster(admin: &PgConnectOptions) -> Result<Option<PgConnection>, DatabaseError> {
    let meeting = admin.clone().database(MEETING);
    let mut connection = match PgConnection::connect_with(&meeting).await {
        Ok(connection) => connection,
        Err(error) => {
            tracing::debug!(%error, "databases of this cluster are not prepared one by one");
            return Ok(None);
        }
    };
    sqlx::query("SELECT pg_advisory_lock(4869748)").execute(&mut connection).await?;
    Ok(Some(connection))
}

async fn can_log_in(admin: &PgConnectOptions, role: &str, password: &str) -> bool {
    let options = admin.clone().username(role).password(password);
    PgConnection::connect_with(&options).await.is_ok()
}

/// The migrations, for telling whether a template is of this version.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn migrations() -> impl Iterator<Item = &'static sqlx::migrate::Migration> {
    MIGRATIONS.iter()
}

fn password(root: &RootSecret, role: &str) -> String {
    root.derive(&format!("role {role}")).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Database {
    /// Opens the pools. `admin` names host, port and database; user and password are the roles'.
    ///
    /// # Errors
    /// If a role cannot log in.
    pub async fn connect(
        admin: &PgConnectOptions,
        root: &RootSecret,
        sizes: PoolSizes,
    ) -> Result<Self, DatabaseError> {
        let pool = |role: &'static str, pool: PgPoolOptions, size: u32| {
            let options = admin
                .clone()
                .username(role)
                .password(&password(root, role))
                .application_name("hindsight")
                // The rollback below warns when there was nothing to roll back, which is always.
                .options([("client_min_messages", "error")])
                .statement_cache_capacity(200);
            pool.max_connections(size).connect_with(options)
        };
        Ok(Self {
            app: pool(APP, for_statements(), sizes.app).await?,
            reader: pool(APP, for_transactions(), sizes.app).await?,
            projector: pool(PROJECTOR, for_transactions(), sizes.projector).await?,
            follower: pool(PROJECTOR, for_statements(), sizes.projector.div_ceil(2)).await?,
            loader: pool(LOADER, for_transactions(), sizes.loader).await?,
        })
    }

    /// Closes all pools, waiting for connections in use.
    pub async fn close(&self) {
        self.app.close().await;
        self.reader.close().await;
        self.projector.close().await;
        self.follower.close().await;
        self.loader.close().await;
    }
}

/// A connection that was idle for longer is tried before it is used: a round trip that one which
/// answered a moment ago can be spared.
const FRESH: Duration = Duration::from_secs(1);

fn for_statements() -> PgPoolOptions {
    PgPoolOptions::new()
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}

fn for_transactions() -> PgPoolOptions {
    // A request that is dropped inside BEGIN hands its connection back within the open
    // transaction (sqlx 0.9.0); what the next one writes would be lost with it.
    for_statements().after_release(|connection, _| {
        Box::pin(async move {
            sqlx::query("ROLLBACK").execute(&mut *connection).await?;
            Ok(true)
        })
    })
}
