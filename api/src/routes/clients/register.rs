//! `POST /public/{key}/register`

use crate::auth::origin::Anonymous;
use crate::extract::{Json, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use commands::identity::{Act, ClientRegistration};
use domain::ids::OrganizationId;
use serde::Deserialize;
use utoipa::ToSchema;

/// Somebody who wants to be a client.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClientRegistration)]
struct Body {
    /// Their name.
    #[schema(min_length = 1, max_length = 200)]
    full_name: String,
    /// Their address for logging in.
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// Their password; common ones are refused. Whoever has an account keeps the one they have.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
    /// Their telephone number.
    #[schema(max_length = 50)]
    phone: Option<String>,
    /// Their company.
    #[schema(max_length = 200)]
    company_name: Option<String>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/public/{key}/register", "register_client", handler)
        .about(super::TAG, "Register as a client of an organization")
        .details(
            "Sends a mail whose link goes on: to `POST /auth/registration/confirm`. The answer is \
             the same whether or not the address has an account, or the organization a contact \
             with it. `404` where clients do not register by themselves.",
        )
        .public()
        .param(params::path("key", schema::text(100), "What the organization gave out."))
        .body::<Body>()
        .answers_empty(202, "A mail is on its way.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Path(key): Path<String>,
    Json(body): Json<Body>,
) -> ApiResult<StatusCode> {
    app.throttle.attempt(Act::Register, &origin, Some(&body.email)).await?;
    let organization = app.registering_with(&key).await?;
    let input = ClientRegistration {
        full_name: body.full_name,
        email: body.email,
        password: body.password,
        phone: body.phone,
        company_name: body.company_name,
    };
    let id = OrganizationId(organization.stream.0);
    app.identity.register_client(&origin, id, input).await?;
    Ok(StatusCode::ACCEPTED)
}
