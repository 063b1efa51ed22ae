import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPages, watchedPage } from './served-page.js'
import { source } from './source.js'
import { nameOf, openView, VIEWS } from './views.js'

const { sceneOf } = await source('backend/mock-scenes.ts')

/** @type {Awaited<ReturnType<typeof openPages>>} */
let pages

before(async () => {
  pages = await openPages()
})
after(() => pages?.close())

/** @typedef {{ game: any, job: any, dead: boolean, section: string }} Shown */

const carries = (/** @type {Shown} */ { job }) => ['update', 'repair', 'publish', 'rollback'].includes(job?.kind)
const runs = (/** @type {Shown} */ { job }) => job?.state.state === 'running'

/** What a sentence claims, and when that holds. @type {{ says: RegExp, holds: (shown: Shown) => boolean }[]} */
const CLAIMS = [
  { says: /the installed game|설치된 게임은 (그대로|플레이)/i, holds: ({ game }) => game.installed !== null },
  { says: /no game is installed|the game is not installed|설치된 게임이 없|설치된 게임은 없|설치되어 있지 않/i, holds: ({ game }) => game.installed === null && game.unreadable === null },
  { says: /ready to play|플레이할 준비가|오프라인으로 플레이/i, holds: ({ game }) => game.action === 'play' },
  { says: /you have the newest release|최신 릴리스입니다/i, holds: ({ game }) => game.offer.state === 'up-to-date' },
  { says: /checking for updates|업데이트를 확인하는 중/i, holds: ({ game }) => game.offer.state === 'checking' },
  { says: /looking for a release|서버에 연결하고/i, holds: ({ game }) => game.offer.state === 'checking' },
  { says: /update to release|게임을 종료하면 릴리스/i, holds: ({ game }) => game.playing && game.offer.state === 'available' },
  { says: /once the game is closed|게임을 종료하(면|고).*설치할/i, holds: ({ game }) => game.playing },
  { says: /current task has finished|진행 중인 작업이 끝나면/i, holds: runs },
  { says: /downloaded data is kept|받은 데이터는 보관/i, holds: (shown) => ['update', 'repair'].includes(shown.job?.kind) },
  { says: /uploaded data is kept|업로드한 데이터는 보관/i, holds: carries },
  { says: /can’t be interrupted|도중에 멈출 수 없/i, holds: ({ job }) => job?.state.stoppable === false },
  { says: /repair checks the|repair downloads only the|복구를 누르면/i, holds: ({ game }) => game.action === 'repair' },
  { says: /in settings|설정에서/i, holds: ({ dead }) => !dead },
]

for (const language of ['ko', 'en']) {
  test(`no view says what does not hold in it, ${language}`, async (context) => {
    const { page } = await watchedPage(pages.browser)
    const met = new Set()
    for (const view of VIEWS) {
      await context.test(nameOf(view), async () => {
        await openView(page, pages.origin, view, language, 'light')
        const text = await page.evaluate(() => document.body.innerText)
        const scene = sceneOf(view.name)
        const shown = { ...scene.view, dead: Boolean(scene.dead), section: view.section }
        for (const claim of CLAIMS) {
          const said = claim.says.exec(text)?.[0]
          if (said === undefined) continue
          met.add(claim)
          assert.ok(claim.holds(shown), `“${said}” is not true of ${view.name}: ${text}`)
        }
      })
    }
    const unmet = CLAIMS.filter((claim) => !met.has(claim)).map((claim) => String(claim.says))
    assert.deepEqual(unmet, [], 'a claim that no view makes any more is looked for in vain: its words have changed')
    await page.close()
  })
}
