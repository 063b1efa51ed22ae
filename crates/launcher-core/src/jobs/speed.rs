//! How fast it goes, over the last seconds.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Long enough that one slow connection does not show, short enough that a lost one does.
const WINDOW: Duration = Duration::from_secs(5);

/// Less than this says nothing yet.
const SHORTEST: Duration = Duration::from_millis(500);

/// Samples of a running total.
#[derive(Debug, Default)]
pub(crate) struct Speed {
    samples: VecDeque<(Instant, u64)>,
}

impl Speed {
    /// Notes the total at a moment; answers bytes per second over the window.
    pub(crate) fn note(&mut self, now: Instant, total: u64) -> Option<u64> {
        self.samples.push_back((now, total));
        // One sample from before the window stays: it is where the window begins.
        while self.samples.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            self.samples.pop_front();
        }
        let (since, before) = *self.samples.front()?;
        let time = now.duration_since(since);
        if time < SHORTEST {
            return None;
        }
        Some((total.saturating_sub(before) as f64 / time.as_secs_f64()) as u64)
    }

    /// Another phase begins.
    pub(crate) fn forget(&mut self) {
        self.samples.clear();
    }
}

/// How long the rest takes at a speed; nothing while nothing moves.
pub(crate) fn seconds_left(rest: u64, bytes_per_second: Option<u64>) -> Option<u64> {
    bytes_per_second.filter(|speed| *speed > 0).map(|speed| rest.div_ceil(speed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_that_of_the_last_seconds() {
        let (mut speed, start) = (Speed::default(), Instant::now());
        let at = |tenths: u64| start + Duration::from_millis(tenths * 100);
        assert_eq!(speed.note(at(0), 0), None, "one moment has no speed");
        assert_eq!(speed.note(at(1), 1_000_000), None, "a tenth of a second says nothing");
        assert_eq!(speed.note(at(10), 1_000_000), Some(1_000_000));
        assert_eq!(speed.note(at(70), 1_000_000), Some(0), "what came before the window is forgotten");
        speed.forget();
        assert_eq!(speed.note(at(71), 5), None, "another phase starts anew");
    }

    #[test]
    fn what_does_not_move_has_no_end_in_sight() {
        assert_eq!(seconds_left(10, Some(3)), Some(4));
        assert_eq!(seconds_left(10, Some(0)), None);
        assert_eq!(seconds_left(10, None), None);
    }
}
