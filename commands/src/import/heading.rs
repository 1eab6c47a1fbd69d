//! From the headings of a file to the fields of a contact.

use csv::StringRecord;
use domain::catalogue::{Catalogue, FieldDef, FieldIndex};
use domain::contact::ContactFields;

/// The form in which headings are compared.
fn plain(heading: &str) -> String {
    let spaced = heading.trim_start_matches('\u{feff}').replace(['_', '\t'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// For each column the field that it goes to. Names and labels come before aliases, and each field
/// takes the first column that fits.
pub(super) fn map(headings: &StringRecord) -> Vec<Option<FieldIndex>> {
    let headings: Vec<String> = headings.iter().map(plain).collect();
    let mut columns = vec![None; headings.len()];
    let mut assign = |fits: fn(&FieldDef, &str) -> bool| {
        for field in ContactFields::indices() {
            let def = ContactFields::def(field);
            if !def.kind.is_importable() || columns.contains(&Some(field)) {
                continue;
            }
            let free =
                (0..headings.len()).find(|i| columns[*i].is_none() && fits(def, &headings[*i]));
            if let Some(column) = free {
                columns[column] = Some(field);
            }
        }
    };
    assign(|def, heading| heading == plain(def.name) || heading == plain(def.label));
    assign(|def, heading| def.aliases.contains(&heading));
    columns
}

#[cfg(test)]
mod tests {
    use super::map;
    use csv::StringRecord;
    use domain::catalogue::Catalogue;
    use domain::contact::ContactFields;

    fn fields(headings: &[&str]) -> Vec<Option<&'static str>> {
        let columns = map(&StringRecord::from(headings));
        columns.into_iter().map(|c| c.map(|field| ContactFields::def(field).name)).collect()
    }

    #[test]
    fn headings_of_other_programs_find_their_fields() {
        assert_eq!(
            fields(&[
                "Index",
                "Customer Id",
                "First Name",
                "Company",
                "Phone 1",
                "Phone 2",
                "Email",
                "Subscription Date"
            ]),
            [
                None,
                Some("external_id"),
                Some("first_name"),
                Some("company_name"),
                Some("phone"),
                Some("mobile"),
                Some("email"),
                Some("relevant_date")
            ],
        );
        assert_eq!(
            fields(&["Nachname", " E-MAIL ", "company_city"]),
            [Some("last_name"), Some("email"), Some("company_city")]
        );
    }

    #[test]
    fn a_field_takes_its_own_name_before_an_alias_and_only_one_column() {
        assert_eq!(fields(&["Organization", "Company name"]), [None, Some("company_name")]);
        assert_eq!(fields(&["Email", "email"]), [Some("email"), None]);
    }

    #[test]
    fn owners_and_links_are_not_guessed() {
        assert_eq!(
            fields(&["Owner", "assigned_to", "custom", "Company"]),
            [None, None, None, Some("company_name")]
        );
    }
}
