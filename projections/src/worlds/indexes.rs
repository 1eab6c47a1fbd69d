//! Indexes of as-of worlds, made when a list first needs them.

use super::Builder;
use crate::error::BuildError;
use crate::list::ListQuery;
use crate::list::needs;
use crate::read::{Scope, World};
use domain::record::RecordType;
use sqlx::AssertSqlSafe;
use std::sync::PoisonError;

impl Builder {
    /// Makes what a list needs to be fast in an as-of world.
    pub(crate) async fn prepare_list<R: RecordType>(
        &self,
        scope: &Scope,
        query: &ListQuery,
    ) -> Result<(), BuildError> {
        let World::AsOf(as_of) = &scope.world else { return Ok(()) };
        let model = self.model(R::PLURAL)?;
        let needs = needs::<R>(query, scope);
        for table in model.tables() {
            for index in table.indexes.iter().filter(|index| needs.contains(&index.need)) {
                let key = format!("{}.{}", as_of.name, index.name);
                if self.is_indexed(&key) {
                    continue;
                }
                self.make_index(&as_of.name, R::PLURAL, table.index_sql(index)).await?;
                self.indexed.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
            }
        }
        Ok(())
    }

    fn is_indexed(&self, key: &str) -> bool {
        // Nothing panics while it holds the lock.
        self.indexed.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    async fn make_index(&self, world: &str, model: &str, sql: String) -> Result<(), BuildError> {
        let mut transaction = self.pool.begin().await?;
        let entered: Option<String> = sqlx::query_scalar(
            "SELECT set_config('search_path', schema || ', ext, pg_temp', true) \
               FROM hindsight.read_model, \
                    LATERAL set_config('maintenance_work_mem', '256MB', true) \
              WHERE world = $1 AND model = $2",
        )
        .bind(world)
        .bind(model)
        .fetch_optional(&mut *transaction)
        .await?;
        if entered.is_some() {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets the indexes of a world that is dropped: one of the same name may be built again.
    pub(super) fn forget_indexes(&self, world: &str) {
        let mut indexed = self.indexed.lock().unwrap_or_else(PoisonError::into_inner);
        indexed.retain(|key| key.split('.').next() != Some(world));
    }
}
