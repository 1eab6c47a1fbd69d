//! Opening the past.

use super::Million;
use crate::data;
use crate::measure::Report;
use domain::ids::OrganizationId;
use futures::StreamExt as _;
use std::time::{Duration, Instant};
use store::EventLog as _;
use uuid::Uuid;

/// How long opening took.
pub(super) struct Past {
    /// The middle of the log.
    pub(super) first: Duration,
    /// Before one in a hundred changed.
    pub(super) yesterday: Duration,
}

impl Million {
    /// Yesterday, with one in a hundred changed since: simulated by changing them now.
    pub(super) async fn as_of(&self, report: &mut Report) -> anyhow::Result<Past> {
        let before = self.log.head(self.id).await?.position;
        let half = before / 2;
        let organization = OrganizationId(self.id.0);
        let open = async |position: u64| -> anyhow::Result<Duration> {
            let started = Instant::now();
            self.projections.open_as_of(organization, position, &["contacts"], &|_| {}).await?;
            Ok(started.elapsed())
        };
        let changed = self.change_every_hundredth().await?;
        let head = self.log.head(self.id).await?.position;
        self.projections.wait_for(self.id, head, Duration::from_mins(10)).await?;
        println!("{changed} contacts changed");
        let yesterday = open(before).await?;
        let again = open(before).await?;
        let first = open(half).await?;
        report.bound("as of: opened again", again, Duration::from_millis(20));
        println!("as of yesterday: {yesterday:?}; as of the middle of the log: {first:?}");
        Ok(Past { first, yesterday })
    }

    async fn change_every_hundredth(&self) -> anyhow::Result<usize> {
        let rows: Vec<(Uuid,)> = sqlx::query_as(
            "SELECT stream_id FROM hindsight.event WHERE log_id = $1 AND position % 100 = 0 AND version = 1",
        )
        .bind(self.id.0)
        .fetch_all(&mut self.test.admin().await)
        .await?;
        let changed = rows.len();
        futures::stream::iter(rows)
            .map(|(stream,)| async move {
                self.log.append(self.id, data::change(stream)?).await.map_err(anyhow::Error::from)
            })
            .buffer_unordered(64)
            .for_each(|done| async move {
                if let Err(error) = done {
                    println!("not changed: {error}");
                }
            })
            .await;
        Ok(changed)
    }
}
