import { GraphQLUUID } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { NamedListing } from './named-listing.js';

@ObjectType({ description: 'A listing on a shortlist.' })
export class ShortlistItem {
  @Seen('parent', () => ID, { description: 'Id of the item.' })
  id: string;

  @Seen('parent', () => NamedListing, { description: 'The listing.' })
  listing: NamedListing;

  @Seen('parent', () => String, { description: 'Why it is here, in your words; may be empty.' })
  reason: string;

  @Seen('parent', () => Date, { description: 'When it was put here.' })
  addedAt: Date;
}

@ObjectType({ description: 'What a SIP has found for a school, at large or for one visit. Nobody else sees it, the school neither.' })
export class Shortlist {
  @Seen('parent', () => ID, { description: 'Id of the shortlist.' })
  id: string;

  @Seen('parent', () => Date, { description: 'When it was begun.' })
  createdAt: Date;

  schoolUrn: number;
  visitId: string | null;
}

export const ShortlistConnection = connectionType('Shortlist', () => Shortlist);

@InputType({ description: 'A listing for a shortlist.' })
export class ShortlistInput {
  @Field(() => Int, { description: 'URN of a school whose SIP you are.' })
  schoolUrn: number;

  @Field(() => GraphQLUUID, { nullable: true, description: 'Id of a visit of yours to that school, where the shortlist is for one.' })
  visitId?: string | null;

  @Field(() => GraphQLUUID, { description: 'Id of a published listing.' })
  listingId: string;

  @Field(() => String, { nullable: true, description: 'Why, in up to 500 characters. Only you see it.' })
  reason?: string | null;
}
