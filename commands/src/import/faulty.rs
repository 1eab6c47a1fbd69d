//! The file of rows that an import could not take: as they were, with the reasons beside them,
//! ready to be mended and imported.

use super::formula::neutralised;
use super::recipe::Faulty;
use std::io::{self, SeekFrom};
use std::path::Path;
use tokio::fs::OpenOptions;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

/// The heading of the column with the reasons; no field has it, so that a mended file can be
/// imported with it.
const REASONS: &str = "Import error";

/// Spreadsheets take a file for UTF-8 only if it begins with this.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

fn csv<'a>(records: impl Iterator<Item = Vec<std::borrow::Cow<'a, str>>>) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in records {
        writer.write_record(record.iter().map(|cell| cell.as_bytes()))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// Writes rows behind the first `length` bytes of the file, and nothing behind them; returns the
/// new length. What a process wrote that died before it noted the length is thus overwritten.
pub(super) async fn append(
    path: &Path,
    length: u64,
    headings: &[String],
    rows: &[Faulty],
) -> io::Result<u64> {
    if rows.is_empty() {
        return Ok(length);
    }
    let mut bytes = Vec::new();
    if length == 0 {
        let cells = headings.iter().map(|heading| neutralised(heading));
        bytes.extend(BYTE_ORDER_MARK);
        bytes.extend(csv([cells.chain([REASONS.into()]).collect()].into_iter())?);
    }
    bytes.extend(csv(rows.iter().map(|faulty| {
        let cells = (0..headings.len().max(faulty.row.len()))
            .map(|column| neutralised(faulty.row.get(column).unwrap_or_default()));
        let reasons: Vec<_> = faulty.faults.iter().map(ToString::to_string).collect();
        cells.chain([reasons.join(" ").into()]).collect()
    }))?);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    file.set_len(length).await?;
    file.seek(SeekFrom::Start(length)).await?;
    file.write_all(&bytes).await?;
    file.sync_data().await?;
    Ok(length + bytes.len() as u64)
}
