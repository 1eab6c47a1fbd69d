//! Whose eyes a read sees with, and which world it looks at.

use domain::ids::OrganizationId;
use domain::reach::{Reach, Rule};
use store::Position;

/// Which world to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum World {
    /// As things are.
    Live,
    /// As things were in one organization; from [`crate::Projections::open_as_of`].
    AsOf(AsOf),
}

/// An as-of world that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// Its name in `hindsight.world`; made by this crate, safe in SQL.
    pub(crate) name: String,
    /// The position it shows.
    pub(crate) position: Position,
}

impl AsOf {
    /// The position it shows.
    pub fn position(&self) -> Position {
        self.position
    }
}

impl World {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Live => "live",
            Self::AsOf(as_of) => &as_of.name,
        }
    }
}

/// Everything that a read is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Only this organization's rows.
    pub organization: OrganizationId,
    /// Only rows within this reach, as it is now.
    pub reach: Reach,
    /// Which world.
    pub world: World,
}

impl Scope {
    /// The present.
    pub fn live(organization: OrganizationId, reach: Reach) -> Self {
        Self { organization, reach, world: World::Live }
    }

    /// The same eyes in another world.
    pub fn within(self, as_of: AsOf) -> Self {
        Self { world: World::AsOf(as_of), ..self }
    }

    /// The statement that starts a transaction bound to this scope: one round trip. Built from
    /// ids and our own names only, so there is nothing to escape.
    pub(crate) fn begin(&self) -> String {
        let (reach, visible) = match self.reach.rule() {
            Rule::Everything => ("all", Vec::new()),
            Rule::AssignedToAny(members) => ("assigned", members),
        };
        let visible: Vec<String> = visible.iter().map(ToString::to_string).collect();
        format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {SETTINGS}; \
             SELECT hindsight.enter('{}', '{}', '{reach}', '{{{}}}')",
            self.world.name(),
            self.organization,
            visible.join(",")
        )
    }
}

/// A read must end long before a retired generation is dropped. Plans are made for the values at
/// hand: how many rows an owner or a word has is what decides between indexes. Compiling a query
/// takes longer than any of ours.
const SETTINGS: &str = "SET LOCAL statement_timeout = '10s'; \
    SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off";

/// The row-level-security condition for record tables: the organization, and [`Reach::permits`]
/// over the settings that [`Scope::begin`] makes.
pub(crate) const LIVE_POLICY: &str = "organization_id = current_setting('hindsight.organization')::uuid \
     AND CASE current_setting('hindsight.reach') \
         WHEN 'all' THEN true \
         WHEN 'assigned' THEN coalesce(assigned_to = ANY (current_setting('hindsight.visible')::uuid[]), false) \
         ELSE false END";

/// The condition for tables that every member of the organization may read.
pub(crate) const ORGANIZATION_POLICY: &str =
    "organization_id = current_setting('hindsight.organization')::uuid";

/// The condition for tables of what belongs to single members, who may share it.
pub(crate) const OWNER_POLICY: &str = "organization_id = current_setting('hindsight.organization')::uuid \
     AND (shared OR owner_id = ANY (current_setting('hindsight.visible')::uuid[]))";
