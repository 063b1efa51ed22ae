import { isTauri } from '@tauri-apps/api/core'
import type { Backend } from './backend'

export type { Backend } from './backend'
export type * from './types'

/** The launcher behind the page; in a plain browser the mock, which a launcher never loads. */
export async function openBackend(): Promise<Backend> {
  if (isTauri()) return (await import('./tauri')).tauriBackend
  const { mockBackend } = await import('./mock')
  return mockBackend(new URLSearchParams(location.search))
}
