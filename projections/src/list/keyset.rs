//! Where a page ended, so that the next one starts behind it whatever changed in between.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The value of a sort key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyValue {
    /// Normalised text.
    Text(String),
    /// A number, or an amount in minor units.
    Integer(i64),
    /// A calendar date.
    Date(NaiveDate),
    /// A moment.
    Time(DateTime<Utc>),
}

/// The last record of a page: its sort keys and its id. The API signs it and binds it to the
/// organization, the sort and the filter; here it is only checked to fit the sort keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyset {
    /// One per sort key; `None` where the record has no value.
    pub keys: Vec<Option<KeyValue>>,
    /// Id of the record.
    pub id: Uuid,
}
