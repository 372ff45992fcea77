import { GraphQLLocalDate } from 'graphql-scalars';
import { ID, Int, ObjectType } from 'type-graphql';
import { Vat } from '../../directory/index.js';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import { EngagementOrigin, EngagementState } from './engagement.vocabulary.js';

@ObjectType({
  description: 'Support that a school and a provider have agreed. The school’s people whom it lets see it, partner schools, the provider, and the school’s SIP where it is shared see it; local authorities do not.',
})
export class Engagement {
  @Seen('parent', () => ID, { description: 'Id of the engagement.' })
  id: string;

  @Seen('parent', () => EngagementState, { description: 'Where it stands in its process.' })
  state: EngagementState;

  @Seen('parent', () => EngagementOrigin, { description: 'How it came about.' })
  origin: EngagementOrigin;

  @Seen('parent', () => String, { description: 'What it is called.' })
  title: string;

  @Seen('parent', () => String, { description: 'Name of the provider, also where its page is hidden.' })
  providerName: string;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'Its first day.' })
  startsOn: string | null;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'Its last day.' })
  endsOn: string | null;

  @Seen('parent', () => Int, { nullable: true, description: 'The price in pence; null for a free resource.' })
  pricePence: number | null;

  @Seen('parent', () => Vat, { nullable: true, description: 'How VAT stands to the price.' })
  vat: Vat | null;

  @Seen('parent', () => Boolean, { description: 'Whether the provider works with pupils: then it starts only once the checks of those who come are confirmed.' })
  pupilsConcerned: boolean;

  @Seen('parent', () => Boolean, { description: 'Whether the provider stands by it: it was chosen among proposals, or the provider has confirmed what the school recorded.' })
  confirmed: boolean;

  @Seen('own', () => Boolean, { nullable: true, description: 'Whether the school’s School Improvement Partner sees it. Not for the provider.' })
  sharedWithSip: boolean | null;

  @Seen('own', () => Boolean, { nullable: true, description: 'Whether every lead of the school sees it, or only the people named. Only for the school.' })
  allLeads: boolean | null;

  @Seen('parent', () => Boolean, { description: 'Whether the school’s plan needed a signature under it.' })
  needsSignOff: boolean;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was signed off.' })
  signedOffAt: Date | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it started.' })
  startedAt: Date | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was completed or ended.' })
  finishedAt: Date | null;

  @Seen('parent', () => String, { nullable: true, description: 'Why it ended early.' })
  endReason: string | null;

  @Seen('parent', () => Date, { description: 'When it was agreed or recorded.' })
  createdAt: Date;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  providerId: string;
  schoolUrn: number;
  listingId: string | null;
  requestId: string | null;
  proposalId: string | null;
  signedOffById: string | null;
  safeguardingStatement: string | null;
  safeguardingConfirmedAt: Date | null;
  safeguardingConfirmedById: string | null;
  /** Whether the actor is one of the school's people who see it, or of the provider's. */
  ofSchool: boolean;
  ofProvider: boolean;
}

export const EngagementConnection = connectionType('Engagement', () => Engagement);
