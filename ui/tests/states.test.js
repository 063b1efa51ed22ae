import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axeViolations, openPages, watchedPage } from './served-page.js'
import { nameOf, openView, viewOf, VIEWS } from './views.js'

const SIZES = [
  { width: 720, height: 520 },
  { width: 1040, height: 680 },
]
/** 1040 × 680 and the smallest window at 200 %. */
const ZOOMED = [
  { width: 520, height: 340 },
  { width: 360, height: 260 },
]

/** @type {Awaited<ReturnType<typeof openPages>>} */
let pages

before(async () => {
  pages = await openPages()
})
after(() => pages?.close())

for (const language of ['ko', 'en']) {
  test(`every state is sound in ${language}, light and dark`, { concurrency: true }, async (context) => {
    const { page, errors } = await watchedPage(pages.browser)
    for (const view of VIEWS) {
      await context.test(nameOf(view), async () => {
        errors.length = 0
        await page.setViewportSize(SIZES[1])
        await openView(page, pages.origin, view, language, 'light')
        assert.deepEqual(errors, [], 'an error or a refusal of the content security policy')
        assert.deepEqual(await axeViolations(page), [], 'somebody could not use this')
        // The same page by night: only its colours are others.
        await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
        assert.deepEqual(await axeViolations(page, ['color-contrast']), [], 'somebody could not read this by night')
        for (const size of SIZES) await assertNoOverflow(page, size)
      })
    }
    await page.close()
  })
}

test('at 200 % the whole page scrolls down, never sideways', async () => {
  const { page } = await watchedPage(pages.browser)
  for (const view of [viewOf('downloading'), viewOf('failed-no-space'), { name: 'update', section: 'settings' }]) {
    await openView(page, pages.origin, view, 'ko', 'dark')
    for (const size of ZOOMED) {
      await assertNoOverflow(page, size)
      const big = page.locator('button.big')
      await big.scrollIntoViewIfNeeded()
      assert.ok(await big.isVisible(), `the big button of ${view.name} can be reached at ${size.width}`)
    }
  }
  await page.close()
})

test('a theme is the system’s own where nobody has chosen', async () => {
  const { page } = await watchedPage(pages.browser)
  const grounds = []
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${pages.origin}?state=update`)
    await page.locator('.shell:not(.opening)').waitFor()
    grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor))
  }
  assert.notEqual(grounds[0], grounds[1], 'prefers-color-scheme decides')
  await page.close()
})

test('the boat stands where the download stands, under a policy without inline styles', async () => {
  const { page } = await watchedPage(pages.browser)
  await page.setViewportSize({ width: 1000, height: 680 })
  await openView(page, pages.origin, viewOf('downloading'), 'en', 'dark')
  const done = await page.locator('.bar .done').boundingBox()
  assert.ok(done && Math.abs(done.width - 384) < 5, `38.4 % of the bar, not ${done?.width}`)
  assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '38', 'and is read so')
  await openView(page, pages.origin, viewOf('downloading-unknown'), 'en', 'dark')
  assert.equal(
    await page.getByRole('progressbar').getAttribute('aria-valuenow'),
    null,
    'an unknown total claims no percentage',
  )
  await page.close()
})

test('offline is told calmly: the game can be played and nothing is an alert', async () => {
  const { page } = await watchedPage(pages.browser)
  await openView(page, pages.origin, viewOf('offline'), 'en', 'light')
  assert.equal(await page.locator('.dock [role=alert]').count(), 0, 'a failed check is no emergency')
  assert.equal((await page.locator('button.big').innerText()).trim(), 'Play', 'the player came to play')
  await page.close()
})

test('a newer launcher is a quiet offer: it waits for the game, and takes nothing away', async () => {
  const { page } = await watchedPage(pages.browser)
  const restart = page.getByRole('button', { name: 'Restart and update' })
  await openView(page, pages.origin, viewOf('self-update-downloading'), 'en', 'light')
  assert.equal(await page.locator('.self-update').count(), 0, 'what asks nothing of the player is no news')
  await openView(page, pages.origin, viewOf('self-update-waits'), 'en', 'light')
  assert.ok(await restart.isDisabled(), 'a restart would end the work under way')
  await openView(page, pages.origin, viewOf('self-update'), 'en', 'light')
  assert.equal(await page.locator('.dock [role=alert]').count(), 0, 'it is no emergency')
  assert.equal((await page.locator('button.big').innerText()).trim(), 'Play', 'the player came to play')
  await restart.click()
  await page.getByText('Installing launcher 0.2.0').waitFor()
  assert.ok(await restart.isDisabled(), 'one press is enough')
  await page.close()
})

test('a slow board says that it is still waiting', async () => {
  const { page } = await watchedPage(pages.browser)
  await openView(page, pages.origin, viewOf('board-slow'), 'en', 'light')
  await page.getByText('This is taking longer than usual').waitFor({ timeout: 8000 })
  await page.close()
})

/**
 * @param {import('playwright-core').Page} page
 * @param {{ width: number, height: number }} size
 */
async function assertNoOverflow(page, size) {
  await page.setViewportSize(size)
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, .paper, .dock, dialog')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.tagName}.${element.className} ${element.scrollWidth} > ${element.clientWidth}`),
  )
  assert.deepEqual(wide, [], `something is cut off or scrolls sideways at ${size.width}×${size.height}`)
}
