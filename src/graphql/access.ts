import { type ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, getNamedType, GraphQLError, type GraphQLField, type GraphQLSchema, isAbstractType, isIntrospectionType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { type RuleName, rules } from '../platform/access.js';
import type { Actor } from '../platform/actor.js';
import type { RequestContext } from '../platform/request.js';

/** The rule that a field of the schema names; undefined for a field that names none, which is refused to everybody. */
export const ruleOf = (field: GraphQLField<unknown, unknown>): RuleName | undefined => field.extensions['rule'] as RuleName | undefined;

/** A field of an operation that the actor's roles do not allow. */
interface Refusal {
  path: string;
  rule: RuleName | undefined;
}

const rolesOf = (actor: Actor) => `${actor.kind}:${[...new Set(actor.memberships.map((each) => each.role))].sort().join()}`;

/**
 * Decides the role rules of an operation once, before it runs, by walking its document: deny by default.
 * The decision depends on the document and the roles alone, so it is kept with the document.
 */
export class AccessWalk {
  private readonly decided = new WeakMap<DocumentNode, Map<string, Refusal | null>>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** @throws GraphQLError UNAUTHENTICATED or FORBIDDEN for the first field that is not allowed */
  check(document: DocumentNode, actor: Actor): void {
    let byRoles = this.decided.get(document);
    if (!byRoles) this.decided.set(document, (byRoles = new Map()));
    const roles = rolesOf(actor);
    let refusal = byRoles.get(roles);
    if (refusal === undefined) byRoles.set(roles, (refusal = this.walk(document, actor)));
    if (!refusal) return;
    const signedOut = actor.kind === 'anonymous';
    throw new GraphQLError(
      signedOut ? `Sign in first: \`${refusal.path}\` is not public.` : `Your roles do not allow \`${refusal.path}\`.${refusal.rule && rules[refusal.rule] ? ` It is for: ${rules[refusal.rule].says}` : ''}`,
      { extensions: { code: signedOut ? 'UNAUTHENTICATED' : 'FORBIDDEN', http: { status: signedOut ? 401 : 403 } } },
    );
  }

  private walk(document: DocumentNode, actor: Actor): Refusal | null {
    const info = new TypeInfo(this.schema);
    let refusal: Refusal | null = null;
    visit(
      document,
      visitWithTypeInfo(info, {
        Field: () => {
          const parent = info.getParentType();
          const field = info.getFieldDef();
          if (!parent || !field || field.name.startsWith('__') || isIntrospectionType(getNamedType(parent)) || refusal) return;
          // What is asked of an interface is asked of every type that it may turn out to be.
          const possible = isAbstractType(parent) ? this.schema.getPossibleTypes(parent).map((type) => type.getFields()[field.name]!) : [field];
          for (const each of [field, ...possible]) {
            const rule = ruleOf(each);
            if (!rule || !rules[rule]?.allows(actor)) refusal = { path: `${parent.name}.${field.name}`, rule };
          }
        },
      }),
    );
    return refusal;
  }
}

export function accessPlugin(schema: GraphQLSchema): ApolloServerPlugin<RequestContext> {
  const access = new AccessWalk(schema);
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, contextValue }) => access.check(document, contextValue.actor),
    }),
  };
}
