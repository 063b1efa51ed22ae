export const SECTIONS = ['home', 'scores', 'settings', 'publish'] as const

export type Section = (typeof SECTIONS)[number]

/** The section that an address like `#scores` names; whatever else it says is the first screen. */
export function sectionAt(hash: string, publisher: boolean): Section {
  const found = SECTIONS.find((section) => `#${section}` === hash) ?? 'home'
  return found === 'publish' && !publisher ? 'home' : found
}
