import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { CheckKind } from '../vocabulary.js';

@ObjectType({ description: 'For how long a kind of check holds at most.' })
export class CheckLife {
  @Seen('public', () => CheckKind, { description: 'What is checked.' })
  kind: CheckKind;

  @Seen('public', () => Int, { description: 'Months from the day on which it was checked.' })
  months: number;
}

@ObjectType({ description: 'What a local authority asks of the providers that it assures, beyond what every local authority asks.' })
export class LaPolicy {
  @Seen('public', () => String, { description: 'Code of the local authority.' })
  laCode: string;

  @Seen('public', () => Int, { description: 'How many recommendations that count a provider needs to be listed: two at least.' })
  minimumRecommendations: number;

  @Seen('public', () => [CheckLife], { description: 'For how long checks hold at most. One of a kind that is not named holds as long as the officer says who makes it.' })
  checkLives: CheckLife[];
}

@ObjectType({ description: 'A change of a local authority’s policy: what it was from then on.' })
export class PolicyChange {
  @Seen('parent', () => ID, { description: 'Its id.' })
  id: string;

  @Seen('parent', () => Date, { description: 'When it was changed.' })
  changedAt: Date;

  @Seen('parent', () => String, { description: 'Who changed it, by the name that they had then.' })
  changedBy: string;

  @Seen('parent', () => String, { description: 'Why.' })
  reason: string;

  @Seen('parent', () => Int, { description: 'How many recommendations were needed from then on.' })
  minimumRecommendations: number;

  @Seen('parent', () => [CheckLife], { description: 'For how long checks held at most from then on.' })
  checkLives: CheckLife[];

  @Seen('parent', () => Int, { description: 'How many providers lapsed by it.' })
  lapsed: number;

  @Seen('parent', () => Int, { description: 'How many providers were listed by it.' })
  listed: number;
}

@ObjectType({ description: 'What would come of a policy if it were saved now.' })
export class PolicyPreview {
  /** Ids of the providers, by name. */
  lapsingIds: string[];
  listingIds: string[];
}

@InputType({ description: 'For how long a kind of check holds at most.' })
class CheckLifeInput {
  @Field(() => CheckKind, { description: 'What is checked.' })
  kind: CheckKind;

  @Field(() => Int, { description: 'Months from the day on which it is checked, from 1 to 120.' })
  months: number;
}

@InputType({ description: 'The whole policy of a local authority.' })
export class LaPolicyInput {
  @Field(() => Int, { description: 'How many recommendations that count a provider needs to be listed, from 2 to 10.' })
  minimumRecommendations: number;

  @Field(() => [CheckLifeInput], { description: 'For how long checks hold at most, each kind once. One that is left out holds as long as the officer says.' })
  checkLives: CheckLifeInput[];
}
