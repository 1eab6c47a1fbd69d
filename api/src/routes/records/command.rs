//! What all commands on records share: their circumstances, and their answer.

use super::render;
use crate::auth::Auth;
use crate::extract::CommandHeaders;
use crate::extract::headers::answer;
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params, records};
use crate::state::{App, AppState};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use commands::{At, CommandRequest, Done, IdempotencyKey};
use domain::record::{Record, RecordType};

impl AppState {
    /// The circumstances of a command: a gesture of its own, carried out once per key.
    pub fn command(
        &self,
        auth: &Auth,
        kind: &'static str,
        headers: &CommandHeaders,
        body: &[u8],
    ) -> CommandRequest {
        let mut request =
            self.commands.request(auth.log(), auth.caller(), auth.origin.clone(), kind);
        request.reason.clone_from(&headers.reason);
        match &headers.idempotency_key {
            None => request,
            Some(key) => {
                let key = IdempotencyKey {
                    principal: auth.actor.user.0,
                    route: &headers.route,
                    key,
                    body,
                };
                self.commands.keyed(request, &key)
            }
        }
    }
}

/// Answers with the record as the command left it behind.
pub async fn respond<R: RecordType>(
    app: &App,
    auth: &Auth,
    status: StatusCode,
    done: Done<Record<R>>,
) -> ApiResult<Response> {
    let body = render::record(app, auth, &done.folded, At::Now).await?;
    Ok((status, answer(&done), Json(body)).into_response())
}

/// The headers of the answer to a command, for the documentation.
pub const ANSWER_HEADERS: [(&str, &str); 3] = [
    ("ETag", "The record's version, quoted."),
    ("Hindsight-Position", "A read that shows this position shows the change."),
    ("Hindsight-Action", "The action to undo it by; absent if nothing changed."),
];

/// Documents a command on one record.
pub fn document<R: RecordType>(endpoint: Endpoint) -> Endpoint {
    endpoint.param(params::id(&R::LABEL.to_lowercase())).params(params::command()).answers_shape(
        200,
        "The record since.",
        records::output::<R>(),
        &ANSWER_HEADERS,
    )
}
