//! Passwords that are made here, to be printed once.

use commands::Ids;

/// Without letters and digits that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// 80 unguessable bits, in groups that can be typed.
pub fn generate(ids: &dyn Ids) -> String {
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let letters: Vec<char> = ids.secret().iter().take(16).map(letter).collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_four_groups_and_is_never_the_same() {
        let one = generate(&commands::SystemIds);
        assert_eq!(one.len(), 19);
        assert_eq!(one.split('-').count(), 4);
        assert_ne!(one, generate(&commands::SystemIds));
    }
}
