import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { source } from './source.js'

const { branding } = await source('../brand.ts')

const ui = fileURLToPath(new URL('..', import.meta.url))

test('a branding folder outside the repository makes the page its own', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'naru-brand-'))
  context.after(() => rmSync(folder, { recursive: true }))
  cpSync(join(ui, '../brands/demo/art'), join(folder, 'art'), { recursive: true })
  const text = readFileSync(join(ui, '../brands/demo/brand.toml'), 'utf8')
  const game = 'game = { ko = "뱃사공 놀이", en = "Ferry Game" }'
  writeFileSync(join(folder, 'brand.toml'), text.replace(/^game = .*$/m, game))
  writeFileSync(join(folder, 'art/icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><title>another</title></svg>')

  await buildWith(folder, join(folder, 'dist'))
  const made = readdirSync(join(folder, 'dist/assets'))
  const read = (/** @type {string} */ start) => {
    const name = made.find((file) => file.startsWith(start))
    return name ? readFileSync(join(folder, 'dist/assets', name), 'utf8') : ''
  }
  const opening = readFileSync(join(folder, 'dist/index.html'), 'utf8')
  assert.match(opening, /뱃사공 놀이.*Ferry Game/s, 'the names are those of that folder')
  assert.match(read('icon'), /another/, 'and so is its art')
  assert.match(opening, /href="\/assets\/icon-/, 'the page’s icon too')
})

test('two builds at once paint the hero once, and leave nothing half painted', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'naru-brand-'))
  mkdirSync(join(folder, 'art'))
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="10"><title>${folder}</title></svg>`
  writeFileSync(join(folder, 'art/hero.svg'), drawing)
  const built = await Promise.all([branding(folder).config(), branding(folder).config()])
  const [pictures, same] = built.map((config) => config.resolve.alias['@hero'])
  context.after(() => [folder, pictures].forEach((made) => rmSync(made, { recursive: true })))

  assert.equal(pictures, same, 'one drawing, one set of pictures')
  assert.deepEqual(readdirSync(pictures).toSorted(), ['1040.webp', '2080.webp'], 'one for each width')
  const left = readdirSync(dirname(pictures)).filter((name) => name.startsWith(`${basename(pictures)}-`))
  assert.deepEqual(left, [], 'a later build takes whole pictures only')
})

/**
 * Builds the page as `npm run build` does.
 * @param {string} brand
 * @param {string} outDir
 */
async function buildWith(brand, outDir) {
  const before = process.env['NARU_BRAND']
  process.env['NARU_BRAND'] = brand
  try {
    await build({ root: ui, configFile: join(ui, 'vite.config.ts'), logLevel: 'error', build: { outDir, emptyOutDir: true } })
  } finally {
    if (before === undefined) delete process.env['NARU_BRAND']
    else process.env['NARU_BRAND'] = before
  }
}
