//! `/jobs`

use crate::imports::{FILE, finish, import};
use domain::reach::ReachLevel;
use hindsight_tests::TestApp;
use uuid::Uuid;

#[tokio::test]
async fn jobs_are_listed_for_administrators_and_hidden_from_others() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::All).await;
    let eve = app.owner("Evil").await;
    let job = import(&app, &olga, FILE, "a.csv").await;
    finish(&app, &olga, job).await.unwrap();

    let jobs = olga.get("/jobs").send().await.expect_status(200);
    assert_eq!(jobs.id("/items/0/id"), job.0);
    let path = format!("/jobs/{}", job.0);
    for client in [&max, &eve] {
        let jobs = client.get("/jobs").send().await.expect_status(200);
        assert!(jobs.at("/items").as_array().unwrap().is_empty());
        client.get(&path).send().await.expect_problem(404, "not_found");
        client.get(&format!("{path}/events")).send().await.expect_problem(404, "not_found");
        client.post(&format!("{path}/cancel")).send().await.expect_problem(404, "not_found");
    }
    let over = olga.post(&format!("{path}/cancel")).send().await;
    over.expect_problem(409, "job_state");
    let unknown = olga.get(&format!("/jobs/{}", Uuid::now_v7())).send().await;
    unknown.expect_problem(404, "not_found");
}

#[tokio::test]
async fn the_progress_of_a_job_is_told_to_its_end() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let job = import(&app, &olga, FILE, "a.csv").await;
    let events = olga.get(&format!("/jobs/{}/events", job.0)).send().await.expect_status(200);
    assert_eq!(events.header("content-type"), "text/event-stream");
    let last = events.body.lines().rfind(|line| line.starts_with("data:")).unwrap();
    assert!(last.contains("\"state\":\"done\""), "{last}");
}
