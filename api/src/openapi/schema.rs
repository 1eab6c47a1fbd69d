//! Small schemas, in the form in which OpenAPI 3.1 wants them.

use utoipa::openapi::schema::{
    AdditionalProperties, Array, ArrayBuilder, KnownFormat, Object, ObjectBuilder, SchemaFormat,
    SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};

fn typed(kind: Type, nullable: bool) -> SchemaType {
    if nullable { SchemaType::from_iter([kind, Type::Null]) } else { SchemaType::new(kind) }
}

fn text_of(format: KnownFormat) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)))
}

/// A UUID.
pub fn id() -> Object {
    text_of(KnownFormat::Uuid).build()
}

/// A moment, RFC 3339.
pub fn time() -> Object {
    text_of(KnownFormat::DateTime).build()
}

/// Any text.
pub fn any_text() -> Object {
    ObjectBuilder::new().schema_type(Type::String).build()
}

/// Text of at most `max` characters.
pub fn text(max: usize) -> Object {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(max)).build()
}

/// Text of a form.
pub fn pattern(pattern: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build()
}

/// A whole number within bounds.
pub fn integer(min: i64, max: i64) -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(min)).maximum(Some(max)).build()
}

/// Yes or no.
pub fn boolean() -> Object {
    ObjectBuilder::new().schema_type(Type::Boolean).build()
}

/// One of some words.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
}

/// The same, or null.
pub fn nullable(mut object: Object) -> Object {
    if let SchemaType::Type(kind) = object.schema_type {
        object.schema_type = typed(kind, true);
    }
    object
}

/// A list.
pub fn list(items: impl Into<RefOr<Schema>>) -> Array {
    ArrayBuilder::new().items(items.into()).build()
}

/// An object of any form, with a word about it.
pub fn described_object(about: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::Object).description(Some(about)).build()
}

/// A list, or null.
pub fn nullable_list(items: impl Into<RefOr<Schema>>, max: usize) -> Array {
    ArrayBuilder::new()
        .schema_type(typed(Type::Array, true))
        .items(items.into())
        .max_items(Some(max))
        .build()
}

/// A schema among the components.
pub fn reference(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// A schema among the components, or null.
pub fn nullable_reference(name: &str) -> Schema {
    let null = ObjectBuilder::new().schema_type(Type::Null).build();
    Schema::OneOf(
        utoipa::openapi::OneOfBuilder::new().item(null).item(Ref::from_schema_name(name)).build(),
    )
}

/// An object of exactly the members given to it.
pub fn closed() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}
