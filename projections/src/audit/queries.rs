//! Reading the audit trail.

use crate::error::ReadError;
use crate::read::{ReadTx, World};
use chrono::{DateTime, Utc};
use domain::ids::{ActionId, MemberId, UserId};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use store::Position;
use uuid::Uuid;

/// What of the trail to show. All members narrow it down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only this record.
    pub stream: Option<Uuid>,
    /// Only this action.
    pub action: Option<ActionId>,
    /// Only what this member did.
    pub actor: Option<MemberId>,
    /// Only streams of this kind, such as `contact`.
    pub kind: Option<String>,
    /// Only events of this type, such as `contact.created`.
    pub event_type: Option<String>,
    /// Only behind this position.
    pub after: Position,
    /// Start behind this position; newest come first.
    pub before: Option<Position>,
    /// Rows, 1 to 200; kept within.
    pub limit: u16,
}

/// The header of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Place in the log.
    pub position: Position,
    /// The stream.
    pub stream: Uuid,
    /// Place in the stream.
    pub version: u32,
    /// Kind of stream, such as `contact`.
    pub kind: String,
    /// Wire name.
    pub event_type: String,
    /// The action it belongs to.
    pub action: ActionId,
    /// What kind of action, such as `import`.
    pub action_kind: String,
    /// `user`, `api_key` or `system`.
    pub actor_kind: String,
    /// The user.
    pub actor_user: Option<UserId>,
    /// Their membership.
    pub actor_member: Option<MemberId>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A page of the trail, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// The rows.
    pub rows: Vec<AuditRow>,
    /// What `before` has to be for the next page; `None` if this is the last.
    pub next: Option<Position>,
}

const MAX_LIMIT: u16 = 200;

/// Where every filter has an index that is in order of position, the newest entries are found
/// without a look at the others. What is not asked for is `NULL`, and falls away when the statement
/// is planned, which is done for the values at hand.
const PLAIN: &str = "SELECT position, stream_id, version, kind, event_type, action_id, action_kind, \
           actor_kind, actor_user, actor_member, recorded_at \
      FROM audit \
     WHERE organization_id = $1 AND ($2::uuid IS NULL OR stream_id = $2) \
       AND ($3::uuid IS NULL OR action_id = $3) AND ($4::uuid IS NULL OR actor_member = $4) \
       AND ($5::text IS NULL OR kind = $5) AND ($6::text IS NULL OR event_type = $6) \
       AND position > $7 AND ($8::bigint IS NULL OR position < $8) \
     ORDER BY position DESC LIMIT $9";

/// Everything that happened to things of one kind: a kind has a handful of event types, which are
/// found by leaps along the index by type (`/` comes right after `.`); the newest of each are merged.
/// So a rare kind among millions of others costs no more than a common one, without an index of its
/// own.
const BY_KIND: &str = "WITH RECURSIVE types (name) AS ( \
           (SELECT event_type FROM audit WHERE organization_id = $1 AND event_type > $5 || '.' \
               AND event_type < $5 || '/' ORDER BY event_type LIMIT 1) \
         UNION ALL \
           SELECT (SELECT a.event_type FROM audit AS a WHERE a.organization_id = $1 \
                      AND a.event_type > t.name AND a.event_type < $5 || '/' \
                    ORDER BY a.event_type LIMIT 1) \
             FROM types AS t WHERE t.name IS NOT NULL) \
    SELECT a.position, a.stream_id, a.version, a.kind, a.event_type, a.action_id, a.action_kind, \
           a.actor_kind, a.actor_user, a.actor_member, a.recorded_at \
      FROM types AS t CROSS JOIN LATERAL ( \
           SELECT * FROM audit AS e \
            WHERE e.organization_id = $1 AND e.event_type = t.name \
              AND ($2::uuid IS NULL OR e.stream_id = $2) \
              AND ($3::uuid IS NULL OR e.action_id = $3) \
              AND ($4::uuid IS NULL OR e.actor_member = $4) \
              AND ($6::text IS NULL OR e.event_type = $6) \
              AND e.position > $7 AND ($8::bigint IS NULL OR e.position < $8) \
            ORDER BY e.position DESC LIMIT $9) AS a \
     ORDER BY a.position DESC LIMIT $9";

fn header(row: &PgRow) -> Result<AuditRow, sqlx::Error> {
    let position: i64 = row.try_get(0)?;
    let version: i32 = row.try_get(2)?;
    Ok(AuditRow {
        position: position.unsigned_abs(),
        stream: row.try_get(1)?,
        version: version.unsigned_abs(),
        kind: row.try_get(3)?,
        event_type: row.try_get(4)?,
        action: ActionId(row.try_get(5)?),
        action_kind: row.try_get(6)?,
        actor_kind: row.try_get(7)?,
        actor_user: row.try_get::<Option<Uuid>, _>(8)?.map(UserId),
        actor_member: row.try_get::<Option<Uuid>, _>(9)?.map(MemberId),
        recorded_at: row.try_get(10)?,
    })
}

impl ReadTx {
    /// A page of the audit trail of the whole organization: who may read it, the caller decides.
    /// In an as-of world it ends at that world's position.
    pub async fn audit(&mut self, query: &AuditQuery) -> Result<AuditPage, ReadError> {
        let limit = i64::from(query.limit.clamp(1, MAX_LIMIT));
        let end = match &self.scope().world {
            World::Live => None,
            World::AsOf(as_of) => Some(as_of.position() + 1),
        };
        let before = [query.before, end].into_iter().flatten().min();
        let before = before.map(|position| i64::try_from(position).unwrap_or(i64::MAX));
        // Of one record or one action there are few events, whatever kind they are of.
        let few = query.stream.is_some() || query.action.is_some();
        let sql = match (&query.event_type, &query.kind) {
            (None, Some(_)) if !few => BY_KIND,
            _ => PLAIN,
        };
        let rows = sqlx::query(sql)
            .bind(self.scope().organization.0)
            .bind(query.stream)
            .bind(query.action.map(|action| action.0))
            .bind(query.actor.map(|actor| actor.0))
            .bind(query.kind.as_deref())
            .bind(query.event_type.as_deref())
            .bind(i64::try_from(query.after).unwrap_or(i64::MAX))
            .bind(before)
            .bind(limit + 1)
            .fetch_all(self.connection())
            .await?;
        let mut rows = rows.iter().map(header).collect::<Result<Vec<_>, _>>()?;
        let more = rows.len() > usize::from(query.limit.clamp(1, MAX_LIMIT));
        if more {
            rows.pop();
        }
        let next = rows.last().filter(|_| more).map(|row| row.position);
        Ok(AuditPage { rows, next })
    }
}
