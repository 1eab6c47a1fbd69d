//! `GET /meta`: what there is, and what the caller may do with it.

use super::auth::Organization;
use super::members::Member;
use super::picklists::body::List;
use crate::auth::Auth;
use crate::extract::headers::POSITION;
use crate::http::ApiResult;
use crate::openapi::{Endpoint, Shape};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::{AppendHeaders, IntoResponse};
use domain::access::{FieldAccess, Permission, Verb};
use domain::catalogue::{Catalogue as _, FieldDef, Kind};
use domain::record::RecordType;
use projections::SystemField;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// Everything that a client needs to know before it shows anything.
#[derive(Serialize, ToSchema)]
struct Meta {
    /// The organization of this session.
    organization: Organization,
    /// The record types with their fields.
    record_types: Vec<TypeInfo>,
    /// The pick-lists with their values.
    picklists: Vec<List>,
    /// The members, for choosing one.
    members: Vec<Member>,
    /// The modules that the organization has.
    modules: Vec<&'static str>,
    /// What the caller may do beside records.
    may: May,
}

/// What the caller may do beside records.
#[derive(Serialize, ToSchema)]
struct May {
    /// Change pick-lists and other settings.
    settings: bool,
    /// Read the audit trail.
    audit: bool,
}

/// A record type.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordType)]
struct TypeInfo {
    /// Its name, such as `contact`.
    name: &'static str,
    /// Its place in the API, such as `contacts`.
    plural: &'static str,
    /// What people call one.
    label: &'static str,
    /// What people call several.
    label_plural: String,
    /// Its fields, in order.
    fields: Vec<Field>,
    /// Fields that every record has, by which lists can be sorted or filtered.
    system_fields: Vec<System>,
    /// What the caller may do with records within their reach.
    may: BTreeMap<&'static str, bool>,
    /// The view that the caller sees the list through from the start. It may be gone by now, or not
    /// be shared any more: `GET /views` tells.
    default_view: Option<Uuid>,
}

/// A field of a record type.
#[derive(Serialize, ToSchema)]
#[allow(clippy::struct_excessive_bools, reason = "a wire form of independent properties")]
struct Field {
    /// Its name in bodies, filters and columns.
    name: &'static str,
    /// What people call it.
    label: &'static str,
    /// The part of the form that it stands in.
    section: &'static str,
    /// What it holds, such as `text` or `choice`.
    kind: &'static str,
    /// Greatest length in characters, of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<usize>,
    /// Bounds, of numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<[i64; 2]>,
    /// The pick-list that values come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<&'static str>,
    /// The record type that it links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'static str>,
    /// Whether the caller may read it, but not change it.
    read_only: bool,
    /// Whether it is the person's data, sealed under their key.
    personal: bool,
    /// Whether lists can be sorted by it.
    sortable: bool,
    /// Whether lists can be filtered by it.
    filterable: bool,
    /// Whether the search box looks at it.
    searchable: bool,
    /// Whether files can bring it.
    importable: bool,
    /// Whether the organization added it.
    custom: bool,
    /// What filters may ask of it.
    operators: &'static [&'static str],
}

/// A field that every record has.
#[derive(Serialize, ToSchema)]
#[schema(as = SystemField)]
struct System {
    /// Its name in filters and sort keys.
    name: &'static str,
    /// Whether lists can be sorted by it.
    sortable: bool,
    /// What filters may ask of it.
    operators: &'static [&'static str],
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    let headers = [(
        "Hindsight-Position",
        "This and whatever is read after it is at least that new. `/live`, given it as \
         `Last-Event-ID`, says whether anything changed since.",
    )];
    OpenApiRouter::new().routes(
        Endpoint::get("/meta", "get_meta", handler)
            .for_any_member()
            .about("meta", "What there is, and what one may do")
            .answers_shape(200, "The catalogues.", Shape::of::<Meta>(), &headers)
            .build(),
    )
}

async fn handler(State(app): State<App>, auth: Auth) -> ApiResult<impl IntoResponse> {
    // Before anything is read.
    let position = app.projections.wait_for(auth.log(), 0, Duration::ZERO).await?;
    let me = app.identity.me(&auth.actor).await?;
    let counts = BTreeMap::new();
    let mut record_types = Vec::new();
    macro_rules! describe {
        ($($record:ty,)+) => {$( record_types.push(record_type::<$record>(&app, &auth).await?); )+};
    }
    domain::for_each_record_type!(describe);
    let meta = Meta {
        organization: Organization {
            id: me.organization.0,
            name: me.organization_name,
            simulated: me.simulated,
        },
        record_types,
        picklists: app.lists(&auth, &counts).await?,
        members: if auth.actor.holds(Permission::MEMBERS_READ) {
            app.members(&auth).await?
        } else {
            Vec::new()
        },
        modules: auth.entrance.modules.iter().map(|module| module.as_str()).collect(),
        may: May {
            settings: auth.actor.holds(Permission::PICKLISTS_UPDATE),
            audit: auth.actor.holds(Permission::AUDIT_READ),
        },
    };
    Ok((AppendHeaders([(POSITION, HeaderValue::from(position))]), Json(meta)))
}

async fn record_type<R: RecordType>(app: &App, auth: &Auth) -> ApiResult<TypeInfo> {
    let may = |verb| auth.actor.holds(Permission::on::<R>(verb));
    let default_view = app.views.default_of(&auth.caller(), auth.log(), R::PLURAL).await?;
    Ok(TypeInfo {
        default_view: default_view.map(|view| view.0),
        name: R::KIND,
        plural: R::PLURAL,
        label: R::LABEL,
        label_plural: capitalised(R::PLURAL),
        fields: R::Fields::FIELDS
            .iter()
            .filter_map(|def| match auth.actor.field(R::KIND, def.name) {
                FieldAccess::Hidden => None,
                FieldAccess::ReadOnly => Some(field(def, true)),
                FieldAccess::Full => Some(field(def, false)),
            })
            .collect(),
        system_fields: SystemField::ALL.into_iter().map(system).collect(),
        may: BTreeMap::from([
            ("create", may(Verb::Create)),
            ("read", may(Verb::Read)),
            ("update", may(Verb::Update)),
            ("assign", may(Verb::Assign)),
            ("delete", may(Verb::Delete)),
            ("import", may(Verb::Import)),
            ("export", may(Verb::Export)),
        ]),
    })
}

/// What people call the records of a type: `sales_orders` as `Sales orders`.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.replace('_', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        first.make_ascii_uppercase();
    }
    letters.into_iter().collect()
}

fn field(def: &'static FieldDef, read_only: bool) -> Field {
    Field {
        read_only,
        name: def.name,
        label: def.label,
        section: def.section,
        kind: def.kind.as_str(),
        max: def.kind.max(),
        range: if let Kind::Integer { min, max } = def.kind { Some([min, max]) } else { None },
        list: def.kind.list().map(domain::catalogue::ListName::as_str),
        link: if let Kind::Link(kind) = def.kind { Some(kind) } else { None },
        personal: def.personal,
        sortable: def.sortable,
        filterable: def.filterable,
        searchable: def.searchable,
        importable: def.kind.is_importable(),
        custom: false,
        operators: projections::operators(def),
    }
}

fn system(field: SystemField) -> System {
    System { name: field.as_str(), sortable: field.is_sortable(), operators: field.operators() }
}
