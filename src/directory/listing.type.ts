import { GraphQLLocalDate } from 'graphql-scalars';
import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { Contact } from './contact.type.js';
import { Capacity, Category, Delivery, EcmOutcome, ListingState, PriceKind, PriceUnit, SupportPhase, Vat } from './vocabulary.js';

@ObjectType({ description: 'What a listing costs.' })
export class Price {
  @Seen('parent', () => PriceKind, { description: 'Free, priced, or agreed in each case.' })
  kind: PriceKind;

  @Seen('parent', () => Int, { nullable: true, description: 'Priced: the amount in pence.' })
  pence: number | null;

  @Seen('parent', () => PriceUnit, { nullable: true, description: 'Priced: what the amount buys.' })
  unit: PriceUnit | null;

  @Seen('parent', () => Vat, { nullable: true, description: 'Priced: how VAT stands to the amount.' })
  vat: Vat | null;

  @Seen('parent', () => String, { nullable: true, description: 'Free: where to get it.' })
  link: string | null;
}

@ObjectType({ description: 'One thing that a provider offers, with what a school asks before it picks up the phone.' })
export class Listing {
  @Seen('public', () => ID, { description: 'Id of the listing.' })
  id: string;

  @Seen('parent', () => ListingState, { description: 'Where it stands in its process.' })
  state: ListingState;

  @Seen('public', () => String, { description: 'Title.' })
  title: string;

  @Seen('public', () => String, { description: 'What it is, in one or two sentences.' })
  summary: string;

  @Seen('public', () => String, { description: 'What it is, at length. Plain text; an empty line parts paragraphs.' })
  description: string;

  @Seen('public', () => [Category], { description: 'What it is about.' })
  categories: Category[];

  @Seen('public', () => [EcmOutcome], { description: 'Every Child Matters outcomes that it serves.' })
  ecmOutcomes: EcmOutcome[];

  @Seen('public', () => [SupportPhase], { description: 'The pupils it is for.' })
  phases: SupportPhase[];

  @Seen('public', () => [String], { description: 'Words under which schools look for it.' })
  keywords: string[];

  @Seen('public', () => [Delivery], { description: 'How it reaches the school.' })
  delivery: Delivery[];

  @Seen('public', () => Boolean, { description: 'Whether it is offered in the whole country.' })
  national: boolean;

  @Seen('public', () => Int, { nullable: true, description: 'How many kilometres from the provider’s base it is offered; null where distance does not matter.' })
  radiusKm: number | null;

  @Seen('public', () => Price, { description: 'What it costs.' })
  price: Price;

  @Seen('public', () => Capacity, { description: 'Whether there is room now.' })
  capacity: Capacity;

  @Seen('public', () => GraphQLLocalDate, { nullable: true, description: 'From which day there is room, where that is known.' })
  availableFrom: string | null;

  @Seen('public', () => Contact, { description: 'Whom to talk to.' })
  contact: Contact;

  @Seen('public', () => String, { description: 'Evidence that it works, as the provider tells it.' })
  evidence: string;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  @Seen('public', () => Date, { nullable: true, description: 'When it was last published.' })
  publishedAt: Date | null;

  providerId: string;
  laCodes: string[];
}

export const ListingConnection = connectionType('Listing', () => Listing);
