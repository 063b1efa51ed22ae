/** What the page asks of the launcher. The platform stays behind this interface. */

export interface Installed {
  installed: boolean
  release: number | null
  files: number
  bytes: number
  folder: string
}

/** The launcher's own error: a code that the page has a sentence for. */
export interface BackendError {
  code: 'folder-unreadable' | 'unknown'
  path: string
  cause: string
}

export interface Backend {
  /** Throws a `BackendError`. */
  installed(): Promise<Installed>
}
