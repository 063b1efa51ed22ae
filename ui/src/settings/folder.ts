import type { FolderLook } from '../backend'

/** Whether a folder can't take the game for want of space; unknown figures forbid nothing. */
export function isTooSmall(look: FolderLook): boolean {
  return look.freeBytes !== null && look.neededBytes !== null && look.freeBytes < look.neededBytes
}
