//! Applying a batch to the members of a group, with parking.

use super::feed::Change;
use super::group::Group;
use super::model::{Batch, Entry, Failure, Mode, OnPoison, ReadModel};
use super::parked;
use futures::future::BoxFuture;
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};
use store::{LogId, Position};
use uuid::Uuid;

/// What is parked in a log, by schema. The nil stream stands for the whole log.
pub(crate) type ParkedStreams = HashMap<String, HashSet<Uuid>>;

/// Applies entries to every member. Without `careful`, the first failure is returned and the
/// caller rolls back; with it, what is poisoned is parked and the rest applied.
pub(crate) async fn apply(
    connection: &mut PgConnection,
    group: &Group,
    log: LogId,
    entries: &[Entry],
    parked: &mut ParkedStreams,
    careful: bool,
) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for (model, schema) in &group.members {
        let streams = parked.entry(schema.clone()).or_default();
        let wanted: Vec<&Entry> = entries
            .iter()
            .filter(|entry| model.wants(entry.event.kind()) && !is_parked(streams, entry))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let mut target = Target { model: model.as_ref(), schema, log, mode: group.mode, streams };
        if careful {
            changes.extend(target.apply_carefully(connection, wanted).await?);
        } else {
            changes.extend(target.apply(connection, wanted).await?);
        }
    }
    changes.sort_by_key(|change| change.position);
    Ok(changes)
}

fn is_parked(streams: &HashSet<Uuid>, entry: &Entry) -> bool {
    !streams.is_empty()
        && (streams.contains(&Uuid::nil()) || streams.contains(&entry.event.stream.0))
}

/// One member of a group and what of it is parked.
struct Target<'a> {
    model: &'a dyn ReadModel,
    schema: &'a str,
    log: LogId,
    mode: Mode,
    streams: &'a mut HashSet<Uuid>,
}

impl Target<'_> {
    async fn apply(
        &self,
        connection: &mut PgConnection,
        entries: Vec<&Entry>,
    ) -> Result<Vec<Change>, Failure> {
        let batch = Batch { organization: self.log.0.into(), entries };
        self.model.apply(connection, &batch, self.mode).await
    }

    /// Tries the entries under a savepoint. If they are poisoned, parks the stream at fault, or
    /// halves them until it is found.
    fn apply_carefully<'f>(
        &'f mut self,
        connection: &'f mut PgConnection,
        entries: Vec<&'f Entry>,
    ) -> BoxFuture<'f, Result<Vec<Change>, Failure>> {
        Box::pin(async move {
            let mut left: Vec<&Entry> =
                entries.into_iter().filter(|entry| !is_parked(self.streams, entry)).collect();
            if left.is_empty() {
                return Ok(Vec::new());
            }
            sqlx::raw_sql("SAVEPOINT careful").execute(&mut *connection).await?;
            let failure = match self.apply(connection, left.clone()).await {
                Ok(changes) => {
                    sqlx::raw_sql("RELEASE SAVEPOINT careful").execute(&mut *connection).await?;
                    return Ok(changes);
                }
                Err(failure) if failure.error.is_poison() => failure,
                Err(failure) => return Err(failure),
            };
            sqlx::raw_sql("ROLLBACK TO SAVEPOINT careful; RELEASE SAVEPOINT careful")
                .execute(&mut *connection)
                .await?;
            let alone = left.len() == 1;
            let entry = left[0];
            match (self.model.on_poison(), failure.at) {
                (OnPoison::ParkStream, Some((stream, position))) => {
                    self.park(connection, stream.0, position, &failure).await?;
                    // What the stream did before stays; what it did since waits.
                    left.retain(|e| e.event.stream != stream || e.event.position < position);
                    let changes = self.apply_carefully(connection, left).await?;
                    self.streams.insert(stream.0);
                    Ok(changes)
                }
                (OnPoison::ParkStream, None) if alone => {
                    let stream = entry.event.stream.0;
                    self.park(connection, stream, entry.event.position, &failure).await?;
                    self.streams.insert(stream);
                    Ok(Vec::new())
                }
                (OnPoison::HaltLog, _) if alone => {
                    self.park(connection, Uuid::nil(), entry.event.position, &failure).await?;
                    self.streams.insert(Uuid::nil());
                    Ok(Vec::new())
                }
                (OnPoison::ParkStream | OnPoison::HaltLog, _) => {
                    let right = left.split_off(left.len() / 2);
                    let mut changes = self.apply_carefully(connection, left).await?;
                    changes.extend(self.apply_carefully(connection, right).await?);
                    Ok(changes)
                }
            }
        })
    }

    async fn park(
        &self,
        connection: &mut PgConnection,
        stream: Uuid,
        position: Position,
        failure: &Failure,
    ) -> Result<(), sqlx::Error> {
        let error = failure.error.describe();
        tracing::error!(schema = self.schema, log = %self.log.0, %stream, position, error, "parked");
        metrics::counter!("hindsight_projection_parked_total", "model" => self.model.name())
            .increment(1);
        parked::park(connection, self.schema, self.log, stream, position, &error).await
    }
}
