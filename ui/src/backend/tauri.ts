import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Backend } from './backend'
import { commandsOver, EVENT } from './commands'
import type { LauncherEvent, Problem } from './types'

export const tauriBackend: Backend = {
  ...commandsOver(call),
  listen: (onEvent) => listen<LauncherEvent>(EVENT, ({ payload }) => onEvent(payload)).catch(refuse),
}

function call<Answer>(command: string, given?: Record<string, unknown>): Promise<Answer> {
  return invoke<Answer>(command, given).catch(refuse)
}

function refuse(error: unknown): never {
  throw problemFrom(error)
}

/** A refused right or a broken bridge arrives as plain text. */
function problemFrom(error: unknown): Problem {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as Problem
  return { code: 'internal', detail: String(error), changed: 'nothing' }
}
