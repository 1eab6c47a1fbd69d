//! Templates and values become words.

use super::clean::clean;
use super::message;
use chrono::DateTime;
use domain::mail::{Language, Letter, Template};
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use std::collections::BTreeMap;
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// Reads the files of every language. A missing one does not compile.
macro_rules! catalogue {
    ($($language:literal: [$($name:literal),+ $(,)?]),+ $(,)?) => {
        &[$($(
            (concat!($language, "/", $name, ".txt"),
             include_str!(concat!("../../templates/mail/", $language, "/", $name, ".txt"))),
            (concat!($language, "/", $name, ".html"),
             include_str!(concat!("../../templates/mail/", $language, "/", $name, ".html"))),
        )+)+]
    };
}

const FILES: &[(&str, &str)] = catalogue! {
    "en": [
        "layout", "verify_email", "reset_password", "password_changed", "email_changed", "account_exists",
        "invitation", "set_password", "registration_confirm", "client_account",
    ],
};

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rendered {
    /// One line.
    pub(super) subject: String,
    /// For programs that show plain text.
    pub(super) text: String,
    /// For the others.
    pub(super) html: String,
}

/// Renders mails; holds the templates of every language.
pub(super) struct Renderer(Environment<'static>);

impl Renderer {
    /// Reads all templates.
    pub(super) fn try_new() -> Result<Self, minijinja::Error> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "txt")) => AutoEscape::None,
            _ => AutoEscape::Html,
        });
        for (name, source) in FILES {
            templates.add_template(name, source)?;
        }
        Ok(Self(templates))
    }

    /// The words of a template with these values. A value that the template asks for and does not
    /// get is an error.
    pub(super) fn render(
        &self,
        template: Template,
        language: Language,
        mut values: BTreeMap<&str, String>,
    ) -> Result<Rendered, minijinja::Error> {
        let file = |ending| format!("{}/{}.{ending}", language.code(), template.name());
        let (text, html) = (file("txt"), file("html"));
        let context = |values: &BTreeMap<&str, String>| {
            Value::from_pairs(values.iter().map(|(name, value)| (*name, value.as_str())))
        };
        let mut text = self.0.get_template(&text)?.render_captured(context(&values))?;
        let subject = text.with_state_mut(|state| state.render_block("subject"))?.trim().to_owned();
        values.insert("subject", subject.clone());
        let html = self.0.get_template(&html)?.render(context(&values))?;
        Ok(Rendered { subject, text: format!("{}\n", text.output().trim()), html })
    }
}

/// The values of a queued mail, made harmless and readable, with the link. `None` if they were
/// erased.
pub(super) fn values<'a>(
    letter: &'a Letter,
    reveal: impl Fn(Uuid) -> String,
    public_url: &str,
) -> Option<BTreeMap<&'a str, String>> {
    let stored = letter.values.as_ref()?;
    let mut values: BTreeMap<&str, String> =
        stored.iter().map(|(name, value)| (name.as_str(), readable(name, value))).collect();
    values.insert("public_url", public_url.to_owned());
    if let (Some(token), Some((_, page))) = (letter.token, message::link(letter.template)) {
        values.insert("link", message::address(public_url, page, &reveal(token)));
    }
    Some(values)
}

/// Times as people read them; everything else made harmless.
fn readable(name: &str, value: &str) -> String {
    match DateTime::parse_from_rfc3339(value) {
        Ok(time) if name.ends_with("_at") => {
            time.to_utc().format("%-d %B %Y, %H:%M UTC").to_string()
        }
        Ok(_) | Err(_) => clean(value),
    }
}
