//! The field catalogue: each field of a record type is declared once, and everything that depends
//! on it is derived from that line.

pub use super::kind::{Form, Kind};
use super::value::Value;
use serde::Serialize;
#[doc(hidden)]
pub use serde::{Deserializer, Serializer};

/// A pick-list that a field draws its values from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    /// Where the relationship stands: Lead, Prospect, Contact, Customer.
    Status,
    /// Free labels, created by typing.
    Tag,
    /// What the organization offers.
    Service,
    /// Where the contact came from.
    TrafficSource,
    /// Line of business.
    Industry,
}

impl ListName {
    /// Every list, in the order in which settings show them.
    pub const ALL: [Self; 5] =
        [Self::Status, Self::Tag, Self::Service, Self::TrafficSource, Self::Industry];

    /// The wire name, such as `traffic_source`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Tag => "tag",
            Self::Service => "service",
            Self::TrafficSource => "traffic_source",
            Self::Industry => "industry",
        }
    }

    /// The list of that wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.as_str() == name)
    }
}

/// The event that tells of a change to plain fields.
pub const DETAILS_CHANGED: &str = "details_changed";

/// One field of a record type. Built by the `const` methods below, inside [`crate::catalogue!`].
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent properties of a field")]
pub struct FieldDef {
    /// Name in JSON, events, columns and filters.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The part of the form that it stands in.
    pub section: &'static str,
    /// Whether it is the record's person's data, and therefore sealed under their key.
    pub personal: bool,
    /// Whether the read model keeps an index for it, so that lists can be sorted by it.
    pub sortable: bool,
    /// Whether lists can be filtered by it.
    pub filterable: bool,
    /// Whether the search box looks at it.
    pub searchable: bool,
    /// Suffix of the event that tells of its change.
    pub event: &'static str,
    /// Other headings under which import files bring it: in lower case, words parted by blanks.
    pub aliases: &'static [&'static str],
}

impl FieldDef {
    /// A filterable field that is not personal; everything else is added by the methods.
    pub const fn new(label: &'static str, kind: Kind) -> Self {
        Self {
            name: "",
            label,
            kind,
            section: "",
            personal: false,
            sortable: false,
            filterable: !matches!(kind, Kind::LongText { .. } | Kind::Custom),
            searchable: false,
            event: DETAILS_CHANGED,
            aliases: &[],
        }
    }

    /// A line of text of at most `max` characters.
    pub const fn text(label: &'static str, max: usize) -> Self {
        Self::new(label, Kind::Text { max })
    }

    /// Sets the wire name; called by the macro.
    pub const fn named(mut self, name: &'static str, section: &'static str) -> Self {
        self.name = name;
        self.section = section;
        self
    }

    /// Data of the record's person: sealed, and gone when they are erased.
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }

    /// Lists can be sorted by it; costs an index.
    pub const fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// The search box looks at it.
    pub const fn searchable(mut self) -> Self {
        self.searchable = true;
        self
    }

    /// Its change is an event of its own, `<kind>.<suffix>`.
    pub const fn event(mut self, suffix: &'static str) -> Self {
        self.event = suffix;
        self
    }

    /// Further headings, in lower case, under which import files bring it.
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
}

/// The place of a field in its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldIndex(pub u16);

impl FieldIndex {
    /// As an index into the catalogue's slice.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// The fields of a record type: a struct of typed options, and the definitions beside it.
/// Implemented by [`crate::catalogue!`].
pub trait Catalogue: Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// The definitions, in order; `FieldIndex` points into it.
    const FIELDS: &'static [FieldDef];

    /// The value of a field.
    fn get(&self, field: FieldIndex) -> Option<Value>;

    /// The text of a field, without copying it; `None` if it is empty or not text.
    fn text(&self, field: FieldIndex) -> Option<&str>;

    /// Sets or clears a field. A value of the wrong type clears it; the codec never yields one.
    fn set(&mut self, field: FieldIndex, value: Option<Value>);

    /// Whether a field has a value.
    fn has(&self, field: FieldIndex) -> bool;

    /// Reads a stored value straight into its field.
    fn read<'de, D: Deserializer<'de>>(
        &mut self,
        field: FieldIndex,
        stored: D,
    ) -> Result<(), D::Error>;

    /// Writes the value of a field as it is stored; `null` for none.
    fn write<S: Serializer>(&self, field: FieldIndex, to: S) -> Result<S::Ok, S::Error>;

    /// The field of that name.
    fn index(name: &str) -> Option<FieldIndex>;

    /// The field of that name, looked for from place `next` on: stored fields stand in catalogue
    /// order, so that the one after the last found is nearly always it.
    fn index_from(next: usize, name: &str) -> Option<FieldIndex> {
        let rest = Self::FIELDS.get(next..)?;
        match rest.iter().position(|def| def.name == name) {
            Some(at) => u16::try_from(next + at).ok().map(FieldIndex),
            None => Self::index(name),
        }
    }

    /// The definition of a field.
    fn def(field: FieldIndex) -> &'static FieldDef {
        &Self::FIELDS[field.at()]
    }

    /// All fields in order.
    fn indices() -> impl Iterator<Item = FieldIndex> {
        (0..u16::try_from(Self::FIELDS.len()).unwrap_or(u16::MAX)).map(FieldIndex)
    }

    /// The fields that have a value.
    fn present(&self) -> Vec<(FieldIndex, Value)> {
        Self::indices().filter_map(|i| self.get(i).map(|v| (i, v))).collect()
    }
}

/// The value of one field, to be written as it is stored.
pub(crate) struct Stored<'a, C>(pub(crate) &'a C, pub(crate) FieldIndex);

impl<C: Catalogue> Serialize for Stored<'_, C> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.write(self.1, s)
    }
}

/// Declares the fields of a record type, one line each, grouped by form section:
///
/// ```
/// domain::catalogue! {
///     /// Fields of a pet.
///     pub struct PetFields {
///         "identity" {
///             name: String => FieldDef::new("Name", Kind::Text { max: 80 }).sortable().searchable(),
///             born_on: chrono::NaiveDate => FieldDef::new("Born on", Kind::Date),
///         }
///     }
/// }
/// use domain::catalogue::Catalogue;
/// assert_eq!(PetFields::FIELDS[1].name, "born_on");
/// ```
#[macro_export]
macro_rules! catalogue {
    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $($section:literal { $($(#[$fdoc:meta])* $field:ident : $ty:ty => $def:expr),+ $(,)? })+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(
                #[doc = concat!("`", stringify!($field), "`, see the catalogue.")]
                $(#[$fdoc])*
                pub $field: Option<$ty>,
            )+)+
        }

        const _: () = {
            use $crate::catalogue::{FieldDef, FieldIndex, Kind};
            #[allow(unused_imports, reason = "not every catalogue refers to pick-lists")]
            use $crate::catalogue::ListName;
            use $crate::value::{FieldValue, Value};

            /// The places of the fields, as constants to match on.
            #[allow(
                non_camel_case_types, non_upper_case_globals, clippy::upper_case_acronyms,
                reason = "mirrors field names"
            )]
            mod place {
                #[repr(u16)]
                enum Index { $($($field),+),+ }
                $($(pub const $field: u16 = Index::$field as u16;)+)+
            }

            impl $crate::catalogue::Catalogue for $name {
                const FIELDS: &'static [FieldDef] =
                    &[$($($def.named(stringify!($field), $section)),+),+];

                fn get(&self, field: FieldIndex) -> Option<Value> {
                    match field.0 {
                        $($(place::$field =>
                            self.$field.clone().map(FieldValue::into_value),)+)+
                        _ => None,
                    }
                }

                fn text(&self, field: FieldIndex) -> Option<&str> {
                    match field.0 {
                        $($(place::$field =>
                            self.$field.as_ref().and_then(FieldValue::as_text),)+)+
                        _ => None,
                    }
                }

                fn set(&mut self, field: FieldIndex, value: Option<Value>) {
                    match field.0 {
                        $($(place::$field =>
                            self.$field = value.and_then(FieldValue::from_value),)+)+
                        _ => {}
                    }
                }

                fn has(&self, field: FieldIndex) -> bool {
                    match field.0 {
                        $($(place::$field => self.$field.is_some(),)+)+
                        _ => false,
                    }
                }

                fn read<'de, D: $crate::catalogue::Deserializer<'de>>(
                    &mut self,
                    field: FieldIndex,
                    stored: D,
                ) -> Result<(), D::Error> {
                    match field.0 {
                        $($(place::$field => self.$field = Some(FieldValue::read(stored)?),)+)+
                        _ => {}
                    }
                    Ok(())
                }

                fn write<S: $crate::catalogue::Serializer>(
                    &self,
                    field: FieldIndex,
                    to: S,
                ) -> Result<S::Ok, S::Error> {
                    match field.0 {
                        $($(place::$field => match &self.$field {
                            Some(value) => FieldValue::write(value, to),
                            None => to.serialize_none(),
                        },)+)+
                        _ => to.serialize_none(),
                    }
                }

                fn index(name: &str) -> Option<FieldIndex> {
                    match name {
                        $($(stringify!($field) => Some(FieldIndex(place::$field)),)+)+
                        _ => None,
                    }
                }
            }
        };
    };
}
