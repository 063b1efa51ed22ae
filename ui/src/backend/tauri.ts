import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Backend } from './backend'
import type { LauncherEvent, Problem } from './types'

export const tauriBackend: Backend = {
  launcher: () => ask('launcher'),
  listen: (hear) => listen<LauncherEvent>('launcher', ({ payload }) => hear(payload)),
  pageReady: () => ask('page_ready'),
  check: () => ask('check'),
  begin: (kind) => ask('begin', { kind }),
  pause: () => ask('pause'),
  resume: () => ask('resume'),
  cancel: () => ask('cancel'),
  dismiss: () => ask('dismiss'),
  play: () => ask('play'),
  logIn: (provider, way) => ask('log_in', { provider, way }),
  cancelLogin: () => ask('cancel_login'),
  logOut: () => ask('log_out'),
  learnPublicName: () => ask('learn_public_name'),
  choosePublicName: (name) => ask('choose_public_name', { name }),
  board: (after) => ask('board', { after }),
  statistics: () => ask('statistics'),
  news: () => ask('news'),
  changeSettings: (change) => ask('change_settings', { change }),
  chooseInstallFolder: () => ask('choose_install_folder'),
  moveInstall: (folder) => ask('move_install', { folder }),
  openInstallFolder: () => ask('open_install_folder'),
  openLogs: () => ask('open_logs'),
  saveSupportBundle: () => ask('save_support_bundle'),
  chooseBuildFolder: () => ask('choose_build_folder'),
  compareBuild: () => ask('compare_build'),
  publish: (notes) => ask('publish', { notes }),
  releases: () => ask('releases'),
  rollBack: (number) => ask('roll_back', { number }),
  installLauncher: () => ask('install_launcher'),
}

async function ask<Answer>(command: string, given?: Record<string, unknown>): Promise<Answer> {
  try {
    return await invoke<Answer>(command, given)
  } catch (error) {
    throw problemFrom(error)
  }
}

/** A refused right or a broken bridge arrives as plain text. */
function problemFrom(error: unknown): Problem {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as Problem
  return { code: 'internal', detail: String(error), changed: 'nothing' }
}
