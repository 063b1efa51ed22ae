import type { Game, InstalledRelease, Job, JobKind, OfferedRelease, Problem } from '../backend'

/** What a job is to its reader: the first update of all is an install. */
export type Work = JobKind | 'install'

/** What the dock tells and offers: exactly one of these at any time. */
export type Situation =
  | { is: 'working'; job: Job; work: Work; stoppable: boolean; playable: boolean }
  | { is: 'paused'; job: Job }
  | { is: 'unreadable'; problem: Problem }
  | { is: 'looking' }
  | { is: 'unreachable'; problem: Problem | null }
  | { is: 'install'; release: OfferedRelease | null }
  | { is: 'update'; release: OfferedRelease; installed: InstalledRelease }
  | { is: 'ready'; installed: InstalledRelease | null; checking: boolean; offline: Problem | null }
  | { is: 'damaged'; wounds: number; installed: InstalledRelease | null }
  | { is: 'playing'; installed: InstalledRelease | null }

export function situationOf(game: Game, job: Job | null): Situation {
  if (job?.state.state === 'running') {
    const playable = game.installed !== null && !touchesTheGame(job) && !game.playing
    const { stoppable } = job.state
    return { is: 'working', job, work: workOf(job, game), stoppable, playable }
  }
  if (job?.state.state === 'paused') return { is: 'paused', job }
  if (game.unreadable) return { is: 'unreadable', problem: game.unreadable }

  const { installed, offer } = game
  switch (game.action) {
    case 'playing':
      return { is: 'playing', installed }
    case 'repair':
      return { is: 'damaged', wounds: game.wounds, installed }
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
      return { is: 'looking' }
  }
  return {
    is: 'ready',
    installed,
    checking: offer.state === 'checking' || offer.state === 'unknown',
    offline: offer.state === 'failed' ? offer.problem : null,
  }
}

export function workOf(job: Job, game: Game): Work {
  return job.kind === 'update' && game.installed === null ? 'install' : job.kind
}

/** The publisher's jobs leave the installed game alone: it can be played meanwhile. */
function touchesTheGame(job: Job): boolean {
  return job.kind !== 'compare' && job.kind !== 'publish' && job.kind !== 'rollback'
}

/** The job that ended and has not been put away. A comparison's end is told where it was asked for. */
export function endedJob(job: Job | null): Job | null {
  if (!job || job.state.state === 'running' || job.state.state === 'paused') return null
  return job.kind === 'compare' && job.warnings.length === 0 ? null : job
}
