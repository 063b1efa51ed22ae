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
  grow(run);
  return run;
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
  const moved = { ...run, columns: run.columns.slice() };
  advance(moved, held);
  return moved;
}

/**
 * Plays a recorded button from the start: the way to check a claimed score.
 *
 * @param {number} seed
 * @param {Iterable<boolean>} inputs  one per frame; anything truthy counts as held
 * @returns {Run}
 */
export function replay(seed, inputs) {
  const run = createRun(seed);
  for (const held of inputs) {
    if (run.hit !== null) break;
    advance(run, held);
  }
  return run;
}

/** Moves a run in place: a replay of a long run makes no copy per frame. */
function advance(run, held) {
  run.speed = clamp(run.speed + (held ? -LIFT : LIFT), -MAX_SPEED, MAX_SPEED);
  run.y += run.speed;
  run.scroll += SCROLL_PER_FRAME;
  grow(run);
  run.hit = touched(run);
  if (run.hit !== null) return;
  run.frame += 1;
  run.score += SCORE_PER_FRAME;
}

/** Adds the columns that come into view and drops those that have left it. */
function grow(run) {
  const { columns } = run;
  // One column behind the canvas is kept: the wall and the block in it may still be in sight.
  if (columns.length > 0 && (columns[0].index + 2) * COLUMN_WIDTH <= run.scroll) columns.shift();
  while (columns.length < COLUMNS_KEPT) columns.push(nextColumn(run, columns[columns.length - 1]));
}

function nextColumn(run, previous) {
  const index = previous ? previous.index + 1 : 0;
  const narrowing = (index / COLUMNS_PER_NARROWING) | 0;
  const gap = Math.max(LAST_GAP, FIRST_GAP - narrowing * 2);
  const calm = index < CALM_COLUMNS;

  const bend = draw(run, 7);
  const place = draw(run, gap - BLOCK_HEIGHT + 1);

  const turned = calm ? 0 : clamp(run.slope + bend - 3, -MAX_SLOPE, MAX_SLOPE);
  const middle = previous ? (previous.top + previous.bottom) >> 1 : HEIGHT >> 1;
  const wanted = middle + turned - (gap >> 1);
  const top = clamp(wanted, WALL_MARGIN, HEIGHT - WALL_MARGIN - gap);
  // At the edge of the canvas the cave turns back instead of sliding along it.
  run.slope = top === wanted ? turned : -turned >> 1;
  const hasBlock = !calm && index % BLOCK_EVERY === 0;
  return { index, top, bottom: top + gap, block: hasBlock ? top + place : null };
}

/** Looks at the columns over the lantern only: their indices run on without a gap. */
function touched(run) {
  const { columns, y } = run;
  const left = run.scroll + LANTERN_X;
  const bottom = y + LANTERN_HEIGHT;
  const before = columns[0].index;
  const last = ((left + LANTERN_WIDTH - 1) / COLUMN_WIDTH | 0) - before;
  for (let at = (left / COLUMN_WIDTH | 0) - before; at <= last; at += 1) {
    const column = columns[at];
    if (y < column.top || bottom > column.bottom) return 'wall';
    if (column.block === null) continue;
    if (bottom > column.block && y < column.block + BLOCK_HEIGHT) return 'block';
  }
  return null;
}

/** Draws an integer from 0 to `bound - 1` (`bound` up to 32767); the generator is mulberry32. */
function draw(run, bound) {
  const next = (run.random + 0x6d2b79f5) >>> 0;
  run.random = next;
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  mixed = (mixed ^ (mixed >>> 14)) >>> 0;
  return ((mixed >>> 16) * bound) >>> 16;
}

function clamp(value, low, high) {
  return value < low ? low : value > high ? high : value;
}
