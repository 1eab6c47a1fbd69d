//! What the search box looks at.

use super::catalogue::{Catalogue, Kind};
use super::normalize::{phone_key, search_key};

/// The searchable fields of a record as one line of words, for read models.
///
/// Each word is led by a blank, the first one too, so that ` ada` finds words that begin with
/// "ada" and `ada` finds it anywhere. Text and e-mail addresses are in the form of
/// [`search_key`]; telephone numbers are the digits of [`phone_key`]. No searchable value gives
/// the empty string.
pub fn text<C: Catalogue>(fields: &C) -> String {
    let mut line = String::with_capacity(128);
    for (field, def) in C::indices().zip(C::FIELDS).filter(|(_, def)| def.searchable) {
        let Some(value) = fields.text(field) else { continue };
        let words = if def.kind == Kind::Phone { phone_key(value) } else { search_key(value) };
        for word in words.split_whitespace() {
            line.push(' ');
            line.push_str(word);
        }
    }
    line
}
