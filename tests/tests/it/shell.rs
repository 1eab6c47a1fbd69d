//! What stands around the routes: health, headers, request ids, the page, the limits

use hindsight_tests::TestApp;
use reqwest::Method;

#[tokio::test]
async fn the_machinery_around_the_server_can_ask_how_it_is() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    assert_eq!(stranger.get("//healthz").send().await.expect_status(200).body, "ok\n");
    assert_eq!(stranger.get("//readyz").send().await.expect_status(200).body, "ready\n");
    app.owner("Acme").await;
    let metrics = stranger.get("//metrics").send().await.expect_status(200);
    assert!(metrics.body.contains("hindsight_http_requests_total{"), "{}", metrics.body);
    assert!(metrics.body.contains("route=\"/api/v1/auth/signup\""), "{}", metrics.body);
    app.app.stopping.cancel();
    // It may be refused at the door by then, which says the same.
    if let Ok(answer) = reqwest::get(format!("{}/readyz", app.base)).await {
        assert_eq!(answer.status(), 503);
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    stranger.get("/nonsense").send().await.expect_problem(404, "no_such_route");
    stranger.get("//nonsense").send().await.expect_problem(404, "no_such_route");
    stranger.get("//app/nonsense.js").send().await.expect_problem(404, "no_such_route");
    let refused = stranger.call(Method::PUT, "/contacts").send().await;
    let refused = refused.expect_problem(405, "method_not_allowed");
    assert!(refused.header("allow").contains("POST"));
}

#[tokio::test]
async fn a_request_keeps_the_name_that_it_brings_if_that_is_a_plain_token() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let ask = |id: &str| stranger.get("/meta").header("x-request-id", id).send();
    assert_eq!(ask("trace-1234567").await.header("x-request-id"), "trace-1234567");
    for strange in ["ana@example.com", "x", "a b c d e f g h"] {
        let answer = ask(strange).await.expect_problem(401, "token_missing");
        assert_ne!(answer.header("x-request-id"), strange);
        assert_eq!(answer.header("x-request-id").len(), 36);
    }
}

#[tokio::test]
async fn browsers_are_told_what_the_site_never_does() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let page = stranger.get("//").send().await.expect_status(200);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let api = stranger.get("/meta").send().await;
    assert_eq!(api.header("cache-control"), "no-store");
    assert_eq!(api.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn the_page_loads_only_files_that_are_there() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    for page in ["//", "//portal"] {
        let page = stranger.get(page).header("accept", "text/html").send().await.expect_status(200);
        let parts: Vec<&str> =
            page.body.split(['"', '\'']).filter(|part| part.starts_with("/app/")).collect();
        assert!(!parts.is_empty(), "the interface was not built: make web");
        for part in parts {
            stranger.get(&format!("/{part}")).send().await.expect_status(200);
        }
        let main = page
            .body
            .split('"')
            .find(|part| part.starts_with("/app/") && part.contains(".js"))
            .expect("a script");
        let main = format!("/{main}");
        let plain = stranger.get(&main).send().await.expect_status(200);
        assert!(plain.header("content-type").starts_with("text/javascript"));
        assert!(plain.header("cache-control").contains("immutable"));
        let tag = plain.header("etag").to_owned();
        stranger.get(&main).header("if-none-match", &tag).send().await.expect_status(304);
    }
    stranger.get("//app/../Cargo.toml").send().await.expect_problem(404, "no_such_route");
    stranger.get("//app/%2e%2e%2fCargo.toml").send().await.expect_problem(404, "no_such_route");
}

#[tokio::test]
async fn each_page_allows_only_the_styles_that_carry_its_own_nonce() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let open = || stranger.get("//contacts").header("accept", "text/html").send();
    let nonce = |policy: &str| {
        let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
        rest.split('\'').next().expect("its end").to_owned()
    };
    let (one, other) = (open().await.expect_status(200), open().await.expect_status(200));
    let (first, second) = (
        nonce(one.header("content-security-policy")),
        nonce(other.header("content-security-policy")),
    );
    assert_ne!(first, second);
    assert!(one.body.contains(&format!("nonce=\"{first}\"")), "{}", one.body);
    assert_eq!(one.header("cache-control"), "no-store");
}

#[tokio::test]
async fn only_browsers_that_navigate_get_a_page_where_nothing_else_is() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let navigate = |path: &'static str| stranger.get(path).header("accept", "text/html").send();
    navigate("//contacts/17").await.expect_status(200);
    for missing in ["//app/nonsense.js", "/nonsense", "//dev/nonsense"] {
        navigate(missing).await.expect_problem(404, "no_such_route");
    }
    stranger.get("//contacts").send().await.expect_problem(404, "no_such_route");
    let post = stranger.post("//contacts").header("accept", "text/html").send().await;
    post.expect_problem(404, "no_such_route");
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_can_read_it() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let meta = olga.get("/meta").header("accept-encoding", "gzip").open().await;
    assert_eq!(meta.headers()["content-encoding"], "gzip");
}

#[tokio::test]
async fn no_other_site_may_read_an_answer() {
    let app = TestApp::start().await;
    for (method, path) in [(Method::OPTIONS, "/contacts"), (Method::GET, "/contacts")] {
        let answer = app
            .stranger()
            .call(method, path)
            .header("origin", "https://evil.example")
            .header("access-control-request-method", "POST")
            .send()
            .await;
        let allowed = answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
        assert!(!allowed, "{:?}", answer.headers);
    }
}
