//! The order of a list, and what lies behind a keyset in it.

use super::{Argument, Builder, Sql};
use crate::list::filter::{FieldRef, SystemField};
use crate::list::keyset::{KeyValue, Keyset};
use crate::list::sort::{Direction, SortKey};
use crate::sql::{ColumnType, quoted};
use domain::error::FieldError;
use domain::record::RecordType;

/// Rows without a value for the first key come last in both directions. An index has them on one
/// end only, so a list is read in two parts, of which the second is rarely needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Rows that have a value for the first key.
    Valued,
    /// Rows that have none.
    Empty,
}

impl Direction {
    const fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }

    /// The operator that holds for what comes later.
    const fn later(self) -> &'static str {
        match self {
            Self::Ascending => ">",
            Self::Descending => "<",
        }
    }
}

impl<R: RecordType> Builder<'_, R> {
    fn key_column(&self, key: SortKey) -> (String, ColumnType) {
        match key.field {
            FieldRef::Field(index) => {
                let field = self.layout.field(index);
                (quoted(field.sort()), field.ty)
            }
            FieldRef::System(field) => {
                let ty = match field {
                    SystemField::Name => ColumnType::Text,
                    SystemField::CreatedAt | SystemField::UpdatedAt | SystemField::DeletedAt => {
                        ColumnType::Timestamp
                    }
                    SystemField::Id | SystemField::CreatedBy | SystemField::UpdatedBy => {
                        ColumnType::Uuid
                    }
                };
                (field.column().to_owned(), ty)
            }
        }
    }

    /// The quoted columns of the sort keys.
    pub(super) fn key_columns(&self) -> Vec<String> {
        self.query.keys().iter().map(|key| self.key_column(*key).0).collect()
    }

    /// The types of the sort keys' columns.
    pub(crate) fn key_types(&self) -> Vec<ColumnType> {
        self.query.keys().iter().map(|key| self.key_column(*key).1).collect()
    }

    /// The column of the first sort key, unquoted, for naming its index.
    pub(crate) fn first_key(&self) -> String {
        self.key_columns().first().map(|name| name.replace('"', "")).unwrap_or_default()
    }

    /// The parts that have to be read, in order.
    pub(crate) fn parts(&self) -> &'static [Part] {
        let always_valued =
            self.query.keys().first().is_none_or(|key| matches!(key.field, FieldRef::System(_)));
        let behind_values = self
            .query
            .after
            .as_ref()
            .is_some_and(|keyset| matches!(keyset.keys.first(), Some(None)));
        match (always_valued, behind_values) {
            (true, _) => &[Part::Valued],
            (false, false) => &[Part::Valued, Part::Empty],
            (false, true) => &[Part::Empty],
        }
    }

    /// Checks that a keyset from outside fits the sort keys.
    pub(crate) fn check_keyset(&self) -> Result<(), FieldError> {
        let Some(keyset) = &self.query.after else { return Ok(()) };
        let types = self.key_types();
        let fits = keyset.keys.len() == types.len()
            && keyset.keys.iter().zip(types).all(|(key, ty)| match key {
                None => true,
                Some(KeyValue::Text(text)) => ty == ColumnType::Text && !text.contains('\0'),
                Some(KeyValue::Integer(_)) => ty == ColumnType::Bigint,
                Some(KeyValue::Date(_)) => ty == ColumnType::Date,
                Some(KeyValue::Time(_)) => ty == ColumnType::Timestamp,
            });
        if fits {
            Ok(())
        } else {
            Err(FieldError::new("cursor", "invalid_cursor", "This cursor is of another list."))
        }
    }

    pub(super) fn order(&self, sql: &mut Sql, key: impl Fn(usize) -> String, id: &str) {
        let first = self.first_direction();
        for (index, sort) in self.query.keys().iter().enumerate() {
            sql.push(&key(index)).push(" ").push(sort.direction.sql());
            // The index of the first key has its own idea of where empty ones are; they are in
            // another part anyway.
            sql.push(if index == 0 { ", " } else { " NULLS LAST, " });
        }
        sql.push(id).push(" ").push(first.sql());
    }

    fn first_direction(&self) -> Direction {
        self.query.keys().first().map_or(Direction::Descending, |key| key.direction)
    }

    /// What belongs to the part and lies behind the keyset.
    pub(super) fn after(&self, sql: &mut Sql, part: Part) {
        let columns = self.key_columns();
        let split = self.parts().len() > 1 || part == Part::Empty;
        if let (Some(first), true) = (columns.first(), split) {
            let test = if part == Part::Empty { "IS NULL" } else { "IS NOT NULL" };
            sql.push("\n AND c.").push(first).push(" ").push(test);
        }
        let Some(keyset) = &self.query.after else { return };
        match (part, keyset.keys.first()) {
            // All rows without a value come behind a row that has one.
            (Part::Empty, Some(Some(_))) => {}
            (Part::Empty, _) => {
                sql.push("\n AND ");
                self.behind_second(sql, &columns, keyset);
            }
            (Part::Valued, Some(Some(value))) => {
                self.behind_first(sql, &columns, keyset, value);
            }
            // Nothing that has a value comes behind a row that has none.
            (Part::Valued, _) => {
                sql.push("\n AND false");
            }
        }
    }

    fn behind_first(&self, sql: &mut Sql, columns: &[String], keyset: &Keyset, value: &KeyValue) {
        let later = self.first_direction().later();
        let first = &columns[0];
        if columns.len() == 1 {
            // A comparison of rows is one range of the index.
            sql.push("\n AND (c.").push(first).push(", c.id) ").push(later).push(" (");
            sql.bind(argument(value)).push(", ").bind(Argument::Uuid(keyset.id)).push(")");
            return;
        }
        sql.push("\n AND c.").push(first).push(" ").push(later).push("= ").bind(argument(value));
        sql.push(" AND (c.").push(first).push(" ").push(later).push(" ").bind(argument(value));
        sql.push(" OR ");
        self.behind_second(sql, columns, keyset);
        sql.push(")");
    }

    /// Behind the keyset among rows that are equal in the first key.
    fn behind_second(&self, sql: &mut Sql, columns: &[String], keyset: &Keyset) {
        let id_later = self.first_direction().later();
        let id = Argument::Uuid(keyset.id);
        let (Some(second), Some(key)) = (columns.get(1), self.query.keys().get(1)) else {
            sql.push("c.id ").push(id_later).push(" ").bind(id);
            return;
        };
        let Some(Some(value)) = keyset.keys.get(1) else {
            sql.push("(c.").push(second).push(" IS NULL AND c.id ");
            sql.push(id_later).push(" ").bind(id).push(")");
            return;
        };
        let later = key.direction.later();
        sql.push("(c.").push(second).push(" ").push(later).push(" ").bind(argument(value));
        sql.push(" OR c.").push(second).push(" IS NULL OR (c.").push(second).push(" = ");
        sql.bind(argument(value));
        sql.push(" AND c.id ").push(id_later).push(" ").bind(id).push("))");
    }
}

fn argument(value: &KeyValue) -> Argument {
    match value {
        KeyValue::Text(v) => Argument::Text(v.clone()),
        KeyValue::Integer(v) => Argument::Bigint(*v),
        KeyValue::Date(v) => Argument::Date(*v),
        KeyValue::Time(v) => Argument::Time(*v),
    }
}
