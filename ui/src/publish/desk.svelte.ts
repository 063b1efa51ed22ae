import { Query } from '../query.svelte'
import type { Bilingual, Build, ReleaseRow } from '../backend'
import { joinNotes, shownNotes } from '../home/notes'

/** What a publisher has on the desk: it stays there while he looks into another section. */
export class Desk {
  readonly build = new Query<Build>()
  readonly releases = new Query<ReleaseRow[]>()
  notes = $state<Bilingual>({ ko: '', en: '' })

  /** The last job whose end this desk has taken note of. */
  private cleared: number | null = null

  get joinedNotes(): string {
    return joinNotes(this.notes)
  }

  get shownNotes(): Bilingual {
    return shownNotes(this.notes)
  }

  /** After a publish the comparison and the notes belong to the past. */
  clearAfter(job: number): boolean {
    if (this.cleared === job) return false
    this.cleared = job
    this.build.forget()
    this.notes = { ko: '', en: '' }
    return true
  }
}
