//! `GET /contacts/{id}` and the like.

use super::render;
use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::extract::{Path, Query};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, records, schema};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use domain::access::{Permission, Verb};
use domain::record::RecordType;
use serde::Deserialize;
use store::Position;
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    version: Option<u32>,
    as_of: Option<DateTime<Utc>>,
}

/// The endpoint.
pub fn endpoint<R: RecordType>() -> Endpoint {
    let label = R::LABEL.to_lowercase();
    let headers = [
        ("ETag", "The version shown, quoted."),
        ("Hindsight-Position", "The position that is shown."),
    ];
    Endpoint::get(format!("/{}/{{id}}", R::PLURAL), format!("get_{}", R::KIND), handler::<R>)
        .needs([Permission::on::<R>(Verb::Read)])
        .about(R::PLURAL, format!("A {label}, as it is or as it was"))
        .details("Read from its events, so it is never behind. Deleted ones are shown too.")
        .param(params::id(&label))
        .param(params::query(
            "version",
            schema::integer(1, i32::MAX.into()),
            "Show the state after this many changes.",
        ))
        .param(params::as_of())
        .answers_shape(200, "The record.", records::output::<R>(), &headers)
}

async fn handler<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
    Query(when): Query<When>,
) -> ApiResult<Response> {
    if when.version.is_some() && when.as_of.is_some() {
        let message = "Ask for a version or for a moment, not for both.";
        return Err(ApiError::bad_parameter("version", "ambiguous", message));
    }
    let position = match when.as_of {
        Some(time) => Some(app.position_at(&auth, time).await?),
        None => None,
    };
    let at = render::at(when.version, position);
    let folded = app.records.get::<R>(&auth.caller(), auth.log(), id, at).await?;
    if when.version.is_some_and(|version| version != folded.version) {
        return Err(ApiError::not_found());
    }
    let body = render::record(&app, &auth, &folded, at).await?;
    let headers = AppendHeaders([
        (header::ETAG, etag(folded.version)),
        (POSITION, HeaderValue::from(position.unwrap_or(folded.position))),
    ]);
    Ok((headers, Json(body)).into_response())
}

impl AppState {
    /// The last position of the caller's log at a moment. From now on that answer stands.
    pub async fn position_at(&self, auth: &Auth, time: DateTime<Utc>) -> ApiResult<Position> {
        Ok(self.commands.log().position_at(auth.log(), time).await?)
    }
}
