use super::PostgresLog;
use crate::RecordedEvent;
use crate::conformance::{self, command, part};
use crate::port::{EventLog, LogError, LogId, StreamId};
use crate::testing::TestDatabase;
use sqlx::Row as _;
use std::sync::Arc;
use uuid::Uuid;

async fn log() -> (TestDatabase, PostgresLog) {
    let test = TestDatabase::create().await;
    let log = test.log();
    (test, log)
}

macro_rules! conforms {
    ($($name:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            let (_test, log) = log().await;
            conformance::$name(&log).await;
        }
    )+};
}

conforms! {
    reads_what_was_appended,
    carries_out_a_command_once,
    refuses_what_was_decided_on_another_state,
    as_of_answers_never_change,
    bulk_appends_are_commands_like_others,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_is_lost_while_connections_are_killed() {
    let (test, log) = log().await;
    let admin = tokio::sync::Mutex::new(test.admin().await);
    let kill = async |round: u64| {
        let mut admin = admin.lock().await;
        // Every other round ends one of the server's connections, whatever it is doing.
        let sql = "SELECT pg_terminate_backend(pid), pg_sleep(0.01) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    ORDER BY md5(pid::text || $1::text) LIMIT $2";
        sqlx::query(sql)
            .bind(i64::try_from(round).unwrap())
            .bind(i64::try_from(round % 2).unwrap())
            .execute(&mut *admin)
            .await
            .unwrap();
        sqlx::query("SELECT pg_sleep(0.03)").execute(&mut *admin).await.unwrap();
    };
    conformance::no_event_is_lost_doubled_or_reordered(Arc::new(log), 8, 40, kill).await;
}

#[tokio::test]
async fn the_owner_cannot_change_what_happened() {
    let (test, log) = log().await;
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await.unwrap();
    log.append(id, command(vec![part(Uuid::now_v7(), 0, 1)])).await.unwrap();
    let mut admin = test.admin().await;
    for sql in [
        "UPDATE hindsight.event SET payload = ''",
        "DELETE FROM hindsight.event",
        "TRUNCATE hindsight.event",
        "DELETE FROM hindsight.command",
        "SET session_replication_role = replica; DELETE FROM hindsight.event",
    ] {
        let error = sqlx::raw_sql(sql).execute(&mut admin).await.unwrap_err();
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .unwrap()
            .into_owned();
        assert_eq!(code, "HS100", "{sql}");
    }
}

#[tokio::test]
async fn a_destroyed_key_erases_the_person_and_refuses_to_seal_for_them() {
    let (test, log) = log().await;
    let id = LogId(Uuid::now_v7());
    let stream = Uuid::now_v7();
    log.create_log(id, false).await.unwrap();
    log.append(id, command(vec![part(stream, 0, 1)])).await.unwrap();
    sqlx::query("UPDATE hindsight.subject_key SET secret = NULL, destroyed_at = now()")
        .execute(&mut test.admin().await)
        .await
        .unwrap();
    // Another process, which does not remember the key.
    let other = test.log();
    let event = other.read_stream(id, StreamId(stream), 0, 1).await.unwrap().remove(0);
    assert!(event.is_erased());
    assert_eq!(event.payload, b"{\"n\":1}");
    assert_eq!(conformance::read_all(&other, id).await, [event]);
    let again = other.append(id, command(vec![part(stream, 1, 1)])).await;
    assert!(matches!(again, Err(LogError::Erased(s)) if s.0 == stream), "{again:?}");
}

#[tokio::test]
async fn a_process_that_remembers_no_key_opens_what_is_sealed_for_the_record_and_for_others() {
    let (test, log) = log().await;
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await.unwrap();
    let own = part(Uuid::now_v7(), 0, 2);
    let mut mixed = part(Uuid::now_v7(), 0, 2);
    let actor = conformance::event(7, Uuid::now_v7(), conformance::moment());
    mixed.events[1].segments.extend(actor.segments);
    let sealed: Vec<Vec<Vec<u8>>> = [&own, &mixed]
        .into_iter()
        .flat_map(|part| &part.events)
        .map(|event| event.segments.iter().map(|segment| segment.bytes.clone()).collect())
        .collect();
    log.append(id, command(vec![own, mixed])).await.unwrap();
    let opened: Vec<Vec<Vec<u8>>> = conformance::read_all(&test.log(), id)
        .await
        .into_iter()
        .map(|event| event.segments.into_iter().map(|s| s.bytes.unwrap()).collect())
        .collect();
    assert_eq!(opened, sealed);
}

#[tokio::test]
async fn keys_are_found_however_the_people_of_a_page_lie_among_others() {
    let (test, log) = log().await;
    let mut admin = test.admin().await;
    // One after the other in a single millisecond; everywhere; and spread among five times as many.
    let neighbours = |n: u128| Uuid::from_u128((1 << 80) + n);
    let strangers = |n: u128| Uuid::from_u128(n << 118);
    let spread = |n: u128| Uuid::from_u128((2 << 80) + n % 100 * 5 + n / 100);
    let ids: [&dyn Fn(u128) -> Uuid; 3] = [&neighbours, &strangers, &spread];
    for id in ids {
        let log_id = LogId(Uuid::now_v7());
        log.create_log(log_id, false).await.unwrap();
        let streams: Vec<_> = (0..500).map(|n| part(id(n), 0, 1)).collect();
        let bulk = crate::port::BulkAppend { command_id: Uuid::new_v4(), streams };
        log.append_bulk(log_id, bulk).await.unwrap();
        sqlx::query(
            "UPDATE hindsight.subject_key SET secret = NULL, destroyed_at = now()
              WHERE log_id = $1 AND subject_id = $2",
        )
        .bind(log_id.0)
        .bind(id(40))
        .execute(&mut admin)
        .await
        .unwrap();
        // Another process, which remembers no key, reads a hundred of them at a time.
        let other = test.log();
        let mut erased = Vec::new();
        for after in (0..500).step_by(100) {
            let limit = crate::port::ReadLimit { events: 100, bytes: 1 << 20 };
            let page = other.read_log(log_id, after, u64::MAX, limit).await.unwrap();
            assert_eq!(page.len(), 100);
            erased.extend(page.into_iter().filter(RecordedEvent::is_erased).map(|e| e.stream.0));
        }
        assert_eq!(erased, [id(40)]);
    }
}

#[tokio::test]
async fn two_processes_that_meet_a_person_at_once_agree_on_the_key() {
    let (test, one) = log().await;
    let two = test.log();
    let id = LogId(Uuid::now_v7());
    one.create_log(id, false).await.unwrap();
    let person = Uuid::now_v7();
    let by = |log: PostgresLog| async move {
        let mut part = part(Uuid::now_v7(), 0, 1);
        part.events[0].segments[0].subject = domain::ids::SubjectId(person);
        log.append(id, command(vec![part])).await
    };
    let tasks: Vec<_> = (0..20)
        .map(|n| tokio::spawn(by(if n % 2 == 0 { one.clone() } else { two.clone() })))
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let third = test.log();
    assert!(conformance::read_all(&third, id).await.iter().all(|e| !e.is_erased()));
}

/// A fresh log has no statistics; plans made for an empty table must not become scans.
#[tokio::test]
async fn a_fresh_log_without_statistics_stays_fast() {
    let (test, log) = log().await;
    let mut admin = test.admin().await;
    sqlx::query("ALTER TABLE hindsight.event SET (autovacuum_enabled = false)")
        .execute(&mut admin)
        .await
        .unwrap();
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await.unwrap();
    log.append(id, command(vec![part(Uuid::now_v7(), 0, 1), part(Uuid::now_v7(), 0, 1)]))
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO hindsight.event (log_id, position, stream_id, version, type, schema_version,
                                      recorded_at, clock, payload, sealed, meta, leaf)
         SELECT $1, 2 + n, gen_random_uuid(), 1, 'test.happened', 1, now(), now(), '', '', '',
                decode(repeat('00', 32), 'hex') FROM generate_series(1, 200000) n",
    )
    .bind(id.0)
    .execute(&mut admin)
    .await
    .unwrap();
    sqlx::query("UPDATE hindsight.head SET position = 200002").execute(&mut admin).await.unwrap();
    let before = blocks(&mut admin).await;
    for _ in 0..20 {
        let parts = (0..10).map(|_| part(Uuid::now_v7(), 0, 1)).collect();
        log.append(id, command(parts)).await.unwrap();
    }
    let per_call = (blocks(&mut admin).await - before) / 20;
    // A scan of the table alone would touch 5,000 blocks; ten look-ups and inserts touch a few dozen.
    assert!((10..600).contains(&per_call), "{per_call} blocks a call");
}

/// Blocks touched so far in the table of events and its indexes, once the writer has reported them.
async fn blocks(admin: &mut sqlx::PgConnection) -> i64 {
    // Backends report at most once a second, unless they are made to.
    let sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sqlx::query(sql).execute(&mut *admin).await.unwrap();
    let row = sqlx::query(
        "SELECT sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::bigint AS blocks
           FROM pg_statio_all_tables WHERE schemaname = 'hindsight' AND relname = 'event'",
    )
    .fetch_one(admin)
    .await
    .unwrap();
    row.get("blocks")
}

#[tokio::test]
async fn a_writer_that_repeats_a_command_after_a_broken_connection_appends_it_once() {
    let (test, log) = log().await;
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await.unwrap();
    let mut anonymous = command(vec![part(Uuid::now_v7(), 0, 2)]);
    anonymous.command_id = None;
    let app = &test.database.app;
    let one = super::prepare::prepare(&log.keys, app, id, &anonymous, false).await.unwrap();
    let mut other = command(vec![part(Uuid::now_v7(), 0, 1), part(Uuid::now_v7(), 0, 1)]);
    other.command_id = None;
    let two = super::prepare::prepare(&log.keys, app, id, &other, false).await.unwrap();
    let mut connection = app.acquire().await.unwrap();
    for commands in [vec![one], vec![two]] {
        let first =
            super::append::append(&mut connection, id, &commands).await.unwrap().remove(0).unwrap();
        let again =
            super::append::append(&mut connection, id, &commands).await.unwrap().remove(0).unwrap();
        assert!(!first.duplicate && again.duplicate);
        assert_eq!((again.first, again.last), (first.first, first.last));
    }
    assert_eq!(log.head(id).await.unwrap().position, 4);
}
