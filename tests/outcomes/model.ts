const DAY = 86_400_000;

/** Someone of the walk, with what they hold. */
export interface ModelPerson {
  id: string;
  leads: number | null;
  ofProvider: boolean;
  officer: boolean;
}

/** Finished support with one objective, and what is known of its rating. */
export interface ModelRating {
  engagement: string;
  school: number;
  id: string | null;
  state: 'GIVEN' | 'SETTLED';
  givenAt: number;
  /** What was said last, and after how many months. */
  result: string;
  answered: number;
  asked: number;
  replied: boolean;
  hidden: boolean;
  contact: boolean;
  released: boolean;
}

export type Act = 'give' | 'change' | 'reply' | 'followUp' | 'offerToBeAsked' | 'stopBeingAsked' | 'hideWords' | 'showWords';

const later = (at: number, months: number) => {
  const moment = new Date(at);
  moment.setUTCMonth(moment.getUTCMonth() + months);
  return moment.getTime();
};

const isOpen = ({ result }: ModelRating) => result === 'TOO_EARLY';
const late = 'NOT_ALLOWED_IN_THIS_STATE';

/** The rules of ratings, said once more and differently: what somebody is answered who does this now. */
export function answerTo(act: Act, it: ModelRating, { leads, ofProvider, officer }: ModelPerson, now: number): string {
  const ofSchool = leads === it.school;
  if (act === 'hideWords' || act === 'showWords') {
    if (!officer) throw new Error('only officers come so far');
    if (!it.released) return 'NOT_FOUND';
    if (ofProvider || ofSchool) return 'HAS_INTEREST';
    return it.hidden === (act === 'showWords') ? 'done' : late;
  }
  if (!ofSchool && !ofProvider) return 'NOT_FOUND';
  if (act === 'reply') {
    if (!ofProvider) return 'NOT_ALLOWED';
    if (it.replied) return late;
    return ofSchool ? 'HAS_INTEREST' : 'done';
  }
  if (!ofSchool) return 'NOT_ALLOWED';
  const unless = (refused: boolean) => (refused ? late : ofProvider ? 'HAS_INTEREST' : 'done');
  switch (act) {
    case 'give':
      if (ofProvider) return 'HAS_INTEREST';
      return it.id === null ? 'done' : late;
    case 'change':
      return unless(it.state !== 'GIVEN' || now >= it.givenAt + 14 * DAY || it.replied);
    case 'followUp':
      return unless(it.state !== 'GIVEN' || !isOpen(it) || it.asked === 0 || it.answered >= it.asked);
    default:
      return it.contact === (act === 'stopBeingAsked') ? 'done' : late;
  }
}

/** What the product has to do by itself now; null for nothing. */
export function due(it: ModelRating, now: number): 'askAgain' | 'settle' | null {
  if (it.id === null || it.state !== 'GIVEN' || now < it.givenAt + 14 * DAY) return null;
  const months = [12, 6].find((each) => later(it.givenAt, each) <= now) ?? 0;
  if (isOpen(it) && months > it.asked) return 'askAgain';
  if (!isOpen(it)) return 'settle';
  return it.asked === 12 && (it.answered === 12 || later(it.givenAt, 12) + 90 * DAY <= now) ? 'settle' : null;
}

/** Follows a step of the history. `result`: what was said with it. @throws Error for a step that the rules do not have */
export function follow(it: ModelRating, step: { transition: string; at: number; id: string }, by: ModelPerson | null, result: string): void {
  const { transition, at } = step;
  const allowed = by === null ? due(it, at) === transition : answerTo(transition as Act, it, by, at) === 'done';
  if (!allowed) throw new Error(`${transition} is in the history of ${JSON.stringify(it)}, by ${JSON.stringify(by)}`);
  switch (transition) {
    case 'give':
      Object.assign(it, { id: step.id, state: 'GIVEN', givenAt: at, result, answered: 0, contact: false });
      break;
    case 'change':
      Object.assign(it, { result, contact: false });
      break;
    case 'followUp':
      Object.assign(it, { result, answered: it.asked });
      break;
    case 'askAgain':
      it.asked = later(it.givenAt, 12) <= at ? 12 : 6;
      break;
    case 'reply':
      it.replied = true;
      break;
    case 'settle':
      it.state = 'SETTLED';
      break;
    case 'hideWords':
    case 'showWords':
      it.hidden = transition === 'hideWords';
      break;
    default:
      it.contact = transition === 'offerToBeAsked';
  }
}
