//! `GET` and `PATCH /organization`, `POST /organization/revert`, and another key for registration.

use super::body::{self, OrganizationSettings};
use crate::auth::Auth;
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use domain::access::Permission;
use domain::organization::{Module, SettingsPatch};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What shall be otherwise; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrganizationChanges)]
struct Changes {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Base currency, ISO 4217.
    #[schema(max_length = 3)]
    currency: Option<String>,
    /// IANA name of a time zone, such as `Europe/Berlin`.
    #[schema(max_length = 64)]
    time_zone: Option<String>,
    /// BCP 47 tag, such as `de-CH`.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// First month of the fiscal year.
    #[schema(minimum = 1, maximum = 12)]
    fiscal_year_start: Option<u8>,
    /// Exactly the modules to have.
    #[schema(max_items = 50)]
    modules: Option<BTreeSet<String>>,
    /// Whether only owners may enter.
    maintenance: Option<bool>,
    /// Whether anybody may register as a client.
    self_registration: Option<bool>,
}

/// What to go back to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrganizationRevert)]
struct Revert {
    /// The version that had the settings.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    to_version: u32,
}

/// Nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Nothing)]
struct Nothing {}

/// The endpoint that shows the settings.
pub fn read() -> Endpoint {
    Endpoint::get("/organization", "get_organization", show)
        .about(super::TAG, "The organization's settings")
        .needs([Permission::ORGANIZATION_READ])
        .answers::<OrganizationSettings>(200, "The settings.")
}

/// The endpoint that changes them.
pub fn change() -> Endpoint {
    Endpoint::patch("/organization", "change_organization", patch)
        .about(super::TAG, "Change the organization's settings")
        .needs([Permission::ORGANIZATION_UPDATE])
        .details("Maintenance and modules take effect within 5 s in every process.")
        .params(params::command())
        .body::<Changes>()
        .answers::<OrganizationSettings>(200, "The settings since.")
}

/// The endpoint that brings earlier settings back.
pub fn revert() -> Endpoint {
    Endpoint::post("/organization/revert", "revert_organization", back)
        .about(super::TAG, "Bring back earlier settings")
        .needs([Permission::ORGANIZATION_UPDATE])
        .details(
            "Name, currency, time zone, locale, fiscal year and modules. Maintenance and \
             registration stay as they are.",
        )
        .params(params::command())
        .body::<Revert>()
        .answers::<OrganizationSettings>(200, "The settings since.")
}

/// The endpoint that replaces the key of the registration.
pub fn replace_key() -> Endpoint {
    Endpoint::post("/organization/registration_key", "replace_registration_key", replace)
        .about(super::TAG, "Replace the key that clients register by")
        .needs([Permission::ORGANIZATION_UPDATE])
        .details("The address of before leads nowhere from then on.")
        .of(Module::Portal)
        .params(params::command())
        .body::<Nothing>()
        .answers::<OrganizationSettings>(200, "The settings since.")
}

async fn show(State(app): State<App>, auth: Auth) -> ApiResult<Response> {
    Ok(body::respond(&*app.organizations.get(auth.actor.organization).await?))
}

async fn patch(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    body: CommandBody<Changes>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "settings", &headers, &body.bytes);
    let wanted = body.value;
    let patch = SettingsPatch {
        name: wanted.name,
        currency: wanted.currency,
        time_zone: wanted.time_zone,
        locale: wanted.locale,
        fiscal_year_start: wanted.fiscal_year_start,
        modules: wanted.modules,
        maintenance: wanted.maintenance,
        self_registration: wanted.self_registration,
    };
    let done = app.organizations.change(&request, headers.if_match, patch).await?;
    Ok(body::respond_done(&done))
}

async fn back(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    body: CommandBody<Revert>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "revert", &headers, &body.bytes);
    let version = body.value.to_version;
    let done = app.organizations.revert(&request, headers.if_match, version).await?;
    Ok(body::respond_done(&done))
}

async fn replace(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    body: CommandBody<Nothing>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "settings", &headers, &body.bytes);
    let done = app.organizations.replace_registration_key(&request, headers.if_match).await?;
    Ok(body::respond_done(&done))
}
