//! A database of one's own for each test, connected as the runtime roles.
//!
//! The cluster comes from `HINDSIGHT_TEST_DATABASE_URL` (a superuser's), which `make test` sets.
#![allow(
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests stop where they fail"
)]

use crate::database::{self, Database, GRANT_ON_DATABASE, PoolSizes};
use crate::postgres::PostgresLog;
use crate::secret::RootSecret;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

/// The secret of all tests. Roles belong to the cluster, so their passwords must agree.
pub const ROOT_SECRET: &str = "the secret of every test, 32+ bytes";

/// Few, since tests run side by side.
const SIZES: PoolSizes = PoolSizes { app: 8, projector: 4, loader: 2 };

/// The root secret of all tests.
pub fn root_secret() -> RootSecret {
    RootSecret::try_new(ROOT_SECRET.as_bytes()).expect("long enough")
}

/// A migrated database that nobody else uses.
#[derive(Debug)]
pub struct TestDatabase {
    /// Pools of the runtime roles.
    pub database: Database,
    /// The owner's connection, for looking behind the scenes.
    pub admin: PgConnectOptions,
}

impl TestDatabase {
    /// Makes one, by copying a template that is migrated once per set of migrations.
    pub async fn create() -> Self {
        Self::with_pools(SIZES).await
    }

    /// Makes one with pools of the given sizes.
    pub async fn with_pools(sizes: PoolSizes) -> Self {
        let url = std::env::var("HINDSIGHT_TEST_DATABASE_URL").expect(
            "HINDSIGHT_TEST_DATABASE_URL is not set: run `make test`, or \
             `cargo run -p store --bin with-postgres -- cargo test`",
        );
        let cluster: PgConnectOptions = url.parse().expect("a database URL");
        let name = format!("test_{}", Uuid::now_v7().simple());
        let template = prepare_template(&cluster).await;
        let mut connection = PgConnection::connect_with(&cluster).await.expect("connects");
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("creates");
        let admin = cluster.database(&name);
        let mut own = PgConnection::connect_with(&admin).await.expect("connects");
        sqlx::query(GRANT_ON_DATABASE).execute(&mut own).await.expect("grants");
        Self::connect(admin, sizes).await
    }

    async fn connect(admin: PgConnectOptions, sizes: PoolSizes) -> Self {
        let database = Database::connect(&admin, &root_secret(), sizes).await.expect("connects");
        Self { database, admin }
    }

    /// The same database with pools of its own, as another process would have.
    pub async fn again(&self) -> Self {
        Self::connect(self.admin.clone(), SIZES).await
    }

    /// The log in it.
    pub fn log(&self) -> PostgresLog {
        PostgresLog::try_new(self.database.clone(), &root_secret()).expect("a key ring")
    }

    /// A connection as the owner.
    pub async fn admin(&self) -> PgConnection {
        PgConnection::connect_with(&self.admin).await.expect("connects")
    }
}

/// The name of a migrated template; made under a lock, since tests start side by side.
async fn prepare_template(cluster: &PgConnectOptions) -> String {
    let mut hash = Sha256::new();
    for migration in database::migrations() {
        hash.update(&migration.checksum);
    }
    let name = format!(
        "template_{:.16}",
        Uuid::from_slice(&hash.finalize()[..16]).expect("16 bytes").simple()
    );
    let mut connection = PgConnection::connect_with(cluster).await.expect("connects");
    sqlx::query("SELECT pg_advisory_lock(4869747)").execute(&mut connection).await.expect("locks");
    let (ready,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)",
    )
    .bind(&name)
    .fetch_one(&mut connection)
    .await
    .expect("looks");
    if !ready {
        for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("creates");
        }
        database::migrate(&cluster.clone().database(&name), &root_secret())
            .await
            .expect("migrates");
        let sql = format!("ALTER DATABASE {name} IS_TEMPLATE true");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("marks");
    }
    connection.close().await.expect("unlocks");
    name
}

#[cfg(test)]
mod tests {
    use super::TestDatabase;

    #[tokio::test]
    async fn runtime_roles_cannot_touch_the_log_but_by_its_functions() {
        let test = TestDatabase::create().await;
        for sql in ["SELECT 1 FROM hindsight.event", "SELECT 1 FROM hindsight.subject_key"] {
            assert!(sqlx::query(sql).execute(&test.database.app).await.is_err(), "{sql}");
        }
        sqlx::query("SELECT hindsight.create_log($1, false)")
            .bind(uuid::Uuid::nil())
            .execute(&test.database.app)
            .await
            .expect("the function is granted");
    }
}
