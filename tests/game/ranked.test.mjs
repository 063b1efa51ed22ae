// The game's way to the services, without a browser and without services.

import assert from 'node:assert/strict';
import test from 'node:test';

import { steer } from '../../patch/src/autopilot.js';
import { Game } from '../../patch/src/game.js';
import { connect, NaruGame, spansOf } from '../../patch/src/naru-game.js';
import { Ranked } from '../../patch/src/ranked.js';
import { FRAME_MS, replay, RULES_VERSION } from '../../patch/src/simulation.js';

const at = (search) => ({ search, href: `http://game.test/index.html${search}` });

/** Answers requests from a list, and keeps what was asked. */
function services(t, ...answers) {
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (url, { method, headers, body }) => {
    asked.push({ url, method, headers, body: body && JSON.parse(body) });
    const [status, content] = answers.shift();
    return new Response(JSON.stringify(content), { status });
  });
  return asked;
}

const RUN = { run_id: 'r', seed: 7, rules_version: RULES_VERSION, expires_at: '' };

test('a page without an address has no services, and asks nobody', async (t) => {
  const asked = services(t);
  for (const search of ['', '?services=', '?services=javascript:alert(1)', '?services=http://']) {
    assert.equal(connect(at(search)), null, search);
  }
  const ranked = new Ranked(at(''));
  await ranked.prepare(() => assert.fail('there is no seed'));
  assert.equal(await ranked.submit([0]), null);
  assert.deepEqual(asked, []);
});

test('a launcher serves page and services under a scheme of its own', () => {
  const page = (services) => {
    const search = `?services=${encodeURIComponent(services)}`;
    return { search, href: `naru-game://localhost/index.html${search}` };
  };
  assert.notEqual(connect(page('/services')), null, 'below the page itself');
  for (const elsewhere of ['other-scheme://localhost/', 'naru-game://elsewhere/', 'file:///etc']) {
    assert.equal(connect(page(elsewhere)), null, elsewhere);
  }
});

test('the requests are those of the services', async (t) => {
  const asked = services(t, [201, RUN], [200, { score: 2 }], [200, { standings: [] }]);
  const naru = connect(at('?services=/services'), { token: async () => 'secret' });
  const run = await naru.getRun(RULES_VERSION);
  assert.deepEqual(await naru.submitScore(run, [0, 0, 1]), { score: 2 });
  await naru.scoreboard({ limit: 5, after: '1.2.3' });
  const headers = { authorization: 'Bearer secret' };
  const json = { 'content-type': 'application/json', ...headers };
  const recording = [{ input: 0, frames: 2 }, { input: 1, frames: 1 }];
  assert.deepEqual(asked, [
    { url: 'http://game.test/services/runs', method: 'POST', headers, body: undefined },
    {
      url: 'http://game.test/services/scores',
      method: 'POST',
      headers: json,
      body: { run_id: 'r', rules_version: RULES_VERSION, recording },
    },
    { url: 'http://game.test/services/scoreboard?limit=5&after=1.2.3', method: 'GET', headers, body: undefined },
  ]);
});

test('a refusal has its code', async (t) => {
  services(t, [409, { code: 'run-used', detail: 'before' }], [502, 'gateway'], [201, { ...RUN, rules_version: 99 }]);
  const naru = new NaruGame('http://services.test');
  await assert.rejects(naru.submitScore(RUN, [1]), { code: 'run-used', message: 'before' });
  await assert.rejects(naru.scoreboard(), { code: 'unreachable' });
  await assert.rejects(naru.getRun(RULES_VERSION), { code: 'rules-differ' });
});

test('services that are away do not keep anyone from playing', async (t) => {
  t.mock.method(globalThis, 'fetch', async () => { throw new TypeError('away'); });
  t.mock.method(console, 'warn', () => {});
  const ranked = new Ranked(at('?services=/services'));
  await ranked.prepare(() => assert.fail('there is no seed'));
  assert.equal(await ranked.submit([1]), null);
});

test('a run that came after the first press is not sent', async (t) => {
  const asked = services(t, [201, RUN]);
  const ranked = new Ranked(at('?services=/services'));
  await ranked.prepare(() => false);
  assert.equal(await ranked.submit([1]), null);
  assert.equal(asked.length, 1);
});

test('only the newest run that was asked for is played', async (t) => {
  const asked = services(t, [201, { ...RUN, run_id: 'old' }], [201, { ...RUN, run_id: 'new' }], [200, { rank: 1 }]);
  const ranked = new Ranked(at('?services=/services'));
  await Promise.all([ranked.prepare(() => assert.fail('an old seed')), ranked.prepare(() => true)]);
  assert.deepEqual(await ranked.submit([1]), { rank: 1 });
  assert.equal(asked.at(-1).body.run_id, 'new');
});

test('what the game records is the run that it showed', () => {
  for (const seed of [3, 0xfffffff0]) {
    const { game, ended } = flown(seed);
    const again = replay(seed, game.inputs);
    assert.deepEqual([again.score, again.hit], [ended.score, ended.hit]);
    assert.equal(game.inputs.length, again.frame + 1, 'up to and with the frame that ended it');
    assert.equal(game.useSeed(1), false, 'a run that began keeps its cave');
    const spans = spansOf(game.inputs);
    assert.equal(spans.reduce((frames, span) => frames + span.frames, 0), game.inputs.length);
  }
});

/** Plays a run through the game itself, by uneven ticks, with a pause in it. */
function flown(seed) {
  let ended = null;
  let game = null;
  const nothing = () => {};
  const button = { held: false, look: () => steer(shown) && game.score < 300 };
  let shown = null;
  game = new Game({
    renderer: { draw: ({ after }) => { shown = after; } },
    button,
    sounds: { burn: nothing, play: nothing, playNote: nothing, restartMelody: nothing },
    levels: [{ fromScore: 0, name: 'zone' }],
    events: { onScore: nothing, onZone: nothing, onEnd: (run) => { ended = run; } },
    calm: true,
    sparks: false,
  });
  game.wait();
  assert.equal(game.useSeed(seed), true);
  game.tick(0);
  game.go();
  for (let tick = 0; ended === null; tick += 1) {
    game.tick(FRAME_MS * (tick % 3 === 0 ? 0.4 : 1.1));
    if (tick === 20) {
      game.pause();
      game.tick(5000);
      game.resume();
    }
  }
  return { game, ended };
}
