//! Imported rows, as the API shows them

use commands::jobs::{JobError, JobState};
use commands::{Caller, Origin};
use domain::ids::{JobId, OrganizationId};
use hindsight_tests::{Client, TestApp};
use serde_json::json;

pub const FILE: &str = "First Name,Last Name,Email,City\n\
    Ana,Meier,ana@example.com,Bern\nBea,Huber,bea@example.com,Basel\n,,,\nCid,Ott,broken,Chur\n";

/// Imports a file as the command line does, and gives its job.
pub async fn import(app: &TestApp, client: &Client, content: &str, name: &str) -> JobId {
    let organization = OrganizationId(client.organization);
    let state = &app.app;
    let request =
        state.commands.request(organization.into(), Caller::System, Origin::CLI, "import");
    let (job, _) = state.imports.start(&request, content.as_bytes(), name).await.expect("starts");
    job
}

/// Waits until the job is over.
pub async fn finish(app: &TestApp, client: &Client, job: JobId) -> Result<JobState, JobError> {
    let organization = OrganizationId(client.organization);
    let mut news = app.app.jobs.watch();
    loop {
        let now = app.app.jobs.get(organization, job).await?;
        if now.state.is_over() {
            return Ok(now.state);
        }
        // Whatever it tells, the row is looked at.
        let _ = news.recv().await;
    }
}

#[tokio::test]
async fn an_imported_row_is_found_and_its_history_names_file_and_row() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let job = import(&app, &olga, FILE, "leads-may.csv").await;
    assert_eq!(finish(&app, &olga, job).await.unwrap(), JobState::Done);

    let shown = olga.get(&format!("/jobs/{}", job.0)).send().await.expect_status(200);
    assert_eq!(shown.text("/kind"), "import");
    assert_eq!(shown.text("/state"), "done");
    assert_eq!(shown.at("/result/imported"), 2);
    assert_eq!(shown.at("/result/failed"), 1);

    let log = store::LogId(olga.organization);
    let head = app.app.commands.log().head(log).await.unwrap().position;
    let found = olga.search("contacts", json!({"q": "huber"}), head).await;
    assert_eq!(found.labels(), ["Bea Huber"]);
    assert_eq!(found.text("/items/0/status/label"), "Contact");
    let path = format!("/contacts/{}/history", found.text("/items/0/id"));
    let history = olga.get(&path).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/source/file_name"), "leads-may.csv");
    assert_eq!(history.at("/items/0/source/row"), 3);
    assert_eq!(history.text("/items/0/action/kind"), "import");
}
