import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { parse } from 'smol-toml'
import { normalizePath, type Plugin } from 'vite'
import { openingIn } from './opening.ts'
import type { Bilingual } from './src/backend/types.ts'

const page = dirname(fileURLToPath(import.meta.url))

/** What the page takes in of `brand.toml`; servers and packages are none of its business. */
const SHOWN = ['studio', 'game', 'tagline', 'accent']

/** The widths of the hero's pictures: the window as it opens, and twice that. */
const WIDTHS = [1040, 2080]

/** The branding folder: one of `brands/` by its name, or any other by its path. `build.rs` finds it in the same way. */
export function brandFolder(named = process.env['NARU_BRAND'] || 'demo'): string {
  return resolve(page, '../brands', named)
}

/** Lets the page take in all that is a studio's own from its branding folder. */
export function branding(folder: string): Plugin {
  const file = normalizePath(join(folder, 'brand.toml'))
  let pictures = ''
  return {
    name: 'branding',
    async config() {
      pictures = await paintHero(join(folder, 'art/hero.svg'))
      return { resolve: { alias: { '@brand': folder, '@hero': pictures } } }
    },
    async load(id) {
      if (id !== file) return null
      this.addWatchFile(id)
      const brand = await read(file)
      return SHOWN.map((key) => `export const ${key} = ${JSON.stringify(brand[key])}`).join('\n')
    },
    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        const { game, tagline } = (await read(file)) as { game: Bilingual; tagline: Bilingual }
        const opening = (['ko', 'en'] as const).map((language) => openingIn(language, game, tagline))
        // An alias is not known to index.html: its pictures are named by the paths that Vite bundles.
        return html
          .replace('@opening', () => opening.join(''))
          .replaceAll('@brand', inPage(folder))
          .replaceAll('@hero', inPage(pictures))
      },
    },
  }
}

/** The launcher checks the whole file, when it is compiled in. */
async function read(file: string): Promise<Record<string, unknown>> {
  return parse(await readFile(file, 'utf8'))
}

/**
 * Draws the hero once, here: its gradients take a web view without a GPU longer than all the rest of the first screen.
 * Answers the folder of its pictures, `<width>.webp`.
 */
async function paintHero(svg: string): Promise<string> {
  const drawing = await readFile(svg)
  const version = createHash('sha256').update(JSON.stringify(WIDTHS)).update(drawing).digest('hex').slice(0, 16)
  const cache = join(page, 'node_modules/.cache/hero')
  const folder = join(cache, version)
  const painted = await access(folder).then(() => true, () => false)
  if (painted) return folder
  // A build that was stopped halfway leaves no picture that the next one would take for whole, and of two builds at
  // once the later one keeps what is there.
  await mkdir(cache, { recursive: true })
  const unfinished = await mkdtemp(`${folder}-`)
  for (const width of WIDTHS) {
    const picture = await sharp(drawing, { density: 150 }).resize({ width }).webp({ quality: 88, effort: 6 }).toBuffer()
    await writeFile(join(unfinished, `${width}.webp`), picture)
  }
  await rename(unfinished, folder).catch(async (error) => {
    await rm(unfinished, { recursive: true })
    await access(folder).catch(() => Promise.reject(error))
  })
  return folder
}

function inPage(path: string): string {
  return `./${normalizePath(relative(page, path))}`
}
