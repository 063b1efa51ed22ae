import { source } from './source.js'

const { SCENE_NAMES } = await source('backend/mock-scenes.ts')

/** A scene, the section that is looked at, and what must be pressed to see it. @typedef {{ name: string, section: string, press?: string[] }} View */

/** All that the page can show. @type {View[]} */
export const VIEWS = [
  ...SCENE_NAMES.map(viewOf),
  ...['unreachable', 'no-space', 'disk-refused', 'conflict'].map((code) => viewOf(`failed-${code}`)),
  { name: 'dead', section: 'home' },
  { name: 'update', section: 'settings' },
  { name: 'update', section: 'settings', press: ['button:has-text("다른 폴더로"), button:has-text("Move to")'] },
  { name: 'logged-in', section: 'scores' },
  { name: 'nothing', section: 'settings' },
  { name: 'publisher', section: 'publish', press: [COMPARE(), 'button.primary:has-text("14")'] },
  { name: 'publisher', section: 'publish', press: ['li button:not([disabled])'] },
]

/** @param {string} name @returns {View} */
export function viewOf(name) {
  if (name.startsWith('board')) return { name, section: 'scores' }
  if (/^(log|expired)/.test(name)) return { name, section: 'home', press: ['button.account'] }
  if (/^(publisher|publisher-same|publisher-denied)$/.test(name)) return { name, section: 'publish', press: [COMPARE()] }
  if (/^(publish|invalidat)/.test(name)) return { name, section: 'publish' }
  return { name, section: 'home' }
}

function COMPARE() {
  return 'button:has-text("비교"), button:has-text("Compare with")'
}

/** @param {View} view */
export function nameOf(view) {
  return `${view.name} in ${view.section}${view.press ? ', pressed' : ''}`
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} origin
 * @param {View} view
 * @param {string} language
 * @param {string} theme
 */
export async function openView(page, origin, view, language, theme) {
  await page.goto('about:blank')
  await page.goto(`${origin}?state=${view.name}&lang=${language}&theme=${theme}#${view.section}`)
  await page.locator('main:not(.opening *)').waitFor()
  for (const press of view.press ?? []) {
    await page.locator(press).first().click()
    await page.waitForTimeout(60)
  }
  await page.waitForTimeout(60)
}
