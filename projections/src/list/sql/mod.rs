//! The one builder of list queries. Names come from layouts, values are always bound.

mod conditions;
mod order;
#[cfg(test)]
mod tests;
mod words;

use super::query::{Deleted, ListQuery};
use crate::read::{Scope, World};
use crate::records::Layout;
use crate::sql::quoted;
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalogue::{Catalogue as _, FieldIndex};
use domain::reach::Rule;
use domain::record::RecordType;
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::query::Query;
use std::fmt::Write as _;
use std::sync::Arc;
use uuid::Uuid;
use words::Words;

pub(crate) use order::Part;

/// A value to be bound.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    Uuid(Uuid),
    Uuids(Vec<Uuid>),
    Text(String),
    Texts(Vec<String>),
    Bigint(i64),
    Bigints(Vec<i64>),
    Integer(i32),
    Boolean(bool),
    Date(NaiveDate),
    Dates(Vec<NaiveDate>),
    Time(DateTime<Utc>),
    Times(Vec<DateTime<Utc>>),
}

/// SQL with its arguments.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) arguments: Vec<Argument>,
}

impl Sql {
    fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Writes the placeholder of a value.
    fn bind(&mut self, argument: Argument) -> &mut Self {
        self.arguments.push(argument);
        // Writing to a String cannot fail.
        let _ = write!(self.text, "${}", self.arguments.len());
        self
    }

    /// The query, ready to run.
    pub(crate) fn query(self) -> Query<'static, Postgres, PgArguments> {
        let query = sqlx::query(AssertSqlSafe(self.text));
        self.arguments.into_iter().fold(query, |query, argument| match argument {
            Argument::Uuid(v) => query.bind(v),
            Argument::Uuids(v) => query.bind(v),
            Argument::Text(v) => query.bind(v),
            Argument::Texts(v) => query.bind(v),
            Argument::Bigint(v) => query.bind(v),
            Argument::Bigints(v) => query.bind(v),
            Argument::Integer(v) => query.bind(v),
            Argument::Boolean(v) => query.bind(v),
            Argument::Date(v) => query.bind(v),
            Argument::Dates(v) => query.bind(v),
            Argument::Time(v) => query.bind(v),
            Argument::Times(v) => query.bind(v),
        })
    }
}

/// Builds the queries of one list.
pub(crate) struct Builder<'a, R: RecordType> {
    layout: Arc<Layout>,
    query: &'a ListQuery,
    scope: &'a Scope,
    words: Words,
    /// Only rows assigned to these members, from reach and filter together; `None` is anyone.
    owners: Option<Vec<Uuid>>,
    /// Whether each owner's rows are found by their own index, in order, and merged.
    per_owner: bool,
    record: std::marker::PhantomData<R>,
}

impl<'a, R: RecordType> Builder<'a, R> {
    pub(crate) fn new(query: &'a ListQuery, scope: &'a Scope) -> Self {
        let mut builder = Self {
            layout: Layout::of::<R>(),
            query,
            scope,
            words: Words::new(query.words()),
            owners: None,
            per_owner: false,
            record: std::marker::PhantomData,
        };
        builder.owners = builder.owners();
        builder.per_owner = builder.words.is_empty() && builder.has_several_owners();
        builder
    }

    /// Members whose rows are asked for. A filter on the owner is merged with the reach: asking
    /// every owner's index for the rows of another one would read all of them for nothing.
    fn owners(&self) -> Option<Vec<Uuid>> {
        let reach = match (&self.scope.world, self.scope.reach.rule()) {
            // In an as-of world reach looks at who has the record now.
            (World::AsOf(_), _) | (World::Live, Rule::Everything) => None,
            (World::Live, Rule::AssignedToAny(members)) => {
                Some(members.into_iter().map(|m| m.0).collect::<Vec<_>>())
            }
        };
        let asked = self.query.filter.as_ref().and_then(conditions::owners::<R>);
        let mut owners = match (reach, asked) {
            (None, owners) | (owners, None) => owners?,
            (Some(reach), Some(asked)) => {
                reach.into_iter().filter(|member| asked.contains(member)).collect()
            }
        };
        owners.sort_unstable();
        owners.dedup();
        Some(owners)
    }

    /// Whether rows that the words find must be looked at again, since the words may be in a field
    /// that is hidden from whoever asks.
    pub(crate) fn rechecks(&self) -> bool {
        let searchable = |field: &FieldIndex| R::Fields::def(*field).searchable;
        !self.words.is_empty() && self.query.hidden.iter().any(searchable)
    }

    /// Whether the words are in what is shown of a record.
    pub(crate) fn finds(&self, shown: &R::Fields) -> bool {
        self.words.are_in(&R::search_text(shown))
    }

    fn has_several_owners(&self) -> bool {
        self.owners.as_ref().is_some_and(|owners| owners.len() > 1)
    }

    /// Asks how common the words are, if there are any.
    pub(crate) fn weigh(&self) -> Option<Sql> {
        self.words.weigh(R::PLURAL, self.scope.organization.0, self.owners.as_deref())
    }

    /// Chooses the way to the words by the rows that the planner expects, in the order of its
    /// answer.
    pub(crate) fn decide(&mut self, rows: &[f64]) {
        let owners = self.owners.as_ref().map_or(1, Vec::len);
        let lines = u32::try_from(owners).unwrap_or(u32::MAX);
        self.words.decide(rows, f64::from(self.query.limit), f64::from(lines));
        self.per_owner = self.words.is_walk() && self.has_several_owners();
    }

    /// The ids of a page, with the values of the sort keys: one row more than asked for tells
    /// whether there is a next page.
    pub(crate) fn page(&self, part: Part, limit: i64) -> Sql {
        let mut sql = Sql::default();
        let keys: Vec<String> =
            self.key_columns().iter().map(|column| format!("c.{column}")).collect();
        let selected: Vec<String> =
            keys.iter().enumerate().map(|(index, key)| format!("{key} AS k{index}")).collect();
        // Each owner's rows in order, merged; or everything that the words' index finds, sorted:
        // OFFSET 0 keeps the planner from walking along the order instead.
        let (each_owner, sorted_after) = (self.per_owner, self.words.is_by_index());
        if each_owner || sorted_after {
            let outer: Vec<String> = (0..keys.len()).map(|index| format!("l.k{index}")).collect();
            let _ = write!(sql.text, "SELECT l.id, {} FROM ", outer.join(", "));
        }
        if each_owner {
            sql.push("unnest(").bind(Argument::Uuids(self.owners.clone().unwrap_or_default()));
            sql.push("::uuid[]) AS o (member) CROSS JOIN LATERAL ");
        }
        sql.push(if each_owner || sorted_after { "(\n" } else { "" });
        let table = quoted(R::PLURAL);
        let _ = write!(sql.text, "SELECT c.id, {} FROM {table} AS c", selected.join(", "));
        self.filter_rows(&mut sql);
        if each_owner {
            sql.push("\n AND c.assigned_to = o.member");
        } else {
            self.only_owners(&mut sql);
        }
        self.after(&mut sql, part);
        if sorted_after {
            sql.push("\n OFFSET 0");
        } else {
            sql.push("\n ORDER BY ");
            self.order(&mut sql, |index| keys[index].clone(), "c.id");
            sql.push(" LIMIT ").bind(Argument::Bigint(limit));
        }
        if each_owner || sorted_after {
            sql.push("\n) AS l ORDER BY ");
            self.order(&mut sql, |index| format!("l.k{index}"), "l.id");
            sql.push(" LIMIT ").bind(Argument::Bigint(limit));
        }
        sql
    }

    /// How many records there are, counted no further than `most`.
    pub(crate) fn count(&self, most: i64) -> Sql {
        let mut sql = Sql::default();
        sql.push("SELECT count(*) FROM (");
        self.rows(&mut sql);
        sql.push(" LIMIT ").bind(Argument::Bigint(most)).push(") AS found");
        sql
    }

    /// All of them, for the planner to guess how many.
    pub(crate) fn all(&self) -> Sql {
        let mut sql = Sql::default();
        self.rows(&mut sql);
        sql
    }

    /// Ids in their own order, behind `after`: for acting on everything that a list finds.
    pub(crate) fn ids(&self, after: Option<Uuid>, limit: i64) -> Sql {
        let mut sql = Sql::default();
        self.rows(&mut sql);
        if let Some(after) = after {
            sql.push("\n AND c.id > ").bind(Argument::Uuid(after));
        }
        sql.push("\n ORDER BY c.id LIMIT ").bind(Argument::Bigint(limit));
        sql
    }

    fn rows(&self, sql: &mut Sql) {
        let _ = write!(sql.text, "SELECT c.id FROM {} AS c", quoted(R::PLURAL));
        self.filter_rows(sql);
        self.only_owners(sql);
    }

    /// Organization, recycle bin, reach in as-of worlds, words, filter.
    fn filter_rows(&self, sql: &mut Sql) {
        sql.push("\n WHERE c.organization_id = ").bind(Argument::Uuid(self.scope.organization.0));
        match self.query.deleted {
            Deleted::Exclude => sql.push("\n AND c.deleted_at IS NULL"),
            Deleted::Only => sql.push("\n AND c.deleted_at IS NOT NULL"),
            Deleted::Include => sql,
        };
        if let (World::AsOf(_), Rule::AssignedToAny(members)) =
            (&self.scope.world, self.scope.reach.rule())
        {
            let _ = write!(
                sql.text,
                "\n AND EXISTS (SELECT FROM {}_present AS p \
                 WHERE p.organization_id = c.organization_id AND p.id = c.id AND p.assigned_to = ANY (",
                R::PLURAL
            );
            sql.bind(Argument::Uuids(members.into_iter().map(|m| m.0).collect())).push("))");
        }
        self.words.match_rows(sql);
        if let Some(filter) = &self.query.filter {
            sql.push("\n AND ");
            conditions::filter::<R>(sql, &self.layout, filter);
        }
    }

    fn only_owners(&self, sql: &mut Sql) {
        match self.owners.as_deref() {
            None => {}
            Some([owner]) => {
                sql.push("\n AND c.assigned_to = ").bind(Argument::Uuid(*owner));
            }
            Some(owners) => {
                sql.push("\n AND c.assigned_to = ANY (")
                    .bind(Argument::Uuids(owners.to_vec()))
                    .push(")");
            }
        }
    }
}
