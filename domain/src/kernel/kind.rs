//! What fields hold.

use super::catalogue::ListName;

/// What a field holds; decides its validation, column type, operators and JSON form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of at most `max` characters.
    Text {
        /// Greatest length in characters.
        max: usize,
    },
    /// Several lines of at most `max` characters.
    LongText {
        /// Greatest length in characters.
        max: usize,
    },
    /// An e-mail address.
    Email,
    /// A telephone number; E.164 where it can be understood, else as typed.
    Phone,
    /// A web address with `http` or `https`.
    Url,
    /// A language tag (BCP 47), such as `de` or `pt-BR`.
    Language,
    /// A whole number within bounds.
    Integer {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// An amount of money, not negative.
    Money,
    /// Yes or no.
    Boolean,
    /// A calendar date between the years 1000 and 9999.
    Date,
    /// A moment.
    Time,
    /// One value of a pick-list.
    Choice(ListName),
    /// Any number of values of a pick-list.
    Choices(ListName),
    /// A member of the organization.
    Member,
    /// A record of another type, by its kind.
    Link(&'static str),
    /// The values of custom fields.
    Custom,
}

impl Kind {
    /// The name of the kind in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText { .. } => "long_text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Language => "language",
            Self::Integer { .. } => "integer",
            Self::Money => "money",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Time => "time",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::Member => "member",
            Self::Link(_) => "link",
            Self::Custom => "custom",
        }
    }

    /// How values are written down.
    pub const fn form(self) -> Form {
        match self {
            Self::Text { .. }
            | Self::LongText { .. }
            | Self::Email
            | Self::Phone
            | Self::Url
            | Self::Language => Form::Text,
            Self::Integer { .. } => Form::Integer,
            Self::Money => Form::Money,
            Self::Boolean => Form::Boolean,
            Self::Date => Form::Date,
            Self::Time => Form::Time,
            Self::Choice(_) | Self::Member | Self::Link(_) => Form::Id,
            Self::Choices(_) => Form::Ids,
            Self::Custom => Form::Object,
        }
    }

    /// The pick-list that values come from, if any.
    pub const fn list(self) -> Option<ListName> {
        if let Self::Choice(list) | Self::Choices(list) = self { Some(list) } else { None }
    }

    /// Greatest length in characters, where the field says one.
    pub const fn max(self) -> Option<usize> {
        if let Self::Text { max } | Self::LongText { max } = self { Some(max) } else { None }
    }

    /// Whether text in a cell of a file can become a value. Members and records are referred to by
    /// ids, which no file of another program has.
    pub const fn is_importable(self) -> bool {
        !matches!(self, Self::Member | Self::Link(_) | Self::Custom)
    }
}

/// How the values of a kind are written down, whatever they mean: what columns, filters and schemas
/// tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Characters.
    Text,
    /// A whole number.
    Integer,
    /// Minor units and a currency.
    Money,
    /// Yes or no.
    Boolean,
    /// A calendar date.
    Date,
    /// A moment.
    Time,
    /// The id of something else.
    Id,
    /// Ids of other things, in order.
    Ids,
    /// Values by name.
    Object,
}
