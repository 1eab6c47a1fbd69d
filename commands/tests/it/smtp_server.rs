//! A mail server on loopback that speaks SMTP (RFC 5321) and does as a test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufStream};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// What the server does with a mail that it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Takes it.
    Accept,
    /// Refuses the recipient.
    RefuseRecipient(u16),
    /// Refuses the content.
    RefuseContent(u16),
    /// Takes it, and is gone before it says so.
    HangUp,
    /// Says nothing any more, and stays.
    FallSilent,
}

/// A mail that the server has taken.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub content: Vec<u8>,
}

impl Received {
    /// A header's text.
    pub fn header(&self, name: &str) -> String {
        let parsed = mail_parser::MessageParser::default().parse(&self.content).unwrap();
        parsed.header_raw(name).unwrap_or_default().trim().to_owned()
    }

    /// The plain text.
    pub fn text(&self) -> String {
        let parsed = mail_parser::MessageParser::default().parse(&self.content).unwrap();
        parsed.body_text(0).unwrap().into_owned()
    }

    /// The token that its link carries.
    pub fn token(&self) -> String {
        let text = self.text();
        let (_, rest) = text.split_once("#token=").expect("a link");
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Shared {
    script: VecDeque<Then>,
    received: Vec<Received>,
    transcript: Vec<String>,
}

/// The server; stops when it is dropped.
pub struct SmtpServer {
    pub url: String,
    shared: Arc<Mutex<Shared>>,
    task: AbortHandle,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpServer {
    /// Starts one, on an address of its own.
    pub async fn start() -> Self {
        Self::on("127.0.0.1:0").await
    }

    /// Starts one on an address.
    pub async fn on(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(Shared::default()));
        let theirs = shared.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = theirs.clone();
                tokio::spawn(async move {
                    // A client that goes away is no fault.
                    let _ = converse(BufStream::new(stream), &shared).await;
                });
            }
        });
        Self { url, shared, task: task.abort_handle() }
    }

    /// What to do with the next mails; every further one is taken.
    pub fn will(&self, script: impl IntoIterator<Item = Then>) {
        self.shared.lock().unwrap().script.extend(script);
    }

    /// The mails taken so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.lock().unwrap().received.clone()
    }

    /// The commands heard so far.
    pub fn transcript(&self) -> Vec<String> {
        self.shared.lock().unwrap().transcript.clone()
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<S>,
    line: &str,
) -> std::io::Result<()> {
    stream.write_all(line.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await
}

/// One line without its end, which must be CR LF.
async fn hear<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<S>,
) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if stream.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    let line = line.strip_suffix(b"\r\n").ok_or(std::io::ErrorKind::InvalidData)?;
    Ok(Some(line.to_vec()))
}

fn path(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap_or_default();
    rest.split('>').next().unwrap_or_default().to_owned()
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufStream<S>,
    shared: &Mutex<Shared>,
) -> std::io::Result<()> {
    say(&mut stream, "220 test.example ESMTP").await?;
    let (mut from, mut to, mut then) = (None, Vec::new(), Then::Accept);
    while let Some(line) = hear(&mut stream).await? {
        let line = String::from_utf8_lossy(&line).into_owned();
        shared.lock().unwrap().transcript.push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match (verb.as_str(), &from, to.is_empty()) {
            ("EHLO", ..) => {
                say(&mut stream, "250-test.example\r\n250-8BITMIME\r\n250 SMTPUTF8").await?;
            }
            ("MAIL", None, _) => {
                from = Some(path(&line));
                then = shared.lock().unwrap().script.pop_front().unwrap_or(Then::Accept);
                if then == Then::FallSilent {
                    std::future::pending::<()>().await;
                }
                say(&mut stream, "250 2.1.0 Ok").await?;
            }
            ("RCPT", Some(_), _) => {
                if let Then::RefuseRecipient(code) = then {
                    // As servers do, it repeats the address.
                    say(&mut stream, &format!("{code} <{}> is not welcome", path(&line))).await?;
                } else {
                    to.push(path(&line));
                    say(&mut stream, "250 2.1.5 Ok").await?;
                }
            }
            ("DATA", Some(_), false) => {
                say(&mut stream, "354 Go ahead").await?;
                let mut content = Vec::new();
                while let Some(line) = hear(&mut stream).await? {
                    if line == b"." {
                        break;
                    }
                    content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
                    content.extend_from_slice(b"\r\n");
                }
                if let Then::RefuseContent(code) = then {
                    say(&mut stream, &format!("{code} for {} not now", to.join(" "))).await?;
                } else {
                    let received = Received {
                        from: from.clone().unwrap_or_default(),
                        to: std::mem::take(&mut to),
                        content,
                    };
                    shared.lock().unwrap().received.push(received);
                    if then == Then::HangUp {
                        return Ok(());
                    }
                    say(&mut stream, "250 2.0.0 Ok: queued as 4F3A").await?;
                }
                (from, to) = (None, Vec::new());
            }
            ("RSET" | "NOOP", ..) => {
                (from, to) = (None, Vec::new());
                say(&mut stream, "250 Ok").await?;
            }
            ("QUIT", ..) => return say(&mut stream, "221 Bye").await,
            _ => say(&mut stream, "503 Bad sequence of commands").await?,
        }
    }
    Ok(())
}
