//! How many tests passed and failed, read from what the test runners print.

use std::ops::AddAssign;

/// Counted tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Tally {
    /// Sums the closing lines of `cargo test` (`test result: ok. 12 passed; 1 failed; …`).
    pub fn of_cargo(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines().filter(|line| line.starts_with("test result:")) {
            tally.passed += number_before(line, " passed");
            tally.failed += number_before(line, " failed");
        }
        tally
    }

    /// Reads the closing lines of `node --test` (`# pass 12`, `ℹ fail 1`).
    pub fn of_node(output: &str) -> Self {
        let count = |word: &str| {
            let lines = output.lines().filter_map(|line| line.strip_prefix(['#', 'ℹ']));
            lines.filter_map(|line| line.trim().strip_prefix(word)?.trim().parse::<u64>().ok()).sum()
        };
        Self { passed: count("pass "), failed: count("fail ") }
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_runners_are_summed() {
        let cargo = "running 3 tests\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
            noise 99 passed\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        let mut tally = Tally::of_cargo(cargo);
        assert_eq!(tally, Tally { passed: 15, failed: 2 }, "each test binary prints its own result");
        tally += Tally::of_node("ok 1 - pass\n# tests 5\n# pass 4\n# fail 1\n");
        tally += Tally::of_node("ℹ pass 7\nℹ fail 0\n");
        assert_eq!(tally, Tally { passed: 26, failed: 3 }, "both reporters of node are understood");
    }
}
