//! A CSV file as headings and numbered rows.

use super::ImportError;
use super::decoded::{self, Allowance, Decoded, NotText};
use super::heading;
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::Encoding;
use std::fs::File;
use std::path::Path;

/// Longest record: more is a missing quotation mark.
const LONGEST_RECORD: u64 = 1 << 20;

/// Most columns.
const MOST_COLUMNS: usize = 500;

/// Among how many records the headings are looked for: some programs write a preamble.
const HEADINGS_WITHIN: usize = 20;

/// What may separate columns, the most usual first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// How a file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub encoding: &'static Encoding,
    pub delimiter: u8,
    /// The row that the headings are in.
    pub heading_row: u64,
}

/// A table that is being read: its headings are behind, its rows ahead.
pub(super) struct Table {
    reader: csv::Reader<Decoded<File>>,
    allowance: Allowance,
    row: u64,
    pub headings: Vec<String>,
}

fn unreadable(why: impl Into<String>) -> ImportError {
    ImportError::Unreadable(why.into())
}

impl Format {
    /// Finds out how the file is to be read.
    pub(super) fn detect(path: &Path) -> Result<Self, ImportError> {
        let encoding = decoded::detect(path).map_err(|not| match not {
            NotText::Io(error) => ImportError::Io(error),
            NotText::Is(why) => unreadable(why),
        })?;
        let mut best = (0, 0, DELIMITERS[0]);
        for delimiter in DELIMITERS {
            let widths = widths(path, &Self { encoding, delimiter, heading_row: 0 })?;
            let usual = widths.iter().copied().max_by_key(|width| {
                (widths.iter().filter(|other| *other == width).count(), *width)
            });
            let Some(usual @ 2..) = usual else { continue };
            let alike = widths.iter().filter(|width| **width == usual).count();
            if (alike, usual) > (best.0, best.1) {
                best = (alike, usual, delimiter);
            }
        }
        Self { encoding, delimiter: best.2, heading_row: 0 }.with_headings(path)
    }

    /// Finds the headings: the first of the records that name most fields.
    fn with_headings(self, path: &Path) -> Result<Self, ImportError> {
        let mut table = Table::raw(path, &self)?;
        let mut best = (0, 0);
        for _ in 0..HEADINGS_WITHIN {
            let Some((row, record)) = table.next_record()? else { break };
            let known = heading::map(&record).iter().flatten().count();
            if known > best.0 {
                best = (known, row);
            }
        }
        match best {
            (0, _) => Err(unreadable("No column has a heading that names a field of a contact.")),
            (_, heading_row) => Ok(Self { heading_row, ..self }),
        }
    }

    fn open(&self, path: &Path) -> Result<(csv::Reader<Decoded<File>>, Allowance), ImportError> {
        let allowance = Allowance::default();
        let decoded = Decoded::new(File::open(path)?, self.encoding, allowance.clone());
        let reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(decoded);
        Ok((reader, allowance))
    }
}

/// How many columns the first records have, by this format.
fn widths(path: &Path, format: &Format) -> Result<Vec<usize>, ImportError> {
    let (mut reader, allowance) = format.open(path)?;
    allowance.set(LONGEST_RECORD);
    // With a wrong delimiter a record may be malformed or endless: what came before it counts.
    Ok(reader.records().take(50).map_while(Result::ok).map(|record| record.len()).collect())
}

impl Table {
    /// Opens the table behind its headings.
    pub(super) fn open(path: &Path, format: &Format) -> Result<Self, ImportError> {
        let mut table = Self::raw(path, format)?;
        while table.row < format.heading_row {
            let Some((_, record)) = table.next_record()? else { break };
            table.headings = record.iter().map(|cell| cell.trim().to_owned()).collect();
        }
        if table.headings.len() > MOST_COLUMNS {
            return Err(unreadable(format!("The file has more than {MOST_COLUMNS} columns.")));
        }
        Ok(table)
    }

    fn raw(path: &Path, format: &Format) -> Result<Self, ImportError> {
        let (reader, allowance) = format.open(path)?;
        Ok(Self { reader, allowance, row: 0, headings: Vec::new() })
    }

    /// The next row that is not blank, with its number as a spreadsheet shows it.
    pub(super) fn next_row(&mut self) -> Result<Option<(u64, StringRecord)>, ImportError> {
        loop {
            let next = self.next_record()?;
            if next.as_ref().is_none_or(|(_, record)| record.iter().any(|c| !c.trim().is_empty())) {
                return Ok(next);
            }
        }
    }

    fn next_record(&mut self) -> Result<Option<(u64, StringRecord)>, ImportError> {
        self.allowance.set(LONGEST_RECORD);
        let line = self.reader.position().line();
        let mut record = StringRecord::new();
        let more = self.reader.read_record(&mut record).map_err(|error| {
            if let csv::ErrorKind::Io(io) = error.kind()
                && io.kind() == std::io::ErrorKind::FileTooLarge
            {
                let row = self.row + 1;
                unreadable(format!("Row {row} is over 1 MiB long. Is a quotation mark missing?"))
            } else {
                ImportError::Io(error.into())
            }
        })?;
        if !more {
            return Ok(None);
        }
        // The reader passes over empty lines; a spreadsheet counts them, but not those within cells.
        let mut lines = self.reader.position().line() - line;
        if lines > 1 {
            let within: usize = record.iter().map(|c| c.matches('\n').count()).sum();
            lines = lines.saturating_sub(within as u64);
        }
        // Of a line that ends in CR and LF, the reader counts the LF with the next record.
        self.row += lines.max(1);
        Ok(Some((self.row, record)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Table};
    use crate::import::ImportError;

    type Rows = Vec<(u64, Vec<String>)>;

    fn read(bytes: &[u8]) -> Result<(char, Vec<String>, Rows), ImportError> {
        let path = std::env::temp_dir().join(uuid::Uuid::now_v7().to_string());
        std::fs::write(&path, bytes).unwrap();
        let read = (|| {
            let format = Format::detect(&path)?;
            let mut table = Table::open(&path, &format)?;
            let mut rows = Vec::new();
            while let Some((number, row)) = table.next_row()? {
                rows.push((number, row.iter().map(str::to_owned).collect()));
            }
            Ok((char::from(format.delimiter), table.headings, rows))
        })();
        std::fs::remove_file(&path).unwrap();
        read
    }

    fn numbers(bytes: &[u8]) -> Vec<u64> {
        read(bytes).unwrap().2.into_iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn delimiters_are_found_even_where_others_occur_in_the_text() {
        for (text, delimiter) in [
            ("First name,City\nAna;x,Porto\n", ','),
            (
                "First name;City\nAna, the first;Porto, Portugal\nBen, the second;Faro, Portugal\n",
                ';',
            ),
            ("First name\tCity\nAna\tPorto\n", '\t'),
            ("First name|City\nAna|Porto\n", '|'),
            ("email\na@example.com\n", ','),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap().0, delimiter, "{text}");
        }
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_shows() {
        assert_eq!(numbers(b"email,city\na,1\n\nb,2\n\n\nc,3"), [2, 4, 7]);
        assert_eq!(numbers(b"email,city\r\na,1\r\n\r\nb,2\r\n,\r\nc,3\r\n"), [2, 4, 6]);
        assert_eq!(numbers(b"email,city\na,\"two\nlines\"\nb,2\n"), [2, 3]);
    }

    #[test]
    fn headings_may_stand_below_a_preamble() {
        let text = b"Notes:\nExported by hand.\n\nFirst Name,Last Name,Company\nAna,Silva,Acme\n";
        let (_, headings, rows) = read(text).unwrap();
        assert_eq!(headings, ["First Name", "Last Name", "Company"]);
        assert_eq!(rows[0].0, 5);
    }

    #[test]
    fn what_is_no_table_of_contacts_is_refused() {
        for bytes in [&b""[..], b"\n\n", b"a,b\n1,2\n", b"PK\x03\x04", b"\xff\xfe"] {
            assert!(matches!(read(bytes), Err(ImportError::Unreadable(_))), "{bytes:?}");
        }
    }

    #[test]
    fn a_missing_quotation_mark_does_not_swallow_the_rest_of_the_file() {
        let mut text = b"email,city\na@example.com,\"Porto\nb@example.com,Faro\n".to_vec();
        text.extend(b"c@example.com,Lisboa\n".repeat(100_000));
        let Err(ImportError::Unreadable(why)) = read(&text) else { panic!("read") };
        assert!(why.starts_with("Row 2 "), "{why}");
    }
}
