import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const repository = new URL('..', import.meta.url)
const brand = new URL(`brands/${process.env['NARU_BRAND'] ?? 'demo'}/`, repository)

export default defineConfig({
  plugins: [svelte()],
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
