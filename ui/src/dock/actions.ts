import type { Words } from '../lang'
import type { Format } from '../lang/format'
import type { IconName } from '../parts/drawings'
import type { Situation } from './situation'

export type Act = 'update' | 'repair' | 'play' | 'check' | 'pause' | 'resume' | 'cancel'

export interface Press {
  act: Act
  icon: IconName
  label: string
  /** Shown, so that the focus and the eye keep their place, but it does nothing now. */
  idle?: boolean
}

/** The one big button, and what stays possible beside it. */
export interface Presses {
  big: Press
  beside: Press[]
}

export function pressesFor(situation: Situation, words: Words, format: Format): Presses {
  const { actions } = words.dock
  const play: Press = { act: 'play', icon: 'play', label: actions.play }
  const pause: Press = { act: 'pause', icon: 'pause', label: actions.pause }
  const cancel: Press = { act: 'cancel', icon: 'stop', label: actions.cancel }
  const install: Press = { act: 'update', icon: 'down', label: actions.install }
  const again: Press = { act: 'check', icon: 'again', label: actions.again }
  switch (situation.is) {
    case 'working':
      return {
        big: { ...pause, idle: !situation.stoppable },
        beside: [...(situation.playable ? [play] : []), ...(situation.stoppable ? [cancel] : [])],
      }
    case 'paused':
      return { big: { act: 'resume', icon: 'down', label: actions.resume }, beside: [cancel] }
    case 'looking':
      return { big: { ...install, idle: true }, beside: [] }
    case 'unasked':
      return { big: { ...again, label: actions.check }, beside: [] }
    case 'install':
      return { big: install, beside: [] }
    case 'update': {
      const installed = actions.playInstalled(format.count(situation.installed.number))
      return {
        big: { ...install, label: actions.update },
        beside: [{ ...play, label: installed }],
      }
    }
    case 'ready': {
      const check = situation.updates === 'failed' ? again : { ...again, label: actions.check }
      return { big: play, beside: situation.updates === 'checking' ? [] : [check] }
    }
    case 'damaged':
      return { big: { act: 'repair', icon: 'mend', label: actions.repair }, beside: [] }
    case 'playing':
      return { big: { ...play, label: actions.playing, idle: true }, beside: [] }
    case 'unreadable':
    case 'unreachable':
      return { big: again, beside: [] }
  }
}
