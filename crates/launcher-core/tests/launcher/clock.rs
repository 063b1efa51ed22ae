//! A clock that the test moves.

use std::pin::Pin;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use naru_launcher_core::Clock;
use tokio::sync::watch;

/// Goes on only when it is moved, and wakes those whose time has come.
pub struct TestClock(watch::Sender<Timestamp>);

impl TestClock {
    /// Shows the time of this machine.
    pub fn new() -> Self {
        Self(watch::Sender::new(Timestamp::now()))
    }

    /// Moves it, forward or back.
    pub fn move_by(&self, by: SignedDuration) {
        self.0.send_modify(|now| *now += by);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut moved = self.0.subscribe();
        let begun = *moved.borrow_and_update();
        Box::pin(async move {
            // Sleepers use another clock, so setting this one back wakes them too.
            let is_over =
                |now: &Timestamp| *now < begun || now.duration_since(begun).unsigned_abs() >= duration;
            moved.wait_for(is_over).await.ok();
        })
    }
}
