//! Attributes that hold types of ours.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::platform::{PlayerId, StoreError};

/// An item, or a map in one.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// An attribute that nothing of ours has written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the attribute `{0}` is missing or not as it is written here")]
pub(crate) struct Unreadable(pub(crate) &'static str);

impl Unreadable {
    pub(crate) fn while_doing(doing: &'static str) -> impl Fn(Unreadable) -> StoreError {
        move |error| StoreError::new(doing, error)
    }
}

pub(crate) fn string(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(crate) fn binary(bytes: impl Into<Vec<u8>>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

/// A time, to the millisecond.
pub(crate) fn time(time: Timestamp) -> AttributeValue {
    number(time.as_millisecond())
}

/// When DynamoDB may delete an item: whole seconds, never early. It deletes within a few days.
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html>
pub(crate) fn expiry(time: Timestamp) -> AttributeValue {
    number(time.as_second().saturating_add(1))
}

pub(crate) fn read_str<'a>(item: &'a Item, name: &'static str) -> Result<&'a str, Unreadable> {
    let text = item.get(name).and_then(|value| value.as_s().ok());
    text.map(String::as_str).ok_or(Unreadable(name))
}

pub(crate) fn read_number<T: FromStr>(item: &Item, name: &'static str) -> Result<T, Unreadable> {
    let digits = item.get(name).and_then(|value| value.as_n().ok());
    digits.and_then(|digits| digits.parse().ok()).ok_or(Unreadable(name))
}

pub(crate) fn read_bytes<'a>(item: &'a Item, name: &'static str) -> Result<&'a [u8], Unreadable> {
    let bytes = item.get(name).and_then(|value| value.as_b().ok());
    bytes.map(AsRef::as_ref).ok_or(Unreadable(name))
}

pub(crate) fn read_time(item: &Item, name: &'static str) -> Result<Timestamp, Unreadable> {
    Timestamp::from_millisecond(read_number(item, name)?).map_err(|_| Unreadable(name))
}

pub(crate) fn read_player(item: &Item) -> Result<PlayerId, Unreadable> {
    PlayerId::parse(read_str(item, "player")?).map_err(|_| Unreadable("player"))
}
