//! The catalogue of a contact's fields.
//!
//! Whatever may tell who the person is, is theirs and sealed: the name of a sole trader's company,
//! their own website, the number under which another system knows them. What stays readable after
//! an erasure is what totals count by: status, industry, country, dates, amounts.

use crate::ids::{ChoiceId, CompanyId, MemberId};
use crate::money::Money;
use crate::value::CustomValues;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

crate::catalogue! {
    /// The fields of a contact.
    pub struct ContactFields {
        "personal" {
            first_name: String => FieldDef::text("First name", 100).personal().sortable().searchable()
                .aliases(&["firstname", "given name", "forename", "vorname"]),
            last_name: String => FieldDef::text("Last name", 100).personal().sortable().searchable()
                .aliases(&["lastname", "surname", "family name", "nachname"]),
            full_name: String => FieldDef::text("Full name", 200).personal().searchable()
                .aliases(&["name", "fullname", "contact name", "display name", "contact"]),
            email: String => FieldDef::new("E-mail", Kind::Email).personal().sortable().searchable()
                .aliases(&["email address", "e-mail address", "mail", "email 1", "e-mail 1 - value"]),
            phone: String => FieldDef::new("Phone", Kind::Phone).personal().searchable()
                .aliases(&["phone 1", "telephone", "phone number", "business phone", "work phone", "tel", "phone 1 - value"]),
            mobile: String => FieldDef::new("Mobile", Kind::Phone).personal().searchable()
                .aliases(&["phone 2", "mobile phone", "mobile phone number", "cell", "cell phone", "mobile number", "phone 2 - value"]),
            title: String => FieldDef::text("Job title", 150).personal()
                .aliases(&["position", "role", "lead title", "organization title", "organization 1 - title"]),
            date_of_birth: NaiveDate => FieldDef::new("Date of birth", Kind::Date).personal()
                .aliases(&["birthday", "birth date", "dob"]),
            language: String => FieldDef::new("Language", Kind::Language).aliases(&["lang", "locale"]),
        }
        "company" {
            company: CompanyId => FieldDef::new("Company", Kind::Link("company")),
            company_name: String => FieldDef::text("Company name", 200).personal().sortable().searchable()
                .aliases(&["company", "organization", "organization name", "organization 1 - name", "organisation", "account", "account name", "employer", "associated company"]),
            industry: ChoiceId => FieldDef::new("Industry", Kind::Choice(ListName::Industry)),
            company_size: String => FieldDef::text("Company size", 50).aliases(&["size"]),
            website: String => FieldDef::new("Website", Kind::Url).personal().aliases(&["web", "url", "web site", "homepage", "website url"]),
            department: String => FieldDef::text("Department", 100).personal(),
        }
        "company_details" {
            employees_count: i64 => FieldDef::new("Employees", Kind::Integer { min: 0, max: 100_000_000 })
                .aliases(&["number of employees", "employee count"]),
            annual_revenue: Money => FieldDef::new("Annual revenue", Kind::Money).aliases(&["revenue"]),
            funding: Money => FieldDef::new("Funding", Kind::Money).aliases(&["total funding"]),
        }
        "location" {
            street: String => FieldDef::text("Street", 200).personal().aliases(&["address", "street address", "address line 1", "home street"]),
            city: String => FieldDef::text("City", 100).personal().aliases(&["town", "home city"]),
            state: String => FieldDef::text("State", 100).personal().aliases(&["state/area", "state/region", "region", "province", "area", "home state"]),
            country: String => FieldDef::text("Country", 100).sortable().aliases(&["country/region", "home country", "nation"]),
            postal_code: String => FieldDef::text("Postal code", 30).personal().aliases(&["zip", "zip code", "postcode", "plz"]),
        }
        "company_location" {
            company_street: String => FieldDef::text("Company street", 200).personal().aliases(&["business street", "work street"]),
            company_city: String => FieldDef::text("Company city", 100).personal().aliases(&["business city", "work city"]),
            company_state: String => FieldDef::text("Company state", 100).personal().aliases(&["business state", "work state"]),
            company_country: String => FieldDef::text("Company country", 100).aliases(&["business country", "business country/region"]),
            company_postal_code: String => FieldDef::text("Company postal code", 30).personal().aliases(&["business postal code", "business zip"]),
        }
        "social" {
            linkedin: String => FieldDef::new("LinkedIn", Kind::Url).personal().aliases(&["linkedin url", "linkedin profile"]),
            facebook: String => FieldDef::new("Facebook", Kind::Url).personal().aliases(&["facebook url"]),
            twitter: String => FieldDef::new("X (Twitter)", Kind::Url).personal().aliases(&["twitter url", "x", "x url"]),
            instagram: String => FieldDef::new("Instagram", Kind::Url).personal().aliases(&["instagram url"]),
        }
        "working" {
            status: ChoiceId => FieldDef::new("Status", Kind::Choice(ListName::Status)).event("status_changed")
                .aliases(&["lead status", "contact status", "lifecycle stage"]),
            tags: Vec<Uuid> => FieldDef::new("Tags", Kind::Choices(ListName::Tag)).event("tags_changed")
                .aliases(&["tag", "labels", "categories"]),
            services: Vec<Uuid> => FieldDef::new("Services", Kind::Choices(ListName::Service)).aliases(&["service"]),
            traffic_source: ChoiceId => FieldDef::new("Traffic source", Kind::Choice(ListName::TrafficSource))
                .aliases(&["source", "lead source", "traffic"]),
            assigned_to: MemberId => FieldDef::new("Assigned to", Kind::Member).event("assigned")
                .aliases(&["owner", "contact owner", "lead owner", "account owner", "sales rep"]),
            relevant_date: NaiveDate => FieldDef::new("Relevant date", Kind::Date).sortable()
                .aliases(&["subscription date", "date"]),
            remark: String => FieldDef::new("Remark", Kind::Text { max: 500 }).personal().aliases(&["comment", "remarks"]),
            notes: String => FieldDef::new("Notes", Kind::LongText { max: 20_000 }).personal().aliases(&["note", "description"]),
            is_active: bool => FieldDef::new("Active", Kind::Boolean),
            do_not_contact: bool => FieldDef::new("Do not contact", Kind::Boolean)
                .aliases(&["do not call", "do not email", "opt out", "unsubscribed"]),
            last_contacted_at: DateTime<Utc> => FieldDef::new("Last contacted", Kind::Time).sortable()
                .aliases(&["last contact", "last contact date"]),
            external_id: String => FieldDef::text("External id", 100).personal()
                .aliases(&["customer id", "customerid", "record id", "contact id", "contactid"]),
        }
        "custom" {
            custom: CustomValues => FieldDef::new("Custom fields", Kind::Custom).personal(),
        }
    }
}
