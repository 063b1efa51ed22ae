import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { source } from './source.js'

const notes = await source('home/notes.ts')
const { NOTES_LIMIT } = await source('backend/types.ts')
const { histogramOf, placeOf, ticks } = await source('scores/histogram.ts')
const { rowsOf, totalsOf } = await source('publish/changes.ts')
const { argumentsFrom } = await source('settings/launch-arguments.ts')
const { sectionAt } = await source('sections.ts')
const { contrast, inkOn } = await source('style/ink.ts')

const root = new URL('../..', import.meta.url)
const sample = await source('backend/mock-sample.ts')
const { brand } = sample.sampleLauncher()

test('notes in two languages travel as one text, and each reader is shown his own', () => {
  const both = { ko: '새벽이 옵니다.\n- 하나', en: 'Dawn comes.\n- one' }
  const text = notes.joinNotes(both)
  assert.equal(text, '[ko]\n새벽이 옵니다.\n- 하나\n[en]\nDawn comes.\n- one', 'the format that other tools write')
  assert.deepEqual(notes.shownNotes(both), both, 'each reader his own')
})

test('notes in one language only are shown to everybody', () => {
  assert.deepEqual(notes.shownNotes({ ko: '하나뿐 ', en: '' }), { ko: '하나뿐', en: '하나뿐' }, 'better another language than nothing')
  assert.equal(notes.joinNotes({ ko: '', en: ' Only. ' }), 'Only.', 'a text alone needs no mark')
  assert.equal(notes.joinNotes({ ko: ' ', en: '\n' }), '', 'nothing stays nothing')
})

test('the limit of the notes counts bytes of UTF-8, not letters', () => {
  assert.equal(NOTES_LIMIT, 6144, 'what the engine accepts')
  assert.equal(notes.bytesOfNotes('가나a'), 7, 'a Korean letter takes three bytes')
})

test('lines with a dash become a list, the others stay paragraphs', () => {
  assert.deepEqual(notes.notesBlocks('머리말\n\n- 하나\n* 둘\n끝'), [
    { kind: 'text', lines: ['머리말'] },
    { kind: 'list', lines: ['하나', '둘'] },
    { kind: 'text', lines: ['끝'] },
  ], 'as a person would read them')
  assert.deepEqual(notes.notesBlocks(''), [], 'no notes, no blocks')
})

test('the histogram fills the gaps that the service leaves out', () => {
  const drawn = histogramOf({ total: 9, width: 10, bars: [{ from: 20, count: 4 }, { from: 50, count: 5 }] })
  assert.deepEqual(drawn.bars.map((/** @type {any} */ bar) => [bar.from, bar.to, bar.count]), [
    [20, 30, 4], [30, 40, 0], [40, 50, 0], [50, 60, 5],
  ], 'bars that nobody has reached still take their place on the axis')
  assert.ok(drawn.top >= 5, 'the highest bar fits')
})

test('too many bars are merged, and no score gets lost', () => {
  const bars = Array.from({ length: 500 }, (_, at) => ({ from: at * 100, count: at % 7 }))
  const drawn = histogramOf({ total: 0, width: 100, bars }, 32)
  const sum = (/** @type {any[]} */ all) => all.reduce((total, bar) => total + bar.count, 0)
  assert.ok(drawn.bars.length <= 33, 'thinner bars than this can not be told apart')
  assert.equal(sum(drawn.bars), sum(bars), 'merged bars keep their counts')
  assert.ok(drawn.scoreTicks.every((/** @type {number} */ tick) => placeOf(tick, drawn) <= 1), 'no label beyond the axis')
})

test('a histogram of nothing is none, of one score is one bar', () => {
  assert.equal(histogramOf({ total: 0, width: 10, bars: [] }), null, 'the page says so instead of drawing')
  assert.equal(histogramOf({ total: 1, width: 10, bars: [{ from: 40, count: 1 }] }).bars.length, 1, 'no division by nothing')
  assert.equal(histogramOf({ total: 1, width: 0, bars: [{ from: 0, count: 1 }] }), null, 'a bar without width is a fault of the service')
})

test('axes have round numbers', () => {
  assert.deepEqual(ticks(0, 457, 4), [0, 200, 400, 600], 'steps of 1, 2 or 5')
  assert.deepEqual(ticks(0, 1, 4), [0, 1], 'no half scores')
})

test('changes are counted by kind, and a long list ends with how many are hidden', () => {
  const change = (/** @type {string} */ kind, /** @type {number} */ bytes) => ({ kind, path: `${kind}${bytes}`, from: null, bytes })
  const changes = [change('deleted', 5), change('new', 1), change('new', 9)]
  assert.deepEqual(totalsOf(changes), [
    { kind: 'new', files: 2, bytes: 10 },
    { kind: 'deleted', files: 1, bytes: 5 },
  ], 'kinds without a file are left out')
  const { rows, hidden } = rowsOf(changes, null, 2)
  assert.deepEqual([rows.map((/** @type {any} */ row) => row.bytes), hidden], [[9, 5], 1], 'the biggest are what a publisher looks for')
  assert.equal(rowsOf(changes, 'deleted', 9).rows.length, 1, 'the filter filters')
})

test('launch arguments are lines: spaces and quotes belong to them', () => {
  assert.deepEqual(argumentsFrom('--name "A B"\n\n  -v \r\n'), ['--name "A B"', '-v'], 'no quoting to know about')
})

test('an address without the right to publish leads home', () => {
  assert.equal(sectionAt('#publish', false), 'home', 'a player has no such section')
  assert.equal(sectionAt('#publish', true), 'publish', 'a publisher has')
  assert.equal(sectionAt('#nowhere', true), 'home', 'an unknown address is no blank page')
})

test('the ink on the accent can be read, and the demo accent is seen on its ground', () => {
  for (const colour of [...brand.accent, '#000000', '#ffffff', '#808080', '#ff0000']) {
    assert.ok(contrast(colour, inkOn(colour)) >= 4.5, `the big button's label on ${colour}`)
  }
  assert.ok(contrast(brand.accent[0], '#f9faf7') >= 3, 'the bar on light paper')
  assert.ok(contrast(brand.accent[1], '#0d1a2c') >= 3, 'the bar on deep water')
})

test('what a studio owns is in its branding folder and nowhere in the page', () => {
  const own = [brand.studio, brand.game.ko, brand.game.en]
  for (const file of readdirSync(new URL('ui/src', root), { recursive: true, encoding: 'utf8' })) {
    if (!/\.(ts|svelte|css)$/.test(file)) continue
    const text = readFileSync(new URL(`ui/src/${file}`, root), 'utf8')
    for (const name of own) assert.ok(!text.includes(name), `${file} names ${name}`)
  }
})

test('the page fits into 150 KB compressed', () => {
  const assets = new URL('ui/dist/assets/', root)
  const sizes = readdirSync(assets).map((name) => ({ name, bytes: gzipSync(readFileSync(new URL(name, assets))).length }))
  const [pictures, others] = [true, false].map((isPicture) =>
    sizes.filter(({ name }) => name.endsWith('.webp') === isPicture).map(({ bytes }) => bytes),
  )
  // A window loads the picture in one of its sizes.
  const bytes = Math.max(...pictures) + others.reduce((sum, more) => sum + more, 0)
  assert.ok(bytes < 150_000, `${bytes} bytes compressed: the window would open later`)
})

test('what ships has nothing of the mock', () => {
  const dist = new URL('ui/dist/', root)
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|html)$/.test(file))
  const shipped = files.map((file) => readFileSync(new URL(file, dist), 'utf8')).join('\n')
  assert.match(shipped, /log_in/, 'it asks the launcher')
  const played = [...sample.NEWS.map((/** @type {any} */ item) => item.title.ko), sample.INSTALLED.notes.ko.split('\n')[0], 'install-failed']
  for (const words of played) assert.ok(!shipped.includes(words), `“${words}” is the mock's`)
  assert.deepEqual(files.filter((file) => /mock/i.test(file)), [], 'nor a file of it')
})
