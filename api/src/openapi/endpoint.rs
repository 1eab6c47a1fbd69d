//! A route and its documentation in one value, so that neither exists without the other.

use super::admission::{Admission, Admitted, EXTENSION};
use crate::auth::{caller, view_as};
use crate::http::ApiError;
use crate::http::problem::{Fault, Problem};
use crate::state::App;
use axum::extract::{MatchedPath, Request, State};
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::access::Permission;
use domain::organization::Module;
use futures::future::BoxFuture;
use std::sync::Arc;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::link::{Link, LinkBuilder};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, PathItem, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Ref, RefOr, Required};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::PathItemExt as _;
use utoipa_axum::router::UtoipaMethodRouter;

/// Name of the security scheme of access tokens.
pub const BEARER: &str = "bearer";

type Schemas = Vec<(String, RefOr<Schema>)>;

type Handle = Arc<dyn Fn(Request, App) -> BoxFuture<'static, Response> + Send + Sync>;

/// Of an endpoint that does not say yet who may call it: it cannot be built.
pub struct Undeclared;

/// One operation of the API. `A` is who may call it, once that is declared.
pub struct Endpoint<A = Admission> {
    path: String,
    method: HttpMethod,
    operation: OperationBuilder,
    schemas: Schemas,
    admission: A,
    module: Option<Module>,
    /// Whether it changes nothing.
    reads: bool,
    links: Vec<(String, Link)>,
    handler: Handle,
}

/// A body or answer: its schema, which may be a reference into the document's components.
pub struct Shape {
    schema: RefOr<Schema>,
    components: Schemas,
}

impl Shape {
    /// The form of a type, listed among the components under its name.
    pub fn of<T: ToSchema>() -> Self {
        let mut components = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut components);
        Self { schema: Ref::from_schema_name(T::name()).into(), components }
    }

    /// A named schema built by hand.
    pub fn named(name: &str, schema: impl Into<RefOr<Schema>>) -> Self {
        Self {
            schema: Ref::from_schema_name(name).into(),
            components: vec![(name.to_owned(), schema.into())],
        }
    }

    /// With what the schema refers to.
    pub fn and(mut self, other: Self) -> Self {
        self.components.extend(other.components);
        self
    }
}

impl Endpoint<Undeclared> {
    fn new<H, T>(
        method: HttpMethod,
        path: impl Into<String>,
        id: impl Into<String>,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self {
            path: path.into(),
            handler: Arc::new(move |request, app| Box::pin(handler.clone().call(request, app))),
            reads: method == HttpMethod::Get,
            method,
            operation: OperationBuilder::new().operation_id(Some(id)),
            schemas: Vec::new(),
            admission: Undeclared,
            module: None,
            links: Vec::new(),
        }
    }

    /// A read.
    pub fn get<H: Handler<T, App>, T: 'static>(
        path: impl Into<String>,
        id: impl Into<String>,
        handler: H,
    ) -> Self {
        Self::new(HttpMethod::Get, path, id, handler)
    }

    /// A command, or a read whose filter is too long or too personal for a query string.
    pub fn post<H: Handler<T, App>, T: 'static>(
        path: impl Into<String>,
        id: impl Into<String>,
        handler: H,
    ) -> Self {
        Self::new(HttpMethod::Post, path, id, handler)
    }

    /// A setting of the whole.
    pub fn put<H: Handler<T, App>, T: 'static>(
        path: impl Into<String>,
        id: impl Into<String>,
        handler: H,
    ) -> Self {
        Self::new(HttpMethod::Put, path, id, handler)
    }

    /// A change of some members.
    pub fn patch<H: Handler<T, App>, T: 'static>(
        path: impl Into<String>,
        id: impl Into<String>,
        handler: H,
    ) -> Self {
        Self::new(HttpMethod::Patch, path, id, handler)
    }

    /// A removal.
    pub fn delete<H: Handler<T, App>, T: 'static>(
        path: impl Into<String>,
        id: impl Into<String>,
        handler: H,
    ) -> Self {
        Self::new(HttpMethod::Delete, path, id, handler)
    }

    fn admits(self, admission: Admission) -> Endpoint {
        let Self { path, method, operation, schemas, links, handler, module, reads, .. } = self;
        Endpoint { path, method, operation, schemas, admission, module, reads, links, handler }
    }

    /// For whoever holds all of these permissions, with whatever reach.
    pub fn needs(self, permissions: impl IntoIterator<Item = Permission>) -> Endpoint {
        self.admits(Admission::All(permissions.into_iter().collect()))
    }

    /// For whoever holds one of these permissions, with whatever reach; the first is the one that
    /// a refusal names.
    pub fn needs_any(self, permissions: impl IntoIterator<Item = Permission>) -> Endpoint {
        self.admits(Admission::Any(permissions.into_iter().collect()))
    }

    /// For staff and vendors, whatever their permissions: what it shows and does is judged piece by
    /// piece.
    pub fn for_any_member(self) -> Endpoint {
        self.admits(Admission::AnyMember)
    }

    /// For clients.
    pub fn for_clients(self) -> Endpoint {
        self.admits(Admission::Clients)
    }

    /// For whoever is logged in, about themselves.
    pub fn for_anyone_known(self) -> Endpoint {
        self.admits(Admission::Known)
    }

    /// For administrators of the instance.
    pub fn for_administrators(self) -> Endpoint {
        self.admits(Admission::Administrators)
    }

    /// No token is asked for.
    pub fn public(self) -> Endpoint {
        self.admits(Admission::Public)
    }
}

impl<A> Endpoint<A> {
    /// The group that the documentation shows it in, and one line of what it does.
    pub fn about(mut self, tag: &str, summary: impl Into<String>) -> Self {
        self.operation = self.operation.tag(tag).summary(Some(summary));
        self
    }

    /// More than one line about it.
    pub fn details(mut self, description: impl Into<String>) -> Self {
        self.operation = self.operation.description(Some(description));
        self
    }

    /// Part of a module: an organization that does without it has no such route.
    pub fn of(mut self, module: Module) -> Self {
        self.module = Some(module);
        self
    }

    /// Changes nothing, though it is a `POST`: its question is too long or too personal for a query
    /// string.
    pub fn only_reads(mut self) -> Self {
        self.reads = true;
        self
    }

    /// A parameter in path, query or header.
    pub fn param(mut self, parameter: Parameter) -> Self {
        self.operation = self.operation.parameter(parameter);
        self
    }

    /// Several parameters.
    pub fn params(self, parameters: impl IntoIterator<Item = Parameter>) -> Self {
        parameters.into_iter().fold(self, Self::param)
    }

    /// A JSON body of a type.
    pub fn body<T: ToSchema>(self) -> Self {
        self.body_shape(Shape::of::<T>(), true)
    }

    /// A JSON body of a schema.
    pub fn body_shape(mut self, shape: Shape, required: bool) -> Self {
        let required = if required { Required::True } else { Required::False };
        let body = RequestBodyBuilder::new()
            .content("application/json", ContentBuilder::new().schema(Some(shape.schema)).build())
            .required(Some(required))
            .build();
        self.operation = self.operation.request_body(Some(body));
        self.schemas.extend(shape.components);
        self
    }

    /// What the answer to come is good for: operations on what was made, whose id it holds.
    pub fn leads_to(mut self, operations: &[&str], inherited: &[&str]) -> Self {
        for operation in operations {
            let link =
                LinkBuilder::new().operation_id(*operation).parameter("id", "$response.body#/id");
            let link = inherited
                .iter()
                .fold(link, |link, name| link.parameter(*name, format!("$request.path.{name}")));
            self.links.push(((*operation).to_owned(), link.build()));
        }
        self
    }

    /// An answer of a type.
    pub fn answers<T: ToSchema>(self, status: u16, description: &str) -> Self {
        self.answers_shape(status, description, Shape::of::<T>(), &[])
    }

    /// An answer of a schema, with headers and what they say.
    pub fn answers_shape(
        mut self,
        status: u16,
        description: &str,
        shape: Shape,
        headers: &[(&str, &str)],
    ) -> Self {
        let content = ContentBuilder::new().schema(Some(shape.schema)).build();
        let response =
            ResponseBuilder::new().description(description).content("application/json", content);
        let response = headers.iter().fold(response, |response, (name, about)| {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            let header = HeaderBuilder::new().schema(Some(text)).description(Some(*about)).build();
            response.header(*name, header)
        });
        let links = std::mem::take(&mut self.links);
        let response =
            links.into_iter().fold(response, |response, (name, link)| response.link(name, link));
        self.operation = self.operation.response(status.to_string(), response.build());
        self.schemas.extend(shape.components);
        self
    }

    /// An answer without a body.
    pub fn answers_empty(mut self, status: u16, description: &str) -> Self {
        let response = ResponseBuilder::new().description(description).build();
        self.operation = self.operation.response(status.to_string(), response);
        self
    }

    /// An answer of another media type than JSON.
    pub fn answers_media(mut self, status: u16, description: &str, media: &str) -> Self {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let content = ContentBuilder::new().schema(Some(Schema::Object(text))).build();
        let response = ResponseBuilder::new().description(description).content(media, content);
        self.operation = self.operation.response(status.to_string(), response.build());
        self
    }
}

impl Endpoint {
    /// The route with its documentation. Whoever is not admitted does not come to its handler.
    pub fn build(mut self) -> UtoipaMethodRouter<App> {
        let problem = Shape::of::<Problem>();
        self.schemas.extend(problem.components);
        self.schemas.push((Fault::name().into_owned(), Fault::schema()));
        let refused = ResponseBuilder::new()
            .description("Refused; the code says why.")
            .content(
                "application/problem+json",
                ContentBuilder::new().schema(Some(problem.schema)).build(),
            )
            .build();
        let mut operation = self.operation.response("default", refused);
        let admission = self.admission;
        let module = self.module;
        // One extension: utoipa writes several in any order.
        let mut declared = admission.document();
        if let (Some(module), Some(members)) = (module, declared.as_object_mut()) {
            members.insert("module".to_owned(), module.as_str().into());
        }
        let extension = ExtensionsBuilder::new().add(EXTENSION, declared).build();
        operation = operation.extensions(Some(extension));
        let (reads, known) = (self.reads, admission != Admission::Public);
        if reads && known {
            operation = operation.parameter(view_as::parameter());
        }
        if known {
            operation = operation.security(SecurityRequirement::new(BEARER, [] as [String; 0]));
        }
        let filter = self.method.to_method_filter();
        let item = PathItem::new(self.method, operation.build());
        let paths = PathsBuilder::new().path(self.path, item).build();
        let handler = guarded(admission, module, reads, self.handler);
        (self.schemas, paths, axum::routing::on(filter, handler))
    }
}

/// The handler behind the one place where callers are admitted.
fn guarded(
    admission: Admission,
    module: Option<Module>,
    reads: bool,
    handler: Handle,
) -> impl Fn(State<App>, Request) -> BoxFuture<'static, Response> + Clone + Send + Sync + 'static {
    let admission = Arc::new(admission);
    move |State(app), request| {
        let (admission, handler) = (Arc::clone(&admission), Arc::clone(&handler));
        Box::pin(async move {
            if *admission == Admission::Public {
                return handler(request, app).await;
            }
            let (mut parts, body) = request.into_parts();
            let auth = match caller::authenticate(&parts, &app).await {
                Ok(auth) => auth,
                Err(error) => return error.into_response(),
            };
            let actor = auth.actor.clone();
            let viewing = view_as::is_asked(&parts.headers, &actor);
            let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
            let route = format!("{} {}", parts.method, path.unwrap_or_default());
            let auth = app.view_as(&parts.headers, reads, auth).await;
            let judged = auth.and_then(|auth| admission.judge(&auth, module).map(|()| auth));
            let response = match judged {
                Err(error) => error.into_response(),
                Ok(auth) => {
                    parts.extensions.insert(Admitted(auth));
                    handler(Request::from_parts(parts, body), app.clone()).await
                }
            };
            // What a role that one looks through does not show was not refused to the caller.
            if response.status() == StatusCode::FORBIDDEN
                && !viewing
                && let Err(error) = app.identity.count_denial(&actor, &route).await
            {
                return ApiError::from(error).into_response();
            }
            response
        })
    }
}
