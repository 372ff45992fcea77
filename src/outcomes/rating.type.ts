import { ID, Int, ObjectType } from 'type-graphql';
import { Category, SupportPhase } from '../directory/index.js';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { ObjectiveResult, RatingState } from './vocabulary.js';

@ObjectType({ description: 'What the school said of an objective, at one time.' })
export class RatingAnswer {
  @Seen('parent', () => Int, { description: 'Months after the rating when the school was asked: 0, 6 or 12.' })
  asked: number;

  @Seen('parent', () => ObjectiveResult, { description: 'What came of it.' })
  result: ObjectiveResult;

  @Seen('parent', () => String, { description: 'Where the school started; empty where it did not say.' })
  baseline: string;

  @Seen('parent', () => String, { description: 'Where it was then; empty where it did not say.' })
  after: string;

  @Seen('parent', () => Int, { nullable: true, description: 'How many pupils the figures are of.' })
  cohort: number | null;

  @Seen('parent', () => Date, { description: 'When it said so.' })
  answeredAt: Date;
}

@ObjectType({ description: 'What came of an objective, in the order in which the school was asked. Each answer is kept.' })
export class RatedObjective {
  @Seen('parent', () => ID, { description: 'Id of the objective.' })
  id: string;

  @Seen('parent', () => String, { description: 'What was to be reached.' })
  text: string;

  @Seen('parent', () => Category, { nullable: true, description: 'What it is about.' })
  category: Category | null;

  @Seen('parent', () => SupportPhase, { nullable: true, description: 'The pupils that it is for.' })
  phase: SupportPhase | null;

  @Seen('parent', () => [RatingAnswer], { description: 'What the school said, oldest first.' })
  answers: RatingAnswer[];
}

@ObjectType({ description: 'What a school would say in a recommendation, taken from its rating. A recommendation is public and names the school.' })
export class RecommendationDraft {
  @Seen('parent', () => String, { description: 'What was done.' })
  whatWasDone: string;

  @Seen('parent', () => String, { description: 'When.' })
  whenDone: string;

  @Seen('parent', () => String, { description: 'What changed.' })
  whatChanged: string;

  @Seen('parent', () => Boolean, { description: 'Whether the school recommends the provider already and this would renew it for three years.' })
  renews: boolean;
}

@ObjectType({ description: 'What a school says of support that is finished. Seen by the school’s people who see the engagement, by the provider, and by the SIP where it is shared; others see sums of many.' })
export class Rating {
  @Seen('parent', () => ID, { description: 'Id of the rating.' })
  id: string;

  @Seen('parent', () => RatingState, { description: 'Where it stands in its process.' })
  state: RatingState;

  @Seen('parent', () => Int, { description: 'How much it helped: 1 did not help, 2 helped a little, 3 helped, 4 helped very much.' })
  helpfulness: number;

  @Seen('parent', () => Boolean, { description: 'Whether the school would recommend the provider.' })
  wouldRecommend: boolean;

  @Seen('parent', () => String, { description: 'What the school writes; empty where it wrote nothing.' })
  words: string;

  @Seen('parent', () => Boolean, { description: 'Whether an officer has hidden the words from the public.' })
  wordsHidden: boolean;

  @Seen('parent', () => Date, { description: 'When it was given.' })
  givenAt: Date;

  @Seen('parent', () => Date, { description: 'Until when the school may change it.' })
  changeableUntil: Date;

  reply: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When the provider replied.' })
  repliedAt: Date | null;

  @Seen('parent', () => Boolean, { description: 'Whether the school has been asked again about what it was too early to tell, and has not answered.' })
  followUpDue: boolean;

  @Seen('own', () => Boolean, { nullable: true, description: 'Whether somebody of the school has agreed to be asked by other schools. Only for the school.' })
  mayBeAsked: boolean | null;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  createdAt: Date;
  engagementId: string;
  providerId: string;
  schoolUrn: number;
  givenById: string | null;
  /** Whether the actor is one of the school’s people who see it. */
  ofSchool: boolean;
}

export const RatingConnection = connectionType('Rating', () => Rating);

@ObjectType({ description: 'What to know before rating an engagement.' })
export class RatingForm {
  @Seen('parent', () => String, { description: 'Who will see the rating. Whoever rates has to say that they have understood it.' })
  whoWillSee: string;

  @Seen('parent', () => String, { description: 'What must not be written, and where a safeguarding concern goes instead.' })
  whatNotToWrite: string;

  @Seen('parent', () => Boolean, { description: 'Whether you may rate it now.' })
  allowed: boolean;

  @Seen('parent', () => String, { nullable: true, description: 'Why you may not rate it now.' })
  message: string | null;

  engagementId: string;
}
