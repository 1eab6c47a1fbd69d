//! What clients see of their own contact, and what they may change.

/// The fields of their own contact that clients see. What staff think and do about them is not
/// among these: status, tags, services, remark, notes, figures of the company, custom fields. Of who
/// is responsible for them they see the name only.
pub const SHOWN: [&str; 20] = [
    "first_name",
    "last_name",
    "full_name",
    "email",
    "phone",
    "mobile",
    "title",
    "date_of_birth",
    "language",
    "company_name",
    "department",
    "street",
    "city",
    "state",
    "country",
    "postal_code",
    "company_street",
    "company_city",
    "company_country",
    "company_postal_code",
];

/// The fields that they change themselves. The address is not among them: by it they were found to
/// be who they are, and they may log in by another.
pub const EDITABLE: [&str; 11] = [
    "first_name",
    "last_name",
    "full_name",
    "phone",
    "mobile",
    "language",
    "street",
    "city",
    "state",
    "country",
    "postal_code",
];
