import { z } from 'zod';
import { type Actor, isOfficerOf } from '../../platform/actor.js';
import type { Database, Queryable, UnitOfWork } from '../../platform/database/index.js';
import { NotAllowed, refuse, ValidationProblem, whatIsMissing } from '../../platform/problem.js';
import { dayWithin } from '../../platform/dates.js';
import { neededName, validate } from '../../platform/validate.js';
import type { SchoolYear, Term } from './term-dates.type.js';

const FEWEST_TERMS = 3;
const MOST_TERMS = 8;

const inputAt = (now: Date) => z.object({
  schoolYear: z.int().min(2000, 'Enter a year from 2000.').max(2100, 'Enter a year up to 2100.'),
  terms: z.array(z.object({ name: neededName('the name of the term', 50), startsOn: dayWithin('term', now, 'The first day of a term'), endsOn: dayWithin('term', now, 'The last day of a term') })),
});

/** What is wrong with the terms of a school year, as a sentence without its end; null when nothing is. */
export function wrongWithTerms(year: number, terms: readonly Omit<Term, 'name'>[]): string | null {
  // With a term left out its weeks would be taken for holidays, and deadlines would stand still.
  if (terms.length < FEWEST_TERMS || terms.length > MOST_TERMS) return `A school year has ${FEWEST_TERMS} to ${MOST_TERMS} terms or half terms, entered together`;
  const inOrder = [...terms].sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
  const backwards = inOrder.find((term) => term.endsOn < term.startsOn);
  if (backwards) return `The term that starts on ${backwards.startsOn} ends before it starts`;
  const overlapping = inOrder.find((term, i) => i > 0 && term.startsOn <= inOrder[i - 1]!.endsOn);
  if (overlapping) return `The term that starts on ${overlapping.startsOn} starts before the one before it ends`;
  const isOutside = inOrder[0]!.startsOn < `${year}-08-01` || inOrder.at(-1)!.endsOn > `${year + 1}-08-31`;
  return isOutside ? `The terms of ${year}/${String(year + 1).slice(2)} lie between 1 August ${year} and 31 August ${year + 1}` : null;
}

/** Writes the terms of one school year in place of those that were there. @throws Refused */
export function setTermDates(db: Database, actor: Actor, laCode: string, change: z.input<ReturnType<typeof inputAt>>): Promise<void> {
  return db.transaction(async (tx) => {
    const { schoolYear, terms } = validate(inputAt(tx.now), change);
    const [la] = await tx.query('SELECT code FROM living_authority WHERE code = $1', [laCode]);
    if (!la) refuse(whatIsMissing('local authority'));
    if (!isOfficerOf(actor, laCode)) refuse(new NotAllowed('Only an officer of the local authority sets its term dates.'));
    const wrong = wrongWithTerms(schoolYear, terms);
    if (wrong) refuse(new ValidationProblem([{ field: 'terms', message: `${wrong}.` }]));
    await replaceTerms(tx, terms.map((term) => ({ ...term, laCode, schoolYear })));
  });
}

/** Writes whole school years of local authorities, in place of what was there. The terms have been checked. */
export async function replaceTerms(tx: UnitOfWork, terms: readonly (Term & { laCode: string; schoolYear: number })[]): Promise<void> {
  const columns = [terms.map((term) => term.laCode), terms.map((term) => term.schoolYear)];
  await tx.query('SELECT code FROM local_authority WHERE code = ANY($1) ORDER BY code FOR NO KEY UPDATE', [columns[0]]);
  await tx.query('DELETE FROM term_date WHERE (la_code, school_year) IN (SELECT * FROM unnest($1::text[], $2::int[]))', columns);
  await tx.query(
    'INSERT INTO term_date (la_code, school_year, name, starts_on, ends_on) SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::date[], $5::date[])',
    [...columns, terms.map((term) => term.name), terms.map((term) => term.startsOn), terms.map((term) => term.endsOn)],
  );
}

/** The school years of a local authority whose terms are known, the latest first. */
export function readSchoolYears(db: Queryable, laCode: string, year: number | null = null): Promise<SchoolYear[]> {
  return db.query<SchoolYear>(
    `SELECT jsonb_build_object('code', la.code, 'name', la.name, 'region', la.region) AS "localAuthority", t.school_year AS year,
            jsonb_agg(jsonb_build_object('name', t.name, 'startsOn', t.starts_on, 'endsOn', t.ends_on) ORDER BY t.starts_on) AS terms
     FROM term_date t JOIN local_authority la ON la.code = t.la_code
     WHERE t.la_code = $1 AND ($2::int IS NULL OR t.school_year = $2) GROUP BY la.code, t.school_year ORDER BY t.school_year DESC`,
    [laCode, year],
  );
}
