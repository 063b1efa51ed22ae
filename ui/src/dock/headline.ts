import { JOB_TRAITS, type Job, type OfferedRelease } from '../backend'
import type { Words } from '../lang'
import type { Format } from '../lang/format'
import { fractionOf } from './progress'
import type { Situation } from './situation'

/** A headline and the facts under it, as a player reads them. */
export interface Headline {
  title: string
  facts: string[]
}

export function headlineOf(situation: Situation, words: Words, format: Format): Headline {
  const { dock } = words
  const release = (number: number) => words.release(format.count(number))
  switch (situation.is) {
    case 'working':
      return {
        title: words.jobs[situation.work].doing,
        facts: situation.stoppable
          ? progressFacts(situation.job, words, format)
          : [...progressFacts(situation.job, words, format), dock.notStoppable],
      }
    case 'paused':
      return {
        title: dock.paused,
        facts: [amountOf(situation.job, words, format), keptOf(situation.job, words)].filter((fact) => fact !== null),
      }
    case 'unreadable':
      return { title: dock.unreadable, facts: [] }
    case 'looking':
      return { title: dock.looking, facts: [dock.lookingHow] }
    case 'unasked':
      return { title: dock.unasked, facts: [] }
    case 'unreachable':
      return { title: dock.unreachable, facts: [] }
    case 'install':
      return {
        title: dock.install,
        facts: situation.release
          ? [release(situation.release.number), ...costOf(situation.release, words, format)]
          : [],
      }
    case 'update':
      return {
        title: dock.update(format.count(situation.release.number)),
        facts: [
          ...costOf(situation.release, words, format),
          dock.updateFrom(format.count(situation.installed.number)),
        ],
      }
    case 'ready':
      return {
        title: situation.unchecked?.code === 'unreachable' ? dock.offline : dock.ready,
        facts: [
          ...(situation.installed ? [release(situation.installed.number)] : []),
          ...(situation.updates === 'no' ? [] : [dock.updates[situation.updates]]),
        ],
      }
    case 'damaged':
      return { title: dock.damaged, facts: [damageOf(situation, words, format)] }
    case 'playing':
      return {
        title: dock.playing,
        facts: [
          ...(situation.installed ? [release(situation.installed.number)] : []),
          ...(situation.newer ? [dock.playingHow(format.count(situation.newer.number))] : []),
        ],
      }
  }
}

function damageOf(damaged: Situation & { is: 'damaged' }, { dock, problems }: Words, format: Format): string {
  if (damaged.record) return problems[damaged.record.code].hint
  return damaged.wounds > 0 ? dock.damagedHow(format.count(damaged.wounds)) : dock.missingHow
}

/** What a pause keeps: where no files travel there is nothing to keep. */
function keptOf({ kind }: Job, { dock }: Words): string | null {
  return { download: dock.pausedHow, upload: dock.pausedSent, none: null }[JOB_TRAITS[kind].transfer]
}

/** What is fetched before it starts: bytes and files, what lies here already, what it takes. */
function costOf(release: OfferedRelease, { dock }: Words, format: Format): string[] {
  const facts =
    release.downloadBytes === 0
      ? [dock.nothingToDownload]
      : [dock.download(format.bytes(release.downloadBytes), format.count(release.downloadFiles))]
  if (release.stagedBytes > 0) facts.push(dock.staged(format.bytes(release.stagedBytes)))
  facts.push(dock.takes(format.bytes(release.bytes)))
  return facts
}

function progressFacts(job: Job, words: Words, format: Format): string[] {
  const { dock } = words
  const facts: (string | null)[] = [job.phase && words.phases[job.phase], amountOf(job, words, format)]
  if (job.bytesPerSecond !== null) facts.push(format.rate(job.bytesPerSecond))
  if (job.secondsLeft !== null) facts.push(dock.left(format.duration(job.secondsLeft)))
  else if (fractionOf(job) !== null && job.phase === 'download') facts.push(dock.measuring)
  return facts.filter((fact) => fact !== null)
}

/** Bytes where they are counted, else files; null where neither is. */
function amountOf(job: Job, { dock }: Words, format: Format): string | null {
  if (job.totalBytes) return dock.of(format.bytes(job.doneBytes), format.bytes(job.totalBytes))
  if (job.totalFiles) return dock.filesOf(format.count(job.doneFiles), format.count(job.totalFiles))
  if (job.doneBytes > 0) return format.bytes(job.doneBytes)
  return null
}
