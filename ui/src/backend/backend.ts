/** What the page asks of the launcher. Every method rejects with a `Problem`. */
import type {
  Board,
  Build,
  FolderLook,
  Launcher,
  LauncherEvent,
  LoginWay,
  NewsItem,
  ReleaseRow,
  SettingsChange,
  Statistics,
} from './types'

export interface Backend {
  /** Everything the page shows, now. */
  launcher(): Promise<Launcher>
  /** Hears every change until the returned function is called. */
  listen(hear: (event: LauncherEvent) => void): Promise<() => void>
  /** The page can be seen: until then the launcher would show a native message. */
  pageReady(): Promise<void>
  check(): Promise<void>
  begin(kind: 'update' | 'verify' | 'repair'): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  cancel(): Promise<void>
  /** Puts the ended job away. */
  dismiss(): Promise<void>
  play(): Promise<void>
  logIn(provider: string, way: LoginWay): Promise<void>
  cancelLogin(): Promise<void>
  logOut(): Promise<void>
  /** Asks the services for the public name; it comes with the account. */
  learnPublicName(): Promise<void>
  /** The name that other players see; null for none. */
  choosePublicName(name: string | null): Promise<void>
  board(after: string | null): Promise<Board>
  statistics(): Promise<Statistics>
  news(): Promise<NewsItem[]>
  changeSettings(change: SettingsChange): Promise<void>
  /** Asks for a folder in the system's dialog; null when the player closed it. */
  chooseInstallFolder(): Promise<FolderLook | null>
  /** Moves the installed game there, or installs there from now on. */
  moveInstall(folder: string): Promise<void>
  openInstallFolder(): Promise<void>
  openLogs(): Promise<void>
  /** Writes the support bundle; answers its path. */
  saveSupportBundle(): Promise<string>
  chooseBuildFolder(): Promise<string | null>
  /** Compares the build folder with the live release; a job while it runs. */
  compareBuild(): Promise<Build>
  publish(notes: string): Promise<void>
  releases(): Promise<ReleaseRow[]>
  rollBack(number: number): Promise<void>
  /** Puts the newer launcher in place of this one and restarts; answers only when that did not work. */
  installLauncher(): Promise<void>
}
