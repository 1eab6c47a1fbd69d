//! Telephone numbers: from what people type to what is stored and what is compared.

use phonenumber::metadata::{DATABASE, Database};
use std::sync::LazyLock;

/// Longest input that is looked at, in bytes; the longest number with extension is half of it.
const MOST_BYTES: usize = 60;
/// Digits that a number has without its extension: emergency numbers have three; the longest is
/// 15 digits by E.164 after an international prefix.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=18;

/// The library's numbering plans. Its regular expressions, a handful per country, are compiled on
/// first use, which takes milliseconds, and it keeps only 100, so that the numbers of twenty
/// countries would compile them anew time and again. A compiled one takes about 100 kB.
static PLANS: LazyLock<&Database> = LazyLock::new(|| {
    if let Ok(mut cache) = DATABASE.cache().lock() {
        cache.set_capacity(400);
    }
    &DATABASE
});

/// The one country in whose numbers the library takes away more than zeros: carrier codes.
const LUXEMBOURG: u16 = 352;

/// A number taken apart.
struct Parts<'a> {
    /// Whether it begins with `+` or `00`, neither of which `digits` has.
    international: bool,
    /// ASCII digits.
    digits: String,
    /// What follows the digits, from its mark (`x`, `ext`, `#`, …) on; else empty.
    tail: &'a str,
}

/// A telephone number as stored: E.164 (with `;ext=` for an extension, as in RFC 3966) where its
/// country is known, else as typed; `None` if it is not a telephone number.
///
/// `region` is the ISO 3166 code of the country whose numbers are written without country code.
/// Storing a stored number again, under any region, gives the same.
pub fn phone(input: &str, region: Option<&str>) -> Option<String> {
    let input = input.trim();
    if input.len() > MOST_BYTES {
        return None;
    }
    let parts = take_apart(input)?;
    if !DIGITS.contains(&parts.digits.len()) {
        return None;
    }
    let extension = if parts.tail.is_empty() { None } else { Some(extension(parts.tail)?) };
    let number = if parts.international {
        international(parts.digits)
    } else {
        region.and_then(|region| by_library(Some(region.parse().ok()?), &parts.digits))
    };
    Some(match (number, extension) {
        (Some(e164), None) => e164,
        (Some(e164), Some(extension)) => format!("{e164};ext={extension}"),
        (None, _) => input.to_owned(),
    })
}

/// The form in which telephone numbers are compared: digits only, without extension, without the
/// `+` or the `00` that some write for it, and without the `(0)` that some put in between.
///
/// Made for stored numbers and for what is typed into a search box: whatever stands before the
/// first digit is passed over. Text without digits gives the empty string.
pub fn phone_key(phone: &str) -> String {
    let start = phone.find(|c| digit(c).is_some()).unwrap_or(phone.len());
    let international = phone[..start].ends_with(['+', '\u{ff0b}']);
    let mut digits = String::with_capacity(phone.len() - start);
    for c in phone[start..].chars() {
        match digit(c) {
            Some(digit) => digits.push(digit),
            None if is_separator(c) => {}
            None => break,
        }
    }
    let prefixed = !international && digits.starts_with("00");
    if prefixed {
        digits.drain(..2);
    }
    // Italy's numbers keep their zero.
    if (international || prefixed) && phone.contains("(0)") && !digits.starts_with("39") {
        let code = calling_code(&digits).map_or(0, |code| code.to_string().len());
        if code > 0 && digits[code..].starts_with('0') {
            digits.remove(code);
        }
    }
    digits
}

/// A decimal digit as ASCII; Arabic, Persian and full-width digits are typed too.
fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return None,
    };
    char::from_digit(u32::from(c) - zero, 10)
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2010}'..='\u{2014}' | '\u{2212}')
}

fn take_apart(input: &str) -> Option<Parts<'_>> {
    let text = match input.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => &input[4..],
        _ => input,
    };
    let mut digits = String::with_capacity(text.len());
    let mut international = false;
    let mut tail = "";
    for (at, c) in text.char_indices() {
        match digit(c) {
            Some(digit) => digits.push(digit),
            None if is_separator(c) => {}
            None if digits.is_empty() && matches!(c, '+' | '\u{ff0b}') => international = true,
            None if digits.is_empty() => return None,
            None => {
                tail = &text[at..];
                break;
            }
        }
    }
    // No country has short numbers that begin with two zeros.
    if !international && digits.len() > 9 && digits.starts_with("00") {
        digits.drain(..2);
        international = true;
    }
    Some(Parts { international, digits, tail })
}

/// The digits of an extension, written as `x12`, `ext. 12`, `extension 12`, `#12`, `,,12` or
/// `;ext=12`.
fn extension(tail: &str) -> Option<&str> {
    let word = tail.trim_start_matches([';', ',', ' ']);
    let mark = ["extension", "extn", "ext", "x", "#"]
        .into_iter()
        .find(|mark| word.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)));
    let digits =
        word[mark.map_or(0, str::len)..].trim_start_matches(['.', ':', '=', ' ']).trim_end();
    let fits = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(digits)
}

/// E.164 of the digits that follow a `+` or `00`.
///
/// The library takes 5 to 20 µs, which a bulk import cannot spare, and changes nothing about a
/// number that has a length its country knows and no trunk prefix; a test compares the two.
fn international(digits: String) -> Option<String> {
    let code = calling_code(&digits)?;
    let national = &digits[code.to_string().len()..];
    if national.starts_with('0') || code == LUXEMBOURG || !has_length_of(code, national) {
        return by_library(None, &format!("+{digits}"));
    }
    let mut e164 = digits;
    e164.insert(0, '+');
    Some(e164)
}

/// The country calling code that international digits begin with. No code is another's beginning.
fn calling_code(digits: &str) -> Option<u16> {
    (1..=3).find_map(|len| {
        let code = digits.get(..len)?.parse().ok()?;
        PLANS.by_code(&code).map(|_| code)
    })
}

/// Whether land lines or mobiles of a country have as many digits.
fn has_length_of(code: u16, national: &str) -> bool {
    let fits = |kind: Option<&phonenumber::metadata::Descriptor>| {
        kind.is_some_and(|kind| {
            kind.possible_length().iter().any(|length| usize::from(*length) == national.len())
        })
    };
    PLANS.by_code(&code).is_some_and(|plans| {
        plans
            .iter()
            .map(|plan| plan.descriptors())
            .any(|of| fits(of.fixed_line()) || fits(of.mobile()))
    })
}

/// What the library makes of digits, if it holds them for a valid number.
fn by_library(region: Option<phonenumber::country::Id>, digits: &str) -> Option<String> {
    let number = phonenumber::parse_with(*PLANS, region, digits).ok()?;
    let e164 = || format!("+{}{}", number.code().value(), number.national());
    number.is_valid_with(*PLANS).then(e164)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn stored(input: &str, region: Option<&str>, expected: &str) {
        assert_eq!(phone(input, region).as_deref(), Some(expected), "{input}");
    }

    #[test]
    fn a_number_with_its_country_is_stored_as_e164_however_it_is_written() {
        for input in [
            "+442071234567",
            "+44 20 7123 4567",
            "+44 (0)20 7123 4567",
            "+4402071234567",
            "+44-20-7123-4567",
            "++44 20 7123 4567",
            "0044 20 7123 4567",
            "tel:+44-20-7123-4567",
            "+44\u{a0}20\u{2011}7123 4567",
            "\u{ff0b}\u{ff14}\u{ff14}2071234567",
            "+\u{664}\u{664}2071234567",
        ] {
            for region in [None, Some("GB"), Some("US"), Some("nonsense")] {
                stored(input, region, "+442071234567");
            }
        }
        stored("+39 06 1234 5678", Some("GB"), "+390612345678");
        stored("+1 (869) 465-2521", None, "+18694652521");
    }

    #[test]
    fn a_carrier_code_of_luxembourg_is_no_part_of_the_number() {
        stored("+352 1506 6485955", None, "+352485955");
    }

    #[test]
    fn a_number_without_its_country_needs_the_region() {
        stored("020 7123 4567", Some("GB"), "+442071234567");
        stored("011 44 20 7123 4567", Some("US"), "+442071234567");
        stored("020 7123 4567", None, "020 7123 4567");
        stored("043-797-5229", Some("US"), "043-797-5229");
        stored("112", Some("DE"), "112");
    }

    #[test]
    fn a_number_whose_country_or_length_is_unknown_is_stored_as_typed() {
        stored("+999 123 4567", None, "+999 123 4567");
        stored("+44 20 7123 45", None, "+44 20 7123 45");
        stored("(869)452-1212x1032", None, "(869)452-1212x1032");
    }

    #[test]
    fn an_extension_is_kept_however_it_is_written() {
        for input in [
            "+44 20 7123 4567 ext. 12",
            "+44 20 7123 4567 EXT 12",
            "+44 20 7123 4567 extension: 12",
            "+442071234567;ext=12",
            "+442071234567x12",
            "+44 2071234567#12",
            "+44 2071234567,,12",
        ] {
            stored(input, None, "+442071234567;ext=12");
        }
        stored("020 7123 4567 x007", Some("GB"), "+442071234567;ext=007");
    }

    #[test]
    fn what_is_no_telephone_number_is_refused() {
        for input in [
            "",
            "ext 555",
            "x123",
            "12",
            "call me",
            "555-CALL",
            "+1 800 FLOWERS",
            "020 7123 4567 x302/x2303",
            "020 7123 4567 / 020 7123 4568",
            "+44 20 7123 4567 ext",
            "+",
            "2026-12-31T10:00",
        ] {
            assert_eq!(phone(input, Some("GB")), None, "{input}");
        }
        assert_eq!(phone(&"1".repeat(10 << 20), None), None);
    }

    #[test]
    fn the_key_is_the_same_for_every_way_to_write_a_number() {
        for input in [
            "+442071234567",
            "+442071234567;ext=12",
            "+44 20 7123 4567 ext. 12",
            "+44 (0)20 7123 4567",
            "0044 (0)20 7123 4567 x12",
            "Telephone: +44 20 7123 4567, mornings",
            "442071234567",
        ] {
            assert_eq!(phone_key(input), "442071234567", "{input}");
        }
        assert_eq!(phone_key("(869)452-1212x1032"), "8694521212");
        assert_eq!(phone_key("+39 (0)6 1234"), "39061234");
        assert_eq!(phone_key("extremely"), "");
        assert_eq!(phone_key(""), "");
    }

    /// The examples that the library brings for every country.
    #[test]
    fn the_example_numbers_of_every_country_are_stored_as_the_library_has_them() {
        let mut seen = 0;
        for plan in PLANS.iter() {
            let of = plan.descriptors();
            for kind in [of.fixed_line(), of.mobile(), of.toll_free(), of.voip()] {
                let Some(national) = kind.and_then(|kind| kind.example()) else { continue };
                let typed = format!("+{} {national}", plan.country_code());
                let Some(expected) = by_library(None, &typed.replace(' ', "")) else { continue };
                stored(&typed, None, &expected);
                seen += 1;
            }
        }
        assert!(seen > 400, "{seen}");
    }

    proptest! {
        #[test]
        fn the_short_way_agrees_with_the_library(digits in "[1-9][0-9]{6,14}") {
            if let Some(expected) = by_library(None, &format!("+{digits}")) {
                prop_assert_eq!(international(digits), Some(expected));
            }
        }

        #[test]
        fn storing_a_stored_number_again_changes_nothing(
            input in "(\\+|00|\\+44 ?\\(0\\)|\\+1|\\+39|\\+352)?[0-9 ()/.-]{3,20}(( ext | x|#|;ext=)[0-9]{1,5})?",
            first in proptest::option::of(prop_oneof![Just("GB"), Just("US"), Just("IT"), Just("MX")]),
            second in proptest::option::of(prop_oneof![Just("GB"), Just("US"), Just("AR")]),
        ) {
            if let Some(stored) = phone(&input, first) {
                prop_assert_eq!(phone(&stored, first), Some(stored.clone()));
                if stored.starts_with('+') {
                    prop_assert_eq!(phone(&stored, second), Some(stored.clone()));
                    prop_assert_eq!(phone_key(&stored), phone_key(&format!("{stored} x9")));
                }
            }
        }

        #[test]
        fn no_input_makes_it_panic(input in any::<String>(), odd in "[-0-9+()x#;,ext=. /\u{660}\u{ff0b}]{0,40}") {
            for region in [None, Some("GB"), Some("US"), Some("MX"), Some("")] {
                phone(&input, region);
                phone(&odd, region);
            }
            phone_key(&input);
            phone_key(&odd);
        }
    }
}
