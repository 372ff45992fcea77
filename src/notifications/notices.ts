import type { Queryable, Recorded, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { reminders } from './reminders.js';
import type { Addressee, Audience, Deadline, Telling } from './telling.js';
import { processNotices } from './told/index.js';

/** The rows of `notice` as they are written. */
interface Draft {
  id: string;
  person_id: string;
  history_id: number | null;
  reminder: string | null;
  kind: string;
  object_id: string;
  audience: string;
  as_kind: string;
  as_id: string;
  subject: string;
  text: string;
  expected: string | null;
  due_at: Date | null;
  link: string;
  digest: boolean;
  created_at: Date;
}

interface AboutDraft {
  about: string;
  draft: Draft;
}

/** What is told of each transition, by process and name. */
const tellingsOf = new Map(
  processNotices.flatMap(({ process, transitions }) => Object.entries(transitions).map(([name, told]) => [`${process}.${name}`, 'nobody' in told ? [] : told])),
);

const allAudiences = [...[...tellingsOf.values()].flat(), ...reminders.flatMap(({ tells }) => tells)].map(({ audience }): Audience<unknown> => audience);
const audiences = new Map(allAudiences.map((audience) => [audience.name, audience]));

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Everybody in an audience, of all these objects. */
const addressees = (db: Queryable, { sql }: Audience<unknown>, objectIds: readonly string[], now: Date): Promise<Addressee[]> =>
  db.query<Addressee>(sql, [[...new Set(objectIds)], now]);

/**
 * Writes the notices of the steps that a unit of work has recorded, in the same unit of work: either both are there or
 * neither is. Who did something is not told of it. One statement for each audience, and one for all notices.
 */
export async function tellOfSteps(tx: UnitOfWork, steps: readonly Recorded[]): Promise<void> {
  const drafts: AboutDraft[] = [];
  for (const [kind, these] of grouped(steps, ({ process, transition }) => `${process}.${transition}`)) {
    for (const telling of tellingsOf.get(kind) ?? []) {
      const people = grouped(await addressees(tx, telling.audience, these.map(({ objectId }) => objectId), tx.now), ({ objectId }) => objectId);
      for (const step of these) {
        const others = (people.get(step.objectId) ?? []).filter(({ personId }) => personId !== step.personId);
        drafts.push(...others.flatMap((person) => draft(tx, telling, person, step, { kind, history_id: step.historyId, reminder: null })));
      }
    }
  }
  await write(tx, onceEach(drafts), 'history_id');
}

/**
 * One thing, one notice: what a person would be told of the same thing for several steps of one act is told in one, which
 * is the most pressing of them, with the words of the others below it.
 */
function onceEach(drafts: readonly AboutDraft[]): Draft[] {
  const firstOfStep = [...grouped(drafts, ({ draft }) => `${draft.history_id} ${draft.person_id}`).values()].map(([first]) => first!);
  return [...grouped(firstOfStep, ({ about, draft }) => `${about} ${draft.person_id}`).values()].map((same) => {
    const [most, ...others] = same.map(({ draft }) => draft).sort((a, b) => Number(a.digest) - Number(b.digest) || Number(b.expected !== null) - Number(a.expected !== null) || b.history_id! - a.history_id!);
    const texts = [...new Set([most!, ...others].map(({ text }) => text))];
    const asking = most!.expected === null ? others.find(({ expected }) => expected !== null) : most;
    return { ...most!, text: texts.join('\n\n'), expected: asking?.expected ?? null, due_at: asking?.due_at ?? most!.due_at };
  });
}

/** Writes the reminders of deadlines that are near and have not been told of yet. */
export async function tellOfDeadlines(tx: UnitOfWork, today: string): Promise<void> {
  const drafts: Draft[] = [];
  for (const { name, keep, near, tells } of reminders) {
    if (keep) await tx.query(keep, [tx.now]);
    const deadlines = await tx.query<Deadline>(near, [tx.now, today]);
    if (deadlines.length === 0) continue;
    for (const telling of tells) {
      const people = grouped(await addressees(tx, telling.audience, deadlines.map(({ objectId }) => objectId), tx.now), ({ objectId }) => objectId);
      for (const deadline of deadlines) {
        const told = { kind: `Reminder.${name}`, history_id: null, reminder: `${name} ${deadline.deadline}` };
        drafts.push(...(people.get(deadline.objectId) ?? []).flatMap((person) => draft(tx, telling, person, deadline, told)).map((each) => each.draft));
      }
    }
  }
  await write(tx, drafts, 'object_id, reminder');
}

/** The notice to one person; none where the words say that this event is not theirs. */
function draft<Event>(tx: UnitOfWork, telling: Telling<Event>, person: Addressee, event: Event, of: Pick<Draft, 'kind' | 'history_id' | 'reminder'>): AboutDraft[] {
  const { objectId, about, personId, asKind, asId, ...known } = person;
  const words = telling.words(known as never, event);
  if (!words) return [];
  const { subject, text, expected, due, link } = words;
  const draft: Draft = {
    ...of,
    id: newId(),
    person_id: personId,
    object_id: objectId,
    audience: telling.audience.name,
    as_kind: asKind,
    as_id: asId,
    subject,
    text,
    expected: expected ?? null,
    due_at: due ?? null,
    link,
    digest: telling.delivery === 'DIGEST',
    created_at: tx.now,
  };
  return [{ about, draft }];
}

/** A row once, also where a person is in two audiences: as one of the first. */
async function write(tx: UnitOfWork, drafts: readonly Draft[], unique: 'history_id' | 'object_id, reminder'): Promise<void> {
  if (drafts.length === 0) return;
  const columns = Object.keys(drafts[0]!).join(', ');
  const written = await tx.query<{ id: string; digest: boolean }>(
    `INSERT INTO notice (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::notice, $1::json)
     ON CONFLICT (${unique}, person_id) DO NOTHING RETURNING id, digest`,
    [JSON.stringify(drafts)],
  );
  await tx.addJobs('send-notice', written.filter(({ digest }) => !digest).map(({ id }) => ({ id })));
}

/** Whom a notice was told to, and of what. */
export interface ToldTo {
  audience: string;
  objectId: string;
  personId: string;
}

/** Which of these notices their people are still entitled to: it is judged anew, by the same audience. */
export async function stillTold<Notice extends ToldTo>(db: Queryable, notices: readonly Notice[], now: Date): Promise<Set<Notice>> {
  const entitled = new Set<Notice>();
  for (const [name, these] of grouped(notices, (notice) => notice.audience)) {
    const audience = audiences.get(name);
    if (!audience) continue; // it is known no more, so nobody is in it
    const people = await addressees(db, audience, these.map(({ objectId }) => objectId), now);
    const there = new Set(people.map(({ objectId, personId }) => `${objectId} ${personId}`));
    for (const notice of these) if (there.has(`${notice.objectId} ${notice.personId}`)) entitled.add(notice);
  }
  return entitled;
}
