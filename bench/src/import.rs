//! A file of contacts to a searchable list, by `hindsight import` in a process of its own, against
//! COPY of the same rows.

use crate::baseline::{copy_same_rows, live_schema};
use crate::data;
use crate::measure::Report;
use domain::Aggregate as _;
use domain::catalogue::ListName;
use domain::ids::{OrganizationId, SubjectId};
use domain::picklist::{self, Picklist, PicklistCommand};
use sqlx::{AssertSqlSafe, ConnectOptions as _};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use store::testing::{ROOT_SECRET, TestDatabase};
use store::{Append, EventLog as _, Expected, LogId, NewEvent, PrivateMeta, StreamAppend};
use uuid::Uuid;

/// What the server may take.
const MOST_MEMORY: u64 = 400 << 20;

/// How often the process is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Imports so many contacts.
pub async fn run(report: &mut Report, contacts: u64) -> anyhow::Result<()> {
    let test = TestDatabase::create().await;
    let organization = found(&test).await?;
    let folder = std::env::temp_dir().join(format!("hindsight-bench-{}", Uuid::now_v7().simple()));
    std::fs::create_dir(&folder)?;
    let file = folder.join("contacts.csv");
    let bytes = write_file(&file, contacts)?;
    println!("a file of {contacts} rows by 40 columns, {} MB", bytes >> 20);
    let (ours, memory) = import(&test, organization, &folder, &file)?;
    std::fs::remove_dir_all(&folder)?;
    let mut admin = test.admin().await;
    let list = live_schema(&mut admin).await?;
    let sql = format!("SELECT count(*) FROM {list}.contacts WHERE organization_id = $1");
    let listed: i64 =
        sqlx::query_scalar(AssertSqlSafe(sql)).bind(organization.0).fetch_one(&mut admin).await?;
    anyhow::ensure!(listed.unsigned_abs() == contacts, "{listed} of {contacts} are in the list");
    let baseline = copy_same_rows(&mut admin).await?;
    let what =
        format!("{contacts} contacts: file to searchable list, against COPY of the same rows");
    report.times(&what, baseline, ours, 1.5);
    report.size("most memory of the importing server", memory, MOST_MEMORY);
    Ok(())
}

/// An organization with its pick-lists.
async fn found(test: &TestDatabase) -> anyhow::Result<OrganizationId> {
    let organization = OrganizationId(Uuid::now_v7());
    let (log, id) = (test.log(), LogId::from(organization));
    log.create_log(id, false).await?;
    let now = chrono::Utc::now();
    for list in ListName::ALL {
        let stream = picklist::stream_id(organization, list);
        let events = Picklist::default().decide(PicklistCommand::AddBuiltins(list), now)?;
        let encode = |event| {
            NewEvent::encode(event, SubjectId(stream), data::meta(), &PrivateMeta::default(), now)
        };
        let events = events.iter().map(encode).collect::<Result<Vec<_>, _>>()?;
        if !events.is_empty() {
            let part = StreamAppend { stream: stream.into(), expected: Expected::NoStream, events };
            log.append(id, Append { command_id: None, fingerprint: None, streams: vec![part] })
                .await?;
        }
    }
    Ok(organization)
}

fn write_file(path: &Path, contacts: u64) -> anyhow::Result<u64> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for n in 0..contacts {
        let row = data::row(n);
        if n == 0 {
            let headings: Vec<_> = row.iter().map(|(heading, _)| *heading).collect();
            writeln!(file, "{}", headings.join(","))?;
        }
        let cells: Vec<_> = row.iter().map(|(_, cell)| cell.as_str()).collect();
        writeln!(file, "{}", cells.join(","))?;
    }
    Ok(file.into_inner()?.metadata()?.len())
}

/// Runs the import to its end: how long it took, and the most memory that it had at a time.
fn import(
    test: &TestDatabase,
    organization: OrganizationId,
    folder: &Path,
    file: &Path,
) -> anyhow::Result<(Duration, u64)> {
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["hindsight", "import", "contacts", "--organization", &organization.0.to_string()])
        .arg(file)
        .env("DATABASE_URL", test.admin.to_url_lossy().as_str())
        .env("HINDSIGHT_SECRET", ROOT_SECRET)
        .env("HINDSIGHT_DATA_DIR", folder)
        .stdout(Stdio::null())
        .spawn()?;
    let mut memory = 0;
    let status = loop {
        memory = most_memory(child.id()).unwrap_or(memory);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    anyhow::ensure!(status.success(), "the import failed: {status}");
    Ok((started.elapsed(), memory))
}

/// The most memory that a process had, as Linux tells it.
fn most_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}
