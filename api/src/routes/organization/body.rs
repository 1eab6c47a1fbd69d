//! An organization as JSON, and the key of its registration.

use crate::extract::headers::{POSITION, etag};
use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commands::{Done, Folded};
use domain::ids::OrganizationId;
use domain::organization::{Module, Organization};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The settings of an organization.
#[derive(Serialize, ToSchema)]
pub struct OrganizationSettings {
    /// Its id.
    id: Uuid,
    /// Its version, as in `ETag`.
    version: u32,
    /// Its name.
    name: Option<String>,
    /// Base currency, ISO 4217.
    currency: String,
    /// IANA name of the time zone that days are counted in.
    time_zone: String,
    /// BCP 47 tag.
    locale: String,
    /// First month of the fiscal year, 1 to 12.
    fiscal_year_start: u8,
    /// The modules that it has.
    modules: Vec<&'static str>,
    /// All that there are.
    all_modules: Vec<&'static str>,
    /// Whether only owners may enter.
    maintenance: bool,
    /// Whether anybody may register as a client.
    self_registration: bool,
    /// What stands in the address of the registration, once it was ever open.
    registration_key: Option<String>,
}

/// The key in the address of a registration: the organization and a secret of this key alone.
pub fn registration_key(organization: OrganizationId, key: Uuid) -> String {
    URL_SAFE_NO_PAD.encode([organization.0.into_bytes(), key.into_bytes()].concat())
}

/// The organization and the secret in a key.
pub fn read_registration_key(text: &str) -> Option<(OrganizationId, Uuid)> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let (organization, key) = bytes.split_at(16);
    Some((OrganizationId(Uuid::from_slice(organization).ok()?), Uuid::from_slice(key).ok()?))
}

impl OrganizationSettings {
    /// An organization as it is.
    pub fn new(folded: &Folded<Organization>) -> Self {
        let state = &folded.state;
        let id = OrganizationId(folded.stream.0);
        Self {
            id: id.0,
            version: folded.version,
            name: state.name.clone(),
            currency: state.settings.currency.as_str().to_owned(),
            time_zone: state.settings.time_zone.clone(),
            locale: state.settings.locale.clone(),
            fiscal_year_start: state.settings.fiscal_year_start,
            modules: state.modules().into_iter().map(Module::as_str).collect(),
            all_modules: Module::ALL.into_iter().map(Module::as_str).collect(),
            maintenance: state.maintenance,
            self_registration: state.self_registration,
            registration_key: state.registration_key.map(|key| registration_key(id, key)),
        }
    }
}

/// Answers with an organization as it is.
pub fn respond(folded: &Folded<Organization>) -> Response {
    let headers = AppendHeaders([
        (header::ETAG, etag(folded.version)),
        (POSITION, HeaderValue::from(folded.position)),
    ]);
    (headers, Json(OrganizationSettings::new(folded))).into_response()
}

/// Answers a command.
pub fn respond_done(done: &Done<Organization>) -> Response {
    let headers = AppendHeaders([
        (header::ETAG, etag(done.folded.version)),
        (POSITION, HeaderValue::from(done.position)),
    ]);
    (headers, Json(OrganizationSettings::new(&done.folded))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_organization() {
        let (id, key) = (OrganizationId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let text = registration_key(id, key);
        assert_eq!(read_registration_key(&text), Some((id, key)));
        for bad in ["", "x", &text[1..], &format!("{text}A")] {
            assert_eq!(read_registration_key(bad), None, "{bad}");
        }
    }
}
