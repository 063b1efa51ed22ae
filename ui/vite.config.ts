import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { branding, brandFolder } from './brand.ts'

const brand = brandFolder()

export default defineConfig({
  // All that is a studio's own comes from its branding folder.
  plugins: [svelte(), branding(brand)],
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
    fs: { allow: ['.', brand] },
  },
})
