import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DIST, openPages, watchedPage } from './served-page.js'
import { source } from './source.js'

const { openingIn } = await source('../opening.ts')

const SIZES = [
  { width: 1040, height: 680 },
  { width: 720, height: 520 },
]

/** What a person sees of the frame. */
const SEEN = ['.brand img', '.brand span', 'header nav a:nth-of-type(1)', 'header nav a:nth-of-type(3)', '.art', '.hero h1', '.name p', '.dock', '.dock h2', 'button.big']

/** @type {Awaited<ReturnType<typeof openPages>>} */
let pages

before(async () => {
  pages = await openPages()
})
after(() => pages?.close())

for (const language of ['ko', 'en']) {
  test(`without any script the window shows name, picture and button, ${language}`, async () => {
    const { page, errors } = await stillPage(language)
    const shown = page.locator(`.opening[lang=${language}]`)
    assert.equal(await page.locator('.opening:visible').count(), 1, 'one language at a time')
    assert.ok(await shown.locator('h1').isVisible(), 'the game’s name needs no answer')
    const button = shown.locator('button.big')
    assert.equal(await button.getAttribute('aria-disabled'), 'true', 'nothing can be pressed before the launcher is there')
    const picture = await shown.locator('.art').evaluate((image) => {
      const { complete, naturalWidth, currentSrc } = /** @type {HTMLImageElement} */ (image)
      return { complete, naturalWidth, currentSrc }
    })
    assert.ok(picture.complete && picture.naturalWidth > 0, 'the picture is there')
    assert.match(picture.currentSrc, /1040-.*\.webp$/, 'painted when the page was built, in the window’s own width')
    assert.deepEqual(errors, [], 'the content security policy refuses nothing')
    await page.close()
  })
}

test('when the launcher has answered, nothing that was seen moves', async () => {
  for (const size of SIZES) {
    const { page: before } = await stillPage('en', size)
    const { page: after } = await watchedPage(pages.browser)
    await after.setViewportSize(size)
    await after.goto(`${pages.origin}?state=looking&lang=en`)
    await after.locator('.shell:not(.opening) .hero h1').waitFor()
    for (const part of SEEN) {
      const [was, is] = [await before.locator(`${part}:visible, .opening:visible ${part}`).first().boundingBox(), await after.locator(part).first().boundingBox()]
      if (!was && !is) continue
      // The words of the button and of the dock are others; where they begin stays.
      const place = (/** @type {any} */ box) => box && { y: Math.round(box.y), height: Math.round(box.height) }
      assert.deepEqual(place(is), place(was), `${part} jumps at ${size.width} × ${size.height}`)
    }
    await Promise.all([before.close(), after.close()])
  }
})

test('the first screen loads nothing of the others', async () => {
  const { page } = await watchedPage(pages.browser)
  /** @type {string[]} */
  const asked = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.addInitScript(() => {
    // The rest is loaded after two frames: there are none here.
    window.requestAnimationFrame = () => 0
  })
  await page.goto(`${pages.origin}?state=play&lang=en`)
  await page.locator('.shell:not(.opening)').waitFor()
  const others = /\/(Scores|Settings|Publish|Login|Profile|Dialog|ko)-/
  assert.deepEqual(asked.filter((path) => others.test(path)), [], 'nobody has asked for these')
  const scripts = asked.filter((path) => path.endsWith('.js') && !/mock/.test(path))
  const bytes = scripts.reduce((sum, path) => sum + readFileSync(join(DIST, path)).length, 0)
  assert.ok(bytes < 110_000, `${bytes} bytes of script before the first screen is complete`)
  assert.ok(asked.some((path) => path.endsWith('.webp')), 'it is the page with its picture')
  await page.close()
})

test('the hero of the page is a picture, and no drawing of gradients', () => {
  const dist = new URL('../dist/', import.meta.url)
  assert.ok(existsSync(dist), 'the page is built')
  const made = readdirSync(new URL('assets/', dist))
  assert.ok(!made.some((name) => /^hero.*svg$/.test(name)), 'a web view without a GPU would draw it anew each time')
})

test('a studio’s name is text, whatever letters it has', async () => {
  const name = { ko: '<b>&', en: '<script>alert(1)</script>' }
  const html = openingIn('en', name, name)
  assert.ok(!html.includes('<script>'), html)
})

/**
 * The page as it is before its script has run, in the language that the launcher has set.
 * @param {string} language
 */
async function stillPage(language, size = SIZES[0] ?? { width: 1040, height: 680 }) {
  const { page, errors } = await watchedPage(pages.browser)
  await page.route('**/*.js', (route) => route.abort())
  await page.addInitScript((lang) => {
    const speak = () => document.documentElement && (document.documentElement.lang = lang)
    if (!speak()) new MutationObserver((_, seen) => speak() && seen.disconnect()).observe(document, { childList: true })
  }, language)
  await page.setViewportSize(size)
  await page.goto(pages.origin, { waitUntil: 'load' })
  return { page, errors: errors.filter((error) => !/ERR_FAILED/.test(error)) }
}
