//! Figures for Prometheus. No label ever holds an id or what a person typed.

use axum::http::{Method, StatusCode};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

const REQUESTS: &str = "hindsight_http_requests_total";
const PARKED: &str = "hindsight_parked_streams";
const LATENCY: &str = "hindsight_http_request_duration_seconds";

/// Upper bounds of the latency histogram, in seconds.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The recorder of this process; installed on first use, since a process has only one.
pub fn handle() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(install).as_ref()
}

fn install() -> Option<PrometheusHandle> {
    let installed = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(LATENCY.to_owned()), &BUCKETS)
        .and_then(PrometheusBuilder::install_recorder);
    match installed {
        Ok(handle) => {
            metrics::describe_counter!(REQUESTS, "Requests answered, by route and status.");
            metrics::describe_gauge!(PARKED, "Streams that a read model could not apply.");
            metrics::describe_histogram!(LATENCY, "Seconds from a request to its answer's head.");
            Some(handle)
        }
        Err(error) => {
            tracing::error!(%error, "no metrics");
            None
        }
    }
}

/// Counts one answered request.
pub fn request(method: &Method, route: &str, status: StatusCode, took: Duration) {
    let labels = [
        ("method", method_label(method).to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!(REQUESTS, &labels).increment(1);
    metrics::histogram!(LATENCY, &labels[..2]).record(took.as_secs_f64());
}

/// Notes how many streams could not be applied and wait for being tried again.
pub fn parked(streams: usize) {
    // A count that a double could not hold would be the least of the troubles.
    metrics::gauge!(PARKED).set(u32::try_from(streams).unwrap_or(u32::MAX));
}

/// Callers may invent methods; the label must stay within bounds.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
