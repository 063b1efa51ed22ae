/** What the game remembers between visits. Private windows may refuse it; the game then forgets. */

const PREFIX = 'lantern-ferry.';

export function recall(name, otherwise) {
  try {
    return localStorage.getItem(PREFIX + name) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, String(value));
  } catch {
    // Nothing can be kept here; playing goes on.
  }
}
