//! `GET /live`: what has become visible, as it happens.
//!
//! The feed tells what changed, never how: a client that cares reads the record, under its rights.
//! A change is told to whoever may see the record; who could see it before and cannot any more is
//! told that it is `gone`.

use crate::auth::{Auth, caller};
use crate::http::events::{self, Gone, Outlet};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::response::sse::Event;
use domain::access::{Actor, Permission, Verb, on_kind};
use projections::{Applied, Change, ChangeKind};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use store::Position;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// Changes a second, beyond which a client is told to look again instead.
const MOST_PER_SECOND: usize = 200;
/// Rights are looked up again this often, so that a log-out ends the feed of somebody to whom
/// nothing happens; and before anything is told.
const RECHECK: Duration = Duration::from_secs(2);
const LAST_EVENT_ID: &str = "last-event-id";

/// A change, as a client is told of it.
#[derive(Serialize)]
struct Wire<'a> {
    record_type: &'a str,
    id: Uuid,
    version: u32,
    position: Position,
    change: &'static str,
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(
        Endpoint::get("/live", "watch", handler)
            .for_any_member()
            .about("live", "What changes, as it happens")
            .details(
                "Server-sent events; their id is a position, so that a client that comes back \
                 with `Last-Event-ID` knows whether it missed something. `change` tells of one \
                 record: `record_type`, `id`, `version`, `position` and `change` (`created`, \
                 `changed`, `deleted`, `restored`, `gone`). `reset` says that there was more than \
                 can be told: look again.",
            )
            .param(params::header(
                "Last-Event-ID",
                schema::pattern("^[0-9]{1,16}$"),
                "The position of the last event that was received.",
            ))
            .answers_media(200, "Events.", "text/event-stream")
            .build(),
    )
}

async fn handler(State(app): State<App>, auth: Auth, headers: HeaderMap) -> ApiResult<Response> {
    let last = match headers.get(LAST_EVENT_ID) {
        None => None,
        Some(value) => {
            Some(value.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
                ApiError::bad_request("invalid_header", "Last-Event-ID is a position.")
            })?)
        }
    };
    let key = auth.actor.key.and(caller::bearer(&headers).ok()).map(str::to_owned);
    let stopping = app.stopping.clone();
    Ok(events::stream(&stopping, move |outlet| async move {
        let mut feed = Feed { app, auth, key, outlet, second: Instant::now(), told: 0 };
        // The client is gone, or its session has ended; either way nobody listens.
        let Err(Gone) = feed.run(last).await else { return };
    }))
}

struct Feed {
    app: App,
    auth: Auth,
    /// Of a program, its API key, to be looked up again.
    key: Option<String>,
    outlet: Outlet,
    second: Instant,
    told: usize,
}

impl Feed {
    async fn run(&mut self, last: Option<Position>) -> Result<(), Gone> {
        let mut news = self.app.projections.applied();
        let log = self.auth.log();
        let now = self.app.projections.wait_for(log, 0, Duration::ZERO).await.map_err(|_| Gone)?;
        // What was missed is not kept: a client that is behind looks again.
        let event = if last.is_some_and(|last| last < now) { "reset" } else { "ready" };
        self.send(Event::default().event(event).id(now.to_string()).data("{}")).await?;
        let mut recheck = tokio::time::interval(RECHECK);
        loop {
            tokio::select! {
                told = news.recv() => match told {
                    Ok(applied) if applied.log == log => self.tell(&applied).await?,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => self.reset(None).await?,
                    Err(RecvError::Closed) => return Ok(()),
                },
                _ = recheck.tick() => self.look_up_rights().await?,
            }
        }
    }

    /// Rights as they are now, or were 2 s ago; the feed ends with the session or the key, and for
    /// whoever may not enter any more.
    async fn look_up_rights(&mut self) -> Result<(), Gone> {
        let identity = &self.app.identity;
        let found = if let Some(key) = &self.key {
            identity.authenticate_key(&self.auth.origin, key).await
        } else {
            let found = identity.authenticate(self.auth.session).await;
            found.map(|found| (found.actor, found.entrance))
        };
        let (mut actor, entrance) = found.map_err(|_| Gone)?;
        if entrance.barred.is_some() {
            return Err(Gone);
        }
        if let Some(role) = self.auth.viewing_as {
            actor = self.app.narrowed(&actor, role).await.map_err(|_| Gone)?;
        }
        if actor != self.auth.actor {
            self.auth.actor = actor;
            // What was out of sight may be in sight now, and the other way round.
            self.reset(None).await?;
        }
        Ok(())
    }

    async fn tell(&mut self, applied: &Arc<Applied>) -> Result<(), Gone> {
        self.look_up_rights().await?;
        let Some(changes) = &applied.changes else {
            return self.reset(Some(applied.position)).await;
        };
        let seen: Vec<(&Change, &'static str)> = changes
            .iter()
            .filter_map(|change| Some((change, sight(&self.auth.actor, change)?)))
            .collect();
        if self.second.elapsed() >= Duration::from_secs(1) {
            self.second = Instant::now();
            self.told = 0;
        }
        self.told += seen.len();
        if self.told > MOST_PER_SECOND {
            return self.reset(Some(applied.position)).await;
        }
        for (change, word) in seen {
            let wire = Wire {
                record_type: &change.record_type,
                id: change.id,
                version: change.version,
                position: change.position,
                change: word,
            };
            let event = Event::default().event("change").id(change.position.to_string());
            self.send(event.json_data(wire).map_err(|_| Gone)?).await?;
        }
        Ok(())
    }

    async fn reset(&mut self, position: Option<Position>) -> Result<(), Gone> {
        let event = Event::default().event("reset").data("{}");
        self.send(match position {
            Some(position) => event.id(position.to_string()),
            None => event,
        })
        .await
    }

    async fn send(&self, event: Event) -> Result<(), Gone> {
        self.outlet.send(event).await
    }
}

/// What an actor is told of a change, judged by their rights before and after it.
fn sight(actor: &Actor, change: &Change) -> Option<&'static str> {
    let (before, after) = match change.assignment {
        None if change.record_type == "invitation" => {
            let sees = actor.holds(Permission::INVITATIONS_READ);
            (sees, sees)
        }
        // Settings and members: everybody's to see.
        None => (true, true),
        Some(assignment) => match on_kind(&change.record_type, Verb::Read) {
            Some(read) => (actor.may(read, assignment.before), actor.may(read, assignment.after)),
            None => (false, false),
        },
    };
    match (before, after) {
        (false, false) => None,
        (true, false) => Some("gone"),
        // To this actor a record that comes into sight is a new one.
        (false, true) => Some("created"),
        (true, true) => Some(match change.kind {
            ChangeKind::Created => "created",
            ChangeKind::Changed => "changed",
            ChangeKind::Deleted => "deleted",
            ChangeKind::Restored => "restored",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::{Grants, ProfileKind, Rights};
    use domain::contact::ContactType;
    use domain::ids::{MemberId, OrganizationId, UserId};
    use domain::reach::ReachLevel::{self, All, Own, Team};
    use projections::Assignment;

    fn member(number: u128) -> MemberId {
        MemberId(Uuid::from_u128(number))
    }

    fn told(reach: ReachLevel, before: Option<u128>, after: Option<u128>) -> Option<&'static str> {
        let read = Permission::on::<ContactType>(Verb::Read);
        let grants = Grants { permissions: [(read, reach)].into(), ..Grants::default() };
        let actor = Actor {
            user: UserId(Uuid::from_u128(9)),
            member: member(1),
            organization: OrganizationId(Uuid::from_u128(8)),
            rights: Arc::new(Rights::resolve(ProfileKind::Staff, &[grants], [member(2)])),
            key: None,
        };
        let change = Change {
            record_type: "contact".into(),
            id: Uuid::from_u128(7),
            version: 2,
            position: 5,
            kind: ChangeKind::Changed,
            assignment: Some(Assignment { before: before.map(member), after: after.map(member) }),
        };
        sight(&actor, &change)
    }

    #[test]
    fn a_change_is_judged_before_and_after() {
        assert_eq!(told(Own, Some(1), Some(1)), Some("changed"));
        assert_eq!(told(Own, Some(1), Some(2)), Some("gone"));
        assert_eq!(told(Own, Some(2), Some(1)), Some("created"));
        assert_eq!(told(Own, Some(2), Some(2)), None);
        assert_eq!(told(Own, None, None), None);
        assert_eq!(told(All, None, None), Some("changed"));
        assert_eq!(told(Team, Some(2), Some(3)), Some("gone"));
    }
}
