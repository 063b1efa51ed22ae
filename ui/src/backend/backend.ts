import type { Commands } from './commands'
import type { LauncherEvent } from './types'

/** The launcher, as the page sees it. */
export interface Backend extends Commands {
  /** Hears every change until the returned function is called. */
  listen(onEvent: (event: LauncherEvent) => void): Promise<() => void>
}
