//! Cursors: where a list goes on, opaque to the caller and good for that list only.

use crate::http::{ApiError, ApiResult};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use store::RootSecret;

/// Half of an HMAC-SHA256 is as much as a forger could ever try against.
const TAG: usize = 16;

/// Signs and reads cursors.
#[derive(Clone)]
pub struct Cursors(Hmac<Sha256>);

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cursors(…)")
    }
}

impl Cursors {
    /// Under a key derived from the root secret.
    pub fn new(root: &RootSecret) -> Self {
        // HMAC fills a shorter key up with zeros (RFC 2104); the type wants a full block.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&root.derive("list cursor"));
        Self(Hmac::new(&key.into()))
    }

    /// Writes `place` as a cursor that is good only together with `list`: a canonical text of
    /// everything that must stay the same from page to page.
    pub fn sign<T: Serialize>(&self, list: &str, place: &T) -> ApiResult<String> {
        let place = serde_json::to_vec(place).map_err(ApiError::internal)?;
        let tag = self.mac(list, &place).finalize().into_bytes();
        let mut bytes = tag[..TAG].to_vec();
        bytes.extend(place);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a cursor, if it was signed for `list`.
    pub fn read<T: DeserializeOwned>(&self, list: &str, cursor: &str) -> ApiResult<T> {
        let refuse = || {
            ApiError::bad_parameter(
                "cursor",
                "invalid_cursor",
                "This cursor belongs to another list, or to none.",
            )
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
        let (tag, place) = bytes.split_at_checked(TAG).ok_or_else(refuse)?;
        self.mac(list, place).verify_truncated_left(tag).map_err(|_| refuse())?;
        serde_json::from_slice(place).map_err(|_| refuse())
    }

    fn mac(&self, list: &str, place: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        // The length keeps the two apart.
        mac.update(&(list.len() as u64).to_be_bytes());
        mac.update(list.as_bytes());
        mac.update(place);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursors() -> Cursors {
        Cursors::new(&RootSecret::try_new(b"one secret of at least 32 bytes, one").expect("long"))
    }

    #[test]
    fn a_cursor_comes_back_for_its_own_list_only() {
        let cursor = cursors().sign("contacts by name", &("Meier", 7)).expect("signs");
        let place: (String, u32) = cursors().read("contacts by name", &cursor).expect("reads");
        assert_eq!(place, ("Meier".to_owned(), 7));
        assert!(cursors().read::<(String, u32)>("contacts by city", &cursor).is_err());
    }

    #[test]
    fn a_forged_cursor_is_refused() {
        let cursor = cursors().sign("list", &7).expect("signs");
        let mut bytes = URL_SAFE_NO_PAD.decode(&cursor).expect("base64");
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            let forged = URL_SAFE_NO_PAD.encode(&bytes);
            assert!(cursors().read::<i32>("list", &forged).is_err(), "byte {at}");
            bytes[at] ^= 1;
        }
        for nonsense in ["", "x", "AAAA", "not base64!", &"A".repeat(10_000)] {
            assert!(cursors().read::<i32>("list", nonsense).is_err());
        }
    }
}
