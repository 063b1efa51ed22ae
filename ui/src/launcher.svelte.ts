import { createContext } from 'svelte'
import type { Backend, Launcher, LauncherEvent, Problem } from './backend'
import { Format } from './lang/format'
import { languages } from './lang'

export const [useLauncher, provideLauncher] = createContext<LauncherStore>()

/** All that the page knows, and the one way to ask the launcher for something. */
export class LauncherStore {
  view = $state.raw() as Launcher
  /** The last request that was refused. */
  refusal = $state.raw<Problem | null>(null)
  /** Grows when the score service has something new. */
  scoreNews = $state(0)

  readonly backend: Backend

  constructor(backend: Backend, view: Launcher) {
    this.backend = backend
    this.view = view
  }

  get language() {
    return this.view.settings.language ?? this.view.settings.systemLanguage
  }

  get words() {
    return languages[this.language]
  }

  readonly format = $derived.by(() => new Format(this.language))

  hear(event: LauncherEvent): void {
    switch (event.about) {
      case 'game':
        this.view = { ...this.view, game: event.value }
        break
      case 'job':
        this.view = { ...this.view, job: event.value }
        break
      case 'providers':
        this.view = { ...this.view, providers: event.value }
        break
      case 'account':
        this.view = { ...this.view, account: event.value }
        break
      case 'settings':
        this.view = { ...this.view, settings: event.value }
        break
      case 'publisher':
        this.view = { ...this.view, publisher: event.value }
        break
      case 'launcher-update':
        this.view = { ...this.view, launcherUpdate: event.value }
        break
      case 'scores':
        this.scoreNews += 1
        break
    }
  }

  /** Asks for something; a refusal is shown, and the answer is then null. */
  async ask<Answer>(request: (backend: Backend) => Promise<Answer>): Promise<Answer | null> {
    this.refusal = null
    try {
      return await request(this.backend)
    } catch (problem) {
      this.refusal = problem as Problem
      return null
    }
  }
}

/** Listens first and reads then; a change that falls between the two is read again. */
export async function openLauncher(backend: Backend): Promise<LauncherStore> {
  let store: LauncherStore | null = null
  let changes = 0
  await backend.listen((event) => {
    changes += 1
    store?.hear(event)
  })
  let seen: number
  let view: Launcher
  do {
    seen = changes
    view = await backend.launcher()
  } while (seen !== changes)
  store = new LauncherStore(backend, view)
  return store
}
