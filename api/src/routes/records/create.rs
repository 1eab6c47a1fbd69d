//! `POST /contacts` and the like.

use super::command::{self, ANSWER_HEADERS};
use crate::auth::Auth;
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, records};
use crate::state::App;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::access::{Permission, Verb};
use domain::patch::{self, InputRules};
use domain::record::RecordType;
use serde_json::{Map, Value};

/// The endpoint.
pub fn endpoint<R: RecordType>() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    let mut headers = vec![("Location", "Where the record is.")];
    headers.extend(ANSWER_HEADERS);
    let verbs = ["get", "change", "delete", "restore", "revert"];
    let mut next: Vec<String> = verbs.iter().map(|verb| format!("{verb}_{}", R::KIND)).collect();
    next.extend(["history", "provenance"].iter().map(|what| format!("get_{}_{what}", R::KIND)));
    let next: Vec<&str> = next.iter().map(String::as_str).collect();
    Endpoint::post(format!("/{}", R::PLURAL), format!("create_{}", R::KIND), handler::<R>)
        .needs([Permission::on::<R>(Verb::Create)])
        .about(R::PLURAL, format!("Make a {}", R::LABEL.to_lowercase()))
        .params([idempotency, reason])
        .body_shape(records::input::<R>(), true)
        .leads_to(&next, &[])
        .answers_shape(201, "Made.", records::output::<R>(), &headers)
}

async fn handler<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    body: CommandBody<Map<String, Value>>,
) -> ApiResult<Response> {
    let patch = patch::parse::<R::Fields>(&body.value, &InputRules::default())
        .map_err(ApiError::invalid)?;
    let request = app.command(&auth, "create", &headers, &body.bytes);
    let done = app.records.create::<R>(&request, patch).await?;
    let place = format!("/api/v1/{}/{}", R::PLURAL, done.folded.stream.0);
    let mut response = command::respond(&app, &auth, StatusCode::CREATED, done).await?;
    let place = HeaderValue::try_from(place).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::LOCATION, place);
    Ok(response)
}
