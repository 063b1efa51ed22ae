/** The player's `config/options.ini`. A value that makes no sense counts as not given. */

import { loadText } from './assets.js';

const DEFAULTS = { language: 'auto', volume: 70, ambience: 60, reduceMotion: 'auto', sparks: true };

export async function loadOptions() {
  // The file belongs to the player, who may have deleted it.
  const text = await loadText('config/options.ini').catch(() => '');
  return readOptions(text);
}

export function readOptions(text) {
  const values = parse(text);
  return {
    language: oneOf(values['game.language'], ['auto', 'ko', 'en'], DEFAULTS.language),
    volume: percent(values['sound.volume'], DEFAULTS.volume),
    ambience: percent(values['sound.ambience'], DEFAULTS.ambience),
    reduceMotion: oneOf(values['display.reduce_motion'], ['auto', 'on', 'off'], DEFAULTS.reduceMotion),
    sparks: oneOf(values['display.sparks'], ['on', 'off'], 'on') === 'on',
  };
}

function parse(text) {
  const values = {};
  let section = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const heading = /^\[(.+)\]$/.exec(line);
    if (heading) {
      section = heading[1].trim();
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0) values[`${section}.${line.slice(0, equals).trim()}`] = line.slice(equals + 1).trim();
  }
  return values;
}

function oneOf(value, allowed, otherwise) {
  return allowed.includes(value) ? value : otherwise;
}

function percent(value, otherwise) {
  const number = Number(value);
  if (value === undefined || value === '' || Number.isNaN(number)) return otherwise;
  return Math.min(100, Math.max(0, number));
}
