import { ID, Int, ObjectType } from 'type-graphql';
import type { Category, SupportPhase } from '../directory/index.js';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';

@ObjectType({ description: 'What came of objectives that schools had.' })
export class ObjectiveCounts {
  @Seen('public', () => Int, { description: 'Met.' })
  met: number;

  @Seen('public', () => Int, { description: 'Partly met.' })
  partly: number;

  @Seen('public', () => Int, { description: 'Not met.' })
  notMet: number;

  @Seen('public', () => Int, { description: 'Of which it was too early to say at the end. What schools said of them later is counted among the others.' })
  tooEarly: number;
}

@ObjectType({ description: 'How many schools said that support helped so much.' })
export class HelpfulnessCount {
  @Seen('public', () => Int, { description: 'From 1 to 4.' })
  level: number;

  @Seen('public', () => String, { description: 'What it stands for, such as `Helped very much`.' })
  label: string;

  @Seen('public', () => Int, { description: 'How many ratings said so.' })
  count: number;
}

@ObjectType({ description: 'What changed, in a school’s words. The school is not named.' })
export class ChangeInWords {
  @Seen('public', () => String, { description: 'Where the school started; empty where it did not say.' })
  baseline: string;

  @Seen('public', () => String, { description: 'Where it was afterwards; empty where it did not say.' })
  after: string;
}

@ObjectType({ description: 'What a school wrote in its rating. The school is not named.' })
export class RatingWords {
  @Seen('public', () => ID, { description: 'Name of these words, by which an officer can have them hidden.' })
  id: string;

  @Seen('public', () => String, { description: 'The words.' })
  words: string;

  @Seen('public', () => Boolean, { description: 'Whether an officer has hidden them: then only officers find them here.' })
  hidden: boolean;

  @Seen('officer', () => Int, { nullable: true, description: 'Version of the rating, for `hideRatingWords` and `showRatingWords`. For officers.' })
  version: number;

  providerId: string;
}

export const RatingWordsConnection = connectionType('RatingWords', () => RatingWords);

/** Of which listing or provider evidence is asked for, and which part of it. */
export interface EvidenceKey {
  of: 'LISTING' | 'PROVIDER';
  id: string;
  category: Category | null;
  phase: SupportPhase | null;
}

@ObjectType({
  description: 'What schools say came of the support: counts and words, never a score. Told only from three different schools on, and in steps of three, so that it never shows what one school said.',
})
export class EvidenceOfOutcomes {
  @Seen('public', () => Boolean, { description: 'Whether too few schools have said anything yet: then there is nothing to show, for better or worse.' })
  tooFewYet: boolean;

  @Seen('public', () => String, { description: 'How many schools it is from, or that they are too few yet, in a sentence.' })
  says: string;

  @Seen('public', () => Int, { nullable: true, description: 'How many different schools; null while they are too few.' })
  schools: number | null;

  @Seen('public', () => ObjectiveCounts, { nullable: true, description: 'What came of their objectives; null while the schools are too few.' })
  objectives: ObjectiveCounts | null;

  @Seen('public', () => [HelpfulnessCount], { nullable: true, description: 'How much it helped, as counts for each of the four; null while the schools are too few.' })
  helpfulness: HelpfulnessCount[] | null;

  key: EvidenceKey;
}
