//! Random values of every kind, in the form in which validated input is stored.

use crate::catalogue::{Catalogue, Kind};
use crate::kernel::written::micros;
use crate::money::{Currency, Money};
use crate::normalize;
use crate::patch::Patch;
use crate::value::Value;
use chrono::{DateTime, NaiveDate};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Number, Value as Json};
use uuid::Uuid;

fn id() -> impl Strategy<Value = Uuid> {
    // Few, so that patches meet values that are there already.
    prop_oneof![(0..8_u128).prop_map(Uuid::from_u128), any::<u128>().prop_map(Uuid::from_u128)]
}

fn text(max: usize, multiline: bool) -> impl Strategy<Value = String> {
    let clean = move |input: String| {
        let clean =
            if multiline { normalize::lines(&input, max) } else { normalize::line(&input, max) };
        clean.ok().flatten()
    };
    prop_oneof!["[a-c]{1,2}", "\\PC{1,40}", "[\"\\\\/\\n\\té\u{1f600} a]{1,20}"]
        .prop_filter_map("not storable", clean)
}

/// What a custom field may hold.
fn custom_value() -> impl Strategy<Value = Json> {
    let float =
        prop_oneof![any::<f64>(), -1e6..1e6, (-1000..1000_i32).prop_map(|n| f64::from(n) / 100.0)]
            .prop_filter("a fraction that is kept", |f| f.is_finite() && f.fract() != 0.0);
    prop_oneof![
        any::<bool>().prop_map(Json::from),
        (-9_007_199_254_740_991..=9_007_199_254_740_991_i64).prop_map(Json::from),
        float.prop_filter_map("finite", |f| Number::from_f64(f).map(Json::from)),
        text(10_000, true).prop_map(Json::from),
        vec(text(100, true), 1..4).prop_map(Json::from),
    ]
}

/// A value that a field of this kind may have.
pub fn value(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Text { max } => text(max, false).prop_map(Value::Text).boxed(),
        Kind::LongText { max } => text(max, true).prop_map(Value::Text).boxed(),
        Kind::Email => "[a-z]{1,8}@[a-z]{1,8}\\.(org|de)".prop_map(Value::Text).boxed(),
        Kind::Phone => prop_oneof!["\\+4420712345[0-9]{2}(;ext=[0-9]{1,4})?", "0[0-9]{5,9}"]
            .prop_map(Value::Text)
            .boxed(),
        Kind::Url => "https://[a-z]{1,9}\\.(org|de)/[a-z]{0,5}".prop_map(Value::Text).boxed(),
        Kind::Language => "(de|en-GB|zh-Hant)".prop_map(Value::Text).boxed(),
        Kind::Integer { min, max } => (min..=max).prop_map(Value::Integer).boxed(),
        Kind::Money => (0..=9_007_199_254_740_991_i64, "EUR|USD|JPY|KWD")
            .prop_filter_map("a currency", |(amount, code)| {
                Some(Value::Money(Money { amount, currency: Currency::parse(&code)? }))
            })
            .boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Date => (1000..=9999_i32, 1..=365_u32)
            .prop_filter_map("a date", |(year, day)| NaiveDate::from_yo_opt(year, day))
            .prop_map(Value::Date)
            .boxed(),
        Kind::Time => (-30_610_224_000_000_000..=253_402_300_799_999_999_i64)
            .prop_filter_map("a time", DateTime::from_timestamp_micros)
            .prop_map(|time| Value::Time(micros(time)))
            .boxed(),
        Kind::Choice(_) | Kind::Member | Kind::Link(_) => id().prop_map(Value::Ref).boxed(),
        Kind::Choices(_) => {
            btree_set(id(), 1..5).prop_map(|ids| Value::Refs(ids.into_iter().collect())).boxed()
        }
        Kind::Custom => btree_map("[a-c]", custom_value(), 1..4)
            .prop_map(|values| Value::Custom(values.into_iter().collect()))
            .boxed(),
    }
}

/// What a patch may set a field of this kind to; `None` clears it.
fn patched(kind: Kind) -> impl Strategy<Value = Option<Value>> {
    let value = if kind == Kind::Custom {
        let one = prop_oneof![3 => custom_value(), 1 => Just(Json::Null)];
        btree_map("[a-c]", one, 0..4)
            .prop_map(|values| Value::Custom(values.into_iter().collect()))
            .boxed()
    } else {
        value(kind)
    };
    option::weighted(0.8, value)
}

/// A patch of a record type, which names some of its fields.
pub fn patch<C: Catalogue>() -> impl Strategy<Value = Patch> {
    let fields: Vec<_> = C::indices()
        .zip(C::FIELDS)
        .map(|(field, def)| {
            option::weighted(0.4, patched(def.kind).prop_map(move |value| (field, value)))
        })
        .collect();
    fields.prop_map(|values| values.into_iter().flatten().collect())
}
