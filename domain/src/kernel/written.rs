//! Values as people and files write them: numbers, amounts, dates, addresses of the web.

use super::money::{Currency, Money};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use unicode_normalization::char::is_combining_mark;

/// Years that a date or time may lie in; outside of them it is a slip, and JSON and SQL differ
/// about how to write it.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// A whole number: `1200`, `-5`, `1,200`, `1 200`, `1'200`, and `1200.0` as spreadsheets have it.
pub(super) fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.strip_suffix(".0").or(digits.strip_suffix(".00")).unwrap_or(digits);
    Some(sign * ungrouped(digits)?)
}

/// An amount with a currency code before or after it: `1200`, `1200.5` or `1,200.50` with `EUR`.
///
/// A decimal comma is refused rather than guessed at: `1,200` could be either.
pub(super) fn money(text: &str) -> Option<Money> {
    let last = text.len().checked_sub(3)?;
    let before = text.get(..3).and_then(Currency::parse).zip(text.get(3..));
    let after = || text.get(last..).and_then(Currency::parse).zip(text.get(..last));
    let (currency, number) = before.or_else(after)?;
    let number = number.trim();
    let (sign, number) = match number.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (-1, rest),
        None => (1, number),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let decimals = usize::from(currency.decimals());
    if fraction.len() > decimals {
        return None;
    }
    let minor = if decimals == 0 { 0 } else { plain_digits(&format!("{fraction:0<decimals$}"))? };
    let scale = 10_i64.pow(u32::from(currency.decimals()));
    let amount = ungrouped(whole)?.checked_mul(scale)?.checked_add(minor)?;
    Some(Money { amount: sign * amount, currency })
}

/// Digits, which may stand in groups of three with one kind of separator between them.
fn ungrouped(text: &str) -> Option<i64> {
    let Some(separator) = text.chars().find(|c| matches!(c, ',' | ' ' | '\'' | '\u{2019}' | '_'))
    else {
        return plain_digits(text);
    };
    let well_grouped = text
        .split(separator)
        .enumerate()
        .all(|(at, group)| if at == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 });
    if well_grouped { plain_digits(&text.replace(separator, "")) } else { None }
}

/// ASCII digits without a sign; `None` beyond the range.
fn plain_digits(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// `2026-12-31`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-').map(|part| u32::try_from(plain_digits(part)?).ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    if parts.next().is_some() { None } else { NaiveDate::from_ymd_opt(year, month, day) }
}

/// A moment as in RFC 3339, kept to the microsecond.
pub(super) fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = micros(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc));
    YEARS.contains(&time.year()).then_some(time)
}

/// Times are kept to the microsecond, which is what Postgres keeps.
pub fn micros(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}

/// A web address, scheme and host in lower case; `www.example.com` gets its scheme.
///
/// Refused are addresses with a user name, which are made to deceive, and other schemes, which
/// would run something when clicked.
pub(super) fn url(text: &str) -> Option<String> {
    let named = |scheme: &str| scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+');
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
        Some((scheme, _)) if named(scheme) => return None,
        Some(_) | None => ("https", text),
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = match authority.split_once(':') {
        Some((host, port)) if (1..=5).contains(&port.len()) && plain_digits(port).is_some() => host,
        Some(_) => return None,
        None => authority,
    };
    let in_label = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || is_combining_mark(c);
    let host_ok =
        host.contains('.') && host.split('.').all(|l| !l.is_empty() && l.chars().all(in_label));
    let in_path = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '\\' | '`');
    (host_ok && path.chars().all(in_path))
        .then(|| format!("{scheme}://{}{path}", authority.to_lowercase()))
}

/// A language tag (BCP 47) in its usual case, such as `de`, `pt-BR` or `zh-Hant`.
pub(crate) fn language(text: &str) -> Option<String> {
    if text.len() > 35 {
        return None;
    }
    let mut tag = String::with_capacity(text.len());
    for (at, part) in text.split(['-', '_']).enumerate() {
        let fits =
            if at == 0 { (2..=3).contains(&part.len()) } else { (1..=8).contains(&part.len()) };
        if !fits || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        if at > 0 {
            tag.push('-');
        }
        match (at, part.len()) {
            (0, _) => tag.push_str(&part.to_ascii_lowercase()),
            (_, 2) => tag.push_str(&part.to_ascii_uppercase()),
            (_, 4) => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_numbers_are_read_in_groups_of_three_only() {
        for (text, number) in [
            ("0", 0),
            ("1200", 1200),
            ("-5", -5),
            ("+5", 5),
            ("1,200", 1200),
            ("1 200 300", 1_200_300),
            ("1'200", 1200),
            ("1_200", 1200),
            ("1200.0", 1200),
            ("50.00", 50),
        ] {
            assert_eq!(integer(text), Some(number), "{text}");
        }
        for text in [
            "",
            "-",
            "1,5",
            "1,20",
            "12,00,000",
            "1.000",
            "1,200 300",
            "1e3",
            "0x10",
            "five",
            "--5",
            "99999999999999999999",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_read_in_the_minor_units_of_their_currency() {
        for (text, amount, code) in [
            ("1200 EUR", 120_000, "EUR"),
            ("EUR 1200.5", 120_050, "EUR"),
            ("usd1,200.50", 120_050, "USD"),
            ("1 200.05 CHF", 120_005, "CHF"),
            ("1200 JPY", 1200, "JPY"),
            ("1.234 KWD", 1234, "KWD"),
            ("-0.50 EUR", -50, "EUR"),
            ("-3 EUR", -300, "EUR"),
        ] {
            let money = money(text).unwrap_or_else(|| panic!("{text} is refused"));
            assert_eq!((money.amount, money.currency.as_str()), (amount, code), "{text}");
        }
        for text in [
            "",
            "EUR",
            "1200",
            "1200,50 EUR",
            "1.200,50 EUR",
            "1200.505 EUR",
            "12.5 JPY",
            "5 EURO",
            "EUR 5 USD",
            "999999999999999999 EUR",
            "ä5 EUR",
            "1..5 EUR",
            ". EUR",
        ] {
            assert_eq!(money(text), None, "{text}");
        }
    }

    #[test]
    fn dates_and_times_that_nobody_means_are_refused() {
        assert_eq!(date("2026-12-31"), NaiveDate::from_ymd_opt(2026, 12, 31));
        assert_eq!(date("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for text in [
            "2023-02-29",
            "0000-00-00",
            "0026-01-01",
            "12026-01-01",
            "+2026-01-01",
            "2026-13-01",
            "2026-01",
            "2026-01-01-01",
            "31.12.2026",
            "99999999999-01-01",
            "--",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
        let stored = time("2026-12-31T23:59:59.123456789+02:00").unwrap();
        assert_eq!(stored.to_rfc3339(), "2026-12-31T21:59:59.123456+00:00");
        // Judged in UTC: these are in the years 10000 and 999.
        for text in ["9999-12-31T23:59:59-01:00", "1000-01-01T00:00:00+05:00", "2026-12-31", "now"]
        {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn web_addresses_are_http_and_show_where_they_lead() {
        for (text, stored) in [
            ("www.example.com", "https://www.example.com"),
            ("HTTP://WWW.Example.COM/Path?q=A#B", "http://www.example.com/Path?q=A#B"),
            ("https://example.com:8443/", "https://example.com:8443/"),
            ("example.com/?next=http://other.org", "https://example.com/?next=http://other.org"),
            ("https://medium.com/@ada", "https://medium.com/@ada"),
            ("https://例え.jp/パス", "https://例え.jp/パス"),
        ] {
            assert_eq!(url(text).as_deref(), Some(stored), "{text}");
        }
        for text in [
            "javascript:alert(1)",
            "javascript://example.com/%0Aalert(1)",
            "data:text/html,x",
            "ftp://example.com",
            "https://",
            "https://localhost",
            "https://google.com@evil.com",
            "https://evil.com\\@google.com",
            "https://a..b",
            "https://a.b:port",
            "https://a.b:123456",
            "https://a.b/<script>",
            "not a web address",
            "https://a.b/x y",
            "@handle",
        ] {
            assert_eq!(url(text), None, "{text}");
        }
    }

    #[test]
    fn language_tags_get_their_usual_case() {
        for (text, tag) in
            [("DE", "de"), ("pt_br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")]
        {
            assert_eq!(language(text).as_deref(), Some(tag));
        }
        for text in ["", "d", "German", "de-", "de--DE", "dé", "de-123456789"] {
            assert_eq!(language(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_them_panic_and_what_is_stored_is_read_again_as_it_is(text in "\\PC{0,20}", odd in "[-+0-9.,' EURJPYa-z:/@ä]{0,12}") {
            for text in [text, odd] {
                integer(&text);
                money(&text);
                date(&text);
                time(&text);
                if let Some(stored) = url(&text) {
                    prop_assert_eq!(url(&stored), Some(stored.clone()));
                }
                if let Some(stored) = language(&text) {
                    prop_assert_eq!(language(&stored), Some(stored.clone()));
                }
            }
        }
    }
}
