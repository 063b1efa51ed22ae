import { en } from './en'
import { ko, type Words } from './ko'

export type { Words }
export type Language = 'ko' | 'en'

export const languages: Record<Language, { name: string; words: Words }> = {
  ko: { name: '한국어', words: ko },
  en: { name: 'English', words: en },
}

const KEY = 'naru.language'

export function rememberedLanguage(): Language {
  const chosen = localStorage.getItem(KEY) ?? navigator.language
  return chosen.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language)
}
