//! Faults as data.

use std::time::Duration;

use bytes::Bytes;

/// What happens to a request or to its answer. Offsets and lengths are bytes of the answer's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset (TCP RST) after so many bytes.
    ResetAfter(u64),
    /// The connection is closed in good order after so many bytes; the announced length stays.
    TruncateAfter(u64),
    /// One byte arrives with all its bits turned.
    FlipByte(u64),
    /// So many bytes come twice.
    RepeatFirst(u64),
    /// The two halves arrive in the wrong order.
    SwapHalves,
    /// After so many bytes nothing comes any more.
    Stall(u64),
    /// After `at` bytes nothing comes for a while.
    Pause {
        /// Where.
        at: u64,
        /// How long.
        time: Duration,
    },
    /// The answer comes at so many bytes per second.
    Rate(u64),
    /// The request is handed on only after this time.
    Latency(Duration),
    /// The proxy answers with this status and these headers; the server never hears of it.
    Status(u16, Vec<(&'static str, String)>),
    /// The proxy answers with these bytes, head and all, and closes.
    Raw(Bytes),
    /// A body without an announced length that never ends.
    Endless,
    /// A head that never ends.
    HeaderFlood,
    /// `Range` is taken off the request, so that 200 comes with everything.
    IgnoreRange,
    /// Another range is asked for, so much further on, and answered truly.
    OtherRange(u64),
    /// Another range is asked for, so much further on, and answered as if it were the right one.
    LyingRange(u64),
    /// A header of the answer is set to this.
    Header(&'static str, String),
    /// The announced length is off by so much.
    LengthOff(i64),
    /// The connection is reset before the server hears of the request.
    DropRequest,
    /// The server does what it was asked, and its answer is lost in a reset.
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
