/** One argument a line, as it stands: no quoting to know about. Empty lines are none. */
export function argumentsFrom(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
