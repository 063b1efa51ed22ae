import type { Problem } from './backend'

const SLOW_AFTER = 4000

/** Something that the page asks for: under way, slow, here or refused. */
export class Query<Value> {
  value = $state.raw<Value | null>(null)
  problem = $state.raw<Problem | null>(null)
  waiting = $state(false)
  slow = $state(false)

  private turn = 0

  /** Asks; an answer that a later question has overtaken is dropped. What was here stays until the new one comes. */
  async ask(question: () => Promise<Value>): Promise<void> {
    const turn = ++this.turn
    this.problem = null
    this.slow = false
    this.waiting = true
    const clock = setTimeout(() => {
      if (turn === this.turn) this.slow = true
    }, SLOW_AFTER)
    try {
      const value = await question()
      if (turn === this.turn) this.value = value
    } catch (problem) {
      if (turn === this.turn) this.problem = problem as Problem
    } finally {
      clearTimeout(clock)
      if (turn === this.turn) this.waiting = this.slow = false
    }
  }

  forget(): void {
    this.turn += 1
    this.value = this.problem = null
    this.waiting = this.slow = false
  }
}
