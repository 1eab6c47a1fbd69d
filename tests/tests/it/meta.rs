//! `/meta` and `/members`

use domain::reach::ReachLevel;
use hindsight_tests::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn meta_tells_all_that_a_client_needs_to_show_a_form_and_a_list() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    app.member(&olga, "Max", ReachLevel::Own).await;
    let meta = olga.get("/meta").send().await.expect_status(200);
    assert_eq!(meta.text("/organization/name"), "Acme");
    let types = meta.at("/record_types").as_array().unwrap();
    let plurals: Vec<&str> = types.iter().map(|t| t["plural"].as_str().unwrap()).collect();
    assert_eq!(plurals, ["contacts", "companies"]);
    let fields = types[0]["fields"].as_array().unwrap();
    assert!(fields.len() > 40);
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(field("email")["kind"], "email");
    assert_eq!(field("email")["personal"], true);
    assert_eq!(field("status")["list"], "status");
    assert_eq!(field("company")["link"], "company");
    assert_eq!(field("first_name")["max"], 100);
    assert_eq!(meta.at("/may"), &json!({"settings": true, "audit": true}));
}

#[tokio::test]
async fn every_operator_that_meta_names_is_understood() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let meta = olga.get("/meta").send().await.expect_status(200);
    for ty in meta.at("/record_types").as_array().unwrap() {
        let plural = ty["plural"].as_str().unwrap();
        let groups = [&ty["fields"], &ty["system_fields"]];
        for field in groups.into_iter().flat_map(|fields| fields.as_array().unwrap()) {
            for op in field["operators"].as_array().unwrap() {
                let filter = condition(field, op.as_str().unwrap());
                let answer = olga
                    .post(&format!("/{plural}/search"))
                    .json(&json!({"filter": filter, "limit": 1}))
                    .send()
                    .await;
                assert_eq!(answer.status, 200, "{filter}: {}", answer.body);
            }
        }
        for field in ty["fields"].as_array().unwrap() {
            if field["sortable"] == true {
                let sort = format!("-{}", field["name"].as_str().unwrap());
                let search = json!({"sort": sort});
                olga.post(&format!("/{plural}/search"))
                    .json(&search)
                    .send()
                    .await
                    .expect_status(200);
            }
        }
    }
}

fn condition(field: &Value, op: &str) -> Value {
    let id = "48696e64-7369-8000-8000-000000000001";
    let one = match field["kind"].as_str().unwrap_or(match field["name"].as_str().unwrap() {
        "id" | "created_by" | "updated_by" => "member",
        _ => "time",
    }) {
        "integer" => json!(5),
        "money" => json!({"amount": 5, "currency": "EUR"}),
        "boolean" => json!(true),
        "date" => json!("2026-01-01"),
        "time" => json!("2026-01-01T00:00:00Z"),
        "choice" | "choices" | "member" | "link" => json!(id),
        _ => json!("x"),
    };
    let value = match op {
        "empty" | "not_empty" => Value::Null,
        "in" => json!([one]),
        "between" => json!([one, one]),
        "within_last" | "not_within_last" => json!(7),
        _ => one,
    };
    json!({"field": field["name"], "op": op, "value": value})
}

#[tokio::test]
async fn members_are_named_for_everybody_in_the_organization() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    app.owner("Other").await;
    let members = max.get("/members").send().await.expect_status(200);
    let names: Vec<&str> = members
        .at("/items")
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["display_name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"Olga Owner") && names.contains(&"Max"));
    let may = max.get("/meta").send().await.expect_status(200);
    assert_eq!(may.at("/may"), &json!({"settings": false, "audit": false}));
}
