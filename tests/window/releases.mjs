// What the sample game's releases say, in each language. The first line is what the journey looks for.

/** Those that were published before the player came. */
export const EARLIER = [
  {
    ko: '첫 배가 뜹니다.\n- 나루터와 검은 기둥, 두 구역을 건널 수 있습니다.\n- 스페이스, 마우스, 터치로 조종합니다.',
    en: 'The first boat leaves.\n- Two zones to cross: the landing and the black pillars.\n- Fly by space bar, mouse or touch.',
  },
  {
    ko: '순위표가 생겼습니다.\n- 카카오로 로그인하면 점수가 순위표에 오릅니다.\n- 일시정지 뒤에 소리가 겹치던 문제를 고쳤습니다.',
    en: 'There is a score board now.\n- Log in with Kakao, and your scores count.\n- Sounds no longer overlap after a pause.',
  },
];

export const NEWEST = {
  ko: '보랏빛 골이 열렸습니다.\n- 1,100점을 넘으면 새 구역이 시작됩니다.\n- 열 번째 기둥마다 붉은 돌이 떠 있습니다.\n- 움직임 효과를 설정에서 끌 수 있습니다.',
  en: 'The violet hollow is open.\n- A new zone begins at 1,100 points.\n- A red stone floats at every tenth pillar.\n- Motion effects can be turned off.',
};

export const SECOND = {
  ko: '새벽 여울에 닿았습니다.\n- 1,900점부터 마지막 구역이 펼쳐집니다.\n- 여울의 물소리를 새로 만들었습니다.\n- 물가의 풍경을 다듬었습니다.',
  en: 'You can reach the dawn shallows.\n- The last zone begins at 1,900 points.\n- The sound of the water is new.\n- The shore looks better.',
};

export const THIRD = {
  ko: '뱃노래가 들립니다.\n- 구역마다 다른 가락이 흐릅니다.\n- 소리 크기가 다음 실행에도 그대로 남습니다.',
  en: 'The ferryman sings.\n- Each zone has a tune of its own.\n- The volume stays as you set it.',
};

/** Both languages, as a publisher writes them. */
export function asNotes({ ko, en }) {
  return `[ko]\n${ko}\n[en]\n${en}\n`;
}

export function firstLine(notes, language) {
  return notes[language].split('\n')[0];
}
