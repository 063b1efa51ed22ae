//! The time, as the machine has it.

use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// The machine's clock. Players set it, and a machine that sleeps skips hours: nobody counts on it to go on
/// evenly.
pub trait Clock: Send + Sync {
    /// What it shows.
    fn now(&self) -> Timestamp;
    /// Waits for so long by another clock, which stands still while the machine sleeps.
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
