//! Who may call an operation: declared once with the endpoint, enforced before its handler, and
//! written into its documentation.

use crate::auth::Auth;
use crate::http::{ApiError, ApiResult};
use domain::access::{Permission, ProfileKind};
use domain::organization::Module;
use serde_json::{Value, json};

/// Name of the extension of an operation that says who may call it, and of which module it is.
pub const EXTENSION: &str = "x-hindsight-permission";

/// Who may call an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Anybody, known or not.
    Public,
    /// Whoever is logged in, about themselves: staff, vendors and clients.
    Known,
    /// Staff and vendors, whatever their permissions.
    AnyMember,
    /// Clients.
    Clients,
    /// Administrators of the instance.
    Administrators,
    /// Who holds all of these permissions, with whatever reach.
    All(Vec<Permission>),
    /// Who holds one of these permissions, with whatever reach.
    Any(Vec<Permission>),
}

impl Admission {
    /// Whether a caller is admitted. What the operation does to a record is judged again, by the
    /// record's assignment, where it is done.
    pub fn judge(&self, auth: &Auth, module: Option<Module>) -> ApiResult<()> {
        let (actor, entrance) = (&auth.actor, &auth.entrance);
        // Whoever is barred still gets to know why, out, and over to another profile.
        let barred = entrance.barred.filter(|_| !matches!(self, Self::Public | Self::Known));
        if let Some(barred) = barred {
            return Err(ApiError::barred(barred));
        }
        if module.is_some_and(|module| !entrance.modules.contains(&module)) {
            return Err(ApiError::module_disabled());
        }
        let client = actor.rights.profile() == ProfileKind::Client;
        let missing = |needed: &Permission| !actor.holds(*needed);
        match self {
            Self::Public | Self::Known => Ok(()),
            Self::AnyMember if !client => Ok(()),
            Self::AnyMember => Err(ApiError::forbidden("This is not for clients.")),
            Self::Administrators if entrance.administrator => Ok(()),
            Self::Administrators => {
                Err(ApiError::forbidden("This is for administrators of the instance."))
            }
            Self::Clients if client => Ok(()),
            Self::Clients => Err(ApiError::forbidden("This is for clients.")),
            Self::All(needed) => match needed.iter().find(|needed| missing(needed)) {
                None => Ok(()),
                Some(permission) => Err(ApiError::not_permitted(*permission)),
            },
            Self::Any(needed) if needed.iter().any(|needed| !missing(needed)) => Ok(()),
            Self::Any(needed) => Err(match needed.first() {
                Some(permission) => ApiError::not_permitted(*permission),
                None => ApiError::forbidden("This is for nobody."),
            }),
        }
    }

    /// The form of the documentation: `{"for": "public"}` (or `known`, `member`, `client`,
    /// `administrator`),
    /// `{"all": [permission]}` or `{"any": [permission]}`.
    pub fn document(&self) -> Value {
        match self {
            Self::Public => json!({"for": "public"}),
            Self::Known => json!({"for": "known"}),
            Self::AnyMember => json!({"for": "member"}),
            Self::Clients => json!({"for": "client"}),
            Self::Administrators => json!({"for": "administrator"}),
            Self::All(needed) => json!({"all": needed}),
            Self::Any(needed) => json!({"any": needed}),
        }
    }
}

/// The caller whom an endpoint admitted, left for its handler.
#[derive(Clone, Debug)]
pub struct Admitted(pub Auth);
