//! Which way to the rows that contain some words: through the index of words, or along the order
//! of the list, testing each row. Words that most rows contain are found sooner by walking; rare
//! ones by the index, which in turn is slowed down by every common part of a word it is asked for.
//! So the planner is asked first how common each part is.

use super::{Argument, Sql};
use crate::records::SEARCH_TEXT_SAMPLE;
use crate::sql::quoted;
use std::fmt::Write as _;
use uuid::Uuid;

/// More parts than this are not weighed.
const MOST_PARTS: usize = 12;

/// Testing a row takes about as long as passing so many entries of the index of words.
const ENTRIES_PER_ROW: f64 = 285.0;

/// What the index finds is known; a walk is as long as the rows that match are far apart. It has
/// to look so many times shorter to be taken.
const WALK_RISK: f64 = 4.0;

/// Whoever has no more rows than this walks along them: asking the index of words takes longer.
const FEW: f64 = 2_000.0;

/// A part of a word that the index can find: a run of letters or digits.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    word: usize,
    pattern: String,
}

/// How rows are found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Not weighed: the planner sees all words as they are.
    Plain,
    /// By these parts; whole words are tested on the rows found.
    Index(Vec<usize>),
    /// By no index of words.
    Walk,
}

/// The words of a query.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// What the search text must contain: a word, or, if it is short, the beginning of one.
    needles: Vec<String>,
    parts: Vec<Part>,
    way: Way,
}

impl Words {
    pub(super) fn new(words: Vec<String>) -> Self {
        let needles: Vec<String> = words.into_iter().map(needle).collect();
        let mut parts: Vec<Part> = needles
            .iter()
            .enumerate()
            .flat_map(|(word, needle)| patterns(needle).map(move |pattern| Part { word, pattern }))
            .collect();
        parts.truncate(MOST_PARTS);
        Self { needles, parts, way: Way::Plain }
    }

    /// Whether a record's search text has all of the words.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.needles.iter().all(|needle| text.contains(needle.as_str()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    pub(super) fn is_walk(&self) -> bool {
        self.way == Way::Walk
    }

    pub(super) fn is_by_index(&self) -> bool {
        matches!(self.way, Way::Index(_))
    }

    /// Asks for the estimated rows of the organization, of the owners among them, and of each part
    /// in the organization.
    pub(super) fn weigh(
        &self,
        table: &str,
        organization: Uuid,
        owners: Option<&[Uuid]>,
    ) -> Option<Sql> {
        if self.parts.is_empty() {
            return None;
        }
        let mut sql = Sql::default();
        sql.push("EXPLAIN (FORMAT JSON)");
        let rows = |sql: &mut Sql| {
            let table = quoted(table);
            let _ = write!(sql.text, " SELECT c.id FROM {table} AS c WHERE c.organization_id = ");
            sql.bind(Argument::Uuid(organization));
        };
        rows(&mut sql);
        sql.push("\n UNION ALL");
        rows(&mut sql);
        if let Some(owners) = owners {
            sql.push(" AND c.assigned_to = ANY (").bind(Argument::Uuids(owners.to_vec())).push(")");
        }
        for part in &self.parts {
            sql.push("\n UNION ALL");
            rows(&mut sql);
            sql.push(" AND c.search_text LIKE ").bind(Argument::Text(part.pattern.clone()));
        }
        Some(sql)
    }

    /// Chooses the way by the estimates that [`Words::weigh`] asks for. `wanted` rows make a page;
    /// walking goes along `lines` orders, one per owner.
    pub(super) fn decide(&mut self, rows: &[f64], wanted: f64, lines: f64) {
        let [all, owned, parts @ ..] = rows else { return };
        if parts.len() != self.parts.len() {
            return;
        }
        let all = all.max(1.0);
        let shares: Vec<f64> = parts.iter().map(|rows| (rows / all).min(1.0)).collect();
        let rarest = shares.iter().copied().fold(1.0, f64::min);
        // Parts of one word come together; words are taken to be independent.
        let together: f64 = (0..self.needles.len())
            .map(|word| {
                let own = self.parts.iter().zip(&shares).filter(|(part, _)| part.word == word);
                own.map(|(_, share)| *share).fold(1.0, f64::min)
            })
            .product();
        // No walk is longer than all rows that the owners have. How many the index finds is known
        // from a sample: where few of that have the part, there may as well be fewer in truth.
        let walked = lines * wanted / together.max(f64::MIN_POSITIVE);
        let deviation = (rarest / f64::from(SEARCH_TEXT_SAMPLE)).sqrt();
        if *owned <= FEW || (walked * WALK_RISK).min(*owned) <= (rarest - deviation) * all {
            self.way = Way::Walk;
            return;
        }
        let useful = |share: f64| share <= (ENTRIES_PER_ROW * rarest).min(0.5) || share <= rarest;
        self.way = Way::Index((0..shares.len()).filter(|part| useful(shares[*part])).collect());
    }

    /// The conditions.
    pub(super) fn match_rows(&self, sql: &mut Sql) {
        let like = |sql: &mut Sql, pattern: String| {
            sql.push("\n AND c.search_text LIKE ").bind(Argument::Text(pattern));
        };
        if let Way::Index(parts) = &self.way {
            for part in parts.iter().filter_map(|part| self.parts.get(*part)) {
                like(sql, part.pattern.clone());
            }
        }
        for needle in &self.needles {
            match self.way {
                Way::Plain => like(sql, anywhere(needle)),
                Way::Index(_) | Way::Walk => {
                    // No index knows this function.
                    sql.push("\n AND strpos(c.search_text, ");
                    sql.bind(Argument::Text(needle.clone())).push(") > 0");
                }
            }
        }
    }
}

/// Words in the search text are each led by a blank.
fn needle(word: String) -> String {
    if word.chars().count() < 3 { format!(" {word}") } else { word }
}

/// A pattern for text that contains this.
pub(super) fn anywhere(text: &str) -> String {
    format!("%{}%", escaped(text))
}

/// Text in which LIKE finds no wildcards.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The parts of a needle that trigrams can be taken from: three letters or digits in a row, or
/// fewer where a word begins, with what is before and after them. The trigrams of a word's
/// beginning are those of very many rows: among a million, looking up `123` with what was before it
/// took half as long again as `123` alone, which finds the same and little more.
fn patterns(needle: &str) -> impl Iterator<Item = String> + use<> {
    let chars: Vec<char> = needle.chars().collect();
    let mut patterns = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let length = chars[start..].iter().take_while(|c| c.is_alphanumeric()).count();
        let end = start + length;
        let part = match (length, start) {
            (3.., _) => Some(&chars[start..end]),
            (1.., 1..) => Some(&chars[start - 1..(end + 1).min(chars.len())]),
            _ => None,
        };
        patterns.extend(part.map(|part| anywhere(&part.iter().collect::<String>())));
        start = end + 1;
    }
    patterns.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{Way, Words};

    fn words(words: &[&str]) -> Words {
        Words::new(words.iter().map(|word| (*word).to_owned()).collect())
    }

    fn patterns(of: &str) -> Vec<String> {
        words(&[of]).parts.into_iter().map(|part| part.pattern).collect()
    }

    #[test]
    fn a_word_falls_into_parts_that_the_index_knows() {
        assert_eq!(patterns("zoe"), ["%zoe%"]);
        assert_eq!(patterns("al"), ["% al%"]);
        assert_eq!(patterns("ana.777@example"), ["%ana%", "%777%", "%example%"]);
        assert_eq!(patterns("k-12"), ["%-12%"], "one letter alone begins nothing known");
        assert_eq!(patterns("100%"), ["%100%"]);
        assert_eq!(patterns("+-/"), Vec::<String>::new());
    }

    #[test]
    fn common_words_are_walked_and_rare_ones_looked_up_by_their_rarest_parts() {
        let decided = |rows: &[f64], owned: f64, lines: f64| {
            let rows: Vec<f64> =
                rows[..1].iter().copied().chain([owned]).chain(rows[1..].to_vec()).collect();
            let mut words = words(&["ana.777@example"]);
            words.decide(&rows, 51.0, lines);
            words.way
        };
        let all = 1_000_000.0;
        assert_eq!(decided(&[all, all, all, all], all, 1.0), Way::Walk);
        assert_eq!(decided(&[all, all, 100.0, all], all, 1.0), Way::Index(vec![1]));
        assert_eq!(decided(&[all, 200.0, 100.0, all], all, 1.0), Way::Index(vec![0, 1]));
        assert_eq!(decided(&[all, all, 20_000.0, all], all, 1.0), Way::Walk);
        let team = decided(&[all, all, 20_000.0, all], all, 20.0);
        assert_eq!(team, Way::Index(vec![1]), "walking along twenty owners is longer");
        for part in [100.0, 6_000.0] {
            let few = decided(&[all, all, part, all], 50.0, 1.0);
            assert_eq!(few, Way::Walk, "who has fifty records walks along them");
        }
        let many = decided(&[all, all, 20_000.0, all], 19_900.0, 20.0);
        assert_eq!(many, Way::Index(vec![1]), "six of a sample of 300 may be two of it in truth");
        let many = decided(&[all, all, 60_000.0, all], 19_900.0, 20.0);
        assert_eq!(many, Way::Walk);
        let mut none = words(&["ana"]);
        none.decide(&[all], 51.0, 1.0);
        assert_eq!(none.way, Way::Plain, "no estimates, no choice");
    }
}
