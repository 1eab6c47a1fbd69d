//! Queueing a mail together with what it is about.

use super::message::Message;
use crate::execute::{Batch, Target};
use domain::ids::SubjectId;
use domain::mail::{Language, Letter, Mail, MailCommand};
use uuid::Uuid;

/// A mail to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The recipient's address.
    pub to: String,
    /// Whose personal data address and values are: a user's id, or that of an invitation. When it is
    /// erased, the mail is given up.
    pub subject: SubjectId,
    /// The language to write in.
    pub language: Language,
    /// What to say.
    pub message: Message,
}

impl Batch<'_> {
    /// Queues a mail in the same log and the same append as the other parts. `id` is the mail's:
    /// a new one, or one that is derived, if the command may be repeated.
    pub fn mail(self, id: Uuid, outgoing: Outgoing) -> Self {
        let Outgoing { to, subject, language, message } = outgoing;
        let letter = Letter {
            template: message.template(),
            language,
            subject,
            token: message.token().map(|token| token.id),
            to: Some(to),
            values: Some(message.values()),
        };
        let target = Target::existing(id).owned_by(subject);
        self.add::<Mail>(target, vec![MailCommand::Queue(letter)])
    }
}
