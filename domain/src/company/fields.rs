//! The catalogue of a company's fields.
//!
//! Sealed is what may be a person's: a small company's address for mail and its telephone, and
//! whatever people write as free text.

use crate::ids::{ChoiceId, CompanyId, MemberId};
use crate::money::Money;
use crate::value::CustomValues;
use uuid::Uuid;

crate::catalogue! {
    /// The fields of a company.
    pub struct CompanyFields {
        "company" {
            name: String => FieldDef::text("Name", 200).sortable().searchable()
                .aliases(&["company", "company name", "organization", "organisation", "account name"]),
            industry: ChoiceId => FieldDef::new("Industry", Kind::Choice(ListName::Industry)),
            company_size: String => FieldDef::text("Company size", 50).aliases(&["size"]),
            website: String => FieldDef::new("Website", Kind::Url).searchable()
                .aliases(&["domain", "company domain name", "web", "url"]),
            email: String => FieldDef::new("E-mail", Kind::Email).personal().searchable().aliases(&["email address"]),
            phone: String => FieldDef::new("Phone", Kind::Phone).personal().searchable().aliases(&["phone number"]),
            parent: CompanyId => FieldDef::new("Parent company", Kind::Link("company")),
        }
        "company_details" {
            employees_count: i64 => FieldDef::new("Employees", Kind::Integer { min: 0, max: 100_000_000 })
                .sortable().aliases(&["number of employees"]),
            annual_revenue: Money => FieldDef::new("Annual revenue", Kind::Money).aliases(&["revenue"]),
            funding: Money => FieldDef::new("Funding", Kind::Money),
        }
        "location" {
            street: String => FieldDef::text("Street", 200).aliases(&["address", "street address"]),
            city: String => FieldDef::text("City", 100),
            state: String => FieldDef::text("State", 100).aliases(&["state/region", "region"]),
            country: String => FieldDef::text("Country", 100).sortable().aliases(&["country/region"]),
            postal_code: String => FieldDef::text("Postal code", 30).aliases(&["zip", "zip code"]),
        }
        "working" {
            tags: Vec<Uuid> => FieldDef::new("Tags", Kind::Choices(ListName::Tag)).event("tags_changed"),
            assigned_to: MemberId => FieldDef::new("Assigned to", Kind::Member).event("assigned")
                .aliases(&["owner", "company owner"]),
            notes: String => FieldDef::new("Notes", Kind::LongText { max: 20_000 }).personal()
                .aliases(&["description"]),
            is_active: bool => FieldDef::new("Active", Kind::Boolean),
            external_id: String => FieldDef::text("External id", 100).aliases(&["company id", "record id"]),
        }
        "custom" {
            custom: CustomValues => FieldDef::new("Custom fields", Kind::Custom).personal(),
        }
    }
}
