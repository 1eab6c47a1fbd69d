//! Schemas of record types, derived from their catalogues.

use super::endpoint::Shape;
use super::schema;
use crate::routes::records::body::{ACCOUNT, Allowed, ContactAccount, Reference};
use crate::routes::records::change::NOTE;
use domain::catalogue::{Catalogue as _, FieldDef, Form, Kind};
use domain::client::{EDITABLE, SHOWN};
use domain::contact::{ContactFields, ContactType};
use domain::record::RecordType;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, ObjectBuilder, SchemaFormat, Type,
};
use utoipa::openapi::{RefOr, Schema};

/// Name of the schema of a record type, such as `Contact`.
pub fn name<R: RecordType>() -> String {
    R::LABEL.replace(' ', "")
}

/// What a new record may be made with: every field, each optional.
pub fn input<R: RecordType>() -> Shape {
    Shape::named(&format!("New{}", name::<R>()), fields::<R>().build())
}

/// What a record may be changed with: the same, and a note to keep with the change.
pub fn changes<R: RecordType>() -> Shape {
    let object = fields::<R>().property(NOTE, schema::nullable(schema::text(500)));
    Shape::named(&format!("{}Changes", name::<R>()), object.build())
}

fn fields<R: RecordType>() -> ObjectBuilder {
    R::Fields::FIELDS
        .iter()
        .fold(schema::closed(), |object, def| object.property(def.name, input_field(def)))
}

/// What the server answers: the record with its fields, as they are or `null`.
pub fn output<R: RecordType>() -> Shape {
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("id", schema::id())
        .required("id")
        .property("label", schema::text(1_000))
        .required("label")
        .property("version", schema::integer(1, (1 << 53) - 1))
        .required("version")
        .property("deleted", ObjectBuilder::new().schema_type(Type::Boolean).build())
        .required("deleted")
        .property("created_at", schema::nullable(schema::time()))
        .property("created_by", schema::nullable_reference("Reference"))
        .property("updated_at", schema::nullable(schema::time()))
        .property("updated_by", schema::nullable_reference("Reference"))
        .property("allowed", schema::reference("Allowed"));
    if R::KIND == ContactType::KIND {
        object = object.property(ACCOUNT, schema::nullable_reference("ContactAccount"));
    }
    for def in R::Fields::FIELDS {
        object = object.property(def.name, output_field(def));
    }
    Shape::named(&name::<R>(), object.build())
        .and(Shape::of::<Reference>())
        .and(Shape::of::<Allowed>())
        .and(Shape::of::<ContactAccount>())
        .and(Shape::named("Money", money(false)))
}

/// The fields of a contact that a client sees, named.
pub fn own_details() -> Shape {
    let shown = ContactFields::FIELDS.iter().filter(|def| SHOWN.contains(&def.name));
    let object = ObjectBuilder::new().schema_type(Type::Object);
    let object = shown.fold(object, |object, def| object.property(def.name, output_field(def)));
    Shape::named(OWN_DETAILS, object.build())
}

/// Where they are described.
pub fn own_details_reference() -> RefOr<Schema> {
    schema::reference(OWN_DETAILS)
}

/// The fields of their own contact that clients change, each optional.
pub fn own_changes() -> Shape {
    let editable = ContactFields::FIELDS.iter().filter(|def| EDITABLE.contains(&def.name));
    let object =
        editable.fold(schema::closed(), |object, def| object.property(def.name, input_field(def)));
    Shape::named("OwnDetailsChanges", object.build())
}

const OWN_DETAILS: &str = "OwnDetails";

fn described(mut object: utoipa::openapi::Object, def: &FieldDef) -> RefOr<Schema> {
    object.description = Some(def.label.to_owned());
    object.into()
}

fn formatted(format: KnownFormat) -> utoipa::openapi::Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(format)))
        .build()
}

fn input_field(def: &FieldDef) -> RefOr<Schema> {
    let object = match def.kind {
        Kind::Text { max } | Kind::LongText { max } => schema::text(max),
        Kind::Email => schema::text(254),
        Kind::Phone => schema::text(50),
        Kind::Url => schema::text(2_000),
        Kind::Language => schema::text(35),
        Kind::Integer { min, max } => schema::integer(min, max),
        Kind::Money => return money(true).into(),
        Kind::Boolean => ObjectBuilder::new().schema_type(Type::Boolean).build(),
        Kind::Date => formatted(KnownFormat::Date),
        Kind::Time => schema::time(),
        Kind::Choice(_) | Kind::Member | Kind::Link(_) => schema::id(),
        Kind::Choices(_) => return schema::nullable_list(schema::id(), 100).into(),
        Kind::Custom => return custom().into(),
    };
    described(schema::nullable(object), def)
}

fn output_field(def: &FieldDef) -> RefOr<Schema> {
    match def.kind.form() {
        Form::Id => schema::nullable_reference("Reference").into(),
        Form::Ids => schema::nullable_list(schema::reference("Reference"), 100).into(),
        Form::Money => schema::nullable_reference("Money").into(),
        Form::Text | Form::Integer | Form::Boolean | Form::Date | Form::Time | Form::Object => {
            input_field(def)
        }
    }
}

fn money(nullable: bool) -> utoipa::openapi::Object {
    let object = schema::closed()
        .property("amount", schema::integer(0, (1 << 53) - 1))
        .required("amount")
        .property("currency", schema::pattern("^[A-Z]{3}$"))
        .required("currency")
        .description(Some("Minor units, such as cents, and their currency."))
        .build();
    if nullable { schema::nullable(object) } else { object }
}

fn custom() -> utoipa::openapi::Object {
    let object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(true)))
        .max_properties(Some(200))
        .description(Some("Values of custom fields by key."))
        .build();
    schema::nullable(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands beside the fields in a record's body.
    const RESERVED: [&str; 11] = [
        "id",
        "label",
        "version",
        "deleted",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "allowed",
        ACCOUNT,
        NOTE,
    ];

    fn fields_of<R: RecordType>() {
        for def in R::Fields::FIELDS {
            assert!(!RESERVED.contains(&def.name), "{}: {} is taken", R::KIND, def.name);
        }
    }

    #[test]
    fn no_field_has_the_name_of_what_stands_beside_the_fields() {
        macro_rules! check {
            ($($record:ty,)+) => {$( fields_of::<$record>(); )+};
        }
        domain::for_each_record_type!(check);
    }
}
