//! Which columns a record type's table has: derived from its catalogue, field by field.

use crate::sql::{Access, Column, ColumnType, Index, Need, Table, quoted};
use domain::catalogue::{Catalogue, FieldDef, FieldIndex, Form, Kind};
use domain::normalize;
use domain::record::RecordType;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Name of the column that holds a record's title; `title` may be a field.
pub(crate) const TITLE: &str = "display_title";

/// Name of the column that holds a record's words.
pub(crate) const SEARCH_TEXT: &str = "search_text";

/// How many values of it the statistics keep: words are judged by how many of these contain them.
pub(crate) const SEARCH_TEXT_SAMPLE: u16 = 300;

/// The columns before the fields, in order.
pub(crate) const SYSTEM_COLUMNS: usize = 11;

fn system_columns() -> [Column; SYSTEM_COLUMNS] {
    use ColumnType::{Integer, Text, Timestamp, Uuid};
    [
        Column::new("organization_id", Uuid).required(),
        Column::new("id", Uuid).required(),
        Column::new("version", Integer).required(),
        Column::new("created_at", Timestamp).required(),
        Column::new("created_by", Uuid),
        Column::new("updated_at", Timestamp).required(),
        Column::new("updated_by", Uuid),
        Column::new("deleted_at", Timestamp),
        Column::new(TITLE, Text).required(),
        Column::new("sort_title", Text).required().bytewise(),
        Column::new(SEARCH_TEXT, Text).required().bytewise(),
    ]
}

/// How a field is kept beside its value, so that it can be found and sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// Lower case without accents ([`domain::normalize::search_key`]).
    Words,
    /// The digits of a telephone number ([`domain::normalize::phone_key`]).
    Digits,
}

/// The greatest length of a key in bytes: an index entry must fit into a third of a page, and
/// compatibility decomposition can make a text many times longer.
const MAX_KEY: usize = 1_000;

/// A key cut to what an index can hold.
pub(crate) fn bounded(key: &str) -> &str {
    &key[..key.floor_char_boundary(MAX_KEY)]
}

/// The form in which a text is found and sorted.
pub(crate) fn key_form(form: KeyForm, text: &str) -> String {
    let key = match form {
        KeyForm::Words => normalize::search_key(text),
        KeyForm::Digits => normalize::phone_key(text),
    };
    bounded(&key).to_owned()
}

/// The columns of one field.
#[derive(Clone, Debug)]
pub(crate) struct FieldColumns {
    /// The value (of money, the amount).
    pub(crate) name: &'static str,
    pub(crate) ty: ColumnType,
    /// The currency beside an amount.
    pub(crate) currency: Option<String>,
    /// The normalised form beside a text.
    pub(crate) key: Option<(String, KeyForm)>,
}

impl FieldColumns {
    fn of(def: &'static FieldDef) -> Self {
        let one_line = def.kind.form() == Form::Text && !matches!(def.kind, Kind::LongText { .. });
        let key = if def.kind == Kind::Email {
            Some((format!("{}_norm", def.name), KeyForm::Words))
        } else if def.kind == Kind::Phone {
            Some((format!("{}_norm", def.name), KeyForm::Digits))
        } else if def.sortable && one_line {
            Some((format!("{}_sort", def.name), KeyForm::Words))
        } else {
            None
        };
        let currency = (def.kind == Kind::Money).then(|| format!("{}_currency", def.name));
        Self { name: def.name, ty: column_type(def.kind), currency, key }
    }

    /// The column that lists sort this field by.
    pub(crate) fn sort(&self) -> &str {
        self.key.as_ref().map_or(self.name, |(name, _)| name)
    }
}

fn column_type(kind: Kind) -> ColumnType {
    match kind.form() {
        Form::Text => ColumnType::Text,
        Form::Integer | Form::Money => ColumnType::Bigint,
        Form::Boolean => ColumnType::Boolean,
        Form::Date => ColumnType::Date,
        Form::Time => ColumnType::Timestamp,
        Form::Id => ColumnType::Uuid,
        Form::Ids => ColumnType::UuidArray,
        Form::Object => ColumnType::Jsonb,
    }
}

/// The tables of a record type.
#[derive(Debug)]
pub(crate) struct Layout {
    /// One row per record.
    pub(crate) records: Table,
    /// How many records that are not deleted have each pick-list value.
    pub(crate) counts: Table,
    /// The columns of each field, in the order of the catalogue.
    pub(crate) fields: Vec<FieldColumns>,
}

impl Layout {
    /// The layout of a record type; worked out once.
    pub(crate) fn of<R: RecordType>() -> Arc<Self> {
        static KNOWN: LazyLock<RwLock<HashMap<&'static str, Arc<Layout>>>> =
            LazyLock::new(RwLock::default);
        // Nothing panics while it holds the lock, and the map is valid at every moment.
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(R::KIND).cloned();
        known.unwrap_or_else(|| {
            let layout = Arc::new(Self::new::<R>());
            KNOWN
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(R::KIND)
                .or_insert(layout)
                .clone()
        })
    }

    fn new<R: RecordType>() -> Self {
        let fields: Vec<_> = R::Fields::FIELDS.iter().map(FieldColumns::of).collect();
        let mut columns = system_columns().to_vec();
        for field in &fields {
            columns.push(Column::new(field.name, field.ty));
            columns.extend(field.currency.iter().map(|c| Column::new(c, ColumnType::Text)));
            columns.extend(
                field.key.iter().map(|(name, _)| Column::new(name, ColumnType::Text).bytewise()),
            );
        }
        let records = Table {
            name: R::PLURAL.to_owned(),
            columns,
            key: vec!["organization_id", "id"],
            access: Access::Reach,
            lookup: lookup_columns::<R>(&fields),
            indexes: indexes::<R>(&fields),
            tuning: vec![
                format!("ALTER COLUMN search_text SET STATISTICS {SEARCH_TEXT_SAMPLE}"),
                // A tenth, the default, is a hundred thousand rows late on a million.
                "SET (autovacuum_analyze_scale_factor = 0.02)".to_owned(),
            ],
        };
        Self { records, counts: counts_table::<R>(), fields }
    }

    /// The columns of a field.
    pub(crate) fn field(&self, field: FieldIndex) -> &FieldColumns {
        &self.fields[field.at()]
    }
}

fn counts_table<R: RecordType>() -> Table {
    Table {
        name: format!("{}_per_choice", R::PLURAL),
        columns: vec![
            Column::new("organization_id", ColumnType::Uuid).required(),
            Column::new("choice_id", ColumnType::Uuid).required(),
            Column::new("records", ColumnType::Bigint).required(),
        ],
        key: vec!["organization_id", "choice_id"],
        access: Access::Organization,
        lookup: Vec::new(),
        indexes: Vec::new(),
        tuning: vec!["SET (fillfactor = 50)".to_owned()],
    }
}

fn lookup_columns<R: RecordType>(fields: &[FieldColumns]) -> Vec<String> {
    let system = [
        "organization_id",
        "id",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "deleted_at",
        "sort_title",
        SEARCH_TEXT,
    ];
    let mut names: Vec<String> = system.map(str::to_owned).to_vec();
    for (field, def) in fields.iter().zip(R::Fields::FIELDS) {
        if def.filterable {
            names.push(field.name.to_owned());
            names.extend(field.currency.clone());
        }
        names.extend(field.key.as_ref().map(|(name, _)| name.clone()));
    }
    names
}

fn indexes<R: RecordType>(fields: &[FieldColumns]) -> Vec<Index> {
    let plural = R::PLURAL;
    let mut indexes = Vec::new();
    let mut sorts = vec!["updated_at", "created_at", "sort_title"];
    sorts.extend(
        fields
            .iter()
            .zip(R::Fields::FIELDS)
            .filter(|(_, def)| def.sortable)
            .map(|(field, _)| field.sort()),
    );
    for sort in sorts {
        let column = quoted(sort);
        indexes.push(Index {
            name: format!("{plural}_by_{sort}"),
            need: Need::Sort(sort.to_owned()),
            definition: format!("(organization_id, {column}, id)"),
        });
        indexes.push(Index {
            name: format!("{plural}_owned_by_{sort}"),
            need: Need::OwnerSort(sort.to_owned()),
            definition: format!("(organization_id, assigned_to, {column}, id)"),
        });
    }
    indexes.push(Index {
        name: format!("{plural}_deleted"),
        need: Need::Other,
        definition: "(organization_id, updated_at, id) WHERE deleted_at IS NOT NULL".to_owned(),
    });
    indexes.push(Index {
        name: format!("{plural}_search"),
        need: Need::Search,
        definition: "USING gin (organization_id, search_text gin_trgm_ops)".to_owned(),
    });
    let mut facets = Vec::new();
    for (field, def) in fields.iter().zip(R::Fields::FIELDS) {
        if matches!(def.kind.form(), Form::Id | Form::Ids) {
            facets.push(quoted(field.name));
        } else if matches!(def.kind, Kind::Email | Kind::Phone) && !def.sortable {
            indexes.push(exact(plural, field.sort()));
        } else if def.name == EXTERNAL_ID {
            indexes.push(exact(plural, field.name));
        }
    }
    indexes.push(Index {
        name: format!("{plural}_facets"),
        need: Need::Facets,
        definition: format!("USING gin (organization_id, {})", facets.join(", ")),
    });
    indexes
}

/// The field by which other systems know a record; imports match on it.
const EXTERNAL_ID: &str = "external_id";

fn exact(plural: &str, column: &str) -> Index {
    Index {
        name: format!("{plural}_with_{column}"),
        need: Need::Exact(column.to_owned()),
        definition: format!(
            "(organization_id, {column}) WHERE {column} IS NOT NULL",
            column = quoted(column)
        ),
    }
}
