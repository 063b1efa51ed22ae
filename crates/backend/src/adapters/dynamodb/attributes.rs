//! Attributes that hold types of the domain.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::domain::{PlayerId, RunId};
use crate::ports::StoreError;

/// An item, or a map in one.
pub(super) type Item = HashMap<String, AttributeValue>;

/// An attribute that nothing of ours has written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the attribute `{0}` is missing or not as it is written here")]
pub struct Unreadable(pub(super) &'static str);

impl Unreadable {
    pub(super) fn while_doing(doing: &'static str) -> impl Fn(Unreadable) -> StoreError {
        move |error| StoreError::new(doing, error)
    }
}

pub(super) fn string(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(super) fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(super) fn binary(bytes: impl Into<Vec<u8>>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

/// A time, to the millisecond.
pub(super) fn time(time: Timestamp) -> AttributeValue {
    number(time.as_millisecond())
}

/// When DynamoDB may delete an item: whole seconds, never early. It deletes within a few days.
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html>
pub(super) fn expiry(time: Timestamp) -> AttributeValue {
    number(time.as_second().saturating_add(1))
}

pub(super) fn read_str<'a>(item: &'a Item, name: &'static str) -> Result<&'a str, Unreadable> {
    let text = item.get(name).and_then(|value| value.as_s().ok());
    text.map(String::as_str).ok_or(Unreadable(name))
}

pub(super) fn read_number<T: FromStr>(item: &Item, name: &'static str) -> Result<T, Unreadable> {
    let digits = item.get(name).and_then(|value| value.as_n().ok());
    digits.and_then(|digits| digits.parse().ok()).ok_or(Unreadable(name))
}

pub(super) fn read_bytes<'a>(item: &'a Item, name: &'static str) -> Result<&'a [u8], Unreadable> {
    let bytes = item.get(name).and_then(|value| value.as_b().ok());
    bytes.map(AsRef::as_ref).ok_or(Unreadable(name))
}

pub(super) fn read_time(item: &Item, name: &'static str) -> Result<Timestamp, Unreadable> {
    Timestamp::from_millisecond(read_number(item, name)?).map_err(|_| Unreadable(name))
}

pub(super) fn read_player(item: &Item) -> Result<PlayerId, Unreadable> {
    PlayerId::parse(read_str(item, "player")?).map_err(|_| Unreadable("player"))
}

pub(super) fn read_run(item: &Item) -> Result<RunId, Unreadable> {
    RunId::parse(read_str(item, "run")?).ok_or(Unreadable("run"))
}
