//! `PATCH /contacts/{id}` and the like.

use super::command;
use crate::auth::Auth;
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, records};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Permission, Verb};
use domain::error::FieldError;
use domain::normalize;
use domain::patch::{self, InputRules};
use domain::record::RecordType;
use serde_json::{Map, Value};
use uuid::Uuid;

/// The member of the body that is no field: a note to keep with the change.
pub const NOTE: &str = "note";
const LONGEST_NOTE: usize = 500;

/// The endpoint.
pub fn endpoint<R: RecordType>() -> Endpoint {
    let endpoint = Endpoint::patch(
        format!("/{}/{{id}}", R::PLURAL),
        format!("change_{}", R::KIND),
        handler::<R>,
    )
    .needs([Permission::on::<R>(Verb::Read), Permission::on::<R>(Verb::Update)])
    .about(R::PLURAL, format!("Change fields of a {}", R::LABEL.to_lowercase()))
    .details(
        "`null` clears a field; a field that is not sent stays as it is. `note` is kept with the \
         change, such as why the status changed.",
    )
    .body_shape(records::changes::<R>(), true);
    command::document::<R>(endpoint)
}

async fn handler<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<Map<String, Value>>,
) -> ApiResult<Response> {
    let mut fields = body.value;
    let note = take_note(&mut fields).map_err(|fault| ApiError::invalid(vec![fault]))?;
    let patch =
        patch::parse::<R::Fields>(&fields, &InputRules::default()).map_err(ApiError::invalid)?;
    let request = app.command(&auth, "edit", &headers, &body.bytes);
    let done = app.records.change::<R>(&request, id, headers.if_match, patch, note).await?;
    command::respond(&app, &auth, StatusCode::OK, done).await
}

fn take_note(fields: &mut Map<String, Value>) -> Result<Option<String>, FieldError> {
    match fields.remove(NOTE) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => normalize::lines(&text, LONGEST_NOTE).map_err(|_| {
            FieldError::new(NOTE, "invalid_note", "At most 500 characters, none of them invisible.")
        }),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(FieldError::new(NOTE, "wrong_type", "A note is text."))
        }
    }
}
