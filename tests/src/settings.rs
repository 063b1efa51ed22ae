//! How thorough a run is.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What `cargo xtask faults` sets and a plain test run leaves at its defaults.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Injects a fault at every N-th call; 1 is every call. `None` leaves the choice to the test.
    pub every: Option<u64>,
    /// Where the choice begins.
    pub seed: u64,
}

impl Settings {
    /// Reads `NARU_FAULTS_EVERY` and `NARU_FAULTS_SEED`, and prints the seed.
    pub fn from_environment() -> Self {
        let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().expect(name));
        let seed = number("NARU_FAULTS_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
        println!("seed {seed}: NARU_FAULTS_SEED={seed} repeats this run");
        Self { every: number("NARU_FAULTS_EVERY"), seed }
    }

    /// The numbers from 1 to `last` that are struck: all, or about `bounded` of them.
    pub fn points(&self, last: u64, bounded: u64) -> Vec<u64> {
        let every = self.every.unwrap_or_else(|| last.div_ceil(bounded)).max(1);
        let first = 1 + self.seed % every;
        (first..=last).step_by(every as usize).collect()
    }

    /// Adds to a bounded choice some of the `tail` last numbers, where a release goes live.
    pub fn with_tail(&self, mut points: Vec<u64>, last: u64, tail: u64) -> Vec<u64> {
        let step = 4;
        if self.every.is_none() {
            points.extend((last - tail + self.seed % step..=last).step_by(step as usize));
        }
        points
    }
}

/// Calls `work` for each of `items`, on `per_processor` threads for each processor; each thread passes its
/// own number, from 0.
pub fn in_parallel<T: Sync>(items: &[T], per_processor: usize, work: impl Fn(usize, &T) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = per_processor * std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (next, work) = (&next, &work);
            scope.spawn(move || {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(thread, item);
                }
            });
        }
    });
}
