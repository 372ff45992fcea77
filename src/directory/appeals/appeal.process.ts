import { type Actor, hasRole, isOfficerOf, isSystemAdmin, leadsSchool, worksForProvider } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { NotAllowed, type Problem } from '../../platform/problem.js';
import type { Facts, Party, ProcessDefinition } from '../../platform/process/index.js';
import { HasInterest } from '../interests/index.js';

export type AppealState = 'OPEN' | 'UPHELD' | 'OVERTURNED' | 'WITHDRAWN' | 'ENDED';

export interface AppealFacts extends Facts<AppealState> {
  byKind: 'PROVIDER' | 'SCHOOL' | 'PERSON';
  byId: string;
  byName: string;
  appealedBy: string;
  laCode: string | null;
  laName: string | null;
  /** Whether the LA that decided has somebody who may judge it. */
  judgeAtHome: boolean;
  /** Why this actor may not judge it, whatever their roles. */
  bar: 'DECIDED' | 'PARTY' | 'INTEREST' | null;
  /** An LA that the actor is an officer of: that which decided, if they are one of its. */
  ownLa: string | null;
  ownLaName: string | null;
}

function appellant({ byKind, byId, byName, appealedBy }: AppealFacts, actor: Actor): Party | null {
  if (byKind === 'PROVIDER') return worksForProvider(actor, byId) ? { kind: 'PROVIDER', id: byId, name: byName } : null;
  if (byKind === 'SCHOOL') return leadsSchool(actor, Number(byId)) ? { kind: 'SCHOOL', id: byId, name: byName } : null;
  return actor.personId === appealedBy ? { kind: 'SIGNPOST', id: 'signpost', name: byName } : null;
}

/** An officer of the LA that decided; where it has none who may judge, one of another LA or a system administrator. */
function judge({ laCode, judgeAtHome, ownLa, ownLaName }: AppealFacts, actor: Actor): Party | null {
  const officer = ownLa !== null && hasRole(actor, 'LA_OFFICER') && (isOfficerOf(actor, laCode) || !judgeAtHome);
  if (officer) return { kind: 'LOCAL_AUTHORITY', id: ownLa, name: ownLaName! };
  return isSystemAdmin(actor) && !judgeAtHome ? { kind: 'SIGNPOST', id: 'signpost', name: 'Signpost' } : null;
}

function unbiased({ bar }: AppealFacts): Problem | null {
  if (bar === 'DECIDED') return new NotAllowed('You made this decision, so somebody else judges the appeal against it.');
  if (bar === null) return null;
  return new HasInterest(bar === 'PARTY' ? 'You have appealed yourself. Somebody else judges that.' : 'You have an interest in whom this is about. Somebody else judges it.');
}

export const appealProcess: ProcessDefinition<AppealState, AppealFacts> = {
  name: 'Appeal',
  says: 'Somebody concerned by a decision asks that somebody else looks at it again: once for each decision and each side; what is taken back was none. The decision holds meanwhile.',
  table: 'appeal',
  states: {
    OPEN: { says: 'it waits for somebody who may judge it', why: 'The appeal waits to be judged.' },
    UPHELD: { says: 'the decision stands', end: true, why: 'The appeal has been judged: the decision stands.' },
    OVERTURNED: { says: 'the decision has been undone', end: true, why: 'The appeal has been judged: the decision is undone.' },
    ENDED: { says: 'the decision does not hold any more, or another has followed it, which can be appealed', end: true, why: 'The decision that it was against does not hold any more.' },
    WITHDRAWN: { says: 'who appealed has let it be', end: true, why: 'The appeal has been taken back.' },
  },
  who: {
    appellant: { says: 'whoever the decision concerns', party: appellant },
    judge: {
      says: 'an officer of the local authority that decided (where it has none who may: an officer of another, or a system administrator)',
      party: judge,
    },
  },
  transitions: {
    appeal: { from: [null], to: 'OPEN', by: ['appellant'], label: 'Appeal', says: 'The provider, the school or the person says why the decision is wrong.' },
    uphold: { from: ['OPEN'], to: 'UPHELD', by: ['judge'], label: 'Let the decision stand', says: 'Somebody else than who decided, and without interest, finds that it is right.', needsReason: true, guard: unbiased },
    overturn: {
      from: ['OPEN'],
      to: 'OVERTURNED',
      by: ['judge'],
      label: 'Overturn the decision',
      says: 'It is undone at once, by a step of the process in which it was made; where it has ended meanwhile, nothing is left to undo.',
      needsReason: true,
      guard: unbiased,
    },
    end: { from: ['OPEN'], to: 'ENDED', by: [], label: 'End it', says: 'The decision has ended, or been followed by another. Nothing is left to judge; the other decision can be appealed.' },
    withdraw: { from: ['OPEN'], to: 'WITHDRAWN', by: ['appellant'], label: 'Take the appeal back', says: 'Nobody judges it any more.' },
  },
  lock: 'SELECT id FROM appeal WHERE id = $1 FOR NO KEY UPDATE',
  facts: readFacts,
};

function readFacts(db: Queryable, ids: readonly string[], actor: Actor): Promise<AppealFacts[]> {
  return db.query<AppealFacts>(
    `SELECT a.id, a.state, a.by_kind AS "byKind", a.by_id AS "byId", a.by_name AS "byName", a.appealed_by AS "appealedBy", a.la_code AS "laCode", la.name AS "laName",
            appeal_has_judge_at_home(a) AS "judgeAtHome", appeal_bar(a, $2::uuid) AS bar, own.code AS "ownLa", own.name AS "ownLaName"
     FROM appeal a LEFT JOIN local_authority la ON la.code = a.la_code
     LEFT JOIN LATERAL (
       SELECT mine.code, mine.name FROM local_authority mine WHERE mine.code = ANY($3::text[]) ORDER BY mine.code IS DISTINCT FROM a.la_code, mine.code LIMIT 1
     ) own ON true
     WHERE a.id = ANY($1::uuid[])`,
    [ids, actor.personId, officerLasOf(actor)],
  );
}

export const officerLasOf = (actor: Actor): string[] => actor.memberships.flatMap(({ role, laCode }) => (role === 'LA_OFFICER' && laCode ? [laCode] : []));
