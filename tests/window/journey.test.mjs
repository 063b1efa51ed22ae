// A player and a publisher go through the real window, in each language. With NARU_SCREENSHOTS=<folder>, a
// picture of each state is kept there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { WORDS } from './words.mjs';
import { until } from './webdriver.mjs';
import { LAUNCHER, World } from './world.mjs';

const run = promisify(execFile);
const CLOSE_WINDOW = fileURLToPath(new URL('close_window.py', import.meta.url));
const SHOTS = process.env.NARU_SCREENSHOTS;

for (const language of ['ko', 'en']) {
  test(`a player's way, in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const words = WORDS[language];
    const world = await World.make(t);
    await release(world, 1, '[ko]\n첫 릴리스입니다.\n- 동굴 네 곳\n[en]\nThe first release.\n- Four caves\n');
    const driver = await world.driver(language);
    let window;
    let failed;
    // What follows a failed step would fail too, and only hide it.
    const step = (name, run) =>
      failed ? t.test(name, { skip: `after: ${failed}` }, () => {}) : t.test(name, () => run().catch((error) => {
        failed = name;
        throw error;
      }));
    const shot = (name) => keep(window, language, name);
    const launch = async (...args) => (window = await driver.launch(LAUNCHER, args));

    await step('the first start offers the game', async () => {
      await launch();
      await window.says(words.install);
      await window.says(words.firstNotes);
      await shot('first-start');
    });

    await step('a login in the window that has no right', async () => {
      await window.press(words.logIn);
      await window.press(words.logInWithKakao);
      await window.says(words.waiting);
      await agreeInTheLoginWindow(language, words.player, shot);
      await window.says(words.player);
      await shot('logged-in');
    });

    await step('an install', async () => {
      await window.press(words.install);
      await window.says(words.ready);
      await shot('ready');
      await sameAsBuild(world);
    });

    await step('the game plays in its own window, and its score is on the board', async () => {
      await window.press(words.play);
      const game = await inGame(window);
      await playOneRun(window, shot);
      await leaveGame(window, game);
      await window.says(words.ready);
      await window.press(words.scores);
      await window.says(words.player);
      await shot('scores');
      await window.press(words.home);
    });

    await step('no command answers the game, and no address but the service', async () => {
      await window.press(words.play);
      const game = await inGame(window);
      await refusesEverything(window, world);
      await leaveGame(window, game);
    });

    await step('a newer release', async () => {
      await release(world, 2, '[ko]\n물가의 풍경을 다듬었습니다.\n[en]\nThe shore looks better.\n');
      await window.press(words.check);
      await window.says(words.secondNotes);
      await shot('update');
      await window.press(words.update);
      await window.says(words.newest);
      await sameAsBuild(world);
    });

    await step('logging out forgets', async () => {
      await window.press(words.account(words.player));
      await shot('account');
      await window.press(words.logOut);
      await window.button(words.logIn);
      assert.deepEqual(await filesWith(world, 'Bearer'), [], 'nothing of the login is in a file');
    });

    await step('an update that is killed goes on where it was', async () => {
      await writeFile(join(world.build, 'music.bin'), randomBytes(24 << 20));
      await release(world, 3, '[ko]\n새 음악입니다.\n[en]\nNew music.\n');
      await window.script(limitRate, 4 << 20);
      await window.press(words.check);
      await window.says(words.thirdNotes);
      await window.press(words.update);
      await until('a third of the download', async () => (await window.script(percent)) > 33);
      await shot('downloading');
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
      await shot('offline');
      await window.press(words.play);
      const game = await inGame(window);
      await leaveGame(window, game);
      await window.end();
      await world.startCloud();
    });

    await step('a publisher compares, publishes and goes back', async () => {
      await launch('--admin');
      await writeFile(join(world.build, 'CREDITS.txt'), 'With thanks to all.\n');
      await window.script(chooseBuild, world.build);
      await window.press(words.publisher);
      await window.press(words.compare);
      await window.says('CREDITS.txt');
      await shot('publish');
      await window.press(words.publish(4));
      await window.press(words.confirmPublish);
      await window.says(words.published(4));
      await shot('published');
      assert.match(await world.naru('releases'), /\b4\b/, 'the command sees the release too');
      await window.end();
    });
  });
}

async function release(world, number, notes) {
  const file = join(world.home, 'notes.txt');
  await writeFile(file, notes);
  await writeFile(join(world.build, 'release.txt'), `${number}\n`);
  await world.naru('publish', world.build, '--yes', '--notes', file);
}

async function keep(window, language, name) {
  if (!SHOTS) return;
  await sleep(500);
  await mkdir(join(SHOTS, language), { recursive: true });
  await window.shot(join(SHOTS, language, `${name}.png`));
}

/** As a person does: the window has the keyboard, and no driver reaches into it. */
async function agreeInTheLoginWindow(language, nickname, shot) {
  const find = () => run('xdotool', ['search', '--onlyvisible', '--name', '^127.0.0.1 - ']);
  const id = await until('the login window', async () => (await find().catch(() => ({ stdout: '' }))).stdout.trim());
  await sleep(1500);
  await shot('logging-in');
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

/** Flies for a while, then lets go, and the cave has him. */
async function playOneRun(window, shot) {
  await window.script(() => document.querySelector('#start').click());
  // A run that is begun before the service has given its seed does not count.
  await sleep(1500);
  const press = () => {
    for (const kind of ['keydown', 'keyup']) {
      document.body.dispatchEvent(new KeyboardEvent(kind, { key: ' ', code: 'Space', bubbles: true }));
    }
  };
  let flown = 0;
  await until('the board’s answer', async () => {
    flown += 1;
    if (flown < 40) await window.script(press);
    if (flown === 6) await shot('game');
    return window.script(() => document.querySelector('#place').textContent.trim());
  });
}

async function refusesEverything(window, world) {
  const commands = (await readFile(new URL('../../src-tauri/build.rs', import.meta.url), 'utf8')).match(/(?<=^    ")\w+(?=",$)/gm);
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

function limitRate(value) {
  return window.__TAURI_INTERNALS__.invoke('change_settings', { change: { setting: 'rate-limit', value } });
}

function chooseBuild(value) {
  return window.__TAURI_INTERNALS__.invoke('change_settings', { change: { setting: 'build-folder', value } });
}

function randomBytes(length) {
  const bytes = Buffer.alloc(length);
  // Any bytes that don't repeat: a fixed seed makes each run the same.
  for (let at = 0, state = 1; at < length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
}
