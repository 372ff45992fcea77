import { inWords } from '../provider.process.js';
import type { Delivery, SupportPhase } from '../vocabulary.js';

/** What a listing without words of its own is made of. */
export interface Outline {
  noun: 'tuition' | 'support';
  delivery: readonly Delivery[];
  phases: readonly SupportPhase[];
  subjects: readonly string[];
  /** Where, at length and in short, as `across Bristol and the North East`; null where nothing is known. */
  where: { words: string; inShort: string } | null;
}

const LONGEST_TITLE = 150;
const LONGEST_SUMMARY = 300;
const DELIVERY_BEFORE: Record<Delivery, string> = { IN_SCHOOL: 'face-to-face', ONLINE: 'online', AT_PROVIDER: 'off-site', BLENDED: 'blended' };
const DELIVERY_AFTER: Record<Delivery, string> = { IN_SCHOOL: 'in school', ONLINE: 'online', AT_PROVIDER: 'at the provider', BLENDED: 'partly online' };
const PUPILS: Record<SupportPhase, string> = { NURSERY: 'nursery', PRIMARY: 'primary', SECONDARY: 'secondary', SIXTEEN_PLUS: 'post-16' };
const LANGUAGE =
  /^(Arabic|Bengali|British|Chinese|English|French|German|Greek|Italian|Japanese|Latin|Mandarin|Polish|Portuguese|Punjabi|Russian|Spanish|Urdu|Welsh)\b/;
const INITIALS = /^\w*[A-Z]\w*[A-Z]/;

/** `Face-to-face tuition in English and maths for secondary pupils` */
export function titleOf(outline: Outline): string {
  const how = inWords(outline.delivery.map((each) => DELIVERY_BEFORE[each]));
  const words = (subjects: string) => capital(join(how, outline.noun, subjects, pupils(outline)));
  return firstWithin(LONGEST_TITLE, [words(named(outline)), words(counted(outline))]);
}

/** `Tuition in English and maths for secondary pupils: in school, across Bristol and the North East.` */
export function summaryOf(outline: Outline): string {
  const how = inWords(outline.delivery.map((each) => DELIVERY_AFTER[each]));
  const words = (subjects: string, where = '') => {
    const rest = [how, where].filter((part) => part !== '').join(', ');
    return `${capital(join(outline.noun, subjects, pupils(outline)))}${rest && `: ${rest}`}.`;
  };
  const { where } = outline;
  const ways = [words(named(outline), where?.words), words(named(outline), where?.inShort), words(counted(outline), where?.inShort)];
  return firstWithin(LONGEST_SUMMARY, ways);
}

/** The first that is short enough, else the last, which always is. */
const firstWithin = (longest: number, ways: string[]) => ways.find((each) => each.length <= longest) ?? ways.at(-1)!;

const named = ({ subjects }: Outline) => (subjects.length > 0 ? `in ${inWords(subjects.map(inSentence))}` : '');
const counted = ({ subjects }: Outline) => (subjects.length > 0 ? `in ${subjects.length} subjects` : '');
const inSentence = (subject: string) => (LANGUAGE.test(subject) || INITIALS.test(subject) ? subject : subject[0]!.toLowerCase() + subject.slice(1));
const pupils = ({ phases }: Outline) => (phases.length > 0 ? `for ${inWords(phases.map((phase) => PUPILS[phase]))} pupils` : '');
const join = (...parts: string[]) => parts.filter((part) => part !== '').join(' ');
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
