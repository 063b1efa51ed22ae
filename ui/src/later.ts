/** What the first screen does without: loaded when it is asked for, or once the window is shown. */
export const lateViews = {
  scores: () => import('./scores/Scores.svelte'),
  settings: () => import('./settings/Settings.svelte'),
  publish: () => import('./publish/Publish.svelte'),
  login: () => import('./account/Login.svelte'),
  chooseName: () => import('./account/ChooseName.svelte'),
  profile: () => import('./account/Profile.svelte'),
}

/** Loads all of it, so that nobody waits for it later. */
export function loadTheRest(): void {
  for (const load of Object.values(lateViews)) void load()
}
