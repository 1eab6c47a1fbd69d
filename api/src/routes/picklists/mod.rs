//! Pick-lists, and tags, which are one of them that everybody adds to.

mod add;
mod archive;
pub mod body;
mod list;
mod rename;

use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use domain::access::Permission;
use domain::catalogue::ListName;
use utoipa::openapi::path::Parameter;
use utoipa_axum::router::OpenApiRouter;

/// Which list a route is about: `/tags` is one of its own, `/picklists/{list}` is any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mount {
    Tags,
    Any,
}

impl Mount {
    const ALL: [Self; 2] = [Self::Tags, Self::Any];

    const fn path(self) -> &'static str {
        match self {
            Self::Tags => "/tags",
            Self::Any => "/picklists/{list}",
        }
    }

    fn value_path(self) -> String {
        match self {
            Self::Tags => format!("{}/{{id}}", self.path()),
            Self::Any => format!("{}/values/{{id}}", self.path()),
        }
    }

    const fn tag(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Any => "picklists",
        }
    }

    /// What one value is called in names of operations.
    const fn value(self) -> &'static str {
        match self {
            Self::Tags => "tag",
            Self::Any => "picklist_value",
        }
    }

    /// What a path names beside a value's id.
    const fn path_names(self) -> &'static [&'static str] {
        match self {
            Self::Tags => &[],
            Self::Any => &["list"],
        }
    }

    /// What it takes to change a list; tags have permissions of their own, and any list may be
    /// that of the tags.
    fn permissions(self, of_tags: Permission) -> Vec<Permission> {
        match self {
            Self::Tags => vec![of_tags],
            Self::Any => vec![Permission::PICKLISTS_UPDATE, of_tags],
        }
    }

    fn params(self) -> Vec<Parameter> {
        let names = ListName::ALL.into_iter().map(ListName::as_str);
        match self {
            Self::Tags => Vec::new(),
            Self::Any => vec![params::path("list", schema::one_of(names), "Name of the list.")],
        }
    }

    /// Puts the list into the path and documents it.
    fn document(self, endpoint: Endpoint, summary: &str) -> Endpoint {
        endpoint.about(self.tag(), summary).params(self.params())
    }
}

/// The list of that name in a path.
fn list_of(name: &str) -> ApiResult<ListName> {
    ListName::parse(name).ok_or_else(ApiError::not_found)
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    let router = OpenApiRouter::new().routes(list::all().build());
    Mount::ALL.into_iter().fold(router, |router, mount| {
        router
            .routes(list::one(mount).build())
            .routes(add::endpoint(mount).build())
            .routes(rename::endpoint(mount).build())
            .routes(archive::archive(mount).build())
            .routes(archive::unarchive(mount).build())
    })
}
