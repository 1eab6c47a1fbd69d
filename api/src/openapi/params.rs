//! Parameters that many operations share, documented once.

use super::schema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};

fn parameter(
    place: ParameterIn,
    name: &str,
    schema: impl Into<RefOr<Schema>>,
    about: &str,
) -> Parameter {
    let required =
        if matches!(place, ParameterIn::Path) { Required::True } else { Required::False };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

/// A parameter of the query string.
pub fn query(name: &str, schema: impl Into<RefOr<Schema>>, about: &str) -> Parameter {
    parameter(ParameterIn::Query, name, schema, about)
}

/// A header.
pub fn header(name: &str, schema: impl Into<RefOr<Schema>>, about: &str) -> Parameter {
    parameter(ParameterIn::Header, name, schema, about)
}

/// A part of the path.
pub fn path(name: &str, schema: impl Into<RefOr<Schema>>, about: &str) -> Parameter {
    parameter(ParameterIn::Path, name, schema, about)
}

/// `{id}`.
pub fn id(what: &str) -> Parameter {
    path("id", schema::id(), &format!("Id of the {what}."))
}

/// `as_of`: the moment that an answer shows.
pub fn as_of() -> Parameter {
    query(
        "as_of",
        schema::time(),
        "Show the state of this moment, in the past. Present rights apply.",
    )
}

/// The headers that every command takes.
pub fn command() -> [Parameter; 3] {
    [
        header(
            "Idempotency-Key",
            schema::pattern("^[!-~]{1,200}$"),
            "Names this attempt. The same key with the same body gives the same answer again; \
             with another body it is refused with `422`.",
        ),
        header(
            "If-Match",
            schema::pattern("^\"[1-9][0-9]{0,8}\"$"),
            "The version that the caller saw, quoted. If the record has another by now, the \
             answer is `409` with what was changed meanwhile.",
        ),
        header(
            "Hindsight-Reason",
            schema::pattern("^[ -~]{1,2000}$"),
            "Why; at most 500 characters, as percent-encoded UTF-8. It stands in the history.",
        ),
    ]
}

/// The header of reads that follow the log.
pub fn min_position() -> Parameter {
    header(
        "Hindsight-Min-Position",
        schema::integer(0, (1 << 53) - 1),
        "Wait, a second at most, until the answer shows at least this position.",
    )
}

/// The headers that every list takes.
pub fn read() -> [Parameter; 2] {
    [
        min_position(),
        header(
            "Prefer",
            schema::any_text(),
            "`wait=5`: wait so many seconds for the moment asked for to be put together, before \
             the answer is `202`; 2 if absent, 20 at most.",
        ),
    ]
}
