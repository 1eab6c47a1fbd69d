//! One command on one stream, exactly once.

use super::{Commands, Done, Target};
use crate::error::{CommandError, Denied};
use crate::folded::{At, Folded};
use crate::history::{Describe, HistoryEntry};
use crate::request::{CommandRequest, Stamp};
use chrono::{DateTime, Utc};
use domain::aggregate::Aggregate;
use std::sync::Arc;
use store::{Append, Appended, Expected, LogError, NewEvent, ReadLimit, StreamAppend};

/// How often a command is decided again because somebody else was faster.
pub(super) const MOST_RETRIES: u32 = 5;
/// How many changes a conflict tells of.
const MOST_CHANGES: u32 = 100;

type Authorize<'a, A> = &'a (dyn Fn(&A) -> Result<(), Denied> + Send + Sync);
type Decide<'a, A> = &'a (
        dyn Fn(&A, DateTime<Utc>) -> Result<Vec<<A as Aggregate>::Event>, CommandError>
            + Send
            + Sync
    );

/// What came of deciding on one state.
enum Attempt<A: Aggregate> {
    /// The events are in the log.
    Done(Done<A>),
    /// The command had been carried out before.
    Repeated(Appended),
    /// The stream is not at the version that was decided on.
    Conflict,
    /// On this state, nothing was appended.
    Settled(Settled),
}

/// Why nothing was appended.
enum Settled {
    /// It is already so.
    AlreadySo,
    /// The caller may not.
    Denied(Denied),
    /// The domain, or who made the command, said no.
    Refused(CommandError),
    /// The client decided on another version.
    Stale(u32),
}

impl Commands {
    pub(super) async fn run<A: Aggregate<Event: Describe>>(
        &self,
        request: &CommandRequest,
        target: Target,
        authorize: Authorize<'_, A>,
        decide: Decide<'_, A>,
    ) -> Result<Done<A>, CommandError> {
        // A cached state, or none for a new stream, is good enough to append on: the log refuses
        // if it is not the present one. Any other answer needs the present state.
        let (mut folded, mut present) = match self.cache.get::<A>(request.log, target.stream) {
            Some(cached) => (cached, false),
            None if target.new => (Arc::new(Folded::empty(target.stream)), false),
            None => (self.load(request.log, target.stream).await?, true),
        };
        let mut conflicts = 0;
        loop {
            match self.attempt(request, target, &folded, authorize, decide).await? {
                Attempt::Done(done) => return Ok(done),
                Attempt::Repeated(appended) => {
                    return self.repeated(request, target, appended, authorize).await;
                }
                Attempt::Settled(settled) if present => {
                    return self.settle(request, target, folded, settled, authorize).await;
                }
                Attempt::Settled(_) => {}
                Attempt::Conflict if conflicts == MOST_RETRIES => {
                    return Err(CommandError::Contended);
                }
                Attempt::Conflict => conflicts += 1,
            }
            folded = self.load(request.log, target.stream).await?;
            present = true;
        }
    }

    async fn attempt<A: Aggregate>(
        &self,
        request: &CommandRequest,
        target: Target,
        folded: &Arc<Folded<A>>,
        authorize: Authorize<'_, A>,
        decide: Decide<'_, A>,
    ) -> Result<Attempt<A>, CommandError> {
        if let Err(denied) = authorize(&folded.state) {
            return Ok(Attempt::Settled(Settled::Denied(denied)));
        }
        if let Some(expected) = target.expected.filter(|expected| *expected != folded.version) {
            return Ok(Attempt::Settled(Settled::Stale(expected)));
        }
        let now = self.clock.now();
        let events = match decide(&folded.state, now) {
            Ok(events) if events.is_empty() => return Ok(Attempt::Settled(Settled::AlreadySo)),
            Ok(events) => events,
            Err(refusal) => return Ok(Attempt::Settled(Settled::Refused(refusal))),
        };
        let append = Append {
            command_id: request.command_id,
            fingerprint: request.fingerprint,
            streams: vec![encode::<A>(request, target, folded.version, &events, now)?],
        };
        let appended = match self.log.append(request.log, append).await {
            Ok(appended) if appended.duplicate => return Ok(Attempt::Repeated(appended)),
            Ok(appended) => appended,
            Err(LogError::Conflict { .. }) => return Ok(Attempt::Conflict),
            Err(error) => return Err(error.into()),
        };
        let stamp = Stamp { time: now, member: request.caller.member() };
        let mut next = Folded::clone(folded);
        for (position, event) in (appended.first..).zip(events) {
            next = next.then(event, position, stamp);
        }
        let folded = Arc::new(next);
        self.cache.put(request.log, &folded, now);
        let (position, action) = (appended.last, Some(request.action));
        Ok(Attempt::Done(Done { folded, position, duplicate: false, action }))
    }

    /// Nothing was appended, on the present state. That may be because this very command had been
    /// carried out before: then its answer of then is the answer now.
    async fn settle<A: Aggregate<Event: Describe>>(
        &self,
        request: &CommandRequest,
        target: Target,
        folded: Arc<Folded<A>>,
        settled: Settled,
        authorize: Authorize<'_, A>,
    ) -> Result<Done<A>, CommandError> {
        if let Settled::Denied(denied) = settled {
            return Err(denied.into());
        }
        if let Some(before) = self.before(request).await? {
            return self.repeated(request, target, before, authorize).await;
        }
        match settled {
            Settled::AlreadySo => {
                let position = folded.position;
                Ok(Done { folded, position, duplicate: false, action: None })
            }
            Settled::Denied(denied) => Err(denied.into()),
            Settled::Refused(refusal) => Err(refusal),
            Settled::Stale(expected) => {
                let log = self.log();
                let events =
                    log.read_stream(request.log, target.stream, expected, MOST_CHANGES).await?;
                let changes = events.iter().map(HistoryEntry::read::<A::Event>);
                let changes = changes.collect::<Result<_, _>>()?;
                Err(CommandError::Stale { expected, current: folded.version, changes })
            }
        }
    }

    /// Where the command's events are, if it was carried out before.
    pub(crate) async fn before(
        &self,
        request: &CommandRequest,
    ) -> Result<Option<Appended>, CommandError> {
        match request.command_id {
            Some(id) => Ok(self.log.find_command(request.log, id).await?),
            None => Ok(None),
        }
    }

    /// Answers a command that was carried out before with the state that it left behind, if the
    /// caller may still see it.
    async fn repeated<A: Aggregate>(
        &self,
        request: &CommandRequest,
        target: Target,
        before: Appended,
        authorize: Authorize<'_, A>,
    ) -> Result<Done<A>, CommandError> {
        if request.fingerprint != before.fingerprint {
            return Err(CommandError::KeyReused);
        }
        let events = self
            .log
            .read_log(request.log, before.first - 1, before.last, ReadLimit::default())
            .await?;
        // A repeated creation was given another id this time; what counts is the first one's.
        let mine = events.iter().filter(|event| event.kind() == A::KIND);
        let last = mine.max_by_key(|event| (event.stream == target.stream, event.version));
        let last = last.ok_or(CommandError::KeyReused)?;
        let present = self.load::<A>(request.log, last.stream).await?;
        authorize(&present.state)?;
        let folded = if present.version == last.version {
            present
        } else {
            self.load_at(request.log, last.stream, At::Version(last.version)).await?
        };
        let action = Some(last.meta()?.action);
        Ok(Done { folded, position: before.last, duplicate: true, action })
    }
}

/// A command's events for one stream, in the form of the log.
pub(super) fn encode<A: Aggregate>(
    request: &CommandRequest,
    target: Target,
    version: u32,
    events: &[A::Event],
    now: DateTime<Utc>,
) -> Result<StreamAppend, CommandError> {
    let (meta, private) = (request.meta(), request.private_meta());
    let events = events
        .iter()
        .map(|event| NewEvent::encode(event, target.owner, meta.clone(), &private, now))
        .collect::<Result<_, _>>()?;
    let expected = Expected::at(version);
    Ok(StreamAppend { stream: target.stream, expected, events })
}
