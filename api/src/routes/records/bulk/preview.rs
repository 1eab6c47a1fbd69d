//! What a bulk act would be about, counted.

use super::body::Selection;
use crate::auth::Auth;
use crate::http::{ApiError, ApiResult};
use crate::state::AppState;
use commands::bulk::narrowest;
use domain::access::Permission;
use domain::catalogue::Catalogue as _;
use domain::ids::MemberId;
use domain::record::RecordType;
use domain::value::Value;
use projections::{FieldSelection, ListQuery, RecordRow, Scope};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

/// How long a request waits until the read models show everything that was done before it.
const CATCH_UP: Duration = Duration::from_secs(1);

/// Named records that are looked up at once.
const AT_ONCE: usize = 1_000;

/// What a bulk act would be about, in exact numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkPreview, example = json!({"preview": true, "matching": 48213,
    "permitted": 48000, "not_permitted": 213, "not_found": 0}))]
pub struct Preview {
    #[serde(rename = "preview")]
    only: bool,
    /// Records that are there for the caller.
    matching: u64,
    /// Those of them that the caller may do it to.
    permitted: u64,
    /// Those that the caller only sees.
    not_permitted: u64,
    /// Named records that are not there: unknown, or on the other side of the recycle bin.
    not_found: u64,
}

impl Preview {
    fn new(matching: u64, permitted: u64, not_found: u64) -> Self {
        let not_permitted = matching.saturating_sub(permitted);
        Self { only: true, matching, permitted, not_permitted, not_found }
    }
}

/// Of all that a list finds.
pub async fn of_filter<R: RecordType>(
    app: &AppState,
    auth: &Auth,
    query: &ListQuery,
    needs: &[Permission],
) -> ApiResult<Preview> {
    let scope = auth.reading::<R>()?;
    let reach = narrowest(&auth.actor, needs).and_then(|permission| auth.actor.reach(permission));
    let matching = app.projections.read(scope.clone()).await?.count::<R>(query).await?;
    let permitted = match reach {
        Some(reach) if reach == scope.reach => matching,
        Some(reach) => {
            let scope = Scope { reach, ..scope };
            app.projections.read(scope).await?.count::<R>(query).await?
        }
        None => 0,
    };
    Ok(Preview::new(matching, permitted.min(matching), 0))
}

fn assigned_to<R: RecordType>(row: &RecordRow) -> Option<MemberId> {
    let field = R::Fields::index("assigned_to")?;
    let value = row.values.iter().find_map(|(index, value)| (*index == field).then_some(value))?;
    if let Value::Ref(id) = value { Some(MemberId(*id)) } else { None }
}

/// Of named records; `deleted` are those that it is for.
pub async fn of_ids<R: RecordType>(
    app: &AppState,
    auth: &Auth,
    ids: &[Uuid],
    needs: &[Permission],
    deleted: bool,
) -> ApiResult<Preview> {
    let field = R::Fields::index("assigned_to");
    let fields = FieldSelection::Only(field.into_iter().collect());
    let mut tx = app.projections.read(auth.reading::<R>()?).await?;
    let (mut matching, mut permitted) = (0, 0);
    for ids in ids.chunks(AT_ONCE) {
        for row in tx.get_many::<R>(ids, &fields).await? {
            if row.deleted_at.is_some() == deleted {
                let owner = assigned_to::<R>(&row);
                matching += 1;
                permitted +=
                    u64::from(needs.iter().all(|permission| auth.actor.may(*permission, owner)));
            }
        }
    }
    Ok(Preview::new(matching, permitted, ids.len() as u64 - matching))
}

/// Whether there is anything to act on.
pub async fn any<R: RecordType>(
    app: &AppState,
    auth: &Auth,
    selection: &Selection,
    query: Option<&ListQuery>,
) -> ApiResult<bool> {
    let mut tx = app.projections.read(auth.reading::<R>()?).await?;
    if let Selection::Ids(ids) = selection {
        for ids in ids.chunks(AT_ONCE) {
            if !tx.visible::<R>(ids).await?.is_empty() {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let all = ListQuery::default();
    let mut after = None;
    loop {
        let page = tx.list_ids::<R>(query.unwrap_or(&all), after, 100).await?;
        if !page.ids.is_empty() || page.next.is_none() {
            return Ok(!page.ids.is_empty());
        }
        after = page.next;
    }
}

impl AppState {
    /// Waits, a moment at most, until the read models show everything that was done so far. To
    /// count `exactly`, less will not do.
    pub async fn show_present(&self, auth: &Auth, exactly: bool) -> ApiResult<()> {
        let head = self.commands.log().head(auth.log()).await?.position;
        let shown = self.projections.wait_for(auth.log(), head, CATCH_UP).await?;
        if exactly && shown < head { Err(ApiError::overloaded()) } else { Ok(()) }
    }
}
