//! The development mailbox: what would have been mailed, where no mail server is configured. It
//! shows links that let anybody in, so it is there on a developer's machine only.

mod folder;
mod pages;

use crate::extract::Path;
use crate::http::{ApiError, ApiResult};
use crate::routes::nowhere;
use crate::state::App;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::path::PathBuf;
use uuid::Uuid;

/// Nothing of it is to stay in a cache.
const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dev/mailbox", get(list))
        .route("/dev/mailbox/style.css", get(style))
        .route("/dev/mailbox/{id}", get(show))
        .route("/dev/mailbox/{id}/source", get(source))
}

/// The folder, where there is a mailbox at all.
async fn folder(app: &App) -> ApiResult<PathBuf> {
    match &app.settings.mailbox {
        Some(folder) => Ok(folder.clone()),
        None => Err(nowhere().await),
    }
}

/// Does what reads files where it holds up nobody.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> ApiResult<T> {
    let read = tokio::task::spawn_blocking(read).await.map_err(ApiError::internal)?;
    read.map_err(ApiError::internal)
}

/// The newest mails.
async fn list(State(app): State<App>) -> ApiResult<Response> {
    let folder = folder(&app).await?;
    let mails = blocking(move || folder::newest(&folder)).await?;
    page(pages::list(&mails))
}

/// One mail.
async fn show(State(app): State<App>, Path(id): Path<Uuid>) -> ApiResult<Response> {
    let folder = folder(&app).await?;
    let read = blocking(move || folder::read(&folder, id)).await?;
    let mail = read.and_then(|bytes| folder::parse(id, &bytes)).ok_or_else(ApiError::not_found)?;
    page(pages::mail(&mail))
}

/// One mail as it would have been sent, to be opened by a mail program.
async fn source(State(app): State<App>, Path(id): Path<Uuid>) -> ApiResult<Response> {
    let folder = folder(&app).await?;
    let bytes = blocking(move || folder::read(&folder, id)).await?;
    let bytes = bytes.ok_or_else(ApiError::not_found)?;
    let name = format!("attachment; filename=\"{id}.eml\"");
    let kind = (header::CONTENT_TYPE, "message/rfc822".to_owned());
    Ok(([kind, (header::CONTENT_DISPOSITION, name)], [NO_STORE], bytes).into_response())
}

async fn style(State(app): State<App>) -> ApiResult<Response> {
    folder(&app).await?;
    Ok(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], pages::STYLE).into_response())
}

fn page(made: Result<String, minijinja::Error>) -> ApiResult<Response> {
    let html = made.map_err(ApiError::internal)?;
    Ok(([NO_STORE], Html(html)).into_response())
}
