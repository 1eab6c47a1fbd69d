//! What is wrong, told all at once in the end.

use super::side::CANARY;
use hindsight_tests::Answer;
use std::fmt::Display;

/// What was found so far.
#[derive(Default)]
pub struct Findings {
    lines: Vec<String>,
    pub calls: usize,
}

impl Findings {
    /// Notes what is not as it should be.
    pub fn expect(&mut self, fine: bool, what: impl Display, expected: impl Display, got: &Answer) {
        if !fine {
            let text: String = got.body.chars().take(200).collect();
            self.lines.push(format!("{what}: expected {expected}, got {} {text}", got.status));
        }
    }

    /// Notes anything else.
    pub fn note(&mut self, line: String) {
        self.lines.push(line);
    }

    /// Looks at an answer as every answer has to be: no fault of the server's, a code with each
    /// refusal, and nothing of the other organization in body or headers.
    pub fn look(&mut self, what: &str, answer: &Answer) {
        self.calls += 1;
        self.expect(answer.status < 500, what, "no fault of the server's", answer);
        let coded = answer.status < 400 || answer.json["code"].is_string();
        self.expect(coded, what, "a code", answer);
        self.expect(!tells(answer, CANARY), what, "nothing of the other organization", answer);
    }

    /// Fails if there are any.
    pub fn end(self, at_least: usize) {
        let count = self.lines.len();
        assert!(count == 0, "{count} findings in {} calls:\n{}", self.calls, self.lines.join("\n"));
        assert!(self.calls >= at_least, "only {} calls were made", self.calls);
    }
}

/// Whether a word is anywhere in an answer.
pub fn tells(answer: &Answer, word: &str) -> bool {
    let headers = format!("{:?}", answer.headers).to_lowercase();
    headers.contains(word) || answer.body.to_lowercase().contains(word)
}
