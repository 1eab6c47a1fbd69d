//! The mailbox's pages. They hold no script, and escape everything.

use super::folder::ShownMail;
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};

/// The style of both pages.
pub(super) const STYLE: &str = include_str!("../../../templates/mailbox/style.css");

const TEMPLATES: [(&str, &str); 3] = [
    ("layout.html", include_str!("../../../templates/mailbox/layout.html")),
    ("list.html", include_str!("../../../templates/mailbox/list.html")),
    ("mail.html", include_str!("../../../templates/mailbox/mail.html")),
];

fn render(name: &str, context: Value) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in TEMPLATES {
        templates.add_template(name, source)?;
    }
    templates.get_template(name)?.render(context)
}

/// The list of mails.
pub(super) fn list(mails: &[ShownMail]) -> Result<String, minijinja::Error> {
    let mails: Vec<Value> = mails.iter().map(value).collect();
    render("list.html", Value::from_pairs([("mails", Value::from(mails))]))
}

/// One mail.
pub(super) fn mail(mail: &ShownMail) -> Result<String, minijinja::Error> {
    render("mail.html", value(mail))
}

fn value(mail: &ShownMail) -> Value {
    // A line that is an address and nothing else is shown as a link.
    let lines: Vec<Value> = mail
        .text
        .lines()
        .map(|line| {
            let address = line.starts_with("http://") || line.starts_with("https://");
            let link = address && !line.contains(char::is_whitespace);
            Value::from_pairs([("text", Value::from(line)), ("link", Value::from(link))])
        })
        .collect();
    Value::from_pairs([
        ("id", Value::from(mail.id.to_string())),
        ("date", Value::from(mail.date.as_str())),
        ("from", Value::from(mail.from.as_str())),
        ("to", Value::from(mail.to.as_str())),
        ("subject", Value::from(mail.subject.as_str())),
        ("lines", Value::from(lines)),
        ("html", Value::from(mail.html.as_str())),
    ])
}

#[cfg(test)]
mod tests {
    use super::{ShownMail, list, mail};
    use uuid::Uuid;

    #[test]
    fn nothing_of_a_mail_becomes_markup() {
        let bad = || "\"><script>alert(1)</script>".to_owned();
        let hostile = ShownMail {
            id: Uuid::nil(),
            date: bad(),
            from: bad(),
            to: bad(),
            subject: bad(),
            text: format!("{}\nhttps://x.example/\"><script>\njavascript:alert(1)\n", bad()),
            html: format!("</pre>{}", bad()),
        };
        for page in [list(std::slice::from_ref(&hostile)).unwrap(), mail(&hostile).unwrap()] {
            assert!(!page.contains("<script"), "{page}");
            assert!(!page.contains("style=") && !page.contains("<style"), "{page}");
            assert!(!page.contains("href=\"javascript"), "{page}");
        }
    }

    #[test]
    fn an_empty_mailbox_says_so() {
        assert!(list(&[]).unwrap().contains("No mail yet"));
    }
}
