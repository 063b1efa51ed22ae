//! Time as the protocols write it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

/// Milliseconds since 1970.
pub(crate) type Millis = i64;

/// The present.
pub(crate) fn now() -> Millis {
    Timestamp::now().as_millisecond()
}

/// Milliseconds as the system's type, for libraries that want that one.
pub(crate) fn system_time(millis: Millis) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
pub(crate) fn http_date(millis: Millis) -> String {
    let time = Timestamp::from_millisecond(millis).unwrap_or_default();
    DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap_or_default()
}

/// `1994-11-06T08:49:37Z`.
pub(crate) fn iso_date(millis: Millis) -> String {
    let time = Timestamp::from_millisecond(millis).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_and_xml_want_them() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(iso_date(784_111_777_000), "1994-11-06T08:49:37Z");
    }
}
