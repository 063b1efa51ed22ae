//! How often which scores were reached.

use naru_protocol::Bar;

/// One score and how often it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoreCount {
    /// The points.
    pub points: u32,
    /// How often.
    pub count: u64,
}

/// Gathers counts by rising score into bars of `width` points; a width of 0 counts as 1.
pub(super) fn bars(counts: &[ScoreCount], width: u32) -> Vec<Bar> {
    let width = width.max(1);
    let mut bars: Vec<Bar> = Vec::new();
    for &ScoreCount { points, count } in counts {
        let from = points - points % width;
        match bars.last_mut() {
            Some(bar) if bar.from == from => bar.count += count,
            _ => bars.push(Bar { from, count }),
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_holds_the_scores_of_its_width() {
        let counts = [(0, 1), (18, 2), (20, 4), (39, 8), (60, 16)];
        let counts = counts.map(|(points, count)| ScoreCount { points, count });
        let bar = |from, count| Bar { from, count };
        assert_eq!(bars(&counts, 20), [bar(0, 3), bar(20, 12), bar(60, 16)]);
        assert_eq!(bars(&counts, 0).len(), 5);
    }
}
