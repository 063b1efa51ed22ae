import type { Backend, BackendError, Installed } from './backend'

const NOTHING: Installed = {
  installed: false,
  release: null,
  files: 0,
  bytes: 0,
  folder: '/home/player/.local/share/dev.naru.launcher/game',
}

const BROKEN: BackendError = {
  code: 'folder-unreadable',
  path: NOTHING.folder,
  cause: 'Permission denied (os error 13)',
}

/** Plays the launcher in a plain browser: `?state=installed`, `unnumbered`, `empty` or `broken`. */
export function mockBackend(state: string | null): Backend {
  const game = { ...NOTHING, installed: true, files: 62, bytes: 790_000 }
  return {
    async installed() {
      if (state === 'broken') throw BROKEN
      if (state === 'empty') return NOTHING
      return { ...game, release: state === 'unnumbered' ? null : 12 }
    },
  }
}
