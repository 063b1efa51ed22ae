// A player and a publisher go through the real window, in each language, with a picture of each state. With
// NARU_SCREENSHOTS=<folder>, the pictures are kept there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { pictureOf } from './picture.mjs';
import { asNotes, EARLIER, firstLine, NEWEST, SECOND, THIRD } from './releases.mjs';
import { WORDS } from './words.mjs';
import { until } from './webdriver.mjs';
import { LAUNCHER, World } from './world.mjs';

const run = promisify(execFile);
const CLOSE_WINDOW = fileURLToPath(new URL('close_window.py', import.meta.url));
const SHOTS = process.env.NARU_SCREENSHOTS;
/** How far the player flies. */
const POINTS = 240;

for (const language of ['ko', 'en']) {
  test(`a player's way, in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const words = WORDS[language];
    const world = await World.make(t);
    await world.fillTheBoard();
    for (const notes of [...EARLIER, NEWEST]) await release(world, notes);
    const driver = await world.driver(language);
    let window;
    let failed;
    // What follows a failed step would fail too, and only hide it.
    const step = (name, run) =>
      failed ? t.test(name, { skip: `after: ${failed}` }, () => {}) : t.test(name, () => run().catch((error) => {
        failed = name;
        throw error;
      }));
    const shot = (name, holds) => keep(window, language, name, holds);
    const launch = async (...args) => (window = await driver.launch(LAUNCHER, args));

    await step('the first start offers the game', async () => {
      await launch();
      await window.says(words.install);
      await window.says(firstLine(NEWEST, language));
      await shot('first-start', words.install);
    });

    await step('a login in the window that has no right', async () => {
      await window.press(words.logIn);
      await window.press(words.logInWithKakao);
      await window.says(words.waiting);
      await agreeInTheLoginWindow(words.nameAtProvider, () => shot('logging-in', words.waiting));
      await window.says(words.chooseName);
      await window.fill(await window.script(() => document.querySelector('dialog[open] input')), words.player);
      await shot('naming', words.chooseName);
      await window.press(words.useName);
      await window.button(words.account(words.player));
      await shot('logged-in', words.player);
    });

    await step('an install', async () => {
      await window.press(words.install);
      await window.says(words.ready);
      await window.press(words.putAway);
      await shot('ready', words.ready);
      await sameAsBuild(world);
    });

    await step('the game plays in its own window, and its score is on the board', async () => {
      await window.press(words.play);
      const game = await inGame(window);
      await playOneRun(window);
      await leaveGame(window, game);
      await window.says(words.ready);
      await window.press(words.scores);
      const own = () => window.script(ownScore);
      await until('his own place', own);
      await shot('scores', own);
      const ownRow = () => window.script(ownRowOnTheBoard);
      let row;
      while (!(row = await ownRow())) await turnThePage(window, words.next);
      assert.match(row, new RegExp(words.player), 'under the name that was chosen');
      await window.press(words.home);
    });

    await step('no command answers the game, and no address but the service', async () => {
      await window.press(words.play);
      const game = await inGame(window);
      await pictureOfFlying(window, shot);
      await refusesEverything(window, world);
      await leaveGame(window, game);
    });

    await step('a newer release', async () => {
      await release(world, SECOND, { 'sound/shallows.bin': randomBytes(1_340_000, 1) });
      await window.press(words.check);
      await window.says(firstLine(SECOND, language));
      await shot('update', firstLine(SECOND, language));
      await window.press(words.update);
      await window.says(words.newest);
      await sameAsBuild(world);
    });

    await step('logging out forgets', async () => {
      await window.press(words.account(words.player));
      await shot('account', words.logOut);
      await window.press(words.logOut);
      await window.button(words.logIn);
      assert.deepEqual(await filesWith(world, 'Bearer'), [], 'nothing of the login is in a file');
    });

    await step('an update that is killed goes on where it was', async () => {
      await release(world, THIRD, { 'sound/song.bin': randomBytes(24 << 20, 2) });
      await window.script(limitRate, 2 << 20);
      await window.press(words.check);
      await window.says(firstLine(THIRD, language));
      await window.press(words.update);
      await until('a third of the download', async () => (await window.script(percent)) > 33);
      await shot('downloading', async () => (await window.script(percent)) > 33);
      await world.killLauncher();
      await driver.restart();
      await launch();
      await window.says(words.staged);
      await window.script(limitRate, null);
      await window.press(words.update);
      await window.says(words.newest);
      await sameAsBuild(world);
    });

    await step('without a server, the installed game plays', async () => {
      await window.end();
      await world.stopCloud();
      await launch();
      await window.says(words.offline);
      await shot('offline', words.offline);
      await window.press(words.play);
      const game = await inGame(window);
      await leaveGame(window, game);
      await window.end();
      await world.startCloud();
    });

    await step('a publisher compares, publishes and goes back', async () => {
      await launch('--admin');
      await changeTheBuild(world);
      // Before the page is there, nothing in it can be asked.
      await window.button(words.publisher);
      await window.script(chooseBuild, world.build);
      await window.press(words.publisher);
      await window.press(words.compare);
      await window.says('CREDITS.txt');
      await window.script(bringUp, 'next-title');
      await shot('publish', 'CREDITS.txt');
      await window.press(words.publish(6));
      await window.press(words.confirmPublish);
      await window.says(words.published(6));
      await window.script(bringUp, 'releases-title');
      await shot('published', words.published(6));
      assert.match(await world.naru('releases'), /\b6\b/, 'the command sees the release too');
      await window.end();
    });
  });
}

async function release(world, notes, files = {}) {
  const file = join(world.home, 'notes.txt');
  await writeFile(file, asNotes(notes));
  for (const [path, bytes] of Object.entries(files)) await writeFile(join(world.build, path), bytes);
  await writeFile(join(world.build, 'release.txt'), `${notes.en}\n`);
  await world.naru('publish', world.build, '--yes', '--notes', file);
}

/** What the next release will change. */
async function changeTheBuild({ build }) {
  await appendFile(join(build, 'CREDITS.txt'), 'With thanks to all who tried the shallows first.\n');
  await mkdir(join(build, 'sound/songs'));
  await rename(join(build, 'sound/song.bin'), join(build, 'sound/songs/ferryman.bin'));
  await writeFile(join(build, 'sound/songs/dawn.bin'), randomBytes(2_150_000, 3));
}

/** A picture of the state in which the page says some words, or in which something else holds. */
async function keep(window, language, name, holds) {
  const picture = await pictureOf(window, typeof holds === 'string' ? () => window.saysNow(holds) : holds);
  if (!SHOTS) return;
  await mkdir(join(SHOTS, language), { recursive: true });
  await writeFile(join(SHOTS, language, `${name}.png`), picture);
}

/** As a person does: the window has the keyboard, and no driver reaches into it. */
async function agreeInTheLoginWindow(nickname, shot) {
  const find = () => run('xdotool', ['search', '--onlyvisible', '--name', '^127.0.0.1 - ']);
  const id = await until('the login window', async () => (await find().catch(() => ({ stdout: '' }))).stdout.trim());
  // Nothing tells from outside that its page has been drawn.
  await sleep(1500);
  await shot();
  await run('xdotool', ['windowfocus', '--sync', id.split('\n')[0], 'type', '--delay', '40', nickname]);
  await run('xdotool', ['key', 'Return']);
}

async function inGame(window) {
  const main = await window.handle();
  const game = await until('the game’s window', async () => (await window.windows()).find((handle) => handle !== main));
  await window.switchTo(game);
  await until('the game', () => window.script(() => document.querySelector('#start')?.checkVisibility()));
  return { main };
}

/** Closes the game's window as a person does: through the system. */
async function leaveGame(window, { main }) {
  const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--class', 'naru-launcher']);
  for (const id of stdout.trim().split('\n')) {
    const name = (await run('xdotool', ['getwindowname', id])).stdout.trim();
    if (name !== 'Naru') await run('python3', [CLOSE_WINDOW, id]);
  }
  await window.switchTo(main);
}

/** Flies to some points, then lets go, and the cave has him. */
async function playOneRun(window) {
  await begin(window, POINTS);
  await until('the board’s answer', () => window.script(() => document.querySelector('#place').textContent.trim()));
  // Only then the game has kept the best score.
  await until('the result', () => window.script(() => document.querySelector('#again').checkVisibility()));
}

/** A picture of a run. Where it takes too long for the pilot, he begins again. */
async function pictureOfFlying(window, shot) {
  const isOn = (screen) => () => window.script((name) => document.querySelector('#stage').dataset.screen === name, screen);
  const score = () => window.script(() => Number(document.querySelector('#score').textContent));
  for (let left = 5; ; left -= 1) {
    await begin(window, Number.MAX_SAFE_INTEGER);
    try {
      await until('some way', async () => (await score()) > POINTS / 4 || (await isOn('over')()));
      return await shot('game', isOn('playing'));
    } catch (error) {
      if (left === 1) throw error;
      await until('the end of the run', isOn('over'));
    }
  }
}

async function begin(window, points) {
  const { refused } = await window.asyncScript(fly, points);
  assert.equal(refused, undefined, 'the run has begun');
}

async function turnThePage(window, next) {
  const page = () => window.script(() => document.querySelector('.pages [aria-live]').innerText);
  const isHere = () => window.script(() => document.querySelector('table').getAttribute('aria-busy') === 'false');
  const before = await page();
  await window.press(next);
  await until('the next page', async () => (await page()) !== before && isHere());
}

async function refusesEverything(window, world) {
  const calls = await readFile(new URL('../../ui/src/backend/commands.ts', import.meta.url), 'utf8');
  const commands = calls.match(/(?<=call\(')\w+/g) ?? [];
  assert.ok(commands.length > 20, 'the list of commands was read');
  for (const command of commands) {
    const { refused } = await window.asyncScript((name) => window.__TAURI_INTERNALS__.invoke(name), command);
    assert.match(refused ?? 'answered', /not allowed/, `the game asked for ${command}`);
  }
  const addresses = [world.env.NARU_SERVICES_URL, world.env.NARU_EDGE_URL, 'tauri://localhost/', 'naru-game://localhost/.naru/filedb.db'];
  for (const address of addresses) {
    const answer = await window.asyncScript((url) => fetch(url).then((got) => got.status), address);
    assert.ok(answer.refused || answer.value === 404, `${address} answered ${answer.value}`);
  }
  const board = await window.asyncScript(() => fetch('/services/scoreboard').then((got) => got.status));
  assert.equal(board.value, 200, 'the score service answers');
  const others = await window.asyncScript(() => fetch('/services/datasets').then((got) => got.status));
  assert.equal(others.value, 404, 'the player’s other data is not the game’s');
}

async function sameAsBuild(world) {
  await run('diff', ['-r', '--exclude=.naru', world.build, world.install]);
}

async function filesWith({ home }, text) {
  const { stdout } = await run('grep', ['-rlaF', text, join(home, 'launcher')]).catch((none) => none);
  return stdout.split('\n').filter(Boolean);
}

// These run in the page.

function percent() {
  return Number(document.body.innerText.match(/(\d+)%/)?.[1] ?? 0);
}

/**
 * Plays as one who looks ahead: a second game of the same seed tells where the lantern is.
 * Answers when the run has begun; at `points` the button is let go.
 */
async function fly(points) {
  const [{ createRun, step }, { steer }] = await Promise.all(
    ['simulation', 'autopilot'].map((name) => import(`${location.origin}/src/${name}.js`)),
  );
  const ask = window.fetch;
  let isSubmitted = false;
  const seed = new Promise((known) => {
    window.fetch = async (...request) => {
      isSubmitted ||= String(request[0]).endsWith('/scores');
      const answer = await ask(...request);
      if (String(request[0]).endsWith('/runs')) known((await answer.clone().json()).seed);
      return answer;
    };
  });
  const buttons = [...document.querySelectorAll('#start, #again')];
  buttons.find((button) => button.checkVisibility()).click();
  let run = createRun(await seed);
  // The game takes the seed in after its own look at the answer.
  await new Promise((resolve) => setTimeout(resolve, 300));

  let isHeld = false;
  const hold = (wanted) => {
    if (wanted === isHeld) return;
    isHeld = wanted;
    const kind = wanted ? 'keydown' : 'keyup';
    document.body.dispatchEvent(new KeyboardEvent(kind, { key: ' ', code: 'Space', bubbles: true }));
  };
  const follow = () => {
    const score = Number(document.querySelector('#score').textContent);
    while (run.score < score && run.hit === null) run = step(run, isHeld);
    // The second game lags behind: the game may end first, and shows no result while the button is held.
    const isOver = isSubmitted || run.hit !== null || score >= points;
    hold(!isOver && steer(run));
    if (!isOver) requestAnimationFrame(follow);
  };
  hold(true);
  requestAnimationFrame(follow);
}

function ownScore() {
  return document.querySelector('.own strong')?.checkVisibility() ?? false;
}

function ownRowOnTheBoard() {
  return document.querySelector('tr[aria-current="true"]')?.innerText;
}

function bringUp(title) {
  document.getElementById(title).closest('section').scrollIntoView();
}

function limitRate(value) {
  return window.__TAURI_INTERNALS__.invoke('change_settings', { change: { setting: 'rate-limit', value } });
}

function chooseBuild(value) {
  return window.__TAURI_INTERNALS__.invoke('change_settings', { change: { setting: 'build-folder', value } });
}

function randomBytes(length, seed) {
  const words = new Uint32Array(Math.ceil(length / 4));
  // Any bytes that don't repeat: a fixed seed makes each run the same.
  words.reduce((state, _, at) => (words[at] = (Math.imul(state, 1664525) + 1013904223) >>> 0), seed);
  return Buffer.from(words.buffer, 0, length);
}
