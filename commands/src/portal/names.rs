//! A client's member has the name of the contact.
//!
//! Contacts change by many ways: by hand, by import, by going back to an earlier version, by the
//! client. So this follows the logs, instead of standing in each of those ways: whatever changed a
//! name, the member's follows as part of the same action, caused by that event. The place in a log
//! moves on only when the names up to there are right, so that a crash loses nothing.

use crate::error::CommandError;
use crate::execute::{Commands, Target};
use crate::follow::{Follow, catch_up, keep_up};
use crate::identity::member_name;
use crate::request::{Caller, CommandRequest, Origin};
use domain::client::{ClientAccount, ClientAccountEvent, account_stream};
use domain::contact::Contact;
use domain::ids::{ContactId, SubjectId};
use domain::member::{Member, MemberCommand};
use std::collections::BTreeSet;
use store::jobs::{Followers, Found, JobStoreError, Logs};
use store::{LogId, StreamId};

/// The event by which a contact's name may have changed.
const CHANGED: &str = "contact.details_changed";

/// The event after which there is a member to be named. The name may have changed just before.
const OPENED: &str = "client_account.opened";

/// How often one name is looked at again because somebody else was faster.
const MOST_RETRIES: u32 = 5;

/// Why names could not be carried over.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    /// The place in a log could not be read or written.
    #[error("place in a log")]
    Store(#[from] JobStoreError),
    /// The log failed.
    #[error("command")]
    Command(#[from] CommandError),
}

/// Carries the names of contacts over to their members. Cheap to clone.
#[derive(Clone)]
pub struct ClientNames {
    commands: Commands,
    followers: Followers,
}

impl ClientNames {
    /// Names by way of `commands`.
    pub fn new(commands: Commands, followers: Followers) -> Self {
        Self { commands, followers }
    }

    /// Carries over every name that changed up to now. Safe in any number of processes.
    pub async fn carry_over(&self) -> Result<(), NamesError> {
        catch_up(self).await
    }

    /// Carries names over for as long as it is polled. May be dropped at any point.
    pub async fn follow(&self) {
        keep_up(self, self.commands.log().appended()).await;
    }

    /// The contact that an account belongs to.
    async fn contact_of(
        &self,
        log: LogId,
        stream: StreamId,
    ) -> Result<Option<ContactId>, CommandError> {
        for event in self.commands.stream_events::<ClientAccount>(log, stream).await? {
            if let ClientAccountEvent::Opened { contact, .. } = event.decode()? {
                return Ok(Some(contact));
            }
        }
        Ok(None)
    }

    /// Calls the member of a contact as the contact is called now.
    async fn rename(&self, log: LogId, contact: ContactId) -> Result<(), CommandError> {
        let commands = &self.commands;
        for _ in 0..=MOST_RETRIES {
            let account = commands.load::<ClientAccount>(log, account_stream(contact)).await?;
            let holder = commands.holder_of(log, contact, &account.state).await?;
            // Its version first, then the name: whoever has renamed them meanwhile is noticed.
            let Some((holder, member)) = holder else { return Ok(()) };
            let folded = commands.load::<Contact>(log, contact.0).await?;
            let name = member_name(&folded.state.fields);
            if member.state.display_name.as_deref() == Some(&name) {
                return Ok(());
            }
            let request = self.request(log, contact).await?;
            let target = Target::existing(holder.member.0)
                .owned_by(SubjectId(holder.user.0))
                .if_match(Some(member.version));
            let rename = vec![MemberCommand::Rename(name)];
            match commands.batch(&request).add::<Member>(target, rename).commit().await {
                Err(CommandError::Stale { .. }) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Err(CommandError::Contended)
    }

    /// Hindsight's own request, as part of the action that changed the contact last.
    async fn request(
        &self,
        log: LogId,
        contact: ContactId,
    ) -> Result<CommandRequest, CommandError> {
        let commands = &self.commands;
        let mut request = commands.request(log, Caller::System, Origin::WORKER, "rename_member");
        let events = commands.stream_events::<Contact>(log, StreamId(contact.0)).await?;
        if let Some(event) = events.iter().rfind(|event| event.event_type == CHANGED) {
            let meta = event.meta()?;
            request.action = meta.action;
            request.action_kind = meta.action_kind;
            request.causation = Some(contact.0);
        }
        Ok(request)
    }
}

impl Follow for ClientNames {
    const NAME: &'static str = "client_names";
    const LOGS: Logs = Logs::Organizations;
    const TYPES: &'static [&'static str] = &[CHANGED, OPENED];
    type Error = NamesError;

    fn followers(&self) -> &Followers {
        &self.followers
    }

    async fn act_upon(&self, log: LogId, found: Vec<Found>) -> Result<(), NamesError> {
        let mut contacts = BTreeSet::new();
        for Found { stream, event_type, .. } in found {
            if event_type == OPENED {
                contacts.extend(self.contact_of(log, stream).await?);
            } else {
                contacts.insert(ContactId(stream.0));
            }
        }
        for contact in contacts {
            self.rename(log, contact).await?;
        }
        Ok(())
    }
}
