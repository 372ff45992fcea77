const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen'];
const ROMAN = ['', '', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii', 'xiii'];

const KIND = String.raw`(?:key[\s-]*stages?|k\.?\s?s|years?|yrs?|y|grades?|levels?|phases?)(?:[\s-]*groups?)?`;
const NUMBER = String.raw`(?:\d{1,2}|${NUMBERS.slice(1).join('|')}|${ROMAN.filter(Boolean).join('|')})`;
/** What is counted is no stage: `Year 1, 6 sessions`. */
const COUNTED = 'days?|half|halves|sessions?|weeks?|hours?|minutes?|months?|terms?|lessons?|twilights?|pupils?|children|people|places|schools?|visits?|books?|parts?|modules?';
const NOT_COUNTED = String.raw`(?![\p{L}\p{N}])(?!\s*(?:%|[-\s]?(?:${COUNTED})\b))`;
const TO = String.raw`-|–|—|−|to|through|until|up to`;
const JOINED = String.raw`(?:\s|(?:${TO}|,|;|/|&|\+|\||·|•|and|or|plus|as well as|then|also)(?!\p{L}))+`; // one way to read each sign: linear

const FIRST = new RegExp(String.raw`(?<![\p{L}\p{N}])(${KIND})[\s.:#(-]*(${NUMBER})${NOT_COUNTED}`, 'gu');
const NEXT = new RegExp(String.raw`(${JOINED})(?:in |at |for )?(?:(${KIND})[\s.:#(-]*)?(${NUMBER})${NOT_COUNTED}`, 'uy');
const ORDINAL = /(?<![\p{L}\p{N}])(\d{1,2})(?:st|nd|rd|th)[\s-]+(year|grade)s?(?![\p{L}])/gu;
/** Stages that have a name. */
const NAMED: [string, RegExp][] = [
  ['sixth form', /(?<![\p{L}\p{N}])(?:6th|sixth|vi)[\s-]*forms?(?![\p{L}])/gu],
  ['gcse', /(?<![\p{L}\p{N}])gcses?(?![\p{L}])/gu],
  ['a level', /(?<![\p{L}\p{N}])a[\s-]?levels?(?![\p{L}])/gu],
  ['early years', /(?<![\p{L}\p{N}])(?:early[\s-]*years?|eyfs|eyf|reception|foundation stage)(?![\p{L}])/gu],
];
/** Years and school years: what is offered again next year is the same. */
const CALENDAR = /(?<!\d)(?:19|20)\d\d(?!\d)(?: ?[-–/] ?\d{2,4})?(?!\d)/g;
const LAST_STAGE = 20;

const numberOf = (written: string): number =>
  NUMBERS.includes(written) ? NUMBERS.indexOf(written) : ROMAN.includes(written) ? ROMAN.indexOf(written) : Number(written);
const kindOf = (written: string): string => (written.startsWith('k') ? 'ks' : written[0]!);

/**
 * The key stages and years that a title names, however they are written and listed: `Years 3 and 4, 5 and 6`, `Yr 10`,
 * `KS3/4`. @param title in small letters @returns the stages, such as `ks2` and `y6`, and the title without them
 */
export function takeStages(title: string): { stages: Set<string>; rest: string } {
  const stages = new Set<string>();
  let text = title.replace(CALENDAR, ' ');
  for (const [stage, written] of NAMED) {
    text = text.replace(written, () => (stages.add(stage), ' '));
  }
  text = text.replace(ORDINAL, (_all, number: string, kind: string) => (stages.add(`${kind[0]!}${Number(number)}`), ' '));
  let rest = '';
  let end = 0;
  FIRST.lastIndex = 0;
  for (let first = FIRST.exec(text); first; first = FIRST.exec(text)) {
    rest += `${text.slice(end, first.index)} `;
    let [kind, number] = [kindOf(first[1]!), numberOf(first[2]!)];
    stages.add(`${kind}${number}`);
    NEXT.lastIndex = end = FIRST.lastIndex;
    for (let next = NEXT.exec(text); next; next = NEXT.exec(text)) {
      const to = numberOf(next[3]!);
      kind = next[2] ? kindOf(next[2]) : kind;
      const isRange = new RegExp(String.raw`^\s*(?:${TO})\s*$`, 'u').test(next[1]!);
      for (let at = Math.min(number, to) + 1; isRange && at < Math.min(Math.max(number, to), LAST_STAGE); at++) stages.add(`${kind}${at}`);
      stages.add(`${kind}${to}`);
      number = to;
      end = NEXT.lastIndex;
    }
    FIRST.lastIndex = end;
  }
  return { stages, rest: rest + text.slice(end) };
}
