/** Runs that count on the board, where there are services; without them, nothing happens here. */

import { connect, MAX_FRAMES } from './naru-game.js';
import { RULES_VERSION } from './simulation.js';

export class Ranked {
  #naru;
  /** The run being played, and the one that is asked for. Only the newest request counts. */
  #run = null;
  #request = 0;

  constructor(place) {
    this.#naru = connect(place);
  }

  /** Asks for a run. If it comes before the first press, `useSeed` takes its seed. */
  async prepare(useSeed) {
    this.#run = null;
    this.#request += 1;
    const request = this.#request;
    const run = await this.#naru?.getRun(RULES_VERSION).catch(unranked);
    if (run && request === this.#request && useSeed(run.seed)) this.#run = run;
  }

  /** Sends a finished run, and answers its place; null when it does not count. */
  async submit(inputs) {
    const run = this.#run;
    this.#run = null;
    if (run === null || inputs.length > MAX_FRAMES) return null;
    return this.#naru.submitScore(run, inputs).catch(unranked);
  }
}

/** The game goes on without the board. */
function unranked(error) {
  console.warn(`not ranked (${error.code}):`, error.message);
  return null;
}
