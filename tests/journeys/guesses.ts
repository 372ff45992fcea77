import { getNamedType, getNullableType, type GraphQLArgument, type GraphQLField, type GraphQLInputField, type GraphQLInputType, type GraphQLObjectType, isEnumType, isInputObjectType, isListType, isNonNullType, isUnionType } from 'graphql';
import { isProblem } from '../access/selection.js';

/** What somebody knows who wants to know more: an id of each type, by the type's name, and the URN of a school. */
export interface Known {
  ids: Readonly<Record<string, string>>;
  urn: number;
}

/** Types of the things whose ids are called otherwise than they are. */
const CALLED: Record<string, string> = {
  requestId: 'SupportRequest',
  invitationId: 'ProposalInvitation',
  actionId: 'EngagementAction',
  evidenceId: 'EngagementEvidence',
  itemId: 'ShortlistItem',
  objectiveId: 'EngagementObjective',
  'answerQuestion.id': 'RequestQuestion',
  'removeAgendaPoint.id': 'AgendaPoint',
  'SuggestionInput.requestId': 'SuggestionRequest',
};
const WORDS: Record<string, unknown> = { laCode: '990', laCodes: '990', trustId: 'TR9', email: 'words@example.org', code: '123456', date: '2026-10-01', words: 'reading', prefix: 'reading', version: 1, first: 5, helpfulness: 3, schoolYear: 2026, quotes: 2, pence: 100 };

/** The thing that a field gives or a mutation is about. */
export function thingOf(field: GraphQLField<unknown, unknown>): GraphQLObjectType {
  const type = getNamedType(field.type);
  return (isUnionType(type) ? type.getTypes().find((each) => !isProblem(each)) : type) as GraphQLObjectType;
}

/** Arguments for a query or mutation, whichever it is: what is needed, and every id that may be named. */
export function guess(field: GraphQLField<unknown, unknown>, known: Known): Record<string, unknown> {
  return object(field.args, field.name, thingOf(field).name, known);
}

function object(fields: readonly (GraphQLArgument | GraphQLInputField)[], owner: string, thing: string, known: Known): Record<string, unknown> {
  const wanted = fields.filter(({ name, type, defaultValue }) => (isNonNullType(type) && defaultValue === undefined) || namesSomething(type) || /Urns?$|^first$/.test(name));
  return Object.fromEntries(wanted.map(({ name, type }) => [name, value(name, type, owner, thing, known)]));
}

const namesSomething = (type: GraphQLInputType) => getNamedType(type).name === 'UUID';

function value(name: string, type: GraphQLInputType, owner: string, thing: string, known: Known): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [value(name.replace(/s$/, ''), bare.ofType as GraphQLInputType, owner, thing, known)];
  if (isInputObjectType(bare)) return object(Object.values(bare.getFields()), bare.name, thing, known);
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (bare.name === 'UUID') {
    const of = CALLED[`${owner}.${name}`] ?? CALLED[name] ?? (name === 'id' ? thing : name[0]!.toUpperCase() + name.slice(1, -2));
    return known.ids[of] ?? '00000000-0000-7000-8000-000000000000';
  }
  if (name.endsWith('Urn') || name === 'urn') return known.urn;
  if (name in WORDS) return WORDS[name];
  return { Int: 1, Float: 1, Boolean: true, LocalDate: '2026-10-01' }[bare.name] ?? 'Words of somebody.';
}
