/** The two forms of a Korean particle: after a final consonant, and after a vowel. */
type Particle = '은/는' | '이/가' | '을/를' | '과/와' | '으로/로'

const HANGUL = 0xac00
const FINALS = 28
const RIEUL = 8

/** The final sound of each digit's name, 영 일 이 삼 사 오 육 칠 팔 구, as the index of a final. */
const DIGITS = [21, RIEUL, 0, 16, 0, 0, 1, RIEUL, RIEUL, 0]

/** `릴리스 12` with its particle: `릴리스 12를`, `릴리스 13을`, `릴리스 1로`. */
export function withParticle(word: string, particle: Particle): string {
  const [closed, open] = particle.split('/') as [string, string]
  const final = finalOf(word)
  const asOpen = final === 0 || (particle === '으로/로' && final === RIEUL)
  return word + (asOpen ? open : closed)
}

function finalOf(word: string): number {
  const number = /(\d[\d,]*)$/.exec(word)?.[1]?.replaceAll(',', '')
  if (number) return finalOfNumber(number)
  const code = (word.codePointAt(word.length - 1) ?? 0) - HANGUL
  return code >= 0 && code < 11172 ? code % FINALS : 0
}

/** 십, 백 and 만 close with a consonant, 천 too; 억 and 조 end what is longer. */
function finalOfNumber(digits: string): number {
  const zeros = /0*$/.exec(digits)?.[0].length ?? 0
  if (zeros === 0) return DIGITS[Number(digits.at(-1))] ?? 0
  if (zeros === digits.length) return DIGITS[0] ?? 0
  return zeros >= 12 ? 0 : 1
}
