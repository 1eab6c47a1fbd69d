//! Mails as files.

use mail_parser::{Message, MessageParser};
use std::fs;
use std::io;
use std::path::Path;
use uuid::Uuid;

/// How many mails the list shows.
const MOST: usize = 200;

/// A mail, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShownMail {
    pub(super) id: Uuid,
    pub(super) date: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// The newest mails of a folder, newest first. What is no mail is passed over.
pub(super) fn newest(folder: &Path) -> io::Result<Vec<ShownMail>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // It is made with the first mail.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".eml")?.parse().ok());
        if let Some(id) = id {
            files.push((entry.metadata()?.modified()?, id));
        }
    }
    files.sort_unstable_by(|one, other| other.cmp(one));
    let mut mails = Vec::new();
    for (_, id) in files.into_iter().take(MOST) {
        mails.extend(read(folder, id)?.and_then(|bytes| parse(id, &bytes)));
    }
    Ok(mails)
}

/// The bytes of a mail, if it is there.
pub(super) fn read(folder: &Path, id: Uuid) -> io::Result<Option<Vec<u8>>> {
    match fs::read(folder.join(format!("{id}.eml"))) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A mail from its bytes.
pub(super) fn parse(id: Uuid, bytes: &[u8]) -> Option<ShownMail> {
    let mail = MessageParser::default().parse(bytes)?;
    let address = |of: Option<&mail_parser::Address<'_>>| {
        of.and_then(|all| all.first()?.address()).unwrap_or_default().to_owned()
    };
    let part = |body: Option<std::borrow::Cow<'_, str>>| body.unwrap_or_default().into_owned();
    Some(ShownMail {
        id,
        date: mail.date().map(mail_parser::DateTime::to_rfc3339).unwrap_or_default(),
        from: address(mail.from()),
        to: address(mail.to()),
        subject: mail.subject().unwrap_or_default().to_owned(),
        text: part(mail.body_text(0)),
        html: part(html_of(&mail)),
    })
}

fn html_of<'a>(mail: &'a Message<'a>) -> Option<std::borrow::Cow<'a, str>> {
    mail.body_html(0)
}
