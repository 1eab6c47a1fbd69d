//! A bulk act in words.

use crate::describe::enumerate;
use domain::bulk::{Act, Plan};
use domain::catalogue::Catalogue as _;
use domain::record::RecordType;

/// `48213` as `48,213`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn things(kind: &str, records: u64) -> String {
    macro_rules! named {
        ($($record:ty,)+) => {$(
            if kind == <$record>::KIND {
                let one = <$record>::LABEL.to_lowercase();
                let name = if records == 1 { &one } else { <$record>::PLURAL };
                return format!("{} {name}", grouped(records));
            }
        )+};
    }
    domain::for_each_record_type!(named);
    format!("{} records", grouped(records))
}

fn field_label(kind: &str, name: &str) -> Option<&'static str> {
    macro_rules! of {
        ($($record:ty,)+) => {$(
            if kind == <$record>::KIND {
                type Fields = <$record as RecordType>::Fields;
                return Some(Fields::def(Fields::index(name)?).label);
            }
        )+};
    }
    domain::for_each_record_type!(of);
    None
}

/// One line for people, such as `Changed Status of 48,213 contacts`, naming no field that `shows`
/// does not.
pub fn label(plan: &Plan, records: u64, shows: impl Fn(&str) -> bool) -> String {
    let kind = plan.record_type.as_str();
    let named = plan.fields.iter().filter(|name| shows(name));
    let labels: Vec<_> = named.filter_map(|name| field_label(kind, name)).collect();
    let (things, fields) = (things(kind, records), enumerate(&labels));
    match plan.act {
        Act::Assign => format!("Assigned {things}"),
        Act::Delete => format!("Deleted {things}"),
        Act::Restore => format!("Restored {things}"),
        Act::Set | Act::Add | Act::Remove if labels.is_empty() => format!("Changed {things}"),
        Act::Set => format!("Changed {fields} of {things}"),
        Act::Add => format!("Added to {fields} of {things}"),
        Act::Remove => format!("Removed from {fields} of {things}"),
    }
}

#[cfg(test)]
mod tests {
    use super::label;
    use domain::bulk::{Act, Plan, Selecting};

    fn plan(act: Act, fields: &[&str]) -> Plan {
        let fields = fields.iter().map(|name| (*name).to_owned()).collect();
        let (record_type, by) = ("contact".to_owned(), Selecting::Filter);
        Plan { record_type, act, fields, by, intent: None }
    }

    #[test]
    fn an_act_is_one_line_for_people_without_hidden_fields() {
        let all = |_: &str| true;
        let set = plan(Act::Set, &["status"]);
        assert_eq!(label(&set, 48_213, all), "Changed Status of 48,213 contacts");
        let two = plan(Act::Set, &["city", "email"]);
        assert_eq!(label(&two, 1, all), "Changed City and E-mail of 1 contact");
        assert_eq!(label(&two, 1, |name| name == "city"), "Changed City of 1 contact");
        assert_eq!(label(&two, 1_000, |_| false), "Changed 1,000 contacts");
        assert_eq!(label(&plan(Act::Add, &["tags"]), 2, all), "Added to Tags of 2 contacts");
        let assign = plan(Act::Assign, &["assigned_to"]);
        assert_eq!(label(&assign, 0, all), "Assigned 0 contacts");
        let companies = Plan { record_type: "company".to_owned(), ..plan(Act::Delete, &[]) };
        assert_eq!(label(&companies, 1_234_567, all), "Deleted 1,234,567 companies");
    }
}
