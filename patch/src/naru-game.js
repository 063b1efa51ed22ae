/**
 * A game's way to the Naru services: verified scores and the board.
 *
 * Any web game can take this file. It needs nothing else, and a game without the services stays
 * playable: `connect` answers null where the page was opened without an address.
 *
 *     const naru = connect(location);
 *     const run = await naru?.getRun(RULES_VERSION);      // a seed to play, once
 *     …play from run.seed, keep one small integer per frame…
 *     const receipt = await naru.submitScore(run, inputs); // the score that the service computed
 *
 * The service replays the inputs by the game's own simulation module, which exports
 * `RULES_VERSION`, `FRAME_MS` and `replay(seed, inputs)`; it believes no score that a page sends.
 */

/** Frames of the longest recording that the service takes. */
export const MAX_FRAMES = 48_000;

/** Longer than an answer ever takes, shorter than a player waits. */
const PATIENCE_MS = 10_000;

/** A refusal. `code` is one of the service's codes, or `unreachable`. */
export class NaruError extends Error {
  constructor(code, detail) {
    super(detail);
    this.code = code;
  }
}

/**
 * The services that the page was opened with: `index.html?services=<address>`, relative or whole.
 *
 * Whoever serves the game there adds the player's login to each request (the launcher does), so
 * that no token ever reaches the page. A game that has a token of its own passes `token`.
 *
 * @param {{search: string, href: string}} place  `window.location`
 * @param {{token?: () => Promise<string>}} [options]
 * @returns {NaruGame | null}
 */
export function connect(place, options = {}) {
  const address = new URLSearchParams(place.search).get('services');
  if (!address) return null;
  const url = parsed(address, place.href);
  if (url === null || !isService(url, new URL(place.href))) return null;
  return new NaruGame(url.href, options);
}

export class NaruGame {
  #address;
  #token;

  /** @param {string} address  of the services, with or without a slash at the end */
  constructor(address, { token } = {}) {
    this.#address = address.replace(/\/*$/, '/');
    this.#token = token;
  }

  /**
   * A run to play now. Only a game with the service's rules may play it.
   *
   * @param {number} rulesVersion  of the game
   * @returns {Promise<{run_id: string, seed: number, rules_version: number, expires_at: string}>}
   */
  async getRun(rulesVersion) {
    const run = await this.#ask('POST', 'runs');
    if (run.rules_version !== rulesVersion) {
      throw new NaruError('rules-differ', `rules ${run.rules_version} are played there, ${rulesVersion} here`);
    }
    return run;
  }

  /**
   * Sends what the player did, one input per frame up to and with the one that ended the run.
   * Sending the same again is harmless: it gets the same answer.
   *
   * @param {{run_id: string, rules_version: number}} run  from `getRun`
   * @param {number[]} inputs  integers from 0 to 255
   * @returns {Promise<{run_id: string, score: number, best: number, rank: ?number}>}  `rank` is null where it
   *   could not be counted
   */
  submitScore(run, inputs) {
    const { run_id, rules_version } = run;
    return this.#ask('POST', 'scores', { run_id, rules_version, recording: spansOf(inputs) });
  }

  /**
   * One page of the board.
   *
   * @param {{limit?: number, after?: string}} [page]  `after` is `next` of the page before
   */
  scoreboard({ limit = 20, after } = {}) {
    const asked = new URLSearchParams({ limit });
    if (after) asked.set('after', after);
    return this.#ask('GET', `scoreboard?${asked}`);
  }

  async #ask(method, path, body) {
    const headers = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (this.#token) headers.authorization = `Bearer ${await this.#token()}`;
    const request = {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    };
    const answer = await fetch(this.#address + path, request).catch((error) => {
      throw new NaruError('unreachable', String(error));
    });
    const content = await answer.json().catch(() => null);
    if (answer.ok && content !== null) return content;
    throw new NaruError(content?.code ?? 'unreachable', content?.detail ?? `status ${answer.status}`);
  }
}

/** Runs of equal inputs: a held button is one entry, not a hundred. */
export function spansOf(inputs) {
  const spans = [];
  for (const input of inputs) {
    const last = spans[spans.length - 1];
    if (last !== undefined && last.input === input) last.frames += 1;
    else spans.push({ input, frames: 1 });
  }
  return spans;
}

/** A launcher may serve page and services under a scheme of its own. */
function isService(url, page) {
  const isOwn = url.protocol === page.protocol && url.host === page.host && url.host !== '';
  return isOwn || url.protocol === 'http:' || url.protocol === 'https:';
}

function parsed(address, base) {
  try {
    return new URL(address, base);
  } catch {
    return null;
  }
}
