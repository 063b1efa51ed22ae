import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPages, watchedPage } from './served-page.js'

/** @type {Awaited<ReturnType<typeof openPages>>} */
let pages

before(async () => {
  pages = await openPages()
})
after(() => pages?.close())

test('install, pause, resume and play without a mouse', async () => {
  const page = await openLive('')
  await tabTo(page, 'Install')
  await settledAs(page, 'Install')
  await page.keyboard.press('Enter')
  await settledAs(page, 'Pause')
  await page.keyboard.press('Enter')
  await settledAs(page, 'Resume')
  assert.match(await page.locator('.dock').innerText(), /Downloaded data is kept/, 'a pause loses nothing, and says so')
  await page.keyboard.press('Enter')
  await settledAs(page, 'Pause')
  await settledAs(page, 'Play', 20_000)
  await page.getByText('Release 13 is installed').waitFor()
  await page.keyboard.press('Enter')
  await settledAs(page, 'Running')
  await page.close()
})

test('a second press of the same hand does not pause what it has just started', async () => {
  const page = await openLive('')
  await tabTo(page, 'Install')
  await settledAs(page, 'Install')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(300)
  assert.equal(await focused(page), 'Pause', 'the download goes on')
  await page.close()
})

test('cancel during a download leaves the install on offer', async () => {
  const page = await openLive('')
  await tabTo(page, 'Install')
  await settledAs(page, 'Install')
  await page.keyboard.press('Enter')
  await settledAs(page, 'Pause')
  await tabTo(page, 'Cancel')
  await page.keyboard.press('Enter')
  await page.getByText('Installation cancelled').waitFor()
  assert.equal((await page.locator('button.big').innerText()).trim(), 'Install', 'it can be begun again')
  await page.close()
})

test('log in, look at the account and log out', async () => {
  const page = await openLive('')
  await tabTo(page, 'Log in')
  await page.keyboard.press('Enter')
  // The dialogs are loaded when they are first asked for; until then Tab still walks the page below.
  await page.getByRole('dialog').waitFor()
  await tabTo(page, 'Login with Kakao')
  await page.keyboard.press('Enter')
  await page.getByText('Continue in the Kakao window.').waitFor()
  const question = page.getByRole('dialog', { name: 'Which name should other players see?' })
  await question.waitFor({ timeout: 8000 })
  assert.equal(await page.locator('dialog').count(), 1, 'the login’s dialog has done its work')
  const suggestion = page.getByLabel('Name on the score board')
  assert.equal(await suggestion.inputValue(), '나루지기', 'the provider’s name is a suggestion')
  await suggestion.fill('Ferry Man')
  await tabTo(page, 'Use this name')
  await page.keyboard.press('Enter')
  await question.waitFor({ state: 'detached' })
  await page.locator('button.account .nickname:has-text("Ferry Man")').waitFor()
  assert.match(await focused(page), /^Account:/, 'the focus is back where it came from')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo(page, 'Log out')
  await page.keyboard.press('Enter')
  await page.locator('button.account:has-text("Log in")').waitFor()
  await page.waitForTimeout(200)
  assert.equal(await page.locator('dialog').count(), 0, 'who logs out is not asked to log in')
  assert.equal(await focused(page), 'Log in', 'and keeps his place')
  await page.close()
})

test('a name is asked for once, can be gone without, and changed later', async () => {
  const page = await openLive('&state=name-unasked')
  const question = page.getByRole('dialog', { name: 'Which name should other players see?' })
  await question.waitFor()
  await tabTo(page, 'Play without a name')
  await page.keyboard.press('Enter')
  await question.waitFor({ state: 'detached' })
  await tabTo(page, 'Account: 나루지기')
  await page.keyboard.press('Enter')
  assert.equal(await page.getByLabel('Name on the score board').inputValue(), '', 'nobody has taken the provider’s name')
  await page.getByLabel('Name on the score board').fill('사공')
  await tabTo(page, 'Use this name')
  await page.keyboard.press('Enter')
  await page.getByText('Saved').waitFor()
  await page.locator('button.account .nickname:has-text("사공")').waitFor()
  await page.close()
})

test('a provider is opened where it lets its page be shown, and has a button only if there is one', async () => {
  for (const [provider, place] of [
    ['Google', 'Continue on the Google page in your browser.'],
    ['Facebook', 'Continue in the Facebook window.'],
  ]) {
    const page = await openLive('&state=logged-out')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('button', { name: `Log in with ${provider}` }).click()
    await page.getByText(place).waitFor()
    await page.close()
  }
  const page = await openLive('&state=login-kakao-alone')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: 'Login with Kakao' }).waitFor()
  const others = page.getByText(/Other ways|Google|Facebook/)
  assert.equal(await others.count(), 0, 'a button that leads nowhere is none')
  await page.close()
})

test('Escape closes a dialog and gives the focus back', async () => {
  const page = await openLive('')
  await tabTo(page, 'Log in')
  await page.keyboard.press('Enter')
  await page.locator('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  assert.equal(await focused(page), 'Log in', 'whoever closes a dialog goes on where he was')
  await page.close()
})

test('settings are changed and take effect at once', async () => {
  const page = await openLive('')
  await tabTo(page, 'Settings')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Start the launcher with the computer')
  await page.keyboard.press('Space')
  assert.ok(await page.getByLabel('Start the launcher with the computer').isChecked(), 'the box is what the launcher says')
  await tabTo(page, 'Speed limit')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.getByLabel('Speed limit').inputValue(), '500000', 'the first limit on offer')
  await tabTo(page, 'Launch arguments')
  await page.keyboard.type('--windowed')
  await tabTo(page, 'Save')
  await page.keyboard.press('Enter')
  await page.getByText('Saved.').waitFor()
  await tabTo(page, 'Language')
  await page.keyboard.press('ArrowUp')
  await page.locator('html[lang=ko]').waitFor()
  assert.equal(await page.locator('h1').innerText(), '설정', 'the whole page follows the language')
  await page.close()
})

test('the board is paged and remembers the way back', async () => {
  const page = await openLive('&state=logged-in', '#scores')
  await page.getByText('Rank 27').waitFor()
  await tabTo(page, 'Next')
  await page.keyboard.press('Enter')
  await page.getByText('Page 2').waitFor()
  await tabTo(page, 'Next')
  await page.keyboard.press('Enter')
  await page.getByText('Page 3').waitFor()
  await page.locator('tr[aria-current=true]').waitFor()
  await tabTo(page, 'Previous')
  await page.keyboard.press('Enter')
  await page.getByText('Page 2').waitFor()
  await page.close()
})

test('the chart has a table that tells the same', async () => {
  const page = await openLive('&state=board-own', '#scores')
  await tabTo(page, 'Show as a table')
  await page.keyboard.press('Enter')
  const rows = await page.locator('details[open] tbody tr').count()
  assert.ok(rows > 10, 'one row for each bar')
  assert.ok(await page.getByRole('img', { name: /Bar chart/ }).isVisible(), 'the drawing has a name')
  await page.close()
})

test('publish: choose, compare, write notes, confirm, and roll back', async () => {
  const page = await openLive('&admin=1')
  await tabTo(page, 'Publish')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Choose a folder…')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Compare with the live release')
  await page.keyboard.press('Enter')
  await page.getByText('Becomes release 14').waitFor()
  await tabTo(page, '한국어')
  await page.keyboard.type('- harbour')
  await tabTo(page, 'English')
  await page.keyboard.type('- a harbour')
  await page.getByText('31 of 6,144 bytes').waitFor()
  await tabTo(page, 'Publish release 14…')
  await page.keyboard.press('Enter')
  const dialog = page.locator('dialog')
  assert.match(await dialog.innerText(), /Players with release 13 download at most 9\.4 MB/, 'what players get, before it is out')
  assert.match(await dialog.innerText(), /a harbour/, 'the notes as they will be read')
  await tabTo(page, 'Publish')
  await page.keyboard.press('Enter')
  await page.getByText('Updating the download servers').first().waitFor({ timeout: 15_000 })
  await page.getByText('Release 14 is published').waitFor({ timeout: 15_000 })
  await page.locator('li.live:has-text("Release 14")').waitFor()
  await tabTo(page, 'Roll back to release 13')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Roll back')
  await page.keyboard.press('Enter')
  await page.getByText('Content of release 13').waitFor({ timeout: 15_000 })
  await page.close()
})

test('a publish that was stopped and another channel both ask for another comparison', async () => {
  const page = await openLive('&admin=1', '#publish')
  const compare = async () => {
    await page.getByRole('button', { name: 'Compare with the live release' }).click()
    await page.getByText('Becomes release 14').waitFor()
  }
  await page.getByRole('button', { name: 'Choose a folder…' }).click()
  await compare()
  await page.getByRole('button', { name: 'Publish release 14…' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Publish' }).click()
  await page.getByText('Uploading').first().waitFor()
  // Longer than the pause in which a second press of the same hand is not counted.
  await page.waitForTimeout(500)
  await page.locator('.dock').getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Publishing cancelled').waitFor()
  assert.equal(await page.getByText('Becomes release 14').count(), 0, 'the launcher would not publish it')
  await compare()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Channel').fill('beta')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Publish' }).click()
  await page.getByRole('button', { name: 'Compare with the live release' }).waitFor()
  assert.equal(await page.getByText('Becomes release 14').count(), 0, 'it was compared with another channel')
  await page.close()
})

test('notes that are too long can not be published', async () => {
  const page = await openLive('&state=publisher', '#publish')
  await page.getByRole('button', { name: 'Compare with the live release' }).click()
  await page.getByLabel('한국어').fill('가'.repeat(2049))
  await page.getByText('The notes are too long.').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Publish release 14…' }).isDisabled(), 'the engine would refuse them')
  await page.close()
})

test('the first Tab offers to skip the header, and every focus can be seen', async () => {
  const page = await openLive('')
  await page.keyboard.press('Tab')
  assert.equal(await focused(page), 'Skip to the content', 'no eight stops before the page begins')
  for (let stop = 0; stop < 12; stop += 1) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => {
      const element = document.activeElement
      return element && element !== document.body ? getComputedStyle(element).outlineStyle : 'solid'
    })
    assert.notEqual(outline, 'none', `stop ${stop} is invisible`)
  }
  await page.close()
})

/**
 * A launcher that lives, in English.
 * @param {string} query
 * @param {string} [section]
 */
async function openLive(query, section = '') {
  const { page } = await watchedPage(pages.browser)
  await page.setViewportSize({ width: 1040, height: 680 })
  await page.goto(`${pages.origin}?lang=en${query}${section}`)
  await page.locator('.shell:not(.opening)').waitFor()
  return page
}

/**
 * The name of what has the focus, as a screen reader would say it.
 * @param {import('playwright-core').Page} page
 */
function focused(page) {
  return page.evaluate(() => {
    const element = /** @type {HTMLInputElement} */ (document.activeElement)
    const label = element?.labels?.[0]?.innerText.trim()
    return element?.getAttribute('aria-label') ?? label ?? element?.innerText?.trim() ?? ''
  })
}

/**
 * Tabs until something of that name has the focus.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function tabTo(page, name) {
  const passed = []
  for (let stops = 0; stops < 80; stops += 1) {
    await page.keyboard.press('Tab')
    const now = await focused(page)
    if (now === name) return
    passed.push(now)
  }
  assert.fail(`"${name}" can't be reached by Tab; passed ${[...new Set(passed)].join(' | ')}`)
}

/**
 * Waits until the focused button has become something else and can be pressed.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function settledAs(page, name, timeout = 5000) {
  await page.waitForFunction(
    (wanted) => /** @type {HTMLElement} */ (document.activeElement)?.innerText?.trim() === wanted,
    name,
    { timeout },
  )
  // Longer than the pause in which a second press of the same hand is not counted.
  await page.waitForTimeout(500)
}
