//! The binary as a process: it drains on SIGTERM, and a kill loses nothing that was acknowledged

use hindsight_tests::{Client, Feed, PASSWORD, Process};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::testing::TestDatabase;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

pub const BINARY: &str = env!("CARGO_BIN_EXE_hindsight-under-test");
const WRITERS: usize = 8;
const EACH: usize = 40;

pub async fn owner(process: &Process) -> Client {
    let body = json!({
        "organization": "Acme", "full_name": "Olga", "email": "olga@example.com",
        "password": PASSWORD,
    });
    process.client(&process.sign_up(&body).await.text("/access_token"))
}

pub async fn log_in(process: &Process) -> Client {
    let body = json!({"email": "olga@example.com", "password": PASSWORD, "native": true});
    let entered = process.stranger().post("/auth/login").json(&body).send().await;
    process.client(&entered.expect_status(200).text("/access_token"))
}

/// Names whose creation was acknowledged, while `stop` falls among them after `after` of them.
async fn write_until(client: &Client, after: usize, stop: impl FnOnce()) -> BTreeSet<String> {
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let enough = Arc::new(Notify::new());
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (client, count, enough) = (client.clone(), acknowledged.clone(), enough.clone());
        tasks.spawn(async move {
            let mut mine = Vec::new();
            for number in 0..EACH {
                let name = format!("Writer {writer} number {number}");
                if !create(&client, &name).await {
                    break;
                }
                mine.push(name);
                if count.fetch_add(1, Ordering::Relaxed) + 1 == after {
                    enough.notify_one();
                }
            }
            mine
        });
    }
    enough.notified().await;
    stop();
    let mut all = BTreeSet::new();
    while let Some(mine) = tasks.join_next().await {
        all.extend(mine.unwrap());
    }
    all
}

/// Whether the server acknowledged. It may be gone before or after it did as asked.
async fn create(client: &Client, name: &str) -> bool {
    let call = client
        .post("/contacts")
        .header("idempotency-key", &name.replace(' ', "-"))
        .json(&json!({"full_name": name}));
    match call.try_send().await {
        Some(answer) => {
            assert!([201, 503].contains(&answer.status), "{}", answer.body);
            answer.status == 201
        }
        None => false,
    }
}

async fn names(client: &Client, position: u64) -> Vec<String> {
    let mut names = Vec::new();
    let mut search = json!({"limit": 200, "sort": "name"});
    loop {
        let page = client.search("contacts", search.clone(), position).await;
        names.extend(page.labels().into_iter().map(str::to_owned));
        match page.at("/next_cursor").as_str() {
            Some(cursor) => search["cursor"] = cursor.into(),
            None => return names,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_answers_what_is_in_work_and_ends_well() {
    let database = TestDatabase::create().await;
    let mut process = Process::start(BINARY, &database);
    let olga = owner(&process).await;
    let acknowledged = write_until(&olga, 30, || process.terminate()).await;
    assert!(process.wait().success(), "{}", process.logged());
    assert!(acknowledged.len() < WRITERS * EACH, "it stopped before the end");

    let again = Process::start(BINARY, &database);
    let olga = log_in(&again).await;
    let last = olga.create("contacts", json!({"full_name": "Last"})).await.position();
    let shown: BTreeSet<String> = names(&olga, last).await.into_iter().collect();
    assert!(acknowledged.is_subset(&shown));
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_feeds_and_lets_nobody_in_but_waits_for_a_slow_body() {
    let database = TestDatabase::create().await;
    let mut process = Process::start(BINARY, &database);
    let olga = owner(&process).await;
    let mut feed = Feed::open(&olga, None).await;
    assert_eq!(feed.next().await.unwrap().0, "ready");

    let address = process.base.strip_prefix("http://").unwrap().to_owned();
    let (begun, rest) = (r#"{"full_name": "#, r#""Slow Sam"}"#);
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/contacts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        olga.token(),
        begun.len() + rest.len()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    // The server says this when the handler asks for the body: the request is in work.
    let mut go_on = [0; 25];
    slow.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    slow.write_all(begun.as_bytes()).await.unwrap();

    process.terminate();
    while feed.next().await.is_some() {}
    // The listener goes at the same moment as the feeds, give or take a task switch.
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    slow.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(process.wait().code(), Some(0), "{}", process.logged());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_loses_nothing_acknowledged_and_a_repeat_doubles_nothing() {
    let database = TestDatabase::create().await;
    let mut process = Process::start(BINARY, &database);
    let olga = owner(&process).await;
    let acknowledged = write_until(&olga, 60, || process.kill()).await;
    process.wait();

    let again = Process::start(BINARY, &database);
    let olga = log_in(&again).await;
    let everything: BTreeSet<String> = (0..WRITERS)
        .flat_map(|writer| (0..EACH).map(move |n| format!("Writer {writer} number {n}")))
        .collect();
    assert!(acknowledged.is_subset(&everything));
    // Nobody knows which of the unacknowledged happened: all are sent again with their keys.
    for name in &everything {
        assert!(create(&olga, name).await);
    }
    let last = olga.create("contacts", json!({"full_name": "Last"})).await.position();
    let mut shown = names(&olga, last).await;
    shown.retain(|name| name != "Last");
    let expected: Vec<String> = everything.into_iter().collect();
    shown.sort();
    assert_eq!(shown, expected, "each exactly once");
}

#[tokio::test]
async fn a_weak_or_missing_secret_refuses_to_start_in_prod() {
    for secret in [None, Some("short"), Some(&*"a".repeat(64))] {
        let mut command = std::process::Command::new(BINARY);
        command.arg("serve").env("HINDSIGHT_ENV", "prod").env_remove("HINDSIGHT_SECRET");
        if let Some(secret) = secret {
            command.env("HINDSIGHT_SECRET", secret);
        }
        let ended = command.output().unwrap();
        assert!(!ended.status.success());
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains("secret") || said.contains("SECRET"), "{said}");
        assert!(said.lines().count() < 5, "one clear line: {said}");
    }
}
