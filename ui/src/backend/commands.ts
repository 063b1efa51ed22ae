// Made from src-tauri/src/commands/registry.rs by: cargo test -p naru-launcher --lib write_page_commands -- --ignored
// A test compares; change the Rust side.
import type { Board, Build, FolderLook, Launcher, LoginWay, NewsItem, ReleaseRow, SettingsChange, Statistics } from './types'

/** What the page asks of the launcher. Every method rejects with a `Problem`. */
export interface Commands {
  /** Everything the page shows, now. The first page that asks has the launcher opened. */
  launcher(): Promise<Launcher>
  /** The page can be seen: until then the launcher would show a native message. */
  pageReady(): Promise<void>
  /** The studio's news. */
  news(): Promise<Array<NewsItem>>
  /** Puts the newer launcher in place of this one and restarts; answers only when that did not work. */
  installLauncher(): Promise<void>
  /** Asks the server what there is to install. */
  check(): Promise<void>
  /** Installs the release on offer. */
  update(): Promise<void>
  /** Compares every file with the release. */
  verify(): Promise<void>
  /** Fetches what differs from the release. */
  repair(): Promise<void>
  /** Starts the game. */
  play(): Promise<void>
  /** Stops the work for now; what has arrived is kept. */
  pause(): Promise<void>
  /** Goes on with paused work. */
  resume(): Promise<void>
  /** Stops the work for good. */
  cancel(): Promise<void>
  /** Puts ended work away. */
  dismiss(): Promise<void>
  /** Opens a provider's page. */
  logIn(provider: string, way: LoginWay): Promise<void>
  /** Closes the provider's page. */
  cancelLogin(): Promise<void>
  /** Forgets the login, here and in the login window. */
  logOut(): Promise<void>
  /** Asks the services for the public name; it comes with the account. */
  learnPublicName(): Promise<void>
  /** The name that other players see; null for none. */
  choosePublicName(name: string | null): Promise<void>
  /** A page of the board. */
  board(after: string | null): Promise<Board>
  /** How often which scores were reached. */
  statistics(): Promise<Statistics>
  /** Changes one setting. */
  changeSettings(change: SettingsChange): Promise<void>
  /** Asks for an install folder in the system's dialog; null when the player closed it. */
  chooseInstallFolder(): Promise<FolderLook | null>
  /** Moves the installed game there, or installs there from now on. */
  moveInstall(folder: string): Promise<void>
  /** Shows the install folder in the system's own way. */
  openInstallFolder(): Promise<void>
  /** Shows the folder of the logs. */
  openLogs(): Promise<void>
  /** Writes what support needs into one file, without secrets; answers its path. */
  saveSupportBundle(): Promise<string>
  /** Asks for the folder to publish; null when the publisher closed the dialog. */
  chooseBuildFolder(): Promise<string | null>
  /** Compares the build folder with the live release; a job while it runs. */
  compareBuild(): Promise<Build>
  /** Publishes what was compared. */
  publish(notes: string): Promise<void>
  /** The releases of the channel, newest first. */
  releases(): Promise<Array<ReleaseRow>>
  /** Publishes an earlier release again. */
  rollBack(number: number): Promise<void>
}

/** The name under which the launcher tells of changes. */
export const EVENT = 'launcher'

/** Calls a command of the launcher. */
export type Call = <Answer>(command: string, given?: Record<string, unknown>) => Promise<Answer>

export function commandsOver(call: Call): Commands {
  return {
    launcher: () => call('launcher'),
    pageReady: () => call('page_ready'),
    news: () => call('news'),
    installLauncher: () => call('install_launcher'),
    check: () => call('check'),
    update: () => call('update'),
    verify: () => call('verify'),
    repair: () => call('repair'),
    play: () => call('play'),
    pause: () => call('pause'),
    resume: () => call('resume'),
    cancel: () => call('cancel'),
    dismiss: () => call('dismiss'),
    logIn: (provider, way) => call('log_in', { provider, way }),
    cancelLogin: () => call('cancel_login'),
    logOut: () => call('log_out'),
    learnPublicName: () => call('learn_public_name'),
    choosePublicName: (name) => call('choose_public_name', { name }),
    board: (after) => call('board', { after }),
    statistics: () => call('statistics'),
    changeSettings: (change) => call('change_settings', { change }),
    chooseInstallFolder: () => call('choose_install_folder'),
    moveInstall: (folder) => call('move_install', { folder }),
    openInstallFolder: () => call('open_install_folder'),
    openLogs: () => call('open_logs'),
    saveSupportBundle: () => call('save_support_bundle'),
    chooseBuildFolder: () => call('choose_build_folder'),
    compareBuild: () => call('compare_build'),
    publish: (notes) => call('publish', { notes }),
    releases: () => call('releases'),
    rollBack: (number) => call('roll_back', { number }),
  }
}
