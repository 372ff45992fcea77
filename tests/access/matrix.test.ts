import { getNamedType, type GraphQLField, type GraphQLInterfaceType, type GraphQLObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphqlError } from '../support/app.js';
import { type Attempt, attempts } from './attempts.js';
import { reviewedMatrix, type Row } from './matrix.js';
import type { Asker } from './people.js';
import { checkCount, COUNTED, isProblem, keyOf, Selections } from './selection.js';
import { queries, type Situation, situations, type Way } from './situations.js';
import { Stage } from './stage.js';

type Type = GraphQLObjectType;
type Value = Record<string, unknown>;
type Outcomes = (readonly [who: string, outcome: string])[];

const matrix = reviewedMatrix();
let stage: Stage;
let selections: Selections;

/** `Type.field` of everything that came with a value at least once. */
const seen = new Set<string>();

beforeEach(async () => {
  stage = await Stage.next(stage);
  selections = new Selections(stage.server.app.schema, matrix.objects);
});

const typeOf = (name: string) => stage.server.app.schema.getType(name) as Type;
const ask = (asker: Asker, query: string, variables = {}, cookie = asker.cookie) => stage.server.graphql<Value>(query, variables, cookie);
const isRefused = (errors?: GraphqlError[]) => errors?.every(({ extensions }) => ['UNAUTHENTICATED', 'FORBIDDEN'].includes(extensions.code)) ?? false;
const problemOf = (errors: GraphqlError[]) => errors.map((error) => `${error.extensions.code} ${error.path?.join('.') ?? ''}`).join();

/** What the matrix says against what came, one line for each cell that differs. */
function differences({ cells }: Pick<Row, 'cells'>, outcomes: Outcomes, of = ''): string[] {
  return outcomes.filter(([who, outcome]) => outcome !== cells.get(who)).map(([who, outcome]) => `${of}${who}: should be ${cells.get(who)}, is ${outcome}`);
}

/** The answers of all askers, who ask at the same time. */
const everybody = <T>(look: (asker: Asker) => Promise<T>): Promise<(readonly [who: string, T])[]> =>
  Promise.all(stage.askers.map(async (asker) => [asker.who, await look(asker)] as const));

describe('every field of the schema is in the matrix, and nothing else', () => {
  const rowsOf = (type: GraphQLObjectType | GraphQLInterfaceType): string[] => {
    if (type.name === 'Query') return matrix.section('Queries').map((row) => row.name);
    if (type.name === 'Mutation') return [...new Set(matrix.section('Mutations').map((row) => row.name))];
    const { withObject = [], stricter = [], aboutAsker = [] } = matrix.types.get(type.name) ?? {};
    return [...withObject, ...stricter, ...aboutAsker];
  };

  test('in the matrix', () => {
    const missing: string[] = [];
    for (const type of Object.values(stage.server.app.schema.getTypeMap())) {
      if (!(isObjectType(type) || isInterfaceType(type)) || type.name.startsWith('__')) continue;
      for (const field of Object.keys(type.getFields())) {
        const reviewedAs = isProblem(type) && ['code', 'message'].includes(field) ? typeOf('Problem') : type;
        if (!rowsOf(reviewedAs).includes(field)) missing.push(`no row in the matrix for ${type.name}.${field}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('in the schema', () => {
    const unknown: string[] = [];
    for (const name of [...matrix.types.keys(), 'Query', 'Mutation']) {
      const type = typeOf(name) as Type | undefined;
      for (const field of rowsOf(type ?? ({ name } as Type))) if (!type?.getFields()[field]) unknown.push(`the schema has no ${name}.${field}`);
    }
    expect(unknown).toEqual([]);
  });

  test('in a way that the test can try', () => {
    const untried = matrix.rows
      .filter(({ section, name, what }) => {
        if (section === 'Mutations') return !attempts[name]?.[what];
        return section === 'Queries' ? !queries[name] : what === 'object' && !situations[section]?.[name];
      })
      .map(({ section, name, what }) => `${section}: ${name} ${what}`);
    expect(untried).toEqual([]);
  });
});

describe('objects', () => {
  const rows = matrix.rows.filter((row) => row.what === 'object').map((row) => [row.section, row.name, row] as const);

  test.each(rows)('%s: %s', async (typeName, state, row) => {
    const type = typeOf(typeName);
    const situation = await situations[typeName]![state]!(stage);
    const looks = await everybody((asker) => look(asker, type, situation));
    const fields = new Map(looks.flatMap(([who, { object }]) => (object ? [[who, presence(type, object)]] : [])));
    const found = [
      ...differences(row, looks.map(([who, { outcome }]) => [who, outcome])),
      ...stricterFields(type, state, fields),
      ...(situation.key === null ? [] : fieldsWithheldInSilence(fields)),
      ...(await otherWays(type, situation, row)),
    ];
    expect(found).toEqual([]);
  });

  /** Reaches the object by its plain way and asks for all that it has. */
  async function look(asker: Asker, type: Type, { key, ways }: Situation): Promise<{ outcome: string; object?: Value }> {
    const whole = await reach(asker, ways[0]!, selections.all(type), type, key);
    if (whole.outcome !== 'D') return whole;
    const bare = await reach(asker, ways[0]!, `{ ${keyOf(type)} }`, type, key);
    if (!bare.object) return bare;
    // A role rule on one field refuses the operation: each is asked by itself.
    const object: Value = {};
    for (const field of Object.values(type.getFields())) {
      const one = await reach(asker, ways[0]!, `{ ${keyOf(type)} ${selections.field(field)} }`, type, key);
      object[field.name] = one.object ? one.object[field.name] : REFUSED;
    }
    return { outcome: bare.outcome, object };
  }

  const REFUSED = Symbol('refused');

  async function reach(asker: Asker, way: Way, selection: string, type: Type, key: Situation['key']): Promise<{ outcome: string; object?: Value }> {
    const steps = way.map((step) => (step === 'nodes' ? `${COUNTED} nodes` : step));
    const { data, errors } = await ask(asker, `{ ${steps.join(' { ')} ${selection} ${'}'.repeat(way.length)}`);
    if (isRefused(errors)) return { outcome: 'D' };
    if (errors) return { outcome: problemOf(errors) };
    let reached: Value[] = [data];
    for (const step of way) {
      if (step === 'nodes') reached.forEach((list) => checkCount(`${asker.who}, ${way.join(' ')}`, list));
      reached = reached.flatMap((each) => (each[step.split('(')[0]!] ?? []) as Value[]);
    }
    const object = reached.find((each) => key === null || each[keyOf(type)] === key);
    return object ? { outcome: 'V', object } : { outcome: 'O' };
  }

  /** For each `Type.field` below the object whether there is a value: V, N or D. */
  function presence(type: Type, object: Value): Map<string, string> {
    const found = new Map<string, string>();
    selections.visit(type, object, (owner, field, value) => {
      const name = `${owner}.${field}`;
      if (value === REFUSED) found.set(name, 'D');
      else if (value !== null && value !== undefined) found.set(name, 'V');
      else if (!found.has(name)) found.set(name, 'N');
      if (found.get(name) === 'V') seen.add(name);
    });
    return found;
  }

  function stricterFields(type: Type, state: string, fields: Map<string, Map<string, string>>): string[] {
    const stricter = selections.reached(type).filter((field) => matrix.isStricter(...(field.split('.') as [string, string])));
    return stricter.flatMap((field) => {
      const cells = matrix.field(type.name, state, field);
      if (!cells) return [`no row in the matrix for ${field}`];
      const outcomes = [...fields].map(([who, found]) => {
        const outcome = found.get(field) ?? 'not reached';
        return [who, outcome === 'N' && cells.get(who) === '–' ? '–' : outcome] as const;
      });
      const isTested = outcomes.every(([, outcome]) => outcome !== 'N') || outcomes.some(([, outcome]) => outcome === 'V');
      const untested = isTested ? [] : [`${field}: nobody sees a value, so that nothing is known to be withheld`];
      return [...untested, ...differences({ cells }, outcomes, `${field}, `)];
    });
  }

  /** Fields that come with the object for some and not for others, though the matrix makes no difference. */
  function fieldsWithheldInSilence(fields: Map<string, Map<string, string>>): string[] {
    const all = new Set([...fields.values()].flatMap((found) => [...found.keys()]));
    return [...all].flatMap((field) => {
      const [owner, name] = field.split('.') as [string, string];
      if (matrix.isStricter(owner, name) || matrix.isAboutAsker(owner, name)) return [];
      const reached = [...fields].filter(([, found]) => found.has(field));
      const without = reached.filter(([, found]) => found.get(field) !== 'V').map(([who]) => who);
      if (without.length === 0 || without.length === reached.length) return [];
      return [`${field} is withheld from ${without.join(', ')}: the matrix calls it no stricter than its object`];
    });
  }

  /** What the plain way does not show, no other way shows; and each other way shows it to somebody. */
  async function otherWays(type: Type, { key, ways, barred = [] }: Situation, row: Row): Promise<string[]> {
    const found: string[] = [];
    for (const way of [...ways.slice(1), ...barred]) {
      const looks = await everybody(async (asker) => (await reach(asker, way, `{ ${keyOf(type)} }`, type, key)).outcome);
      const isBarred = barred.includes(way);
      if (!isBarred && !looks.some(([, outcome]) => outcome === 'V')) found.push(`nobody reaches it by ${way.join(' ')}`);
      for (const [who, outcome] of looks) {
        const isRight = outcome === 'V' ? !isBarred && row.cells.get(who) === 'V' : ['O', 'D'].includes(outcome);
        if (!isRight) found.push(`${who}, by ${way.join(' ')}: ${outcome}`);
      }
    }
    return found;
  }
});

describe('queries', () => {
  test.each(matrix.section('Queries').map((row) => [row.name, row] as const))('%s', async (name, row) => {
    const field = typeOf('Query').getFields()[name]!;
    const call = await queries[name]!(stage);
    const type = getNamedType(field.type) as Type;
    const outcomes = await everybody(async (asker) => {
      const { data, errors } = await ask(asker, `{ ${call} ${selections.field(field).slice(name.length)} }`);
      if (errors) return isRefused(errors) ? 'D' : problemOf(errors);
      if (!matrix.objects.includes(type.name)) [data[name]].flat().forEach((each) => each && noteValues(type, each as Value));
      return 'V';
    });
    expect(differences(row, outcomes)).toEqual([]);
  });
});

describe('mutations', () => {
  test.each(matrix.section('Mutations').map((row) => [row.name, row.what, row] as const))('%s: %s', async (name, on, row) => {
    const attempt = attempts[name]![on]!;
    const field = typeOf('Mutation').getFields()[name]!;
    const outcomes: Outcomes = [];
    let untouched: Record<string, unknown> | null = null;
    await stage.server.app.db.query('DELETE FROM rate_limit'); // how much may be done in a day is no matter here
    for (const asker of stage.askers) {
      const mayDo = row.cells.get(asker.who) === 'A';
      const args = mayDo ? await attempt.args(stage, asker) : (untouched ??= await attempt.args(stage, asker));
      const outcome = await send(field, attempt, asker, args);
      outcomes.push([asker.who, outcome]);
      if (outcome !== 'A') continue;
      await attempt.undo?.(stage, asker);
      if (!mayDo) untouched = null;
    }
    expect(differences(row, outcomes)).toEqual([]);
  });

  async function send(field: GraphQLField<unknown, unknown>, { meets, endsSession }: Attempt, asker: Asker, args: Record<string, unknown>): Promise<string> {
    const given = field.args.filter((arg) => arg.name in args);
    const declared = given.length > 0 ? `(${given.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')})` : '';
    const passed = given.length > 0 ? `(${given.map((arg) => `${arg.name}: $${arg.name}`).join(', ')})` : '';
    const cookie = endsSession && asker.cookie ? await stage.server.cookieOf(asker) : asker.cookie;
    const { data, errors } = await ask(asker, `mutation ${declared} { result: ${field.name}${passed} ${selections.answer(field)} }`, args, cookie);
    if (isRefused(errors)) return 'D';
    if (errors) return problemOf(errors);
    const { __typename, problem, problemMessage, ...result } = data['result'] as Value & { __typename: string; problem?: string; problemMessage?: string };
    noteValues(typeOf(__typename), problem ? { ...result, code: problem, message: problemMessage } : result);
    if (!problem || problem === meets) return 'A';
    return { NOT_FOUND: 'O', NOT_ALLOWED: 'X', HAS_INTEREST: 'X' }[problem] ?? problem;
  }
});

test('every field was seen with a value, so that there was something to withhold', () => {
  // Assignments are shown while they last; there is one engine here, which is never the second-best, and no index to look after.
  const never = ['SipAssignment.endedAt', 'SearchResult.degraded', 'SearchHealth.buildPercent', 'SearchHealth.degraded', 'SearchHealth.oldestWaitingSeconds', ...['at', 'error', 'listingId'].map((field) => `RefusedDocument.${field}`)];
  const unseen = [...matrix.types].flatMap(([type, { withObject, stricter, aboutAsker }]) =>
    [...withObject, ...stricter, ...aboutAsker].map((field) => `${type}.${field}`).filter((field) => !seen.has(field) && !never.includes(field)),
  );
  expect(unseen).toEqual([]);
});

function noteValues(type: Type, value: Value): void {
  selections.visit(type, value, (owner, name, found) => {
    if (found !== null && found !== undefined) seen.add(`${isProblem(typeOf(owner)) && ['code', 'message'].includes(name) ? 'Problem' : owner}.${name}`);
  });
}
