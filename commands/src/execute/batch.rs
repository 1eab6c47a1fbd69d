//! One command on several streams: all of it is appended, or nothing.

use super::once::{MOST_RETRIES, encode};
use super::{Commands, Target};
use crate::error::CommandError;
use crate::request::CommandRequest;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::aggregate::Aggregate;
use store::{Append, LogError, Position, StreamAppend};

/// Collects the parts of a command on several streams. The caller is trusted: who may do it was
/// settled before.
pub struct Batch<'a> {
    commands: &'a Commands,
    request: &'a CommandRequest,
    parts: Vec<Box<dyn Part + 'a>>,
}

/// A command on several streams that was carried out, or had been already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchDone {
    /// A read model at this position shows it.
    pub position: Position,
    /// Whether this very command had been carried out before.
    pub duplicate: bool,
}

/// What one part came to: events to append, and where its stream was.
struct Decided {
    append: Option<StreamAppend>,
    position: Position,
}

#[async_trait]
trait Part: Send + Sync {
    async fn decide(
        &self,
        commands: &Commands,
        request: &CommandRequest,
        now: DateTime<Utc>,
    ) -> Result<Decided, CommandError>;
}

/// Commands on one stream, decided one after the other.
struct Decisions<A: Aggregate> {
    target: Target,
    commands: Vec<A::Command>,
}

#[async_trait]
impl<A: Aggregate<Command: Clone + Sync>> Part for Decisions<A> {
    async fn decide(
        &self,
        commands: &Commands,
        request: &CommandRequest,
        now: DateTime<Utc>,
    ) -> Result<Decided, CommandError> {
        let folded = commands.load::<A>(request.log, self.target.stream).await?;
        if let Some(expected) = self.target.expected.filter(|e| *e != folded.version) {
            let (current, changes) = (folded.version, Vec::new());
            return Err(CommandError::Stale { expected, current, changes });
        }
        let mut state = folded.state.clone();
        let mut events = Vec::new();
        for command in &self.commands {
            let decided = state.decide(command.clone(), now);
            let decided = decided.map_err(|error| CommandError::rejected(&error))?;
            state = decided.iter().cloned().fold(state, A::evolve);
            events.extend(decided);
        }
        let append = if events.is_empty() {
            None
        } else {
            Some(encode::<A>(request, self.target, folded.version, &events, now)?)
        };
        Ok(Decided { append, position: folded.position })
    }
}

impl<'a> Batch<'a> {
    pub(super) fn new(commands: &'a Commands, request: &'a CommandRequest) -> Self {
        Self { commands, request, parts: Vec::new() }
    }

    /// Adds commands on a stream, to be decided one after the other. No stream may occur twice.
    pub fn add<A: Aggregate<Command: Clone + Sync>>(
        mut self,
        target: Target,
        commands: Vec<A::Command>,
    ) -> Self {
        self.parts.push(Box::new(Decisions::<A> { target, commands }));
        self
    }

    /// Decides all parts and appends what they give. Deciding again if somebody was faster.
    pub async fn commit(self) -> Result<BatchDone, CommandError> {
        for _ in 0..=MOST_RETRIES {
            match self.attempt().await {
                Err(CommandError::Log(LogError::Conflict { .. })) => {}
                Err(refusal @ (CommandError::Refused(_) | CommandError::NotFound)) => {
                    return self.repeated().await?.ok_or(refusal);
                }
                other => return other,
            }
        }
        Err(CommandError::Contended)
    }

    async fn attempt(&self) -> Result<BatchDone, CommandError> {
        let now = self.commands.clock.now();
        let mut streams = Vec::new();
        let mut position = 0;
        for part in &self.parts {
            let decided = part.decide(self.commands, self.request, now).await?;
            streams.extend(decided.append);
            position = position.max(decided.position);
        }
        if streams.is_empty() {
            return Ok(BatchDone { position, duplicate: false });
        }
        let changed: Vec<_> = streams.iter().map(|append| append.stream).collect();
        let append = Append {
            command_id: self.request.command_id,
            fingerprint: self.request.fingerprint,
            streams,
        };
        let appended = self.commands.log.append(self.request.log, append).await?;
        for stream in changed {
            self.commands.cache.forget(self.request.log, stream);
        }
        if appended.fingerprint != self.request.fingerprint {
            return Err(CommandError::KeyReused);
        }
        Ok(BatchDone { position: appended.last, duplicate: appended.duplicate })
    }

    /// The answer of the first time, if the command had been carried out before.
    async fn repeated(&self) -> Result<Option<BatchDone>, CommandError> {
        let request = self.request;
        match self.commands.before(request).await? {
            Some(before) if before.fingerprint != request.fingerprint => {
                Err(CommandError::KeyReused)
            }
            before => Ok(before.map(|b| BatchDone { position: b.last, duplicate: true })),
        }
    }
}
