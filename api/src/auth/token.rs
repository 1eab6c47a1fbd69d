//! Access tokens: JWTs of one pinned algorithm that live ten minutes.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{MemberId, OrganizationId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use store::RootSecret;
use uuid::Uuid;

/// How long a token is good for.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Tolerated difference between the clocks of two of our servers.
const SKEW: i64 = 5;

const ALGORITHM: Algorithm = Algorithm::HS256;
const ISSUER: &str = "hindsight";
const AUDIENCE: &str = "hindsight-api";
/// RFC 9068: an access token, so that no other token of ours passes for one.
const TYPE: &str = "at+jwt";

/// What a token says. Rights are not in it: they are looked up, so that a change takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: UserId,
    /// The organization they act in.
    pub org: OrganizationId,
    /// Their profile in it.
    pub mem: MemberId,
    /// The session, which may be ended before the token expires.
    pub sid: Uuid,
    /// Version of the user's authorization when the token was issued.
    pub ver: i64,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    #[serde(flatten)]
    claims: Claims,
}

/// Why a token does not let its bearer in.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not ours, damaged, or of another kind.
    #[error("the token is not valid")]
    Invalid(#[from] jsonwebtoken::errors::Error),
    /// Ours, but of another key or type.
    #[error("the token has another key or type")]
    Foreign,
    /// Not yet or no longer good.
    #[error("the token has expired")]
    Expired,
}

/// Issues and reads access tokens.
#[derive(Clone)]
pub struct Tokens {
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl Tokens {
    /// The key and its public name both follow from the root secret; a new secret is a new key.
    pub fn new(root: &RootSecret) -> Self {
        let key = root.derive("access token");
        let name = root.derive("access token kid");
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are judged below, by the clock that everything else goes by.
        validation.validate_exp = false;
        Self {
            kid: Uuid::new_v5(&Uuid::NAMESPACE_OID, &name).to_string(),
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
            validation,
        }
    }

    /// Issues a token that is good from `now` on.
    ///
    /// # Errors
    /// Never for these claims; the library's signature allows it.
    pub fn issue(&self, claims: Claims, now: DateTime<Utc>) -> Result<String, TokenError> {
        let mut header = Header::new(ALGORITHM);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        let wire = Wire {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            exp: (now + LIFETIME).timestamp(),
            nbf: now.timestamp(),
            iat: now.timestamp(),
            claims,
        };
        Ok(jsonwebtoken::encode(&header, &wire, &self.encoding)?)
    }

    /// Reads a token, if it is ours, of this kind and good at `now`.
    ///
    /// # Errors
    /// If it is not.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let data = jsonwebtoken::decode::<Wire>(token, &self.decoding, &self.validation)?;
        if data.header.kid.as_deref() != Some(&self.kid) || data.header.typ.as_deref() != Some(TYPE)
        {
            return Err(TokenError::Foreign);
        }
        let now = now.timestamp();
        if data.claims.exp <= now || data.claims.nbf > now + SKEW {
            return Err(TokenError::Expired);
        }
        Ok(data.claims.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(secret: &[u8]) -> Tokens {
        Tokens::new(&RootSecret::try_new(secret).expect("long enough"))
    }

    fn ours() -> Tokens {
        tokens(b"one secret of at least 32 bytes, one")
    }

    fn claims() -> Claims {
        Claims {
            sub: UserId(Uuid::from_u128(1)),
            org: OrganizationId(Uuid::from_u128(2)),
            mem: MemberId(Uuid::from_u128(3)),
            sid: Uuid::from_u128(4),
            ver: 5,
        }
    }

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
    }

    #[test]
    fn a_token_is_read_until_it_expires() {
        let token = ours().issue(claims(), noon()).expect("issues");
        assert_eq!(ours().read(&token, noon()).expect("reads"), claims());
        let late = ours().read(&token, noon() + LIFETIME);
        assert!(matches!(late, Err(TokenError::Expired)));
        let early = ours().read(&token, noon() - TimeDelta::minutes(1));
        assert!(matches!(early, Err(TokenError::Expired)));
    }

    #[test]
    fn a_token_of_another_secret_is_refused() {
        let token =
            tokens(b"another secret of at least 32 bytes").issue(claims(), noon()).expect("issues");
        assert!(matches!(ours().read(&token, noon()), Err(TokenError::Invalid(_))));
    }

    #[test]
    fn another_algorithm_type_or_missing_claim_is_refused() {
        let key = RootSecret::try_new(b"one secret of at least 32 bytes, one")
            .expect("long enough")
            .derive("access token");
        let forge = |algorithm, typ: Option<&str>, body: serde_json::Value| {
            let mut header = Header::new(algorithm);
            header.typ = typ.map(ToOwned::to_owned);
            header.kid = Some(ours().kid);
            let token = jsonwebtoken::encode(&header, &body, &EncodingKey::from_secret(&key))
                .expect("encodes");
            ours().read(&token, noon())
        };
        let full = || {
            serde_json::json!({
                "iss": ISSUER, "aud": AUDIENCE, "exp": 1_800_000_100, "nbf": 1_800_000_000,
                "iat": 1_800_000_000, "sub": Uuid::from_u128(1), "org": Uuid::from_u128(2),
                "mem": Uuid::from_u128(3), "sid": Uuid::from_u128(4), "ver": 5,
            })
        };
        assert!(forge(ALGORITHM, Some(TYPE), full()).is_ok(), "the forger knows the form");
        assert!(forge(Algorithm::HS384, Some(TYPE), full()).is_err());
        assert!(forge(ALGORITHM, Some("JWT"), full()).is_err());
        assert!(forge(ALGORITHM, None, full()).is_err());
        for claim in ["iss", "aud", "exp", "nbf", "sub", "org", "sid", "ver"] {
            let mut body = full();
            body.as_object_mut().expect("an object").remove(claim);
            assert!(forge(ALGORITHM, Some(TYPE), body).is_err(), "without {claim}");
        }
        let mut textual = full();
        textual["exp"] = "1900000000".into();
        assert!(forge(ALGORITHM, Some(TYPE), textual).is_err());
    }

    #[test]
    fn an_unsigned_token_is_refused() {
        let token = ours().issue(claims(), noon()).expect("issues");
        let body = token.split('.').nth(1).expect("has a body");
        // {"alg":"none","typ":"at+jwt"}
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{body}.");
        assert!(ours().read(&unsigned, noon()).is_err());
    }
}
