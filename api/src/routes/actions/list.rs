//! `GET /actions` and `GET /actions/{id}`

use super::body::{Action, ActionDetail, Names};
use super::known;
use crate::auth::Auth;
use crate::extract::{Path, Query, ReadHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use commands::bulk;
use domain::access::{FieldAccess, Permission};
use domain::ids::ActionId;
use projections::{ActionQuery, ActionRow};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::Position;
use utoipa::ToSchema;
use uuid::Uuid;

const PAGE: u16 = 50;
const LONGEST_PAGE: u16 = 200;

/// A page of actions.
#[derive(Serialize, ToSchema)]
#[schema(as = ActionPage)]
struct Page {
    /// Newest first.
    items: Vec<Action>,
    /// Where older ones go on.
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    mine: bool,
    limit: Option<u16>,
    cursor: Option<String>,
}

/// The endpoint of the list.
pub fn every() -> Endpoint {
    Endpoint::get("/actions", "list_actions", all)
        .for_any_member()
        .about(super::TAG, "What was done, newest first")
        .details("With `mine=true` what the caller did; everything takes `audit:read`.")
        .params([
            params::query("mine", schema::boolean(), "Only what the caller did."),
            params::query(
                "limit",
                schema::integer(1, LONGEST_PAGE.into()),
                "Actions per page; 50 if absent.",
            ),
            params::query("cursor", schema::text(200), "Where the page before ended."),
            params::min_position(),
        ])
        .answers::<Page>(200, "A page.")
}

/// The endpoint of one.
pub fn one() -> Endpoint {
    Endpoint::get("/actions/{id}", "get_action", single)
        .for_any_member()
        .about(super::TAG, "What was done in one gesture")
        .details(
            "One's own; any with `audit:read`; and those that touched, among the first hundred \
             things, one that the caller sees.",
        )
        .param(params::id("action"))
        .param(params::min_position())
        .answers::<ActionDetail>(200, "The action.")
}

async fn all(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<Page>> {
    let limit = asked.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    if !asked.mine {
        auth.demand(Permission::AUDIT_READ)?;
    }
    let name = format!("actions {} {}", auth.actor.organization, asked.mine);
    let before = asked.cursor.map(|cursor| app.cursors.read::<Position>(&name, &cursor));
    let query = ActionQuery {
        actor: asked.mine.then_some(auth.actor.member),
        before: before.transpose()?,
        limit: limit + 1,
    };
    app.catch_up(&auth, headers).await?;
    let mut tx = app.projections.read(auth.settings()).await?;
    let mut rows = tx.actions(&query).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let ids: Vec<ActionId> = rows.iter().map(|row| row.id).collect();
    let undone = known::undone_by(&mut tx, &ids).await?;
    drop(tx);
    let names = app.action_names(&auth, &rows).await?;
    let next_cursor = rows.last().filter(|_| more).map(|row| row.first_position);
    let next_cursor = next_cursor.map(|place| app.cursors.sign(&name, &place)).transpose()?;
    let items = rows.iter().map(|row| Action::new(row, undone.get(&row.id).copied(), &names));
    Ok(Json(Page { items: items.collect(), next_cursor }))
}

async fn single(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<ActionDetail>> {
    app.catch_up(&auth, headers).await?;
    let known = app.known_action(&auth, ActionId(id)).await?;
    let names = app.action_names(&auth, std::slice::from_ref(&known.row)).await?;
    Ok(Json(ActionDetail::new(&known, &names)))
}

impl AppState {
    /// What members are called, and what bulk acts were.
    async fn action_names(&self, auth: &Auth, rows: &[ActionRow]) -> ApiResult<Names> {
        let ids = rows.iter().filter_map(|row| Some(row.actor_member?.0));
        let ids: Vec<Uuid> = ids.collect();
        let mut tx = self.projections.read(auth.settings()).await?;
        let members = tx.members(Some(&ids)).await?;
        let undone = known::undone(&mut tx, rows).await?;
        drop(tx);
        let members = members.into_iter().filter_map(|row| Some((row.id.0, row.display_name?)));
        let mut bulks = HashMap::new();
        for row in rows.iter().chain(undone.values()).filter(|row| row.kind == bulk::KIND) {
            if let Some(plan) = self.bulks.plan(auth.log(), row.id.0).await? {
                let access = |name: &str| auth.actor.field(&plan.record_type, name);
                let shows = |name: &str| access(name) != FieldAccess::Hidden;
                bulks.insert(row.id, bulk::label(&plan, row.streams, shows));
            }
        }
        Ok(Names { members: members.collect(), bulks, undone })
    }
}
