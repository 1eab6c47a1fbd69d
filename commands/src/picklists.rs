//! Commands on pick-lists and tags.

use crate::error::CommandError;
use crate::execute::{Commands, Done};
use crate::folded::Folded;
use crate::request::CommandRequest;
use domain::catalogue::ListName;
use domain::ids::{ChoiceId, OrganizationId};
use domain::picklist::Picklist;
use std::sync::Arc;

/// Reading and changing pick-lists. Cheap to clone.
#[derive(Clone)]
pub struct Picklists {
    commands: Commands,
}

impl Picklists {
    /// Pick-lists by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// A list as it is.
    pub async fn get(
        &self,
        organization: OrganizationId,
        list: ListName,
    ) -> Result<Arc<Folded<Picklist>>, CommandError> {
        todo!()
    }

    /// Adds a value; for admins. A tag may be added by anyone, and one that exists is the answer.
    pub async fn add(
        &self,
        request: &CommandRequest,
        list: ListName,
        label: &str,
    ) -> Result<(ChoiceId, Done<Picklist>), CommandError> {
        todo!()
    }

    /// Changes a value's label; for admins.
    pub async fn rename(
        &self,
        request: &CommandRequest,
        list: ListName,
        id: ChoiceId,
        if_match: Option<u32>,
        label: &str,
    ) -> Result<Done<Picklist>, CommandError> {
        todo!()
    }

    /// Offers a value no longer; for admins.
    pub async fn archive(
        &self,
        request: &CommandRequest,
        list: ListName,
        id: ChoiceId,
        if_match: Option<u32>,
    ) -> Result<Done<Picklist>, CommandError> {
        todo!()
    }

    /// Offers a value again; for admins.
    pub async fn unarchive(
        &self,
        request: &CommandRequest,
        list: ListName,
        id: ChoiceId,
        if_match: Option<u32>,
    ) -> Result<Done<Picklist>, CommandError> {
        todo!()
    }
}
