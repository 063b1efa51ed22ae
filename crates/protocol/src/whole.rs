//! Whole numbers in JSON that others write.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// The largest number up to which a float names every whole one.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a whole number that may be written as one with a fraction of zero: to JSON Schema, `1.0`
/// is an integer (2020-12, section 6.1.1), and some languages have no other numbers.
pub(crate) fn whole<'de, T: TryFrom<u64>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let number = deserializer.deserialize_u64(Whole)?;
    T::try_from(number)
        .map_err(|_| D::Error::invalid_value(Unexpected::Unsigned(number), &"a smaller number"))
}

struct Whole;

impl Visitor<'_> for Whole {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number from 0")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        u64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<u64, E> {
        if number.fract() == 0.0 && (0.0..=EXACT).contains(&number) {
            return Ok(number as u64);
        }
        Err(E::invalid_value(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<u32> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        whole::<u32, _>(&mut deserializer).ok()
    }

    #[test]
    fn one_is_one_however_it_is_written() {
        for text in ["1", "1.0", "1e0", "10e-1"] {
            assert_eq!(read(text), Some(1), "{text}");
        }
        assert_eq!(read("4294967295.0"), Some(u32::MAX));
        let mut large = serde_json::Deserializer::from_str("3924549455927466.0");
        assert_eq!(whole::<u64, _>(&mut large).ok(), Some(3_924_549_455_927_466), "to the last digit");
    }

    #[test]
    fn what_is_no_whole_number_of_the_type_is_refused() {
        for text in ["1.5", "-1", "-1.0", "4294967296", "4294967296.0", "1e300", "\"1\"", "null", "true"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
