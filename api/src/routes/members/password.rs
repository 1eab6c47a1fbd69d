//! `POST /members/{id}/password/reset` and `PUT /members/{id}/password`: help for who forgot theirs.

use super::make::PasswordLink;
use crate::auth::{Auth, RecentAuth};
use crate::extract::{Json, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use commands::Origin;
use commands::identity::{Act, Help};
use domain::access::Permission;
use domain::ids::MemberId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A password to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberPassword {
    /// The password; common ones are refused.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
}

/// A link that was made.
#[derive(Serialize, ToSchema)]
struct MadeLink {
    /// To be handed over; shown only once.
    link: PasswordLink,
}

/// The endpoint that has a link sent or made.
pub fn reset() -> Endpoint {
    Endpoint::post("/members/{id}/password/reset", "reset_member_password", send)
        .needs([Permission::MEMBERS_UPDATE])
        .about(super::TAG, "Have a link for a new password sent to a member")
        .details(
            "To their address, and nobody else sees it. Who has none gets it from you: the answer \
             has a link to be handed over, if the account opens nothing but this organization \
             (`belongs_elsewhere`). Not for somebody with wider rights, nor for oneself. Asks for \
             recent authentication.",
        )
        .param(params::id("member"))
        .answers_empty(202, "A mail is on its way to them.")
        .answers::<MadeLink>(200, "They have no address: a link to be handed over.")
}

/// The endpoint that sets one.
pub fn set() -> Endpoint {
    Endpoint::put("/members/{id}/password", "set_member_password", put)
        .needs([Permission::MEMBERS_UPDATE])
        .about(super::TAG, "Set the password of a member")
        .details(
            "If their account opens nothing but this organization (`belongs_elsewhere`). Ends their \
             sessions; a second factor stays as it is. Not for somebody with wider rights, nor for \
             oneself. Asks for recent authentication.",
        )
        .param(params::id("member"))
        .body::<MemberPassword>()
        .answers_empty(204, "The password is set.")
}

async fn send(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let request =
        app.commands.request(auth.log(), auth.caller(), auth.origin.clone(), "reset_password");
    app.may_mail_reset(&auth, id).await?;
    match app.identity.help_with_password(&request, MemberId(id)).await? {
        Help::Mailed => Ok(StatusCode::ACCEPTED.into_response()),
        Help::Link(token) => {
            let link = PasswordLink::new(&app, token)?;
            Ok(axum::Json(MadeLink { link }).into_response())
        }
    }
}

impl AppState {
    /// Counts a link for a new password of a member, or of a contact's account: each may fill a
    /// mailbox, whoever asks from wherever.
    pub async fn may_mail_reset(&self, auth: &Auth, id: Uuid) -> ApiResult<()> {
        let origin = Origin { ip: None, ..auth.origin.clone() };
        self.throttle.attempt(Act::Forgot, &origin, Some(&id.to_string())).await?;
        Ok(())
    }
}

async fn put(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    Path(id): Path<Uuid>,
    Json(body): Json<MemberPassword>,
) -> ApiResult<StatusCode> {
    let request =
        app.commands.request(auth.log(), auth.caller(), auth.origin.clone(), "set_password");
    app.identity.set_password_for(&request, MemberId(id), &body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
