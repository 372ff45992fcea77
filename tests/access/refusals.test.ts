import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { newId } from '../../src/platform/id.js';
import { runs } from '../support/runs.js';
import { attempts } from './attempts.js';
import { reviewedMatrix } from './matrix.js';
import { Stage } from './stage.js';

type Value = Record<string, unknown>;

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.next(stage);
});

/** What no person who fills in a form should have to read. */
const LIBRARY = /\b(expected|received|invalid|undefined|null|NaN|string|array|boolean|nonoptional|required|regex|pattern)\b|[<>]=?|too (big|small)/i;

const whole = [0, -1, 2_147_483_647, -2_147_483_648];
const scalars: Record<string, unknown[]> = {
  ID: ['', ' ', 'x', '0', '9'.repeat(18), '9'.repeat(40), newId()],
  String: ['', ' ', 'x', 'x'.repeat(20_001), '😀', 'ftp://x', '\u200B'],
  Int: whole,
  Float: [...whole, 0.001, -0.5, 1e15, 1e300, -1e300],
  Boolean: [false, true],
  LocalDate: ['0001-01-01', '1066-10-14', '2026-02-28', '9999-12-31'],
  UUID: ['00000000-0000-0000-0000-000000000000', newId()],
};

/** Values that GraphQL takes for a type and the product may not: null, empty, too long, out of range. */
function odd(type: GraphQLInputType, present: unknown): unknown[] {
  const plain = getNullableType(type);
  const nothing = isNonNullType(type) ? [] : [null];
  if (isListType(plain)) {
    const [first] = Array.isArray(present) ? (present as unknown[]) : [];
    const item = first ?? example(plain.ofType);
    return [...nothing, [], Array.from({ length: 300 }, () => item), ...odd(plain.ofType, item).map((each) => [each])];
  }
  if (isInputObjectType(plain)) {
    const whole = (present ?? {}) as Value;
    return [
      ...nothing,
      ...Object.values(plain.getFields()).flatMap((field) => odd(field.type, whole[field.name]).map((each) => ({ ...(example(plain) as Value), ...whole, [field.name]: each }))),
      ...Object.values(plain.getFields()).filter((field) => !isNonNullType(field.type)).map((field) => ({ ...whole, [field.name]: undefined })),
    ];
  }
  return [...nothing, ...(isEnumType(plain) ? plain.getValues().map(({ name }) => name) : scalars[plain.name]!)];
}

/** The least that GraphQL takes for a type. */
function example(type: GraphQLInputType): unknown {
  const plain = getNullableType(type);
  if (isListType(plain)) return [];
  if (isInputObjectType(plain)) return Object.fromEntries(Object.values(plain.getFields()).flatMap((field) => (isNonNullType(field.type) ? [[field.name, example(field.type)]] : [])));
  return isEnumType(plain) ? plain.getValues()[0]!.name : scalars[getNamedType(type).name]!.at(-1);
}

const typeName = (field: GraphQLField<unknown, unknown>) => getNamedType(field.type).name;
const sent = (field: GraphQLField<unknown, unknown>) =>
  `mutation (${field.args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')}) { result: ${field.name}(${field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')}) ${
    typeName(field).endsWith('Result') ? '{ __typename ... on Problem { code message } ... on ValidationProblem { fields { field message } } }' : '{ __typename }'
  } }`;

/** What changes how everything else goes comes last. */
const isSetting = (name: string) => /^set(?!MayBeAsked)/.test(name);

const trials = reviewedMatrix()
  .section('Mutations')
  .filter(({ name, what, cells }) => [...cells.values()].includes('A') && !attempts[name]![what]!.endsSession)
  .map(({ name, what, cells }) => [name, what, [...cells].find(([, letter]) => letter === 'A')![0]] as const)
  .sort(([a], [b]) => Number(isSetting(a)) - Number(isSetting(b)));

/** Each value is tried in the long run, one in ten otherwise. */
let nth = 0;
const isTried = () => nth++ % 10 < runs(10);

test.each(trials)('%s (%s) refuses what is odd in words for people, and never by a fault', async (name, what, who) => {
  const field = stage.server.app.schema.getMutationType()!.getFields()[name]!;
  const attempt = attempts[name]![what]!;
  const asker = stage.asker(who);
  const query = sent(field);
  const fresh = async () => {
    await stage.server.app.db.query('DELETE FROM rate_limit');
    return attempt.args(stage, asker);
  };
  let args: Value | null = null;
  const wrong: string[] = [];
  for (const arg of field.args) {
    args ??= await fresh();
    for (const value of odd(arg.type, args[arg.name]).filter(isTried)) {
      args ??= await fresh();
      const { data, errors } = await stage.server.graphql<{ result: Value }>(query, { ...args, [arg.name]: value }, asker.cookie);
      const shown = `${arg.name} = ${JSON.stringify(value)?.slice(0, 200)}`;
      if (errors) {
        if (errors[0]!.extensions.code === 'INTERNAL_SERVER_ERROR') wrong.push(`${shown}: ${errors[0]!.message}`);
        continue;
      }
      const { code, message, fields = [] } = data.result as { code?: string; message?: string; fields?: { field: string; message: string }[] };
      if (code === undefined) {
        await attempt.undo?.(stage, asker);
        args = null; // it is done: the next needs a fresh one
      }
      for (const said of [message ?? 'Done.', ...fields.map((each) => each.message)]) if (LIBRARY.test(said) || !/^[“A-Z£].*[.?]$/s.test(said)) wrong.push(`${shown}: ${said}`);
      for (const each of fields) if (each.field === '') wrong.push(`${shown}: no field`);
    }
  }
  expect(wrong).toEqual([]);
});
