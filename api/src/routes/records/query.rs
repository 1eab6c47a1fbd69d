//! What a caller asks of a list, from a query string or from a body.

use super::field_rights;
use crate::auth::Auth;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Shape, params, schema};
use crate::state::App;
use chrono::{DateTime, Utc};
use domain::catalogue::FieldIndex;
use domain::error::FieldError;
use domain::record::RecordType;
use projections::{Deleted, FieldSelection, Filter, Keyset, ListQuery, MAX_LIMIT, SortKey};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::openapi::path::Parameter;

const LONGEST_Q: usize = 200;

/// Whether records in the recycle bin are part of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bin {
    /// They are not.
    #[default]
    Exclude,
    /// They are, beside the others.
    Include,
    /// Only they are.
    Only,
}

/// The members of a search's body.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Search {
    /// Words that a record must contain.
    pub q: Option<String>,
    /// Conditions.
    pub filter: Option<Value>,
    /// Sort keys, such as `-updated_at,last_name`.
    pub sort: Option<String>,
    /// Rows per page.
    pub limit: Option<u16>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// The fields that each row carries, such as `first_name,last_name`.
    pub fields: Option<String>,
    /// The moment to show.
    pub as_of: Option<DateTime<Utc>>,
    /// Whether to look into the recycle bin.
    pub deleted: Bin,
}

/// The same in a query string, where the filter is JSON in text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryString {
    q: Option<String>,
    filter: Option<String>,
    sort: Option<String>,
    limit: Option<u16>,
    cursor: Option<String>,
    fields: Option<String>,
    as_of: Option<DateTime<Utc>>,
    #[serde(default)]
    deleted: Bin,
}

impl TryFrom<QueryString> for Search {
    type Error = ApiError;

    fn try_from(query: QueryString) -> ApiResult<Self> {
        let filter = query.filter.as_deref().map(serde_json::from_str).transpose();
        let filter = filter.map_err(|_| {
            ApiError::bad_parameter("filter", "malformed_json", "The filter is not JSON.")
        })?;
        Ok(Self {
            q: query.q,
            filter,
            sort: query.sort,
            limit: query.limit,
            cursor: query.cursor,
            fields: query.fields,
            as_of: query.as_of,
            deleted: query.deleted,
        })
    }
}

impl Search {
    /// The query that projections run; every fault of the caller's is found here.
    pub fn parse<R: RecordType>(&self, app: &App, auth: &Auth) -> ApiResult<ListQuery> {
        let invalid = |faults: Vec<FieldError>| {
            ApiError::bad_request("invalid_query", "The query is not understood.")
                .with_errors(faults)
        };
        let limit = self.limit.unwrap_or(50);
        if !(1..=MAX_LIMIT).contains(&limit) {
            let message = "Between 1 and 200.";
            return Err(invalid(vec![FieldError::new("limit", "out_of_range", message)]));
        }
        let matching = self.matching::<R>(auth.actor.rights.hidden::<R>()).map_err(invalid)?;
        let sort = self.sort.as_deref().filter(|text| !text.is_empty());
        let fields = self.fields.as_deref().map(FieldSelection::parse::<R>);
        let name = self.name::<R>(auth);
        let after = self.cursor.as_deref().map(|cursor| app.cursors.read::<Keyset>(&name, cursor));
        Ok(ListQuery {
            sort: sort.map(SortKey::parse::<R>).transpose().map_err(invalid)?.unwrap_or_default(),
            limit,
            after: after.transpose()?,
            fields: fields.transpose().map_err(invalid)?.unwrap_or_default(),
            ..matching
        })
    }

    /// What it finds, in whichever order, for a caller from whom these fields are hidden.
    pub fn matching<R: RecordType>(
        &self,
        hidden: Vec<FieldIndex>,
    ) -> Result<ListQuery, Vec<FieldError>> {
        if self.q.as_ref().is_some_and(|q| q.chars().count() > LONGEST_Q) {
            return Err(vec![FieldError::new("q", "out_of_range", "At most 200 characters.")]);
        }
        field_rights::check::<R>(self, &hidden).map_err(|fault| vec![fault])?;
        let filter = self.filter.as_ref().filter(|json| !json.is_null());
        Ok(ListQuery {
            q: self.q.clone(),
            filter: filter.map(Filter::parse::<R>).transpose()?,
            deleted: match self.deleted {
                Bin::Exclude => Deleted::Exclude,
                Bin::Include => Deleted::Include,
                Bin::Only => Deleted::Only,
            },
            hidden,
            ..ListQuery::default()
        })
    }

    /// What must stay the same from page to page for a cursor to mean the same.
    pub fn name<R: RecordType>(&self, auth: &Auth) -> String {
        json!([
            R::KIND,
            auth.actor.organization,
            self.q,
            self.filter,
            self.sort,
            self.as_of,
            format!("{:?}", self.deleted),
        ])
        .to_string()
    }
}

const Q: &str = "Words that a record must contain, in any of its searchable fields.";
const SORT: &str = "Up to two sortable fields, `-` for descending; `-updated_at` if absent.";
const LIMIT: &str = "Rows per page; 50 if absent.";
const CURSOR: &str = "`next_cursor` of the page before, with everything else the same.";
const FIELDS: &str = "The fields that each row carries, by name with commas; all if absent.";
const DELETED: &str = "Whether records in the recycle bin are shown.";
const FILTER: &str = "Conditions: `{\"field\", \"op\", \"value\"}`, or `{\"all\": […]}`, or \
    `{\"any\": […]}`. `GET /meta` tells which operators a field has.";

fn bins() -> utoipa::openapi::Object {
    schema::one_of(["exclude", "include", "only"])
}

/// The parameters of a query string.
pub fn parameters(paged: bool) -> Vec<Parameter> {
    let mut all = vec![
        params::query("q", schema::text(LONGEST_Q), Q),
        params::query("filter", schema::text(8_000), &format!("{FILTER} As JSON.")),
        params::query("deleted", bins(), DELETED),
        params::as_of(),
    ];
    if paged {
        all.extend([
            params::query("sort", schema::text(100), SORT),
            params::query("limit", schema::integer(1, MAX_LIMIT.into()), LIMIT),
            params::query("cursor", schema::text(4_000), CURSOR),
            params::query("fields", schema::text(2_000), FIELDS),
        ]);
    }
    all.extend(params::read());
    all
}

/// The form of a search's body.
pub fn body() -> Shape {
    let about = |mut object: utoipa::openapi::Object, text: &str| {
        object.description = Some(text.to_owned());
        schema::nullable(object)
    };
    let filter = schema::described_object(FILTER);
    let object = schema::closed()
        .property("q", about(schema::text(LONGEST_Q), Q))
        .property("filter", schema::nullable(filter))
        .property("sort", about(schema::text(100), SORT))
        .property("limit", about(schema::integer(1, MAX_LIMIT.into()), LIMIT))
        .property("cursor", about(schema::text(4_000), CURSOR))
        .property("fields", about(schema::text(2_000), FIELDS))
        .property("deleted", bins())
        .property("as_of", schema::nullable(schema::time()))
        .build();
    Shape::named("Search", object)
}
