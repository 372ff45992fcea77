import { Float, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';

@ObjectType({ description: 'A school that has dealt with such a need with success and has agreed to be asked about it.' })
export class SchoolToAsk {
  @Seen('parent', () => String, { description: 'Name of whoever agreed to be asked. Get in touch through the school.' })
  contactName: string;

  @Seen('parent', () => String, { description: 'Their role in the school, in its words; empty where it is not known.' })
  contactRole: string;

  @Seen('parent', () => [String], { description: 'What the school had set out to reach, and did.' })
  reached: string[];

  @Seen('parent', () => Float, { nullable: true, description: 'Kilometres from your school; null where the place of one is not known.' })
  distanceKm: number | null;

  schoolUrn: number;
  /** Metres, for the cursor. */
  metres: number;
}

export const SchoolToAskConnection = connectionType('SchoolToAsk', () => SchoolToAsk);
