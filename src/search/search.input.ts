import { Field, InputType, Int, registerEnumType } from 'type-graphql';
import { Assurance, Category, Delivery, EcmOutcome, enumOf, ProviderKind, SupportPhase } from '../directory/index.js';
import { type PriceBand, priceBands, type Ring, rings } from './port.js';

export const LONGEST_WORDS = 200;
export const MOST_VALUES = 50;
export const FARTHEST_KM = 500;

const Orders = { RELEVANCE: 'RELEVANCE', NEWEST: 'NEWEST', DISTANCE: 'DISTANCE' } as const;
registerEnumType(Orders, {
  name: 'SearchOrder',
  description: 'In which order a search answers. There is no order by score.',
  valuesConfig: {
    RELEVANCE: { description: 'What fits the words best first; among equals in an order that changes daily.' },
    NEWEST: { description: 'What was published last first.' },
    DISTANCE: { description: 'The nearest provider to `near` first; those whose base is not known last.' },
  },
});

export const PriceBands = enumOf<PriceBand>('PriceBand', 'Prices as stated, whatever they buy.', priceBands);
export const Rings = enumOf<Ring>('Ring', 'How near help is to a school.', rings);

@InputType({ description: 'The place from which a search starts: exactly one of the two.' })
export class SearchNearInput {
  @Field(() => Int, { nullable: true, description: 'URN of a school.' })
  schoolUrn?: number | null;

  @Field(() => String, { nullable: true, description: 'A postcode, whole or its first half.' })
  postcode?: string | null;
}

@InputType({ description: 'A school like this one, as evidence tells schools apart. Without either, any school will do.' })
export class SearchEvidenceInput {
  @Field(() => Category, { nullable: true, description: 'What it needed support with.' })
  category?: Category | null;

  @Field(() => SupportPhase, { nullable: true, description: 'The pupils it teaches.' })
  phase?: SupportPhase | null;
}

@InputType({ description: `What is looked for. Inside a group, of at most ${MOST_VALUES} values, one is enough; all groups that have any must fit.` })
export class SearchInput {
  @Field(() => String, { nullable: true, description: `Words, in any order, with typos; up to ${LONGEST_WORDS} characters, of which ten words count. The last may be unfinished.` })
  words?: string | null;

  @Field(() => [Category], { nullable: true, description: 'What it is about.' })
  categories?: Category[] | null;

  @Field(() => [EcmOutcome], { nullable: true, description: 'Every Child Matters outcomes.' })
  ecmOutcomes?: EcmOutcome[] | null;

  @Field(() => [SupportPhase], { nullable: true, description: 'The pupils it is for.' })
  phases?: SupportPhase[] | null;

  @Field(() => [ProviderKind], { nullable: true, description: 'What the provider is.' })
  kinds?: ProviderKind[] | null;

  @Field(() => [Assurance], { nullable: true, description: 'On whose word the provider is listed.' })
  assurances?: Assurance[] | null;

  @Field(() => [Delivery], { nullable: true, description: 'How it reaches the school.' })
  deliveries?: Delivery[] | null;

  @Field(() => [String], { nullable: true, description: 'Codes of local authorities covered, by name, by distance or as part of the country.' })
  laCodes?: string[] | null;

  @Field(() => [Boolean], { nullable: true, description: 'Free, not free, or both.' })
  free?: boolean[] | null;

  @Field(() => [PriceBands], { nullable: true, description: 'What it costs, as stated.' })
  priceBands?: PriceBand[] | null;

  @Field(() => [Boolean], { nullable: true, description: 'Whether the provider can take on more now.' })
  hasCapacity?: boolean[] | null;

  @Field(() => SearchNearInput, { nullable: true, description: 'From where distances are measured; a school also tells its own support, its partnership’s and its local authority’s apart.' })
  near?: SearchNearInput | null;

  @Field(() => Int, { nullable: true, description: `Only providers based within so many kilometres of \`near\`, from 1 to ${FARTHEST_KM}.` })
  withinKm?: number | null;

  @Field(() => [Rings], { nullable: true, description: 'How near to the school of `near`, which is needed.' })
  rings?: Ring[] | null;

  @Field(() => Int, { nullable: true, description: 'Leaves out what schools of the same phase offer that are within so many kilometres of the school of `near`, which is needed.' })
  notFromSchoolsWithinKm?: number | null;

  @Field(() => SearchEvidenceInput, { nullable: true, description: 'Only listings with evidence, from three schools or more, of a school like this.' })
  evidenceFrom?: SearchEvidenceInput | null;

  @Field(() => Orders, { defaultValue: 'RELEVANCE', description: 'In which order.' })
  order: keyof typeof Orders;
}
