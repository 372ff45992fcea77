import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { Category, Delivery, SupportPhase } from '../vocabulary.js';

@ObjectType({ description: 'What a school vouches for: a listing as it was when the recommendation was given.' })
export class VouchedListing {
  @Seen('public', () => ID, { description: 'Id of the listing, which you may not see any more.' })
  listingId: string;

  @Seen('public', () => String, { description: 'Its title then.' })
  title: string;

  @Seen('public', () => [Category], { description: 'What it was about then.' })
  categories: Category[];

  @Seen('public', () => [SupportPhase], { description: 'The pupils it was for then.' })
  phases: SupportPhase[];

  @Seen('public', () => [Delivery], { description: 'How it reached the school then.' })
  delivery: Delivery[];

  @Seen('public', () => Date, { nullable: true, description: 'Since when the listing is another in substance: the recommendation does not count for it until the school says that it still is what it used. Null: it is the same.' })
  changedAt: Date | null;

  @Seen('public', () => Date, { nullable: true, description: 'When the school last said of the changed listing that it still is what it used.' })
  affirmedAt: Date | null;
}

@ObjectType({ description: 'That a listing is another in substance than what schools vouched for, who have not said yet that it still is what they used.' })
export class ChangedSince {
  @Seen('public', () => Int, { description: 'How many schools vouched for what it was.' })
  schools: number;

  @Seen('public', () => String, { description: 'Its title then.' })
  title: string;

  @Seen('public', () => Date, { description: 'When it changed.' })
  changedAt: Date;

  listingId: string;
}
