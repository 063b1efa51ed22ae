/**
 * The rules of the game, and nothing else.
 *
 * This module is replayed outside the browser to compute a score from a seed and
 * the recorded button, so it must give the same numbers everywhere: integers only,
 * no clock, no DOM, no `Math.random`, no state outside the value it is given.
 *
 * Units are canvas pixels. The world scrolls to the left; column `n` covers the
 * world's x from `n * COLUMN_WIDTH` to just before `(n + 1) * COLUMN_WIDTH`.
 */

/** Changes whenever the same seed and inputs would give another run. */
export const RULES_VERSION = 1;

export const WIDTH = 256;
export const HEIGHT = 320;
export const FRAME_MS = 75;
export const SCORE_PER_FRAME = 2;

export const COLUMN_WIDTH = 16;
export const SCROLL_PER_FRAME = 8;
export const BLOCK_EVERY = 10;
export const BLOCK_HEIGHT = 36;

/** The lantern's hit box: a little smaller than its picture, in the player's favour. */
export const LANTERN_X = 56;
export const LANTERN_WIDTH = 16;
export const LANTERN_HEIGHT = 20;

const LIFT = 1;
const MAX_SPEED = 8;

const FIRST_GAP = 216;
const LAST_GAP = 116;
const COLUMNS_PER_NARROWING = 3;
const WALL_MARGIN = 12;
const MAX_SLOPE = 10;
/** Columns at the start without slope or blocks, so that nobody dies before reacting. */
const CALM_COLUMNS = 19;
const COLUMNS_KEPT = WIDTH / COLUMN_WIDTH + 4;

/**
 * A run's whole state. Treat it as read-only: `step` answers a new one.
 *
 * @typedef {object} Run
 * @property {number} random   state of the pseudo-random sequence (unsigned 32 bits)
 * @property {number} frame    frames survived
 * @property {number} score    `frame * SCORE_PER_FRAME`
 * @property {number} scroll   how far the world has moved
 * @property {number} y        top of the lantern's hit box
 * @property {number} speed    pixels down per frame
 * @property {number} slope    how much the cave's middle moves per column at present
 * @property {Column[]} columns  oldest first
 * @property {null | "wall" | "block"} hit  what ended the run
 */

/**
 * @typedef {object} Column
 * @property {number} index
 * @property {number} top     first free pixel under the ceiling
 * @property {number} bottom  first pixel of the floor
 * @property {number | null} block  top of the red block, if this column has one
 */

/**
 * Starts a run.
 *
 * @param {number} seed  an unsigned 32-bit integer
 * @returns {Run}
 */
export function createRun(seed) {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError('seed must be an integer from 0 to 4294967295');
  }
  const run = {
    random: seed,
    frame: 0,
    score: 0,
    scroll: 0,
    y: (HEIGHT - LANTERN_HEIGHT) >> 1,
    speed: 0,
    slope: 0,
    columns: [],
    hit: null,
  };
  return grow(run);
}

/**
 * Advances a run by one frame of `FRAME_MS`. A run that has ended stays as it is.
 *
 * @param {Run} run
 * @param {boolean} held  whether the button is down during this frame
 * @returns {Run}
 */
export function step(run, held) {
  if (run.hit !== null) return run;
  const speed = clamp(run.speed + (held ? -LIFT : LIFT), -MAX_SPEED, MAX_SPEED);
  const moved = grow({
    ...run,
    speed,
    y: run.y + speed,
    scroll: run.scroll + SCROLL_PER_FRAME,
  });
  const hit = touched(moved);
  if (hit !== null) return { ...moved, hit };
  return { ...moved, frame: run.frame + 1, score: run.score + SCORE_PER_FRAME };
}

/**
 * Plays a recorded button from the start: the way to check a claimed score.
 *
 * @param {number} seed
 * @param {Iterable<boolean>} inputs  one per frame
 * @returns {Run}
 */
export function replay(seed, inputs) {
  let run = createRun(seed);
  for (const held of inputs) run = step(run, held);
  return run;
}

/** Adds the columns that come into view and drops those that have left it. */
function grow(run) {
  const first = Math.max(0, ((run.scroll / COLUMN_WIDTH) | 0) - 1);
  const columns = run.columns.filter((column) => column.index >= first);
  let { random, slope } = run;
  while (columns.length < COLUMNS_KEPT) {
    const made = nextColumn(random, slope, columns[columns.length - 1]);
    columns.push(made.column);
    random = made.random;
    slope = made.slope;
  }
  return { ...run, columns, random, slope };
}

function nextColumn(random, slope, previous) {
  const index = previous ? previous.index + 1 : 0;
  const narrowing = (index / COLUMNS_PER_NARROWING) | 0;
  const gap = Math.max(LAST_GAP, FIRST_GAP - narrowing * 2);
  const calm = index < CALM_COLUMNS;

  const bend = draw(random, 7);
  const place = draw(bend.random, gap - BLOCK_HEIGHT + 1);

  const turned = calm ? 0 : clamp(slope + bend.value - 3, -MAX_SLOPE, MAX_SLOPE);
  const middle = previous ? (previous.top + previous.bottom) >> 1 : HEIGHT >> 1;
  const wanted = middle + turned - (gap >> 1);
  const top = clamp(wanted, WALL_MARGIN, HEIGHT - WALL_MARGIN - gap);
  const hasBlock = !calm && index % BLOCK_EVERY === 0;
  return {
    column: { index, top, bottom: top + gap, block: hasBlock ? top + place.value : null },
    random: place.random,
    // At the edge of the canvas the cave turns back instead of sliding along it.
    slope: top === wanted ? turned : -turned >> 1,
  };
}

function touched(run) {
  const left = run.scroll + LANTERN_X;
  const right = left + LANTERN_WIDTH;
  const bottom = run.y + LANTERN_HEIGHT;
  for (const column of run.columns) {
    const start = column.index * COLUMN_WIDTH;
    if (start >= right || start + COLUMN_WIDTH <= left) continue;
    if (run.y < column.top || bottom > column.bottom) return 'wall';
    if (column.block === null) continue;
    if (bottom > column.block && run.y < column.block + BLOCK_HEIGHT) return 'block';
  }
  return null;
}

/** Draws an integer from 0 to `bound - 1` (`bound` up to 32767); the generator is mulberry32. */
function draw(random, bound) {
  const next = (random + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  mixed = (mixed ^ (mixed >>> 14)) >>> 0;
  return { random: next, value: ((mixed >>> 16) * bound) >>> 16 };
}

function clamp(value, low, high) {
  return value < low ? low : value > high ? high : value;
}
