//! Mails with something left to do.

use super::JobStoreError;
use crate::port::{LogId, StreamId};
use chrono::{DateTime, Utc};
use sqlx::postgres::PgPool;
use uuid::Uuid;

/// A mail: its log and its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailRef {
    /// The log.
    pub log: LogId,
    /// The mail.
    pub mail: StreamId,
}

/// Reminders to look at mails. They follow from the log and prove nothing: what is to be done, and
/// who does it, the mail's stream says.
#[derive(Clone, Debug)]
pub struct Outbox {
    app: PgPool,
}

impl Outbox {
    /// The outbox by way of the pool of request handlers.
    pub fn new(app: PgPool) -> Self {
        Self { app }
    }

    /// Puts mails in, each to be taken up from its time on. One that is there stays as it is.
    pub async fn put(
        &self,
        log: LogId,
        mails: &[(StreamId, DateTime<Utc>)],
    ) -> Result<(), JobStoreError> {
        let (ids, due): (Vec<Uuid>, Vec<DateTime<Utc>>) =
            mails.iter().map(|(mail, due)| (mail.0, *due)).unzip();
        sqlx::query("SELECT hindsight.put_mails($1, $2, $3)")
            .bind(log.0)
            .bind(ids)
            .bind(due)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// Takes up to `limit` mails that are due, the longest due first. Whoever dies over one gives
    /// it up at `until`.
    pub async fn claim(
        &self,
        holder: Uuid,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<MailRef>, JobStoreError> {
        let rows: Vec<(Uuid, Uuid)> =
            sqlx::query_as("SELECT * FROM hindsight.claim_mails($1, $2, $3, $4)")
                .bind(holder)
                .bind(now)
                .bind(until)
                .bind(i32::try_from(limit).unwrap_or(i32::MAX))
                .fetch_all(&self.app)
                .await?;
        let refer = |(log, mail)| MailRef { log: LogId(log), mail: StreamId(mail) };
        Ok(rows.into_iter().map(refer).collect())
    }

    /// Gives a mail back, to be taken up again at `due`; with `None` there is nothing left to do.
    /// Does nothing to a mail that another holds now.
    pub async fn release(
        &self,
        mail: MailRef,
        holder: Uuid,
        due: Option<DateTime<Utc>>,
    ) -> Result<(), JobStoreError> {
        sqlx::query("SELECT hindsight.release_mail($1, $2, $3, $4)")
            .bind(mail.log.0)
            .bind(mail.mail.0)
            .bind(holder)
            .bind(due)
            .execute(&self.app)
            .await?;
        Ok(())
    }
}
