//! What every adapter of [`EventLog`] must do, as functions that an adapter's tests call.
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests stop where they fail"
)]

use crate::envelope::{ActorRef, Channel, Meta};
use crate::port::{
    Append, BulkAppend, EventLog, Expected, LogError, LogId, NewEvent, Position, ReadLimit,
    StreamAppend, StreamId,
};
use chrono::{DateTime, Duration, Utc};
use domain::codec::PlainSegment;
use domain::ids::{ActionId, SubjectId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

/// A fixed moment, in the past.
pub fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_750_000_000_000_000).expect("a time")
}

/// An event that says `n`, with a sealed word of `subject`.
pub fn event(n: u64, subject: Uuid, at: DateTime<Utc>) -> NewEvent {
    NewEvent {
        event_type: "test.happened",
        schema_version: 1,
        payload: format!("{{\"n\":{n}}}").into_bytes(),
        segments: vec![PlainSegment {
            subject: SubjectId(subject),
            group: "record",
            bytes: format!("{{\"secret\":{n}}}").into_bytes(),
        }],
        meta: Arc::new(Meta {
            actor: ActorRef::SYSTEM,
            on_behalf_of: None,
            action: ActionId(Uuid::nil()),
            action_kind: "test".into(),
            channel: Channel::Worker,
            causation: None,
            correlation: None,
            source: None,
        }),
        recorded_at: at,
    }
}

/// A part of a command: `count` events on a stream that is at `version`.
pub fn part(stream: Uuid, version: u32, count: u32) -> StreamAppend {
    let events = (1..=count).map(|n| event(u64::from(version + n), stream, moment())).collect();
    StreamAppend { stream: StreamId(stream), expected: Expected::at(version), events }
}

/// A command over the given parts.
pub fn command(streams: Vec<StreamAppend>) -> Append {
    Append { command_id: Some(Uuid::new_v4()), fingerprint: None, streams }
}

async fn fresh(log: &dyn EventLog) -> LogId {
    let id = LogId(Uuid::now_v7());
    log.create_log(id, false).await.unwrap();
    id
}

/// Everything in a log, read in small pieces, checked to be contiguous.
pub async fn read_all(log: &dyn EventLog, id: LogId) -> Vec<crate::RecordedEvent> {
    let mut all: Vec<crate::RecordedEvent> = Vec::new();
    loop {
        let after = all.last().map_or(0, |e| e.position);
        let limit = ReadLimit { events: 97, bytes: 1 << 16 };
        let page = log.read_log(id, after, Position::MAX, limit).await.unwrap();
        if page.is_empty() {
            return all;
        }
        for event in page {
            assert_eq!(event.position, all.len() as Position + 1, "positions have no gaps");
            all.push(event);
        }
    }
}

/// What was appended is read as it was, in order, opened.
pub async fn reads_what_was_appended(log: &dyn EventLog) {
    let id = fresh(log).await;
    let (a, b) = (Uuid::now_v7(), Uuid::now_v7());
    let first = log.append(id, command(vec![part(a, 0, 3), part(b, 0, 1)])).await.unwrap();
    assert_eq!((first.first, first.last, first.duplicate), (1, 4, false));
    let second = log.append(id, command(vec![part(a, 3, 1)])).await.unwrap();
    assert_eq!((second.first, second.last), (5, 5));

    let all = read_all(log, id).await;
    assert_eq!(all.len(), 5);
    let of_a: Vec<_> = log.read_stream(id, StreamId(a), 0, 100).await.unwrap();
    assert_eq!(of_a.iter().map(|e| e.version).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(of_a[3].payload, b"{\"n\":4}");
    assert_eq!(of_a[3].segments[0].bytes.as_deref(), Some(b"{\"secret\":4}".as_slice()));
    assert_eq!(of_a[3].recorded_at, moment());
    assert_eq!(log.read_stream(id, StreamId(a), 3, 100).await.unwrap().len(), 1);
    assert_eq!(log.read_stream(id, StreamId(a), 0, 2).await.unwrap().len(), 2);
    let some = log.read_events(id, &[5, 2, 9]).await.unwrap();
    assert_eq!(some, [all[1].clone(), all[4].clone()], "in order, and what is not there is not");
    assert_eq!(log.head(id).await.unwrap().position, 5);
    assert!(matches!(log.head(LogId(Uuid::now_v7())).await, Err(LogError::NoSuchLog)));
}

/// A command that was carried out is found again and not carried out twice.
pub async fn carries_out_a_command_once(log: &dyn EventLog) {
    let id = fresh(log).await;
    let stream = Uuid::now_v7();
    let mut once = command(vec![part(stream, 0, 2)]);
    once.fingerprint = Some([7; 16]);
    let first = log.append(id, once.clone()).await.unwrap();
    // The same command decided on a later state is still the same command.
    let mut again = command(vec![part(stream, 2, 1)]);
    again.command_id = once.command_id;
    let repeated = log.append(id, again).await.unwrap();
    assert!(repeated.duplicate);
    assert_eq!((repeated.first, repeated.last), (first.first, first.last));
    assert_eq!(repeated.fingerprint, Some([7; 16]));
    let found = log.find_command(id, once.command_id.unwrap()).await.unwrap().unwrap();
    assert_eq!(found.last, 2);
    assert!(log.find_command(id, Uuid::now_v7()).await.unwrap().is_none());
    assert_eq!(read_all(log, id).await.len(), 2);
}

/// An append on a state that has passed is refused, and nothing of it remains.
pub async fn refuses_what_was_decided_on_another_state(log: &dyn EventLog) {
    let id = fresh(log).await;
    let (a, b) = (Uuid::now_v7(), Uuid::now_v7());
    log.append(id, command(vec![part(a, 0, 2)])).await.unwrap();
    for stale in [part(a, 0, 1), part(a, 1, 1), part(a, 3, 1)] {
        let expected = stale.expected.version();
        let result = log.append(id, command(vec![part(b, 0, 1), stale])).await;
        let Err(LogError::Conflict { stream, expected: e, actual }) = result else {
            panic!("expected a conflict, got {result:?}");
        };
        assert_eq!((stream, e, actual), (StreamId(a), expected, 2));
        let alone = log.append(id, command(vec![part(a, expected, 1)])).await;
        assert!(matches!(alone, Err(LogError::Conflict { actual: 2, .. })), "{alone:?}");
    }
    assert!(log.read_stream(id, StreamId(b), 0, 10).await.unwrap().is_empty());
    assert_eq!(read_all(log, id).await.len(), 2);
    let nowhere = log.append(LogId(Uuid::now_v7()), command(vec![part(a, 0, 1)])).await;
    assert!(matches!(nowhere, Err(LogError::NoSuchLog)), "{nowhere:?}");
    let twice = log.append(id, command(vec![part(b, 0, 1), part(b, 1, 1)])).await;
    assert!(matches!(twice, Err(LogError::Malformed(_))));
    assert!(matches!(log.append(id, command(vec![])).await, Err(LogError::Malformed(_))));
}

/// An asked-for moment keeps its answer, whatever is appended later.
pub async fn as_of_answers_never_change(log: &dyn EventLog) {
    let id = fresh(log).await;
    let stream = Uuid::now_v7();
    let at = |minutes| moment() + Duration::minutes(minutes);
    let append = |version: u32, minutes| {
        let mut part = part(stream, version, 1);
        part.events[0].recorded_at = at(minutes);
        command(vec![part])
    };
    log.append(id, append(0, 0)).await.unwrap();
    log.append(id, append(1, 10)).await.unwrap();
    // A server whose clock lags: the log's clock does not go back.
    log.append(id, append(2, 5)).await.unwrap();
    assert_eq!(log.position_at(id, at(-1)).await.unwrap(), 0);
    assert_eq!(log.position_at(id, at(5)).await.unwrap(), 1);
    assert_eq!(log.position_at(id, at(10)).await.unwrap(), 3);
    assert_eq!(log.position_at(id, at(20)).await.unwrap(), 3);
    log.append(id, append(3, 15)).await.unwrap();
    assert_eq!(log.position_at(id, at(20)).await.unwrap(), 3, "the answer stays");
    assert_eq!(log.position_at(id, at(21)).await.unwrap(), 4);
    let future = Utc::now() + Duration::hours(1);
    assert!(matches!(log.position_at(id, future).await, Err(LogError::FutureTime)));
    let mut early = append(4, 0);
    early.streams[0].events[0].recorded_at = future;
    assert!(matches!(log.append(id, early).await, Err(LogError::FutureTime)));
}

/// Bulk appends stand in the same order as everything else and are carried out once.
pub async fn bulk_appends_are_commands_like_others(log: &dyn EventLog) {
    let id = fresh(log).await;
    log.append(id, command(vec![part(Uuid::now_v7(), 0, 1)])).await.unwrap();
    let streams: Vec<_> = (0..500).map(|_| part(Uuid::now_v7(), 0, 1)).collect();
    let bulk = BulkAppend { command_id: Uuid::new_v4(), streams };
    let first = log.append_bulk(id, bulk.clone()).await.unwrap();
    assert_eq!((first.first, first.last), (2, 501));
    assert!(log.append_bulk(id, bulk.clone()).await.unwrap().duplicate);
    let stream = bulk.streams[499].stream;
    log.append(id, command(vec![part(stream.0, 1, 1)])).await.unwrap();
    let events = log.read_stream(id, stream, 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|e| e.position).collect::<Vec<_>>(), [501, 502]);
    assert!(events.iter().all(|e| !e.is_erased()));
    assert_eq!(read_all(log, id).await.len(), 502);
}

/// Writers race with delays and aborts while readers tail and `disturb` breaks connections: each
/// reader sees each acknowledged event exactly once, in order, without gaps.
pub async fn no_event_is_lost_doubled_or_reordered(
    log: Arc<dyn EventLog>,
    writers: u64,
    commands: u64,
    disturb: impl AsyncFn(u64),
) {
    let id = fresh(&*log).await;
    let contended = Uuid::now_v7();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> =
        (0..3).map(|_| tokio::spawn(tail(Arc::clone(&log), id, Arc::clone(&done)))).collect();
    let tasks: Vec<_> = (0..writers)
        .map(|w| tokio::spawn(write(Arc::clone(&log), id, w, commands, contended)))
        .collect();
    let mut round = 0;
    while !tasks.iter().all(tokio::task::JoinHandle::is_finished) {
        round += 1;
        disturb(round).await;
    }
    let mut acknowledged = HashMap::new();
    for task in tasks {
        for (command, at) in task.await.unwrap() {
            assert!(acknowledged.insert(at, command).is_none(), "two commands at one position");
        }
    }
    done.store(true, Ordering::SeqCst);
    let all = read_all(&*log, id).await;
    let mut versions: HashMap<StreamId, u32> = HashMap::new();
    for event in &all {
        let version = versions.entry(event.stream).or_default();
        *version += 1;
        assert_eq!(event.version, *version, "versions have no gaps and follow positions");
    }
    let present: HashSet<_> = all.iter().map(|e| e.position).collect();
    assert!(acknowledged.keys().all(|at| present.contains(at)), "an acknowledged event is missing");
    assert!(acknowledged.len() as u64 >= writers, "hardly anything was written");
    for reader in readers {
        let seen = reader.await.unwrap();
        let positions: Vec<_> = all.iter().map(|e| e.position).collect();
        assert_eq!(seen, positions, "a reader saw something else");
    }
}

async fn tail(log: Arc<dyn EventLog>, id: LogId, done: Arc<AtomicBool>) -> Vec<Position> {
    let mut seen = Vec::new();
    let mut appended = log.appended();
    loop {
        let last = done.load(Ordering::SeqCst);
        let after = seen.last().copied().unwrap_or(0);
        // A reader whose connection was broken reads again from where it was.
        let page = log.read_log(id, after, Position::MAX, ReadLimit::default()).await;
        match page {
            Ok(page) if page.is_empty() && last => return seen,
            Ok(page) => seen.extend(page.iter().map(|e| e.position)),
            Err(LogError::Database(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
        let wait = std::time::Duration::from_millis(2);
        drop(tokio::time::timeout(wait, appended.changed()).await);
    }
}

/// One writer: its own stream and, every third time, a stream that all fight for. Every fifth
/// command is abandoned half-way.
async fn write(
    log: Arc<dyn EventLog>,
    id: LogId,
    writer: u64,
    commands: u64,
    contended: Uuid,
) -> Vec<(Uuid, Position)> {
    let own = Uuid::now_v7();
    let mut acknowledged = Vec::new();
    for n in 0..commands {
        let mut parts = vec![next(&*log, id, own).await];
        if n % 3 == 0 {
            parts.push(next(&*log, id, contended).await);
        }
        let mut append = command(parts);
        let command_id = Uuid::new_v4();
        append.command_id = n.is_multiple_of(2).then_some(command_id);
        if n % 5 == writer % 5 {
            let abandoned = log.append(id, append);
            drop(tokio::time::timeout(std::time::Duration::from_micros(n * 40), abandoned).await);
            continue;
        }
        match log.append(id, append).await {
            Ok(appended) => {
                acknowledged.extend((appended.first..=appended.last).map(|p| (command_id, p)));
            }
            Err(LogError::Conflict { .. } | LogError::Database(_) | LogError::Overloaded) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    acknowledged
}

async fn next(log: &dyn EventLog, id: LogId, stream: Uuid) -> StreamAppend {
    loop {
        match log.read_stream(id, StreamId(stream), 0, 100_000).await {
            Ok(events) => return part(stream, events.last().map_or(0, |e| e.version), 1),
            Err(LogError::Database(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}
