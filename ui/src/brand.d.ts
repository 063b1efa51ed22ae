/** The branding folder's `brand.toml`, one export for each key; `docs/branding.md` explains them. */
declare module '@brand/brand.toml' {
  import type { BrandText } from './backend'

  export const studio: string
  export const game: BrandText
  export const tagline: BrandText
  export const accent: { light: string; dark: string }
}
