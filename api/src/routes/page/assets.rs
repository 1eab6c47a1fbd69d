//! Files of the interface, each also as the build compressed it.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What `npm run build` made. Empty if it was not run.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
pub struct Assets;

/// Forms in which a file may lie there, the best first: what the caller must accept, and its ending.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The file at a path, in the best form that the caller can read; `None` if there is none.
pub fn answer(path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Assets::get(path)?;
    let tag = etag(&plain);
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let encoded = ENCODINGS
        .iter()
        .filter(|(name, _)| accepted.is_some_and(|accepted| accepts(accepted, name)))
        .find_map(|(name, ending)| Some((*name, Assets::get(&format!("{path}{ending}"))?)));
    let known = headers.get(header::IF_NONE_MATCH);
    let mut response = if known.is_some() && known == tag.as_ref() {
        StatusCode::NOT_MODIFIED.into_response()
    } else if let Some((encoding, file)) = encoded {
        let mut response = file.data.into_response();
        let encoding = HeaderValue::from_static(encoding);
        response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
        response
    } else {
        plain.data.into_response()
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching(path)));
    if let Some(tag) = tag {
        out.insert(header::ETAG, tag);
    }
    Some(response)
}

/// Whether a list such as `gzip, br;q=1.0` has the encoding, and does not refuse it.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == encoding && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// Built files carry a hash of their content in their names; the others are asked for again each
/// time, answered with 304 as long as the binary is the same.
fn caching(path: &str) -> &'static str {
    let stem = path.strip_prefix("app/").and_then(|name| name.split('.').next());
    // A dash and eight characters, which may be dashes themselves.
    let hashed = stem.is_some_and(|stem| stem.len() > 9 && stem.as_bytes()[stem.len() - 9] == b'-');
    if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn etag(file: &EmbeddedFile) -> Option<HeaderValue> {
    let hash = file.metadata.sha256_hash();
    let number = u128::from_be_bytes(hash.first_chunk::<16>().copied()?);
    HeaderValue::try_from(format!("W/\"{number:032x}\"")).ok()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, caching};

    #[test]
    fn an_encoding_is_used_only_for_those_who_accept_it() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.8", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn only_files_named_by_their_content_are_kept_for_good() {
        assert!(caching("app/index-D73uPO5k.js").contains("immutable"));
        assert!(caching("app/schemas-8ENWY7-M.js").contains("immutable"));
        assert_eq!(caching("app/icon.svg"), "no-cache");
        assert_eq!(caching("index.html"), "no-cache");
    }
}
