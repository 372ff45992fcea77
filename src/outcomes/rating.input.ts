import { GraphQLUUID } from 'graphql-scalars';
import { Field, InputType, Int } from 'type-graphql';
import { ObjectiveResult } from './vocabulary.js';

@InputType({ description: 'What came of one objective.' })
export class ObjectiveAnswerInput {
  @Field(() => GraphQLUUID, { description: 'Id of the engagement’s objective.' })
  objectiveId: string;

  @Field(() => ObjectiveResult, { description: 'What came of it. Where it is too early to say, you are asked again after six and twelve months.' })
  result: ObjectiveResult;

  @Field(() => String, { nullable: true, description: 'Where you started, in words or a figure, in up to 300 characters. Do not name pupils or staff.' })
  baseline?: string | null;

  @Field(() => String, { nullable: true, description: 'Where you are now, in words or a figure, in up to 300 characters. Do not name pupils or staff.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many pupils the figures are of. The public sees figures only of ten pupils or more.' })
  cohort?: number | null;
}

@InputType({ description: 'A school’s rating of support that is finished.' })
export class RatingInput {
  @Field(() => Boolean, { description: 'That you have read who will see it: its provider will recognise it.' })
  understood: boolean;

  @Field(() => [ObjectiveAnswerInput], { description: 'What came of each objective of the engagement.' })
  objectives: ObjectiveAnswerInput[];

  @Field(() => Int, { description: 'How much it helped: 1 did not help, 2 helped a little, 3 helped, 4 helped very much.' })
  helpfulness: number;

  @Field(() => Boolean, { description: 'Whether you would recommend the provider to another school.' })
  wouldRecommend: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'In your own words, up to 2000 characters. Others may read them, without the school’s name. Do not name pupils or staff. A safeguarding concern goes to your designated lead, not here.',
  })
  words?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'That schools with a similar need, and SIPs, may find the school and your name and role, and ask you about it. You can take it back.' })
  mayBeAsked: boolean;
}
