//! One player plays one game at a time.
//!
//! Each run that is accepted has taken time between its issue and the moment it was accepted, and no two of a
//! player's runs have taken the same time. Several runs that are taken at once count no more than one
//! after the other, and of recordings that were made in advance only as many count as there was time to play.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::run::{CLOCK_TOLERANCE, CLOCK_TOLERANCE_PART, MOST_OPEN_RUNS};
use super::{Run, RunId, RunRefusal};

/// A player's runs of late, and until when the time of all runs before them is taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Playing {
    /// By the time of their issue; the newest last. At most [`MOST_OPEN_RUNS`].
    runs: Vec<Taken>,
    /// In milliseconds since 1970.
    taken_until: i64,
}

/// One of a player's last runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Taken {
    run: String,
    issued_at: i64,
    /// What was accepted for it.
    played: Option<Played>,
}

/// A recording that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Played {
    milliseconds: i64,
    /// Which one, in hex: the same may come again.
    recording: String,
}

impl Playing {
    /// Opens a run. The oldest one is closed when there are too many.
    pub fn open(&mut self, run: &Run) {
        if self.place(&run.id).is_some() {
            return;
        }
        // An older run may come from another process of the service, whose clock is another.
        let issued_at = run.issued_at.as_millisecond();
        let place = self.runs.partition_point(|it| it.issued_at <= issued_at);
        self.runs.insert(place, Taken { run: run.id.to_string(), issued_at, played: None });
        while self.runs.len() > MOST_OPEN_RUNS {
            let oldest = self.runs.remove(0);
            self.taken_until = end_of(&oldest, self.taken_until);
        }
    }

    /// Whether a recording of this length fits into the time since the run was issued, beside all other runs
    /// of the player. Of a run that has its recording, nothing is said before this one was replayed.
    pub(crate) fn check(&self, run: &Run, length: Duration, now: Timestamp) -> Result<(), RunRefusal> {
        let is_played = self.place(&run.id).is_some_and(|place| self.runs[place].played.is_some());
        if is_played { Ok(()) } else { self.clone().take(run, [0; 32], length, now) }
    }

    /// Takes the time of a recording. The same one takes it once, however often it comes.
    pub fn take(
        &mut self,
        run: &Run,
        recording: [u8; 32],
        length: Duration,
        now: Timestamp,
    ) -> Result<(), RunRefusal> {
        let place = self.place(&run.id).ok_or(RunRefusal::Closed)?;
        let recording = hex::encode(recording);
        // A run counts once: with two recordings a player could send the better one second.
        if let Some(played) = &self.runs[place].played {
            return if played.recording == recording { Ok(()) } else { Err(RunRefusal::Used) };
        }
        let milliseconds = i64::try_from(shortest(length).as_millis()).unwrap_or(i64::MAX / 4);
        self.runs[place].played = Some(Played { milliseconds, recording });
        // Each run begins when it was issued or when the one before it was over, whichever is later.
        let end = self.runs.iter().fold(self.taken_until, |until, it| end_of(it, until));
        let late = SignedDuration::from_millis(end.saturating_sub(now.as_millisecond()));
        match Duration::try_from(late).unwrap_or_default() <= CLOCK_TOLERANCE {
            true => Ok(()),
            false => {
                Err(RunRefusal::Overlaps { played_ms: super::run::millis(length), late_ms: late.as_millis() })
            }
        }
    }

    fn place(&self, run: &RunId) -> Option<usize> {
        self.runs.iter().position(|it| it.run == run.as_str())
    }
}

/// A player's clock may be faster than ours.
fn shortest(length: Duration) -> Duration {
    length - length / CLOCK_TOLERANCE_PART
}

/// When a run was over, if nothing before it ended later than `until`.
fn end_of(run: &Taken, until: i64) -> i64 {
    match &run.played {
        Some(played) => until.max(run.issued_at).saturating_add(played.milliseconds),
        None => until,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::PlayerId;

    fn run(number: u8, second: i64) -> Run {
        Run {
            id: RunId::from_random([number; 16]),
            player: PlayerId::parse("player-1").unwrap(),
            seed: 1,
            rules_version: 1,
            issued_at: at(second),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn take(playing: &mut Playing, number: u8, issued: i64, length: u64, now: i64) -> Result<(), RunRefusal> {
        // As the flow does it: what is refused changes nothing.
        let mut changed = playing.clone();
        changed.take(&run(number, issued), [number; 32], Duration::from_secs(length), at(now))?;
        *playing = changed;
        Ok(())
    }

    #[test]
    fn runs_at_once_take_the_time_of_runs_one_after_the_other() {
        let mut playing = Playing::default();
        (1..=3).for_each(|number| playing.open(&run(number, 0)));
        assert_eq!(take(&mut playing, 2, 0, 28, 34), Ok(()));
        assert!(matches!(take(&mut playing, 1, 0, 28, 34), Err(RunRefusal::Overlaps { .. })), "56 s in 34");
        assert_eq!(take(&mut playing, 1, 0, 28, 56), Ok(()), "there was time for both by then");
        assert!(matches!(take(&mut playing, 3, 0, 28, 60), Err(RunRefusal::Overlaps { .. })));
    }

    #[test]
    fn waiting_saves_no_time_for_runs_that_are_issued_later() {
        let mut playing = Playing::default();
        (1..=3).for_each(|number| playing.open(&run(number, 3600)));
        assert_eq!(take(&mut playing, 1, 3600, 28, 3634), Ok(()));
        let second = take(&mut playing, 2, 3600, 28, 3634);
        assert!(matches!(second, Err(RunRefusal::Overlaps { .. })), "an idle hour is no budget: {second:?}");
    }

    #[test]
    fn scores_may_arrive_in_another_order() {
        let mut playing = Playing::default();
        playing.open(&run(1, 0));
        playing.open(&run(2, 30));
        assert_eq!(take(&mut playing, 2, 30, 28, 59), Ok(()));
        assert_eq!(take(&mut playing, 1, 0, 28, 60), Ok(()), "played first, and held up on its way");
    }

    #[test]
    fn the_same_recording_takes_its_time_once_and_another_one_is_refused() {
        let mut playing = Playing::default();
        playing.open(&run(1, 0));
        assert_eq!(take(&mut playing, 1, 0, 28, 30), Ok(()));
        assert_eq!(take(&mut playing, 1, 0, 28, 30), Ok(()), "a repetition");
        let other = playing.take(&run(1, 0), [9; 32], Duration::from_secs(1), at(90));
        assert_eq!(other, Err(RunRefusal::Used));
    }

    #[test]
    fn a_run_too_many_closes_the_oldest_one_and_keeps_what_it_has_taken() {
        let mut playing = Playing::default();
        (1..=3).for_each(|number| playing.open(&run(number, 0)));
        assert_eq!(take(&mut playing, 1, 0, 30, 30), Ok(()));
        playing.open(&run(4, 30));
        playing.open(&run(5, 30));
        assert_eq!(take(&mut playing, 1, 0, 30, 90), Err(RunRefusal::Closed));
        assert_eq!(take(&mut playing, 2, 0, 30, 90), Err(RunRefusal::Closed), "nobody finished it");
        assert!(
            matches!(take(&mut playing, 3, 0, 28, 40), Err(RunRefusal::Overlaps { .. })),
            "30 s are taken"
        );
        assert_eq!(take(&mut playing, 3, 0, 28, 58), Ok(()));
        playing.open(&run(5, 30));
        assert_eq!(playing.runs.len(), MOST_OPEN_RUNS, "a run is opened once");
    }

    #[test]
    fn a_day_of_runs_on_a_clock_that_is_a_hundredth_fast_is_honest() {
        let mut playing = Playing::default();
        let mut now = 0;
        for number in 0..200 {
            let issued = now;
            playing.open(&run(number, issued));
            now += 396;
            assert_eq!(take(&mut playing, number, issued, 400, now), Ok(()), "run {number}");
        }
    }
}
