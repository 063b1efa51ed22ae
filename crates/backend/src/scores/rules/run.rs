//! Runs: issued once, played once, scored once.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::platform::PlayerId;

/// How long a run's score may be sent: the longest run, and as much again in pauses.
const LIFETIME: SignedDuration = SignedDuration::from_hours(2);

/// Runs that a player may have at once: the one that is played, and two whose scores are still on their way
/// or that were never finished.
pub(super) const MOST_OPEN_RUNS: usize = 3;

/// What two clocks may differ by over a run: a second, and a hundredth of its length.
///
/// The game counts frames by the player's clock, the service by its own; a cheap crystal is off by
/// a ten-thousandth, and a time service may slew a clock by up to a two-thousandth.
pub(super) const CLOCK_TOLERANCE: Duration = Duration::from_secs(1);
pub(super) const CLOCK_TOLERANCE_PART: u32 = 100;

/// 128 random bits, in hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(String);

/// A run that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The player that it was issued to: no other player may send its score.
    pub player: PlayerId,
    /// What the simulation starts from.
    pub seed: u32,
    /// The rules of the service at that time.
    pub rules_version: u32,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// Why a submission is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunRefusal {
    /// No such run, or another player's: the answer is the same, so that ids can't be probed.
    #[error("no run of this id was issued to this player")]
    Unknown,
    /// Too late.
    #[error("the run expired at {0}")]
    Expired(Timestamp),
    /// The game and the service play by different rules.
    #[error("the run was played by rules {played}, and the service replays by rules {replayed}")]
    RulesDiffer {
        /// Of the game.
        played: u32,
        /// Of the service now.
        replayed: u32,
    },
    /// The recording is longer than the time since the run was issued.
    #[error("the recording lasts {played_ms} ms, and the run was issued {elapsed_ms} ms ago")]
    TooFast {
        /// The length of the recording.
        played_ms: u64,
        /// The time since the run was issued.
        elapsed_ms: u64,
    },
    /// The player has played other runs in that time.
    #[error(
        "the recording lasts {played_ms} ms, and with the player's other runs it ends {late_ms} ms from now"
    )]
    Overlaps {
        /// The length of the recording.
        played_ms: u64,
        /// What is missing.
        late_ms: i128,
    },
    /// The player has begun several others since.
    #[error(
        "the run was closed: a player has {MOST_OPEN_RUNS} runs at once, and newer ones were issued since"
    )]
    Closed,
    /// The recording ends before the run does.
    #[error("the recording stops after {0} frames, before the run is over")]
    NotOver(usize),
    /// The recording continues after the run is over.
    #[error("the run is over after {survived} frames, and the recording has {recorded}")]
    GoesOn {
        /// The frames that the replay survived.
        survived: u32,
        /// The frames of the recording.
        recorded: usize,
    },
    /// Another recording was accepted for the run.
    #[error("another recording of this run was accepted before")]
    Used,
}

impl RunId {
    /// The id of random bits.
    pub fn from_random(bits: [u8; 16]) -> RunId {
        RunId(hex::encode(bits))
    }

    /// Reads an id; nothing for text that is not one.
    pub fn parse(text: &str) -> Option<RunId> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 32 && text.bytes().all(hex)).then(|| RunId(text.to_owned()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Run {
    /// Until when its score may be sent.
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.issued_at.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX)
    }

    /// Before when a run must have been issued so that no score of it can arrive any more.
    pub fn outlived(now: Timestamp) -> Timestamp {
        now.saturating_sub(LIFETIME * 2).unwrap_or(Timestamp::MIN)
    }

    /// What can be told before the recording is replayed: whose the run is, and its time.
    pub(crate) fn check_claim(&self, claim: &Claim<'_>) -> Result<(), RunRefusal> {
        // As if it did not exist: a different answer would reveal which ids are in use.
        if &self.player != claim.player {
            return Err(RunRefusal::Unknown);
        }
        if claim.now > self.expires_at() {
            return Err(RunRefusal::Expired(self.expires_at()));
        }
        // Both the game's and the run's: rules that changed in between would give the recording other points.
        for played in [claim.rules_version, self.rules_version] {
            if played != claim.replayed_by {
                return Err(RunRefusal::RulesDiffer { played, replayed: claim.replayed_by });
            }
        }
        self.check_pace(claim)
    }

    /// A run can't be played faster than its frames last.
    fn check_pace(&self, claim: &Claim<'_>) -> Result<(), RunRefusal> {
        let played = claim.length;
        let tolerance = CLOCK_TOLERANCE + played / CLOCK_TOLERANCE_PART;
        let elapsed = Duration::try_from(claim.now.duration_since(self.issued_at)).unwrap_or_default();
        match played <= elapsed + tolerance {
            true => Ok(()),
            false => Err(RunRefusal::TooFast { played_ms: millis(played), elapsed_ms: millis(elapsed) }),
        }
    }
}

/// What a submission says of itself, and when and by which rules it is looked at.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    /// Who sends it.
    pub(crate) player: &'a PlayerId,
    /// The rules of the game that was played.
    pub(crate) rules_version: u32,
    /// The rules of the service.
    pub(crate) replayed_by: u32,
    /// How long the recording lasts.
    pub(crate) length: Duration,
    /// When it arrived.
    pub(crate) now: Timestamp,
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
