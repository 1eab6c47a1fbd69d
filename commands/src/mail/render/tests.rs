use super::{FILES, Rendered, Renderer, values};
use crate::identity::Issued;
use crate::mail::Message;
use crate::mail::compose::{Mailbox, compose};
use chrono::{DateTime, Utc};
use domain::ids::SubjectId;
use domain::mail::{Language, Letter, Template};
use std::collections::BTreeSet;
use uuid::Uuid;

const URL: &str = "https://crm.example.com";

fn then() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_255_200, 0).unwrap()
}

/// One of each, with `name` wherever somebody typed something.
fn all(name: &str) -> Vec<Message> {
    let token = Issued { id: Uuid::from_u128(7), expires_at: then() };
    let typed = || name.to_owned();
    let all = vec![
        Message::VerifyEmail { token },
        Message::ResetPassword { token },
        Message::PasswordChanged { changed_at: then() },
        Message::EmailChanged { changed_at: then() },
        Message::AccountExists,
        Message::Invitation { token, organization: typed(), inviter: typed(), role: typed() },
        Message::SetPassword { token, organization: typed(), administrator: typed() },
        Message::RegistrationConfirm { token, organization: typed() },
        Message::ClientAccount { token, organization: typed() },
    ];
    let templates: BTreeSet<_> = all.iter().map(Message::template).collect();
    assert_eq!(templates, BTreeSet::from(Template::ALL));
    all
}

fn rendered(message: &Message, language: Language) -> Rendered {
    let letter = Letter {
        template: message.template(),
        language,
        subject: SubjectId(Uuid::nil()),
        token: message.token().map(|token| token.id),
        to: Some("ana@example.org".into()),
        values: Some(message.values()),
    };
    let values = values(&letter, |_| "TOKEN".to_owned(), URL).unwrap();
    Renderer::try_new().unwrap().render(letter.template, language, values).unwrap()
}

#[test]
fn every_mail_in_every_language_reads_as_it_did() {
    for language in Language::ALL {
        for message in all("Ana Lima") {
            let Rendered { subject, text, html } = rendered(&message, language);
            let name = format!("{}_{}", language.code(), message.template().name());
            insta::assert_snapshot!(name, format!("Subject: {subject}\n\n{text}\n{html}"));
        }
    }
}

#[test]
fn every_template_is_there_in_every_language_and_none_is_left_over() {
    let files: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut wanted = BTreeSet::new();
    for language in Language::ALL {
        for name in Template::ALL.map(Template::name).into_iter().chain(["layout"]) {
            wanted.extend(["txt", "html"].map(|e| format!("{}/{name}.{e}", language.code())));
        }
    }
    assert_eq!(files, wanted);
}

#[test]
fn a_mail_with_a_token_has_its_link_and_one_without_has_none() {
    for message in all("Ana") {
        let Rendered { text, html, .. } = rendered(&message, Language::En);
        let linked = message.token().is_some();
        assert_eq!(text.contains("#token=TOKEN"), linked, "{message:?}");
        assert_eq!(html.contains("#token=TOKEN"), linked, "{message:?}");
        assert_eq!(text.contains("21 November 2026"), linked || text.contains("was changed on"));
    }
}

#[test]
fn a_value_that_is_missing_is_an_error_and_no_gap() {
    let renderer = Renderer::try_new().unwrap();
    for message in all("Ana") {
        for missing in message.values().keys() {
            let mut letter_values = message.values();
            letter_values.remove(missing);
            let mut given: std::collections::BTreeMap<&str, String> =
                letter_values.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
            given.insert("public_url", URL.to_owned());
            given.insert("link", URL.to_owned());
            let made = renderer.render(message.template(), Language::En, given);
            assert!(made.is_err(), "{missing} of {message:?} is asked for nowhere");
        }
    }
}

#[test]
fn a_hostile_name_is_harmless() {
    let hostile = "<script>alert(1)</script><a href=\"https://evil.example\">x</a>\r\nBcc: \
                   victim@evil.example\r\n\r\n\u{202E}{{ link }}{% raw %}";
    let from: Mailbox = "Hindsight <crm@example.com>".parse().unwrap();
    for message in all(hostile) {
        let words = rendered(&message, Language::En);
        assert!(!words.subject.contains(['\r', '\n', '\u{202E}']), "{}", words.subject);
        assert!(!words.text.contains("evil.example") && !words.text.contains('\u{202E}'));
        for markup in ["<script", "<a href=\"https://evil", "evil.example"] {
            assert!(!words.html.contains(markup), "{}", words.html);
        }
        // Template syntax in a value is text.
        assert_eq!(words.text.matches("TOKEN").count(), usize::from(message.token().is_some()));

        let made = compose(Uuid::nil(), then(), &from, "ana@example.org", words).unwrap();
        let bytes = made.formatted();
        let parsed = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        assert!(parsed.bcc().is_none());
        let names: Vec<_> = parsed.headers().iter().map(|h| h.name().to_owned()).collect();
        assert_eq!(names.len(), 8, "{names:?}");
        assert_eq!(parsed.to().unwrap().first().unwrap().address(), Some("ana@example.org"));
        assert_eq!((parsed.text_body_count(), parsed.html_body_count()), (1, 1));
        assert_eq!(made.envelope().to().len(), 1);
    }
}

#[test]
fn an_address_that_would_be_two_is_none() {
    let from: Mailbox = "Hindsight <crm@example.com>".parse().unwrap();
    for bad in ["a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", "", "a"] {
        let words = rendered(&Message::AccountExists, Language::En);
        assert!(compose(Uuid::nil(), then(), &from, bad, words).is_err(), "{bad}");
    }
}

#[test]
fn a_mail_made_again_is_the_same_to_the_byte() {
    let from: Mailbox = "Hindsight <crm@example.com>".parse().unwrap();
    let made = || {
        let words = rendered(&all("Ana")[4], Language::En);
        compose(Uuid::from_u128(3), then(), &from, "ana@example.org", words).unwrap().formatted()
    };
    assert_eq!(made(), made());
}
