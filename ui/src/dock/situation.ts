import type { Game, InstalledRelease, Job, JobKind, Launcher, Offer, OfferedRelease, Problem } from '../backend'

/** What a job is to its reader: the first update of all is an install. */
export type Work = JobKind | 'install'

/** What the dock tells and offers: exactly one of these at any time. */
export type Situation =
  | { is: 'working'; job: Job; work: Work; stoppable: boolean; playable: boolean }
  | { is: 'paused'; job: Job }
  | { is: 'unreadable'; problem: Problem }
  | { is: 'looking' }
  | { is: 'unasked' }
  | { is: 'unreachable'; problem: Problem | null }
  | { is: 'install'; release: OfferedRelease | null }
  | { is: 'update'; release: OfferedRelease; installed: InstalledRelease }
  | { is: 'ready'; installed: InstalledRelease | null; updates: UpdateCheck; unchecked: Problem | null }
  | { is: 'damaged'; wounds: number; record: Problem | null }
  | { is: 'playing'; installed: InstalledRelease | null; newer: OfferedRelease | null }

/** What is known of newer releases while the game can be played. */
export type UpdateCheck = 'no' | 'checking' | 'newest' | 'failed'

export function situationOf({ game, job, obstacles }: Pick<Launcher, 'game' | 'job' | 'obstacles'>): Situation {
  if (job?.state.state === 'running') {
    const playable = obstacles.play.length === 0
    const { stoppable } = job.state
    return { is: 'working', job, work: workOf(job, game), stoppable, playable }
  }
  if (job?.state.state === 'paused') return { is: 'paused', job }
  const { installed, offer } = game
  // A record of the files that can't be read is made anew by a repair.
  if (game.unreadable && game.action !== 'repair') return { is: 'unreadable', problem: game.unreadable }

  switch (game.action) {
    case 'playing':
      return { is: 'playing', installed, newer: offer.state === 'available' ? offer.release : null }
    case 'repair':
      return { is: 'damaged', wounds: game.wounds, record: game.unreadable }
    case 'install':
      return { is: 'install', release: offer.state === 'available' ? offer.release : null }
    case 'update':
      // An offer without a release would be a fault of the launcher: the game is playable all the same.
      if (installed && offer.state === 'available') {
        return { is: 'update', release: offer.release, installed }
      }
      break
    case 'none':
      if (offer.state === 'failed') return { is: 'unreachable', problem: offer.problem }
      return { is: offer.state === 'checking' ? 'looking' : 'unasked' }
  }
  return { is: 'ready', installed, updates: checkOf(offer), unchecked: offer.state === 'failed' ? offer.problem : null }
}

/** Only an answer tells that there is nothing newer, and only a question that is under way is waited for. */
function checkOf(offer: Offer): UpdateCheck {
  switch (offer.state) {
    case 'checking':
    case 'failed':
      return offer.state
    case 'up-to-date':
      return 'newest'
    default:
      return 'no'
  }
}

export function workOf(job: Job, game: Game): Work {
  return job.kind === 'update' && game.installed === null ? 'install' : job.kind
}

/** The job that ended and has not been put away. A comparison's end is told where it was asked for. */
export function endedJob(job: Job | null): Job | null {
  if (!job || job.state.state === 'running' || job.state.state === 'paused') return null
  return job.kind === 'compare' && job.warnings.length === 0 ? null : job
}
