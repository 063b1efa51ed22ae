import { createContext } from 'svelte'
import type { Backend, Language, Launcher, LauncherEvent, Problem, Settings } from './backend'
import { openingLanguage, wordsIn, type Words } from './lang'
import { Format } from './lang/format'

export const [useLauncher, provideLauncher] = createContext<LauncherStore>()

/** All that the page knows, and the one way to ask the launcher for something. */
export class LauncherStore {
  view = $state.raw() as Launcher
  /** The last request that was refused. */
  refusal = $state.raw<Problem | null>(null)
  /** Grows when the score service has something new. */
  scoreNews = $state(0)

  readonly backend: Backend
  /** A language and its sentences, which change together. */
  private spoken = $state.raw() as Spoken

  constructor(backend: Backend, view: Launcher, spoken: Spoken) {
    this.backend = backend
    this.view = view
    this.spoken = spoken
  }

  get language(): Language {
    return this.spoken.language
  }

  get words(): Words {
    return this.spoken.words
  }

  readonly format = $derived.by(() => new Format(this.language))

  onEvent(event: LauncherEvent): void {
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
        void this.speak()
        break
      case 'publisher':
        this.view = { ...this.view, publisher: event.value }
        break
      case 'launcher-update':
        this.view = { ...this.view, launcherUpdate: event.value }
        break
      case 'obstacles':
        this.view = { ...this.view, obstacles: event.value }
        break
      case 'scores':
        this.scoreNews += 1
        break
    }
  }

  private async speak(): Promise<void> {
    const spoken = await spokenBy(this.view.settings)
    // Another language may have been chosen meanwhile.
    if (spoken.language === this.view.settings.shownLanguage) this.spoken = spoken
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
  // The answer is hardly ever in another language than the opening: its sentences come meanwhile.
  void wordsIn(openingLanguage())
  let store: LauncherStore | null = null
  let changes = 0
  await backend.listen((event) => {
    changes += 1
    store?.onEvent(event)
  })
  let seen: number
  let view: Launcher
  let spoken: Spoken
  do {
    seen = changes
    view = await backend.launcher()
    spoken = await spokenBy(view.settings)
  } while (seen !== changes)
  store = new LauncherStore(backend, view, spoken)
  return store
}

interface Spoken {
  language: Language
  words: Words
}

async function spokenBy({ shownLanguage: language }: Settings): Promise<Spoken> {
  return { language, words: await wordsIn(language) }
}
