//! `/api_keys`

use crate::auth::{Auth, RecentAuth, SessionAuth};
use crate::extract::{Json, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};
use commands::CommandRequest;
use domain::access::Permission;
use domain::api_key::ApiKey;
use domain::ids::ApiKeyId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

const TAG: &str = "api_keys";

/// What a key is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewApiKey {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The permissions that it passes on, as far as its member holds them: `contacts:read`.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 200)]
    scopes: BTreeSet<String>,
    /// When it ends, in a year at the latest.
    expires_at: DateTime<Utc>,
}

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
struct Shown {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: Option<String>,
    /// Whose it is.
    member: Option<Uuid>,
    /// The permissions that it passes on, as far as its member holds them.
    #[schema(value_type = Vec<String>)]
    scopes: BTreeSet<String>,
    /// When it ends.
    expires_at: Option<DateTime<Utc>>,
    /// The last day (UTC) on which it was used.
    used_on: Option<NaiveDate>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
struct MadeApiKey {
    /// To be sent as `Authorization: Bearer hs_…`. It cannot be had again.
    key: String,
    /// What is known of it.
    #[serde(flatten)]
    about: Shown,
}

/// The keys that are not revoked.
#[derive(Serialize, ToSchema)]
struct ApiKeys {
    /// Newest first.
    items: Vec<Shown>,
}

impl Shown {
    fn of(id: ApiKeyId, key: ApiKey) -> Self {
        Self {
            id: id.0,
            name: key.name,
            member: key.owner.map(|(_, member)| member.0),
            scopes: key.scopes,
            expires_at: key.expires_at,
            used_on: key.used_on,
        }
    }
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(
            Endpoint::get("/api_keys", "list_api_keys", list)
                .for_any_member()
                .about(TAG, "One's API keys, or everybody's if one may see those")
                .answers::<ApiKeys>(200, "The keys, without their secrets.")
                .build(),
        )
        .routes(
            Endpoint::post("/api_keys", "create_api_key", create)
                .needs([Permission::API_KEYS_CREATE])
                .about(TAG, "Make an API key")
                .details(
                    "It may do what its member may, as far as its scopes go, and ends with them. \
                     Asks for recent authentication.",
                )
                .body::<NewApiKey>()
                .leads_to(&["revoke_api_key"], &[])
                .answers::<MadeApiKey>(201, "The key; shown only once.")
                .build(),
        )
        .routes(
            Endpoint::delete("/api_keys/{id}", "revoke_api_key", revoke)
                .for_any_member()
                .about(TAG, "Revoke an API key")
                .param(params::id("API key"))
                .answers_empty(204, "It is good no longer, within a few seconds everywhere.")
                .build(),
        )
}

impl AppState {
    fn key_request(&self, auth: &Auth, kind: &'static str) -> CommandRequest {
        self.commands.request(auth.log(), auth.caller(), auth.origin.clone(), kind)
    }
}

async fn list(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
) -> ApiResult<axum::Json<ApiKeys>> {
    let keys = app.identity.api_keys(&auth.actor).await?;
    let items = keys.into_iter().map(|(id, key)| Shown::of(id, key)).collect();
    Ok(axum::Json(ApiKeys { items }))
}

async fn create(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    Json(body): Json<NewApiKey>,
) -> ApiResult<Response> {
    auth.demand(Permission::API_KEYS_CREATE)?;
    let request = app.key_request(&auth, "create_api_key");
    let NewApiKey { name, scopes, expires_at } = body;
    let made = app.identity.create_api_key(&request, &auth.actor, name, scopes, expires_at).await?;
    let about = Shown::of(made.id, made.state);
    Ok((StatusCode::CREATED, axum::Json(MadeApiKey { key: made.key, about })).into_response())
}

async fn revoke(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Path(id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let request = app.key_request(&auth, "revoke_api_key");
    app.identity.revoke_api_key(&request, &auth.actor, ApiKeyId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
