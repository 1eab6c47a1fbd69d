//! `GET /picklists`, `GET /picklists/{list}` and `GET /tags`

use super::Mount;
use super::body::{Counts, List, ListPath, Lists};
use crate::auth::Auth;
use crate::extract::ReadHeaders;
use crate::extract::headers::etag;
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse};
use domain::catalogue::ListName;

/// The endpoint of all lists.
pub fn all() -> Endpoint {
    Endpoint::get("/picklists", "list_picklists", every)
        .for_any_member()
        .about(Mount::Any.tag(), "All pick-lists with their values")
        .param(params::min_position())
        .answers::<Lists>(200, "The lists, with the number of records that have each value.")
}

/// The endpoint of one list.
pub fn one(mount: Mount) -> Endpoint {
    let id = match mount {
        Mount::Tags => "list_tags",
        Mount::Any => "get_picklist",
    };
    let endpoint = Endpoint::get(mount.path(), id, single)
        .for_any_member()
        .param(params::min_position())
        .answers::<List>(200, "The values, with the number of records that have each.");
    mount.document(endpoint, "A list with its values")
}

async fn every(State(app): State<App>, auth: Auth, headers: ReadHeaders) -> ApiResult<Json<Lists>> {
    app.catch_up(&auth, headers).await?;
    let counts = app.choice_counts(&auth).await?;
    Ok(Json(Lists { items: app.lists(&auth, &counts).await? }))
}

async fn single(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    path: ListPath,
) -> ApiResult<impl IntoResponse> {
    app.catch_up(&auth, headers).await?;
    let counts = app.choice_counts(&auth).await?;
    let folded = app.picklists.get(auth.actor.organization, path.list).await?;
    let list = List::new(path.list, folded.version, &folded.state, &counts);
    Ok((AppendHeaders([(header::ETAG, etag(list.version))]), Json(list)))
}

impl AppState {
    /// Every pick-list of the caller's organization.
    pub async fn lists(&self, auth: &Auth, counts: &Counts) -> ApiResult<Vec<List>> {
        let mut lists = Vec::with_capacity(ListName::ALL.len());
        for name in ListName::ALL {
            let folded = self.picklists.get(auth.actor.organization, name).await?;
            lists.push(List::new(name, folded.version, &folded.state, counts));
        }
        Ok(lists)
    }
}
