//! Which crate may know which; see `docs/architecture.md`

use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// Our crates, and which of ours each may depend on. A new line here is the most scrutinised
/// change there is.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("commands", &["domain", "store"]),
    ("projections", &["domain", "store"]),
    ("api", &["commands", "domain", "projections", "store"]),
    ("hindsight-tests", &["api", "commands", "domain", "projections", "store"]),
    ("hindsight-bench", &["api", "commands", "domain", "projections", "store"]),
];

/// What the pure crate may use: no clock, randomness, I/O, SQL or HTTP among it.
const PURE: [&str; 9] = [
    "chrono",
    "chrono-tz",
    "phonenumber",
    "serde",
    "serde_json",
    "thiserror",
    "unicode-normalization",
    "uuid",
    "proptest",
];

fn packages() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap();
            let normal = dependencies.iter().filter(|dependency| dependency["kind"].is_null());
            (name(package), normal.map(name).collect())
        })
        .collect()
}

#[test]
fn crates_know_only_those_that_they_may_know() {
    let packages = packages();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into();
    for (package, dependencies) in &packages {
        let may = allowed.get(package.as_str()).unwrap_or_else(|| panic!("{package} is new"));
        for dependency in dependencies.iter().filter(|name| packages.contains_key(*name)) {
            assert!(may.contains(&dependency.as_str()), "{package} must not know {dependency}");
        }
    }
}

#[test]
fn the_domain_is_pure() {
    for dependency in &packages()["domain"] {
        assert!(PURE.contains(&dependency.as_str()), "domain must not use {dependency}");
    }
}

#[test]
fn sql_is_in_store_and_projections_only() {
    let packages = packages();
    for (package, dependencies) in packages {
        let uses = dependencies.iter().any(|name| name == "sqlx");
        let may = ["store", "projections", "api", "hindsight-tests", "hindsight-bench"];
        assert!(!uses || may.contains(&package.as_str()), "{package} must not use sqlx");
    }
    // The API knows the database's errors and addresses, and no statement.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src");
    for (path, text) in sources(folder.into()) {
        assert!(!text.contains("sqlx::query"), "{path} holds SQL");
    }
}

fn sources(folder: std::path::PathBuf) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}
