import 'reflect-metadata'; // before the first decorator of whichever room is loaded first
import { Extensions, Field } from 'type-graphql';
import { type Actor, hasRole } from './actor.js';

interface RuleDefinition {
  says: string;
  allows(actor: Actor): boolean;
}

const signedIn = (actor: Actor) => actor.kind !== 'anonymous';

/**
 * Every rule that a field or mutation of the schema may name. A rule looks at roles only and is decided once per
 * operation, before it runs (graphql/access.ts). Which rows a person sees is decided in the read's SQL; `own` marks
 * the fields that are stricter than the object they belong to: nullable, with a check of their own in the resolver.
 */
export const rules = {
  public: { says: 'Anyone, signed in or not.', allows: () => true },
  parent: { says: 'Whoever may see the object it belongs to; the read decides which objects those are.', allows: () => true },
  own: { says: 'Stricter than the object it belongs to: null unless the field’s own check passes.', allows: () => true },
  signedIn: { says: 'Anyone who has signed in; the service decides on whose behalf.', allows: signedIn },
  lead: { says: 'A school lead.', allows: (actor) => hasRole(actor, 'SCHOOL_LEAD') },
  sip: { says: 'A School Improvement Partner.', allows: (actor) => hasRole(actor, 'SIP') },
  leadOrSip: { says: 'A school lead or a School Improvement Partner.', allows: (actor) => hasRole(actor, 'SCHOOL_LEAD', 'SIP') },
  provider: { says: 'A provider’s administrator or editor.', allows: (actor) => hasRole(actor, 'PROVIDER_ADMIN', 'PROVIDER_EDITOR') },
  schoolPerson: { says: 'A school lead or a member of a school’s staff.', allows: (actor) => hasRole(actor, 'SCHOOL_LEAD', 'SCHOOL_STAFF') },
  schoolOrProvider: {
    says: 'Somebody of a school or of a provider.',
    allows: (actor) => hasRole(actor, 'SCHOOL_LEAD', 'SCHOOL_STAFF', 'PROVIDER_ADMIN', 'PROVIDER_EDITOR'),
  },
  sipOrOfficer: { says: 'A School Improvement Partner or an LA officer.', allows: (actor) => hasRole(actor, 'SIP', 'LA_OFFICER') },
  officer: { says: 'An LA officer.', allows: (actor) => hasRole(actor, 'LA_OFFICER') },
  officerOrAdmin: { says: 'An LA officer or a system administrator.', allows: (actor) => hasRole(actor, 'LA_OFFICER', 'SYSTEM_ADMIN') },
  schoolOrSip: { says: 'Somebody who works in a school, or a School Improvement Partner.', allows: (actor) => hasRole(actor, 'SCHOOL_LEAD', 'SCHOOL_STAFF', 'SIP') },
  officerOrTrustLead: { says: 'An LA officer or a trust lead.', allows: (actor) => hasRole(actor, 'LA_OFFICER', 'TRUST_LEAD') },
  systemAdmin: { says: 'A system administrator.', allows: (actor) => hasRole(actor, 'SYSTEM_ADMIN') },
  granter: {
    says: 'Those who can give others a role: school leads, LA officers, provider administrators, system administrators.',
    allows: (actor) => hasRole(actor, 'SCHOOL_LEAD', 'LA_OFFICER', 'PROVIDER_ADMIN', 'SYSTEM_ADMIN'),
  },
} satisfies Record<string, RuleDefinition>;

export type RuleName = keyof typeof rules;

/** Names the rule of a query, mutation or field resolver. */
export const Rule = (name: RuleName) => Extensions({ rule: name });

type FieldArguments = Parameters<typeof Field>;

/** `@Field` with its access rule, for the fields of an object type. Its value is read straight from the object (`simple`). */
export function Seen(rule: RuleName, type: () => unknown, options: { description: string; nullable?: boolean }): PropertyDecorator {
  return (target, key) => {
    (Field(type as FieldArguments[0], { ...options, simple: true } as FieldArguments[1]) as PropertyDecorator)(target, key);
    (Rule(rule) as PropertyDecorator)(target, key);
  };
}
