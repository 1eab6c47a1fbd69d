//! Carrying out commands: load, authorize, decide, append; again if somebody was faster.

mod batch;
mod once;
mod undo;

pub use batch::{Batch, BatchDone};
pub use undo::Undone;

use crate::cache::FoldCache;
use crate::clock::{Clock, Ids};
use crate::error::{CommandError, Denied};
use crate::folded::Folded;
use crate::history::Describe;
use crate::request::{Caller, CommandRequest, IdempotencyKey, Origin};
use domain::aggregate::Aggregate;
use domain::ids::{ActionId, SubjectId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::borrow::Cow;
use std::sync::Arc;
use store::{EventLog, LogId, Position, RootSecret, StreamId};
use uuid::Uuid;

/// Carries out commands on the aggregates of any log. Cheap to clone.
#[derive(Clone)]
pub struct Commands {
    log: Arc<dyn EventLog>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    cache: Arc<FoldCache>,
    /// Key of the fingerprints of bodies: without it, a guessed body cannot be tested.
    fingerprint_key: [u8; 32],
}

/// The stream that a command is for, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    stream: StreamId,
    owner: SubjectId,
    expected: Option<u32>,
    new: bool,
}

impl Target {
    /// An existing stream. Its personal data belongs to the subject of the same id.
    pub fn existing(stream: impl Into<StreamId>) -> Self {
        let stream = stream.into();
        Self { stream, owner: SubjectId(stream.0), expected: None, new: false }
    }

    /// A stream that does not exist yet, since its id was made for it: it need not be read.
    pub fn new(stream: impl Into<StreamId>) -> Self {
        Self { new: true, ..Self::existing(stream) }
    }

    /// The stream.
    pub fn stream(&self) -> StreamId {
        self.stream
    }

    /// The version that the client decided on (If-Match), if it said so.
    pub fn if_match(self, expected: Option<u32>) -> Self {
        Self { expected, ..self }
    }

    /// The person whose data the stream holds, if not that of the stream's own id.
    pub fn owned_by(self, owner: SubjectId) -> Self {
        Self { owner, ..self }
    }
}

/// A command that was carried out, or had been already.
#[derive(Clone, Debug)]
pub struct Done<A> {
    /// The state that it left behind.
    pub folded: Arc<Folded<A>>,
    /// A read model at this position shows it.
    pub position: Position,
    /// Whether this very command had been carried out before.
    pub duplicate: bool,
    /// The action that its events belong to; `None` if it was so already.
    pub action: Option<ActionId>,
}

impl Commands {
    /// Commands on `log`, with time and ids from outside.
    pub fn new(
        log: Arc<dyn EventLog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        root: &RootSecret,
    ) -> Self {
        let fingerprint_key = root.derive("idempotency");
        Self { log, clock, ids, cache: Arc::new(FoldCache::new()), fingerprint_key }
    }

    /// The same by another clock: for a simulated log, whose times are made up.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The log underneath.
    pub fn log(&self) -> &Arc<dyn EventLog> {
        &self.log
    }

    /// The clock that events are stamped by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The source of ids.
    pub fn ids(&self) -> &dyn Ids {
        &*self.ids
    }

    pub(crate) fn cache(&self) -> &FoldCache {
        &self.cache
    }

    /// The circumstances of a command that stands alone: a new action, and nobody who could
    /// send it again.
    pub fn request(
        &self,
        log: LogId,
        caller: Caller,
        origin: Origin,
        action_kind: impl Into<Cow<'static, str>>,
    ) -> CommandRequest {
        CommandRequest {
            log,
            caller,
            origin,
            action: ActionId(self.ids.next()),
            action_kind: action_kind.into(),
            command_id: None,
            fingerprint: None,
            reason: None,
            on_behalf_of: None,
            causation: None,
            source: None,
        }
    }

    /// The same command whenever it comes with the same key.
    pub fn keyed(&self, request: CommandRequest, key: &IdempotencyKey<'_>) -> CommandRequest {
        // A route has no line break, so that no two pairs run together to the same name.
        let name = format!("{}\n{}", key.route, key.key);
        let fingerprint = self.fingerprint(key.body);
        CommandRequest {
            command_id: Some(Uuid::new_v5(&key.principal, name.as_bytes())),
            fingerprint: Some(fingerprint),
            ..request
        }
    }

    fn fingerprint(&self, body: &[u8]) -> [u8; 16] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.fingerprint_key) else {
            unreachable!("HMAC takes a key of any length");
        };
        mac.update(body);
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        fingerprint
    }

    /// Carries out one command on one stream.
    ///
    /// `authorize` says whether the caller may, given the state; `make` gives the command, which
    /// may depend on the state too. Both may be called several times: on a cached state first, and
    /// again on a newer one.
    ///
    /// If the aggregate finds that it is already so, nothing is appended and the present state is
    /// the answer. If the same command (by its id) was carried out before, the answer is the state
    /// that it left behind then.
    pub async fn execute<A: Aggregate<Event: Describe>>(
        &self,
        request: &CommandRequest,
        target: Target,
        authorize: impl Fn(&A) -> Result<(), Denied> + Send + Sync,
        make: impl Fn(&A) -> Result<A::Command, CommandError> + Send + Sync,
    ) -> Result<Done<A>, CommandError> {
        self.run(request, target, &authorize, &|state, now| {
            state.decide(make(state)?, now).map_err(|error| CommandError::rejected(&error))
        })
        .await
    }

    /// Commands on up to 100 streams, appended all or not at all.
    pub fn batch<'a>(&'a self, request: &'a CommandRequest) -> Batch<'a> {
        Batch::new(self, request)
    }
}
