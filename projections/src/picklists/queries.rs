//! Reading pick-lists.

use crate::error::ReadError;
use crate::read::ReadTx;
use domain::catalogue::ListName;
use sqlx::FromRow;
use uuid::Uuid;

/// A value of a pick-list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ChoiceRow {
    /// Id, by which records refer to it.
    pub id: Uuid,
    /// Wire name of its list.
    pub list: String,
    /// Stable name of a built-in value.
    pub key: Option<String>,
    /// What people read.
    pub label: String,
    /// Whether it is no longer offered.
    pub archived: bool,
}

impl ReadTx {
    /// The values of a list (of every list, if none is named) in the order in which they were
    /// added, archived ones included.
    pub async fn choices(&mut self, list: Option<ListName>) -> Result<Vec<ChoiceRow>, ReadError> {
        let sql = "SELECT id, list, key, label, archived FROM picklist_values \
                    WHERE organization_id = $1 AND ($2::text IS NULL OR list = $2) \
                    ORDER BY list, position, id";
        self.of_organization(sql, list.map(ListName::as_str)).await
    }

    /// The values of these ids.
    pub async fn choices_by_id(&mut self, ids: &[Uuid]) -> Result<Vec<ChoiceRow>, ReadError> {
        let sql = "SELECT id, list, key, label, archived FROM picklist_values \
                    WHERE organization_id = $1 AND id = ANY ($2)";
        self.of_organization(sql, ids).await
    }
}
