//! What a member may do, now or at an earlier moment.

use crate::error::CommandError;
use crate::execute::Commands;
use crate::folded::{At, Folded};
use domain::access::{Actor, Rights};
use domain::ids::{MemberId, OrganizationId};
use domain::member::Member;
use domain::role::{self, Roles};
use domain::team::{self, Teams};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use store::LogId;

/// A membership with the rights that it came to at some moment.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The membership; version 0 if there was none.
    pub member: Arc<Folded<Member>>,
    /// What they might do; nothing if they were not active.
    pub rights: Arc<Rights>,
}

impl Commands {
    /// What a member may do, or might at an earlier position: the fold of their membership, of the
    /// organization's roles and of its teams.
    pub async fn standing(
        &self,
        organization: OrganizationId,
        member: MemberId,
        at: At,
    ) -> Result<Standing, CommandError> {
        let log = LogId::from(organization);
        let (folded, roles, teams) = futures::try_join!(
            self.load_at::<Member>(log, member.0, at),
            self.load_at::<Roles>(log, role::stream_id(organization), at),
            self.load_at::<Teams>(log, team::stream_id(organization), at),
        )?;
        let rights = role::rights(organization, member, &folded.state, &roles.state, &teams.state);
        Ok(Standing { member: folded, rights: Arc::new(rights) })
    }

    /// The member as an actor with rights as they are now; `None` if they may not enter.
    pub async fn actor(
        &self,
        organization: OrganizationId,
        member: MemberId,
    ) -> Result<Option<Actor>, CommandError> {
        let Standing { member: folded, rights } =
            self.standing(organization, member, At::Now).await?;
        let user = folded.state.user.filter(|_| folded.state.is_active());
        Ok(user.map(|user| Actor { user, member, organization, rights, key: None }))
    }
}

/// What a token is issued for: it differs whenever the rights do, whatever they are made of. A
/// token with another version than the rights have now is outdated. (Rights are looked up for
/// every request anyway; the version makes a client fetch anew what it may do.)
pub(super) fn authorization_version(rights: &Rights) -> u32 {
    // Rights are maps with text keys and sorted lists: there is one way to write them.
    let written = serde_json::to_vec(rights).unwrap_or_default();
    let digest = Sha256::digest(&written);
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}
