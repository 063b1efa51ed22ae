import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { chromium } from 'playwright-core'

/** The page as it ships, but for the launcher: the mock plays it. `npm run build:mock` has built it. */
export const DIST = fileURLToPath(new URL('../dist-mock/', import.meta.url))
const CHROMIUM = process.env['NARU_TEST_CHROMIUM'] ?? '/usr/bin/chromium'
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.webp': 'image/webp' }

/** Serves the page on loopback under the launcher's own policy, and opens it in Chromium. */
export async function openPages() {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `These tests need Chromium at ${CHROMIUM}: install it (apt-get install chromium), or name another in NARU_TEST_CHROMIUM.`,
    )
  }
  const server = createServer(answer)
  await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(undefined)))
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  return {
    origin: `http://127.0.0.1:${address.port}/`,
    browser,
    async close() {
      await browser.close()
      server.close()
    },
  }
}

/**
 * A page that takes note of every error, also of those that the policy causes.
 * @param {import('playwright-core').Browser} browser
 */
export async function watchedPage(browser) {
  const page = await browser.newPage({ reducedMotion: 'reduce' })
  /** @type {string[]} */
  const errors = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, errors }
}

/**
 * What axe finds, one line each.
 * @param {import('playwright-core').Page} page
 * @param {string[]} [rules] all of them unless told
 * @returns {Promise<string[]>}
 */
export async function axeViolations(page, rules) {
  await page.evaluate(axe.source)
  return page.evaluate(async (runOnly) => {
    const run = /** @type {any} */ (globalThis).axe.run
    const { violations } = await run(document, { preload: false, resultTypes: ['violations'], runOnly })
    return violations.map(
      (/** @type {any} */ found) => `${found.id}: ${found.nodes.map((/** @type {any} */ node) => node.html).join(' ')}`,
    )
  }, rules)
}

/** The policy of tauri.conf.json without the addresses of IPC, which only a launcher has. */
export function contentPolicy() {
  const { csp } = JSON.parse(readFileSync(new URL('../../tauri.conf.json', import.meta.url), 'utf8')).app.security
  return Object.entries(csp)
    .map(([directive, sources]) => {
      const kept = String(sources)
        .split(' ')
        .filter((source) => !source.includes('ipc'))
      return `${directive} ${kept.join(' ') || "'none'"}`
    })
    .join('; ')
}

/** @type {import('node:http').RequestListener} */
function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const file = join(DIST, pathname === '/' ? 'index.html' : pathname)
  if (!file.startsWith(DIST) || !existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, {
    'content-type': TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? 'application/octet-stream',
    'content-security-policy': contentPolicy(),
  })
  response.end(readFileSync(file))
}
