import { fileURLToPath } from 'node:url'
import { after } from 'node:test'
import { createServer } from 'vite'

/** Loads modules of src/ as the build sees them: the tests run on what ships, in plain Node. */
const vite = await createServer({
  root: fileURLToPath(new URL('..', import.meta.url)),
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
  appType: 'custom',
  logLevel: 'error',
})
after(() => vite.close())

/**
 * @param {string} path below src/
 * @returns {Promise<any>}
 */
export function source(path) {
  return vite.ssrLoadModule(`/src/${path}`)
}
