import { accent, game, studio, tagline } from '@brand/brand.toml'
import { JOB_TRAITS } from './types'
import type {
  Bilingual,
  Board,
  BoardRow,
  Build,
  InstalledRelease,
  Job,
  Launcher,
  NewsItem,
  Obstacle,
  Obstacles,
  OfferedRelease,
  ReleaseRow,
  Statistics,
} from './types'

/** What the mock shows: a game with a past, a board with players, a build with changes. */

const NOTES_12: Bilingual = {
  ko: `- 새 구역 ‘보랏빛 골’이 열렸습니다.
- 등불의 빛이 물에 비칩니다.
- 일시정지 뒤에 소리가 겹치던 문제를 고쳤습니다.`,
  en: `- A new zone opens: the violet gorge.
- The lantern's light is mirrored by the water.
- Sounds no longer overlap after a pause.`,
}

const NOTES_13: Bilingual = {
  ko: `나루터에 새벽이 옵니다.

- 마지막 구역 ‘새벽 여울’을 더했습니다.
- 붉은 돌이 나타나기 전에 등불이 먼저 흔들립니다.
- 순위표에 오른 기록을 다시 볼 수 있습니다.
- 낮은 사양에서도 물결이 부드럽게 움직입니다.`,
  en: `Dawn comes to the landing.

- The last zone, the shallows of dawn, is here.
- The lantern sways before a red stone appears.
- Runs on the board can be watched again.
- The waves move smoothly on modest machines too.`,
}

export const NO_NOTES: Bilingual = { ko: '', en: '' }

export const INSTALLED: InstalledRelease = {
  number: 12,
  channel: 'live',
  notes: NOTES_12,
  files: 1182,
  bytes: 412_600_000,
}

export const OFFERED: OfferedRelease = {
  number: 13,
  notes: NOTES_13,
  bytes: 438_900_000,
  downloadBytes: 38_240_000,
  downloadFiles: 214,
  stagedBytes: 0,
}

/** The same release for somebody who has nothing yet. */
export const WHOLE: OfferedRelease = { ...OFFERED, downloadBytes: 389_700_000, downloadFiles: 1204 }

export function installedFrom(release: OfferedRelease): InstalledRelease {
  return { number: release.number, channel: 'live', notes: release.notes, files: 1204, bytes: release.bytes }
}

export function sampleLauncher(): Launcher {
  return {
    version: '0.1.0',
    brand: { game, tagline, studio, accent: [accent.light, accent.dark], hasNews: true },
    settings: {
      language: null,
      shownLanguage: 'ko',
      installFolder: '/home/player/.local/share/lantern-ferry/game',
      channel: 'live',
      rateLimit: null,
      launchArguments: [],
      startWithSystem: false,
      closeToTray: true,
      buildFolder: null,
    },
    game: {
      folder: '/home/player/.local/share/lantern-ferry/game',
      installed: INSTALLED,
      unreadable: null,
      offer: { state: 'available', release: OFFERED },
      playing: false,
      wounds: 0,
      action: 'update',
    },
    account: { state: 'logged-out', problem: null },
    providers: [
      { name: 'kakao', ways: ['window', 'browser'] },
      { name: 'google', ways: ['browser'] },
      { name: 'facebook', ways: ['window'] },
    ],
    job: null,
    publisher: { shown: false, bucket: null },
    launcherUpdate: { state: 'none' },
    obstacles: { play: [], publish: [], selfUpdate: [] },
  }
}

/** What the launcher would say of the mock's moment. */
export function sampleObstacles({ game, job, launcherUpdate }: Launcher): Obstacles {
  const running: Obstacle[] = job?.state.state === 'running' ? ['job'] : []
  const playing: Obstacle[] = game.playing ? ['game'] : []
  const replaced: Obstacle[] = launcherUpdate.state === 'installing' ? ['self-update'] : []
  const missing: Obstacle[] = game.installed ? [] : ['not-installed']
  const onGame = job && JOB_TRAITS[job.kind].game !== 'none' ? running : []
  return {
    play: [...playing, ...onGame, ...replaced, ...missing],
    publish: [...running, ...replaced],
    selfUpdate: [...playing, ...running, ...replaced],
  }
}

export function newJob(id: number, kind: Job['kind']): Job {
  return {
    id,
    kind,
    state: { state: 'running', stoppable: true },
    phase: null,
    doneBytes: 0,
    totalBytes: null,
    doneFiles: 0,
    totalFiles: null,
    bytesPerSecond: null,
    secondsLeft: null,
    warnings: [],
  }
}

export const NEWS: NewsItem[] = [
  {
    date: '2026-11-18T10:00:00+09:00',
    title: { ko: '새벽 여울이 열립니다', en: 'The shallows of dawn open' },
    text: {
      ko: '가장 긴 밤을 건넌 뱃사공에게 새벽이 기다립니다. 릴리스 13에서 만나요.',
      en: 'Dawn awaits the ferrymen who crossed the longest night. Meet it in release 13.',
    },
  },
  {
    date: '2026-11-02T18:30:00+09:00',
    title: { ko: '늦가을 뱃길 대회', en: 'The late autumn crossing' },
    text: {
      ko: '11월 30일까지 순위표에 이름을 올린 백 분께 손그림 등불을 드립니다.',
      en: 'The first hundred names on the board on 30 November receive a hand-drawn lantern.',
    },
  },
]

const NAMES = [
  '노을지기', '물안개', 'Mira', '등불하나', '강바람', '달그림자', 'ferryman', '은어', '갈대숲', null,
  '소금쟁이', '별헤는밤', 'Jun', '나루지기', '여울목', '반딧불', '큰물결', '작은배', '버들치', '새벽이슬',
]

const PLAYERS = 64
const PAGE = 10
const OWN_RANK = 27

function rowOf(rank: number): BoardRow {
  return {
    rank,
    score: Math.round(9840 * Math.exp(-rank / 26)) * 2,
    nickname: NAMES[(rank * 7) % NAMES.length] ?? null,
    tag: (0x5a31 + rank * 977).toString(16).slice(-4),
    reachedAt: new Date(Date.UTC(2026, 10, 20) - rank * 7_000_000).toISOString(),
  }
}

export function sampleBoard(after: string | null, loggedIn: boolean, ownRank = OWN_RANK): Board {
  const start = after === null ? 1 : Number(after)
  const ranks = Array.from({ length: Math.min(PAGE, PLAYERS - start + 1) }, (_, at) => start + at)
  const row = (rank: number) => (rank === ownRank ? { ...rowOf(rank), nickname: '나루지기' } : rowOf(rank))
  const next = start + PAGE
  return {
    rows: ranks.map(row),
    own: loggedIn ? row(ownRank) : null,
    next: next <= PLAYERS ? String(next) : null,
  }
}

export function sampleStatistics(): Statistics {
  const width = 500
  const bars = Array.from({ length: 40 }, (_, at) => {
    const hump = Math.exp(-(((at - 8) / 6) ** 2)) * 420 + Math.exp(-(((at - 19) / 5) ** 2)) * 150
    return { from: at * width, count: Math.round(hump * (0.86 + ((at * 37) % 23) / 80)) }
  })
    .map((bar) => (bar.count === 0 && bar.from % 1500 === 0 ? { ...bar, count: 1 } : bar))
    .filter((bar) => bar.count > 0)
  return { total: bars.reduce((sum, bar) => sum + bar.count, 0), width, bars }
}

export function sampleBuild(folder: string, same: boolean): Build {
  return {
    folder,
    live: 13,
    next: 14,
    files: 1207,
    bytes: 441_300_000,
    uploadBytes: same ? 0 : 12_480_000,
    isLive: same,
    changes: same
      ? []
      : [
          { kind: 'new', path: 'levels/5-harbour.json', from: null, bytes: 48_200 },
          { kind: 'new', path: 'art/zones/harbour-far.png', from: null, bytes: 2_310_000 },
          { kind: 'new', path: 'art/zones/harbour-near.png', from: null, bytes: 1_870_000 },
          { kind: 'changed', path: 'src/simulation.js', from: null, bytes: 61_400 },
          { kind: 'changed', path: 'sound/cave.wav', from: null, bytes: 8_120_000 },
          { kind: 'changed', path: '도움말.txt', from: null, bytes: 1_120 },
          { kind: 'moved', path: 'sound/bell/dawn.wav', from: 'sound/dawn.wav', bytes: 940_000 },
          { kind: 'deleted', path: 'art/zones/old-landing.png', from: null, bytes: 1_530_000 },
          { kind: 'mode', path: 'bin/start.sh', from: null, bytes: 820 },
        ],
    predictions: same
      ? []
      : [
          { from: 13, files: 6, bytes: 9_420_000 },
          { from: 12, files: 218, bytes: 44_700_000 },
          { from: 11, files: 241, bytes: 52_300_000 },
          { from: null, files: 1207, bytes: 391_800_000 },
        ],
  }
}

/** Notes in one language are shown to everybody. */
function everywhere(text: string): Bilingual {
  return { ko: text, en: text }
}

export function sampleReleases(): ReleaseRow[] {
  const row = (number: number, date: string | null, notes: Bilingual, rest: Partial<ReleaseRow> = {}): ReleaseRow => ({
    number,
    date,
    notes,
    files: 1150 + number * 4,
    bytes: 380_000_000 + number * 4_500_000,
    contentOf: null,
    live: false,
    canRollBack: true,
    ...rest,
  })
  return [
    row(13, '2026-11-18T01:00:00Z', NOTES_13, { live: true, canRollBack: false }),
    row(12, '2026-10-29T01:00:00Z', NOTES_12),
    row(11, '2026-10-02T01:00:00Z', NO_NOTES, { contentOf: 9 }),
    row(10, null, everywhere('2017년 방식으로 배포한 릴리스'), { canRollBack: false }),
  ]
}
