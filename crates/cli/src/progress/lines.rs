//! One phase as JSON lines, at most two a second.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use naru_patcher::{Phase, PhaseProgress, Total};
use serde::Serialize;

use crate::output::Output;
use crate::progress::name;

const BETWEEN: Duration = Duration::from_millis(500);

/// Counts what is done, and prints it now and then.
pub struct Lines {
    output: Arc<Output>,
    phase: Phase,
    total: Total,
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bytes: u64,
    items: u64,
    path: String,
    printed: Option<Instant>,
}

#[derive(Serialize)]
struct Line<'a> {
    phase: &'static str,
    bytes: u64,
    total_bytes: Option<u64>,
    items: u64,
    total_items: Option<u64>,
    rate: u64,
    seconds_left: Option<u64>,
    path: &'a str,
    done: bool,
}

impl Lines {
    /// Prints the first line of a phase.
    pub fn start(output: Arc<Output>, phase: Phase, total: Total) -> Self {
        let lines = Self { output, phase, total, begun: Instant::now(), state: Mutex::default() };
        lines.advance(|_| {});
        lines
    }

    fn advance(&self, step: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        step(&mut state);
        let now = Instant::now();
        if state.printed.is_none_or(|last| now - last >= BETWEEN) {
            state.printed = Some(now);
            self.print(&state, false);
        }
    }

    fn print(&self, state: &State, done: bool) {
        let seconds = self.begun.elapsed().as_secs_f64();
        let rate = if seconds > 0.0 { (state.bytes as f64 / seconds) as u64 } else { 0 };
        let left = self.total.bytes.map(|total| total.saturating_sub(state.bytes));
        let line = Line {
            phase: name(self.phase),
            bytes: state.bytes,
            total_bytes: self.total.bytes,
            items: state.items,
            total_items: self.total.items,
            rate,
            seconds_left: left.filter(|_| rate > 0).map(|left| left.div_ceil(rate)),
            path: &state.path,
            done,
        };
        self.output.json_remark("progress", &line);
    }
}

impl PhaseProgress for Lines {
    fn bytes(&self, more: u64) {
        self.advance(|state| state.bytes += more);
    }

    fn item(&self, path: &str) {
        self.advance(|state| {
            state.items += 1;
            path.clone_into(&mut state.path);
        });
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.print(&state, true);
    }
}
