/** Which part of the page is shown, and where the keyboard's focus goes with it. */

const PANELS = { title: 'title', ready: 'ready', paused: 'paused', over: 'over', failure: 'failure' };
const FIRST_BUTTON = { title: 'start', paused: 'resume', over: 'again' };

export const element = (id) => document.getElementById(id);

export function show(screen) {
  element('stage').dataset.screen = screen;
  for (const [name, id] of Object.entries(PANELS)) element(id).hidden = name !== screen;
  element(FIRST_BUTTON[screen] ?? 'view').focus({ preventScroll: true });
}

export const currentScreen = () => element('stage').dataset.screen;

let zoneTimer = 0;

export function announceZone(name) {
  const zone = element('zone');
  clearTimeout(zoneTimer);
  zone.hidden = true;
  zone.textContent = name;
  // Showing it in another task restarts the animation.
  requestAnimationFrame(() => { zone.hidden = false; });
  zoneTimer = setTimeout(() => { zone.hidden = true; }, 2600);
}
