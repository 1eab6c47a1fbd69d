//! The API's description

use hindsight_tests::TestApp;
use serde_json::Value;
use std::collections::BTreeSet;

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap();
            methods.iter().map(move |(method, op)| (path.clone(), method.clone(), op))
        })
        .collect()
}

#[test]
fn the_committed_description_is_the_codes() {
    let committed = include_str!("../../../api/openapi.json");
    let made = api::routes::description().to_pretty_json().unwrap();
    assert!(
        committed.trim() == made.trim(),
        "api/openapi.json is out of date: cargo run -p api -- openapi > api/openapi.json"
    );
}

#[test]
fn every_operation_has_a_name_of_its_own_a_summary_and_a_problem() {
    let document = serde_json::to_value(api::routes::description()).unwrap();
    let operations = operations(&document);
    let names: BTreeSet<&str> =
        operations.iter().map(|(.., op)| op["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len());
    for (path, method, op) in &operations {
        assert!(op["summary"].is_string(), "{method} {path}");
        let problem = &op["responses"]["default"]["content"]["application/problem+json"];
        assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
        for parameter in op["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{method} {path}: {parameter}");
        }
        for name in path.split('{').skip(1).map(|part| part.split('}').next().unwrap()) {
            let documented = op["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|parameter| parameter["name"] == name && parameter["in"] == "path");
            assert!(documented, "{method} {path}: {name}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let text = api::routes::description().to_json().unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    for part in text.split("\"$ref\":\"").skip(1) {
        let reference = part.split('"').next().unwrap();
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn the_description_and_its_pages_are_served() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let document = stranger.get("//api/openapi.json").send().await.expect_status(200);
    assert_eq!(document.text("/openapi"), "3.1.0");
    let page = stranger.get("//api/docs/").send().await.expect_status(200);
    assert!(page.body.contains("swagger-ui"));
    stranger.get("//api/docs/swagger-ui-bundle.js").send().await.expect_status(200);
}

#[tokio::test]
async fn every_operation_but_the_public_ones_asks_for_a_token() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let document = serde_json::to_value(api::routes::description()).unwrap();
    let mut public = BTreeSet::new();
    for (path, method, op) in operations(&document) {
        if op.get("security").is_none() {
            public.insert(op["operationId"].as_str().unwrap().to_owned());
            continue;
        }
        let id = uuid::Uuid::now_v7().to_string();
        let path = path.strip_prefix("/api/v1").unwrap();
        let path = path.replace("{id}", &id).replace("{list}", "status");
        let method = method.to_uppercase().parse().unwrap();
        stranger.call(method, &path).send().await.expect_problem(401, "token_missing");
    }
    let expected = [
        "accept_invitation",
        "enter_second_factor",
        "forgot_password",
        "get_public_instance",
        "get_public_organization",
        "log_in",
        "look_up_invitation",
        "refresh",
        "reset_password",
        "set_password",
        "sign_up",
        "verify_email",
        "confirm_registration",
        "look_at_client_account",
        "open_client_account",
        "register_client",
    ]
    .map(str::to_owned);
    assert_eq!(public, BTreeSet::from(expected));
}

#[test]
fn every_operation_says_who_may_call_it() {
    let description = serde_json::to_value(api::routes::description()).unwrap();
    let mut seen = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let admission = operation["x-hindsight-permission"].as_object().expect(path);
            let names = ["all", "any"].into_iter().filter_map(|kind| admission.get(kind));
            for name in names.flat_map(|names| names.as_array().unwrap()) {
                let known = domain::access::Permission::parse(name.as_str().unwrap());
                assert!(known.is_some(), "{path}: {name}");
            }
            let public = admission.get("for").is_some_and(|who| who == "public");
            assert_eq!(public, operation.get("security").is_none(), "{path}");
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}
