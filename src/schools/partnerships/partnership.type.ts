import { ID, ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import type { PlaceState } from './place.process.js';

export const PartnershipPlaceState: { [S in PlaceState]: S } = { PROPOSED: 'PROPOSED', MEMBER: 'MEMBER', DECLINED: 'DECLINED', LEFT: 'LEFT' };
registerEnumType(PartnershipPlaceState, {
  name: 'PartnershipPlaceState',
  description: 'Whether a school belongs to a partnership.',
  valuesConfig: {
    PROPOSED: { description: 'It has been asked.' },
    MEMBER: { description: 'It belongs to it.' },
    DECLINED: { description: 'It has said no.' },
    LEFT: { description: 'It belongs to it no more.' },
  },
});

@ObjectType({ description: 'A named family of schools that help each other.' })
export class Partnership {
  @Seen('public', () => ID, { description: 'Its id.' })
  id: string;

  @Seen('public', () => String, { description: 'Its name.' })
  name: string;

  laCode: string;
}

@ObjectType({ description: 'A school’s place in a partnership. Which schools belong to one is public; who has been asked is between its schools and the local authority.' })
export class PartnershipPlace {
  @Seen('parent', () => ID, { description: 'Its id.' })
  id: string;

  @Seen('parent', () => PartnershipPlaceState, { description: 'Whether the school belongs to it.' })
  state: PlaceState;

  @Seen('parent', () => Date, { nullable: true, description: 'Since when, where that is known.' })
  since: Date | null;

  schoolUrn: number;
}

export const PartnershipConnection = connectionType('Partnership', () => Partnership);
