import type { Language } from '../backend'
import type { Words } from './ko'

export type { Words }

/** The languages, as each calls itself. */
export const LANGUAGES: Record<Language, string> = { ko: '한국어', en: 'English' }

/** Loads the sentences of one language; nobody reads two at a time. */
export async function wordsIn(language: Language): Promise<Words> {
  return language === 'ko' ? (await import('./ko')).ko : (await import('./en')).en
}

/** The language that the window shows before the launcher has answered: the launcher has set it on the root. */
export function openingLanguage(): Language {
  return document.documentElement.lang === 'en' ? 'en' : 'ko'
}
