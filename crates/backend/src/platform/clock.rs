//! The time.

use jiff::Timestamp;

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The present, in whole milliseconds: what a store gives back is what it was given.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap_or_default()
    }
}
