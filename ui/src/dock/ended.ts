import { JOB_TRAITS, type Game, type Job } from '../backend'
import type { Words } from '../lang'
import type { Format } from '../lang/format'
import { stockOf } from '../stock'
import type { Work } from './situation'

/** The headline of a job that has ended. */
export function endedTitle(job: Job, work: Work, words: Words, format: Format): string {
  const { state, kind } = job
  if (state.state === 'failed') return words.jobs[work].failed
  if (state.state !== 'done') return words.jobs[work].cancelled

  const { release } = state.outcome
  if (release !== null && kind === 'update') return words.ended.installed(format.count(release))
  if (release !== null && kind === 'publish') return words.ended.published(format.count(release))
  return words.jobs[work].done
}

/** What it came to, in sentences. */
export function endedLines(job: Job, game: Game, words: Words, format: Format): string[] {
  const { state, kind } = job
  const { game: use, transfer } = JOB_TRAITS[kind]
  if (state.state === 'cancelled') return use === 'changes' ? [words.ended.asBefore[stockOf(game)]] : []
  if (state.state !== 'done') return []

  const { wounds, travelledBytes } = state.outcome
  const lines: string[] = []
  if (kind === 'verify') {
    lines.push(wounds === 0 ? words.ended.sound : words.ended.found(format.count(wounds)))
  }
  if (kind === 'repair') {
    lines.push(wounds === 0 ? words.ended.sound : words.ended.mended(format.count(wounds)))
  }
  if (travelledBytes > 0 && transfer !== 'none') {
    const travelled = { download: words.ended.fetched, upload: words.ended.sent }[transfer]
    lines.push(travelled(format.bytes(travelledBytes)))
  }
  return lines
}
