import type { Changed } from '../backend'
import type { Stock } from '../stock'
import type { Words } from '.'

/** What a failure has left behind, of a game that is installed or not. */
export function changedSentence(words: Words, changed: Changed, stock: Stock): string {
  return changed === 'only-stage' ? `${words.ended.asBefore[stock]} ${words.stageKept}` : words.changed[changed]
}
