import { Field, InputType, Int } from 'type-graphql';
import { SaidOfSupport } from '../recommendation.input.js';
import { Category, Delivery, SupportPhase } from '../vocabulary.js';

@InputType({ description: 'A school’s word for a provider that is not registered.' })
export class NominationInput extends SaidOfSupport {
  @Field(() => Int, { description: 'URN of the school that you lead.' })
  schoolUrn: number;

  @Field(() => String, { description: 'Name of the provider.' })
  name: string;

  @Field(() => String, { description: 'Its e-mail address, which is told. Whoever has it can take the nomination up.' })
  email: string;

  @Field(() => String, { nullable: true, description: 'Its website, like `https://www.example.org`.' })
  website?: string | null;

  @Field(() => String, { description: 'What the support was, as the title of a listing, in up to 150 characters.' })
  title: string;

  @Field(() => [Category], { description: 'What it was about, at least one.' })
  categories: Category[];

  @Field(() => [SupportPhase], { description: 'The pupils it was for, at least one.' })
  phases: SupportPhase[];

  @Field(() => [Delivery], { description: 'How it reached the school, at least one.' })
  delivery: Delivery[];
}
