//! What plain Postgres needs to take in the rows that we wrote.

use sqlx::{AssertSqlSafe, PgConnection};
use std::time::{Duration, Instant};

/// The schema of the contacts that are live.
pub async fn live_schema(admin: &mut PgConnection) -> anyhow::Result<String> {
    let schema = sqlx::query_scalar(
        "SELECT schema FROM hindsight.read_model WHERE model = 'contacts' AND state = 'live'",
    );
    Ok(schema.fetch_one(admin).await?)
}

/// Copies all events, keys and contacts into tables of the same columns and indexes, one after the
/// other, from files on the server.
pub async fn copy_same_rows(admin: &mut PgConnection) -> anyhow::Result<Duration> {
    let list = live_schema(admin).await?;
    let mut taken = Duration::ZERO;
    for table in ["hindsight.event", "hindsight.subject_key", &format!("{list}.contacts")] {
        taken += copy_table(admin, table).await?;
        println!("COPY of {table}: {:.1} s so far", taken.as_secs_f64());
    }
    Ok(taken)
}

async fn copy_table(admin: &mut PgConnection, table: &str) -> anyhow::Result<Duration> {
    let file = format!("/tmp/hindsight_bench_{}", uuid::Uuid::now_v7().simple());
    let run = async |admin: &mut PgConnection, sql: String| {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(admin).await
    };
    run(admin, format!("COPY {table} TO '{file}' BINARY")).await?;
    run(admin, format!("CREATE TABLE copied (LIKE {table} INCLUDING ALL)")).await?;
    let started = Instant::now();
    run(admin, format!("COPY copied FROM '{file}' BINARY")).await?;
    let taken = started.elapsed();
    run(admin, "DROP TABLE copied".to_owned()).await?;
    std::fs::remove_file(file)?;
    Ok(taken)
}
