import type { BuildChange, BuildChangeKind } from '../backend'

const ORDER = { new: 0, changed: 1, moved: 2, deleted: 3, mode: 4 } satisfies Record<BuildChangeKind, number>

/** In the order of the page. */
const KINDS = Object.keys(ORDER) as BuildChangeKind[]

export interface ChangeTotal {
  kind: BuildChangeKind
  files: number
  bytes: number
}

/** How much of each kind there is; kinds without a file are left out. */
export function totalsOf(changes: BuildChange[]): ChangeTotal[] {
  return KINDS.map((kind) => {
    const own = changes.filter((change) => change.kind === kind)
    return { kind, files: own.length, bytes: own.reduce((sum, change) => sum + change.bytes, 0) }
  }).filter((total) => total.files > 0)
}

/** The rows of a table that a web view can still draw at once, biggest files first. */
export function rowsOf(changes: BuildChange[], kind: BuildChangeKind | null, most: number) {
  const wanted = changes.filter((change) => kind === null || change.kind === kind)
  const sorted = wanted.toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
  return { rows: sorted.slice(0, most), hidden: Math.max(0, sorted.length - most) }
}
