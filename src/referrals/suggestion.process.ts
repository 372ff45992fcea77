import type { Actor } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowedInThisState, type Problem, problemType } from '../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../platform/process/index.js';
import { sipLasOf } from './visibility.js';
import type { SuggestionRequestState } from './vocabulary.js';

export const ListNotOpen = problemType('ListNotOpen', 'The local authority has not opened the list of its SIPs to SIPs of others.');
export const NamesASchool = problemType('NamesASchool', 'The words name a school of yours: suggestions are asked for and made without that.');

interface AskedLa {
  code: string;
  name: string;
  /** Whether it may be asked by SIPs of other LAs. */
  open: boolean;
}

export interface SuggestionRequestFacts extends Facts<SuggestionRequestState> {
  askedBy: string;
  laCode: string;
  laName: string;
  asked: AskedLa[];
  suggestions: number;
  expiresAt: Date | null;
}

export const MOST_SUGGESTIONS = 50;

const partyOf = (la: { code: string; name: string } | undefined): Party | null => (la ? { kind: 'LOCAL_AUTHORITY', id: la.code, name: la.name } : null);

function mayAsk({ asked }: SuggestionRequestFacts, actor: Actor): Problem | null {
  const closed = asked.find((la) => !la.open && !sipLasOf(actor).includes(la.code));
  return closed ? new ListNotOpen(`${closed.name} has not opened the list of its SIPs to SIPs of other local authorities.`) : null;
}

export const suggestionRequestProcess: ProcessDefinition<SuggestionRequestState, SuggestionRequestFacts> = {
  name: 'Suggestion request',
  says: 'A SIP asks other SIPs what they would suggest, without naming the school. They learn who asks, and whoever asks learns who suggests.',
  table: 'suggestion_request',
  states: {
    OPEN: { says: 'the SIPs who are asked can suggest listings', why: 'The question is still open.' },
    CLOSED: { says: 'whoever asked has closed it', end: true, why: byReader({ asker: 'You have closed this question.' }, 'Whoever asked has closed this question.') },
    EXPIRED: { says: 'its time is over', end: true, why: 'The time to answer this question is over.' },
  },
  who: {
    asker: {
      says: 'the SIP who asks',
      party: ({ askedBy, laCode, laName }, actor) => (actor.personId === askedBy && sipLasOf(actor).includes(laCode) ? partyOf({ code: laCode, name: laName }) : null),
    },
    asked: {
      says: 'another SIP, of a local authority that is asked',
      party: ({ askedBy, asked }, actor) => (actor.personId === askedBy ? null : partyOf(asked.find((la) => sipLasOf(actor).includes(la.code)))),
    },
  },
  transitions: {
    ask: { from: [null], to: 'OPEN', by: ['asker'], label: 'Ask other SIPs', says: 'Of the SIP’s own local authority, or of others whose officers have opened their list.', guard: mayAsk },
    suggest: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['asked'],
      label: 'Suggest a listing',
      says: 'A listing, and why.',
      guard: ({ suggestions }) => (suggestions >= MOST_SUGGESTIONS ? new NotAllowedInThisState(`There are ${MOST_SUGGESTIONS} suggestions already.`) : null),
    },
    close: { from: ['OPEN'], to: 'CLOSED', by: ['asker'], label: 'Close the question', says: 'Suggestions made so far can still be read.' },
    closeForLeaver: { from: ['OPEN'], to: 'CLOSED', by: [], label: 'Close the question', says: 'Whoever asked is no School Improvement Partner any more.' },
    expire: {
      from: ['OPEN'],
      to: 'EXPIRED',
      by: [],
      label: 'Expire',
      says: 'Thirty days have passed, those in school holidays not counted.',
      guard: (facts, _actor, now) => (facts.expiresAt! > now ? new NotAllowedInThisState('There is still time to suggest something.') : null),
    },
  },
  lock: 'SELECT id FROM suggestion_request WHERE id = $1 FOR NO KEY UPDATE',
  facts: (db, ids) =>
    readFacts(
      db,
      `SELECT q.id, q.state, q.asked_by, q.la_code, q.expires_at, array(SELECT asked.la_code FROM suggestion_request_la asked WHERE asked.request_id = q.id) AS asked
       FROM suggestion_request q WHERE q.id = ANY($1::uuid[])`,
      [ids],
    ),
};

/** The facts of a question that is yet to be asked; null where there is no such LA. */
export async function factsForNewSuggestionRequest(db: Queryable, id: string, actor: Actor, laCode: string, asked: readonly string[]): Promise<SuggestionRequestFacts | null> {
  const subject = 'SELECT $1::uuid AS id, NULL AS state, $2::uuid AS asked_by, $3::text AS la_code, NULL::timestamptz AS expires_at, $4::text[] AS asked';
  return (await readFacts(db, subject, [id, actor.personId, laCode, asked]))[0] ?? null;
}

const readFacts = (db: Queryable, subject: string, parameters: unknown[]): Promise<SuggestionRequestFacts[]> =>
  db.query<SuggestionRequestFacts>(
    `SELECT q.id, q.state, q.asked_by AS "askedBy", la.code AS "laCode", la.name AS "laName", q.expires_at AS "expiresAt",
            (SELECT count(*) FROM suggestion s WHERE s.request_id = q.id) AS suggestions,
            (SELECT coalesce(json_agg(json_build_object('code', a.code, 'name', a.name, 'open', coalesce(o.open_suggestions, false)) ORDER BY a.name), '[]')
             FROM local_authority a LEFT JOIN la_setting o ON o.la_code = a.code WHERE a.code = ANY(q.asked)) AS asked
     FROM (${subject}) q JOIN local_authority la ON la.code = q.la_code`,
    parameters,
  );
