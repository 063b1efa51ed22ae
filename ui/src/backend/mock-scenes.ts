import { INSTALLED, newJob, NO_NOTES, OFFERED, sampleLauncher, sampleObstacles, WHOLE } from './mock-sample'
import type { Changed, Job, Launcher, Outcome, Problem, ProblemCode, PublicName } from './types'

/** A moment of the launcher that stands still, for pictures and tests. */
export interface Scene {
  view: Launcher
  board?: 'empty' | 'slow' | 'error'
  statistics?: 'error'
  news?: 'empty' | 'error' | 'slow'
  build?: 'same' | 'error'
  releases?: 'empty' | 'error'
  /** Why the launcher itself does not answer. */
  dead?: Problem
  ownRank?: number
}

export function problem(code: ProblemCode, detail = '', changed: Changed = 'nothing'): Problem {
  return { code, detail, changed }
}

const OUTCOME: Outcome = { release: 13, travelledBytes: 36_912_000, wounds: 0, kept: [] }
const PLAYER = { nickname: '나루지기', provider: 'kakao' }
const NAMED: PublicName = { state: 'chosen', name: '나루지기' }
const OFFLINE = problem('unreachable', 'https://updates.example/version.json: dns error: no such host')

function job(kind: Job['kind'], rest: Partial<Job>): Job {
  return { ...newJob(1, kind), ...rest }
}

const DOWNLOADING = job('update', {
  phase: 'download',
  doneBytes: 14_680_000,
  totalBytes: OFFERED.downloadBytes,
  doneFiles: 81,
  totalFiles: OFFERED.downloadFiles,
  bytesPerSecond: 4_210_000,
  secondsLeft: 6,
})

const PUBLISHER = { shown: true, bucket: 's3://example-updates/update' }

/** Each changes what a launcher with an update on offer would show. */
const SCENES: Record<string, (view: Launcher) => Partial<Scene> | undefined> = {
  'first-start': nothing,
  looking(view) {
    view.game = { ...view.game, installed: null, offer: { state: 'checking' }, action: 'none' }
  },
  nothing(view) {
    view.game = { ...view.game, installed: null, offer: { state: 'failed', problem: OFFLINE }, action: 'none' }
    view.providers = []
    return { news: 'error' }
  },
  checking(view) {
    view.game = { ...view.game, offer: { state: 'checking' }, action: 'play' }
    return { news: 'slow' }
  },
  update() {},
  resumable(view) {
    view.game.offer = { state: 'available', release: { ...OFFERED, stagedBytes: 14_680_000 } }
  },
  downloading(view) {
    view.job = DOWNLOADING
  },
  'downloading-unmeasured'(view) {
    view.job = { ...DOWNLOADING, doneBytes: 0, bytesPerSecond: null, secondsLeft: null }
  },
  'downloading-unknown'(view) {
    view.job = job('update', { phase: 'download', doneBytes: 3_100_000, bytesPerSecond: 900_000 })
  },
  limited(view) {
    view.job = { ...DOWNLOADING, bytesPerSecond: 1_000_000, secondsLeft: 4210 }
    view.settings.rateLimit = 1_000_000
  },
  warned(view) {
    view.job = {
      ...DOWNLOADING,
      warnings: [
        { kind: 'release2017', detail: '' },
        { kind: 'refused-name', detail: 'CON.txt' },
      ],
    }
  },
  verifying(view) {
    view.job = job('verify', { phase: 'verify', doneBytes: 201e6, totalBytes: 412e6, doneFiles: 600, totalFiles: 1182 })
  },
  applying(view) {
    view.job = job('update', {
      state: { state: 'running', stoppable: false },
      phase: 'apply',
      doneFiles: 160,
      totalFiles: 214,
    })
  },
  paused(view) {
    view.job = { ...DOWNLOADING, state: { state: 'paused' }, bytesPerSecond: null, secondsLeft: null }
  },
  cancelled(view) {
    view.job = { ...DOWNLOADING, state: { state: 'cancelled' } }
    view.game.offer = { state: 'available', release: { ...OFFERED, stagedBytes: 14_680_000 } }
  },
  'cancelled-install'(view) {
    nothing(view)
    view.job = { ...DOWNLOADING, state: { state: 'cancelled' } }
  },
  'install-failed'(view) {
    nothing(view)
    view.job = { ...DOWNLOADING, state: { state: 'failed', problem: { ...OFFLINE, changed: 'only-stage' } } }
  },
  'repair-failed'(view) {
    lost(view)
    view.job = job('repair', { state: { state: 'failed', problem: { ...OFFLINE, changed: 'only-stage' } } })
  },
  'cancelled-move'(view) {
    play(view)
    view.job = job('move', { phase: 'copy', state: { state: 'cancelled' } })
  },
  'paused-verify'(view) {
    view.job = job('verify', { phase: 'verify', doneBytes: 201e6, totalBytes: 412e6, state: { state: 'paused' } })
  },
  done(view) {
    play(view)
    view.job = job('update', { state: { state: 'done', outcome: OUTCOME } })
  },
  'done-kept'(view) {
    play(view)
    view.job = job('update', {
      state: { state: 'done', outcome: { ...OUTCOME, kept: ['config/options.ini'] } },
      warnings: [{ kind: 'kept-changed', detail: 'config/options.ini.new' }],
    })
  },
  verified(view) {
    play(view)
    view.job = job('verify', { state: { state: 'done', outcome: { ...OUTCOME, travelledBytes: 0 } } })
  },
  play,
  playing(view) {
    play(view)
    view.game = { ...view.game, playing: true, action: 'playing' }
  },
  'playing-older'(view) {
    view.game = { ...view.game, playing: true, action: 'playing' }
  },
  'playing-unchecked'(view) {
    play(view)
    view.game = { ...view.game, offer: { state: 'failed', problem: OFFLINE }, playing: true, action: 'playing' }
  },
  unasked(view) {
    view.game = { ...view.game, installed: null, offer: { state: 'unknown' }, action: 'none' }
  },
  'play-unasked'(view) {
    play(view)
    view.game = { ...view.game, offer: { state: 'unknown' } }
  },
  'no-channel'(view) {
    const why = problem('not-found', 'https://updates.example/.naru/channel/beta/version.json: 404')
    view.game = { ...view.game, offer: { state: 'failed', problem: why }, action: 'play' }
  },
  offline(view) {
    view.game = { ...view.game, offer: { state: 'failed', problem: OFFLINE }, action: 'play' }
    return { news: 'error', board: 'error', statistics: 'error' }
  },
  damaged(view) {
    view.game = { ...view.game, offer: { state: 'up-to-date' }, wounds: 3, action: 'repair' }
  },
  missing(view) {
    const same = { ...OFFERED, number: INSTALLED.number }
    view.game = { ...view.game, offer: { state: 'available', release: same }, action: 'repair' }
  },
  lost,
  unreadable(view) {
    const why = problem('disk-refused', `${view.game.folder}: Permission denied (os error 13)`)
    view.game = { ...view.game, installed: null, unreadable: why, offer: { state: 'unknown' }, action: 'none' }
  },
  'no-notes'(view) {
    play(view)
    if (view.game.installed) view.game.installed = { ...view.game.installed, notes: NO_NOTES }
    return { news: 'empty' }
  },

  'self-update-downloading'(view) {
    play(view)
    view.launcherUpdate = { state: 'downloading', version: '0.2.0', doneBytes: 5_100_000, totalBytes: 14_260_000 }
  },
  'self-update'(view) {
    play(view)
    view.launcherUpdate = { state: 'ready', version: '0.2.0' }
  },
  'self-update-waits'(view) {
    view.job = DOWNLOADING
    view.launcherUpdate = { state: 'ready', version: '0.2.0' }
  },
  'self-update-waits-game'(view) {
    play(view)
    view.game = { ...view.game, playing: true, action: 'playing' }
    view.launcherUpdate = { state: 'ready', version: '0.2.0' }
  },
  'self-update-waits-both'(view) {
    publisher(view)
    view.game = { ...view.game, playing: true, action: 'playing' }
    view.job = job('publish', { phase: 'upload', doneBytes: 7_300_000, totalBytes: 12_480_000 })
    view.launcherUpdate = { state: 'ready', version: '0.2.0' }
  },
  'self-update-installing'(view) {
    play(view)
    view.launcherUpdate = { state: 'installing', version: '0.2.0' }
  },
  'self-update-refused'(view) {
    play(view)
    const why = problem('bad-launcher', 'the package is not what the studio has signed: The signature verification failed')
    view.launcherUpdate = { state: 'refused', problem: why }
  },

  'logged-out'() {},
  'login-kakao-alone'(view) {
    view.providers = view.providers.filter(({ name }) => name === 'kakao')
  },
  'login-without-kakao'(view) {
    view.providers = view.providers.filter(({ name }) => name !== 'kakao')
  },
  'login-failed'(view) {
    view.account = { state: 'logged-out', problem: problem('login-refused', 'app_id 1122 is not ours') }
  },
  'logging-in'(view) {
    view.account = { state: 'logging-in', provider: 'kakao', way: 'window' }
  },
  'logging-in-browser'(view) {
    view.account = { state: 'logging-in', provider: 'google', way: 'browser' }
  },
  'logged-in'(view) {
    view.account = { state: 'logged-in', player: PLAYER, remembered: { place: 'keychain' }, publicName: NAMED }
  },
  'logged-in-memory'(view) {
    const reason = 'org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable'
    view.account = { state: 'logged-in', player: PLAYER, remembered: { place: 'memory', reason }, publicName: { state: 'none' } }
  },
  'name-unasked'(view) {
    const publicName: PublicName = { state: 'unasked', suggestion: '김나루' }
    view.account = { state: 'logged-in', player: PLAYER, remembered: { place: 'keychain' }, publicName }
  },
  expired(view) {
    view.account = { state: 'expired', player: PLAYER, problem: null }
  },

  'board-own'(view) {
    view.account = { state: 'logged-in', player: PLAYER, remembered: { place: 'keychain' }, publicName: NAMED }
    return { ownRank: 4 }
  },
  'board-empty': () => ({ board: 'empty' }),
  'board-slow': () => ({ board: 'slow' }),
  'board-error': () => ({ board: 'error', statistics: 'error' }),

  publisher(view) {
    play(view)
    view.publisher = PUBLISHER
    view.settings.buildFolder = '/home/studio/lantern-ferry/build'
  },
  'publisher-no-folder'(view) {
    play(view)
    view.publisher = PUBLISHER
    return { releases: 'empty' }
  },
  'publisher-same'(view) {
    publisher(view)
    return { build: 'same' }
  },
  'publisher-no-bucket'(view) {
    play(view)
    view.publisher = { shown: true, bucket: null }
  },
  'publisher-denied'(view) {
    publisher(view)
    return { build: 'error', releases: 'error' }
  },
  publishing(view) {
    publisher(view)
    view.job = job('publish', {
      phase: 'upload',
      doneBytes: 7_300_000,
      totalBytes: 12_480_000,
      doneFiles: 4,
      totalFiles: 6,
      bytesPerSecond: 2_200_000,
      secondsLeft: 3,
    })
  },
  'publishing-paused'(view) {
    publisher(view)
    view.job = job('publish', { phase: 'upload', doneBytes: 7_300_000, totalBytes: 12_480_000, state: { state: 'paused' } })
  },
  invalidating(view) {
    publisher(view)
    view.job = job('publish', { state: { state: 'running', stoppable: false }, phase: 'invalidate' })
  },
  published(view) {
    publisher(view)
    view.job = job('publish', {
      state: { state: 'done', outcome: { ...OUTCOME, release: 14 } },
      warnings: [{ kind: 'not-invalidated', detail: 'E2EXAMPLE: request timed out' }],
    })
  },
}

export const SCENE_NAMES = Object.keys(SCENES)

const AFTER: Partial<Record<ProblemCode, Changed>> = {
  unreachable: 'only-stage',
  corrupt: 'only-stage',
  'no-space': 'only-stage',
  'disk-refused': 'midway',
  conflict: 'only-uploads',
  denied: 'only-uploads',
}

/** The scene of a name; `failed-<code>` is an update that failed so. */
export function sceneOf(name: string): Scene | null {
  const view = sampleLauncher()
  if (name === 'dead') return { view, dead: problem('internal', 'no answer from the launcher') }
  if (name.startsWith('failed-')) {
    const code = name.slice('failed-'.length) as ProblemCode
    const failure = problem(code, 'https://updates.example/.naru/bundle/5f1c…', AFTER[code] ?? 'nothing')
    view.job = { ...DOWNLOADING, state: { state: 'failed', problem: failure } }
    return { view }
  }
  const scene = SCENES[name]
  if (!scene) return null
  const rest = scene(view) ?? {}
  view.obstacles = sampleObstacles(view)
  return { view, ...rest }
}

/** Nothing is installed, and there is something to install. */
function nothing(view: Launcher): undefined {
  view.game = { ...view.game, installed: null, offer: { state: 'available', release: WHOLE }, action: 'install' }
}

/** The files are there, their record is not. */
function lost(view: Launcher): undefined {
  const why = problem('broken-ledger', `${view.game.folder}/.naru/filedb.db: file is not a database`)
  view.game = { ...view.game, installed: null, unreadable: why, offer: { state: 'unknown' }, action: 'repair' }
}

function play(view: Launcher): undefined {
  const installed = { ...INSTALLED, number: 13, notes: OFFERED.notes, bytes: OFFERED.bytes }
  view.game = { ...view.game, installed, offer: { state: 'up-to-date' }, action: 'play' }
}

function publisher(view: Launcher): void {
  SCENES['publisher']?.(view)
}
