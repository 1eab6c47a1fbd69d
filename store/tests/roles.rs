//! The roles of a cluster, which all its databases share.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests stop where they fail")]

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use store::RootSecret;
use store::database::{Database, PoolSizes, migrate};
use store::embedded::{Durability, EmbeddedOptions, EmbeddedPostgres};

const ROLES: [&str; 4] =
    ["hindsight_app", "hindsight_searcher", "hindsight_projector", "hindsight_loader"];

async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

async fn prepare(cluster: &PgConnectOptions, name: &str, root: &RootSecret) {
    let admin = cluster.clone().database(name);
    migrate(&admin, root).await.unwrap();
    let sizes = PoolSizes { app: 1, projector: 1, loader: 1 };
    Database::connect(&admin, root, sizes).await.unwrap().close().await;
}

#[tokio::test]
async fn databases_of_one_cluster_are_prepared_at_once() {
    let folder = std::env::temp_dir().join(format!("hindsight-{}", uuid::Uuid::new_v4()));
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let options = EmbeddedOptions {
        shared_buffers_mib: 16,
        durability: Durability::Ephemeral,
        ..EmbeddedOptions::durable(&folder)
    };
    let postgres = EmbeddedPostgres::start(&options).await.unwrap();
    let cluster = postgres.connect_options();
    let root = RootSecret::try_new(b"the secret of this test, 32+ bytes").unwrap();
    let mut owner = PgConnection::connect_with(&cluster).await.unwrap();
    for round in 0..5 {
        // Nothing is there: no roles, no passwords.
        let names = [0, 1, 2].map(|number| format!("crm_{round}_{number}"));
        for name in &names {
            run(&mut owner, format!("CREATE DATABASE {name}")).await;
        }
        let [one, two, three] = names.each_ref().map(|name| prepare(&cluster, name, &root));
        tokio::join!(one, two, three);
        for name in &names {
            run(&mut owner, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
        for role in ROLES {
            run(&mut owner, format!("DROP ROLE {role}")).await;
        }
    }
    owner.close().await.unwrap();
    postgres.stop().await.unwrap();
    // The system clears its own folder for temporary files.
    let _ = fs::remove_dir_all(&folder);
}
