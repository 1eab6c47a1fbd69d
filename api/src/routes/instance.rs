//! `/instance`: what is decided for all organizations together, for its administrators.

use crate::auth::{Auth, RecentAuth};
use crate::config::SignUp;
use crate::extract::headers::etag;
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use commands::{Caller, CommandRequest, Folded, IdempotencyKey};
use domain::error::FieldError;
use domain::ids::UserId;
use domain::instance::{Instance, InstanceCommand};
use domain::user::User;
use serde::{Deserialize, Serialize};
use store::LogId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

const TAG: &str = "instance";

/// The instance.
#[derive(Serialize, ToSchema)]
#[schema(as = Instance)]
struct Body {
    /// Who may sign up: `open`, `invite_only` or `closed`.
    sign_up: &'static str,
    /// Whether only administrators may enter.
    maintenance: bool,
    /// The administrators.
    administrators: Vec<Administrator>,
}

/// The instance, for strangers.
#[derive(Serialize, ToSchema)]
struct PublicInstance {
    /// Who may sign up: `open`, `invite_only` or `closed`.
    sign_up: &'static str,
    /// Whether only administrators may enter.
    maintenance: bool,
}

/// An administrator of the instance.
#[derive(Serialize, ToSchema)]
#[schema(as = InstanceAdministrator)]
struct Administrator {
    /// The user.
    user: Uuid,
    /// Their address for logging in.
    email: Option<String>,
}

/// What shall be otherwise; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstanceChanges)]
struct Changes {
    /// Who may sign up: `open`, `invite_only` or `closed`.
    #[schema(max_length = 20)]
    sign_up: Option<String>,
    /// Whether only administrators may enter.
    maintenance: Option<bool>,
}

/// Somebody to be administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInstanceAdministrator)]
struct New {
    /// Their address for logging in.
    #[schema(format = Email, max_length = 254)]
    email: String,
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    let [idempotency, _, reason] = params::command();
    OpenApiRouter::new()
        .routes(
            Endpoint::get("/public", "get_public_instance", show_strangers)
                .about(TAG, "Who may sign up, and whether there is maintenance")
                .details("For pages that strangers see. No more than 5 s old.")
                .public()
                .answers::<PublicInstance>(200, "The instance.")
                .build(),
        )
        .routes(
            Endpoint::get("/instance", "get_instance", show)
                .about(TAG, "The instance's settings and administrators")
                .for_administrators()
                .answers::<Body>(200, "The instance.")
                .build(),
        )
        .routes(
            Endpoint::patch("/instance", "change_instance", change)
                .about(TAG, "Change who may sign up, and maintenance")
                .for_administrators()
                .details(
                    "Takes effect within 5 s in every process. Asks for recent authentication.",
                )
                .params(params::command())
                .body::<Changes>()
                .answers::<Body>(200, "The instance since.")
                .build(),
        )
        .routes(
            Endpoint::post("/instance/administrators", "add_instance_administrator", add)
                .about(TAG, "Make a user administrator of the instance")
                .details("Asks for recent authentication.")
                .for_administrators()
                .params([idempotency, reason.clone()])
                .body::<New>()
                .answers::<Body>(200, "The instance since.")
                .build(),
        )
        .routes(
            Endpoint::delete(
                "/instance/administrators/{id}",
                "remove_instance_administrator",
                remove,
            )
            .about(TAG, "Let a user be administrator of the instance no longer")
            .details(
                "Operators make administrators at the command line, so the last may go. Asks for \
                 recent authentication.",
            )
            .for_administrators()
            .param(params::id("user"))
            .param(reason)
            .answers::<Body>(200, "The instance since.")
            .build(),
        )
}

impl AppState {
    /// Who may sign up: as was last said, or else as configured.
    fn sign_up(&self, instance: &Instance) -> &'static str {
        instance.sign_up.unwrap_or(self.settings.sign_up).as_str()
    }

    fn instance_command(
        &self,
        auth: &Auth,
        headers: &CommandHeaders,
        body: &[u8],
    ) -> CommandRequest {
        let user = auth.actor.user;
        let mut request = self.commands.request(
            LogId::PLATFORM,
            Caller::User(user),
            auth.origin.clone(),
            "administer",
        );
        request.reason.clone_from(&headers.reason);
        match &headers.idempotency_key {
            None => request,
            Some(key) => {
                let route = &headers.route;
                let key = IdempotencyKey { principal: user.0, route, key, body };
                self.commands.keyed(request, &key)
            }
        }
    }

    async fn instance_body(&self, instance: &Folded<Instance>) -> ApiResult<Response> {
        let state = &instance.state;
        let mut administrators = Vec::new();
        for user in &state.administrators {
            let known = self.commands.load::<User>(LogId::PLATFORM, user.0).await?;
            administrators.push(Administrator { user: user.0, email: known.state.email.clone() });
        }
        let body =
            Body { sign_up: self.sign_up(state), maintenance: state.maintenance, administrators };
        let headers = AppendHeaders([(header::ETAG, etag(instance.version))]);
        Ok((headers, Json(body)).into_response())
    }
}

async fn show_strangers(State(app): State<App>) -> ApiResult<Json<PublicInstance>> {
    let instance = app.identity.instance().await?;
    let state = &instance.state;
    Ok(Json(PublicInstance { sign_up: app.sign_up(state), maintenance: state.maintenance }))
}

async fn show(State(app): State<App>) -> ApiResult<Response> {
    app.instance_body(&*app.identity.instance().await?).await
}

async fn change(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    body: CommandBody<Changes>,
) -> ApiResult<Response> {
    let request = app.instance_command(&auth, &headers, &body.bytes);
    let mut commands = Vec::new();
    if let Some(name) = &body.value.sign_up {
        let mode = SignUp::parse(name).ok_or_else(|| {
            let message = "Use open, invite_only or closed.";
            ApiError::invalid(vec![FieldError::new("sign_up", "unknown_mode", message)])
        })?;
        commands.push(InstanceCommand::SetSignUp(mode));
    }
    commands.extend(body.value.maintenance.map(InstanceCommand::SetMaintenance));
    let done = app.identity.administer(&request, headers.if_match, commands).await?;
    app.instance_body(&done).await
}

async fn add(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    body: CommandBody<New>,
) -> ApiResult<Response> {
    let user = app.identity.find_user(&body.value.email).await?;
    let user = user.ok_or_else(|| {
        let message = "No user has this address.";
        ApiError::invalid(vec![FieldError::new("email", "no_such_user", message)])
    })?;
    let request = app.instance_command(&auth, &headers, &body.bytes);
    let commands = vec![InstanceCommand::AddAdministrator(user)];
    app.instance_body(&*app.identity.administer(&request, None, commands).await?).await
}

async fn remove(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let known = app.identity.instance().await?;
    if !known.state.administrators.contains(&UserId(id)) {
        return Err(ApiError::not_found());
    }
    let request = app.instance_command(&auth, &headers, &[]);
    let commands = vec![InstanceCommand::RemoveAdministrator(UserId(id))];
    app.instance_body(&*app.identity.administer(&request, None, commands).await?).await
}
