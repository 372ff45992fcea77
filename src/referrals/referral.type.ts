import { GraphQLUUID } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { NamedListing } from './named-listing.js';
import { ReferralState } from './vocabulary.js';

@ObjectType({ description: 'A listing to which a SIP refers a school.' })
export class ReferralListing {
  @Seen('parent', () => NamedListing, { description: 'The listing.' })
  listing: NamedListing;

  @Seen('parent', () => String, { description: 'Why this one, in the SIP’s words; may be empty.' })
  reason: string;
}

@ObjectType({ description: 'A SIP points a school to up to five listings. It is between that SIP, while assigned, and the leads of the school.' })
export class Referral {
  @Seen('parent', () => ID, { description: 'Id of the referral.' })
  id: string;

  @Seen('parent', () => ReferralState, { description: 'Where it stands in its process.' })
  state: ReferralState;

  @Seen('parent', () => String, { description: 'What the SIP writes to the school.' })
  message: string;

  @Seen('parent', () => Date, { description: 'When it was sent.' })
  sentAt: Date;

  @Seen('parent', () => Date, { description: 'Until when the school can answer: 30 days, those in school holidays not counted.' })
  expiresAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'When the school answered.' })
  answeredAt: Date | null;

  @Seen('own', () => String, { nullable: true, description: 'Why the school said no, where it said so. Only for the SIP.' })
  declineReason: string | null;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  schoolUrn: number;
  sipId: string;
  visitId: string | null;
  requestId: string | null;
}

export const ReferralConnection = connectionType('Referral', () => Referral);

@InputType({ description: 'A listing to refer a school to.' })
export class ReferralListingInput {
  @Field(() => GraphQLUUID, { description: 'Id of a published listing of a listed provider.' })
  listingId: string;

  @Field(() => String, { nullable: true, description: 'Why this one, in up to 500 characters.' })
  reason?: string | null;
}

@InputType({ description: 'A referral. The school’s leads see it, and any interest that you have in a provider.' })
export class ReferralInput {
  @Field(() => Int, { description: 'URN of a school whose SIP you are.' })
  schoolUrn: number;

  @Field(() => GraphQLUUID, { nullable: true, description: 'Id of the visit that it comes from.' })
  visitId?: string | null;

  @Field(() => String, { description: 'What you write to the school, in up to 2000 characters. Do not name pupils or staff.' })
  message: string;

  @Field(() => [ReferralListingInput], { description: 'One to five listings, the first one first.' })
  listings: ReferralListingInput[];
}
