//! When what happens in the demo: months of working days, drawn from a seed.

use super::words::{
    COMPANY_HEADS, COMPANY_TAILS, DELETE_REASONS, FIRST, LAST, PLACES, REMARKS, STATUS_NOTES,
    STREETS, TITLES,
};
use chrono::{DateTime, Datelike as _, Days, NaiveTime, TimeDelta, Utc, Weekday};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::HashSet;

/// How long the demo's past is.
const DAYS: u64 = 184;
/// Contacts that were there from the first week on.
const FIRST_WEEK: usize = 110;
const COMPANIES: usize = 96;
const MOST_CONTACTS: usize = 340;
/// Members beside the owner, among whom records are shared out.
pub const SELLERS: usize = 5;

/// One thing that a member does.
#[derive(Debug)]
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// Which of the members; 0 is the owner.
    pub by: usize,
    /// What.
    pub act: Act,
}

/// What members do. Companies and contacts are counted from 0 in the order of their making.
#[derive(Debug)]
pub enum Act {
    /// Enters a company.
    AddCompany { fields: Value, industry: &'static str },
    /// Enters a contact.
    AddContact {
        fields: Value,
        industry: &'static str,
        company: Option<usize>,
        source: &'static str,
    },
    /// Assigns it to a member.
    Assign { contact: usize, to: usize },
    /// Changes its status (its key).
    Status { contact: usize, status: &'static str, note: &'static str },
    /// Changes plain fields.
    Edit { contact: usize, fields: Value },
    /// Adds a tag by its place in the list of tags.
    Tag { contact: usize, tag: usize },
    /// Puts it into the recycle bin.
    Delete { contact: usize, reason: &'static str },
    /// Takes it out again.
    Restore { contact: usize },
}

struct Planner {
    random: StdRng,
    steps: Vec<Step>,
    companies: Vec<Company>,
    contacts: Vec<Contact>,
    names: HashSet<String>,
}

struct Company {
    name: String,
    domain: String,
    place: usize,
    industry: &'static str,
    owner: usize,
}

struct Contact {
    status: usize,
    owner: usize,
    deleted: bool,
    tags: HashSet<usize>,
    place: usize,
}

const STATUSES: [&str; 4] = ["lead", "prospect", "contact", "customer"];
const SOURCES: [&str; 6] = ["website", "referral", "partner", "social", "event", "cold_call"];

/// When the organization of a demo was founded whose past ends at `now`.
pub fn founded(now: DateTime<Utc>) -> DateTime<Utc> {
    (now.date_naive() - Days::new(DAYS)).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(8)
}

/// The whole past, in order, up to an hour before `now`.
pub fn plan(seed: u64, now: DateTime<Utc>) -> Vec<Step> {
    let mut planner = Planner {
        random: StdRng::seed_from_u64(seed),
        steps: Vec::new(),
        companies: Vec::new(),
        contacts: Vec::new(),
        names: HashSet::new(),
    };
    let first = now.date_naive() - Days::new(DAYS);
    let founded = founded(now);
    let mut working_day = 0;
    for day in first.iter_days().take_while(|day| *day <= now.date_naive()) {
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            continue;
        }
        for at in planner.moments(day.and_time(NaiveTime::MIN).and_utc(), working_day) {
            if at > founded && at < now - TimeDelta::hours(1) {
                planner.step(at, working_day);
            }
        }
        working_day += 1;
    }
    planner.steps
}

impl Planner {
    /// The moments of a working day at which something happens: mornings and afternoons, few at
    /// noon; the first days are busy with entering what was on paper.
    fn moments(&mut self, midnight: DateTime<Utc>, working_day: u32) -> Vec<DateTime<Utc>> {
        let busy = if working_day < 5 { 46 } else { 11 };
        let count = busy + self.random.random_range(0..7);
        let mut moments: Vec<DateTime<Utc>> = (0..count)
            .map(|_| {
                let hour = *[8, 9, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 16, 17]
                    .choose(&mut self.random)
                    .unwrap_or(&9);
                let seconds = hour * 3_600 + self.random.random_range(0..3_600_i64);
                midnight
                    + TimeDelta::seconds(seconds)
                    + TimeDelta::microseconds(self.random.random_range(0..1_000_000))
            })
            .collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    fn step(&mut self, at: DateTime<Utc>, working_day: u32) {
        let entering = self.contacts.len() < FIRST_WEEK || working_day < 5;
        let company_due = self.companies.len() < COMPANIES
            && (self.companies.len() * 3 < self.contacts.len() + 60);
        let roll = self.random.random_range(0..100);
        let (by, act) = if company_due && roll < 40 {
            self.add_company()
        } else if self.contacts.len() < MOST_CONTACTS && (entering || roll < 24) {
            self.add_contact()
        } else {
            match self.change(roll) {
                Some(done) => done,
                None => return,
            }
        };
        self.steps.push(Step { at, by, act });
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.random.random_range(0..from.len())]
    }

    fn add_company(&mut self) -> (usize, Act) {
        let (name, tail_industry) = loop {
            let head = self.pick(&COMPANY_HEADS);
            let (tail, industry) = self.pick(&COMPANY_TAILS);
            let name = format!("{head} {tail}");
            if self.names.insert(name.clone()) {
                break (name, industry);
            }
        };
        let domain = format!("{}.example", slug(&name));
        let place = self.random.random_range(0..PLACES.len());
        let (city, country, postal_code, ..) = PLACES[place];
        let street = format!("{} {}", self.pick(&STREETS), self.random.random_range(1..120));
        let employees: i64 = self.pick(&[8, 14, 25, 40, 65, 110, 180, 320, 540, 1_200]);
        let revenue = employees * self.random.random_range(60_000..190_000_i64) * 100;
        let phone = self.phone(place);
        let fields = json!({
            "name": name, "website": format!("https://www.{domain}"), "email": format!("hello@{domain}"),
            "phone": phone, "employees_count": employees, "street": street, "city": city,
            "country": country, "postal_code": postal_code,
            "annual_revenue": {"amount": revenue, "currency": if country == "United Kingdom" { "GBP" } else { "EUR" }},
        });
        let owner = self.random.random_range(0..=SELLERS);
        self.companies.push(Company { name, domain, place, industry: tail_industry, owner });
        (owner, Act::AddCompany { fields, industry: tail_industry })
    }

    fn add_contact(&mut self) -> (usize, Act) {
        let (first, last) = loop {
            let (first, last) = (self.pick(&FIRST), self.pick(&LAST));
            if self.names.insert(format!("{first} {last}")) {
                break (first, last);
            }
        };
        let (title, department) = self.pick(&TITLES);
        let company = (!self.companies.is_empty() && self.random.random_bool(0.86))
            .then(|| self.random.random_range(0..self.companies.len()));
        let place = match company {
            Some(at) => self.companies[at].place,
            None => self.random.random_range(0..PLACES.len()),
        };
        let (city, country, postal_code, ..) = PLACES[place];
        let domain = company
            .map_or_else(|| "post.example".to_owned(), |at| self.companies[at].domain.clone());
        let mut fields = json!({
            "first_name": first, "last_name": last, "title": title, "city": city,
            "country": country, "postal_code": postal_code,
            "email": format!("{}.{}@{domain}", slug(first), slug(last)),
            "phone": self.phone(place),
        });
        if let Some(object) = fields.as_object_mut() {
            if let Some(at) = company {
                object.insert("company_name".to_owned(), json!(self.companies[at].name));
                object.insert("department".to_owned(), json!(department));
            }
            if self.random.random_bool(0.3) {
                let remark = self.pick(&REMARKS);
                object.insert("remark".to_owned(), json!(remark));
            }
        }
        let industry = company.map_or("other", |at| self.companies[at].industry);
        // Who enters it must see the company that it is linked to.
        let by = match company {
            Some(at) => self.companies[at].owner,
            None => self.random.random_range(0..=SELLERS),
        };
        self.contacts.push(Contact {
            status: 0,
            owner: by,
            deleted: false,
            tags: HashSet::new(),
            place,
        });
        let source = self.pick(&SOURCES);
        (by, Act::AddContact { fields, industry, company, source })
    }

    /// A change of an existing contact by whoever has it, or by the owner.
    fn change(&mut self, roll: u32) -> Option<(usize, Act)> {
        if self.contacts.is_empty() {
            return None;
        }
        let contact = self.random.random_range(0..self.contacts.len());
        let owner = self.contacts[contact].owner;
        if self.contacts[contact].deleted {
            // Most of what was deleted was meant to be; some comes back.
            if self.random.random_bool(0.5) {
                return None;
            }
            self.contacts[contact].deleted = false;
            return Some((0, Act::Restore { contact }));
        }
        match roll {
            0..50 => {
                let status = self.contacts[contact].status;
                let next = if status > 0 && self.random.random_bool(0.12) {
                    status - 1
                } else {
                    status + 1
                };
                let name = STATUSES.get(next)?;
                self.contacts[contact].status = next;
                let note = self.pick(&STATUS_NOTES);
                Some((owner, Act::Status { contact, status: name, note }))
            }
            50..60 => {
                let to = self.random.random_range(1..=SELLERS);
                if to == owner {
                    return None;
                }
                self.contacts[contact].owner = to;
                Some((0, Act::Assign { contact, to }))
            }
            60..78 => {
                let tag = self.random.random_range(0..super::words::TAGS.len());
                self.contacts[contact]
                    .tags
                    .insert(tag)
                    .then_some((owner, Act::Tag { contact, tag }))
            }
            78..96 => Some((owner, Act::Edit { contact, fields: self.edit(contact) })),
            _ => {
                self.contacts[contact].deleted = true;
                let reason = self.pick(&DELETE_REASONS);
                Some((owner, Act::Delete { contact, reason }))
            }
        }
    }

    fn edit(&mut self, contact: usize) -> Value {
        match self.random.random_range(0..4) {
            0 => {
                let (title, department) = self.pick(&TITLES);
                json!({"title": title, "department": department})
            }
            1 => {
                let mobile = self.phone(self.contacts[contact].place);
                json!({"mobile": mobile})
            }
            2 => json!({"remark": self.pick(&REMARKS)}),
            _ => {
                let street =
                    format!("{} {}", self.pick(&STREETS), self.random.random_range(1..120));
                json!({"street": street})
            }
        }
    }

    fn phone(&mut self, place: usize) -> String {
        let (.., prefix, digits) = PLACES[place];
        let width = digits as usize;
        let number = self.random.random_range(0..10_u32.pow(digits));
        format!("{prefix}{number:0width$}")
    }
}

/// Letters without accents, for addresses.
fn slug(text: &str) -> String {
    domain::normalize::search_key(text).replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).expect("a time")
    }

    #[test]
    fn the_same_seed_gives_the_same_past() {
        let text = |seed| format!("{:?}", plan(seed, now()));
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }

    #[test]
    fn the_past_lies_in_working_hours_in_order_and_before_now() {
        let (founded, steps) = (founded(now()), plan(7, now()));
        assert!(steps.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert!(steps.iter().all(|step| step.at > founded && step.at < now()));
        let weekend = |step: &&Step| matches!(step.at.weekday(), Weekday::Sat | Weekday::Sun);
        assert_eq!(steps.iter().filter(weekend).count(), 0);
    }

    #[test]
    fn a_later_start_of_the_same_day_plans_the_same_and_maybe_more() {
        let (early, late) = (plan(7, now()), plan(7, now() + TimeDelta::minutes(50)));
        let text = |steps: &[Step]| format!("{steps:?}");
        assert_eq!(text(&early), text(&late[..early.len()]));
    }

    #[test]
    fn there_are_a_few_hundred_contacts_and_every_kind_of_act() {
        let steps = plan(7, now());
        let count = |wanted: fn(&Act) -> bool| steps.iter().filter(|s| wanted(&s.act)).count();
        assert!(count(|act| matches!(act, Act::AddContact { .. })) > 250);
        assert!(count(|act| matches!(act, Act::AddCompany { .. })) > 60);
        assert!(count(|act| matches!(act, Act::Status { .. })) > 100);
        assert!(count(|act| matches!(act, Act::Assign { .. })) > 20);
        assert!(count(|act| matches!(act, Act::Tag { .. })) > 50);
        assert!(count(|act| matches!(act, Act::Edit { .. })) > 50);
        assert!(count(|act| matches!(act, Act::Delete { .. })) > 5);
        assert!(count(|act| matches!(act, Act::Restore { .. })) > 1);
    }
}
