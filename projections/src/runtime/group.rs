//! Groups of read models that share a checkpoint.

use super::model::{Mode, ReadModel, fingerprint};
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::Arc;

/// Read models at the same positions, each with the schema of one generation.
#[derive(Clone)]
pub(crate) struct Group {
    /// Names its checkpoints: `live`, or the schema of a generation in the making.
    pub(crate) name: String,
    /// The models with their schemas.
    pub(crate) members: Vec<(Arc<dyn ReadModel>, String)>,
    pub(crate) mode: Mode,
}

impl Group {
    /// The search path that leads to its tables.
    pub(crate) fn path(&self) -> String {
        path(self.members.iter().map(|(_, schema)| schema.as_str()))
    }

    pub(crate) fn is_live(&self) -> bool {
        self.name == LIVE
    }
}

/// Whether this login may COPY into tables that force row-level security.
pub(crate) async fn may_copy(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user")
        .fetch_one(connection)
        .await
}

pub(crate) const LIVE: &str = "live";

/// A path to schemas, then the extensions, and temporary tables last, so that none of those can
/// stand before a real one.
pub(crate) fn path<'a>(schemas: impl Iterator<Item = &'a str>) -> String {
    schemas.chain(["ext", "pg_temp"]).collect::<Vec<_>>().join(", ")
}

/// The live group, or `None` if the live generations are not (all) of this build's versions: then
/// another build is at work, or a rebuild has to come first.
pub(crate) async fn live_group(
    connection: &mut PgConnection,
    models: &[Arc<dyn ReadModel>],
) -> Result<Option<Group>, sqlx::Error> {
    let rows: Vec<(String, String, i32, String, bool)> = sqlx::query_as(
        "SELECT m.model, m.schema, m.version, m.fingerprint, r.rolbypassrls \
           FROM hindsight.read_model m, pg_roles r \
          WHERE m.state = 'live' AND r.rolname = current_user",
    )
    .fetch_all(connection)
    .await?;
    let may_copy = rows.iter().any(|(.., may_copy)| *may_copy);
    let live: HashMap<String, (String, i32, String)> =
        rows.into_iter().map(|(model, schema, v, f, _)| (model, (schema, v, f))).collect();
    let members: Option<Vec<_>> = models
        .iter()
        .map(|model| {
            let (schema, version, known) = live.get(model.name())?;
            let same = *version == model.version() && *known == fingerprint(model.as_ref());
            same.then(|| (Arc::clone(model), schema.clone()))
        })
        .collect();
    let Some(members) = members else { return Ok(None) };
    Ok(Some(Group { name: LIVE.to_owned(), members, mode: Mode::Live { may_copy } }))
}
