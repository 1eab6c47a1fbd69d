//! What people typed, made harmless for a mail.

/// The most characters of a value that a mail shows.
const MOST: usize = 120;

/// Invisible, and keeps two characters together. Mail programs make links of what looks like one;
/// with this inside it does not.
const JOINER: char = '\u{2060}';

/// One line without control and direction-changing characters, of bounded length, of which no mail
/// program makes a link.
pub(super) fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| !is_residue(*c));
    let visible = kept.map(|c| if is_hidden(c) { ' ' } else { c }).collect::<String>();
    let mut line = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let mut clean = String::with_capacity(line.len());
    let mut before = ' ';
    for (index, c) in line.chars().enumerate() {
        if index == MOST {
            clean.push('…');
            break;
        }
        // Between name and domain, and within both; "J. Smith & Co." stays as it is.
        if matches!(before, '.' | ':' | '@' | '/' | '。') && c != ' ' {
            clean.push(JOINER);
        }
        clean.push(c);
        before = c;
    }
    clean
}

/// Left over from copying; stands within words.
fn is_residue(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// Controls, bidirectional formatting (UAX #9), line and paragraph separators, invisible operators
/// and tags. Joiners stay: some scripts need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2061}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn names_stay_as_they_are() {
        for name in ["Ana Lima", "J. Smith & Co. KG", "Żółć 株式会社", "O'Brien <3", "محمد علي"]
        {
            assert_eq!(clean(name), name);
        }
    }

    #[test]
    fn lines_controls_and_changes_of_direction_go() {
        assert_eq!(clean("Ana\r\nBcc: x\0\u{202E}evil\u{2066} \u{200F}"), "Ana Bcc: x evil");
        assert_eq!(clean(" \t\n"), "");
        assert_eq!(clean("a\u{2028}b\u{85}c"), "a b c");
    }

    #[test]
    fn nothing_looks_like_a_link_any_more() {
        for bait in ["http://evil.example/x", "www.evil.example", "x@evil.example", "evil。example"]
        {
            let harmless = clean(bait);
            for part in ["://", "l.e", "w.e", "@e", "l。e"] {
                assert!(!harmless.contains(part), "{harmless:?}");
            }
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let cut = clean(&"x".repeat(10_000));
        assert_eq!(cut.chars().count(), 121);
        assert!(cut.ends_with('…'));
    }
}
