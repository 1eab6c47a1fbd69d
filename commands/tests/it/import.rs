//! Imports: every row is a contact once, or a faulty row with its reasons.

use crate::support::{Dying, World};
use commands::access::Access;
use commands::import::{Files, ImportError, ImportHandler, Imports, Inspection};
use commands::intents::Intents;
use commands::jobs::{Job, JobState, JobTable, Jobs};
use commands::{Caller, CommandError, CommandRequest, Commands, Origin, SystemIds};
use domain::access::{Actor, FieldAccess};
use domain::catalogue::ListName;
use domain::contact::{Contact, ContactEvent, ContactType};
use domain::ids::{JobId, SubjectId};
use domain::import::{Import, Outcome, stream_id};
use domain::picklist;
use domain::role::Builtin;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use store::jobs::Followers;
use store::testing::root_secret;
use store::{
    BulkAppend, EventLog, Expected, NewEvent, PrivateMeta, ReadLimit, RecordedEvent, StreamAppend,
    StreamId,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

struct Office {
    world: World,
    jobs: Jobs,
    folder: PathBuf,
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Office {
    async fn new() -> Self {
        let world = World::new().await;
        let jobs = Jobs::new(JobTable::new(world.test.database.app.clone()));
        Self { world, jobs, folder: std::env::temp_dir().join(Uuid::now_v7().to_string()) }
    }

    fn files(&self) -> Files {
        Files::new(&self.folder)
    }

    fn request(&self, actor: &Actor) -> CommandRequest {
        let caller = Caller::Member(actor.clone());
        self.world.commands.request(self.world.log(), caller, Origin::CLI, "import")
    }

    async fn start(&self, actor: &Actor, text: &[u8]) -> Result<(JobId, Inspection), ImportError> {
        let imports = Imports::new(self.world.commands.clone(), self.files(), self.jobs.clone());
        imports.start(&self.request(actor), text, "leads.csv").await
    }

    /// A process that carries out imports until it is stopped or aborted.
    fn process(&self, log: Arc<dyn EventLog>) -> (tokio::task::JoinHandle<()>, CancellationToken) {
        let commands =
            Commands::new(log, self.world.clock.clone(), Arc::new(SystemIds), &root_secret());
        let handler = Arc::new(ImportHandler::new(commands, self.files()));
        let (jobs, stop) = (self.jobs.clone(), CancellationToken::new());
        let token = stop.clone();
        let work = async move { jobs.run(Uuid::now_v7(), vec![handler], token).await };
        (tokio::spawn(work), stop)
    }

    async fn job(&self, id: JobId) -> Job {
        self.jobs.get(self.world.organization, id).await.unwrap()
    }

    /// Lets a process work until the job is like this.
    async fn until(&self, id: JobId, wanted: impl Fn(&Job) -> bool) -> Job {
        let mut feed = self.jobs.watch();
        let (process, stop) = self.process(self.world.commands.log().clone());
        let job = loop {
            let job = self.job(id).await;
            if wanted(&job) {
                break job;
            }
            // What happened between look and wait is in the feed already.
            feed.recv().await.unwrap();
        };
        stop.cancel();
        process.await.unwrap();
        job
    }

    async fn import(&self, actor: &Actor, text: &[u8]) -> (Job, Vec<RecordedEvent>) {
        let (id, _) = self.start(actor, text).await.unwrap();
        let job = self.until(id, |job| job.state.is_over()).await;
        (job, self.created().await)
    }

    /// The events by which contacts came to be, in order.
    async fn created(&self) -> Vec<RecordedEvent> {
        let (log, id) = (self.world.commands.log(), self.world.log());
        let mut found = Vec::new();
        let mut after = 0;
        loop {
            let page = log.read_log(id, after, u64::MAX >> 1, ReadLimit::default()).await.unwrap();
            let Some(last) = page.last() else { return found };
            after = last.position;
            found.extend(page.into_iter().filter(|e| e.event_type == "contact.created"));
        }
    }

    async fn contact(&self, event: &RecordedEvent) -> Contact {
        let folded = self.world.commands.load::<Contact>(self.world.log(), event.stream).await;
        folded.unwrap().state.clone()
    }

    fn faulty_rows(&self, text: &[u8]) -> Option<Vec<u8>> {
        let organization = self.world.organization;
        let sha256 = sha256(text);
        let path = self.files().faulty_rows(organization, stream_id(organization, &sha256));
        std::fs::read(path).ok()
    }
}

fn sha256(text: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// A file of rows of which every hundredth is faulty.
fn many(rows: u32) -> Vec<u8> {
    let mut text = String::from("E-mail;First name;Tags\n");
    for n in 0..rows {
        let email = if n % 100 == 99 { "nonsense".to_owned() } else { format!("n{n}@example.com") };
        writeln!(text, "{email};Number {n};batch {}", n / 1_000).unwrap();
    }
    text.into_bytes()
}

#[tokio::test]
async fn rows_become_contacts_that_name_their_file_and_row() {
    let office = Office::new().await;
    let text = "Name,E-mail,Tags,Lead status,Owner,Shoe size\n\
                Ana Silva,ANA@Example.com,\"vip, eu fair\",,Ben,38\n\
                \n\
                Zoë Costa,zoe@example.com,VIP,customer,,41\n";
    let (id, found) = office.start(&office.world.owner, text.as_bytes()).await.unwrap();
    assert_eq!((found.rows, found.delimiter, found.encoding), (2, ',', "UTF-8"));
    let fields: Vec<_> = found.columns.iter().map(|(_, field)| *field).collect();
    assert_eq!(
        fields,
        [Some("full_name"), Some("email"), Some("tags"), Some("status"), None, None]
    );
    let job = office.until(id, |job| job.state.is_over()).await;
    assert_eq!(job.result, Some(json!({"total": 2, "imported": 2, "failed": 0})));
    assert_eq!((job.state, job.done, job.total), (JobState::Done, 2, Some(2)));

    let created = office.created().await;
    let rows: Vec<_> = created.iter().map(|e| e.meta().unwrap().source.unwrap()).collect();
    assert_eq!(rows.iter().map(|s| s.row).collect::<Vec<_>>(), [2, 4]);
    assert!(rows.iter().all(|source| source.file == found.file));
    let ana = office.contact(&created[0]).await.fields;
    assert_eq!(ana.email.as_deref(), Some("ANA@example.com"));
    assert_eq!(ana.status.unwrap().0, picklist::CONTACT, "the status of imported contacts");
    assert_eq!(ana.assigned_to, None);
    let zoe = office.contact(&created[1]).await.fields;
    assert_eq!(zoe.status.unwrap().0, picklist::CUSTOMER);
    let tags =
        office.world.picklists().get(office.world.organization, ListName::Tag).await.unwrap();
    assert_eq!(tags.state.choices.len(), 2, "made once");
    assert!(zoe.tags.unwrap().iter().all(|tag| ana.tags.as_ref().unwrap().contains(tag)));

    let caller = Caller::Member(office.world.owner.clone());
    let stream = created[0].stream.0;
    let records = office.world.records();
    let history =
        records.history::<ContactType>(&caller, office.world.log(), stream, None, 9).await.unwrap();
    assert_eq!(history[0].actor.member, Some(office.world.owner.member));
    assert_eq!((&*history[0].action_kind, history[0].source.unwrap().row), ("import", 2));
}

#[tokio::test]
async fn what_a_limited_reach_imports_is_its_own() {
    let office = Office::new().await;
    let (_, created) = office.import(&office.world.ana, b"email\na@example.com\n").await;
    assert_eq!(office.contact(&created[0]).await.assigned_to(), Some(office.world.ana.member));
}

/// From now on salespeople do not see e-mail addresses, and only read remarks.
async fn restrict_sales(world: &World) -> Actor {
    let rules = [("email", FieldAccess::Hidden), ("remark", FieldAccess::ReadOnly)];
    let rules = rules.into_iter().map(|(field, access)| (field.to_owned(), access)).collect();
    let sales = Builtin::Sales.id(world.organization);
    let request = world.commands.request(world.log(), Caller::System, Origin::CLI, "change_role");
    let fields = [("contact".to_owned(), rules)].into();
    let access = Access::new(world.commands.clone());
    access.set_role_fields(&request, sales, None, fields).await.unwrap();
    world.commands.actor(world.organization, world.ana.member).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_column_that_one_may_only_read_is_refused_before_anything_happens() {
    let office = Office::new().await;
    let ana = restrict_sales(&office.world).await;
    let text = b"First name,Remark,E-mail\nZoe,likes tea,zoe@example.com\n";
    let refused = office.start(&ana, text).await;
    let Err(ImportError::Command(CommandError::Refused(refusal))) = refused else {
        panic!("{refused:?}")
    };
    let faults: Vec<_> = refusal.fields.iter().map(|f| (f.pointer.as_str(), &*f.code)).collect();
    assert_eq!(faults, [("/remark", "field_read_only")]);
    assert!(!refusal.fields[0].message.contains("E-mail"), "{:?}", refusal.fields[0]);
    assert!(office.created().await.is_empty());
    let folder = office.folder.join(office.world.organization.0.simple().to_string());
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "the file is not kept");
    // Whoever may write it imports the same file.
    assert_eq!(office.import(&office.world.owner, text).await.1.len(), 1);
}

#[tokio::test]
async fn a_column_whose_field_is_hidden_is_one_that_goes_nowhere() {
    let office = Office::new().await;
    let ana = restrict_sales(&office.world).await;
    let text = b"First name,E-mail,Shoe size\nZoe,zoe@example.com,38\nIda,no address,39\n";
    let (id, found) = office.start(&ana, text).await.unwrap();
    let fields: Vec<_> = found.columns.iter().map(|(_, field)| *field).collect();
    assert_eq!(fields, [Some("first_name"), None, None]);
    let job = office.until(id, |job| job.state.is_over()).await;
    // That the second is no address would tell what the column is.
    assert_eq!(job.result, Some(json!({"total": 2, "imported": 2, "failed": 0})));
    for created in office.created().await {
        assert_eq!(office.contact(&created).await.fields.email, None);
    }
}

#[tokio::test]
async fn an_import_stops_whose_importer_may_not_write_its_columns_any_more() {
    let office = Office::new().await;
    let text = b"First name,Remark,E-mail\nZoe,likes tea,zoe@example.com\n";
    let (id, _) = office.start(&office.world.ana, text).await.unwrap();
    restrict_sales(&office.world).await;
    let job = office.until(id, |job| job.state.is_over()).await;
    assert_eq!(job.state, JobState::Failed);
    let why = job.error.unwrap_or_default();
    assert!(why.contains("may not write all of its columns"), "{why}");
    assert!(!why.to_lowercase().contains("mail"), "{why}");
    assert!(office.created().await.is_empty());
}

#[tokio::test]
async fn faulty_rows_come_back_with_reasons_and_can_be_mended_and_imported() {
    let office = Office::new().await;
    let text = b"First name,E-mail,Phone,Status,Relevant date,Remark\n\
        Ana,ana@example.com,+351 912 345 678,Lead,2026-05-01,good\n\
        Ben,no address,12,Unheard of,01/05/2026,=1+1\n\
        ,,,,,\n\
        ,,,Lead,,nobody\n\
        Eva,eva@example.com,+351 21 345 6789,,,fine,one too many\n";
    let (job, created) = office.import(&office.world.owner, text).await;
    assert_eq!(job.result, Some(json!({"total": 4, "imported": 1, "failed": 3})));
    assert_eq!(created.len(), 1);
    let faulty = String::from_utf8(office.faulty_rows(text).unwrap()).unwrap();
    let lines: Vec<_> = faulty.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[0],
        "\u{feff}First name,E-mail,Phone,Status,Relevant date,Remark,Import error"
    );
    assert!(lines[1].starts_with("Ben,no address,12,Unheard of,01/05/2026,'=1+1,"), "{}", lines[1]);
    for reason in
        ["email:", "phone:", "status: Status has no value “Unheard of”.", "relevant_date:"]
    {
        assert!(lines[1].contains(reason), "{reason} in {}", lines[1]);
    }
    assert!(lines[2].contains("full_name: Give at least a name"), "{}", lines[2]);
    assert!(lines[3].contains("row: The row has more cells"), "{}", lines[3]);

    let mended = faulty
        .replace(
            "no address,12,Unheard of,01/05/2026",
            "ben@example.com,'+351 21 111 2222,lead,2026-05-01",
        )
        .replace(",,,Lead,,nobody", "Ida,,,Lead,,somebody")
        .replace(",fine,one too many,", ",fine,");
    let (job, created) = office.import(&office.world.owner, mended.as_bytes()).await;
    assert_eq!(job.result, Some(json!({"total": 3, "imported": 3, "failed": 0})), "{mended}");
    assert_eq!(office.faulty_rows(mended.as_bytes()), None);
    let ben = office.contact(&created[1]).await.fields;
    assert_eq!(
        (ben.remark.as_deref(), ben.phone.as_deref()),
        (Some("=1+1"), Some("+351211112222"))
    );
}

#[tokio::test]
async fn the_same_file_is_refused_the_second_time() {
    let office = Office::new().await;
    let text = b"email\na@example.com\n";
    let (job, created) = office.import(&office.world.owner, text).await;
    let refused = office.start(&office.world.ana, text).await;
    let Err(ImportError::AlreadyImported { started_at, job: same }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(same, job.id);
    assert_eq!(started_at, commands::Clock::now(&*office.world.clock));
    assert_eq!(office.created().await.len(), created.len());
    // By what is in it, not by its name; and in another organization it is another file.
    office.start(&office.world.owner, b"email\nb@example.com\n").await.unwrap();
    let other = Office::new().await;
    other.start(&other.world.owner, text).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_before_anything_happens() {
    let office = Office::new().await;
    let mut endless = b"email,city\na@example.com,\"Porto\n".to_vec();
    endless.extend(b"b@example.com,Faro\n".repeat(100_000));
    for text in [
        &b""[..],
        b"email\n",
        b"colour,weight\nred,1\n",
        b"PK\x03\x04...",
        b"email\0\0\x01\0",
        &endless,
    ] {
        let refused = office.start(&office.world.owner, text).await;
        assert!(matches!(refused, Err(ImportError::Unreadable(_))), "{refused:?}");
        assert_eq!(
            std::fs::read_dir(office.folder.join(office.world.organization.0.simple().to_string()))
                .unwrap()
                .count(),
            0,
            "nothing is kept"
        );
    }
    assert!(office.jobs.list(office.world.organization, None, 9).await.unwrap().is_empty());
}

/// Every row is a contact exactly once, or faulty; nothing else is.
async fn assert_complete(office: &Office, text: &[u8], rows: u32) {
    let import = stream_id(office.world.organization, &sha256(text));
    let folded =
        office.world.other_process().load::<Import>(office.world.log(), import).await.unwrap();
    let failed = u64::from(rows / 100);
    assert_eq!(folded.state.outcome, Some(Outcome { imported: u64::from(rows) - failed, failed }));
    assert_eq!(folded.version, 2);
    let created = office.created().await;
    let found: Vec<_> = created.iter().map(|e| e.meta().unwrap().source.unwrap().row).collect();
    let wanted: Vec<_> = (0..u64::from(rows)).filter(|n| n % 100 != 99).map(|n| n + 2).collect();
    assert!(found == wanted, "{} rows instead of {}", found.len(), wanted.len());
    let faulty = String::from_utf8(office.faulty_rows(text).unwrap()).unwrap();
    assert_eq!(faulty.lines().count() as u64, 1 + failed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_crashed_anywhere_goes_on_without_losing_or_doubling_a_row() {
    // Five tags, three chunks and the end are nine appends.
    for before in [true, false] {
        for lives in [1, 6, 8, 9] {
            let office = Office::new().await;
            let text = many(4_100);
            let (id, _) = office.start(&office.world.owner, &text).await.unwrap();
            let mut feed = office.jobs.watch();
            let log = office.world.commands.log().clone();
            let (process, _stop) = office.process(Arc::new(Dying::new(log, lives, before)));
            // Interrupted, and given back; what was done since the last report is not known.
            while feed.recv().await.unwrap().state != JobState::Queued {}
            process.abort();
            assert!(!office.job(id).await.state.is_over(), "{lives} {before}");
            sqlx::query("UPDATE hindsight.job SET run_after = '-infinity'")
                .execute(&mut office.world.test.admin().await)
                .await
                .unwrap();
            let job = office.until(id, |job| job.state.is_over()).await;
            assert_eq!(job.state, JobState::Done, "{lives} {before} {:?}", job.error);
            assert_complete(&office, &text, 4_100).await;
        }
    }
}

#[tokio::test]
async fn an_import_whose_process_died_before_its_job_was_queued_is_carried_out_once() {
    let office = Office::new().await;
    let (text, world) = (many(300), &office.world);
    let followers = Followers::new(world.test.database.app.clone());
    let intents = Intents::new(world.other_process(), followers, office.jobs.clone());
    for before in [true, false] {
        let log = Arc::new(Dying::new(world.commands.log().clone(), 1, before));
        let dying = Commands::new(log, world.clock.clone(), Arc::new(SystemIds), &root_secret());
        let imports = Imports::new(dying, office.files(), office.jobs.clone());
        let died = imports.start(&office.request(&world.ana), &*text, "leads.csv").await;
        assert!(died.is_err(), "{before}");
        let queued = office.jobs.list(world.organization, None, 9).await.unwrap();
        assert!(queued.is_empty(), "{before}");
        intents.queue().await.unwrap();
        let queued = office.jobs.list(world.organization, None, 9).await.unwrap();
        // What never got into the log was never begun.
        assert_eq!(queued.len(), usize::from(!before));
        for job in queued {
            assert_eq!((job.kind.as_str(), job.created_by()), ("import", Some(world.ana.member)));
            let job = office.until(job.id, |job| job.state.is_over()).await;
            assert_eq!(job.state, JobState::Done, "{:?}", job.error);
        }
    }
    assert_complete(&office, &text, 300).await;
    // Whoever looks from the beginning finds the same intent, and the job that it has.
    sqlx::query("DELETE FROM hindsight.follower WHERE name = 'intents'")
        .execute(&mut world.test.admin().await)
        .await
        .unwrap();
    intents.queue().await.unwrap();
    let jobs = office.jobs.list(world.organization, None, 9).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.state).collect::<Vec<_>>(), [JobState::Done]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_import_goes_on_when_the_file_is_given_again() {
    let office = Office::new().await;
    let text = many(8_300);
    let (id, _) = office.start(&office.world.owner, &text).await.unwrap();
    office.jobs.cancel(office.world.organization, id).await.unwrap();
    let (again, _) = office.start(&office.world.owner, &text).await.unwrap();
    assert_eq!(again, id);
    let refused = office.start(&office.world.owner, &text).await;
    assert!(matches!(refused, Err(ImportError::AlreadyImported { .. })), "under way");
    office.until(id, |job| job.done >= 2_000).await;
    let job = office.until(id, |job| job.state.is_over()).await;
    assert_eq!(job.state, JobState::Done);
    assert_complete(&office, &text, 8_300).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_two_processes_append_at_once_are_there_once() {
    let world = World::new().await;
    let (log, id) = (world.commands.log(), world.log());
    let owner = world.fold(world.contact(json!({"full_name": "Ana"})).await).await;
    let template = log.read_stream(id, owner.stream, 0, 1).await.unwrap().remove(0);
    let created: ContactEvent = template.decode().unwrap();
    let meta = Arc::new(template.meta().unwrap());
    for _ in 0..10 {
        let streams = (0..200).map(|_| {
            let stream = StreamId(Uuid::now_v7());
            let (owner, private) = (SubjectId(stream.0), PrivateMeta::default());
            let time = template.recorded_at;
            let event = NewEvent::encode(&created, owner, meta.clone(), &private, time).unwrap();
            StreamAppend { stream, expected: Expected::NoStream, events: vec![event] }
        });
        let bulk = BulkAppend { command_id: Uuid::now_v7(), streams: streams.collect() };
        let (one, other) =
            tokio::join!(log.append_bulk(id, bulk.clone()), log.append_bulk(id, bulk));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.first, one.last), (other.first, other.last));
        assert!(one.duplicate != other.duplicate);
    }
}
