// Which pictures of the window are kept, with a driver that is late.

import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateSync } from 'node:zlib';

import { mark, pictureOf, unmark } from './picture.mjs';

/** A page whose pictures are some frames old. */
class LatePage {
  #drawn = [];
  #isMarked = false;
  #late;
  state = 'installing';

  constructor(late) {
    this.#late = late;
    for (let frame = 0; frame <= late; frame += 1) this.#draw();
    this.state = 'ready';
  }

  async script(run) {
    if (run === mark) this.#isMarked = true;
    if (run === unmark) this.#isMarked = false;
    return true;
  }

  async screenshot() {
    this.#draw();
    return this.#drawn.at(-1 - this.#late);
  }

  #draw() {
    this.#drawn.push(png(this.#isMarked ? 'ff00ff' : '111111', this.state));
  }
}

/** As much of a PNG as is looked at: one pixel, and the state that it shows. */
function png(colour, state) {
  const chunk = (name, body) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, Buffer.from(name), body, Buffer.alloc(4)]);
  };
  const pixels = deflateSync(Buffer.from(`00${colour}`, 'hex'));
  return Buffer.concat([Buffer.alloc(8), chunk('tEXt', Buffer.from(state)), chunk('IDAT', pixels)]);
}

for (const late of [0, 1, 3]) {
  test(`a picture that is ${late} frames old is not kept for the state of now`, async () => {
    const page = new LatePage(late);
    const picture = await pictureOf(page, async () => page.state === 'ready');
    assert.ok(picture.includes('ready'), 'the picture shows what the page says');
    assert.ok(!picture.includes('installing'));
  });
}

test('a state that ends meanwhile has no picture', async () => {
  const page = new LatePage(0);
  let asked = 0;
  const holds = async () => (asked += 1) === 1;
  await assert.rejects(pictureOf(page, holds), /after it was taken/);
  await assert.rejects(pictureOf(page, async () => false), /before it was taken/);
});
