import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'

const repository = new URL('..', import.meta.url)
const brandName = process.env['NARU_BRAND'] ?? 'demo'
const brand = new URL(`brands/${brandName}/`, repository)

export default defineConfig({
  plugins: [svelte(), brandInHtml()],
  // All that is a studio's own comes from its branding folder.
  resolve: { alias: { '@brand': fileURLToPath(brand) } },
  build: {
    // WebKitGTK of Debian 12 is the oldest web view that the launcher runs in.
    target: 'safari16.4',
    // A data: URL would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    fs: { allow: ['.', fileURLToPath(brand)] },
  },
})

/** An alias is not known to index.html: its icon is named by the path that Vite bundles. */
function brandInHtml(): Plugin {
  const transformIndexHtml = {
    order: 'pre' as const,
    handler: (html: string) => html.replaceAll('@brand/', `../brands/${brandName}/`),
  }
  return { name: 'brand-in-html', transformIndexHtml }
}
