//! Reading a stream as the state of its aggregate.

use crate::error::CommandError;
use crate::execute::Commands;
use crate::request::Stamp;
use domain::aggregate::Aggregate;
use std::sync::Arc;
use store::{LogId, Position, RecordedEvent, StreamId};

/// How many events are read at once when a stream is folded.
const PAGE: u32 = 500;

/// An aggregate's state after some of its events.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded<A> {
    /// Its stream; for a record, its id.
    pub stream: StreamId,
    /// The state.
    pub state: A,
    /// How many events it is made of; 0 if there are none, and then the stamps say nothing.
    pub version: u32,
    /// Position of the last of them in the log.
    pub position: Position,
    /// When and by whom the first was recorded.
    pub created: Stamp,
    /// When and by whom the last was recorded.
    pub updated: Stamp,
}

/// Which state of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The present one.
    Now,
    /// After so many events.
    Version(u32),
    /// After the log's events up to this position.
    Position(Position),
}

impl At {
    fn includes(self, event: &RecordedEvent) -> bool {
        match self {
            Self::Now => true,
            Self::Version(version) => event.version <= version,
            Self::Position(position) => event.position <= position,
        }
    }
}

impl<A: Aggregate> Folded<A> {
    /// The state before the first event.
    pub(crate) fn empty(stream: StreamId) -> Self {
        Self {
            stream,
            state: A::default(),
            version: 0,
            position: 0,
            created: Stamp::default(),
            updated: Stamp::default(),
        }
    }

    /// The state after one more event, already decoded.
    pub(crate) fn then(mut self, event: A::Event, position: Position, stamp: Stamp) -> Self {
        self.state = self.state.evolve(event);
        self.version += 1;
        self.position = position;
        if self.version == 1 {
            self.created = stamp;
        }
        self.updated = stamp;
        self
    }

    /// The state after one more recorded event.
    pub(crate) fn apply(self, event: &RecordedEvent) -> Result<Self, CommandError> {
        let member = event.meta()?.actor.member;
        let stamp = Stamp { time: event.recorded_at, member };
        Ok(self.then(event.decode()?, event.position, stamp))
    }
}

impl Commands {
    /// The present state of a stream; version 0 if it does not exist or is of another kind.
    pub async fn load<A: Aggregate>(
        &self,
        log: LogId,
        stream: impl Into<StreamId>,
    ) -> Result<Arc<Folded<A>>, CommandError> {
        let stream = stream.into();
        let now = self.clock().now();
        let known = self.cache().get(log, stream);
        let known = known.unwrap_or_else(|| Arc::new(Folded::empty(stream)));
        let folded = self.fold(log, known, At::Now).await?;
        self.cache().put(log, &folded, now);
        Ok(folded)
    }

    /// The state of a stream as this process knows it, read anew if it was not read for two
    /// seconds: for names and the like, which another process may have changed just now.
    pub async fn load_recent<A: Aggregate>(
        &self,
        log: LogId,
        stream: impl Into<StreamId>,
    ) -> Result<Arc<Folded<A>>, CommandError> {
        let stream = stream.into();
        match self.cache().recent(log, stream, self.clock().now()) {
            Some(folded) => Ok(folded),
            None => self.load(log, stream).await,
        }
    }

    /// An earlier state of a stream; version 0 if it did not exist yet.
    pub async fn load_at<A: Aggregate>(
        &self,
        log: LogId,
        stream: impl Into<StreamId>,
        at: At,
    ) -> Result<Arc<Folded<A>>, CommandError> {
        let stream = stream.into();
        match at {
            At::Now => self.load(log, stream).await,
            At::Version(_) | At::Position(_) => {
                self.fold(log, Arc::new(Folded::empty(stream)), at).await
            }
        }
    }

    /// Carries `known` forward to `at`.
    async fn fold<A: Aggregate>(
        &self,
        log: LogId,
        mut known: Arc<Folded<A>>,
        at: At,
    ) -> Result<Arc<Folded<A>>, CommandError> {
        loop {
            let events = self.log().read_stream(log, known.stream, known.version, PAGE).await?;
            let wanted = events.iter().take_while(|event| at.includes(event));
            let mut taken = 0;
            // What is another kind of thing does not exist as this kind.
            for event in wanted.take_while(|event| event.kind() == A::KIND) {
                known = Arc::new(Arc::unwrap_or_clone(known).apply(event)?);
                taken += 1;
            }
            if taken < PAGE as usize {
                return Ok(known);
            }
        }
    }
}
