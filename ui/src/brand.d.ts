/** The branding folder's `brand.toml`, one export for each key; `docs/branding.md` explains them. */
declare module '@brand/brand.toml' {
  import type { Bilingual } from './backend'

  export const studio: string
  export const game: Bilingual
  export const tagline: Bilingual
  export const accent: { light: string; dark: string }
}
