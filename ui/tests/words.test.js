import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { source } from './source.js'

const { ko } = await source('lang/ko.ts')
const { en } = await source('lang/en.ts')
/** @type {Record<string, any>} */
const languages = { ko, en }
const { changedSentence } = await source('lang/changed.ts')
const { withParticle } = await source('lang/particle.ts')
const { Format } = await source('lang/format.ts')
const types = readFileSync(new URL('../src/backend/types.ts', import.meta.url), 'utf8')

/** @param {string} type the name of a union of strings in types.ts */
function membersOf(type) {
  const union = new RegExp(`export type ${type} = ([^;]+);`).exec(types)?.[1] ?? ''
  const members = [...union.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '')
  assert.ok(members.length > 0, `${type} is no union any more: this test looks at nothing`)
  return members
}

for (const [name, words] of Object.entries(languages)) {
  test(`${name}: every error code says what happened and what to do next`, () => {
    for (const code of membersOf('ProblemCode')) {
      const sentence = words.problems[code]
      assert.ok(sentence, `${code} would be shown as nothing`)
      assert.match(sentence.what, /[.]$/, `${code}: what happened is a sentence`)
      assert.match(sentence.hint, /[.]$/, `${code}: the next step is a sentence`)
      assert.notEqual(sentence.what, sentence.hint, `${code}: the hint repeats the complaint`)
    }
  })

  test(`${name}: every state that a failure leaves behind has its sentence`, () => {
    for (const changed of membersOf('Changed')) {
      for (const stock of ['installed', 'nothing', 'unknown']) {
        const sentence = changedSentence(words, changed, stock) ?? ''
        assert.match(sentence, /[.]$/, `${changed} with ${stock} leaves the reader guessing`)
        assert.doesNotMatch(sentence, /undefined/, `${changed} with ${stock} has a hole`)
      }
    }
  })

  test(`${name}: jobs, phases, warnings and kinds of change have names`, () => {
    for (const kind of membersOf('JobKind')) assert.ok(words.jobs[kind]?.doing, kind)
    for (const phase of membersOf('JobPhase')) assert.ok(words.phases[phase], phase)
    for (const warning of membersOf('JobWarningKind')) assert.ok(words.warnings[warning], warning)
    for (const kind of membersOf('BuildChangeKind')) assert.ok(words.publish.kinds[kind], kind)
  })
}

test('English has no Korean left in it, and the other way round no sentence is missing', () => {
  const hangul = (/** @type {unknown} */ part) => JSON.stringify(part).match(/[가-힣]+/g) ?? []
  assert.deepEqual(hangul(languages.en), ['한국어'], 'only the name of the other language is Korean')
})

test('Korean particles follow the sound, also of numbers', () => {
  const cases = [
    ['릴리스 1', '을/를', '릴리스 1을'],
    ['릴리스 2', '을/를', '릴리스 2를'],
    ['릴리스 13', '이/가', '릴리스 13이'],
    ['릴리스 14', '이/가', '릴리스 14가'],
    ['릴리스 10', '으로/로', '릴리스 10으로'],
    ['릴리스 11', '으로/로', '릴리스 11로'],
    ['릴리스 12', '으로/로', '릴리스 12로'],
    ['릴리스 20', '과/와', '릴리스 20과'],
    ['릴리스 1,000', '을/를', '릴리스 1,000을'],
    ['페이스북', '으로/로', '페이스북으로'],
    ['구글', '으로/로', '구글로'],
    ['카카오', '으로/로', '카카오로'],
    ['36.9MB', '을/를', '36.9MB를'],
  ]
  for (const [word, particle, expected] of cases) {
    assert.equal(withParticle(word, particle), expected, 'a wrong particle reads like a machine')
  }
})

test('sizes, rates and times are written as each language writes them', () => {
  const ko = new Format('ko')
  const en = new Format('en')
  assert.equal(en.bytes(38_240_000), '38.2 MB', 'decimal units, as file managers count')
  assert.equal(ko.bytes(38_240_000), '38.2MB', 'Korean writes no space')
  assert.equal(en.bytes(999_999), '1 MB', 'never "1,000 kB"')
  assert.equal(en.bytes(0), '0 bytes', 'no size is a size too')
  assert.equal(en.rate(4_210_000), '4.2 MB/s', 'a rate names its second')
  assert.equal(en.rate(90), '0 kB/s', 'a stalled line shows no bytes dribbling')
  assert.equal(ko.duration(6), '6초', 'seconds where they count')
  assert.equal(ko.duration(200), '3분 20초', 'two units at most')
  assert.equal(en.duration(4210), '1 hour 10 minutes', 'nobody counts seconds of hours')
  assert.equal(en.duration(3599), '1 hour', 'rounding carries over: never "60 minutes"')
  assert.equal(en.duration(0.2), '1 second', 'work that goes on has time left')
  assert.equal(en.percent(0.999), '99%', 'nothing is complete before it is')
  assert.equal(en.date('not a date'), 'not a date', 'a broken date of a server breaks no page')
})
