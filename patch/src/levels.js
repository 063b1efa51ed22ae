/** The stretches of the cave. They change what it looks like, never its rules. */

import { loadImage, loadJson } from './assets.js';

export async function loadLevels() {
  const { levels } = await loadJson('levels/index.json');
  return Promise.all(levels.map(loadLevel));
}

async function loadLevel(file) {
  const level = await loadJson(file);
  const [far, near] = await Promise.all([loadImage(level.far), loadImage(level.near)]);
  return { ...level, far, near };
}

export function levelAt(levels, score) {
  return levels.findLast((level) => level.fromScore <= score) ?? levels[0];
}
