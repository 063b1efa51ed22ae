//! What a player did in a run, frame by frame.

use naru_protocol::InputSpan;
use sha2::{Digest, Sha256};

/// The longest recording in frames: an hour of a game with 75 ms a frame.
const MAX_FRAMES: usize = 48_000;

/// The most spans: one for each frame.
const MAX_SPANS: usize = MAX_FRAMES;

/// One input for each frame; 1 to 48,000 of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording(Vec<u8>);

/// Why spans are no recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    /// Nothing was recorded.
    #[error("the recording is empty")]
    Empty,
    /// More spans than are read.
    #[error("the recording has {0} spans; at most {MAX_SPANS} are read")]
    TooManySpans(usize),
    /// A span of nothing.
    #[error("span {0} has no frames")]
    EmptySpan(usize),
    /// More frames than are replayed: a replay must end.
    #[error("the recording has more than {MAX_FRAMES} frames")]
    TooLong,
}

impl Recording {
    /// Unrolls spans.
    pub fn from_spans(spans: &[InputSpan]) -> Result<Recording, RecordingError> {
        if spans.is_empty() {
            return Err(RecordingError::Empty);
        }
        if spans.len() > MAX_SPANS {
            return Err(RecordingError::TooManySpans(spans.len()));
        }
        if let Some(empty) = spans.iter().position(|span| span.frames == 0) {
            return Err(RecordingError::EmptySpan(empty));
        }
        // Added up before anything is allocated: four spans can say sixteen billion frames.
        let frames: u64 = spans.iter().map(|span| u64::from(span.frames)).sum();
        if frames > MAX_FRAMES as u64 {
            return Err(RecordingError::TooLong);
        }
        let frames_of = |span: &InputSpan| std::iter::repeat_n(span.input, span.frames as usize);
        Ok(Recording(spans.iter().flat_map(frames_of).collect()))
    }

    /// How many frames it has.
    pub fn frames(&self) -> usize {
        self.0.len()
    }

    /// Tells recordings apart: equal ones have equal digests, however their spans are cut.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }

    /// One input for each frame.
    pub fn into_inputs(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn spans(frames: &[u32]) -> Vec<InputSpan> {
        frames.iter().map(|&frames| InputSpan { input: 1, frames }).collect()
    }

    #[test]
    fn a_recording_that_would_not_end_is_refused_before_it_is_unrolled() {
        assert_eq!(Recording::from_spans(&[]), Err(RecordingError::Empty));
        assert_eq!(Recording::from_spans(&spans(&[3, 0])), Err(RecordingError::EmptySpan(1)));
        assert_eq!(Recording::from_spans(&spans(&[u32::MAX; 4])), Err(RecordingError::TooLong));
        assert_eq!(Recording::from_spans(&spans(&[48_001])), Err(RecordingError::TooLong));
        let many = spans(&[1; MAX_SPANS + 1]);
        assert_eq!(Recording::from_spans(&many), Err(RecordingError::TooManySpans(MAX_SPANS + 1)));
        assert_eq!(Recording::from_spans(&spans(&[48_000])).unwrap().frames(), MAX_FRAMES);
    }

    #[test]
    fn how_spans_are_cut_does_not_matter() {
        let one = Recording::from_spans(&spans(&[5])).unwrap();
        let two = Recording::from_spans(&spans(&[2, 3])).unwrap();
        assert_eq!(one.digest(), two.digest());
    }
}
