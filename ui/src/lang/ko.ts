export const ko = {
  tagline: '게임이 건너오는 나루',
  language: '언어',
  loading: '설치된 게임을 확인하고 있습니다…',
  game: '설치된 게임',
  release: (number: string) => `릴리스 ${number}`,
  releaseUnknown: '설치됨 (릴리스 번호를 알 수 없음)',
  nothing: '아직 설치된 게임이 없습니다',
  folder: '설치 폴더',
  size: '크기',
  files: (count: string, bytes: string) => `파일 ${count}개, ${bytes}`,
  updating: '업데이트',
  updatingHow: '이 창에서는 아직 업데이트할 수 없습니다. 터미널에서 아래 명령으로 설치하고 업데이트하세요.',
  failed: '설치 폴더를 읽지 못했습니다',
  failedHow: '바뀐 것은 없습니다. 폴더를 읽을 권한이 있는지 확인한 뒤 다시 시도하세요.',
  failedUnknown: '런처가 답하지 않았습니다',
  failedUnknownHow: '바뀐 것은 없습니다. 런처를 닫았다가 다시 여세요.',
  retry: '다시 시도',
}

/** Every language has exactly these sentences: a missing one does not compile. */
export type Words = typeof ko
