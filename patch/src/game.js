/** One run on the screen: turns time into frames, and frames into pictures and sounds. */

import { steer } from './autopilot.js';
import { levelAt } from './levels.js';
import { BLOCK_EVERY, COLUMN_WIDTH, createRun, FRAME_MS, LANTERN_HEIGHT, LANTERN_X, step } from './simulation.js';
import { Sparks } from './sparks.js';

/** After a stall (a hidden tab, a debugger) the game goes on from where it was. */
const LONGEST_CATCH_UP_MS = 250;
const ZONE_FADE_MS = 1400;
const SHAKE_MS = 350;

export class Game {
  #renderer;
  #button;
  #sounds;
  #levels;
  #events;
  #calm;
  #sparks = new Sparks();
  #withSparks;
  #mode = 'demo';
  #before;
  #after;
  #pending = 0;
  #level;
  #previousLevel;
  #levelAge = ZONE_FADE_MS;
  #sinceHit = 0;
  #clock = 0;
  #held = false;
  /** The button of each frame of the run, for whoever checks its score. */
  #inputs = [];

  /**
   * @param {object} parts
   * @param {{onScore: Function, onZone: Function, onEnd: Function}} parts.events
   */
  constructor({ renderer, button, sounds, levels, events, calm, sparks }) {
    this.#renderer = renderer;
    this.#button = button;
    this.#sounds = sounds;
    this.#levels = levels;
    this.#events = events;
    this.#calm = calm;
    this.#withSparks = sparks && !calm;
    this.demo();
  }

  get score() {
    return this.#after.score;
  }

  /** Flies by itself behind the title; stands still for those who asked for less motion. */
  demo() {
    this.#begin('demo');
  }

  /** The button in each frame since the run began. */
  get inputs() {
    return this.#inputs;
  }

  /** Waits at the landing for the first press. */
  wait() {
    this.#begin('waiting');
  }

  /** Puts another cave under a lantern that still waits. A run that has begun keeps its own. */
  useSeed(seed) {
    if (this.#mode !== 'waiting') return false;
    this.#begin('waiting', seed);
    return true;
  }

  go() {
    this.#mode = 'running';
    this.#pending = 0;
    this.#button.look();
    this.#held = true;
  }

  pause() {
    this.#mode = 'paused';
    this.#sounds.burn(false);
  }

  resume() {
    this.#mode = 'running';
  }

  /** Called once per picture. */
  tick(elapsed) {
    const passed = Math.min(elapsed, LONGEST_CATCH_UP_MS);
    if (this.#mode !== 'paused') this.#live(passed);
    this.#draw();
  }

  #begin(mode, seed = freshSeed()) {
    this.#mode = mode;
    this.#inputs = [];
    this.#before = createRun(seed);
    this.#after = this.#before;
    this.#pending = 0;
    this.#level = levelAt(this.#levels, 0);
    this.#previousLevel = this.#level;
    this.#levelAge = ZONE_FADE_MS;
    this.#sinceHit = 0;
    this.#held = false;
    this.#sparks.clear();
    this.#sounds.restartMelody();
  }

  #live(passed) {
    this.#clock += passed;
    this.#levelAge += passed;
    this.#sparks.advance(passed / 1000);
    if (this.#mode === 'ended') this.#sinceHit += passed;
    if (this.#mode === 'running' || (this.#mode === 'demo' && !this.#calm)) this.#advance(passed);
  }

  #advance(passed) {
    this.#pending += passed;
    while (this.#pending >= FRAME_MS && this.#mode !== 'ended') {
      this.#pending -= FRAME_MS;
      this.#frame();
    }
    if (this.#mode === 'running') this.#sounds.burn(this.#button.held);
    if (this.#withSparks && this.#held && Math.random() < passed / 40) {
      this.#sparks.ember(LANTERN_X + 4, this.#after.y + LANTERN_HEIGHT - 2);
    }
  }

  #frame() {
    // The ended run is shown up to its last frame before the light goes out.
    if (this.#after.hit !== null) return this.#end();
    this.#held = this.#mode === 'demo' ? steer(this.#after) : this.#button.look();
    if (this.#mode === 'running') this.#inputs.push(this.#held ? 1 : 0);
    this.#before = this.#after;
    this.#after = step(this.#before, this.#held);
    if (this.#mode === 'running') this.#report();
    return undefined;
  }

  #report() {
    if (this.#after.hit !== null) return;
    this.#events.onScore(this.#after.score);
    if (passedBlock(this.#before, this.#after)) this.#sounds.playNote();
    const level = levelAt(this.#levels, this.#after.score);
    if (level === this.#level) return;
    this.#previousLevel = this.#level;
    this.#level = level;
    this.#levelAge = 0;
    this.#sounds.play('zone', 0.7);
    this.#events.onZone(level);
  }

  #end() {
    if (this.#mode === 'demo') return this.#begin('demo');
    this.#mode = 'ended';
    this.#pending = FRAME_MS;
    this.#sounds.burn(false);
    this.#sounds.play('crash');
    if (!this.#calm) this.#sparks.burst(LANTERN_X + 8, this.#after.y + LANTERN_HEIGHT / 2);
    return this.#events.onEnd(this.#after);
  }

  #draw() {
    const ended = this.#mode === 'ended';
    const shaking = ended && !this.#calm ? Math.max(0, 1 - this.#sinceHit / SHAKE_MS) * 6 : 0;
    const waiting = this.#mode === 'waiting' && !this.#calm;
    const scene = {
      before: this.#before,
      after: this.#after,
      part: ended ? 1 : Math.min(1, this.#pending / FRAME_MS),
      bob: waiting ? Math.sin(this.#clock / 450) * 3 : 0,
      // The title has a large lantern of its own; behind it flies only the light.
      lantern: this.#mode !== 'demo' && !ended,
      burning: this.#mode === 'running' ? this.#button.held : this.#held,
      calm: this.#calm,
      shake: shaking,
    };
    const blend = this.#calm ? 1 : Math.min(1, this.#levelAge / ZONE_FADE_MS);
    this.#renderer.draw(scene, this.#level, this.#previousLevel, blend, this.#sparks);
  }
}

function passedBlock(before, after) {
  const columnAt = (run) => Math.floor((run.scroll + LANTERN_X) / COLUMN_WIDTH) - 1;
  const column = columnAt(after);
  if (column === columnAt(before) || column % BLOCK_EVERY !== 0) return false;
  return after.columns.some(({ index, block }) => index === column && block !== null);
}

function freshSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
