import type { Language, ProblemCode } from '../backend'
import { NAME_LIMIT } from '../backend/types.ts'

/** What has happened, and what its reader can do. */
export interface ProblemSentence {
  what: string
  hint: string
}

/** Every problem that the launcher tells of. One without its sentences does not compile. */
const PROBLEMS: Record<ProblemCode, Record<Language, ProblemSentence>> = {
  config: {
    ko: {
      what: '런처의 설정이 잘못되었습니다.',
      hint: '런처를 다시 설치하거나 개발사에 문의하세요.',
    },
    en: {
      what: 'The launcher is not set up correctly.',
      hint: 'Reinstall the launcher, or contact the developer.',
    },
  },
  'bad-build': {
    ko: {
      what: '빌드에 배포할 수 없는 파일이 있습니다.',
      hint: '자세한 내용에 나온 파일을 고친 뒤 다시 비교하세요.',
    },
    en: {
      what: 'The build has a file that can’t be published.',
      hint: 'Fix the file named in the details, then compare again.',
    },
  },
  conflict: {
    ko: {
      what: '다른 릴리스가 먼저 배포되었습니다.',
      hint: '다시 비교한 뒤 배포하세요.',
    },
    en: {
      what: 'Another release was published first.',
      hint: 'Compare again, then publish.',
    },
  },
  denied: {
    ko: {
      what: '저장소가 접근을 거부했습니다.',
      hint: '자격 증명과 권한을 확인하세요.',
    },
    en: {
      what: 'The store denied access.',
      hint: 'Check the credentials and their permissions.',
    },
  },
  'not-found': {
    ko: {
      what: '요청한 항목을 서버에서 찾을 수 없습니다.',
      hint: '채널 이름을 확인하고 잠시 뒤 다시 시도하세요.',
    },
    en: {
      what: 'The requested item was not found on the server.',
      hint: 'Check the channel name, and try again later.',
    },
  },
  unreachable: {
    ko: {
      what: '서버에 연결할 수 없습니다.',
      hint: '인터넷 연결을 확인하고 다시 시도하세요.',
    },
    en: {
      what: 'The server can’t be reached.',
      hint: 'Check the internet connection and try again.',
    },
  },
  'wrong-clock': {
    ko: {
      what: '이 컴퓨터의 시계가 서버와 맞지 않습니다.',
      hint: '시스템 설정에서 날짜, 시각, 시간대를 확인하고 다시 시도하세요.',
    },
    en: {
      what: 'This computer’s clock does not match the server’s.',
      hint: 'Check the date, time and time zone in the system settings, then try again.',
    },
  },
  corrupt: {
    ko: {
      what: '내려받은 데이터가 계속 검증에 실패합니다.',
      hint: '잠시 뒤 다시 시도하세요. 문제가 계속되면 다른 네트워크에서 시도하세요.',
    },
    en: {
      what: 'Downloads keep failing verification.',
      hint: 'Try again later. If it keeps happening, try another network.',
    },
  },
  'bad-format': {
    ko: {
      what: '서버의 데이터를 읽을 수 없습니다.',
      hint: '런처가 최신 버전인지 확인하고 잠시 뒤 다시 시도하세요.',
    },
    en: {
      what: 'The server’s data can’t be read.',
      hint: 'Check that the launcher is up to date, and try again later.',
    },
  },
  'older-release': {
    ko: {
      what: '서버의 릴리스가 설치된 릴리스보다 오래되었습니다.',
      hint: '잠시 뒤 다시 확인하세요. 문제가 계속되면 개발사에 알려 주세요.',
    },
    en: {
      what: 'The server offers an older release than the installed one.',
      hint: 'Check again later. If it keeps happening, contact the developer.',
    },
  },
  'no-space': {
    ko: {
      what: '디스크 공간이 부족합니다.',
      hint: '공간을 비우거나 설정에서 다른 설치 폴더를 선택하세요.',
    },
    en: {
      what: 'There is not enough disk space.',
      hint: 'Free up space, or choose another install folder in Settings.',
    },
  },
  'disk-refused': {
    ko: {
      what: '디스크에서 읽거나 쓸 수 없습니다.',
      hint: '폴더 권한을 확인하고, 백신이나 다른 프로그램이 파일을 사용하고 있지 않은지 확인하세요.',
    },
    en: {
      what: 'Reading from or writing to the disk failed.',
      hint: 'Check the folder’s permissions, and whether an antivirus or another program is using the files.',
    },
  },
  busy: {
    ko: {
      what: '다른 런처가 이 폴더에서 작업하고 있습니다.',
      hint: '그 작업이 끝난 뒤 다시 시도하세요.',
    },
    en: {
      what: 'Another launcher is using this folder.',
      hint: 'Try again when it has finished.',
    },
  },
  wounds: {
    ko: {
      what: '손상된 파일이 있습니다.',
      hint: '복구를 누르면 손상된 부분만 다시 받습니다.',
    },
    en: {
      what: 'Some files are damaged.',
      hint: 'Repair downloads only the damaged parts again.',
    },
  },
  'broken-ledger': {
    ko: {
      what: '설치 기록이 손상되었습니다.',
      hint: '복구를 누르면 파일을 확인하고 기록을 다시 만듭니다.',
    },
    en: {
      what: 'The installation record is damaged.',
      hint: 'Repair checks the files and writes a new record.',
    },
  },
  'unsafe-store': {
    ko: {
      what: '이 저장소에는 안전하게 배포할 수 없습니다.',
      hint: '버킷의 버전 관리와 권한을 확인하세요.',
    },
    en: {
      what: 'It is not safe to publish to this store.',
      hint: 'Check the bucket’s versioning and permissions.',
    },
  },
  internal: {
    ko: {
      what: '런처에 문제가 생겼습니다.',
      hint: '런처를 다시 시작하세요. 문제가 계속되면 설정에서 지원 자료를 저장해 보내 주세요.',
    },
    en: {
      what: 'Something went wrong in the launcher.',
      hint: 'Restart the launcher. If it keeps happening, save the support bundle in Settings and send it to the developer.',
    },
  },
  'job-running': {
    ko: {
      what: '다른 작업이 진행 중입니다.',
      hint: '끝나기를 기다리거나 취소한 뒤 다시 시도하세요.',
    },
    en: {
      what: 'Another task is running.',
      hint: 'Wait until it has finished, or cancel it, then try again.',
    },
  },
  'game-running': {
    ko: {
      what: '게임이 실행 중입니다.',
      hint: '게임을 종료한 뒤 다시 시도하세요.',
    },
    en: {
      what: 'The game is running.',
      hint: 'Close the game, then try again.',
    },
  },
  'not-installed': {
    ko: {
      what: '게임이 설치되어 있지 않습니다.',
      hint: '먼저 설치하세요.',
    },
    en: {
      what: 'The game is not installed.',
      hint: 'Install it first.',
    },
  },
  'game-failed': {
    ko: {
      what: '게임이 시작되지 않았습니다.',
      hint: '설정에서 파일을 검사하고 실행 인수를 확인하세요.',
    },
    en: {
      what: 'The game did not start.',
      hint: 'Verify the files and check the launch arguments in Settings.',
    },
  },
  'login-refused': {
    ko: {
      what: '로그인이 거부되었습니다.',
      hint: '다시 시도하거나 다른 방법으로 로그인하세요.',
    },
    en: {
      what: 'The login was refused.',
      hint: 'Try again, or log in another way.',
    },
  },
  'not-logged-in': {
    ko: {
      what: '로그인이 필요합니다.',
      hint: '로그인한 뒤 다시 시도하세요.',
    },
    en: {
      what: 'You need to log in.',
      hint: 'Log in, then try again.',
    },
  },
  'rate-limited': {
    ko: {
      what: '요청이 너무 많습니다.',
      hint: '잠시 기다렸다가 다시 시도하세요.',
    },
    en: {
      what: 'Too many requests.',
      hint: 'Wait a moment, then try again.',
    },
  },
  'name-refused': {
    ko: {
      what: '쓸 수 없는 이름입니다.',
      hint: `눈에 보이는 글자로 1~${NAME_LIMIT.characters}자를 쓰고, 앞뒤에 공백을 넣지 마세요.`,
    },
    en: {
      what: 'This name can’t be used.',
      hint: `Use 1 to ${NAME_LIMIT.characters} visible characters, without spaces at the ends.`,
    },
  },
  'folder-unusable': {
    ko: {
      what: '선택한 폴더를 쓸 수 없습니다.',
      hint: '쓰기 권한이 있는 빈 폴더를 선택하세요. 현재 설치 폴더의 하위 폴더는 쓸 수 없습니다.',
    },
    en: {
      what: 'The chosen folder can’t be used.',
      hint: 'Choose an empty folder that you can write to, outside the current install folder.',
    },
  },
  'no-publisher': {
    ko: {
      what: '배포에 쓸 자격 증명이 없습니다.',
      hint: '자격 증명을 설정하고 런처를 다시 시작하세요.',
    },
    en: {
      what: 'No credentials for publishing were found.',
      hint: 'Set them up and restart the launcher.',
    },
  },
  'not-compared': {
    ko: {
      what: '비교한 적이 없거나 비교한 뒤에 내용이 바뀌었습니다.',
      hint: '다시 비교한 뒤 배포하세요.',
    },
    en: {
      what: 'Nothing was compared, or something has changed since.',
      hint: 'Compare again, then publish.',
    },
  },
  forbidden: {
    ko: {
      what: '이 화면에 허용되지 않은 요청입니다.',
      hint: '런처를 다시 시작하세요. 문제가 계속되면 런처를 다시 설치하세요.',
    },
    en: {
      what: 'This page is not allowed to do that.',
      hint: 'Restart the launcher. If that does not help, reinstall it.',
    },
  },
  'bad-launcher': {
    ko: {
      what: '서명이 올바르지 않은 새 런처를 내려받아 삭제했습니다.',
      hint: '지금 런처는 그대로 쓸 수 있습니다. 문제가 계속되면 개발사에 알려 주세요.',
    },
    en: {
      what: 'A newer launcher without a valid signature was downloaded and deleted.',
      hint: 'This launcher keeps working. If it keeps happening, contact the developer.',
    },
  },
  'launcher-not-installed': {
    ko: {
      what: '새 런처를 설치하지 못했습니다.',
      hint: '지금 런처는 그대로 쓸 수 있습니다. 다시 시도하거나 직접 설치하세요.',
    },
    en: {
      what: 'The newer launcher was not installed.',
      hint: 'This one keeps working. Try again, or install the newer one yourself.',
    },
  },
}

export function problemsIn(language: Language): Record<ProblemCode, ProblemSentence> {
  const sentences = Object.entries(PROBLEMS).map(([code, both]) => [code, both[language]])
  return Object.fromEntries(sentences)
}
