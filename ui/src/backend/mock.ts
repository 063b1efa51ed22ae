import type { Backend } from './backend'
import {
  installedFrom,
  newJob,
  NEWS,
  sampleBoard,
  sampleBuild,
  sampleObstacles,
  sampleReleases,
  sampleStatistics,
  WHOLE,
} from './mock-sample'
import { problem, sceneOf, type Scene } from './mock-scenes'
import type {
  Bilingual,
  Game,
  Job,
  JobKind,
  Launcher,
  LauncherEvent,
  Obstacle,
  Problem,
  PublicName,
  ReleaseRow,
  Remembered,
} from './types'

const TICK = 100
const RATE = 9_000_000

/** A part of a job: how many bytes, how fast, and whether it can be stopped. */
interface Leg {
  phase: NonNullable<Job['phase']>
  bytes: number | null
  files: number | null
  seconds: number
  stoppable: boolean
}

/** Plays the whole launcher in a plain browser. `?state=` stands a scene still, `&lang=` and `&theme=` dress it. */
export function mockBackend(parameters: URLSearchParams): Backend {
  const theme = parameters.get('theme')
  const language = parameters.get('lang')
  if (language) document.documentElement.lang = language
  if (theme) document.documentElement.dataset['theme'] = theme

  const name = parameters.get('state')
  const frozen = name === null ? null : sceneOf(name)
  const scene = frozen ?? sceneOf('first-start')
  if (!scene) throw new Error('the mock has no first start')

  if (language === 'ko' || language === 'en') {
    scene.view.settings = { ...scene.view.settings, language, shownLanguage: language }
  }
  if (parameters.has('admin')) scene.view.publisher = { shown: true, bucket: 's3://example-updates/update' }
  return new MockLauncher(scene, frozen !== null).backend()
}

class MockLauncher {
  private view: Launcher
  private listeners = new Set<(event: LauncherEvent) => void>()
  private legs: Leg[] = []
  private atEnd: () => Partial<Game> = () => ({})
  private clock: ReturnType<typeof setInterval> | null = null
  private releases: ReleaseRow[] = sampleReleases()
  private travelled = 0

  constructor(
    private readonly scene: Scene,
    private readonly frozen: boolean,
  ) {
    this.view = scene.view
  }

  backend(): Backend {
    return {
      launcher: async () => {
        if (this.scene.dead) throw this.scene.dead
        return this.view
      },
      listen: async (onEvent) => {
        this.listeners.add(onEvent)
        return () => this.listeners.delete(onEvent)
      },
      pageReady: async () => {},
      check: async () => this.check(),
      update: async () => this.begin('update'),
      verify: async () => this.begin('verify'),
      repair: async () => this.begin('repair'),
      pause: async () => this.pause(),
      resume: async () => this.resume(),
      cancel: async () => this.cancel(),
      dismiss: async () => this.showJob(null),
      play: async () => this.play(),
      logIn: async (provider, way) => {
        this.emit({ about: 'account', value: { state: 'logging-in', provider, way } })
        this.later(1500, () => {
          if (this.view.account.state !== 'logging-in') return
          const player = { nickname: '나루지기', provider }
          const publicName: PublicName = { state: 'unasked', suggestion: player.nickname }
          const remembered: Remembered = { place: 'keychain' }
          this.emit({ about: 'account', value: { state: 'logged-in', player, remembered, publicName } })
        })
      },
      cancelLogin: async () => this.logOut(),
      logOut: async () => this.logOut(),
      learnPublicName: async () => {},
      choosePublicName: async (name) => {
        const { account } = this.view
        if (account.state !== 'logged-in') throw problem('not-logged-in')
        if (name !== null && name.trim() === '') throw problem('name-refused')
        const publicName: PublicName = name === null ? { state: 'none' } : { state: 'chosen', name: name.trim() }
        this.emit({ about: 'account', value: { ...account, publicName } })
      },
      board: async (after) => {
        await this.delay(this.scene.board === 'slow' ? Infinity : 250)
        if (this.scene.board === 'error') throw offline()
        if (this.scene.board === 'empty') return { rows: [], own: null, next: null }
        return sampleBoard(after, this.view.account.state === 'logged-in', this.scene.ownRank)
      },
      statistics: async () => {
        await this.delay(300)
        if (this.scene.statistics === 'error') throw offline()
        if (this.scene.board === 'empty') return { total: 0, width: 500, bars: [] }
        return sampleStatistics()
      },
      news: async () => {
        await this.delay(this.scene.news === 'slow' ? Infinity : 200)
        if (this.scene.news === 'error') throw offline()
        return this.scene.news === 'empty' ? [] : NEWS
      },
      changeSettings: async (change) => {
        const key = change.setting.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
        const settings = { ...this.view.settings, [key]: change.value }
        this.emit({ about: 'settings', value: { ...settings, shownLanguage: settings.language ?? 'ko' } })
      },
      chooseInstallFolder: async () => ({
        path: '/mnt/games/lantern-ferry',
        freeBytes: 128_400_000_000,
        neededBytes: this.view.game.installed?.bytes ?? WHOLE.bytes,
        hasGame: false,
        isEmpty: true,
        isTooSmall: false,
        isUsable: true,
      }),
      moveInstall: async (folder) => this.move(folder),
      openInstallFolder: async () => {},
      openLogs: async () => {},
      saveSupportBundle: async () => '/home/player/Downloads/naru-support-2026-11-21.zip',
      chooseBuildFolder: async () => {
        const folder = '/home/studio/lantern-ferry/build'
        this.emit({ about: 'settings', value: { ...this.view.settings, buildFolder: folder } })
        return folder
      },
      compareBuild: async () => {
        if (this.scene.build === 'error') throw problem('denied', 's3://example-updates: AccessDenied')
        await this.delay(800)
        return sampleBuild(this.view.settings.buildFolder ?? '', this.scene.build === 'same')
      },
      publish: async (notes) => this.publish(notes, null),
      releases: async () => {
        await this.delay(300)
        if (this.scene.releases === 'error') throw problem('denied', 's3://example-updates: AccessDenied')
        return this.scene.releases === 'empty' ? [] : this.releases
      },
      rollBack: async (number) => this.publish('', number),
      installLauncher: async () => this.installLauncher(),
    }
  }

  private check(): void {
    this.showGame({ offer: { state: 'checking' } })
    this.later(900, () => this.showGame({ offer: { state: 'up-to-date' } }))
  }

  private begin(kind: 'update' | 'verify' | 'repair'): void {
    // Work on the game waits for the same.
    refuseFor(this.view.obstacles.selfUpdate)
    const { installed, offer } = this.view.game
    if (kind === 'update') {
      const release = offer.state === 'available' ? offer.release : WHOLE
      const legs = [
        leg('download', release.downloadBytes, release.downloadFiles),
        leg('verify', release.bytes, release.downloadFiles, { seconds: 1 }),
        leg('apply', null, release.downloadFiles, { seconds: 1, stoppable: false }),
      ]
      const game = { installed: installedFrom(release), offer: { state: 'up-to-date' }, action: 'play' } as const
      return this.start(kind, legs, () => game)
    }
    const legs = [leg('verify', installed?.bytes ?? 0, installed?.files ?? 0, { seconds: 3 })]
    this.start(kind, legs, () => ({ wounds: 0, action: 'play' }))
  }

  private move(folder: string): void {
    // Work on the game waits for the same.
    refuseFor(this.view.obstacles.selfUpdate)
    const bytes = this.view.game.installed?.bytes ?? 0
    const legs = [
      leg('copy', bytes, 1204, { seconds: 3 }),
      leg('remove', null, null, { seconds: 0.5, stoppable: false }),
    ]
    this.start('move', legs, () => {
      this.emit({ about: 'settings', value: { ...this.view.settings, installFolder: folder } })
      return { folder }
    })
  }

  private installLauncher(): void {
    refuseFor(this.view.obstacles.selfUpdate)
    const { launcherUpdate } = this.view
    if (launcherUpdate.state !== 'ready') throw problem('not-found')
    const { version } = launcherUpdate
    this.emit({ about: 'launcher-update', value: { state: 'installing', version } })
    // The launcher that comes back is another one.
    this.later(1500, () => {
      this.view = { ...this.view, version }
      this.emit({ about: 'launcher-update', value: { state: 'none' } })
    })
  }

  private publish(text: string, back: number | null): void {
    refuseFor(this.view.obstacles.publish)
    const number = Math.max(...this.releases.map((release) => release.number)) + 1
    const legs = [
      leg('upload', 12_480_000, 6, { seconds: back === null ? 3 : 0.5 }),
      leg('invalidate', null, null, { seconds: 1.5, stoppable: false }),
    ]
    this.start(back === null ? 'publish' : 'rollback', legs, () => {
      const old = this.releases.map((release) => ({ ...release, live: false, canRollBack: true }))
      const date = new Date().toISOString()
      const base = this.releases.find((release) => release.number === back) ?? this.releases[0]
      if (base) {
        this.releases = [
          { ...base, number, date, notes: text ? partsOf(text) : base.notes, contentOf: back, live: true, canRollBack: false },
          ...old,
        ]
      }
      return {}
    })
  }

  private play(): void {
    refuseFor(this.view.obstacles.play)
    this.showGame({ playing: true, action: 'playing' })
    this.later(4000, () => {
      this.showGame({ playing: false, action: 'play' })
      this.emit({ about: 'scores', value: null })
    })
  }

  private start(kind: JobKind, legs: Leg[], atEnd: () => Partial<Game>): void {
    this.legs = legs
    this.atEnd = atEnd
    this.travelled = 0
    this.elapsed = 0
    this.showJob(newJob((this.view.job?.id ?? 0) + 1, kind))
    this.enterLeg()
    this.run()
  }

  private pause(): void {
    this.stop()
    this.changeJob({ state: { state: 'paused' }, bytesPerSecond: null, secondsLeft: null })
  }

  private resume(): void {
    this.changeJob({ state: { state: 'running', stoppable: true } })
    this.run()
  }

  private cancel(): void {
    this.stop()
    this.changeJob({ state: { state: 'cancelled' } })
  }

  private run(): void {
    if (this.frozen) return
    this.stop()
    this.clock = setInterval(() => this.tick(), TICK)
  }

  private stop(): void {
    if (this.clock !== null) clearInterval(this.clock)
    this.clock = null
  }

  private enterLeg(): void {
    const now = this.legs[0]
    if (!now) return
    this.changeJob({
      state: { state: 'running', stoppable: now.stoppable },
      phase: now.phase,
      doneBytes: 0,
      totalBytes: now.bytes,
      doneFiles: 0,
      totalFiles: now.files,
      bytesPerSecond: null,
      secondsLeft: null,
    })
  }

  private elapsed = 0

  private tick(): void {
    const now = this.legs[0]
    if (!now) return
    const limit = now.phase === 'download' ? this.view.settings.rateLimit : null
    const rate = now.bytes === null ? null : Math.min(limit ?? Infinity, now.bytes / now.seconds)
    const seconds = now.bytes && rate ? now.bytes / rate : now.seconds
    this.elapsed += TICK / 1000 / seconds
    const done = Math.min(1, this.elapsed)
    this.changeJob({
      doneBytes: Math.floor((now.bytes ?? 0) * done),
      doneFiles: Math.floor((now.files ?? 0) * done),
      bytesPerSecond: rate === null ? null : Math.round(rate * (0.9 + 0.2 * Math.random())),
      secondsLeft: now.bytes === null ? null : Math.ceil(seconds * (1 - done)),
    })
    if (done < 1) return

    if (now.phase === 'download' || now.phase === 'upload') this.travelled += now.bytes ?? 0
    this.elapsed = 0
    this.legs.shift()
    if (this.legs.length > 0) return this.enterLeg()
    this.stop()
    this.showGame(this.atEnd())
    const { kind } = this.view.job ?? { kind: 'update' }
    const published = kind === 'publish' || kind === 'rollback'
    const release = published ? this.releases[0]?.number : this.view.game.installed?.number
    const outcome = { release: release ?? null, travelledBytes: this.travelled, wounds: 0, kept: [] }
    this.changeJob({ state: { state: 'done', outcome } })
  }

  private logOut(): void {
    this.emit({ about: 'account', value: { state: 'logged-out', problem: null } })
  }

  private changeJob(change: Partial<Job>): void {
    if (this.view.job) this.showJob({ ...this.view.job, ...change })
  }

  private showJob(value: Job | null): void {
    this.emit({ about: 'job', value })
  }

  private showGame(change: Partial<Game>): void {
    this.emit({ about: 'game', value: { ...this.view.game, ...change } })
  }

  private emit(event: LauncherEvent): void {
    const key = event.about === 'launcher-update' ? 'launcherUpdate' : event.about
    if (key !== 'scores') this.view = { ...this.view, [key]: event.value }
    for (const onEvent of this.listeners) onEvent(event)
    if (key === 'game' || key === 'job' || key === 'launcherUpdate') {
      this.emit({ about: 'obstacles', value: sampleObstacles(this.view) })
    }
  }

  /** What happens by itself later; in a scene that stands still it never does. */
  private later(after: number, then: () => void): void {
    if (!this.frozen) setTimeout(then, after)
  }

  private delay(milliseconds: number): Promise<void> {
    if (milliseconds === Infinity) return new Promise(() => {})
    return new Promise((resolve) => setTimeout(resolve, this.frozen ? 0 : milliseconds))
  }
}

function leg(
  phase: Leg['phase'],
  bytes: number | null,
  files: number | null,
  { seconds = (bytes ?? RATE) / RATE / 8, stoppable = true }: { seconds?: number; stoppable?: boolean } = {},
): Leg {
  return { phase, bytes, files, seconds, stoppable }
}

/** As the launcher takes notes apart, as far as the page has joined them. */
function partsOf(text: string): Bilingual {
  const [ko = text, en = text] = /^\[ko\]\n(.*)\n\[en\]\n(.*)$/s.exec(text)?.slice(1) ?? []
  return { ko, en }
}

function refuseFor([first]: Obstacle[]): void {
  if (first === undefined) return
  if (first === 'not-installed') throw problem('not-installed')
  throw problem(first === 'game' ? 'game-running' : 'job-running')
}

function offline(): Problem {
  return problem('unreachable', 'https://scores.example/: connection refused')
}
