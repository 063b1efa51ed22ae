//! One phase as a progress bar.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use naru_patcher::{Phase, PhaseProgress, Total};

use crate::output::Output;
use crate::progress::title;

const BYTES: &str =
    "{prefix:<22} {bar:24} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta} {wide_msg}";
const ITEMS: &str = "{prefix:<22} {bar:24} {pos}/{len} {eta} {wide_msg}";
const UNKNOWN: &str = "{prefix:<22} {spinner} {elapsed} {wide_msg}";

/// A bar that counts bytes where the phase knows them, else files.
pub struct Bar {
    bar: ProgressBar,
    counts_items: bool,
}

impl Bar {
    /// Adds a bar below the others.
    pub fn start(output: &Output, phase: Phase, total: Total) -> Self {
        let (template, length) = match (total.bytes, total.items) {
            (Some(bytes), _) => (BYTES, Some(bytes)),
            (None, Some(items)) => (ITEMS, Some(items)),
            (None, None) => (UNKNOWN, None),
        };
        let bar = output.bars().add(match length {
            Some(length) => ProgressBar::new(length),
            None => ProgressBar::new_spinner(),
        });
        // The templates are constants; the default style is a bar as well.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(title(phase, output.language));
        bar.enable_steady_tick(Duration::from_millis(200));
        let counts_items = total.bytes.is_none() && total.items.is_some();
        Self { bar, counts_items }
    }
}

impl PhaseProgress for Bar {
    fn bytes(&self, more: u64) {
        if !self.counts_items {
            self.bar.inc(more);
        }
    }

    fn item(&self, path: &str) {
        if self.counts_items {
            self.bar.inc(1);
        }
        self.bar.set_message(path.to_owned());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
