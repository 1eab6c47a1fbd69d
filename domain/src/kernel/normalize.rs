//! Turning what people type into what is stored and what is searched.

pub use super::phone::{phone, phone_key};
use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Characters that make text show other than it is: explicit bidirectional controls
/// (Unicode UAX #9) and interlinear annotations.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Invisible characters without meaning in a field, left over from copying and exporting: soft
/// hyphen, zero-width space, word joiner, byte-order mark.
fn is_residue(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// Characters that show nothing by themselves but have a use beside others: fillers, joiners,
/// direction marks, variation selectors, the blank of Braille.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200C}'..='\u{200F}' | '\u{2061}'..='\u{2064}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// Without explicit direction changes, which address books put around numbers and addresses when
/// these are copied. In text for people they stay, and [`line()`] refuses them.
pub fn without_direction(input: &str) -> Cow<'_, str> {
    if input.is_ascii() || !input.contains(is_deceptive) {
        return input.into();
    }
    input.chars().filter(|c| !is_deceptive(*c)).collect::<String>().into()
}

/// Why a text cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// More characters than allowed.
    TooLong,
    /// A control or direction-changing character.
    Control,
}

/// One line: NFC, white space folded to single blanks, trimmed, invisible residue of copying
/// removed. What shows nothing becomes `None`.
///
/// Input many times longer than `max` is refused without being looked at.
pub fn line(input: &str, max: usize) -> Result<Option<String>, TextFault> {
    if too_long_unseen(input, max) {
        return Err(TextFault::TooLong);
    }
    if is_plain(input) && !input.contains("  ") {
        return sized(input.trim_ascii().to_owned(), max);
    }
    let composed = composed(input);
    let mut text = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    visible(text, max, &[])
}

/// Several lines: as [`line()`], but blanks stay as they are and line ends become `\n`.
pub fn lines(input: &str, max: usize) -> Result<Option<String>, TextFault> {
    if too_long_unseen(input, max) {
        return Err(TextFault::TooLong);
    }
    if input.split('\n').all(is_plain) {
        return sized(input.trim_ascii().to_owned(), max);
    }
    let text = composed(input).replace("\r\n", "\n");
    let text = text.replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    visible(text.trim().to_owned(), max, &['\n', '\t'])
}

/// Whether `input` is too long by its bytes alone. Composing shortens text, at the extreme from
/// three characters of three bytes to one, and trimming does, within reason.
fn too_long_unseen(input: &str, max: usize) -> bool {
    input.len() > 16 * max + 256
}

/// ASCII without control characters: nothing to compose and nothing to refuse.
fn is_plain(input: &str) -> bool {
    input.bytes().all(|b| (b' '..0x7f).contains(&b))
}

/// NFC, without residue.
fn composed(input: &str) -> Cow<'_, str> {
    let clean: Cow<'_, str> = if !input.is_ascii() && input.contains(is_residue) {
        input.chars().filter(|c| !is_residue(*c)).collect::<String>().into()
    } else {
        input.into()
    };
    match is_nfc_quick(clean.chars()) {
        IsNormalized::Yes => clean,
        IsNormalized::No | IsNormalized::Maybe => clean.nfc().collect::<String>().into(),
    }
}

/// Refuses what is too long or contains control characters other than `allowed`.
fn visible(text: String, max: usize, allowed: &[char]) -> Result<Option<String>, TextFault> {
    let refused = |c: char| (c.is_control() && !allowed.contains(&c)) || is_deceptive(c);
    if text.chars().any(refused) {
        return Err(TextFault::Control);
    }
    if text.chars().all(is_blank) { Ok(None) } else { sized(text, max) }
}

/// Refuses what has more than `max` characters; empty becomes `None`.
fn sized(text: String, max: usize) -> Result<Option<String>, TextFault> {
    if text.len() > max && text.chars().count() > max {
        return Err(TextFault::TooLong);
    }
    Ok((!text.is_empty()).then_some(text))
}

/// An e-mail address with its domain in lower case, or `None` if it cannot be one.
///
/// Accepts what mail servers accept in practice (RFC 5321 without quoted local parts and address
/// literals, RFC 6531 for letters beyond ASCII).
pub fn email(input: &str) -> Option<String> {
    let input = input.trim();
    let (local, domain) = input.rsplit_once('@')?;
    let word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let local_ok = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| word(c) || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| word(c) || c == '-')
    };
    let domain_ok = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label_ok)
        && domain.rsplit('.').next().is_some_and(|top| top.chars().any(|c| !c.is_ascii_digit()));
    (local_ok && domain_ok && input.len() <= 254)
        .then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// The form in which e-mail addresses are compared: entirely in lower case.
pub fn email_key(email: &str) -> String {
    let email = email.trim();
    if email.is_ascii() {
        return email.to_ascii_lowercase();
    }
    email.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// The form in which words are searched and sorted: lower case, without the accents of Latin,
/// Greek and Cyrillic letters, ligatures and letters with strokes spelled out ("Łódź" is "lodz",
/// "Straße" is "strasse"). The key of a key is itself.
pub fn search_key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut key = String::with_capacity(text.len());
    let letters = text.nfkd().filter(|c| !is_accent(*c) && !is_residue(*c));
    for c in letters.flat_map(char::to_lowercase).nfkd().filter(|c| !is_accent(*c)) {
        match spelled_out(c) {
            Some(letters) => key.push_str(letters),
            None => key.push(c),
        }
    }
    // What was taken apart but is no accent, such as Korean syllables and Japanese voicing.
    if key.is_ascii() { key } else { key.nfc().collect() }
}

/// Marks on letters of European scripts. Those of other scripts make other letters of them.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Letters that people without them on the keyboard write otherwise.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// A tag as people expect to read it: "vip client" becomes "Vip Client". Letters that are
/// already capitals stay, so that "EU fair" becomes "EU Fair".
pub fn title_case(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    for word in text.split(' ') {
        if !titled.is_empty() {
            titled.push(' ');
        }
        let mut letters = word.chars();
        titled.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        titled.push_str(letters.as_str());
    }
    titled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn one_line(input: &str, expected: &str) {
        assert_eq!(line(input, 20), Ok(Some(expected.to_owned())), "{input:?}");
    }

    #[test]
    fn a_line_is_composed_and_its_white_space_folded() {
        one_line("Ada", "Ada");
        one_line("  Ada   Lovelace ", "Ada Lovelace");
        one_line("Ada\tLove\r\nlace", "Ada Love lace");
        one_line("Ada\u{a0}\u{2003}Lovelace\u{2028}", "Ada Lovelace");
        one_line("Zoe\u{308}", "Zoë");
        one_line("\u{feff}A\u{ad}d\u{200b}a", "Ada");
        one_line("👩\u{200d}🚀", "👩\u{200d}🚀");
    }

    #[test]
    fn what_shows_nothing_is_empty() {
        for input in ["", "   ", "\n", "\u{200b}", "\u{3164}", " \u{200e} \u{feff}", "\u{2800}"] {
            assert_eq!(line(input, 20), Ok(None), "{input:?}");
            assert_eq!(lines(input, 20), Ok(None), "{input:?}");
        }
    }

    #[test]
    fn control_characters_and_direction_changes_are_refused() {
        for input in ["a\0b", "\u{1b}[31m", "a\u{7f}", "a\u{202e}b", "\u{2066}a", "a\u{85}\u{9f}"] {
            assert_eq!(line(input, 20), Err(TextFault::Control), "{input:?}");
            assert_eq!(lines(input, 20), Err(TextFault::Control), "{input:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_after_cleaning() {
        one_line(&"ä".repeat(20), &"ä".repeat(20));
        one_line(&"a\u{308}".repeat(20), &"ä".repeat(20));
        one_line(&format!("{}a", " ".repeat(40)), "a");
        assert_eq!(line(&"a".repeat(21), 20), Err(TextFault::TooLong));
        assert_eq!(line(&"ä".repeat(21), 20), Err(TextFault::TooLong));
    }

    #[test]
    fn ten_megabytes_are_refused_without_being_read() {
        let huge = "\u{e4}".repeat(5 << 20);
        let start = std::time::Instant::now();
        for _ in 0..10_000 {
            assert_eq!(line(&huge, 100), Err(TextFault::TooLong));
            assert_eq!(lines(&huge, 20_000), Err(TextFault::TooLong));
        }
        // Reading it once takes longer than this.
        assert!(start.elapsed().as_millis() < 1_000);
    }

    #[test]
    fn several_lines_keep_their_ends_in_one_form() {
        assert_eq!(lines(" a  b\r\nc\rd\u{2028}e\n\n", 20), Ok(Some("a  b\nc\nd\ne".into())));
        assert_eq!(lines("a\tb\n", 20), Ok(Some("a\tb".into())));
        assert_eq!(lines("ä\r\nö", 3), Ok(Some("ä\nö".into())));
    }

    #[test]
    fn e_mail_addresses_keep_their_local_part_and_lose_the_case_of_the_domain() {
        assert_eq!(email(" Ada.L+x@Example.ORG ").as_deref(), Some("Ada.L+x@example.org"));
        assert_eq!(
            email("o'brien@sub.example.co.uk").as_deref(),
            Some("o'brien@sub.example.co.uk")
        );
        assert_eq!(email("用户@例え.jp").as_deref(), Some("用户@例え.jp"));
        assert_eq!(email("बिक्री@उदाहरण.भारत").as_deref(), Some("बिक्री@उदाहरण.भारत"));
        for input in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example",
            "ada@@example.org",
            ".a@b.org",
            "a..b@c.org",
            "a.@b.org",
            "a b@c.org",
            "a@-b.org",
            "a@b-.org",
            "a@b..org",
            "a@b.org.",
            "a@127.0.0.1",
            "Ada <ada@example.org>",
            "mailto:a@b.org",
            "a@b.org,c@d.org",
            "a\0@b.org",
            "a@b\u{202e}.org",
        ] {
            assert_eq!(email(input), None, "{input:?}");
        }
        assert_eq!(email(&format!("{}@b.org", "a".repeat(65))), None);
        assert_eq!(email(&format!("a@{}.org", "b".repeat(10 << 20))), None);
        assert_eq!(email_key(" ADA@Example.org"), "ada@example.org");
        assert_eq!(email_key("ÄDA@example.org"), email_key("a\u{308}da@EXAMPLE.org"));
    }

    #[test]
    fn search_ignores_case_and_accents() {
        for (text, key) in [
            ("ADA", "ada"),
            ("Zoë", "zoe"),
            ("Łódź", "lodz"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("Søren Ærø", "soren aero"),
            ("İstanbul", "istanbul"),
            ("ΟΔΟΣ", "οδοσ"),
            ("οδός", "οδοσ"),
            ("ﬁne ①", "fine 1"),
            ("Ёлка", "елка"),
        ] {
            assert_eq!(search_key(text), key);
        }
        // Other scripts' marks are letters of their own.
        assert_ne!(search_key("バス"), search_key("ハス"));
        assert_ne!(search_key("किताब"), search_key("कताब"));
        assert_eq!(search_key("각"), "각");
    }

    #[test]
    fn tags_are_titled() {
        assert_eq!(title_case("vip client"), "Vip Client");
        assert_eq!(title_case("EU fair"), "EU Fair");
        assert_eq!(title_case("état"), "État");
        assert_eq!(title_case(""), "");
    }

    proptest! {
            #[test]
            fn cleaning_what_is_clean_changes_nothing(input in any::<String>(), odd in "[a-zé \t\u{300}-\u{303}\u{200b}\u{a0}ガ\r\n]{0,30}") {
                for input in [input, odd] {
                    if let Ok(Some(text)) = line(&input, 1_000) {
                        prop_assert!(text.nfc().eq(text.chars()));
                        prop_assert_eq!(line(&text, 1_000), Ok(Some(text)));
                    }
                    if let Ok(Some(text)) = lines(&input, 1_000) {
                        prop_assert_eq!(lines(&text, 1_000), Ok(Some(text)));
                    }
                    if let Some(text) = email(&input) {
                        prop_assert_eq!(email(&text), Some(text));
                    }
                    prop_assert_eq!(title_case(&title_case(&input)), title_case(&input));
                    prop_assert_eq!(email_key(&email_key(&input)), email_key(&input));
                }
            }

            #[test]
            fn the_search_key_of_a_key_is_itself(input in any::<String>(), letters in "[\u{a0}-\u{24f}\u{370}-\u{3ff}\u{1e00}-\u{1fff}\u{ac00}-\u{ac20}\u{30a0}-\u{30ff}]{0,20}") {
                for input in [input, letters] {
                    let key = search_key(&input);
                    prop_assert_eq!(search_key(&key), key.clone());
    prop_assert_eq!(search_key(&input.to_lowercase()), key);
                }
            }
        }
}
