//! Faults as data.

use std::time::Duration;

use bytes::Bytes;

/// What happens to a request or to its answer. Offsets and lengths are bytes of the answer's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Resets the connection (TCP RST) after N bytes.
    ResetAfter(u64),
    /// Closes the connection cleanly after N bytes; the announced length stays.
    TruncateAfter(u64),
    /// Flips all bits of one byte.
    FlipByte(u64),
    /// Duplicates the first N bytes.
    RepeatFirst(u64),
    /// Swaps the two halves of the body.
    SwapHalves,
    /// Sends nothing more after N bytes.
    Stall(u64),
    /// Pauses after `at` bytes.
    Pause {
        /// Where.
        at: u64,
        /// How long.
        time: Duration,
    },
    /// Sends N bytes per second.
    Rate(u64),
    /// Forwards the request only after this time.
    Latency(Duration),
    /// Answers with this status and these headers; the request never reaches the server.
    Status(u16, Vec<(&'static str, String)>),
    /// Answers with these bytes, including the head, and closes.
    Raw(Bytes),
    /// A body without an announced length that never ends.
    Endless,
    /// A head that never ends.
    HeaderFlood,
    /// Removes `Range` from the request, so that the server answers 200 with everything.
    IgnoreRange,
    /// Requests a range N bytes further on, and forwards the answer as it is.
    OtherRange(u64),
    /// Requests a range N bytes further on, and pretends that it is the requested one.
    LyingRange(u64),
    /// Sets a header of the answer.
    Header(&'static str, String),
    /// Changes the announced length by N.
    LengthOff(i64),
    /// Resets the connection before the request reaches the server.
    DropRequest,
    /// Lets the server process the request, and loses its answer in a reset.
    DropAnswer,
}

/// Which of the requests that a rule concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// This one, from 1.
    Only(u64),
    /// This many, from the first one.
    First(u64),
    /// All of them.
    Every,
}

impl Nth {
    pub(super) fn is(self, number: u64) -> bool {
        match self {
            Nth::Only(only) => number == only,
            Nth::First(count) => number <= count,
            Nth::Every => true,
        }
    }
}

/// A fault, and the requests that it hits.
#[derive(Debug, Clone)]
pub struct Rule {
    method: Option<&'static str>,
    part: String,
    pub(super) nth: Nth,
    pub(super) fault: Fault,
}

impl Rule {
    /// Hits requests whose target contains `part`.
    pub fn new(part: impl Into<String>, nth: Nth, fault: Fault) -> Self {
        Self { method: None, part: part.into(), nth, fault }
    }

    /// The same for one method only.
    #[must_use]
    pub fn method(self, method: &'static str) -> Self {
        Self { method: Some(method), ..self }
    }

    pub(super) fn concerns(&self, method: &str, target: &str) -> bool {
        self.method.is_none_or(|only| only == method) && target.contains(&self.part)
    }
}
