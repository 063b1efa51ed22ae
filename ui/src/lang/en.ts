import type { Words } from './ko'

export const en: Words = {
  tagline: 'Where games come ashore',
  language: 'Language',
  loading: 'Looking at what is installed…',
  game: 'Installed game',
  release: (number) => `Release ${number}`,
  releaseUnknown: 'Installed (release number unknown)',
  nothing: 'Nothing is installed yet',
  folder: 'Install folder',
  size: 'Size',
  files: (count, bytes) => `${count} files, ${bytes}`,
  updating: 'Updating',
  updatingHow: 'This window cannot update the game yet. Install and update it in a terminal with this command.',
  failed: 'The install folder could not be read',
  failedHow: 'Nothing was changed. Check that you may read the folder, then try again.',
  failedUnknown: 'The launcher did not answer',
  failedUnknownHow: 'Nothing was changed. Close the launcher and open it again.',
  retry: 'Try again',
}
