import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { unreadable } from './contrast.js'
import { axeViolations, openPages, watchedPage } from './served-page.js'
import { nameOf, openView, VIEWS } from './views.js'

/** @type {Awaited<ReturnType<typeof openPages>>} */
let pages

before(async () => {
  pages = await openPages()
})
after(() => pages?.close())

const CONTROLS = 'button, a[href], summary, select, input, textarea'

/** What a pointer and a keyboard do to a control. */
const TOUCHES = [[], ['hover'], ['hover', 'active'], ['active'], ['focus', 'focus-visible'], ['focus', 'focus-visible', 'hover']]

/** How a control is out of use. @type {('disabled' | 'aria-disabled' | null)[]} */
const IDLE = [null, 'disabled', 'aria-disabled']

for (const theme of ['light', 'dark']) {
  test(`every control can be read in every state, ${theme}`, { concurrency: true }, async (context) => {
    const { page } = await watchedPage(pages.browser)
    await page.setViewportSize({ width: 1040, height: 680 })
    const browser = await page.context().newCDPSession(page)
    await browser.send('DOM.enable')
    await browser.send('CSS.enable')
    for (const view of VIEWS) {
      await context.test(nameOf(view), async () => {
        await openView(page, pages.origin, view, 'en', theme)
        for (const idle of IDLE) {
          await page.evaluate(putOutOfUse, { controls: CONTROLS, idle })
          for (const touch of TOUCHES) {
            await force(browser, touch)
            const state = [idle, ...touch].filter(Boolean).join(' ') || 'at rest'
            assert.deepEqual(await page.evaluate(unreadable), [], `${state}: nobody could read this`)
            if (idle === null && touch.includes('hover') && touch.length === 1) {
              assert.deepEqual(await axeViolations(page, ['color-contrast']), [], `${state}, as axe sees it`)
            }
          }
        }
      })
    }
    await page.close()
  })
}

test('a control that nobody can read is found, whatever state hides it', async () => {
  const { page } = await watchedPage(pages.browser)
  const browser = await page.context().newCDPSession(page)
  await browser.send('DOM.enable')
  await browser.send('CSS.enable')
  await openView(page, pages.origin, { name: 'playing', section: 'home' }, 'en', 'dark')
  assert.deepEqual(await page.evaluate(unreadable), [], 'at rest it is as it should be')
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('button.big:hover { background: #b0becd !important }')
    document.adoptedStyleSheets = [sheet]
  })
  await force(browser, ['hover'])
  const [found] = await page.evaluate(unreadable)
  assert.match(found ?? 'nothing', /Running.*: 1\.\d/, 'the running game’s button, under the pointer')
  await page.close()
})

/**
 * Puts every control into a state that only a person’s hand brings.
 * @param {import('playwright-core').CDPSession} browser
 * @param {string[]} forcedPseudoClasses
 */
async function force(browser, forcedPseudoClasses) {
  const { root } = await browser.send('DOM.getDocument', { depth: 0 })
  const { nodeIds } = await browser.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector: CONTROLS })
  for (const nodeId of nodeIds) await browser.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses })
}

/**
 * Runs in the page.
 * @param {{ controls: string, idle: 'disabled' | 'aria-disabled' | null }} wanted
 */
function putOutOfUse({ controls, idle }) {
  for (const control of document.querySelectorAll(controls)) {
    if (control.matches('[data-idle]')) control.removeAttribute(control.getAttribute('data-idle') ?? '')
    control.removeAttribute('data-idle')
    if (idle === null || !control.matches('button') || control.hasAttribute(idle)) continue
    control.setAttribute('data-idle', idle)
    control.setAttribute(idle, idle === 'disabled' ? '' : 'true')
  }
}
