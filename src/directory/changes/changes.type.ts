import { ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import type { WaitingField } from './waiting.js';

@ObjectType({ description: 'One field of a provider or a listing that was changed.' })
export class FieldChange {
  @Seen('parent', () => Int, { description: 'Number of the change, growing with time.' })
  id: number;

  @Seen('parent', () => Date, { description: 'When.' })
  at: Date;

  @Seen('parent', () => String, { description: 'Name of the field, such as `safeguarding` or `priceKind`.' })
  field: string;

  @Seen('parent', () => String, { nullable: true, description: 'What it said before; several values with commas between them. Null: nothing.' })
  before: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'What it says since.' })
  after: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'Who changed it, by the name they had then: somebody of the provider, or the officer who confirmed it. Null where it came with an import.' })
  by: string | null;

  objectId: string;
}

const fields: Record<WaitingField, WaitingField> = {
  name: 'name',
  safeguarding: 'safeguarding',
  interests: 'interests',
  assuredBy: 'assuredBy',
  assuredLink: 'assuredLink',
};
registerEnumType(fields, {
  name: 'CheckedField',
  description: 'A text of a provider that an officer checks.',
  valuesConfig: {
    name: { description: 'Name.' },
    safeguarding: { description: 'Safeguarding statement.' },
    interests: { description: 'Declaration of interests.' },
    assuredBy: { description: 'Who assured a national programme.' },
    assuredLink: { description: 'Where that can be read.' },
  },
});

@ObjectType({ description: 'A text of a provider that waits for an officer. What was checked stays public meanwhile.' })
export class WaitingChange {
  @Seen('parent', () => ID, { description: 'Id of the change.' })
  id: string;

  @Seen('parent', () => fields, { description: 'Which text.' })
  field: WaitingField;

  @Seen('parent', () => String, { nullable: true, description: 'The text that is public.' })
  before: string | null;

  @Seen('parent', () => String, { description: 'The text that waits.' })
  after: string;

  @Seen('parent', () => Date, { description: 'Since when it waits.' })
  proposedAt: Date;

  @Seen('parent', () => [String], { description: 'A name: providers and local authorities that it is like.' })
  alikeNames: string[];

  providerId: string;
}
