//! Turning what people type into what is stored and what is searched.

pub use super::phone::{phone, phone_key};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters that make text show other than it is: explicit bidirectional controls
/// (Unicode UAX #9) and invisible fillers.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Why a text cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// More characters than allowed.
    TooLong,
    /// A control or direction-changing character.
    Control,
}

/// One line: NFC, white space folded to single blanks, trimmed. Empty becomes `None`.
pub fn line(input: &str, max: usize) -> Result<Option<String>, TextFault> {
    let cheap = input.is_ascii() && !input.bytes().any(|b| b < b' ' || b == 0x7f);
    let text = if cheap && !input.contains("  ") {
        input.trim().to_owned()
    } else {
        let composed: String = input.nfc().collect();
        composed.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    checked(text, max, false)
}

/// Several lines: NFC, line ends as `\n`, trimmed. Empty becomes `None`.
pub fn lines(input: &str, max: usize) -> Result<Option<String>, TextFault> {
    let text: String = input.replace("\r\n", "\n").replace('\r', "\n").nfc().collect();
    checked(text.trim().to_owned(), max, true)
}

fn checked(text: String, max: usize, multiline: bool) -> Result<Option<String>, TextFault> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > max && text.chars().count() > max {
        return Err(TextFault::TooLong);
    }
    let bad =
        |c: char| (c.is_control() && !(multiline && matches!(c, '\n' | '\t'))) || is_deceptive(c);
    if text.chars().any(bad) { Err(TextFault::Control) } else { Ok(Some(text)) }
}

/// An e-mail address with its domain in lower case, or `None` if it cannot be one.
///
/// Accepts what mail servers accept in practice (RFC 5321 without quoted local parts and address
/// literals, RFC 6531 for letters beyond ASCII).
pub fn email(input: &str) -> Option<String> {
    let input = input.trim();
    let (local, domain) = input.rsplit_once('@')?;
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let domain_ok = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label_ok)
        && domain.rsplit('.').next().is_some_and(|tld| tld.chars().any(|c| !c.is_ascii_digit()));
    (local_ok && domain_ok && input.len() <= 254)
        .then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// The form in which e-mail addresses are compared: entirely in lower case.
pub fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// The form in which words are searched: lower case, without accents.
pub fn search_key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// A tag as people expect to read it: "vip client" becomes "Vip Client". Letters that are
/// already capitals stay, so that "EU fair" becomes "EU Fair".
pub fn title_case(text: &str) -> String {
    text.split(' ')
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        })
        .collect::<Vec<_>>()
        .join(" ")
}
