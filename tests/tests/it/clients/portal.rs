//! What clients see of themselves

use super::{ANA, of_ana, post, with_account};
use domain::reach::ReachLevel;
use hindsight_tests::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn clients_see_and_change_their_own_details_and_nothing_of_what_staff_notes() {
    let app = TestApp::start().await;
    let owner = app.owner("Acme").await;
    let sam = app.member(&owner, "Sam Sales", ReachLevel::Own).await;
    let (path, ana) = with_account(&app, &owner, of_ana()).await;
    let tag = post(&owner, "/tags", json!({"label": "difficult"})).await.expect_status(201);
    let staff = json!({"assigned_to": sam.member, "tags": [tag.id("/id")]});
    owner.patch(&path).json(&staff).send().await.expect_status(200);

    let me = ana.get("/portal/me").send().await.expect_status(200);
    assert_eq!(me.text("/contact_person"), "Sam Sales");
    assert_eq!(me.text("/details/email"), ANA);
    for secret in ["pays late", "remarked", "ifficult", "Lead", &sam.member.to_string()] {
        assert!(!me.body.contains(secret), "{secret}: {}", me.body);
    }
    let change = |body: Value| ana.patch("/portal/me").json(&body);
    let seen = me.header("etag").to_owned();
    let moved = json!({"city": "Porto", "mobile": "+351912345678", "language": "pt"});
    let done = change(moved).header("if-match", &seen).send().await.expect_status(200);
    assert_eq!(
        (done.text("/details/city"), done.text("/details/language")),
        ("Porto".into(), "pt".into())
    );
    let history = owner.get(&format!("{path}/history")).send().await.expect_status(200);
    assert_eq!(history.text("/items/0/actor/name"), "Ana Lima");
    assert_eq!(history.at("/items/0/actor/id"), &json!(ana.member));

    owner
        .patch(&path)
        .json(&json!({"notes": "secretly", "street": "Rua 1"}))
        .send()
        .await
        .expect_status(200);
    let late = change(json!({"city": "Faro"})).header("if-match", done.header("etag")).send().await;
    let late = late.expect_problem(409, "version_conflict");
    assert!(late.body.contains("Rua 1") && !late.body.contains("secretly"), "{}", late.body);

    for (body, code) in [
        (json!({"email": "eve@example.com"}), "field_read_only"),
        (json!({"notes": "nice"}), "unknown_field"),
        (json!({"assigned_to": null}), "unknown_field"),
        (json!({"account": null}), "unknown_field"),
        (json!({"language": 7}), "wrong_type"),
    ] {
        let refused = change(body).send().await.expect_problem(422, "invalid");
        assert_eq!(refused.text("/errors/0/code"), code);
    }
    for path in ["/contacts", "/meta", "/members", "/organization", "/live", &path] {
        ana.get(path).send().await.expect_problem(403, "not_permitted");
    }
    owner.get("/portal/me").send().await.expect_problem(403, "not_permitted");
    owner.delete(&path).send().await.expect_status(200);
    ana.get("/portal/me").send().await.expect_problem(404, "not_found");
    change(json!({"city": "Faro"})).send().await.expect_problem(404, "not_found");
}
