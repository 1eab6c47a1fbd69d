//! Typed identifiers: one newtype per kind of thing, so that a contact is never passed as a company.

/// Declares a newtype over [`uuid::Uuid`], transparent in JSON.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
                 serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self { Self(id) }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
    )+};
}

id! {
    /// A customer of Hindsight: the unit of isolation. Its log has the same id.
    OrganizationId,
    /// A person who can log in, in any number of organizations.
    UserId,
    /// A user's profile in one organization; what records are assigned to.
    MemberId,
    /// A role of an organization: a set of permissions.
    RoleId,
    /// A team of members.
    TeamId,
    /// An API key.
    ApiKeyId,
    /// An invitation into an organization.
    InvitationId,
    /// A contact.
    ContactId,
    /// A company.
    CompanyId,
    /// One value of a pick-list: a status, a tag, a service, a traffic source.
    ChoiceId,
    /// A saved view.
    ViewId,
    /// What a person did in one gesture, over however many records; the unit of undo.
    ActionId,
    /// Whose personal data a sealed segment holds; one encryption key per subject and log.
    SubjectId,
    /// The background job that carries out a long action.
    JobId,
    /// An uploaded file, kept with its hash.
    FileId,
}
