//! Pages of lists, each in turns with the query that somebody would write by hand for it, run by a
//! superuser whom no policy holds up.

use super::Million;
use crate::baseline::live_schema;
use crate::data;
use crate::measure::{self, Report};
use domain::contact::ContactType;
use domain::ids::{MemberId, OrganizationId};
use domain::reach::Reach;
use projections::{FieldSelection, Filter, ListQuery, Page, Scope, SortKey};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Pages of each kind.
const PAGES: usize = 200;

const DEEP: usize = 1_000;

/// A list, and what the query by hand has beside the organization and the reach.
struct Kind {
    name: &'static str,
    query: ListQuery,
    condition: String,
    order: &'static str,
}

const BY_CHANGE: &str = "updated_at DESC, id DESC";

fn faults(faults: impl std::fmt::Debug) -> anyhow::Error {
    anyhow::anyhow!("{faults:?}")
}

impl Million {
    pub(super) async fn lists(&self, report: &mut Report) -> anyhow::Result<()> {
        let mut admin = self.test.admin().await;
        sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut admin).await?;
        let list = live_schema(&mut admin).await?;
        let path = format!("SET search_path = {list}, ext");
        sqlx::raw_sql(AssertSqlSafe(path)).execute(&mut admin).await?;
        let member = |n: u128| MemberId(Uuid::from_u128(1_000 + n));
        let own = MemberId(Uuid::from_u128(data::LONELY));
        let team: std::collections::BTreeSet<_> = (0..20).map(|n| member(n * 37)).collect();
        let members = |members: &mut dyn Iterator<Item = MemberId>| {
            members.map(|member| format!("'{}'", member.0)).collect::<Vec<_>>().join(", ")
        };
        let reaches = [
            ("all", Reach::All, None),
            (
                "team",
                Reach::Team(team.iter().copied().collect()),
                Some(members(&mut team.into_iter())),
            ),
            ("own", Reach::Own(own), Some(members(&mut std::iter::once(own)))),
        ];
        for (reach_name, reach, owners) in reaches {
            let scope = Scope::live(OrganizationId(self.id.0), reach);
            let kinds = self.kinds(&scope, owners.as_deref(), &mut admin).await?;
            for Kind { name, query, condition, order } in kinds {
                let sql = self.by_hand(owners.as_deref(), &condition, order);
                let (mut ours, mut bare) = (Vec::new(), Vec::new());
                let mut rows = (0, 0);
                for _ in 0..PAGES {
                    let started = Instant::now();
                    rows.0 = self.page(&scope, &query).await?.rows.len();
                    ours.push(started.elapsed());
                    let started = Instant::now();
                    rows.1 =
                        sqlx::query(AssertSqlSafe(sql.clone())).fetch_all(&mut admin).await?.len();
                    bare.push(started.elapsed());
                }
                anyhow::ensure!(rows.0 == rows.1, "{name}: {} rows, by hand {}", rows.0, rows.1);
                let at = |share, times: &Vec<_>| measure::percentile(times.clone(), share);
                let met = report.beside(
                    &format!("list, reach {reach_name}, {name}, p95, against bare SQL"),
                    (at(0.95, &bare), at(0.95, &ours)),
                    Duration::from_millis(20),
                    Duration::from_millis(5),
                );
                if !met {
                    println!("medians: {:?}, bare {:?}", at(0.5, &ours), at(0.5, &bare));
                    self.explain(&scope, &query, &sql, &mut admin).await?;
                }
            }
        }
        Ok(())
    }

    /// Prints how the database finds a page that took too long, for us and by hand.
    async fn explain(
        &self,
        scope: &Scope,
        query: &ListQuery,
        by_hand: &str,
        admin: &mut PgConnection,
    ) -> anyhow::Result<()> {
        let mut tx = self.projections.read(scope.clone()).await?;
        println!("{}\n\nby hand:", tx.explain_list::<ContactType>(query).await?);
        let explain = format!("EXPLAIN (ANALYZE, BUFFERS) {by_hand}");
        let lines: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(admin).await?;
        println!("{}\n", lines.join("\n"));
        Ok(())
    }

    async fn page(&self, scope: &Scope, query: &ListQuery) -> anyhow::Result<Page> {
        let mut tx = self.projections.read(scope.clone()).await?;
        Ok(tx.list::<ContactType>(query).await?)
    }

    async fn kinds(
        &self,
        scope: &Scope,
        owners: Option<&str>,
        admin: &mut PgConnection,
    ) -> anyhow::Result<Vec<Kind>> {
        let owner = MemberId(Uuid::from_u128(1_000 + 37));
        let status = domain::picklist::CONTACT;
        let filter = json!({"all": [{"field": "status", "op": "eq", "value": status},
                                     {"field": "assigned_to", "op": "eq", "value": owner}]});
        let filter = Filter::parse::<ContactType>(&filter).map_err(faults)?;
        let by_name = SortKey::parse::<ContactType>("name").map_err(faults)?;
        let list = |name, query| Kind { name, query, condition: String::new(), order: BY_CHANGE };
        let search = |name, q: &str, normalised: &str| Kind {
            condition: format!("AND search_text LIKE '%{normalised}%'"),
            ..list(name, ListQuery { q: Some(q.to_owned()), ..ListQuery::default() })
        };
        let (deep, behind) = self.deep(scope, owners, admin).await?;
        Ok(vec![
            list("default sort", ListQuery::default()),
            Kind {
                order: "sort_title, id",
                ..list("by name", ListQuery { sort: by_name, ..ListQuery::default() })
            },
            Kind {
                condition: format!("AND status = '{status}' AND assigned_to = '{}'", owner.0),
                ..list(
                    "status and owner",
                    ListQuery { filter: Some(filter), ..ListQuery::default() },
                )
            },
            search("search, one hit", "ana.777123@example", "ana.777123@example"),
            search("search, 200 hits", "kovač-1234", "kovac-1234"),
            search("search, 2,200 hits", "kovač-123", "kovac-123"),
            search("search, all hit", "example", "example"),
            Kind { condition: behind, ..list("1,000 pages deep", deep) },
        ])
    }

    /// The thousandth page, or the last, and where it begins.
    async fn deep(
        &self,
        scope: &Scope,
        owners: Option<&str>,
        admin: &mut PgConnection,
    ) -> anyhow::Result<(ListQuery, String)> {
        let mut deep = ListQuery {
            fields: FieldSelection::parse::<ContactType>("email").map_err(faults)?,
            ..ListQuery::default()
        };
        let mut passed = 0;
        for _ in 0..DEEP {
            let page = self.page(scope, &deep).await?;
            let Some(next) = page.next else { break };
            passed += page.rows.len();
            deep.after = Some(next);
        }
        deep.fields = FieldSelection::All;
        if passed == 0 {
            return Ok((deep, String::new()));
        }
        let sql = format!(
            "SELECT format('AND (updated_at, id) < (%L, %L)', updated_at, id) FROM contacts \
              WHERE organization_id = $1 AND deleted_at IS NULL {} \
              ORDER BY {BY_CHANGE} OFFSET $2 LIMIT 1",
            owners.map(|owners| format!("AND assigned_to IN ({owners})")).unwrap_or_default()
        );
        let behind: String = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(self.id.0)
            .bind(i64::try_from(passed - 1)?)
            .fetch_one(admin)
            .await?;
        Ok((deep, behind))
    }

    /// The page by hand. For several owners, and no search, each owner's index is read in order.
    fn by_hand(&self, owners: Option<&str>, condition: &str, order: &str) -> String {
        let organization = self.id.0;
        let rows = |more: &str| {
            format!(
                "SELECT * FROM contacts WHERE organization_id = '{organization}' \
                    AND deleted_at IS NULL {condition} {more} ORDER BY {order} LIMIT 50"
            )
        };
        match owners {
            None => rows(""),
            Some(owners) if condition.contains("search_text") => {
                rows(&format!("AND assigned_to IN ({owners})"))
            }
            Some(owners) => {
                let each = rows("AND assigned_to = o.member");
                format!(
                    "SELECT l.* FROM unnest(ARRAY[{owners}]::uuid[]) AS o (member) \
                      CROSS JOIN LATERAL ({each}) AS l ORDER BY {order} LIMIT 50"
                )
            }
        }
    }
}
