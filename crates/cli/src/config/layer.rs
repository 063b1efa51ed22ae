//! Settings of one place.

use std::collections::BTreeMap;

use naru_protocol::ErrorCode;

use crate::config::key::{KEYS, Key};
use crate::config::value::{Origin, Raw, Value, check};
use crate::failure::Failure;
use crate::language::Words;

/// A value and where it was written.
#[derive(Debug, Clone)]
pub struct Entry {
    /// As it was written.
    pub raw: Raw,
    /// Where.
    pub origin: Origin,
}

/// Settings from one place, or from several on top of one another.
#[derive(Debug, Default, Clone)]
pub struct Layer(BTreeMap<(&'static str, &'static str), Entry>);

impl Layer {
    /// Writes one setting, over an earlier one.
    pub fn set(&mut self, key: &Key, entry: Entry) {
        self.0.insert((key.section, key.name), entry);
    }

    /// Says of all settings that they were written elsewhere.
    pub fn come_from(&mut self, origin: &Origin) {
        self.0.values_mut().for_each(|entry| entry.origin = origin.clone());
    }

    /// Puts another layer on top of this one.
    pub fn cover(&mut self, top: Layer) {
        self.0.extend(top.0);
    }

    /// The value of a setting and where it was written; `None` where it has none.
    pub fn value(&self, section: &str, name: &str) -> Result<Option<(Value, Origin)>, Failure> {
        let key = KEYS.iter().find(|key| (key.section, key.name) == (section, name)).ok_or_else(|| {
            Failure::new(ErrorCode::Internal, Words::same(format!("no setting {section}.{name}")))
        })?;
        let Some(entry) = self.0.get(&(key.section, key.name)) else {
            return Ok(None);
        };
        Ok(Some((check(key, &entry.raw, &entry.origin)?, entry.origin.clone())))
    }

    /// Reads every setting, so that a wrong one is reported by whichever command comes first.
    pub fn check_all(&self) -> Result<(), Failure> {
        for key in KEYS {
            self.value(key.section, key.name)?;
        }
        Ok(())
    }
}
