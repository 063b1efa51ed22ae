import type { Language } from '../backend'
import { en } from './en'
import { ko, type Words } from './ko'

export type { Words }

export const languages: Record<Language, Words> = { ko, en }

/** The language before the launcher has said which: the browser's. */
export function guessedLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}
