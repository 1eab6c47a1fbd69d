//! `GET` and `PATCH /portal/me`: a client, for themselves.

use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, Shape, params, records};
use crate::routes::records::ANSWER_HEADERS;
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use commands::portal;
use domain::catalogue::Catalogue as _;
use domain::client::EDITABLE;
use domain::contact::ContactFields;
use domain::organization::Module;
use serde::Serialize;
use serde_json::{Map, Value};
use store::Position;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a client sees of themselves and of whom they deal with.
#[derive(Serialize, ToSchema)]
struct PortalMe {
    /// The organization.
    organization: ServingOrganization,
    /// What one is called there.
    display_name: String,
    /// The name of whom to turn to; `null` if nobody is named.
    contact_person: Option<String>,
    /// The version of the details, as in `ETag`.
    version: u32,
    /// One's own details: each as it is, or `null`.
    #[schema(schema_with = records::own_details_reference)]
    details: Map<String, Value>,
    /// The details that one may change.
    editable: Vec<&'static str>,
}

/// An organization, for its clients.
#[derive(Serialize, ToSchema)]
struct ServingOrganization {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: Option<String>,
    /// The language that it writes in, BCP 47.
    locale: String,
}

fn answer() -> Shape {
    Shape::of::<PortalMe>().and(records::own_details())
}

/// The endpoint that shows it.
pub fn read() -> Endpoint {
    Endpoint::get("/portal/me", "get_own_details", show)
        .for_clients()
        .of(Module::Portal)
        .about(super::TAG, "Oneself as a client")
        .answers_shape(200, "The client.", answer(), &ANSWER_HEADERS)
}

/// The endpoint that changes it.
pub fn change() -> Endpoint {
    Endpoint::patch("/portal/me", "change_own_details", edit)
        .for_clients()
        .of(Module::Portal)
        .about(super::TAG, "Change one's own details")
        .details("`null` clears a detail; one that is not sent stays as it is.")
        .params(params::command())
        .body_shape(records::own_changes(), true)
        .answers_shape(200, "The client since.", answer(), &ANSWER_HEADERS)
}

async fn show(State(app): State<App>, auth: Auth) -> ApiResult<Response> {
    app.portal_me(&auth, None).await
}

async fn edit(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    body: CommandBody<Map<String, Value>>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "edit_own_details", &headers, &body.bytes);
    let done = app.portal.change(&request, headers.if_match, &body.value).await?;
    app.portal_me(&auth, Some(done.position)).await
}

impl AppState {
    async fn portal_me(&self, auth: &Auth, position: Option<Position>) -> ApiResult<Response> {
        let own = self.portal.own_details(&auth.actor).await?;
        let fields = &own.contact.state.fields;
        let detail = |index| {
            let value = fields.get(index).map_or(Value::Null, |value| value.to_json());
            (ContactFields::def(index).name.to_owned(), value)
        };
        let organization = &own.organization.state;
        let body = PortalMe {
            organization: ServingOrganization {
                id: auth.actor.organization.0,
                name: organization.name.clone(),
                locale: organization.settings.locale.clone(),
            },
            display_name: own.display_name,
            contact_person: own.contact_person,
            version: own.contact.version,
            details: portal::shown().map(detail).collect(),
            editable: EDITABLE.to_vec(),
        };
        let headers = AppendHeaders([
            (header::ETAG, etag(own.contact.version)),
            (POSITION, HeaderValue::from(position.unwrap_or(own.contact.position))),
        ]);
        Ok((headers, Json(body)).into_response())
    }
}
