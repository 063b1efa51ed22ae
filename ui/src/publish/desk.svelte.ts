import { Query } from '../query.svelte'
import type { Bilingual, Build, Job, ReleaseRow } from '../backend'
import { joinNotes, shownNotes } from '../home/notes'

/** What a publisher has on the desk: it stays there while he looks into another section. */
export class Desk {
  readonly build = new Query<Build>()
  readonly releases = new Query<ReleaseRow[]>()
  notes = $state<Bilingual>({ ko: '', en: '' })

  /** The last job whose end this desk has taken note of. */
  private cleared: number | null = null

  /** The channel that the build is compared with. */
  private channel: string | null = null

  get joinedNotes(): string {
    return joinNotes(this.notes)
  }

  get shownNotes(): Bilingual {
    return shownNotes(this.notes)
  }

  /** However a publish ended, it has used up the comparison. The notes stay for the next try. */
  clearAfter(job: Job): boolean {
    const { state } = job.state
    if (state === 'running' || state === 'paused' || this.cleared === job.id) return false
    this.cleared = job.id
    this.build.forget()
    if (state === 'done') this.notes = { ko: '', en: '' }
    return true
  }

  /** A comparison says nothing of another channel. */
  follow(channel: string): void {
    if (this.channel !== null && this.channel !== channel) this.build.forget()
    this.channel = channel
  }
}
