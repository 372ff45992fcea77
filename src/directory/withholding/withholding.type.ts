import { ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import type { WithholdingState as State } from './withholding.process.js';

export const WithholdingState: { [S in State]: S } = { WITHHELD: 'WITHHELD', ENDED: 'ENDED' };
registerEnumType(WithholdingState, {
  name: 'WithholdingState',
  description: 'Whether a listing is withheld.',
  valuesConfig: { WITHHELD: { description: 'Schools of the area do not find it.' }, ENDED: { description: 'They find it again.' } },
});

@ObjectType({ description: 'That a local authority withholds a listing from its own area. For the provider and the officers of that local authority.' })
export class ListingWithholding {
  @Seen('parent', () => ID, { description: 'Its id.' })
  id: string;

  @Seen('parent', () => ID, { description: 'Id of the listing.' })
  listingId: string;

  @Seen('parent', () => String, { description: 'Title of the listing.' })
  title: string;

  @Seen('parent', () => WithholdingState, { description: 'Whether it is withheld still.' })
  state: State;

  @Seen('parent', () => String, { description: 'Why. The public does not see it.' })
  reason: string;

  @Seen('parent', () => Date, { description: 'Since when.' })
  withheldAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'When that ended.' })
  endedAt: Date | null;

  @Seen('parent', () => Int, { description: 'Version.' })
  version: number;

  laCode: string;
}

export const ListingWithholdingConnection = connectionType('ListingWithholding', () => ListingWithholding);
