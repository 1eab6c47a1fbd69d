//! Cells that a spreadsheet would run as formulas.

use std::borrow::Cow;

fn is_dangerous(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// The cell with an apostrophe before what a spreadsheet would take for a formula.
pub(super) fn neutralised(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(is_dangerous) { format!("'{cell}").into() } else { cell.into() }
}

/// The cell as it was before [`neutralised`], so that a mended file of faulty rows reads as before.
pub(super) fn restored(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(is_dangerous) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::{neutralised, restored};

    #[test]
    fn formulas_are_neutralised_and_come_back() {
        for cell in ["=SUM(A1)", "+44 123", "-5", "@handle", "\tx", "\rx"] {
            assert_eq!(neutralised(cell), format!("'{cell}"));
            assert_eq!(restored(&neutralised(cell)), cell);
        }
        for cell in ["", "Ana", "'quoted'", "5-3"] {
            assert_eq!(neutralised(cell), cell);
            assert_eq!(restored(cell), cell);
        }
    }
}
