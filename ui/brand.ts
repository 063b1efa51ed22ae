import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import { normalizePath, type Plugin } from 'vite'

const page = dirname(fileURLToPath(import.meta.url))

/** What the page takes in of `brand.toml`; servers and packages are none of its business. */
const SHOWN = ['studio', 'game', 'tagline', 'accent']

/** The branding folder: one of `brands/` by its name, or any other by its path. `build.rs` finds it in the same way. */
export function brandFolder(named = process.env['NARU_BRAND'] || 'demo'): string {
  return resolve(page, '../brands', named)
}

/** Lets the page take in all that is a studio's own from its branding folder. */
export function branding(folder: string): Plugin {
  const file = normalizePath(join(folder, 'brand.toml'))
  return {
    name: 'branding',
    load(id) {
      if (id !== file) return null
      this.addWatchFile(id)
      // The launcher checks the rest of it, when it is compiled in.
      const brand = parse(readFileSync(file, 'utf8'))
      return SHOWN.map((key) => `export const ${key} = ${JSON.stringify(brand[key])}`).join('\n')
    },
    transformIndexHtml: {
      order: 'pre',
      // An alias is not known to index.html: its icon is named by the path that Vite bundles.
      handler: (html) => html.replaceAll('@brand', normalizePath(relative(page, folder))),
    },
  }
}
