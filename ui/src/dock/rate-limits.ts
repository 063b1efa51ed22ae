const KILO = 1000
const MEGA = 1000 * KILO

const OFFERED = [500 * KILO, 1 * MEGA, 2 * MEGA, 5 * MEGA, 10 * MEGA, 20 * MEGA, 50 * MEGA]

/** The limits to choose from, in bytes per second, with the one in force where it is none of them. */
export function rateLimits(current: number | null): number[] {
  if (current === null || OFFERED.includes(current)) return OFFERED
  return [...OFFERED, current].sort((a, b) => a - b)
}
