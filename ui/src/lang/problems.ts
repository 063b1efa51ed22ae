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
      hint: '런처를 다시 설치하거나 만든 곳에 문의하세요.',
    },
    en: {
      what: 'The launcher is set up wrongly.',
      hint: 'Install the launcher again, or ask those who made it.',
    },
  },
  'bad-build': {
    ko: {
      what: '빌드에 배포할 수 없는 파일이 있습니다.',
      hint: '자세한 내용에 나온 파일을 고친 뒤 다시 비교하세요.',
    },
    en: {
      what: 'The build has a file that can’t be published.',
      hint: 'Mend the file named in the details, then compare again.',
    },
  },
  conflict: {
    ko: {
      what: '다른 사람이 먼저 배포했습니다.',
      hint: '다시 비교해서 무엇이 달라졌는지 확인한 뒤 배포하세요.',
    },
    en: {
      what: 'Somebody else published first.',
      hint: 'Compare again to see what is different, then publish.',
    },
  },
  denied: {
    ko: {
      what: '저장소가 접근을 거절했습니다.',
      hint: '자격 증명과 권한을 확인하세요.',
    },
    en: {
      what: 'The store refused access.',
      hint: 'Check the credentials and what they may do.',
    },
  },
  'not-found': {
    ko: {
      what: '찾는 것이 서버에 없습니다.',
      hint: '채널 이름을 확인하고 잠시 뒤 다시 시도하세요.',
    },
    en: {
      what: 'The server does not have what was asked for.',
      hint: 'Check the name of the channel and try again later.',
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
      what: 'The clock of this computer and the server’s disagree.',
      hint: 'Check the date, the time and the time zone in the system’s settings, then try again.',
    },
  },
  corrupt: {
    ko: {
      what: '받은 데이터가 계속 손상되어 있습니다.',
      hint: '잠시 뒤 다시 시도하세요. 되풀이되면 다른 네트워크에서 받아 보세요.',
    },
    en: {
      what: 'What arrives is damaged, again and again.',
      hint: 'Try again later; if it stays so, try another network.',
    },
  },
  'bad-format': {
    ko: {
      what: '서버의 문서를 읽을 수 없습니다.',
      hint: '런처가 최신 버전인지 확인하고 잠시 뒤 다시 시도하세요.',
    },
    en: {
      what: 'The server’s documents can’t be read.',
      hint: 'Check that the launcher is the newest one, and try again later.',
    },
  },
  'older-release': {
    ko: {
      what: '서버가 설치된 것보다 오래된 릴리스를 내놓았습니다.',
      hint: '잠시 뒤 다시 확인하세요. 되풀이되면 만든 곳에 알려 주세요.',
    },
    en: {
      what: 'The server offers an older release than the installed one.',
      hint: 'Check again later. If it stays so, tell those who made it.',
    },
  },
  'no-space': {
    ko: {
      what: '디스크에 공간이 부족합니다.',
      hint: '공간을 비우거나 설정에서 다른 설치 폴더를 고르세요.',
    },
    en: {
      what: 'There is not enough space on the disk.',
      hint: 'Make room, or choose another install folder in Settings.',
    },
  },
  'disk-refused': {
    ko: {
      what: '디스크가 읽기나 쓰기를 거절했습니다.',
      hint: '폴더 권한을 확인하고, 백신이나 다른 프로그램이 파일을 쓰고 있지 않은지 살펴보세요.',
    },
    en: {
      what: 'The disk refused to be read or written.',
      hint: 'Check the folder’s permissions, and whether an antivirus or another program holds the files.',
    },
  },
  busy: {
    ko: {
      what: '다른 런처가 이 폴더에서 작업하고 있습니다.',
      hint: '그 작업이 끝난 뒤 다시 시도하세요.',
    },
    en: {
      what: 'Another launcher works on this folder.',
      hint: 'Try again when it is done.',
    },
  },
  wounds: {
    ko: {
      what: '릴리스와 다른 파일이 있습니다.',
      hint: '복구를 누르면 손상된 부분만 다시 받습니다.',
    },
    en: {
      what: 'Some files differ from the release.',
      hint: 'Repair fetches only the damaged parts again.',
    },
  },
  'broken-ledger': {
    ko: {
      what: '설치 기록이 손상되었습니다.',
      hint: '복구를 누르면 파일을 확인하고 기록을 다시 만듭니다.',
    },
    en: {
      what: 'The record of what is installed is damaged.',
      hint: 'Repair looks at the files and writes the record anew.',
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
      hint: '런처를 다시 시작하세요. 되풀이되면 설정에서 지원 자료를 저장해 보내 주세요.',
    },
    en: {
      what: 'Something went wrong in the launcher.',
      hint: 'Start the launcher again. If it stays so, save the support bundle in Settings and send it in.',
    },
  },
  'job-running': {
    ko: {
      what: '다른 작업이 진행 중입니다.',
      hint: '끝나기를 기다리거나 취소한 뒤 다시 시도하세요.',
    },
    en: {
      what: 'Other work is under way.',
      hint: 'Wait until it is done, or cancel it, then try again.',
    },
  },
  'game-running': {
    ko: {
      what: '게임이 실행 중입니다.',
      hint: '게임을 끝낸 뒤 다시 시도하세요.',
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
      hint: 'Verify its files and look at the launch arguments in Settings.',
    },
  },
  'login-refused': {
    ko: {
      what: '로그인이 거절되었습니다.',
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
      what: 'This needs a login.',
      hint: 'Log in, then try again.',
    },
  },
  'rate-limited': {
    ko: {
      what: '요청이 너무 많습니다.',
      hint: '잠시 기다렸다가 다시 시도하세요.',
    },
    en: {
      what: 'Too much was asked at once.',
      hint: 'Wait a moment, then try again.',
    },
  },
  'name-refused': {
    ko: {
      what: '보여 줄 수 없는 이름입니다.',
      hint: `눈에 보이는 글자로 1~${NAME_LIMIT.characters}자를 쓰고, 앞뒤에 빈칸을 두지 마세요.`,
    },
    en: {
      what: 'This name can’t be shown.',
      hint: `Use 1 to ${NAME_LIMIT.characters} visible characters, without spaces at the ends.`,
    },
  },
  'folder-unusable': {
    ko: {
      what: '고른 폴더를 쓸 수 없습니다.',
      hint: '비어 있고 쓸 수 있는 폴더를 고르세요. 지금 설치 폴더의 안쪽은 쓸 수 없습니다.',
    },
    en: {
      what: 'The chosen folder can’t be used.',
      hint: 'Choose an empty folder that you may write to, not one inside the present install folder.',
    },
  },
  'no-publisher': {
    ko: {
      what: '배포에 쓸 자격 증명이 없습니다.',
      hint: '자격 증명을 설정하고 런처를 다시 시작하세요.',
    },
    en: {
      what: 'There are no credentials to publish with.',
      hint: 'Set them up and start the launcher again.',
    },
  },
  forbidden: {
    ko: {
      what: '이 화면에 허용되지 않은 요청입니다.',
      hint: '런처를 다시 시작하세요. 되풀이되면 런처를 다시 설치하세요.',
    },
    en: {
      what: 'This page is not allowed to ask that.',
      hint: 'Start the launcher again. If it stays so, install it again.',
    },
  },
  'bad-launcher': {
    ko: {
      what: '만든 곳의 서명이 없는 새 런처가 도착해 지웠습니다.',
      hint: '지금 런처는 그대로 쓸 수 있습니다. 되풀이되면 만든 곳에 알려 주세요.',
    },
    en: {
      what: 'A newer launcher arrived that its maker has not signed. It was deleted.',
      hint: 'This launcher goes on working. If it stays so, tell those who made it.',
    },
  },
  'launcher-not-installed': {
    ko: {
      what: '새 런처를 설치하지 못했습니다.',
      hint: '지금 런처는 그대로 쓸 수 있습니다. 다시 시도하거나, 처음처럼 직접 설치하세요.',
    },
    en: {
      what: 'The newer launcher was not installed.',
      hint: 'This one goes on working. Try again, or install the newer one as you did the first.',
    },
  },
}

export function problemsIn(language: Language): Record<ProblemCode, ProblemSentence> {
  const sentences = Object.entries(PROBLEMS).map(([code, both]) => [code, both[language]])
  return Object.fromEntries(sentences)
}
