import type { Game } from './backend'

/** What lies in the install folder, as far as anybody knows: sentences about “the installed game” need one. */
export type Stock = 'installed' | 'nothing' | 'unknown'

export function stockOf(game: Game): Stock {
  if (game.installed) return 'installed'
  return game.unreadable ? 'unknown' : 'nothing'
}
