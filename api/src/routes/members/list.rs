//! `GET /members`

use super::detail::profile_reads;
use super::label::Label;
use crate::auth::Auth;
use crate::extract::{Query, ReadHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use domain::access::{Permission, ProfileKind};
use domain::member::MemberState;
use domain::role::Builtin;
use projections::MemberQuery;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

const LONGEST_PAGE: u16 = 200;

/// The ways in which somebody belongs, by their wire names.
const STATES: [(&str, MemberState); 3] = [
    ("active", MemberState::Active),
    ("deactivated", MemberState::Deactivated),
    ("removed", MemberState::Removed),
];

/// A page of the members of the organization.
#[derive(Serialize, ToSchema)]
struct Members {
    /// In an order that stays.
    items: Vec<Listed>,
    /// Where further ones go on.
    next_cursor: Option<String>,
}

/// A member in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedMember)]
struct Listed {
    /// The membership's id; what records are assigned to.
    id: Uuid,
    /// What they are called here; empty if that was erased.
    display_name: String,
    /// `active`, `deactivated` or `removed`.
    state: &'static str,
    /// As what they belong to the organization: `staff`, `client` or `vendor`.
    profile: &'static str,
    /// Their roles.
    roles: Vec<Label>,
    /// Whether they have the owners' role.
    owner: bool,
}

/// A member, as everybody in the organization may see them.
#[derive(Serialize, ToSchema)]
pub struct Member {
    /// The membership's id; what records are assigned to.
    id: Uuid,
    /// What they are called here; empty if that was erased.
    display_name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    state: Option<String>,
    profile: Option<String>,
    limit: Option<u16>,
    cursor: Option<String>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let states = schema::one_of(STATES.map(|(name, _)| name));
    let profiles = schema::one_of(ProfileKind::ALL.map(ProfileKind::as_str));
    Endpoint::get("/members", "list_members", handler)
        .needs([Permission::MEMBERS_READ])
        .about("members", "Who belongs to the organization")
        .details(
            "Without those who were removed, unless they are asked for. Clients are shown to whoever \
             sees all contacts.",
        )
        .params([
            params::query("state", states, "Only those who are there in this way."),
            params::query("profile", profiles, "Only those who belong as this."),
            params::query(
                "limit",
                schema::integer(1, LONGEST_PAGE.into()),
                "Members per page; 200 if absent.",
            ),
            params::query("cursor", schema::text(200), "Where the page before ended."),
            params::min_position(),
        ])
        .answers::<Members>(200, "A page.")
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(filter): Query<Filter>,
) -> ApiResult<Json<Members>> {
    let limit = filter.limit.unwrap_or(LONGEST_PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    let states = match filter.state.as_deref() {
        None => vec![MemberState::Active, MemberState::Deactivated],
        Some(name) => {
            let known = STATES.into_iter().find(|(known, _)| *known == name);
            let message = "Use active, deactivated or removed.";
            let wrong = || ApiError::bad_parameter("state", "no_such_choice", message);
            vec![known.ok_or_else(wrong)?.1]
        }
    };
    let asked = match filter.profile.as_deref() {
        None => ProfileKind::ALL.to_vec(),
        Some(name) => {
            let message = "Use staff, client or vendor.";
            let wrong = || ApiError::bad_parameter("profile", "no_such_choice", message);
            vec![ProfileKind::parse(name).ok_or_else(wrong)?]
        }
    };
    let profiles = asked.into_iter().filter(|kind| profile_reads(&auth, *kind)).collect();
    let organization = auth.actor.organization;
    let name = format!("members {organization} {states:?} {profiles:?}");
    let after = filter.cursor.map(|cursor| app.cursors.read::<Uuid>(&name, &cursor));
    let query = MemberQuery { states, profiles, after: after.transpose()?, limit };
    app.catch_up(&auth, headers).await?;
    let (rows, next) = app.projections.read(auth.settings()).await?.members_page(&query).await?;
    let labels = app.labels(&auth).await?;
    let owner = Builtin::Owner.id(organization);
    let items = rows.into_iter().map(|row| Listed {
        id: row.id.0,
        display_name: row.display_name.unwrap_or_default(),
        state: super::detail::state_name(row.state).unwrap_or_default(),
        profile: row.profile.as_str(),
        owner: row.roles.contains(&owner),
        roles: labels.roles(row.roles),
    });
    let next_cursor = next.map(|id| app.cursors.sign(&name, &id)).transpose()?;
    Ok(Json(Members { items: items.collect(), next_cursor }))
}

impl AppState {
    /// The staff and vendors of the caller's organization, for choosing one and for labels: those
    /// who left are among them.
    pub async fn members(&self, auth: &Auth) -> ApiResult<Vec<Member>> {
        let mut tx = self.projections.read(auth.settings()).await?;
        let members = tx.members(None).await?.into_iter();
        let wire = |row: projections::MemberRow| Member {
            id: row.id.0,
            display_name: row.display_name.unwrap_or_default(),
        };
        Ok(members.filter(|row| profile_reads(auth, row.profile)).map(wire).collect())
    }
}
