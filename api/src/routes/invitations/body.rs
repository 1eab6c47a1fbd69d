//! How an invitation is shown, and the answer to a command on one.

use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::http::ApiResult;
use crate::routes::members::label::{Label, Labels};
use crate::state::{App, AppState};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use commands::Folded;
use commands::identity::Invited;
use domain::ids::{InvitationId, MemberId};
use domain::invitation::Invitation as State;
use projections::InvitationRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An invitation.
#[derive(Serialize, ToSchema)]
pub struct Invitation {
    /// Its id.
    id: Uuid,
    /// Where it was sent; `null` if that was erased.
    email: Option<String>,
    /// What they shall be called, if the inviter said so.
    display_name: Option<String>,
    /// As what they shall belong to the organization: `staff` or `vendor`.
    profile: &'static str,
    /// The roles that they shall have.
    roles: Vec<Label>,
    /// The team that they shall be in.
    team: Option<Label>,
    /// `pending`, `accepted`, `withdrawn` or `expired`.
    status: &'static str,
    /// Who became a member by it.
    member: Option<Uuid>,
    /// Who invited them.
    invited_by: Option<Label>,
    /// When they were invited.
    created_at: DateTime<Utc>,
    /// Until when the newest link is, or was, good.
    expires_at: DateTime<Utc>,
}

impl Invitation {
    /// As it is shown. `inviter` is what who invited is called.
    pub fn new(row: InvitationRow, labels: &Labels, inviter: Option<String>) -> Self {
        let invited_by = row.invited_by.map(|member| Label::new(member, inviter));
        Self {
            id: row.id.0,
            email: row.email,
            display_name: row.display_name,
            profile: row.profile.as_str(),
            roles: labels.roles(row.roles),
            team: row.team.map(|team| labels.team(team)),
            status: row.status.as_str(),
            member: row.member.map(Uuid::from),
            invited_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

/// The row of a folded invitation; `None` if there is none.
fn row(id: InvitationId, folded: &Folded<State>, now: DateTime<Utc>) -> Option<InvitationRow> {
    let state = &folded.state;
    Some(InvitationRow {
        id,
        email: state.email.clone(),
        display_name: state.display_name.clone(),
        profile: state.profile,
        roles: state.roles.iter().copied().collect(),
        team: state.team,
        status: state.status(now)?,
        member: state.member,
        invited_by: folded.created.member,
        created_at: folded.created.time,
        expires_at: state.expires_at,
    })
}

impl AppState {
    /// A folded invitation as it is shown; `None` if there is none.
    pub async fn invitation(
        &self,
        auth: &Auth,
        id: InvitationId,
        folded: &Folded<State>,
    ) -> ApiResult<Option<Invitation>> {
        let Some(row) = row(id, folded, self.now()) else { return Ok(None) };
        let labels = self.labels(auth).await?;
        let inviter = match row.invited_by {
            Some(MemberId(id)) => {
                let member = self.commands.load::<domain::member::Member>(auth.log(), id).await?;
                member.state.display_name.clone()
            }
            None => None,
        };
        Ok(Some(Invitation::new(row, &labels, inviter)))
    }
}

/// Answers a command with the invitation as it is since.
pub async fn respond(
    app: &App,
    auth: &Auth,
    status: StatusCode,
    done: Invited,
) -> ApiResult<Response> {
    let headers = AppendHeaders([
        (header::ETAG, etag(done.folded.version)),
        (POSITION, HeaderValue::from(done.position)),
    ]);
    let body = app.invitation(auth, done.id, &done.folded).await?;
    Ok((status, headers, Json(body)).into_response())
}
