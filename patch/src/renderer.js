/** Draws a run between two of its frames, at the screen's own resolution. */

import { loadImage } from './assets.js';
import {
  BLOCK_HEIGHT, COLUMN_WIDTH, HEIGHT, LANTERN_HEIGHT, LANTERN_WIDTH, LANTERN_X, WIDTH,
} from './simulation.js';

/** The picture is larger than the hit box, which lies in its middle. */
const PICTURE = { width: 28, height: 32, dx: -6, dy: -4 };
const FAR_SPEED = 0.12;
const NEAR_SPEED = 0.35;
/** The backdrops are drawn at twice the canvas's size. */
const BACKDROP_SCALE = 2;

export async function createRenderer(canvas) {
  const files = {
    lantern: 'art/sprites/lantern.svg',
    flame: 'art/sprites/flame.svg',
    blocks: ['art/sprites/block-1.svg', 'art/sprites/block-2.svg', 'art/sprites/block-3.svg'],
    rocks: ['art/rock/basalt-1.png', 'art/rock/basalt-2.png', 'art/rock/basalt-3.png', 'art/rock/basalt-4.png'],
  };
  const [lantern, flame, blocks, rocks] = await Promise.all([
    loadImage(files.lantern),
    loadImage(files.flame),
    Promise.all(files.blocks.map(loadImage)),
    Promise.all(files.rocks.map(loadImage)),
  ]);
  return new Renderer(canvas, { lantern, flame, blocks, rocks });
}

class Renderer {
  #canvas;
  #context;
  #art;

  constructor(canvas, art) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#art = art;
  }

  /**
   * @param {object} scene
   * @param {import('./simulation.js').Run} scene.before  the frame that is ending
   * @param {import('./simulation.js').Run} scene.after   the frame that is beginning
   * @param {number} scene.part    how far between the two, 0 to 1
   * @param {number} scene.bob     pixels that the waiting lantern sways by
   * @param {boolean} scene.lantern  whether it is drawn at all
   * @param {boolean} scene.burning
   * @param {boolean} scene.calm   reduced motion
   * @param {number} scene.shake   pixels
   */
  draw(scene, level, previousLevel, blend, sparks) {
    const context = this.#context;
    this.#fitToScreen();
    context.clearRect(0, 0, WIDTH, HEIGHT);
    if (scene.shake > 0) {
      context.translate((Math.random() - 0.5) * scene.shake, (Math.random() - 0.5) * scene.shake);
    }
    const scroll = scene.before.scroll + (scene.after.scroll - scene.before.scroll) * scene.part;
    const y = heightBetween(scene.before, scene.after, scene.part) + scene.bob;

    this.#backdrop(previousLevel, scene.calm ? 0 : scroll, 1);
    if (level !== previousLevel) this.#backdrop(level, scene.calm ? 0 : scroll, blend);
    const rock = blendRock(previousLevel.rock, level.rock, blend);
    for (const column of scene.after.columns) this.#column(column, scroll, rock);
    this.#halo(y, level, scene.after.hit === null);
    for (const column of scene.after.columns) this.#block(column, scroll);
    sparks.draw(context);
    if (scene.lantern) this.#lantern(y, scene);
  }

  /** One canvas unit is `width / 256` screen pixels, whatever the window and the display. */
  #fitToScreen() {
    const width = Math.round(this.#canvas.clientWidth * window.devicePixelRatio);
    const height = Math.round(this.#canvas.clientHeight * window.devicePixelRatio);
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#context.setTransform(width / WIDTH, 0, 0, height / HEIGHT, 0, 0);
  }

  #backdrop(level, scroll, opacity) {
    this.#context.globalAlpha = opacity;
    this.#tile(level.far, scroll * FAR_SPEED);
    // Faint: nobody should take the scenery for rock that can be touched.
    this.#context.globalAlpha = opacity * 0.5;
    this.#tile(level.near, scroll * NEAR_SPEED);
    this.#context.globalAlpha = 1;
  }

  #tile(image, offset) {
    const width = image.width / BACKDROP_SCALE;
    for (let x = -(offset % width); x < WIDTH; x += width) {
      this.#context.drawImage(image, x, 0, width, HEIGHT);
    }
  }

  #column({ index, top, bottom }, scroll, rock) {
    const x = index * COLUMN_WIDTH - scroll;
    if (x > WIDTH || x + COLUMN_WIDTH < 0) return;
    const texture = this.#art.rocks[index % this.#art.rocks.length];
    this.#pillar(texture, rock, x, 0, top, index);
    this.#pillar(texture, rock, x, bottom, HEIGHT - bottom, index + 1);
    this.#context.fillStyle = rock.cap;
    this.#context.fillRect(x, bottom, COLUMN_WIDTH, 2.5);
    this.#context.fillStyle = rock.light;
    this.#context.fillRect(x, top - 2, COLUMN_WIDTH, 2);
  }

  /** A basalt prism: a lit side, a face, a dark side. */
  #pillar(texture, rock, x, y, height, variant) {
    const context = this.#context;
    const lit = 3 + (variant % 3);
    const dark = 3 + ((variant * 7) % 3);
    // The overlap hides the hairline that two neighbours leave at fractional positions.
    context.fillStyle = rock.face;
    context.fillRect(x - 0.2, y, COLUMN_WIDTH + 0.4, height);
    context.fillStyle = rock.light;
    context.globalAlpha = 0.55;
    context.fillRect(x, y, lit, height);
    context.globalAlpha = 1;
    context.fillStyle = rock.dark;
    context.fillRect(x + COLUMN_WIDTH - dark, y, dark, height);
    context.globalAlpha = 0.75;
    context.drawImage(texture, 0, y * 4, texture.width, height * 4, x, y, COLUMN_WIDTH, height);
    context.globalAlpha = 1;
  }

  #block({ index, block }, scroll) {
    if (block === null) return;
    const x = index * COLUMN_WIDTH - scroll;
    if (x > WIDTH || x + COLUMN_WIDTH < 0) return;
    const context = this.#context;
    const glow = context.createRadialGradient(x + 8, block + 18, 4, x + 8, block + 18, 34);
    glow.addColorStop(0, 'rgba(255, 80, 60, .5)');
    glow.addColorStop(1, 'rgba(255, 80, 60, 0)');
    context.fillStyle = glow;
    context.fillRect(x - 30, block - 20, 76, 76);
    const picture = this.#art.blocks[(index / 10) % this.#art.blocks.length];
    context.drawImage(picture, x, block, COLUMN_WIDTH, BLOCK_HEIGHT);
  }

  /** The lantern's warm light, and the dark that it leaves further away. */
  #halo(y, level, alight) {
    const context = this.#context;
    const x = LANTERN_X + LANTERN_WIDTH / 2;
    const middle = y + LANTERN_HEIGHT / 2;
    const dark = context.createRadialGradient(x, middle, 50, x, middle, 230);
    dark.addColorStop(0, `${level.shade}00`);
    dark.addColorStop(1, `${level.shade}a6`);
    context.fillStyle = dark;
    context.fillRect(-8, -8, WIDTH + 16, HEIGHT + 16);
    if (!alight) return;
    context.save();
    context.globalCompositeOperation = 'lighter';
    const light = context.createRadialGradient(x, middle, 4, x, middle, 92);
    light.addColorStop(0, 'rgba(255, 190, 96, .42)');
    light.addColorStop(0.4, 'rgba(255, 160, 70, .15)');
    light.addColorStop(1, 'rgba(255, 140, 60, 0)');
    context.fillStyle = light;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.restore();
  }

  #lantern(y, { after, burning, calm }) {
    const context = this.#context;
    const tilt = calm ? 0 : after.speed * 0.018;
    context.save();
    context.translate(LANTERN_X + LANTERN_WIDTH / 2, y + LANTERN_HEIGHT / 2);
    context.rotate(tilt);
    context.translate(-LANTERN_WIDTH / 2, -LANTERN_HEIGHT / 2);
    context.drawImage(this.#art.lantern, PICTURE.dx, PICTURE.dy, PICTURE.width, PICTURE.height);
    if (burning) {
      const flicker = calm ? 0 : Math.random() * 1.4;
      context.drawImage(this.#art.flame, 5.2, 8.6 - flicker, 5.6, 7.4 + flicker);
    }
    context.restore();
  }
}

/** A cubic through both frames with their speeds as slopes: no kink at the frame's edge. */
function heightBetween(before, after, part) {
  const t2 = part * part;
  const t3 = t2 * part;
  return (2 * t3 - 3 * t2 + 1) * before.y + (t3 - 2 * t2 + part) * before.speed
    + (3 * t2 - 2 * t3) * after.y + (t3 - t2) * after.speed;
}

function blendRock(from, to, part) {
  if (part >= 1) return to;
  const mixed = {};
  for (const name of Object.keys(to)) mixed[name] = blendColour(from[name], to[name], part);
  return mixed;
}

function blendColour(from, to, part) {
  const channel = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
  const mix = (at) => Math.round(channel(from, at) + (channel(to, at) - channel(from, at)) * part);
  return `rgb(${mix(1)}, ${mix(3)}, ${mix(5)})`;
}
