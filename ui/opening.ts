import type { Bilingual, Language } from './src/backend/types.ts'
import { en } from './src/lang/en.ts'
import { ko } from './src/lang/ko.ts'
import { DRAWINGS, type IconName } from './src/parts/drawings.ts'

const WORDS = { ko, en }

/**
 * The window before any script has run and before the launcher has answered: its frame, the game's name and picture, and
 * the button that waits. It has the elements that Shell.svelte puts in its place, and `style/shell.css` lays both out.
 */
export function openingIn(language: Language, game: Bilingual, tagline: Bilingual): string {
  const words = WORDS[language]
  const link = (section: 'home' | 'scores' | 'settings', rest = '') =>
    `<a href="#${section}"${rest}>${icon(section, 18)}${words.sections[section]}</a>`
  return `
<div class="shell opening" lang="${language}">
  <header>
    <div class="brand"><img src="@brand/art/icon.svg" alt="" width="32" height="32"><span>${text(game[language])}</span></div>
    <nav aria-label="${words.sectionsLabel}">${link('home', ' aria-current="page"')}${link('scores')}${link('settings')}</nav>
  </header>
  <main class="home">
    <div class="hero">
      <img class="art" src="@hero/1040.webp" srcset="@hero/1040.webp 1040w, @hero/2080.webp 2080w" sizes="100vw" decoding="sync" alt="">
      <div class="name"><h1>${text(game[language])}</h1><p>${text(tagline[language])}</p></div>
    </div>
  </main>
  <section class="dock" aria-label="${words.dock.label}" aria-busy="true">
    <div class="now">
      <div class="told"><h2>${words.dock.opening}</h2><p class="facts"><span class="fact">${words.dock.openingHow}</span></p></div>
      <div class="actions"><button type="button" class="primary big" aria-disabled="true">${icon('play', 20)}${words.dock.actions.opening}</button></div>
    </div>
  </section>
</div>`
}

function icon(name: IconName, size: number): string {
  const solid = name === 'play' ? ' solid' : ''
  return `<svg class="icon${solid}" width="${size}" height="${size}" viewBox="0 0 24 24" aria-hidden="true"><path d="${DRAWINGS[name]}"/></svg>`
}

/** A studio's own words, as HTML. */
function text(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
