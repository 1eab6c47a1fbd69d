//! The record types of the product. A new one is a line here and a folder beside this file.

/// Calls `$then!` with every record type: module, type and plural name.
///
/// The generic parts of the other crates (read models, routes, schemas) expand over this list.
#[macro_export]
macro_rules! for_each_record_type {
    ($then:ident) => {
        $then! {
            $crate::contact::ContactType,
            $crate::company::CompanyType,
        }
    };
}
