//! What links carry, and what those who are logged in come to by them.

use domain::user::Membership;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What the link carried.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// The token from the link.
    #[schema(max_length = 200)]
    pub token: String,
}

/// A profile that somebody has since.
#[derive(Serialize, ToSchema)]
pub struct JoinedOrganization {
    /// The organization.
    organization: Uuid,
    /// The profile in it; go over to it by `POST /auth/switch`.
    member: Uuid,
}

impl From<Membership> for JoinedOrganization {
    fn from(Membership { organization, member }: Membership) -> Self {
        Self { organization: organization.0, member: member.0 }
    }
}
