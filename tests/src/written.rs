//! What stands in the logs.

use std::collections::BTreeMap;

/// How many events of each kind there are, in the logs of all organizations and of the instance.
/// Mails are not looked at: those that were asked for earlier are on their way.
pub async fn events(admin: &mut sqlx::PgConnection) -> BTreeMap<String, i64> {
    let sql =
        "SELECT type, count(*) FROM hindsight.event WHERE type NOT LIKE 'mail%' GROUP BY type";
    let rows: Vec<(String, i64)> =
        sqlx::query_as(sql).fetch_all(admin).await.expect("counts events");
    rows.into_iter().collect()
}
