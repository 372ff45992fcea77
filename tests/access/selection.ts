import {
  getNamedType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';

type Fields = GraphQLObjectType | GraphQLInterfaceType;
type Value = Record<string, unknown>;

/** What is asked of the types of a schema: every field there is. */
export class Selections {
  /** @param objects names of the types that are in the matrix by themselves: inside another object only their key is asked */
  constructor(
    readonly schema: GraphQLSchema,
    private readonly objects: readonly string[],
  ) {}

  /** Every field of a type, and of the types below it that are no objects of the matrix. */
  all(type: Fields): string {
    return `{ ${Object.values(type.getFields()).map((field) => this.field(field)).join(' ')} }`;
  }

  field({ name, type }: GraphQLField<unknown, unknown>): string {
    const named = getNamedType(type);
    if (isLeafType(named)) return name;
    if (!isObjectType(named)) throw new Error(`Say here how to ask for ${name}, which is a ${named.name}.`);
    return `${name} ${this.isObject(named) ? `{ ${keyOf(named)} }` : this.all(named)}`;
  }

  /** All that a mutation may answer with. A problem's code comes as `problem`, its message as `problemMessage`: a thing may have fields of their names. */
  answer(field: GraphQLField<unknown, unknown>): string {
    const named = getNamedType(field.type);
    if (!isUnionType(named)) return `{ __typename ${this.all(named as GraphQLObjectType).slice(1)}`;
    const parts = named.getTypes().flatMap((type) => {
      const fields = Object.values(type.getFields()).filter((each) => !isProblem(type) || !['code', 'message'].includes(each.name));
      return fields.length > 0 ? [`... on ${type.name} { ${fields.map((each) => this.field(each)).join(' ')} }`] : [];
    });
    return `{ __typename ... on Problem { problem: code problemMessage: message } ${parts.join(' ')} }`;
  }

  /** Tells each field that an answer to `all(type)` has, with its value. */
  visit(type: Fields, value: Value, tell: (type: string, field: string, value: unknown) => void): void {
    if (type.name.endsWith('Connection')) checkCount(type.name, value);
    for (const field of Object.values(type.getFields())) {
      const found = value[field.name];
      tell(type.name, field.name, found);
      const named = getNamedType(field.type);
      if (!isObjectType(named) || this.isObject(named)) continue;
      for (const each of [found].flat()) if (typeof each === 'object' && each) this.visit(named, each as Value, tell);
    }
  }

  /** `Type.field` of every field that `all(type)` asks for. */
  reached(type: Fields): string[] {
    return Object.values(type.getFields()).flatMap((field) => {
      const named = getNamedType(field.type);
      return [`${type.name}.${field.name}`, ...(isObjectType(named) && !this.isObject(named) ? this.reached(named) : [])];
    });
  }

  private isObject = (type: GraphQLObjectType) => this.objects.includes(type.name);
}

export const keyOf = (type: Fields): string => (type.name === 'School' ? 'urn' : 'id');

export const isProblem = (type: Fields): boolean => type.getInterfaces().some((each) => each.name === 'Problem');

/** What `checkCount` needs of a list, beside its nodes. */
export const COUNTED = 'totalCount pageInfo { hasNextPage }';

/** A count of what one may not see would tell of it. @throws Error when a whole list counts more or less than it has */
export function checkCount(list: string, value: Value): void {
  const { nodes, totalCount, pageInfo } = value as { nodes: unknown[]; totalCount: number; pageInfo: { hasNextPage: boolean } };
  if (!pageInfo.hasNextPage && nodes.length !== totalCount) throw new Error(`${list}: of ${nodes.length}, counts ${totalCount}`);
}
