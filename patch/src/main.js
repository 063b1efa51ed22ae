/** Puts the parts together and moves between the screens. */

import { createRenderer } from './renderer.js';
import { Game } from './game.js';
import { OneButton } from './input.js';
import { Sounds } from './audio.js';
import { announceZone, currentScreen, element, show } from './screens.js';
import { chooseLanguage, preferredLanguage, say, speak } from './language.js';
import { loadLevels } from './levels.js';
import { loadOptions } from './options.js';
import { Ranked } from './ranked.js';
import { recall, remember } from './storage.js';

/** Long enough to see what was hit, and to let go of the button. */
const OVER_DELAY_MS = 800;

let game;
let sounds;
let button;
/** Between the crash and the result, the run can no longer be paused. */
let ending = false;
const ranked = new Ranked(location);
let best = Number(recall('best', '0')) || 0;

async function main() {
  const options = await loadOptions();
  await speak(preferredLanguage(options.language));
  const [renderer, levels] = await Promise.all([createRenderer(element('view')), loadLevels()]);
  button = new OneButton(element('stage'));
  sounds = new Sounds(options, recall('muted', 'no') === 'yes');
  game = new Game({
    renderer,
    button,
    sounds,
    levels,
    calm: wantsCalm(options.reduceMotion),
    sparks: options.sparks,
    events: { onScore: showScore, onZone: (level) => announceZone(say(level.name)), onEnd: endRun },
  });
  connectButtons();
  connectKeys();
  showMuted();
  element('best').textContent = best;
  show('title');
  runClock();
}

function wantsCalm(option) {
  if (option !== 'auto') return option === 'on';
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function runClock() {
  let last = performance.now();
  const tick = (now) => {
    game.tick(Math.max(0, now - last));
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

function connectButtons() {
  const actions = { start: ready, again: ready, resume, pause, quit: home, home, mute: toggleMute };
  for (const [id, action] of Object.entries(actions)) {
    element(id).addEventListener('click', () => {
      unlockSounds().then(() => sounds.play('click'));
      action();
    });
  }
  for (const choice of document.querySelectorAll('[data-language]')) {
    choice.addEventListener('click', () => changeLanguage(choice.dataset.language));
  }
  button.onPress(() => {
    unlockSounds();
    if (currentScreen() !== 'ready') return;
    show('playing');
    game.go();
  });
}

function connectKeys() {
  window.addEventListener('keydown', (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code === 'KeyM') toggleMute();
    if (event.code === 'KeyP' || event.code === 'Escape') togglePause();
  });
  window.addEventListener('blur', () => pause());
  document.addEventListener('visibilitychange', () => { if (document.hidden) pause(); });
}

/** The game plays on in silence where there is no sound device. */
function unlockSounds() {
  return sounds.unlock().catch((error) => console.warn('no sound:', error));
}

function ready() {
  game.wait();
  ranked.prepare((seed) => game.useSeed(seed));
  showScore(0);
  sounds.play('start', 0.8);
  show('ready');
}

function pause() {
  if (currentScreen() !== 'playing' || ending) return;
  game.pause();
  show('paused');
}

function resume() {
  show('playing');
  game.resume();
}

function togglePause() {
  if (currentScreen() === 'paused') resume();
  else pause();
}

function home() {
  game.demo();
  show('title');
}

function toggleMute() {
  sounds.muted = !sounds.muted;
  remember('muted', sounds.muted ? 'yes' : 'no');
  showMuted();
}

function showMuted() {
  element('mute').setAttribute('aria-pressed', String(sounds.muted));
  element('mute-icon').src = sounds.muted ? 'art/icons/sound-off.svg' : 'art/icons/sound-on.svg';
}

function showScore(score) {
  element('score').textContent = score;
}

async function changeLanguage(language) {
  await chooseLanguage(language).catch(fail);
}

function endRun(run) {
  ending = true;
  element('place').textContent = '';
  ranked.submit(game.inputs).then(showPlace);
  setTimeout(() => whenReleased(() => showResult(run)), OVER_DELAY_MS);
}

/** A button still held from flying must not press "again" by itself. */
function whenReleased(action) {
  if (!button.held) action();
  else setTimeout(() => whenReleased(action), 50);
}

function showResult({ score, hit }) {
  ending = false;
  const isNew = score > best;
  if (isNew) {
    best = score;
    remember('best', best);
    sounds.play('best');
  }
  element('best').textContent = best;
  element('result').textContent = score;
  element('cause').textContent = say(`over.${hit}`);
  element('record').textContent = isNew ? say('over.record') : say('over.best', { score: best });
  element('record').classList.toggle('is-new', isNew);
  show('over');
}

/** Comes when the service has replayed the run; by then the next one may have begun. */
function showPlace(receipt) {
  if (receipt?.rank) element('place').textContent = say('over.place', receipt);
}

function fail(error) {
  console.error(error);
  element('failure').textContent = say('failure.load', { file: error.file ?? error.message });
  show('failure');
}

main().catch(fail);
