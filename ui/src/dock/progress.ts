import type { Job, JobPhase } from '../backend'

/** How much of the phase is done, from 0 to 1; null where nobody knows how much there is. */
export function fractionOf(job: Job): number | null {
  if (job.totalBytes) return Math.min(1, job.doneBytes / job.totalBytes)
  if (job.totalFiles) return Math.min(1, job.doneFiles / job.totalFiles)
  return null
}

/** What is read aloud while a job runs: changes with the phase and with each quarter, not with each byte. */
export interface Announcement {
  phase: JobPhase | null
  quarter: number | null
}

export function announcementOf(job: Job): Announcement {
  const fraction = fractionOf(job)
  return { phase: job.phase, quarter: fraction === null ? null : Math.floor(fraction * 4) }
}
