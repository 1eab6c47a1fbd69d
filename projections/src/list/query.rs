//! What a caller asks of a list.

use super::filter::Filter;
use super::keyset::Keyset;
use super::sort::SortKey;
use domain::catalogue::{Catalogue, FieldIndex};
use domain::error::FieldError;
use domain::normalize;
use domain::record::RecordType;

/// The longest page.
pub const MAX_LIMIT: u16 = 200;

/// Whether records in the recycle bin are part of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deleted {
    /// They are not.
    #[default]
    Exclude,
    /// They are, beside the others.
    Include,
    /// Only they are.
    Only,
}

/// Which fields each row carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldSelection {
    /// Every field.
    #[default]
    All,
    /// These, in catalogue order, each once.
    Only(Vec<FieldIndex>),
}

impl FieldSelection {
    /// Reads `first_name,last_name`.
    pub fn parse<R: RecordType>(text: &str) -> Result<Self, Vec<FieldError>> {
        let mut fields = Vec::new();
        for name in text.split(',').filter(|name| !name.is_empty()) {
            let Some(field) = R::Fields::index(name) else {
                let message = "One of these fields does not exist.";
                return Err(vec![FieldError::new("fields", "unknown_field", message)]);
            };
            fields.push(field);
        }
        fields.sort_unstable();
        fields.dedup();
        Ok(Self::Only(fields))
    }

    pub(crate) fn indices<R: RecordType>(&self) -> Vec<FieldIndex> {
        match self {
            Self::All => R::Fields::indices().collect(),
            Self::Only(fields) => fields.clone(),
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuery {
    /// Words that a record must contain, as typed.
    pub q: Option<String>,
    /// Conditions.
    pub filter: Option<Filter>,
    /// At most two keys; none is [`SortKey::DEFAULT`].
    pub sort: Vec<SortKey>,
    /// Rows, 1 to [`MAX_LIMIT`]; kept within.
    pub limit: u16,
    /// Start behind this record.
    pub after: Option<Keyset>,
    /// What each row carries.
    pub fields: FieldSelection,
    /// Whether to look into the recycle bin.
    pub deleted: Deleted,
    /// Fields that are hidden from whoever asks: rows carry neither them nor a title made of them,
    /// and words do not find a row by them.
    pub hidden: Vec<FieldIndex>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            q: None,
            filter: None,
            sort: Vec::new(),
            limit: 50,
            after: None,
            fields: FieldSelection::All,
            deleted: Deleted::Exclude,
            hidden: Vec::new(),
        }
    }
}

const MOST_WORDS: usize = 8;

/// A word as it is compared. A number that is typed with its plus or its brackets is looked for by
/// its digits, which is how numbers are kept.
fn word(typed: &str) -> String {
    let number = |c: char| c.is_ascii_digit() || "+()-./".contains(c);
    if typed.starts_with(['+', '(']) && typed.chars().all(number) {
        return typed.chars().filter(char::is_ascii_digit).collect();
    }
    // Text in Postgres has no such character, so nothing contains it.
    typed.replace('\0', "\u{1}")
}

impl ListQuery {
    /// The words of `q` in the form that they are compared in; more than eight are not looked at.
    pub(crate) fn words(&self) -> Vec<String> {
        let q = self.q.as_deref().unwrap_or_default();
        let mut words: Vec<String> = normalize::search_key(q)
            .split_whitespace()
            .map(word)
            .filter(|word| !word.is_empty())
            .take(MOST_WORDS)
            .collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// Whether `q` has any word to look for. Without, every record is found.
    pub fn has_words(&self) -> bool {
        !self.words().is_empty()
    }

    pub(crate) fn keys(&self) -> &[SortKey] {
        if self.sort.is_empty() { &[SortKey::DEFAULT] } else { &self.sort }
    }
}
