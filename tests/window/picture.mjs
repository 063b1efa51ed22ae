// A picture of the window that shows the state which the page is in. A driver answers with the last frame that was
// drawn, which may be older than what the page says.

import { inflateSync } from 'node:zlib';

import { until } from './webdriver.mjs';

const MARK = '#ff00ff';

/** Takes a picture while `holds`; refuses one that may show another state. */
export async function pictureOf(window, holds) {
  await until('the page to stand still', () => window.script(standsStill));
  await must(holds, 'before');
  await window.script(mark, MARK);
  await until('the mark in the picture', async () => isMarked(await window.screenshot()));
  await window.script(unmark);
  const picture = await until('a picture without the mark', async () => {
    const taken = await window.screenshot();
    return !isMarked(taken) && taken;
  });
  await must(holds, 'after');
  return picture;
}

async function must(holds, when) {
  if (!(await holds())) throw new Error(`the page is not in the picture's state ${when} it was taken`);
}

/** Whether the first pixel has the mark's colour: no filter of a PNG changes that one. */
function isMarked(png) {
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(body);
  }
  return `#${inflateSync(Buffer.concat(parts)).toString('hex', 1, 4)}` === MARK;
}

// These run in the page.

function standsStill() {
  // What goes on for ever has no better moment, and progress moves with each report.
  const goesOn = (effect) =>
    effect.getComputedTiming().iterations === Infinity || effect.target.closest('[role="progressbar"]');
  const moves = ({ playState, effect }) => playState === 'running' && !goesOn(effect);
  const drawn = [...document.images].every((image) => image.complete);
  return drawn && !document.getAnimations().some(moves);
}

/** Above everything, dialogs included. */
export function mark(colour) {
  const spot = document.createElement('div');
  spot.id = 'picture-mark';
  spot.popover = 'manual';
  const style = { position: 'fixed', inset: '0 auto auto 0', margin: '0', padding: '0', border: '0' };
  Object.assign(spot.style, style, { width: '12px', height: '12px', background: colour });
  document.body.append(spot);
  spot.showPopover();
}

export function unmark() {
  document.getElementById('picture-mark').remove();
}
