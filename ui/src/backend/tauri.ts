import { invoke } from '@tauri-apps/api/core'
import type { Backend, BackendError, Installed } from './backend'

export const tauriBackend: Backend = {
  installed: () => ask<Installed>('installed'),
}

async function ask<Answer>(command: string): Promise<Answer> {
  try {
    return await invoke<Answer>(command)
  } catch (error) {
    throw known(error)
  }
}

/** A refused right or a broken bridge arrives as plain text. */
function known(error: unknown): BackendError {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as BackendError
  return { code: 'unknown', path: '', cause: String(error) }
}
