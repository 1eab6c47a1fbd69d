//! API keys: made, used and revoked.
//!
//! A key reads `hs_`, its id, its secret and a checksum, all in hexadecimal: easy to find where it
//! must not be (`hs_[0-9a-f]{88}`), and a mistyped one is known without asking the vault.

use super::{Entrance, Identity, IdentityError};
use crate::error::{CommandError, Denied};
use crate::execute::Target;
use crate::request::{Caller, CommandRequest, Origin};
use chrono::{DateTime, Utc};
use domain::access::{Actor, Permission};
use domain::api_key::{ApiKey, ApiKeyCommand, NewKey};
use domain::ids::{ApiKeyId, SubjectId};
use domain::user::Membership;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use store::LogId;
use store::vault::SessionOwner;
use uuid::Uuid;

/// What every key begins with.
pub const KEY_PREFIX: &str = "hs_";
/// Hexadecimal digits of secret and checksum.
const SECRET: usize = 48;
const CHECKSUM: usize = 8;
/// How many keys' callers are remembered.
const REMEMBERED: usize = 10_000;

/// Callers of late, by the hash of their key.
pub(super) struct KeyCallers(Cache<[u8; 32], (DateTime<Utc>, Actor, Entrance)>);

impl KeyCallers {
    pub(super) fn new() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

/// A key that was made.
#[derive(Clone)]
pub struct MadeKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The key itself, which cannot be had again.
    pub key: String,
    /// What is known of it.
    pub state: ApiKey,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn checksum(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes())[..CHECKSUM / 2])
}

fn write(id: ApiKeyId, secret: &[u8; 32]) -> String {
    let body = format!("{KEY_PREFIX}{}{}", id.0.simple(), hex(&secret[..SECRET / 2]));
    format!("{body}{}", checksum(&body))
}

/// A key's id, if it is one of ours by its form.
fn id_of(key: &str) -> Option<ApiKeyId> {
    let (body, sum) = key.split_at_checked(KEY_PREFIX.len() + 32 + SECRET)?;
    if checksum(body) != sum {
        return None;
    }
    let id = body.strip_prefix(KEY_PREFIX)?.get(..32)?;
    Some(ApiKeyId(Uuid::try_parse(id).ok()?))
}

impl Identity {
    /// Makes a key for the caller of `request`, not wider than their own rights.
    pub async fn create_api_key(
        &self,
        request: &CommandRequest,
        actor: &Actor,
        name: String,
        scopes: BTreeSet<String>,
        expires_at: DateTime<Utc>,
    ) -> Result<MadeKey, IdentityError> {
        let inner = &self.inner;
        let id = ApiKeyId(inner.commands.ids().next());
        let key = write(id, &inner.commands.ids().secret());
        let new = NewKey { user: actor.user, member: actor.member, name, scopes, expires_at };
        let may = |_: &ApiKey| request.caller.demand(Permission::API_KEYS_CREATE);
        let target = Target::new(id.0).owned_by(SubjectId(actor.user.0));
        let create = |_: &ApiKey| Ok(ApiKeyCommand::Create(new.clone()));
        // Before its hash: what is not in the log cannot be used.
        let done = inner.commands.execute::<ApiKey>(request, target, may, create).await?;
        let owner = SessionOwner {
            user: actor.user,
            organization: actor.organization,
            member: actor.member,
        };
        let hash = Sha256::digest(key.as_bytes()).into();
        inner.vault.add_api_key(id, owner, &hash, expires_at).await?;
        Ok(MadeKey { id, key, state: done.folded.state.clone() })
    }

    /// The caller behind a key, if it is good, and what they find, both at most 2 s old: what its
    /// member may do now, and no more than the key passes on.
    pub async fn authenticate_key(
        &self,
        origin: &Origin,
        key: &str,
    ) -> Result<(Actor, Entrance), IdentityError> {
        let inner = &self.inner;
        let id = id_of(key).ok_or(IdentityError::NoSession)?;
        let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let now = inner.commands.clock().now();
        if let Some((learnt, actor, entrance)) = inner.key_callers.0.get(&hash)
            && now.signed_duration_since(learnt).abs() < super::authenticate::REMEMBERED
        {
            return Ok((actor, entrance));
        }
        let owner = inner.vault.find_api_key(id, &hash, now).await?;
        let owner = owner.ok_or(IdentityError::NoSession)?;
        let membership = Membership { organization: owner.organization, member: owner.member };
        let mut actor = self.caller_of(owner.user, membership).await?.actor;
        let log = LogId::from(owner.organization);
        let folded = inner.commands.load::<ApiKey>(log, id.0).await?;
        if folded.state.revoked || folded.state.owner != Some((owner.user, owner.member)) {
            return Err(IdentityError::NoSession);
        }
        actor.rights = Arc::new(actor.rights.limited_to(&folded.state.permissions()));
        actor.key = Some(id);
        if folded.state.used_on.is_none_or(|used| used < now.date_naive()) {
            let caller = Caller::Member(actor.clone());
            let mut request = inner.commands.request(log, caller, origin.clone(), "use_api_key");
            let day = now.date_naive();
            let occasion = format!("used {day}");
            request.command_id = Some(Uuid::new_v5(&id.0, occasion.as_bytes()));
            let itself = |_: &ApiKey| Ok::<(), Denied>(());
            let target = Target::existing(id.0).owned_by(SubjectId(owner.user.0));
            let used = |_: &ApiKey| Ok(ApiKeyCommand::Use(day));
            inner.commands.execute::<ApiKey>(&request, target, itself, used).await?;
        }
        let entrance = self.entrance(&actor).await?;
        inner.key_callers.0.insert(hash, (now, actor.clone(), entrance.clone()));
        Ok((actor, entrance))
    }

    /// The keys that are not revoked: the caller's own, or everybody's if they may see those.
    pub async fn api_keys(&self, actor: &Actor) -> Result<Vec<(ApiKeyId, ApiKey)>, IdentityError> {
        let all = actor.holds(Permission::API_KEYS_READ);
        let member = (!all).then_some(actor.member);
        let log = LogId::from(actor.organization);
        let mut keys = Vec::new();
        for id in self.inner.vault.api_keys(actor.organization, member).await? {
            let folded = self.inner.commands.load::<ApiKey>(log, id.0).await?;
            keys.push((id, folded.state.clone()));
        }
        Ok(keys)
    }

    /// Makes a key good no longer: one's own, or anybody's if one may revoke those. Of the keys of
    /// others, who may not even see them is not told which there are.
    pub async fn revoke_api_key(
        &self,
        request: &CommandRequest,
        actor: &Actor,
        id: ApiKeyId,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let may = |key: &ApiKey| match key.owner {
            Some((_, member)) if member == actor.member => Ok(()),
            Some(_) if actor.holds(Permission::API_KEYS_REVOKE) => Ok(()),
            Some(_) if actor.holds(Permission::API_KEYS_READ) => Err(Denied::Forbidden),
            Some(_) | None => Err(Denied::Hidden),
        };
        let folded = inner.commands.load::<ApiKey>(request.log, id.0).await?;
        let Some((user, _)) = folded.state.owner else {
            return Err(IdentityError::Command(CommandError::NotFound));
        };
        let target = Target::existing(id.0).owned_by(SubjectId(user.0));
        let revoke = |_: &ApiKey| Ok(ApiKeyCommand::Revoke);
        inner.commands.execute::<ApiKey>(request, target, may, revoke).await?;
        let now = inner.commands.clock().now();
        Ok(inner.vault.revoke_api_key(actor.organization, id, now).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::{id_of, write};
    use domain::ids::ApiKeyId;
    use uuid::Uuid;

    #[test]
    fn a_key_is_found_by_its_form_and_a_mistyped_one_is_none() {
        let id = ApiKeyId(Uuid::from_u128(7));
        let key = write(id, &[9; 32]);
        assert_eq!(key.len(), 91);
        assert!(key.starts_with("hs_") && key[3..].bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(id_of(&key), Some(id));
        let mistyped = key.replacen('9', "8", 1);
        for bad in
            ["", "hs_", &key[1..], &key[..90], &format!("{key}0"), &mistyped, &"é".repeat(60)]
        {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }
}
