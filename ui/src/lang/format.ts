import type { Language } from '../backend'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const MINUTE = 60
const HOUR = 60 * MINUTE

/** Numbers, sizes and times as a language writes them. */
export class Format {
  constructor(private readonly language: Language) {}

  count(count: number): string {
    return new Intl.NumberFormat(this.language).format(count)
  }

  /** Decimal units, as file managers and download pages show them. */
  bytes(bytes: number): string {
    const step = stepOf(bytes)
    return this.unit(bytes / 1000 ** step, UNITS[step] ?? 'byte', {
      unitDisplay: step === 0 ? 'long' : 'short',
      maximumFractionDigits: step < 2 ? 0 : 1,
    })
  }

  rate(bytesPerSecond: number): string {
    const step = Math.max(1, stepOf(bytesPerSecond))
    return this.unit(bytesPerSecond / 1000 ** step, `${UNITS[step] ?? 'byte'}-per-second`, {
      unitDisplay: 'short',
      maximumFractionDigits: step < 2 ? 0 : 1,
    })
  }

  /** Two units at most, and no seconds where nobody would count them. */
  duration(seconds: number): string {
    const whole = Math.max(1, Math.round(seconds))
    if (whole < MINUTE) return this.long(whole, 'second')
    if (whole < 10 * MINUTE) return this.pair(whole, MINUTE, 'minute', 1, 'second')
    const minutes = Math.round(whole / MINUTE)
    if (minutes < 60) return this.long(minutes, 'minute')
    return this.pair(minutes * MINUTE, HOUR, 'hour', MINUTE, 'minute')
  }

  date(rfc3339: string): string {
    const date = new Date(rfc3339)
    if (Number.isNaN(date.getTime())) return rfc3339
    return new Intl.DateTimeFormat(this.language, { dateStyle: 'medium' }).format(date)
  }

  percent(fraction: number): string {
    // Rounded down: nothing is complete before it is.
    const whole = Math.floor(fraction * 100) / 100
    return new Intl.NumberFormat(this.language, { style: 'percent' }).format(whole)
  }

  list(items: string[]): string {
    return new Intl.ListFormat(this.language, { type: 'conjunction' }).format(items)
  }

  private pair(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string) {
    const rest = Math.floor((seconds % big) / small)
    const first = this.long(Math.floor(seconds / big), bigUnit)
    return rest === 0 ? first : `${first} ${this.long(rest, smallUnit)}`
  }

  private long(value: number, unit: string): string {
    return this.unit(value, unit, { unitDisplay: 'long' })
  }

  private unit(value: number, unit: string, how: Intl.NumberFormatOptions): string {
    return new Intl.NumberFormat(this.language, { style: 'unit', unit, ...how }).format(value)
  }
}

/** A value that would be shown as 1000 belongs to the next unit. */
function stepOf(bytes: number): number {
  let step = 0
  while (step < UNITS.length - 1 && bytes / 1000 ** step >= 999.5) step += 1
  return step
}
