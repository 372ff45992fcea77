import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, InputType, Int } from 'type-graphql';
import { Capacity, Category, Delivery, EcmOutcome, PriceKind, PriceUnit, SupportPhase, Vat } from './vocabulary.js';

@InputType({ description: 'What a listing costs.' })
export class PriceInput {
  @Field(() => PriceKind, { description: 'Free, priced, or agreed in each case.' })
  kind: PriceKind;

  @Field(() => Int, { nullable: true, description: 'Priced: the amount in pence.' })
  pence?: number | null;

  @Field(() => PriceUnit, { nullable: true, description: 'Priced: what the amount buys.' })
  unit?: PriceUnit | null;

  @Field(() => Vat, { nullable: true, description: 'Priced: how VAT stands to the amount.' })
  vat?: Vat | null;

  @Field(() => String, { nullable: true, description: 'Free: where to get it.' })
  link?: string | null;
}

@InputType({ description: 'Fields of a listing; one left out stays as it is. Do not name pupils or staff of schools.' })
export class ListingInput {
  @Field(() => String, { nullable: true, description: 'Title, up to 150 characters. Needed to begin a listing.' })
  title?: string;

  @Field(() => String, { nullable: true, description: 'What it is, in up to 300 characters.' })
  summary?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is, at length.' })
  description?: string | null;

  @Field(() => [Category], { nullable: true, description: 'What it is about.' })
  categories?: Category[];

  @Field(() => [EcmOutcome], { nullable: true, description: 'Every Child Matters outcomes that it serves.' })
  ecmOutcomes?: EcmOutcome[];

  @Field(() => [SupportPhase], { nullable: true, description: 'The pupils it is for.' })
  phases?: SupportPhase[];

  @Field(() => [String], { nullable: true, description: 'Up to 20 words under which schools look for it.' })
  keywords?: string[];

  @Field(() => [Delivery], { nullable: true, description: 'How it reaches the school.' })
  delivery?: Delivery[];

  @Field(() => Boolean, { nullable: true, description: 'Whether it is offered in the whole country.' })
  national?: boolean;

  @Field(() => [String], { nullable: true, description: 'Codes of the LAs where it is offered.' })
  laCodes?: string[];

  @Field(() => Int, { nullable: true, description: 'How many kilometres from the provider’s base it is offered, from 1 to 500.' })
  radiusKm?: number | null;

  @Field(() => PriceInput, { nullable: true, description: 'What it costs; agreed in each case if never said.' })
  price?: PriceInput;

  @Field(() => Capacity, { nullable: true, description: 'Whether there is room now.' })
  capacity?: Capacity;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'From which day there is room.' })
  availableFrom?: string | null;

  @Field(() => String, { nullable: true, description: 'Whom to contact, where it is not the provider’s contact.' })
  contactName?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address, shown to everybody.' })
  contactEmail?: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number, shown to everybody.' })
  contactPhone?: string | null;

  @Field(() => String, { nullable: true, description: 'Evidence that it works.' })
  evidence?: string | null;
}
