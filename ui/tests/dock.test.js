import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source } from './source.js'

const { situationOf, endedJob, workOf } = await source('dock/situation.ts')
const { pressesFor } = await source('dock/actions.ts')
const { headlineOf } = await source('dock/headline.ts')
const { fractionOf, announcementOf } = await source('dock/progress.ts')
const { endedLines, endedTitle } = await source('dock/ended.ts')
const { changedSentence } = await source('lang/changed.ts')
const { rateLimits } = await source('dock/rate-limits.ts')
const { ko } = await source('lang/ko.ts')
const { en } = await source('lang/en.ts')
/** @type {Record<string, any>} */
const languages = { ko, en }
const { Format } = await source('lang/format.ts')
const { JOB_TRAITS } = await source('backend/types.ts')
const { newJob, INSTALLED, OFFERED, sampleLauncher } = await source('backend/mock-sample.ts')
const { sceneOf, SCENE_NAMES } = await source('backend/mock-scenes.ts')

const words = languages.en
const format = new Format('en')

/** @param {string} name of a scene */
function situationIn(name) {
  const { view } = sceneOf(name)
  return situationOf(view)
}

/** @param {string} name of a scene */
function pressesIn(name) {
  const { big, beside } = pressesFor(situationIn(name), words, format)
  return [big.idle ? `(${big.label})` : big.label, ...beside.map((/** @type {any} */ press) => press.label)]
}

test('the big button and what stays possible beside it', () => {
  const expected = {
    'first-start': ['Install'],
    looking: ['(Install)'],
    nothing: ['Check again'],
    checking: ['Play'],
    update: ['Update', 'Play release 12'],
    downloading: ['Pause', 'Cancel'],
    paused: ['Resume', 'Cancel'],
    applying: ['(Pause)'],
    'failed-unreachable': ['Update', 'Play release 12'],
    done: ['Play', 'Check for updates'],
    playing: ['(Running)'],
    offline: ['Play', 'Check again'],
    damaged: ['Repair'],
    missing: ['Repair'],
    lost: ['Repair'],
    unasked: ['Check for updates'],
    'no-channel': ['Play', 'Check again'],
    'play-unasked': ['Play', 'Check for updates'],
    'playing-older': ['(Running)'],
    unreadable: ['Check again'],
    publishing: ['Pause', 'Play', 'Cancel'],
  }
  for (const [name, presses] of Object.entries(expected)) {
    assert.deepEqual(pressesIn(name), presses, `the player of "${name}" expects this`)
  }
})

test('a check that goes on or fails never takes Play away', () => {
  for (const offer of [{ state: 'checking' }, { state: 'unknown' }, { state: 'failed', problem: null }]) {
    const game = { ...sampleLauncher().game, offer, action: 'play' }
    const { big } = pressesFor(situationOf({ ...sampleLauncher(), game }), words, format)
    assert.deepEqual([big.act, big.idle], ['play', undefined], `offer ${offer.state} must not block Play`)
  }
})

test('the game can be played beside work where the launcher says so, and else not', () => {
  const besideWork = (/** @type {string} */ kind, /** @type {string[]} */ play) => {
    const view = sampleLauncher()
    const obstacles = { ...view.obstacles, play }
    return situationOf({ ...view, job: newJob(1, kind), obstacles }).playable
  }
  for (const kind of Object.keys(JOB_TRAITS)) {
    assert.equal(besideWork(kind, []), true, `${kind}: the page has no rule of its own`)
    for (const obstacle of ['game', 'job', 'self-update', 'not-installed']) {
      assert.equal(besideWork(kind, [obstacle]), false, `${kind}, and ${obstacle} in the way`)
    }
  }
})

test('an update without a release on offer is still a game that can be played', () => {
  const game = { ...sampleLauncher().game, offer: { state: 'unknown' }, action: 'update' }
  assert.equal(situationOf({ ...sampleLauncher(), game }).is, 'ready', 'a fault of the launcher must not cost the game')
})

/** Headline and facts of each state, and under them what an ended job came to. Each sentence holds there. */
const SAID = {
  looking: { ko: ['서버에 연결하고 있습니다', '설치할 릴리스를 찾는 중입니다.'], en: ['Contacting the server', 'Looking for a release to install.'] },
  unasked: { ko: ['게임이 설치되어 있지 않습니다'], en: ['The game is not installed'] },
  checking: {
    ko: ['플레이할 준비가 되었습니다', '릴리스 12', '업데이트를 확인하는 중'],
    en: ['Ready to play', 'Release 12', 'Checking for updates'],
  },
  'play-unasked': { ko: ['플레이할 준비가 되었습니다', '릴리스 13'], en: ['Ready to play', 'Release 13'] },
  play: {
    ko: ['플레이할 준비가 되었습니다', '릴리스 13', '최신 릴리스입니다'],
    en: ['Ready to play', 'Release 13', 'You have the newest release'],
  },
  offline: {
    ko: ['오프라인으로 플레이할 수 있습니다', '릴리스 12', '업데이트를 확인하지 못했습니다. 설치된 게임은 플레이할 수 있습니다.'],
    en: ['Ready to play offline', 'Release 12', 'The check for updates failed. You can still play the installed game.'],
  },
  'no-channel': {
    ko: ['플레이할 준비가 되었습니다', '릴리스 12', '업데이트를 확인하지 못했습니다. 설치된 게임은 플레이할 수 있습니다.'],
    en: ['Ready to play', 'Release 12', 'The check for updates failed. You can still play the installed game.'],
  },
  playing: { ko: ['게임이 실행 중입니다', '릴리스 13'], en: ['The game is running', 'Release 13'] },
  'playing-unchecked': { ko: ['게임이 실행 중입니다', '릴리스 13'], en: ['The game is running', 'Release 13'] },
  'playing-older': {
    ko: ['게임이 실행 중입니다', '릴리스 12', '게임을 종료하면 릴리스 13으로 업데이트할 수 있습니다.'],
    en: ['The game is running', 'Release 12', 'You can update to release 13 when you close it.'],
  },
  damaged: {
    ko: ['게임을 복구해야 합니다', '손상된 파일이 3개 있습니다. 손상된 부분만 다시 받습니다.'],
    en: ['The game needs a repair', '3 files are damaged. Only the damaged parts are downloaded again.'],
  },
  missing: {
    ko: ['게임을 복구해야 합니다', '설치된 릴리스의 파일이 없거나 손상되었습니다. 손상된 부분만 다시 받습니다.'],
    en: ['The game needs a repair', 'Files of the installed release are missing or damaged. Only those parts are downloaded again.'],
  },
  lost: {
    ko: ['게임을 복구해야 합니다', '복구를 누르면 파일을 확인하고 기록을 다시 만듭니다.'],
    en: ['The game needs a repair', 'Repair checks the files and writes a new record.'],
  },
  paused: { ko: ['일시정지됨', '14.7MB / 38.2MB', '받은 데이터는 보관되어 있습니다.'], en: ['Paused', '14.7 MB of 38.2 MB', 'Downloaded data is kept.'] },
  'paused-verify': { ko: ['일시정지됨', '201MB / 412MB'], en: ['Paused', '201 MB of 412 MB'] },
  'publishing-paused': {
    ko: ['일시정지됨', '7.3MB / 12.5MB', '업로드한 데이터는 보관되어 있습니다.'],
    en: ['Paused', '7.3 MB of 12.5 MB', 'Uploaded data is kept.'],
  },
  applying: {
    ko: ['업데이트하고 있습니다', '파일을 설치하는 중', '파일 160 / 214', '이 단계는 도중에 멈출 수 없습니다.'],
    en: ['Updating', 'Installing the files', '160 of 214 files', 'This step can’t be interrupted.'],
  },
}

test('every state has its sentences, and no other', () => {
  for (const [name, expected] of Object.entries(SAID)) {
    for (const language of /** @type {const} */ (['ko', 'en'])) {
      const { title, facts } = headlineOf(situationIn(name), languages[language], new Format(language))
      assert.deepEqual([title, ...facts], expected[language], `what is true of "${name}" in ${language}`)
    }
  }
})

test('what an ended job has left is said of the game that there is', () => {
  const expected = {
    cancelled: { ko: '설치된 게임은 그대로입니다.', en: 'The installed game was not changed.' },
    'cancelled-install': { ko: '아직 설치된 게임은 없습니다.', en: 'No game is installed yet.' },
    'cancelled-move': { ko: '설치된 게임은 그대로입니다.', en: 'The installed game was not changed.' },
  }
  for (const [name, said] of Object.entries(expected)) {
    const { view } = sceneOf(name)
    for (const language of /** @type {const} */ (['ko', 'en'])) {
      const lines = endedLines(view.job, view.game, languages[language], new Format(language))
      assert.deepEqual(lines, [said[language]], `${name} in ${language}`)
    }
  }
  const left = {
    installed: { ko: '설치된 게임은 그대로입니다. 지금까지 받은 데이터는 보관되어 있습니다.', en: 'The installed game was not changed. Downloaded data is kept.' },
    nothing: { ko: '아직 설치된 게임은 없습니다. 지금까지 받은 데이터는 보관되어 있습니다.', en: 'No game is installed yet. Downloaded data is kept.' },
    unknown: { ko: '게임 파일은 그대로입니다. 지금까지 받은 데이터는 보관되어 있습니다.', en: 'The game’s files were not changed. Downloaded data is kept.' },
  }
  for (const [stock, said] of Object.entries(left)) {
    assert.equal(changedSentence(ko, 'only-stage', stock), said.ko, stock)
    assert.equal(changedSentence(en, 'only-stage', stock), said.en, stock)
  }
})

test('before a download its size, its files and what is already downloaded are shown', () => {
  const { facts } = headlineOf(situationIn('resumable'), words, format)
  assert.deepEqual(facts, [
    'Up to 38.2 MB in 214 files to download',
    '14.7 MB already downloaded',
    '438.9 MB on disk',
    'You have release 12',
  ], 'the player decides on these figures')
})

test('progress tells phase, bytes, rate and time left, and no more than is known', () => {
  assert.deepEqual(headlineOf(situationIn('downloading'), words, format).facts, [
    'Downloading',
    '14.7 MB of 38.2 MB',
    '4.2 MB/s',
    'about 6 seconds left',
  ], 'all four are known')
  assert.deepEqual(headlineOf(situationIn('downloading-unknown'), words, format).facts, [
    'Downloading',
    '3.1 MB',
    '900 kB/s',
  ], 'without a total there is no time left to tell')
})

test('the bar counts bytes, else files, else stays open', () => {
  const job = newJob(1, 'update')
  assert.equal(fractionOf({ ...job, doneBytes: 25, totalBytes: 100 }), 0.25, 'bytes first')
  assert.equal(fractionOf({ ...job, doneFiles: 1, totalFiles: 4 }), 0.25, 'files where no bytes are counted')
  assert.equal(fractionOf(job), null, 'an unknown total is not 0 %')
  assert.equal(fractionOf({ ...job, doneBytes: 0, totalBytes: 0 }), null, 'nothing of nothing is not 100 %')
  assert.equal(fractionOf({ ...job, doneBytes: 120, totalBytes: 100 }), 1, 'an estimate that was too low does not overflow')
})

test('what is read aloud changes a few times, not with each byte', () => {
  const said = new Set()
  for (let doneBytes = 0; doneBytes <= 1000; doneBytes += 1) {
    said.add(JSON.stringify(announcementOf({ ...newJob(1, 'update'), phase: 'download', doneBytes, totalBytes: 1000 })))
  }
  assert.equal(said.size, 5, 'one for each quarter, and the end')
})

test('the first update of all is called an install', () => {
  const job = newJob(1, 'update')
  assert.equal(workOf(job, { installed: null }), 'install', 'nothing is there to update')
  assert.equal(workOf(job, { installed: INSTALLED }), 'update', 'something is')
})

test('the end of a job says what it came to', () => {
  const outcome = { release: 13, travelledBytes: 2_000_000, wounds: 3, kept: [] }
  const done = (/** @type {string} */ kind) => ({ ...newJob(1, kind), state: { state: 'done', outcome } })
  assert.equal(endedTitle(done('update'), 'update', words, format), 'Release 13 is installed', 'which release')
  const game = { installed: INSTALLED, unreadable: null }
  assert.deepEqual(endedLines(done('verify'), game, words, format)[0], '3 files are damaged.', 'what verify found')
  assert.deepEqual(endedLines(done('repair'), game, words, format)[0], '3 files were repaired.', 'what repair mended')
  assert.deepEqual(endedLines(done('publish'), game, words, format), ['2 MB uploaded.'], 'a publisher sends, a player fetches')
  assert.deepEqual(endedLines(done('move'), game, words, format), [], 'a moved game was not downloaded')
  assert.equal(endedJob(newJob(1, 'update')), null, 'running work has not ended')
})

const ascending = (/** @type {number} */ a, /** @type {number} */ b) => a - b

test('the rate limit in force can always be chosen', () => {
  assert.ok(rateLimits(123_456).includes(123_456), 'set by another launcher, it would be lost from the list')
  assert.deepEqual(rateLimits(123_456), rateLimits(123_456).toSorted(ascending), 'in order')
})

test('every scene of the mock can be told in both languages', () => {
  for (const name of SCENE_NAMES) {
    for (const language of ['ko', 'en']) {
      const headline = headlineOf(situationIn(name), languages[language], new Format(language))
      assert.ok(headline.title, `${name} has no headline in ${language}`)
      assert.doesNotMatch(headline.facts.join(), /undefined|NaN|null/, `${name} shows a hole in ${language}`)
    }
  }
  assert.ok(OFFERED.downloadBytes > 0, 'the mock offers something to fetch')
})
