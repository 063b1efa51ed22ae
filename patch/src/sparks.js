/** Short-lived points of light. Pure decoration: they may use chance, the rules may not. */

const GRAVITY = 60;
const MOST = 160;

export class Sparks {
  #live = [];

  clear() {
    this.#live = [];
  }

  ember(x, y) {
    this.#add(x, y, -40 - Math.random() * 40, 14 + Math.random() * 26, 0.5 + Math.random() * 0.4, 1 + Math.random());
  }

  burst(x, y) {
    for (let n = 0; n < 46; n += 1) {
      const angle = Math.random() * Math.PI * 2;
      const force = 20 + Math.random() * 110;
      this.#add(x, y, Math.cos(angle) * force, Math.sin(angle) * force, 0.5 + Math.random() * 0.7, 1 + Math.random() * 2);
    }
  }

  advance(seconds) {
    for (const spark of this.#live) {
      spark.age += seconds;
      spark.x += spark.vx * seconds;
      spark.y += spark.vy * seconds;
      spark.vy += GRAVITY * seconds;
    }
    this.#live = this.#live.filter((spark) => spark.age < spark.life);
  }

  draw(context) {
    context.save();
    context.globalCompositeOperation = 'lighter';
    for (const { x, y, age, life, size } of this.#live) {
      const left = 1 - age / life;
      context.fillStyle = `rgba(255, ${Math.round(120 + 90 * left)}, ${Math.round(110 * left)}, ${left})`;
      context.beginPath();
      context.arc(x, y, size * left, 0, Math.PI * 2);
      context.fill();
    }
    context.restore();
  }

  #add(x, y, vx, vy, life, size) {
    if (this.#live.length >= MOST) this.#live.shift();
    this.#live.push({ x, y, vx, vy, life, size, age: 0 });
  }
}
