/** The one button: mouse, touch, pen or the space bar. */

export class OneButton {
  #sources = new Set();
  #pressedSinceLook = false;
  #listeners = [];

  constructor(stage) {
    stage.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || event.target.closest('button')) return;
      event.preventDefault();
      this.#press('pointer');
    });
    for (const name of ['pointerup', 'pointercancel']) {
      window.addEventListener(name, () => this.#sources.delete('pointer'));
    }
    window.addEventListener('keydown', (event) => {
      if (event.code !== 'Space' || event.target.closest?.('button')) return;
      event.preventDefault();
      if (!event.repeat) this.#press('space');
    });
    window.addEventListener('keyup', (event) => {
      if (event.code === 'Space') this.#sources.delete('space');
    });
    // A button that is let go in another window would stay down for ever.
    window.addEventListener('blur', () => this.#sources.clear());
    stage.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  get held() {
    return this.#sources.size > 0;
  }

  /** Whether the button counts as held for the frame that begins now: a tap between two frames does. */
  look() {
    const held = this.held || this.#pressedSinceLook;
    this.#pressedSinceLook = false;
    return held;
  }

  onPress(listener) {
    this.#listeners.push(listener);
  }

  #press(source) {
    this.#sources.add(source);
    this.#pressedSinceLook = true;
    for (const listener of this.#listeners) listener();
  }
}
