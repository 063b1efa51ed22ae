// The sample game's rules and files, without a browser: `node --test tests/game/`.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { steer } from '../../patch/src/autopilot.js';
import { readOptions } from '../../patch/src/options.js';
import * as rules from '../../patch/src/simulation.js';

const game = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'patch');
const SEEDS = [0, 1, 7, 20_251_120, 0x7fffffff, 0x80000000, 0xffffffff];

const RECORDED = { score: 138, y: 43, scroll: 560, hit: 'wall', random: 240612195 };

const read = (path) => readFileSync(join(game, path), 'utf8');

function files() {
  return readdirSync(game, { recursive: true })
    .filter((path) => statSync(join(game, path)).isFile())
    .map((path) => path.split(sep).join('/'));
}

/** A button that depends on the frame alone, so that it can be recorded and played again. */
function* tapping(frames, period) {
  for (let frame = 0; frame < frames; frame += 1) yield frame % period < period / 2;
}

/** Every state of a run that the autopilot flies, with the buttons it pressed. */
function flight(seed, frames) {
  const runs = [rules.createRun(seed)];
  const inputs = [];
  while (runs.length <= frames && runs.at(-1).hit === null) {
    inputs.push(steer(runs.at(-1)));
    runs.push(rules.step(runs.at(-1), inputs.at(-1)));
  }
  return { runs, inputs };
}

test('the same seed and inputs give the same run', () => {
  for (const seed of SEEDS) {
    const { runs, inputs } = flight(seed, 400);
    assert.deepEqual(rules.replay(seed, inputs), runs.at(-1));
    const once = rules.replay(seed, tapping(300, 8));
    assert.deepEqual(rules.replay(seed, tapping(300, 8)), once);
  }
});

test('a recorded run keeps its outcome, or RULES_VERSION must change', () => {
  const { score, y, scroll, hit, random } = rules.replay(7, tapping(300, 6));
  assert.deepEqual({ score, y, scroll, hit, random }, RECORDED);
  assert.equal(rules.RULES_VERSION, 1);
});

test('different seeds give different caves', () => {
  const caves = new Set(SEEDS.map((seed) => JSON.stringify(flight(seed, 120).runs.at(-1).columns)));
  assert.equal(caves.size, SEEDS.length);
});

test('a step leaves the state that it was given as it was', () => {
  const freeze = (run) => Object.freeze({ ...run, columns: Object.freeze(run.columns.map(Object.freeze)) });
  let run = freeze(rules.createRun(3));
  for (const held of tapping(80, 6)) run = freeze(rules.step(run, held));
  assert.ok(run.frame > 0);
});

test('every number is an integer', () => {
  for (const seed of SEEDS) {
    for (const run of flight(seed, 400).runs) {
      const numbers = [run.random, run.frame, run.score, run.scroll, run.y, run.speed, run.slope];
      for (const { index, top, bottom, block } of run.columns) numbers.push(index, top, bottom, block ?? 0);
      // -0 is an integer too, but prints and hashes differently from 0 in some engines.
      for (const number of numbers) assert.ok(Number.isInteger(number) && !Object.is(number, -0));
    }
  }
});

test('every survived frame scores two points, the deadly one none', () => {
  for (const seed of SEEDS) {
    const { runs } = flight(seed, 400);
    for (const run of runs.filter(({ hit }) => hit === null)) assert.equal(run.score, run.frame * 2);
    const last = rules.replay(seed, new Array(600).fill(false));
    assert.equal(last.hit, 'wall');
    assert.equal(last.score, last.frame * 2);
    assert.strictEqual(rules.step(last, true), last, 'an ended run stays as it is');
  }
});

test('holding rises, letting go sinks', () => {
  const start = rules.createRun(1);
  assert.ok(rules.step(start, true).y < start.y);
  assert.ok(rules.step(start, false).y > start.y);
});

test('the cave narrows, stays open, and has a red block every tenth column', () => {
  for (const seed of SEEDS) {
    const columns = caveOf(seed, 700);
    let gap = Infinity;
    for (const { index, top, bottom, block } of columns) {
      assert.ok(bottom - top <= gap && top >= 0 && bottom <= rules.HEIGHT);
      gap = bottom - top;
      assert.equal(block !== null, index >= 20 && index % rules.BLOCK_EVERY === 0);
      if (block === null) continue;
      assert.ok(block >= top && block + rules.BLOCK_HEIGHT <= bottom);
      const passage = Math.max(block - top, bottom - block - rules.BLOCK_HEIGHT);
      assert.ok(passage > rules.LANTERN_HEIGHT, 'there is always room to pass');
    }
    assert.ok(gap < columns[0].bottom - columns[0].top);
  }
});

/** The columns alone: the run is put back into the middle of the cave before each step. */
function caveOf(seed, frames) {
  const seen = new Map();
  let run = rules.createRun(seed);
  for (let frame = 0; frame < frames; frame += 1) {
    for (const column of run.columns) seen.set(column.index, column);
    run = { ...rules.step(run, false), hit: null };
  }
  return [...seen.values()];
}

test('every cave can be flown to the end of what a player sees in a minute', () => {
  for (const seed of [11, 12, 13]) {
    let open = new Map([['', rules.createRun(seed)]]);
    for (let frame = 0; frame < 800; frame += 1) {
      open = reachable(open);
      assert.ok(open.size > 0, `seed ${seed} closes at frame ${frame}`);
    }
  }
});

/** Runs at the same height and speed have the same future: one of each is enough. */
function reachable(open) {
  const next = new Map();
  for (const run of open.values()) {
    for (const held of [true, false]) {
      const moved = rules.step(run, held);
      if (moved.hit === null) next.set(`${moved.y} ${moved.speed}`, moved);
    }
  }
  return next;
}

test('a seed that is not an unsigned 32-bit integer is refused', () => {
  for (const seed of [-1, 1.5, NaN, 2 ** 32, '7', undefined]) {
    assert.throws(() => rules.createRun(seed), RangeError);
  }
});

test('the simulation needs nothing but the language', () => {
  const code = read('src/simulation.js').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  assert.doesNotMatch(code, /\b(import|Date|performance|document|window|globalThis|fetch)\b|Math\.(?!max\b|min\b|imul\b)/);
});

test('both languages say the same things', () => {
  const korean = JSON.parse(read('lang/ko.json'));
  const english = JSON.parse(read('lang/en.json'));
  assert.deepEqual(Object.keys(korean).sort(), Object.keys(english).sort());
  for (const [key, sentence] of [...Object.entries(korean), ...Object.entries(english)]) {
    assert.ok(sentence.trim() !== '', key);
    assert.deepEqual(holes(korean[key]), holes(english[key]), key);
  }
});

const holes = (sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort();

test('every sentence that the game asks for exists', () => {
  const known = JSON.parse(read('lang/ko.json'));
  const asked = [...read('index.html').matchAll(/data-(?:text|label)="([^"]+)"/g)].map((match) => match[1]);
  for (const path of files().filter((name) => name.endsWith('.js'))) {
    asked.push(...[...read(path).matchAll(/say\('([^']+)'/g)].map((match) => match[1]));
  }
  for (const path of JSON.parse(read('levels/index.json')).levels) asked.push(JSON.parse(read(path)).name);
  asked.push('over.wall', 'over.block');
  assert.ok(asked.length > 20);
  for (const key of asked) assert.ok(key in known, key);
});

test('every file that is referred to exists, and every file is referred to', () => {
  const all = new Set(files());
  const used = new Set(['index.html', 'CREDITS.txt', '도움말.txt', 'art/icon.svg']);
  for (const path of all) {
    for (const target of referencesOf(path)) {
      assert.ok(all.has(target), `${path} refers to ${target}`);
      used.add(target);
    }
  }
  assert.deepEqual([...all].filter((path) => !used.has(path)), []);
});

function referencesOf(path) {
  if (!/\.(html|css|js|json)$/.test(path)) return [];
  const text = read(path);
  const fromHere = (target) => posix.normalize(posix.join(posix.dirname(path), target));
  const relatives = [
    ...text.matchAll(/(?:from|import) '(\.[^']+)'/g),
    ...text.matchAll(/url\("([^"]+)"\)/g),
  ].map((match) => fromHere(match[1]));
  const fromRoot = text.matchAll(/["'`]((?:art|config|lang|levels|sound|src|style)\/[^"'`]+)["'`]/g);
  return [...relatives, ...[...fromRoot].map((match) => match[1])];
}

test('nothing is fetched from elsewhere, and no style or script is inline', () => {
  for (const path of files().filter((name) => /\.(html|css|js|json)$/.test(name))) {
    assert.doesNotMatch(read(path), /https?:\/\//, path);
  }
  assert.doesNotMatch(read('index.html'), /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
});

test('names and sizes suit every system', () => {
  const lower = new Set();
  for (const path of files()) {
    assert.equal(path, path.normalize('NFC'));
    assert.doesNotMatch(path, /[<>:"\\|?*\u0000-\u001f]|[. ](\/|$)/);
    assert.doesNotMatch(path, /(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.|\/|$)/i);
    assert.ok(!lower.has(path.toLowerCase()), path);
    lower.add(path.toLowerCase());
    if (path.endsWith('.wav')) assert.ok(statSync(join(game, path)).size < 60_000, path);
  }
  for (const reserved of ['filedb.db', 'version.json', '.naru']) {
    assert.ok(!existsSync(join(game, reserved)), relative(game, reserved));
  }
});

test('options that make no sense count as not given', () => {
  const options = readOptions('; note\n[game]\nlanguage = fr\n[sound]\nvolume = 250\nambience = loud\n[display]\nsparks=off\n');
  assert.deepEqual(options, { language: 'auto', volume: 100, ambience: 60, reduceMotion: 'auto', sparks: false });
  assert.equal(readOptions(read('config/options.ini')).volume, 70);
});
