import type { Backend } from './backend'
import { tauriBackend } from './tauri'

export type { Backend } from './backend'
export { JOB_TRAITS, NAME_LIMIT, NOTES_LIMIT } from './types'
export type * from './types'

/** The launcher behind the page. In tests and in `npm run dev` the mock plays it; what ships is built without that. */
export async function openBackend(): Promise<Backend> {
  if (import.meta.env.MODE === 'production') return tauriBackend
  const { mockBackend } = await import('./mock')
  return mockBackend(new URLSearchParams(location.search))
}
