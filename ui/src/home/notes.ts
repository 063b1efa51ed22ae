import type { Bilingual } from '../backend'

export interface NotesBlock {
  kind: 'text' | 'list'
  lines: string[]
}

/** Both texts as the one that a release carries; a text alone needs no mark. The launcher takes them apart again. */
export function joinNotes(notes: Bilingual): string {
  const ko = notes.ko.trim()
  const en = notes.en.trim()
  if (ko === '' || en === '') return ko + en
  return ['[ko]', ko, '[en]', en].join('\n')
}

/** Both texts as players will read them: one alone is shown to everybody. */
export function shownNotes(notes: Bilingual): Bilingual {
  const ko = notes.ko.trim()
  const en = notes.en.trim()
  return { ko: ko || en, en: en || ko }
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
