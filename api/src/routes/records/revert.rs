//! `POST /contacts/{id}/revert` and the like.

use super::command;
use crate::auth::Auth;
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::{ApiError, ApiResult};
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Permission, Verb};
use domain::catalogue::{Catalogue as _, FieldIndex};
use domain::error::FieldError;
use domain::record::RecordType;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which values to bring back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Revert)]
struct Body {
    /// The version that had the values.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    to_version: u32,
    /// The fields to bring back; all, if absent.
    #[serde(default)]
    #[schema(max_items = 200)]
    fields: Option<Vec<String>>,
}

/// The endpoint.
pub fn endpoint<R: RecordType>() -> Endpoint {
    let endpoint = Endpoint::post(
        format!("/{}/{{id}}/revert", R::PLURAL),
        format!("revert_{}", R::KIND),
        handler::<R>,
    )
    .needs([Permission::on::<R>(Verb::Read), Permission::on::<R>(Verb::Update)])
    .about(R::PLURAL, format!("Bring back earlier values of a {}", R::LABEL.to_lowercase()))
    .details("A new change, which stands in the history and can itself be reverted.")
    .body::<Body>();
    command::document::<R>(endpoint)
}

async fn handler<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<Body>,
) -> ApiResult<Response> {
    let fields = body.value.fields.as_deref().map(indices::<R>).transpose()?;
    let request = app.command(&auth, "revert", &headers, &body.bytes);
    let done = app
        .records
        .revert::<R>(&request, id, headers.if_match, body.value.to_version, fields.as_deref())
        .await?;
    command::respond(&app, &auth, StatusCode::OK, done).await
}

fn indices<R: RecordType>(names: &[String]) -> ApiResult<Vec<FieldIndex>> {
    let unknown = |at: usize| {
        let pointer = format!("fields/{at}");
        ApiError::invalid(vec![FieldError::new(
            &pointer,
            "unknown_field",
            "There is no such field.",
        )])
    };
    names
        .iter()
        .enumerate()
        .map(|(at, name)| R::Fields::index(name).ok_or_else(|| unknown(at)))
        .collect()
}
