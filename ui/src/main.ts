import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/shell.css'

/** Longer than a frame takes; a window that nobody sees has none. */
const PATIENCE = 500

/** Resolves when what index.html shows has been drawn. */
function firstFrame(): Promise<unknown> {
  const drawn = new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  return Promise.race([drawn, new Promise((done) => setTimeout(done, PATIENCE))])
}

// A web view runs its scripts before it draws: this one is short, and the page and all that the launcher opens for it
// come after the first frame.
await firstFrame()
const { openPage } = await import('./page')
await openPage()
