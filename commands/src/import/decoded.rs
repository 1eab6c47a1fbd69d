//! A file of any encoding read as UTF-8, with a limit on how much a single record may take.

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const BLOCK: usize = 1 << 16;

/// How many more bytes may be read before the present record must have ended. Without a limit, a
/// missing quotation mark makes the rest of the file one record.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance(Arc<AtomicU64>);

impl Allowance {
    pub(super) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    fn spend(&self, bytes: usize) -> io::Result<()> {
        let spent = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(bytes as u64)
        });
        match spent {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::new(io::ErrorKind::FileTooLarge, "record too long")),
        }
    }
}

/// Reads bytes of one encoding as UTF-8. What is malformed becomes U+FFFD; a byte order mark is
/// left out; the last line has an end, so that lines can be counted by their ends.
pub(super) struct Decoded<R> {
    bytes: R,
    decoder: Decoder,
    input: Vec<u8>,
    unread: std::ops::Range<usize>,
    ended: bool,
    text: Vec<u8>,
    untaken: std::ops::Range<usize>,
    last: u8,
    allowance: Allowance,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(bytes: R, encoding: &'static Encoding, allowance: Allowance) -> Self {
        Self {
            bytes,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; BLOCK],
            unread: 0..0,
            ended: false,
            text: vec![0; BLOCK],
            untaken: 0..0,
            last: b'\n',
            allowance,
        }
    }

    /// Decodes until there is text, or the end.
    fn fill(&mut self) -> io::Result<()> {
        while self.untaken.is_empty() && !self.ended {
            if self.unread.is_empty() {
                self.unread = 0..self.bytes.read(&mut self.input)?;
                self.ended = self.unread.is_empty();
            }
            let input = &self.input[self.unread.clone()];
            let (_, read, written, _) =
                self.decoder.decode_to_utf8(input, &mut self.text, self.ended);
            self.unread.start += read;
            self.untaken = 0..written;
            if let Some(last) = self.text[..written].last() {
                self.last = *last;
            } else if self.ended && self.last != b'\n' {
                self.last = b'\n';
                self.text[0] = b'\n';
                self.untaken = 0..1;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let taken = target.len().min(self.untaken.len());
        self.allowance.spend(taken)?;
        let end = self.untaken.start + taken;
        target[..taken].copy_from_slice(&self.text[self.untaken.start..end]);
        self.untaken.start = end;
        Ok(taken)
    }
}

/// Why a file is none that can be read as text.
pub(super) enum NotText {
    Io(io::Error),
    Is(&'static str),
}

impl From<io::Error> for NotText {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Which encoding a file has: what its byte order mark says, UTF-8 if all of it is valid, UTF-16 if
/// every other byte is nought, else Windows-1252, in which any bytes mean something.
pub(super) fn detect(path: &Path) -> Result<&'static Encoding, NotText> {
    let mut file = File::open(path)?;
    let mut head = vec![0; BLOCK];
    let length = read_full(&mut file, &mut head)?;
    head.truncate(length);
    if head.is_empty() {
        return Err(NotText::Is("The file is empty."));
    }
    for (magic, what) in [
        (&b"PK\x03\x04"[..], "This is a workbook or an archive. Save the sheet as CSV."),
        (b"\xd0\xcf\x11\xe0", "This is an old workbook. Save the sheet as CSV."),
        (b"%PDF", "This is a PDF file, not a table."),
        (b"\x1f\x8b", "This file is compressed. Unpack it first."),
    ] {
        if head.starts_with(magic) {
            return Err(NotText::Is(what));
        }
    }
    if let Some((encoding, _)) = Encoding::for_bom(&head) {
        return Ok(encoding);
    }
    let noughts = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let half = head.len() / 2;
    match (noughts(0), noughts(1)) {
        (0, 0) => {}
        (0, odd) if odd * 4 > half => return Ok(UTF_16LE),
        (even, 0) if even * 4 > half => return Ok(UTF_16BE),
        _ => return Err(NotText::Is("This file holds binary data, not text.")),
    }
    Ok(if is_utf8(head, file)? { UTF_8 } else { WINDOWS_1252 })
}

fn read_full(file: &mut File, target: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < target.len() {
        match file.read(&mut target[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

/// Whether all of a file is UTF-8, of which `block` was read already.
fn is_utf8(mut block: Vec<u8>, mut file: File) -> io::Result<bool> {
    loop {
        let rest = match std::str::from_utf8(&block) {
            Ok(_) => Vec::new(),
            // A character that the block's end cuts through is judged with the next block.
            Err(error) if error.error_len().is_none() => block.split_off(error.valid_up_to()),
            Err(_) => return Ok(false),
        };
        let cut = rest.len();
        block.clear();
        block.extend(rest);
        block.resize(BLOCK, 0);
        let read = read_full(&mut file, &mut block[cut..])?;
        if read == 0 {
            return Ok(cut == 0);
        }
        block.truncate(cut + read);
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Decoded, NotText, detect};
    use encoding_rs::{Encoding, UTF_8, UTF_16LE, WINDOWS_1252};
    use std::io::Read as _;

    fn detected(bytes: &[u8]) -> Option<&'static Encoding> {
        let path = std::env::temp_dir().join(uuid::Uuid::now_v7().to_string());
        std::fs::write(&path, bytes).unwrap();
        let detected = match detect(&path) {
            Ok(encoding) => Some(encoding),
            Err(NotText::Is(_)) => None,
            Err(NotText::Io(error)) => panic!("{error}"),
        };
        std::fs::remove_file(&path).unwrap();
        detected
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let long = "é".repeat(100_000);
        assert_eq!(detected("name\nZoë".as_bytes()), Some(UTF_8));
        assert_eq!(detected(format!("x{long}").as_bytes()), Some(UTF_8), "cut within a character");
        assert_eq!(detected(&[long.as_bytes(), b"\xe9"].concat()), Some(WINDOWS_1252));
        assert_eq!(detected(b"name\nZo\xeb"), Some(WINDOWS_1252));
        assert_eq!(detected(&[&b"\xff\xfe"[..], &utf16("name")].concat()), Some(UTF_16LE));
        assert_eq!(detected(&utf16("name;city")), Some(UTF_16LE));
        assert_eq!(detected(b"\xef\xbb\xbfname"), Some(UTF_8));
        for binary in [&b""[..], b"PK\x03\x04etc", b"%PDF-1.7", b"\0\0\0\x01\x02\0\0"] {
            assert_eq!(detected(binary), None);
        }
    }

    #[test]
    fn what_is_read_is_utf8_without_a_mark() {
        let text = "Zoë 🏠 ".repeat(20_000);
        for (bytes, encoding) in [
            (utf16(&format!("\u{feff}{text}")), UTF_16LE),
            (format!("\u{feff}{text}").into_bytes(), UTF_8),
        ] {
            let allowance = Allowance::default();
            allowance.set(u64::MAX);
            let mut read = String::new();
            Decoded::new(&*bytes, encoding, allowance).read_to_string(&mut read).unwrap();
            assert!(read == format!("{text}\n"));
        }
    }

    #[test]
    fn a_record_without_end_is_not_read_to_the_end() {
        let allowance = Allowance::default();
        allowance.set(100_000);
        let mut reader = Decoded::new(std::io::repeat(b'"'), UTF_8, allowance);
        let mut read = Vec::new();
        assert!(reader.read_to_end(&mut read).is_err());
        assert!(read.len() <= 100_000);
    }
}
