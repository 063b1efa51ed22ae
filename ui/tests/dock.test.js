import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source } from './source.js'

const { situationOf, endedJob, workOf } = await source('dock/situation.ts')
const { pressesFor } = await source('dock/actions.ts')
const { tell } = await source('dock/tell.ts')
const { fractionOf, announcementOf } = await source('dock/progress.ts')
const { endedLines, endedTitle } = await source('dock/ended.ts')
const { rateLimits } = await source('dock/rate-limits.ts')
const { ko } = await source('lang/ko.ts')
const { en } = await source('lang/en.ts')
/** @type {Record<string, any>} */
const languages = { ko, en }
const { Format } = await source('lang/format.ts')
const { newJob, INSTALLED, OFFERED, sampleLauncher } = await source('backend/mock-sample.ts')
const { sceneOf, SCENE_NAMES } = await source('backend/mock-scenes.ts')

const words = languages.en
const format = new Format('en')

/** @param {string} name of a scene */
function situationIn(name) {
  const { view } = sceneOf(name)
  return situationOf(view.game, view.job)
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
    const { big } = pressesFor(situationOf(game, null), words, format)
    assert.deepEqual([big.act, big.idle], ['play', undefined], `offer ${offer.state} must not block Play`)
  }
})

test('an update without a release on offer is still a game that can be played', () => {
  const game = { ...sampleLauncher().game, offer: { state: 'unknown' }, action: 'update' }
  assert.equal(situationOf(game, null).is, 'ready', 'a fault of the launcher must not cost the game')
})

test('before a download its size, its files and what is here already are told', () => {
  const { facts } = tell(situationIn('resumable'), words, format)
  assert.deepEqual(facts, [
    'Fetches at most 38.2 MB in 214 files',
    '14.7 MB of it are here already',
    'Takes 438.9 MB',
    'You have release 12',
  ], 'the player decides on these figures')
})

test('progress tells phase, bytes, rate and time left, and no more than is known', () => {
  assert.deepEqual(tell(situationIn('downloading'), words, format).facts, [
    'Downloading',
    '14.7 MB of 38.2 MB',
    '4.2 MB/s',
    'about 6 seconds left',
  ], 'all four are known')
  assert.deepEqual(tell(situationIn('downloading-unknown'), words, format).facts, [
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
  assert.deepEqual(endedLines(done('verify'), words, format)[0], '3 files are damaged.', 'what verify found')
  assert.deepEqual(endedLines(done('repair'), words, format)[0], '3 files were repaired.', 'what repair mended')
  assert.deepEqual(endedLines(done('publish'), words, format), ['2 MB uploaded.'], 'a publisher sends, a player fetches')
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
      const told = tell(situationIn(name), languages[language], new Format(language))
      assert.ok(told.title, `${name} has no headline in ${language}`)
      assert.doesNotMatch(told.facts.join(), /undefined|NaN|null/, `${name} shows a hole in ${language}`)
    }
  }
  assert.ok(OFFERED.downloadBytes > 0, 'the mock offers something to fetch')
})
