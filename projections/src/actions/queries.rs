//! Reading actions, and which streams one touched.

use super::Counted;
use crate::error::ReadError;
use crate::read::ReadTx;
use chrono::{DateTime, Utc};
use domain::ids::{ActionId, MemberId};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use store::Position;
use uuid::Uuid;

/// An action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRow {
    /// Its id.
    pub id: ActionId,
    /// What kind of gesture, such as `edit`.
    pub kind: String,
    /// `user`, `api_key` or `system`.
    pub actor_kind: String,
    /// The member who did it.
    pub actor_member: Option<MemberId>,
    /// What caused it; of an undo, the action that it took back.
    pub causation: Option<Uuid>,
    /// Place of its first event in the log.
    pub first_position: Position,
    /// Place of its last event so far.
    pub last_position: Position,
    /// When the first event was recorded.
    pub began_at: DateTime<Utc>,
    /// When the last one was.
    pub ended_at: DateTime<Utc>,
    /// Wire name of the first event.
    pub first_type: String,
    /// The kinds of streams that it touched, such as `contact`, sorted.
    pub stream_kinds: Vec<String>,
    /// How many streams it touched, one that two of its commands touched counted twice. That of
    /// its own intent, which has its id, is not counted.
    pub streams: u64,
}

/// A stream that an action touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionStreamRow {
    /// The stream; for a record, its id.
    pub stream: Uuid,
    /// Its kind, such as `contact`.
    pub kind: String,
    /// Place of the action's first event in it.
    pub position: Position,
}

/// Which actions to list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionQuery {
    /// Only what this member did.
    pub actor: Option<MemberId>,
    /// Begun before this position.
    pub before: Option<Position>,
    /// At most so many.
    pub limit: u16,
}

const COLUMNS: &str = "id, action_kind, actor_kind, actor_member, causation, first_position, \
    last_position, began_at, ended_at, first_type, kinds, streams, last_stream";

fn position(row: &PgRow, name: &str) -> Result<Position, sqlx::Error> {
    Ok(row.try_get::<i64, _>(name)?.unsigned_abs())
}

fn action(row: &PgRow) -> Result<ActionRow, sqlx::Error> {
    let kinds: &str = row.try_get("kinds")?;
    Ok(ActionRow {
        id: ActionId(row.try_get("id")?),
        kind: row.try_get("action_kind")?,
        actor_kind: row.try_get("actor_kind")?,
        actor_member: row.try_get::<Option<Uuid>, _>("actor_member")?.map(MemberId),
        causation: row.try_get("causation")?,
        first_position: position(row, "first_position")?,
        last_position: position(row, "last_position")?,
        began_at: row.try_get("began_at")?,
        ended_at: row.try_get("ended_at")?,
        first_type: row.try_get("first_type")?,
        stream_kinds: kinds.split_whitespace().map(str::to_owned).collect(),
        streams: row.try_get::<i64, _>("streams")?.unsigned_abs(),
    })
}

fn selecting(rest: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM actions WHERE organization_id = $1 {rest}"))
}

/// Actions as they were counted so far, for the projector.
pub(super) async fn counted(
    connection: &mut PgConnection,
    organization: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Counted>, sqlx::Error> {
    let rows = sqlx::query(selecting("AND id = ANY ($2)"))
        .bind(organization)
        .bind(ids)
        .fetch_all(connection)
        .await?;
    let counted = |row| Ok(Counted { row: action(row)?, last_stream: row.try_get("last_stream")? });
    rows.iter().map(counted).collect()
}

impl ReadTx {
    /// A page of actions of the whole organization: who may see them, the caller decides.
    pub async fn actions(&mut self, query: &ActionQuery) -> Result<Vec<ActionRow>, ReadError> {
        let organization = self.scope().organization.0;
        let sql = selecting(
            "AND ($2::uuid IS NULL OR actor_member = $2) \
             AND ($3::bigint IS NULL OR first_position < $3) \
             ORDER BY first_position DESC LIMIT $4",
        );
        let rows = sqlx::query(sql)
            .bind(organization)
            .bind(query.actor.map(|actor| actor.0))
            .bind(query.before.map(|before| i64::try_from(before).unwrap_or(i64::MAX)))
            .bind(i64::from(query.limit))
            .fetch_all(self.connection())
            .await?;
        Ok(rows.iter().map(action).collect::<Result<_, _>>()?)
    }

    /// One action.
    pub async fn action(&mut self, id: ActionId) -> Result<Option<ActionRow>, ReadError> {
        Ok(self.actions_by_id(&[id]).await?.pop())
    }

    /// These actions, in no order.
    pub async fn actions_by_id(&mut self, ids: &[ActionId]) -> Result<Vec<ActionRow>, ReadError> {
        let organization = self.scope().organization.0;
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = sqlx::query(selecting("AND id = ANY ($2)"))
            .bind(organization)
            .bind(ids)
            .fetch_all(self.connection())
            .await?;
        Ok(rows.iter().map(action).collect::<Result<_, _>>()?)
    }

    /// The undos of these actions that took anything back, oldest first.
    pub async fn undos_of(&mut self, actions: &[ActionId]) -> Result<Vec<ActionRow>, ReadError> {
        let organization = self.scope().organization.0;
        let ids: Vec<Uuid> = actions.iter().map(|action| action.0).collect();
        let sql = selecting(
            "AND action_kind = 'undo' AND causation = ANY ($2) AND streams > 0 \
                ORDER BY first_position",
        );
        let rows =
            sqlx::query(sql).bind(organization).bind(ids).fetch_all(self.connection()).await?;
        Ok(rows.iter().map(action).collect::<Result<_, _>>()?)
    }

    /// The streams that an action touched, each once, in the order in which it came to them, behind
    /// a position of the log.
    pub async fn action_streams(
        &mut self,
        action: ActionId,
        after: Position,
        limit: u32,
    ) -> Result<Vec<ActionStreamRow>, ReadError> {
        let organization = self.scope().organization.0;
        let rows = sqlx::query(
            "SELECT a.stream_id, a.kind, a.position FROM audit AS a \
              WHERE a.organization_id = $1 AND a.action_id = $2 AND a.position > $3 \
                AND NOT EXISTS (SELECT FROM audit AS b \
                     WHERE b.organization_id = $1 AND b.stream_id = a.stream_id \
                       AND b.position < a.position AND b.action_id = $2) \
              ORDER BY a.position LIMIT $4",
        )
        .bind(organization)
        .bind(action.0)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(self.connection())
        .await?;
        let stream = |row: &PgRow| {
            Ok(ActionStreamRow {
                stream: row.try_get("stream_id")?,
                kind: row.try_get("kind")?,
                position: position(row, "position")?,
            })
        };
        Ok(rows.iter().map(stream).collect::<Result<_, sqlx::Error>>()?)
    }
}
