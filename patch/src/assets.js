/** Reads the game's own files, and names the file in the error when one is missing. */

export class MissingFile extends Error {
  constructor(file) {
    super(`cannot read ${file}`);
    this.file = file;
  }
}

async function request(file) {
  const answer = await fetch(file).catch(() => null);
  if (!answer?.ok) throw new MissingFile(file);
  return answer;
}

export const loadText = async (file) => (await request(file)).text();
export const loadBytes = async (file) => (await request(file)).arrayBuffer();

export async function loadJson(file) {
  const text = await loadText(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new MissingFile(file);
  }
}

export function loadImage(file) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new MissingFile(file));
    image.src = file;
  });
}
