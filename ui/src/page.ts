import { mount } from 'svelte'
import App from './App.svelte'
import { openBackend } from './backend'
import { openLauncher } from './launcher.svelte'

/** Puts the page in the place of what index.html shows, as soon as the launcher has answered. */
export async function openPage(): Promise<void> {
  const target = document.getElementById('app')
  if (!target) throw new Error('index.html has no #app')
  const backend = await openBackend()
  const opening = openLauncher(backend)
  // Until there is an answer, what index.html shows is all that is known.
  await opening.catch(() => null)
  target.replaceChildren()
  mount(App, { target, props: { backend, opening } })
}
