import {
  buildSchema,
  type DocumentNode,
  getIntrospectionQuery,
  GraphQLError,
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { AccessWalk, ruleOf } from '../../src/graphql/access.js';
import { type RuleName, rules } from '../../src/platform/access.js';
import { type Actor, anonymous, type Role, roles, system } from '../../src/platform/actor.js';
import { startServices, type TestApp } from '../support/app.js';

const person = (...held: Role[]): Actor => ({
  ...anonymous,
  kind: 'person',
  personId: '0190a5a0-0000-7000-8000-000000000001',
  memberships: held.map((role) => ({ role, schoolUrn: null, trustId: null, laCode: null, providerId: null })),
});
const everybody = [anonymous, system, person(), ...roles.map((role) => person(role)), person(...roles)];

describe('the schema', () => {
  let services: TestApp;
  beforeAll(async () => {
    services = await startServices();
  });

  const types = () => Object.values(services.app.schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  const fields = () =>
    types()
      .filter((type) => isObjectType(type) || isInterfaceType(type))
      .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const));

  test('has a rule on every field, query and mutation', () => {
    const known = Object.keys(rules);
    expect(fields().flatMap(([name, field]) => (known.includes(ruleOf(field) ?? '') ? [] : [name]))).toEqual([]);
    expect(fields().length).toBeGreaterThan(200);
  });

  test('can leave out every field that is stricter than its object', () => {
    const own = fields().filter(([, field]) => ruleOf(field) === 'own');
    expect(own.filter(([, field]) => isNonNullType(field.type)).map(([name]) => name)).toEqual([]);
    expect(own.map(([name]) => name)).toContain('Provider.wayToBeingListed');
  });

  test('leaves nothing that changes something to whoever may see the object', () => {
    const mutations = Object.values(services.app.schema.getMutationType()!.getFields());
    expect(mutations.filter((field) => ['parent', 'own'].includes(ruleOf(field)!)).map((field) => field.name)).toEqual([]);
  });

  test('has rules on fields of an interface that are those of its types', () => {
    const other: string[] = [];
    for (const type of types().filter(isInterfaceType)) {
      for (const possible of services.app.schema.getPossibleTypes(type)) {
        for (const field of Object.values(type.getFields())) {
          if (ruleOf(possible.getFields()[field.name]!) !== ruleOf(field)) other.push(`${possible.name}.${field.name}`);
        }
      }
    }
    expect(other).toEqual([]);
  });

  test('describes every type, field, argument, enum value and input field', () => {
    const things: [name: string, description?: string | null][] = [];
    for (const type of types()) {
      if (isSpecifiedScalarType(type)) continue;
      if (type.name !== 'Query' && type.name !== 'Mutation') things.push([type.name, type.description]);
      if (isEnumType(type)) for (const value of type.getValues()) things.push([`${type.name}.${value.name}`, value.description]);
      if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) things.push([`${type.name}.${field.name}`, field.description]);
    }
    for (const [name, field] of fields()) {
      things.push([name, field.description], ...field.args.map((arg): [string, string?] => [`${name}(${arg.name})`, arg.description ?? undefined]));
    }
    const directives = services.app.schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
    things.push(...directives.map(({ name, description }): [string, string?] => [`@${name}`, description ?? undefined]));
    expect(things.filter(([, description]) => !description?.trim()).map(([name]) => name)).toEqual([]);
    expect(things.length).toBeGreaterThan(500);
  });
});

describe('the walk', () => {
  const schema = buildSchema(`
    type Query { open: String, lead: String, thing: Thing, one: One, either: Either, forgotten: String, unknown: String }
    type Mutation { change: Thing }
    interface Thing { name: String, secret: String }
    type One implements Thing { name: String, secret: String, own: String, one: One }
    type Other implements Thing { name: String, secret: String, of: String }
    union Either = One | Other
  `);
  const named: Record<string, RuleName | 'misspelt'> = {
    'Query.open': 'public',
    'Query.lead': 'lead',
    'Query.thing': 'public',
    'Query.one': 'public',
    'Query.either': 'public',
    'Query.unknown': 'misspelt',
    'Mutation.change': 'officer',
    'Thing.name': 'parent',
    'Thing.secret': 'public',
    'One.name': 'parent',
    'One.secret': 'lead',
    'One.own': 'own',
    'One.one': 'parent',
    'Other.name': 'parent',
    'Other.secret': 'public',
    'Other.of': 'lead',
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(isObjectType(type) || isInterfaceType(type)) || type.name.startsWith('__')) continue;
    for (const field of Object.values<GraphQLField<unknown, unknown>>(type.getFields())) {
      const rule = named[`${type.name}.${field.name}`];
      field.extensions = rule ? { rule } : {};
    }
  }
  const walk = new AccessWalk(schema);

  /** `allowed`, or the code of the refusal. */
  function decide(query: string, actor: Actor): string {
    const document = parse(query);
    expect(validate(schema, document, specifiedRules)).toEqual([]);
    try {
      walk.check(document, actor);
      return 'allowed';
    } catch (error) {
      return String((error as GraphQLError).extensions['code']);
    }
  }

  function passes(document: DocumentNode, actor: Actor): boolean {
    try {
      walk.check(document, actor);
      return true;
    } catch {
      return false;
    }
  }

  test('refuses a field that names no rule to everybody', () => {
    for (const actor of everybody) {
      expect(decide('{ open forgotten }', actor)).toBe(actor === anonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN');
      expect(decide('{ open }', actor)).toBe('allowed');
    }
  });

  test('lets nobody through by a rule that there is not', () => {
    expect(everybody.filter((actor) => passes(parse('{ unknown }'), actor))).toEqual([]);
  });

  test('tells whom a field is for, and nothing to those who are not signed in', () => {
    expect(() => walk.check(parse('{ lead }'), person('SIP'))).toThrow('Your roles do not allow `Query.lead`. It is for: A school lead.');
    expect(() => walk.check(parse('{ lead }'), anonymous)).toThrow('Sign in first: `Query.lead` is not public.');
  });

  const reaching = [
    ['by its name', '{ lead }'],
    ['by an alias', '{ open: lead }'],
    ['under a public field', '{ one { secret } }'],
    ['beside public fields', '{ open one { name own secret } }'],
    ['further down', '{ one { one { one { secret } } } }'],
    ['through an inline fragment', '{ ... { lead } }'],
    ['through a fragment', 'query { ...F } fragment F on Query { lead }'],
    ['through a fragment in a fragment', 'query { one { ...F } } fragment F on One { one { ...G } } fragment G on Thing { ... on One { secret } }'],
    ['of an interface, where one of its types is stricter', '{ thing { secret } }'],
    ['of a type of an interface', '{ thing { ... on Other { of } } }'],
    ['of a type of a union', '{ either { ... on One { secret } } }'],
    ['of a union through an interface', '{ either { ... on Thing { secret } } }'],
    ['when it is included', '{ lead @include(if: true) }'],
    ['when it is left out', '{ open lead @include(if: false) }'],
    ['when it is skipped', '{ open lead @skip(if: true) }'],
    ['when a variable decides', 'query ($v: Boolean!) { open ... @include(if: $v) { lead @skip(if: $v) } }'],
    ['in an operation beside', 'query A { open } query B { lead }'],
    ['beside __typename', '{ __typename lead }'],
    ['beside introspection', '{ __schema { queryType { name } } lead }'],
  ];
  test.each(reaching)('refuses a field %s', (_how, query) => {
    expect([decide(query, anonymous), decide(query, person()), decide(query, person('SIP')), decide(query, person('SCHOOL_LEAD'))]).toEqual([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'FORBIDDEN',
      'allowed',
    ]);
  });

  test('decides on mutations alike', () => {
    expect(decide('mutation { change { name } }', anonymous)).toBe('UNAUTHENTICATED');
    expect(decide('mutation { change { name } }', person('SCHOOL_LEAD'))).toBe('FORBIDDEN');
    expect(decide('mutation { change { name } }', person('LA_OFFICER'))).toBe('allowed');
    expect(decide('mutation { change { secret } }', person('LA_OFFICER'))).toBe('FORBIDDEN');
    expect(decide('mutation { change { secret } }', person('LA_OFFICER', 'SCHOOL_LEAD'))).toBe('allowed');
  });

  test('leaves __typename and introspection to everybody', () => {
    const names = ['{ __typename }', '{ thing { __typename name } either { __typename } }'];
    for (const query of [...names, '{ __type(name: "One") { name fields { name } } }', getIntrospectionQuery()]) {
      expect([query, everybody.map((actor) => decide(query, actor))]).toEqual([query, everybody.map(() => 'allowed')]);
    }
  });

  test('keeps what it decided for the same roles, and for no others', () => {
    const document = parse('{ lead }');
    const actors = [person('SCHOOL_LEAD'), anonymous, person(), person('SIP', 'SCHOOL_LEAD'), person('SIP'), person('SCHOOL_LEAD'), anonymous];
    expect(actors.map((actor) => passes(document, actor))).toEqual([true, false, false, true, false, true, false]);
  });
});
