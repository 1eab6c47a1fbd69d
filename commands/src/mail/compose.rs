//! Words become a message that servers take.

use super::render::Rendered;
use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};
use std::error::Error;
use uuid::Uuid;

/// An address with a name, such as `Hindsight <crm@example.com>`.
pub type Mailbox = lettre::message::Mailbox;

/// Tells programs not to answer (RFC 3834).
#[derive(Clone, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The message. Made again it is the same to the byte, so that a copy is known for one.
pub(super) fn compose(
    id: Uuid,
    queued_at: DateTime<Utc>,
    from: &Mailbox,
    to: &str,
    rendered: Rendered,
) -> Result<Message, Box<dyn Error + Send + Sync>> {
    let part = |kind, body: String| SinglePart::builder().header(kind).body(body);
    let message_id = format!("<{id}@{}>", from.email.domain());
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.parse()?))
        .subject(rendered.subject)
        .message_id(Some(message_id))
        .date(queued_at.into())
        .header(AutoSubmitted)
        .multipart(
            MultiPart::alternative()
                .boundary(id.simple().to_string())
                .singlepart(part(ContentType::TEXT_PLAIN, rendered.text))
                .singlepart(part(ContentType::TEXT_HTML, rendered.html)),
        )?;
    Ok(message)
}
