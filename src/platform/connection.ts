import { GraphQLError } from 'graphql';
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { Seen } from './access.js';
import { isId } from './id.js';
import { canBeKept } from './text.js';

export const MOST_PER_PAGE = 100;

@ArgsType()
export class PageArguments {
  @Field(() => Int, { defaultValue: 20, description: `How many, from 1 to ${MOST_PER_PAGE}.` })
  first: number = 20;

  @Field(() => String, { nullable: true, description: 'The cursor after which to go on: `endCursor` of the page before.' })
  after?: string | null;
}

@ObjectType({ description: 'Where a page of a list stands in the whole.' })
export class PageInfo {
  @Seen('public', () => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage: boolean;

  @Seen('public', () => String, { nullable: true, description: 'Cursor of the last item, to ask for the next page with `after`.' })
  endCursor: string | null;
}

/** One page of a list as a connection. `totalCount` may be a function: it is counted only when asked for. */
export interface Connection<Node> {
  edges: { node: Node; cursor: string }[];
  nodes: Node[];
  pageInfo: PageInfo;
  totalCount: number | (() => Promise<number>);
}

/** Declares `<name>Connection` and `<name>Edge` for a node type. */
export function connectionType<Node extends object>(name: string, node: () => new (...args: never[]) => Node): new () => Connection<Node> {
  @ObjectType(`${name}Edge`, { description: 'An item of a list with its cursor.' })
  class Edge {
    @Seen('parent', node, { description: 'The item.' })
    node: Node;

    @Seen('public', () => String, { description: 'Where it stands, to go on after it.' })
    cursor: string;
  }

  @ObjectType(`${name}Connection`, { description: 'A page of a list.' })
  class Connection_ {
    @Seen('public', () => [Edge], { description: 'The items of this page with their cursors.' })
    edges: Edge[];

    @Seen('public', () => [node()], { description: 'The items of this page.' })
    nodes: Node[];

    @Seen('public', () => PageInfo, { description: 'Where this page stands in the whole.' })
    pageInfo: PageInfo;

    @Seen('public', () => Int, { description: 'How many there are in all, of those that you may see.' })
    totalCount: number | (() => Promise<number>);
  }
  return Connection_;
}

/**
 * Builds a page from one row more than was asked for, which tells whether there is a next page.
 * @param keyOf what a cursor holds: the values that the list is ordered by
 */
export function pageOf<Node>(rows: Node[], first: number, keyOf: (node: Node) => unknown[], totalCount: Connection<Node>['totalCount']): Connection<Node> {
  return new Page(rows.length > first ? rows.slice(0, first) : rows, rows.length > first, keyOf, totalCount);
}

/** Makes cursors when they are read: most operations ask for none, or only for the last. */
class Page<Node> implements Connection<Node> {
  constructor(
    readonly nodes: Node[],
    private readonly hasNextPage: boolean,
    private readonly keyOf: (node: Node) => unknown[],
    readonly totalCount: Connection<Node>['totalCount'],
  ) {}

  get edges() {
    return this.nodes.map((node) => ({ node, cursor: encodeCursor(this.keyOf(node)) }));
  }

  get pageInfo() {
    const { hasNextPage, nodes, keyOf } = this;
    return {
      hasNextPage,
      get endCursor() {
        return nodes.length > 0 ? encodeCursor(keyOf(nodes.at(-1)!)) : null;
      },
    };
  }
}

/** @throws GraphQLError BAD_USER_INPUT unless `first` is within limits */
export function checkFirst(first: number): number {
  if (first < 1 || first > MOST_PER_PAGE) badInput(`\`first\` must be from 1 to ${MOST_PER_PAGE}.`);
  return first;
}

/** Of the values in a cursor; a number is whole and fits PostgreSQL's integer. */
type KeyType = 'string' | 'number' | 'id' | 'time';
const MOST_INTEGER = 2_147_483_647;

export const encodeCursor = (key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The values in a cursor; null where there is no cursor.
 * @param types what each value must be, since a cursor comes from outside
 * @throws GraphQLError BAD_USER_INPUT for what is no cursor of this list
 */
export function decodeCursor<Key extends unknown[]>(cursor: string | null | undefined, types: KeyType[]): Key | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const key = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (Array.isArray(key) && key.length === types.length && key.every((value, i) => fits(value, types[i]!))) return key as Key;
  } catch {
    // not one of ours; refused below
  }
  return badInput('`after` is not a cursor of this list.');
}

function fits(value: unknown, type: KeyType): boolean {
  if (type === 'number') return Number.isInteger(value) && Math.abs(value as number) <= MOST_INTEGER;
  if (typeof value !== 'string') return false;
  if (type === 'id') return isId(value);
  return type === 'time' ? isTime(value) : canBeKept(value);
}

/** As cursors have it: `2026-09-01T08:30:00.000Z`, or a day of a year that PostgreSQL has. */
function isTime(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]{12}Z)?$/.test(value) || value < '0001') return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value);
}

export function badInput(message: string): never {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
