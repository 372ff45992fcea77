import { type GraphQLField, getNamedType, isUnionType } from 'graphql';
import { isProblem } from '../access/selection.js';
import type { GraphqlError, TestServer } from '../support/app.js';

type Values = Record<string, unknown>;
interface Answer<Data> {
  data: Data;
  errors?: GraphqlError[];
}

const failedWith = (code: string, errors: GraphqlError[] | undefined) => errors !== undefined && errors.every(({ extensions }) => extensions.code === code);

/** Somebody with a session and the API, and nothing else. */
export class Person {
  private cookie: string | null = null;

  private constructor(
    private readonly server: TestServer,
    readonly id: string,
    readonly email: string,
  ) {}

  /** That person, who calls themselves by this name and has read what they were told so far. */
  static async named(name: string, server: TestServer, { personId }: { personId: string | null }): Promise<Person> {
    const [row] = await server.app.db.query<{ email: string }>('SELECT email FROM person WHERE id = $1', [personId]);
    const person = new Person(server, personId!, row!.email);
    await person.does('changeMyName', { name });
    await person.isTold();
    return person;
  }

  /** Sends a mutation. @returns what it wants to see of the thing that was made or changed @throws Error when it is refused */
  async does<Thing = { id: string }>(mutation: string, values: Values, wanted = 'id'): Promise<Thing> {
    const { problem, ...thing } = await this.send<{ problem?: string }>(mutation, values, wanted);
    if (problem) throw new Error(`${mutation}: ${JSON.stringify({ problem, ...thing })}`);
    return thing as Thing;
  }

  /** Sends a mutation that is refused. @returns the code of the problem, FORBIDDEN where no role of theirs may send it */
  async isRefused(mutation: string, values: Values): Promise<string | undefined> {
    return (await this.send<{ problem?: string }>(mutation, values, '__typename')).problem;
  }

  /** Sends a query. @returns its one field */
  async sees<Thing>(query: string): Promise<Thing> {
    const { data, errors } = await this.ask<Record<string, Thing>>(query);
    if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return Object.values(data)[0]!;
  }

  /** Whether a query tells this person nothing: there is no such thing for them, or no role of theirs may ask. */
  async seesNothing(query: string): Promise<boolean> {
    const { data, errors } = await this.ask<Values>(query);
    return errors ? failedWith('FORBIDDEN', errors) : Object.values(data).every((each) => each === null);
  }

  /** Reads the notices that are new. @returns their subjects, in the order of the alphabet, for many are written at the same moment */
  async isTold(): Promise<string[]> {
    const { nodes } = await this.sees<{ nodes: { subject: string }[] }>('{ myNotices(unreadOnly: true, first: 100) { nodes { subject } } }');
    await this.does('markAllNoticesRead', {}, 'count');
    return nodes.map(({ subject }) => subject).sort();
  }

  private async send<Thing>(name: string, values: Values, wanted: string): Promise<Thing> {
    const mutation = this.server.app.schema.getMutationType()!.getFields()[name];
    if (!mutation) throw new Error(`There is no mutation ${name}.`);
    const { data, errors } = await this.ask<{ answer: Thing }>(operationOf(mutation, values, wanted), values);
    if (failedWith('FORBIDDEN', errors)) return { problem: 'FORBIDDEN' } as Thing;
    if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`);
    return data.answer;
  }

  /** Asks in the session, or in a new one where the last has ended by itself since. */
  private async ask<Data>(text: string, values: Values = {}): Promise<Answer<Data>> {
    const answer = this.cookie && (await this.server.graphql<Data>(text, values, this.cookie));
    if (answer && !failedWith('UNAUTHENTICATED', answer.errors)) return answer;
    this.cookie = await this.server.cookieOf({ personId: this.id });
    return this.server.graphql<Data>(text, values, this.cookie);
  }
}

/** A mutation of the schema with these values as its arguments, its answer under the name `answer`. */
export function operationOf(mutation: GraphQLField<unknown, unknown>, values: Values, wanted: string): string {
  const given = mutation.args.filter((each) => each.name in values);
  const declared = given.map((each) => `$${each.name}: ${String(each.type)}`);
  const passed = given.map((each) => `${each.name}: $${each.name}`);
  return `mutation${inBrackets(declared)} { answer: ${mutation.name}${inBrackets(passed)} ${answerOf(mutation, wanted)} }`;
}

const inBrackets = (parts: string[]) => (parts.length > 0 ? `(${parts.join(', ')})` : '');

function answerOf(mutation: GraphQLField<unknown, unknown>, wanted: string): string {
  const type = getNamedType(mutation.type);
  if (!isUnionType(type)) return `{ ${wanted} }`;
  const thing = type.getTypes().find((each) => !isProblem(each))!;
  const fields = type.getTypes().some(({ name }) => name === 'ValidationProblem') ? ' ... on ValidationProblem { fields { field message } }' : '';
  return `{ ... on ${thing.name} { ${wanted} } ... on Problem { problem: code message }${fields} }`;
}
