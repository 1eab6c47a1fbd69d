//! The settings of an organization, and what changes them.

use crate::error::FieldError;
use crate::money::Currency;
use crate::patch;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A part of Hindsight that an organization may do without. The names are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Module {
    /// Segments of contacts, by rule or by hand.
    Segments,
    /// Orders.
    Orders,
    /// Campaigns.
    Campaigns,
    /// Products and stock.
    Inventory,
    /// Invoices and payments.
    Invoicing,
    /// Accounts and the journal.
    Accounting,
    /// Vendors.
    Vendors,
    /// Employees.
    Employees,
    /// Visitors of the house.
    Visitors,
    /// The client portal, with registration as a client.
    Portal,
}

impl Module {
    /// All of them, in the order in which settings show them.
    pub const ALL: [Self; 10] = [
        Self::Segments,
        Self::Orders,
        Self::Campaigns,
        Self::Inventory,
        Self::Invoicing,
        Self::Accounting,
        Self::Vendors,
        Self::Employees,
        Self::Visitors,
        Self::Portal,
    ];

    /// Wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Segments => "segments",
            Self::Orders => "orders",
            Self::Campaigns => "campaigns",
            Self::Inventory => "inventory",
            Self::Invoicing => "invoicing",
            Self::Accounting => "accounting",
            Self::Vendors => "vendors",
            Self::Employees => "employees",
            Self::Visitors => "visitors",
            Self::Portal => "portal",
        }
    }

    /// The module of that wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|module| module.as_str() == name)
    }
}

/// How an organization counts money, time and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The currency that totals are in.
    pub currency: Currency,
    /// IANA name of the time zone that days and months are counted in.
    pub time_zone: String,
    /// BCP 47 tag of the language and region that numbers, dates and mails are written for.
    pub locale: String,
    /// The month that the fiscal year begins with, 1 to 12.
    pub fiscal_year_start: u8,
}

const EURO: &str = "EUR";

impl Default for Settings {
    /// What holds until somebody says otherwise.
    fn default() -> Self {
        let Some(currency) = Currency::parse(EURO) else {
            unreachable!("three letters are a currency")
        };
        Self {
            currency,
            time_zone: "UTC".to_owned(),
            locale: "en".to_owned(),
            fiscal_year_start: 1,
        }
    }
}

/// One setting before and after. This is storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "setting", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is named for what it is, in `Settings`")]
pub enum SettingChange {
    /// The base currency.
    Currency { was: Currency, now: Currency },
    /// The time zone.
    TimeZone { was: String, now: String },
    /// The locale.
    Locale { was: String, now: String },
    /// The first month of the fiscal year.
    FiscalYearStart { was: u8, now: u8 },
}

impl SettingChange {
    /// The setting's wire name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Currency { .. } => "currency",
            Self::TimeZone { .. } => "time_zone",
            Self::Locale { .. } => "locale",
            Self::FiscalYearStart { .. } => "fiscal_year_start",
        }
    }

    /// The change that takes this one back.
    pub fn reversed(&self) -> Self {
        match self.clone() {
            Self::Currency { was, now } => Self::Currency { was: now, now: was },
            Self::TimeZone { was, now } => Self::TimeZone { was: now, now: was },
            Self::Locale { was, now } => Self::Locale { was: now, now: was },
            Self::FiscalYearStart { was, now } => Self::FiscalYearStart { was: now, now: was },
        }
    }
}

impl Settings {
    /// The settings after a change.
    pub fn apply(&mut self, change: SettingChange) {
        match change {
            SettingChange::Currency { now, .. } => self.currency = now,
            SettingChange::TimeZone { now, .. } => self.time_zone = now,
            SettingChange::Locale { now, .. } => self.locale = now,
            SettingChange::FiscalYearStart { now, .. } => self.fiscal_year_start = now,
        }
    }

    /// Whether the setting is still as the change left it, and whether it is already as before.
    pub(super) fn stands(&self, change: &SettingChange) -> (bool, bool) {
        match change {
            SettingChange::Currency { was, now } => (self.currency == *now, self.currency == *was),
            SettingChange::TimeZone { was, now } => {
                (self.time_zone == *now, self.time_zone == *was)
            }
            SettingChange::Locale { was, now } => (self.locale == *now, self.locale == *was),
            SettingChange::FiscalYearStart { was, now } => {
                (self.fiscal_year_start == *now, self.fiscal_year_start == *was)
            }
        }
    }
}

/// What somebody wants otherwise, as they typed it; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsPatch {
    /// The organization's name.
    pub name: Option<String>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// BCP 47 tag.
    pub locale: Option<String>,
    /// Month, 1 to 12.
    pub fiscal_year_start: Option<u8>,
    /// Names of exactly the modules to have.
    pub modules: Option<BTreeSet<String>>,
    /// Whether only owners may enter.
    pub maintenance: Option<bool>,
    /// Whether anybody may register as a client.
    pub self_registration: Option<bool>,
}

fn changed<T: Clone + PartialEq>(
    was: &T,
    now: Option<T>,
    change: impl FnOnce(T, T) -> SettingChange,
) -> Option<SettingChange> {
    now.filter(|now| now != was).map(|now| change(was.clone(), now))
}

impl SettingsPatch {
    /// The changes of settings that it comes to, or what does not fit.
    pub(super) fn changes(
        &self,
        of: &Settings,
        faults: &mut Vec<FieldError>,
    ) -> Vec<SettingChange> {
        let mut fault = |field: &str, code, message: &str| {
            faults.push(FieldError::new(field, code, message));
        };
        let currency = self.currency.as_ref().and_then(|code| {
            let known = Currency::parse(code).filter(Currency::is_current);
            if known.is_none() {
                fault("currency", "invalid_currency", "Use a currency's code such as EUR.");
            }
            known
        });
        let time_zone = self.time_zone.as_ref().and_then(|name| {
            let known = name.parse::<chrono_tz::Tz>().ok().map(|zone| zone.name().to_owned());
            if known.is_none() {
                fault("time_zone", "invalid_time_zone", "Use a name such as Europe/Berlin.");
            }
            known
        });
        let locale = self.locale.as_ref().and_then(|tag| {
            let known = patch::language_tag(tag);
            if known.is_none() {
                fault("locale", "invalid_locale", "Use a language tag such as de or pt-BR.");
            }
            known
        });
        let month = self.fiscal_year_start.filter(|month| {
            let fits = (1..=12).contains(month);
            if !fits {
                fault("fiscal_year_start", "out_of_range", "A month is 1 to 12.");
            }
            fits
        });
        let changes = [
            changed(&of.currency, currency, |was, now| SettingChange::Currency { was, now }),
            changed(&of.time_zone, time_zone, |was, now| SettingChange::TimeZone { was, now }),
            changed(&of.locale, locale, |was, now| SettingChange::Locale { was, now }),
            changed(&of.fiscal_year_start, month, |was, now| SettingChange::FiscalYearStart {
                was,
                now,
            }),
        ];
        changes.into_iter().flatten().collect()
    }

    /// The modules that it names, or what does not fit.
    pub(super) fn modules(&self, faults: &mut Vec<FieldError>) -> Option<BTreeSet<Module>> {
        let named = self.modules.as_ref()?;
        let known: BTreeSet<_> = named.iter().filter_map(|name| Module::parse(name)).collect();
        if known.len() < named.len() {
            let message = "There is no such module.";
            faults.push(FieldError::new("modules", "unknown_module", message));
        }
        Some(known)
    }
}
