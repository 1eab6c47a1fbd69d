//! Pick-lists as JSON, and which one a path names.

use super::list_of;
use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::http::{ApiError, ApiResult};
use crate::state::AppState;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use axum::{Json, response};
use commands::Done;
use domain::access::{Permission, Verb};
use domain::catalogue::{Catalogue as _, ListName};
use domain::ids::ChoiceId;
use domain::normalize;
use domain::picklist::{Choice, Picklist};
use domain::record::RecordType as _;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// All pick-lists.
#[derive(Serialize, ToSchema)]
#[schema(as = Picklists)]
pub struct Lists {
    /// In the order in which settings show them.
    pub items: Vec<List>,
}

/// A pick-list.
#[derive(Serialize, ToSchema)]
#[schema(as = Picklist)]
pub struct List {
    /// Its name, such as `traffic_source`.
    pub name: &'static str,
    /// Its version, as in `ETag`; 0 if it never had a value.
    pub version: u32,
    /// Its values by label, archived ones last.
    pub values: Vec<ListValue>,
}

/// A value of a pick-list.
#[derive(Serialize, ToSchema)]
#[schema(as = PicklistValue)]
pub struct ListValue {
    /// Its id, by which records refer to it.
    pub id: Uuid,
    /// What people read.
    pub label: String,
    /// Stable name of a built-in value.
    pub key: Option<String>,
    /// Kept for the records that have it, but no longer offered.
    pub archived: bool,
    /// How many records have it, by record type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<BTreeMap<&'static str, u64>>,
}

/// How many records have each value, by record type.
pub type Counts = BTreeMap<&'static str, HashMap<Uuid, u64>>;

/// A new label.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PicklistLabel)]
pub struct Label {
    /// One line; tags are titled.
    #[schema(min_length = 1, max_length = 100)]
    pub label: String,
}

/// Whether the caller may know how many records of a type have which value.
fn counts_are_shown<R: domain::record::RecordType>(auth: &Auth) -> bool {
    let hidden = auth.actor.rights.hidden::<R>();
    auth.actor.holds(Permission::on::<R>(Verb::Read))
        && !hidden.into_iter().any(|field| R::Fields::def(field).kind.list().is_some())
}

impl AppState {
    /// How many records in the whole organization have each pick-list value.
    pub async fn choice_counts(&self, auth: &Auth) -> ApiResult<Counts> {
        let scope = auth.settings();
        let mut tx = self.projections.read(scope).await?;
        let mut counts = Counts::new();
        macro_rules! count {
            ($($record:ty,)+) => {$(
                if counts_are_shown::<$record>(auth) {
                    counts.insert(<$record>::PLURAL, tx.counts_per_choice::<$record>().await?);
                }
            )+};
        }
        domain::for_each_record_type!(count);
        Ok(counts)
    }
}

impl List {
    /// A folded list with its counts.
    pub fn new(name: ListName, version: u32, state: &Picklist, counts: &Counts) -> Self {
        let value = |(id, choice): (&ChoiceId, &Choice)| {
            let of = |counts: &HashMap<Uuid, u64>| counts.get(&id.0).copied().unwrap_or(0);
            let records = counts.iter().map(|(plural, counts)| (*plural, of(counts))).collect();
            ListValue { records: Some(records), ..ListValue::new(*id, choice) }
        };
        let mut values: Vec<ListValue> = state.choices.iter().map(value).collect();
        match name {
            // The life cycle's own order.
            ListName::Status => values.sort_by_key(|value| value.archived),
            ListName::Tag | ListName::Service | ListName::TrafficSource | ListName::Industry => {
                values.sort_by_cached_key(|value| {
                    (value.archived, normalize::search_key(&value.label))
                });
            }
        }
        Self { name: name.as_str(), version, values }
    }
}

impl ListValue {
    /// A value without its counts.
    pub fn new(id: ChoiceId, choice: &Choice) -> Self {
        Self {
            id: id.0,
            label: choice.label.clone(),
            key: choice.key.clone(),
            archived: choice.archived,
            records: None,
        }
    }
}

/// Answers a command on one value.
pub fn respond(
    status: StatusCode,
    id: ChoiceId,
    done: &Done<Picklist>,
) -> ApiResult<response::Response> {
    let choice = done.folded.state.choices.get(&id).ok_or_else(ApiError::not_found)?;
    let headers = AppendHeaders([
        (header::ETAG, etag(done.folded.version)),
        (POSITION, HeaderValue::from(done.position)),
    ]);
    let response: Response = (status, headers, Json(ListValue::new(id, choice))).into_response();
    Ok(response)
}

/// The list, and perhaps the value, that a path names.
#[derive(Clone, Copy, Debug)]
pub struct ListPath {
    /// The list; `/tags` names its own.
    pub list: ListName,
    /// The value, where the path has one.
    value: Option<ChoiceId>,
}

impl ListPath {
    /// The value; its absence is the path's fault.
    pub fn value(&self) -> ApiResult<ChoiceId> {
        self.value.ok_or_else(ApiError::not_found)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ListPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let malformed = || ApiError::bad_request("invalid_id", "This address holds no valid id.");
        let params =
            RawPathParams::from_request_parts(parts, state).await.map_err(|_| malformed())?;
        let find = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, v)| v);
        let list = find("list").map_or(Ok(ListName::Tag), list_of)?;
        let value = find("id").map(Uuid::parse_str).transpose().map_err(|_| malformed())?;
        Ok(Self { list, value: value.map(ChoiceId) })
    }
}
