import { isTauri } from '@tauri-apps/api/core'
import type { Backend } from './backend'
import { mockBackend } from './mock'
import { tauriBackend } from './tauri'

export type { Backend, BackendError, Installed } from './backend'

export const backend: Backend = isTauri()
  ? tauriBackend
  : mockBackend(new URLSearchParams(location.search).get('state'))
