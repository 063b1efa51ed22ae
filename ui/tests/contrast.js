/**
 * What axe leaves out: controls that can't be pressed, and colours that a pointer brings. One line for each text of a
 * control that can't be read on its ground (WCAG 2, 4.5 : 1), and each ring of the focus that can't be seen (3 : 1).
 * Runs in the page.
 */
export function unreadable() {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })

  /** Any colour of CSS as [red, green, blue, alpha], 0 to 1. @param {string} colour */
  function parts(colour) {
    if (!canvas) throw new Error('no canvas')
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
  }

  /** @param {number[]} top @param {number[]} under */
  function over(top, under) {
    const alpha = top[3] ?? 1
    return [0, 1, 2].map((at) => (top[at] ?? 0) * alpha + (under[at] ?? 0) * (1 - alpha)).concat(1)
  }

  /** What lies behind an element's words. @param {Element | null} element @returns {number[] | null} */
  function ground(element) {
    if (!element) return parts(getComputedStyle(document.body).backgroundColor)
    const { backgroundColor, backgroundImage } = getComputedStyle(element)
    // A picture has no one colour: what stands on it is looked at by a person.
    if (backgroundImage !== 'none' || element.matches('.hero')) return null
    const own = parts(backgroundColor)
    if (own[3] === 1) return own
    const under = ground(element.parentElement)
    return under && over(own, under)
  }

  /** @param {Element | null} element @returns {number} */
  function opacity(element) {
    return element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1
  }

  /** @param {number[]} colour */
  function luminance(colour) {
    const [red, green, blue] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
  }

  /** @param {number[]} one @param {number[]} other */
  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
  }

  const found = []
  for (const control of document.querySelectorAll('button, a[href], summary, select, input, textarea')) {
    if (!control.checkVisibility()) continue
    const name = `${control.tagName.toLowerCase()}.${control.className} "${control.textContent?.trim().slice(0, 30)}"`
    const words = control.matches('select, input, textarea')
      ? [control]
      : [control, ...control.querySelectorAll('*')].filter((part) =>
          [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
        )
    for (const part of words) {
      const behind = ground(part)
      if (!behind) continue
      const ink = parts(getComputedStyle(part).color)
      ink[3] = (ink[3] ?? 1) * opacity(part)
      const ratio = contrast(over(ink, behind), behind)
      if (ratio < 4.5) found.push(`${name}: ${ratio.toFixed(2)}`)
    }
    const { outlineStyle, outlineColor } = getComputedStyle(control)
    const around = ground(control.parentElement)
    if (outlineStyle === 'none' || !around) continue
    const ring = contrast(over(parts(outlineColor), around), around)
    if (ring < 3) found.push(`${name}: its ring ${ring.toFixed(2)}`)
  }
  return found
}
