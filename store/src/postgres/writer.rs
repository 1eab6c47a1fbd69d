//! Group commit: one task per busy log writes whatever has gathered while the previous batch was
//! being committed. No timer: alone, a command goes out at once.

use super::append;
use super::prepare::Prepared;
use super::wake::Wake;
use crate::port::{Appended, LogError, LogId};
use sqlx::PgPool;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Commands that may wait for one log; beyond it callers are told to come back.
const QUEUE: usize = 1_024;
/// Most commands in a batch.
const BATCH_COMMANDS: usize = 256;
/// Most bytes in a batch.
const BATCH_BYTES: usize = 1 << 20;
/// Writers that may keep their connection while nothing waits; the others give it back.
const WARM_WRITERS: usize = 4;
/// How long a connection is kept for a log that was just written to.
const WARM: Duration = Duration::from_millis(500);
/// How long a writer without work stays.
const IDLE: Duration = Duration::from_mins(1);
/// How often a batch is tried again when the connection breaks; the outcome of the broken try is
/// unknown, but command ids make repeating it safe.
const TRIES: u32 = 5;

/// Why a command was not written.
#[derive(Debug)]
pub enum WriteError {
    /// A subject that was thought new has a key; seal again.
    KeyExists,
    /// Anything else.
    Log(LogError),
}

/// The outcome for each command of a batch.
pub type Verdict = Result<Appended, WriteError>;

struct Waiting {
    command: Prepared,
    reply: oneshot::Sender<Verdict>,
}

/// The writers of all logs.
#[derive(Clone)]
pub struct Writers {
    pool: PgPool,
    wake: Wake,
    queues: Arc<Mutex<HashMap<LogId, mpsc::Sender<Waiting>>>>,
    warm: Arc<Semaphore>,
}

impl std::fmt::Debug for Writers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writers")
    }
}

impl Writers {
    pub fn new(pool: PgPool, wake: Wake) -> Self {
        let warm = Arc::new(Semaphore::new(WARM_WRITERS));
        Self { pool, wake, queues: Arc::default(), warm }
    }

    /// Writes a command, together with whatever else waits for the same log.
    pub async fn append(&self, log: LogId, command: Prepared) -> Verdict {
        let (reply, verdict) = oneshot::channel();
        let mut waiting = Waiting { command, reply };
        loop {
            match self.queue(log).try_send(waiting) {
                Ok(()) => break,
                Err(TrySendError::Full(_)) => return Err(WriteError::Log(LogError::Overloaded)),
                // The writer left for want of work just now; the next turn starts another.
                Err(TrySendError::Closed(back)) => waiting = back,
            }
        }
        verdict.await.unwrap_or(Err(WriteError::Log(LogError::Overloaded)))
    }

    fn queue(&self, log: LogId) -> mpsc::Sender<Waiting> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&log).filter(|queue| !queue.is_closed()) {
            return queue.clone();
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        queues.insert(log, sender.clone());
        let writer = Writer { log, writers: self.clone(), held: VecDeque::new(), connection: None };
        tokio::spawn(writer.run(receiver));
        sender
    }
}

struct Writer {
    log: LogId,
    writers: Writers,
    /// Commands that clash with one in the batch being written, in order of arrival.
    held: VecDeque<Waiting>,
    connection: Option<PoolConnection<Postgres>>,
}

impl Writer {
    async fn run(mut self, mut queue: mpsc::Receiver<Waiting>) {
        while let Some(first) = self.next(&mut queue).await {
            let batch = self.gather(first, &mut queue);
            self.write(batch).await;
            // Callers that were just answered often come again at once: let them run first, so that
            // they go together instead of in two halves that wait for each other.
            tokio::task::yield_now().await;
        }
    }

    /// The next command; gives the connection back, and in the end leaves, when none comes.
    async fn next(&mut self, queue: &mut mpsc::Receiver<Waiting>) -> Option<Waiting> {
        if let Some(waiting) = self.held.pop_front() {
            return Some(waiting);
        }
        if let Ok(waiting) = queue.try_recv() {
            return Some(waiting);
        }
        if self.connection.is_some() {
            if let Ok(_permit) = self.writers.warm.try_acquire()
                && let Ok(next) = tokio::time::timeout(WARM, queue.recv()).await
            {
                return next;
            }
            self.connection = None;
        }
        if let Ok(next) = tokio::time::timeout(IDLE, queue.recv()).await {
            return next;
        }
        // What was sent before the close is still served; who comes after it starts a new writer.
        queue.close();
        queue.recv().await
    }

    /// A batch without two commands on one stream, or with the same new key or command id: within
    /// one statement they could not see each other.
    fn gather(&mut self, first: Waiting, queue: &mut mpsc::Receiver<Waiting>) -> Vec<Waiting> {
        let mut taken = HashSet::new();
        let mut size = first.command.size;
        taken.extend(claims(&first.command));
        let mut batch = vec![first];
        let mut later = VecDeque::new();
        while batch.len() < BATCH_COMMANDS && size < BATCH_BYTES {
            let Some(next) = self.held.pop_front().or_else(|| queue.try_recv().ok()) else { break };
            if claims(&next.command).any(|claim| taken.contains(&claim)) {
                later.push_back(next);
                if later.len() >= BATCH_COMMANDS {
                    break;
                }
                continue;
            }
            taken.extend(claims(&next.command));
            size += next.command.size;
            batch.push(next);
        }
        later.append(&mut self.held);
        self.held = later;
        batch
    }

    async fn write(&mut self, batch: Vec<Waiting>) {
        let (commands, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.command, waiting.reply)).unzip();
        let verdicts = self.write_persistently(&commands).await;
        if verdicts.iter().any(|v| v.as_ref().is_ok_and(|a| !a.duplicate)) {
            self.writers.wake.appended();
        }
        for (reply, verdict) in replies.into_iter().zip(verdicts) {
            // A caller that is gone does not wait for its verdict; the command stands.
            drop(reply.send(verdict));
        }
    }

    async fn write_persistently(&mut self, commands: &[Prepared]) -> Vec<Verdict> {
        let mut tries = 1;
        loop {
            match self.try_write(commands).await {
                Ok(verdicts) => return verdicts,
                Err(error) if is_broken(&error) && tries < TRIES => {
                    tracing::warn!(%error, tries, "append interrupted; trying again");
                    self.connection = None;
                    tokio::time::sleep(Duration::from_millis(50 << tries)).await;
                    tries += 1;
                }
                Err(error) => {
                    self.connection = None;
                    return fail(error, commands.len());
                }
            }
        }
    }

    async fn try_write(&mut self, commands: &[Prepared]) -> Result<Vec<Verdict>, sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.writers.pool.acquire().await?),
        };
        append::append(connection, self.log, commands).await
    }
}

/// What a command must have to itself within a batch.
fn claims(command: &Prepared) -> impl Iterator<Item = (u8, uuid::Uuid)> + '_ {
    command
        .command_id
        .into_iter()
        .map(|id| (0, id))
        .chain(command.streams.iter().map(|s| (1, s.stream)))
        .chain(command.new_keys.iter().map(|k| (2, k.subject.0)))
}

/// Whether trying again on a new connection may help.
fn is_broken(error: &sqlx::Error) -> bool {
    // Class 57P: the server is shutting down or starting; 40: serialization, deadlock.
    let passing = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code.starts_with("57P") || code.starts_with("40"));
    passing
        || matches!(
            error,
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut
        )
}

/// The same failure for every command of a batch.
fn fail(error: sqlx::Error, count: usize) -> Vec<Verdict> {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .unwrap_or_default()
        .into_owned();
    let mut first = Some(error);
    let verdict = || {
        Err(match code.as_str() {
            "HS002" => WriteError::KeyExists,
            "HS003" => WriteError::Log(LogError::FutureTime),
            _ => WriteError::Log(first.take().map_or(LogError::Overloaded, LogError::Database)),
        })
    };
    std::iter::repeat_with(verdict).take(count).collect()
}
