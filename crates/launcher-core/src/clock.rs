//! The time, as the machine has it.

use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// The machine's clock. Players set it, and a machine that sleeps skips hours: do not rely on it to advance
/// evenly.
pub trait Clock: Send + Sync {
    /// What it shows.
    fn now(&self) -> Timestamp;
    /// Waits by another clock, which stops while the machine sleeps.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The system's.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
