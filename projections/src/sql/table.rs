//! What a table of a read model consists of.

use super::quoted;
use std::fmt::Write as _;

/// The types that read models use, with what Postgres calls them and their array's object id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Uuid,
    UuidArray,
    Text,
    Bigint,
    Integer,
    Boolean,
    Date,
    Timestamp,
    Jsonb,
}

impl ColumnType {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::UuidArray => "uuid[]",
            Self::Text => "text",
            Self::Bigint => "bigint",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamptz",
            Self::Jsonb => "jsonb",
        }
    }

    /// The element type and array type (`pg_type.dat`) in which `UNNEST` takes the column. It
    /// flattens arrays of arrays, so these travel as text such as `{…,…}`.
    pub(crate) const fn unnest_oids(self) -> (u32, u32) {
        match self {
            Self::Uuid => (2950, 2951),
            Self::Text | Self::UuidArray => (25, 1009),
            Self::Bigint => (20, 1016),
            Self::Integer => (23, 1007),
            Self::Boolean => (16, 1000),
            Self::Date => (1082, 1182),
            Self::Timestamp => (1184, 1185),
            Self::Jsonb => (3802, 3807),
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) ty: ColumnType,
    pub(crate) required: bool,
    /// Compared by bytes, so that the order of a keyset never depends on a locale.
    pub(crate) bytewise: bool,
}

impl Column {
    pub(crate) fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        Self { name: name.into(), ty, required: false, bytewise: false }
    }

    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) fn bytewise(mut self) -> Self {
        self.bytewise = true;
        self
    }
}

/// Who may read a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Members of the organization within whose reach the row is (`assigned_to`).
    Reach,
    /// Every member of the organization.
    Organization,
    /// The member whose the row is (`owner_id`), and, if it is `shared`, every other.
    Owner,
}

/// What an index is there for; as-of worlds make only those that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Sorting by a column.
    Sort(String),
    /// Sorting by a column among one owner's rows.
    OwnerSort(String),
    /// Words anywhere.
    Search,
    /// Finding by values of choice, link and member fields.
    Facets,
    /// Finding by an exact value of a column.
    Exact(String),
    /// Anything else.
    Other,
}

/// An index, named without schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) need: Need,
    /// All that follows `CREATE INDEX name ON table`.
    pub(crate) definition: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Primary key; begins with the organization, so that uniqueness tells nothing across them.
    pub(crate) key: Vec<&'static str>,
    pub(crate) access: Access,
    /// The columns by which the searcher may find ids.
    pub(crate) lookup: Vec<String>,
    pub(crate) indexes: Vec<Index>,
    /// Options of the table and of columns' statistics, as `ALTER TABLE name …` takes them.
    pub(crate) tuning: Vec<String>,
}

impl Table {
    /// The statement that makes it, without secondary indexes.
    pub(crate) fn create_sql(&self, unlogged: bool) -> String {
        let kind = if unlogged { "UNLOGGED TABLE" } else { "TABLE" };
        let mut sql = format!("CREATE {kind} {} (\n", quoted(&self.name));
        for column in &self.columns {
            let collate = if column.bytewise { " COLLATE \"C\"" } else { "" };
            let required = if column.required { " NOT NULL" } else { "" };
            // Writing to a String cannot fail.
            let _ = writeln!(
                sql,
                "    {} {}{collate}{required},",
                quoted(&column.name),
                column.ty.sql()
            );
        }
        let _ = write!(sql, "    PRIMARY KEY ({})\n)", self.key.join(", "));
        // What lives for an hour needs no fine statistics.
        for option in self.tuning.iter().filter(|_| !unlogged) {
            let _ = write!(sql, ";\nALTER TABLE {} {option}", quoted(&self.name));
        }
        sql
    }

    /// The name that Postgres gives to the primary key.
    pub(crate) fn key_name(&self) -> String {
        format!("{}_pkey", self.name)
    }

    /// The statement that makes one of its indexes.
    pub(crate) fn index_sql(&self, index: &Index) -> String {
        format!(
            "CREATE INDEX IF NOT EXISTS {} ON {} {}",
            quoted(&index.name),
            quoted(&self.name),
            index.definition
        )
    }

    /// The quoted names of its columns.
    pub(crate) fn column_list(&self) -> String {
        self.columns.iter().map(|c| quoted(&c.name)).collect::<Vec<_>>().join(", ")
    }
}
