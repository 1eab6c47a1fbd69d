//! The operations as the API's own description tells them: where an id can stand, who is admitted.

use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// One operation.
pub struct Operation {
    pub id: String,
    pub method: Method,
    /// Below `/api/v1`.
    pub path: String,
    /// Who may call it, as `x-hindsight-permission` says.
    pub admission: Value,
    /// Parameters of the query and members of the body that hold ids.
    pub ids: BTreeSet<String>,
}

impl Operation {
    /// Whether an id, or a list of them, stands in the path.
    pub fn has_id_in_path(&self) -> bool {
        self.path.contains("{id}")
    }

    /// Whether it only reads, though it may be a `POST`.
    pub fn only_reads(&self) -> bool {
        self.method == Method::GET || self.id.starts_with("search_")
    }
}

/// All operations.
pub fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(api::routes::description()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, described) in methods.as_object().unwrap() {
            operations.push(Operation {
                id: described["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                admission: described["x-hindsight-permission"].clone(),
                ids: ids_of(&document, described),
            });
        }
    }
    operations
}

fn ids_of(document: &Value, described: &Value) -> BTreeSet<String> {
    let parameters = described["parameters"].as_array().into_iter().flatten();
    let parameters = parameters
        .filter(|parameter| parameter["in"] == "query" && holds_id(&parameter["schema"]))
        .map(|parameter| parameter["name"].as_str().unwrap().to_owned());
    let schema = &described["requestBody"]["content"]["application/json"]["schema"];
    let schema = match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => schema,
    };
    let members = schema["properties"].as_object().into_iter().flatten();
    let members = members.filter(|(_, schema)| holds_id(schema)).map(|(name, _)| name.clone());
    parameters.chain(members).collect()
}

fn holds_id(schema: &Value) -> bool {
    schema["format"] == "uuid" || schema["items"]["format"] == "uuid"
}
