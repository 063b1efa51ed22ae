/** Flies the lantern behind the title. It knows nothing that a player cannot see. */

import { BLOCK_HEIGHT, COLUMN_WIDTH, LANTERN_HEIGHT, LANTERN_WIDTH, LANTERN_X } from './simulation.js';

const COLUMNS_AHEAD = 4;
const FRAMES_AHEAD = 6;

export function steer(run) {
  const reached = run.y + run.speed * FRAMES_AHEAD + (LANTERN_HEIGHT >> 1);
  return reached > middleAhead(run);
}

function middleAhead(run) {
  const here = Math.floor((run.scroll + LANTERN_X) / COLUMN_WIDTH);
  const tail = here + Math.ceil(LANTERN_WIDTH / COLUMN_WIDTH);
  const ahead = run.columns.filter(({ index }) => index >= here && index <= tail + COLUMNS_AHEAD);
  const top = Math.max(...ahead.map((column) => column.top));
  const bottom = Math.min(...ahead.map((column) => column.bottom));
  const blocked = ahead.find((column) => column.block !== null);
  if (!blocked) return (top + bottom) >> 1;
  const above = blocked.block - top;
  const below = bottom - blocked.block - BLOCK_HEIGHT;
  return above > below ? top + (above >> 1) : bottom - (below >> 1);
}
