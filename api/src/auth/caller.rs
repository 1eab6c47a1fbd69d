//! The caller of a request.

use super::origin;
use crate::http::{ApiError, ApiResult};
use crate::openapi::admission::Admitted;
use crate::state::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use commands::identity::{Entrance, IdentityError, KEY_PREFIX};
use commands::{Caller, Origin};
use domain::access::{Actor, Permission, Verb};
use domain::ids::RoleId;
use domain::reach::Reach;
use domain::record::RecordType;
use projections::Scope;
use store::LogId;
use uuid::Uuid;

/// A known caller, with rights as they are now (at most a few seconds ago).
#[derive(Clone, Debug)]
pub struct Auth {
    /// The session that the token belongs to; of a program, its API key.
    pub session: Uuid,
    /// Who, in which organization, with which reach.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// Whether they may enter just now, and what there is.
    pub entrance: Entrance,
    /// The role that they look through, if they do: their rights are narrowed to it.
    pub viewing_as: Option<RoleId>,
}

impl Auth {
    /// The caller, as commands want it.
    pub fn caller(&self) -> Caller {
        Caller::Member(self.actor.clone())
    }

    /// Refuses a caller who does not hold a permission.
    pub fn demand(&self, permission: Permission) -> ApiResult<()> {
        if self.actor.holds(permission) { Ok(()) } else { Err(ApiError::not_permitted(permission)) }
    }

    /// What a caller may read of records of type `R`.
    pub fn reading<R: RecordType>(&self) -> ApiResult<Scope> {
        let read = Permission::on::<R>(Verb::Read);
        let reach = self.actor.reach(read).ok_or_else(|| ApiError::not_permitted(read))?;
        Ok(Scope::live(self.actor.organization, reach))
    }

    /// What belongs to the whole organization; of records no more than their own.
    pub fn settings(&self) -> Scope {
        Scope::live(self.actor.organization, Reach::Own(self.actor.member))
    }

    /// The log of the caller's organization.
    pub fn log(&self) -> LogId {
        self.actor.organization.into()
    }
}

impl FromRequestParts<App> for Auth {
    type Rejection = ApiError;

    /// The caller whom the endpoint admitted. One that declares itself public has none.
    async fn from_request_parts(parts: &mut Parts, _app: &App) -> ApiResult<Self> {
        let admitted = parts.extensions.get::<Admitted>().map(|Admitted(auth)| auth.clone());
        admitted.ok_or_else(missing)
    }
}

/// Finds out who asks, by their access token or API key.
pub async fn authenticate(parts: &Parts, app: &App) -> ApiResult<Auth> {
    let token = bearer(&parts.headers)?;
    let origin = origin::of(parts, app);
    if token.starts_with(KEY_PREFIX) {
        let found = app.identity.authenticate_key(&origin, token).await;
        let (actor, entrance) = found.map_err(|error| {
            if matches!(error, IdentityError::NoSession) { invalid() } else { error.into() }
        })?;
        let session = actor.key.map_or_else(Uuid::nil, |key| key.0);
        return Ok(Auth { session, actor, origin, entrance, viewing_as: None });
    }
    let claims = app.tokens.read(token, app.now()).map_err(|_| invalid())?;
    let found = app.identity.authenticate(claims.sid).await?;
    // A token that was issued before the caller's rights changed, or for another profile.
    let same = found.actor.user == claims.sub
        && found.actor.organization == claims.org
        && found.actor.member == claims.mem
        && i64::from(found.authorization_version) == claims.ver;
    if !same {
        return Err(ApiError::unauthorized(
            "token_outdated",
            "Your rights have changed since this token was issued. Refresh it.",
        ));
    }
    let entrance = found.entrance;
    Ok(Auth { session: found.session, actor: found.actor, origin, entrance, viewing_as: None })
}

fn invalid() -> ApiError {
    ApiError::unauthorized("token_invalid", "This token is not valid, or not any longer.")
}

fn missing() -> ApiError {
    ApiError::unauthorized("token_missing", "Send an access token as Bearer.")
}

/// What was sent as `Authorization: Bearer …`: an access token or an API key.
pub fn bearer(headers: &HeaderMap) -> ApiResult<&str> {
    let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
    let text = value.to_str().map_err(|_| missing())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    Ok(token.trim())
}
