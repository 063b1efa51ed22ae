//! When to ask again after a failure.

use jiff::{SignedDuration, Timestamp};

const FIRST: SignedDuration = SignedDuration::from_secs(5);
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// Failures in a row, and the pause after the last one.
#[derive(Debug, Default)]
pub(crate) struct Retry {
    failures: u32,
    pause: Option<(Timestamp, SignedDuration)>,
}

impl Retry {
    /// Notes a failure: each makes the pause twice as long. `chance` is between 0 and 255: many launchers
    /// whose server was away must not come back in one moment.
    pub(crate) fn failed(&mut self, now: Timestamp, chance: u8) {
        let pause = (FIRST * 2_i32.pow(self.failures.min(8))).min(LONGEST);
        self.failures += 1;
        self.pause = Some((now, pause - pause / 4 * i32::from(chance) / 255));
    }

    /// How long to wait. A clock that was set back ends the pause.
    pub(crate) fn left(&self, now: Timestamp) -> SignedDuration {
        match self.pause {
            Some((failed, pause)) if now >= failed => pause - now.duration_since(failed),
            _ => SignedDuration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn pauses_grow_to_ten_minutes_and_chance_makes_them_shorter() {
        let mut retry = Retry::default();
        assert!(!retry.left(at(0)).is_positive(), "nothing has failed");
        let pauses = [0; 9].map(|chance| {
            retry.failed(at(0), chance);
            retry.left(at(0)).as_secs()
        });
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        retry.failed(at(0), 255);
        assert_eq!(retry.left(at(0)).as_secs(), 450, "a quarter at most");
        assert!(!retry.left(at(450)).is_positive(), "then it is over");
        assert!(!retry.left(at(-1)).is_positive(), "a clock that was set back holds nobody up");
    }
}
