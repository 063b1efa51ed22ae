/** Sounds. Nothing is loaded or played before the player's first press, as browsers demand. */

import { loadBytes } from './assets.js';

const FILES = {
  start: 'sound/start.wav',
  crash: 'sound/crash.wav',
  best: 'sound/best.wav',
  zone: 'sound/zone.wav',
  click: 'sound/click.wav',
  flame: 'sound/flame.wav',
  cave: 'sound/cave.wav',
  note1: 'sound/note-1.wav',
  note2: 'sound/note-2.wav',
  note3: 'sound/note-3.wav',
  note4: 'sound/note-4.wav',
  note5: 'sound/note-5.wav',
};
const MELODY = ['note1', 'note3', 'note2', 'note4', 'note3', 'note5', 'note4', 'note2'];

export class Sounds {
  #options;
  #muted;
  #context = null;
  #master = null;
  #buffers = new Map();
  #flame = null;
  #note = 0;

  constructor(options, muted) {
    this.#options = options;
    this.#muted = muted;
  }

  get muted() {
    return this.#muted;
  }

  set muted(muted) {
    this.#muted = muted;
    this.#master?.gain.setTargetAtTime(this.#loudness(), this.#context.currentTime, 0.03);
  }

  /** Call from a press: opens the sound device once, and wakes it if the browser put it to sleep. */
  async unlock() {
    if (this.#context) return this.#context.resume();
    if (!window.AudioContext) return undefined;
    this.#context = new AudioContext();
    this.#master = this.#context.createGain();
    this.#master.gain.value = this.#loudness();
    this.#master.connect(this.#context.destination);
    await Promise.all(Object.entries(FILES).map(([name, file]) => this.#load(name, file)));
    this.#loop('cave', this.#options.ambience / 100);
    this.#flame = this.#loop('flame', 0);
    return undefined;
  }

  play(name, loudness = 1) {
    if (this.#buffers.has(name)) this.#source(name, loudness).source.start();
  }

  /** One note of a slow pentatonic melody: a red block was passed. */
  playNote() {
    this.play(MELODY[this.#note % MELODY.length], 0.8);
    this.#note += 1;
  }

  restartMelody() {
    this.#note = 0;
  }

  burn(on) {
    this.#flame?.gain.setTargetAtTime(on ? 0.5 : 0, this.#context.currentTime, on ? 0.02 : 0.09);
  }

  #loudness() {
    return this.#muted ? 0 : this.#options.volume / 100;
  }

  async #load(name, file) {
    try {
      this.#buffers.set(name, await this.#context.decodeAudioData(await loadBytes(file)));
    } catch (error) {
      // A missing sound must not keep anyone from playing.
      console.warn(`no sound from ${file}:`, error);
    }
  }

  #source(name, loudness) {
    const source = this.#context.createBufferSource();
    const gain = this.#context.createGain();
    source.buffer = this.#buffers.get(name);
    gain.gain.value = loudness;
    source.connect(gain).connect(this.#master);
    return { source, gain };
  }

  #loop(name, loudness) {
    if (!this.#buffers.has(name)) return null;
    const { source, gain } = this.#source(name, loudness);
    source.loop = true;
    source.start();
    return gain;
  }
}
