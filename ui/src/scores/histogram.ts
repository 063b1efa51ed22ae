import type { Statistics } from '../backend'

export interface HistogramBar {
  from: number
  /** The first score that is not in it any more. */
  to: number
  count: number
}

export interface Histogram {
  bars: HistogramBar[]
  /** The highest tick of the count axis. */
  top: number
  scoreTicks: number[]
  countTicks: number[]
}

/** Bars side by side without gaps: empty ones filled in, and merged where there are more than `most`. */
export function histogramOf(statistics: Statistics, most = 32): Histogram | null {
  const { bars, width } = statistics
  const first = bars[0]
  const last = bars.at(-1)
  if (!first || !last || width <= 0) return null

  const merged = width * Math.ceil((last.from - first.from + width) / width / most)
  const start = Math.floor(first.from / merged) * merged
  const amount = Math.floor((last.from - start) / merged) + 1
  const filled = Array.from({ length: amount }, (_, at) => ({
    from: start + at * merged,
    to: start + (at + 1) * merged,
    count: 0,
  }))
  for (const bar of bars) {
    const target = filled[Math.floor((bar.from - start) / merged)]
    if (target) target.count += bar.count
  }

  const countTicks = ticks(0, Math.max(...filled.map((bar) => bar.count)), 4)
  return {
    bars: filled,
    top: countTicks.at(-1) ?? 1,
    scoreTicks: ticks(start, start + amount * merged, 6).filter((tick) => tick <= start + amount * merged),
    countTicks,
  }
}

/** Where a score lies along the axis, from 0 to 1. */
export function placeOf(score: number, histogram: Histogram): number {
  const low = histogram.bars[0]?.from ?? 0
  const high = histogram.bars.at(-1)?.to ?? 1
  return Math.min(1, Math.max(0, (score - low) / (high - low)))
}

/** Round numbers from below `low` to not below `high`: steps of 1, 2 or 5 times a power of ten, whole ones. */
export function ticks(low: number, high: number, about: number): number[] {
  const rough = Math.max(1, (high - low) / about)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const begin = Math.ceil(low / step) * step
  const found = [begin]
  while ((found.at(-1) ?? 0) < high) found.push((found.at(-1) ?? 0) + step)
  return found
}
