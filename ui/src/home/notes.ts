import type { Language } from '../backend'

export type NotesByLanguage = Record<Language, string>

export interface NotesBlock {
  kind: 'text' | 'list'
  lines: string[]
}

const MARKS = { ko: '[ko]', en: '[en]' } as const

/** Both texts as the one that a release carries; a text alone needs no mark. */
export function joinNotes(notes: NotesByLanguage): string {
  const ko = notes.ko.trim()
  const en = notes.en.trim()
  if (ko === '' || en === '') return ko + en
  return [MARKS.ko, ko, MARKS.en, en].join('\n')
}

/** What a reader of one language is shown: his own part, else the other's, else all of it. */
export function notesFor(language: Language, text: string): string {
  const parts = splitNotes(text)
  return parts[language] || parts.common || parts.ko || parts.en
}

export function splitNotes(text: string): NotesByLanguage & { common: string } {
  const lines = { common: [] as string[], ko: [] as string[], en: [] as string[] }
  let part: keyof typeof lines = 'common'
  for (const line of text.split(/\r?\n/)) {
    const mark = line.trim().toLowerCase()
    if (mark === MARKS.ko) part = 'ko'
    else if (mark === MARKS.en) part = 'en'
    else lines[part].push(line)
  }
  const joined = (part: string[]) => part.join('\n').trim()
  return { common: joined(lines.common), ko: joined(lines.ko), en: joined(lines.en) }
}

export function bytesOfNotes(text: string): number {
  return new TextEncoder().encode(text).length
}

/** Lines that begin with a dash become a list, the others stay as they were written. */
export function notesBlocks(text: string): NotesBlock[] {
  const blocks: NotesBlock[] = []
  let ended = true
  for (const line of text.split('\n').map((line) => line.trim())) {
    const item = /^[-*•·]\s+(.*)$/.exec(line)?.[1]
    const kind = item === undefined ? 'text' : 'list'
    if (line === '') {
      ended = true
      continue
    }
    if (ended || blocks.at(-1)?.kind !== kind) blocks.push({ kind, lines: [] })
    blocks.at(-1)?.lines.push(item ?? line)
    ended = false
  }
  return blocks
}
