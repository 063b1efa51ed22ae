/** Words on the page: every element with `data-text` or `data-label` follows the language. */

import { loadJson } from './assets.js';
import { recall, remember } from './storage.js';

const FILES = { ko: 'lang/ko.json', en: 'lang/en.json' };

// What can be said before any language file has arrived.
let words = {
  'failure.load': '게임 파일을 읽지 못했습니다. / A game file could not be read. ({file})',
};

export function preferredLanguage(option) {
  const system = new URLSearchParams(location.search).get('language') ?? navigator.language;
  const chosen = recall('language', option === 'auto' ? system : option);
  return chosen.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export function say(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export async function speak(language) {
  words = await loadJson(FILES[language]);
  document.documentElement.lang = language;
  document.title = say('game.name');
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = say(element.dataset.text);
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', say(element.dataset.label));
    if (element.matches('button')) element.title = say(element.dataset.label);
  }
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
}

export async function chooseLanguage(language) {
  await speak(language);
  remember('language', language);
}
