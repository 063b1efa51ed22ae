//! Cutting what a staged file lacks into requests.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::update::stage::{Missing, Partial, StagedFile};

/// Pieces per request: enough that the overhead of a request is negligible, few
/// enough that all connections share one large file.
const UNITS_PER_REQUEST: usize = 16;

/// Neighbouring units of one file, to be fetched by one request.
pub(super) struct Span {
    pub(super) file: Arc<StagedFile>,
    pub(super) units: Range<usize>,
    pub(super) partial: Option<Partial>,
    /// How many requests of the file are still to be answered.
    pub(super) left: Arc<AtomicUsize>,
}

impl Span {
    pub(super) fn missing_bytes(&self) -> u64 {
        let ranges = self.units.clone().map(|unit| self.file.range(unit));
        let all: u64 = ranges.map(|range| range.end - range.start).sum();
        all - self.partial.as_ref().map_or(0, |partial| partial.done)
    }
}

/// Cuts the missing units of a file into requests.
pub(super) fn split(file: &Arc<StagedFile>, missing: Missing, spans: &mut Vec<Span>) {
    let mut partial: HashMap<usize, Partial> = missing.partial.into_iter().collect();
    let mut units = missing.units.into_iter().peekable();
    let (begun, left) = (spans.len(), Arc::new(AtomicUsize::new(0)));
    while let Some(first) = units.next() {
        let mut end = first + 1;
        // A partial unit begins a request of its own: its first bytes are here.
        while end - first < UNITS_PER_REQUEST && units.peek() == Some(&end) && !partial.contains_key(&end) {
            units.next();
            end += 1;
        }
        let (file, left) = (Arc::clone(file), Arc::clone(&left));
        spans.push(Span { file, units: first..end, partial: partial.remove(&first), left });
    }
    left.store(spans.len() - begun, Ordering::Relaxed);
}
