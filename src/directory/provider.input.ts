import { Field, InputType, Int } from 'type-graphql';
import { Assurance, ProviderKind, ProviderState } from './vocabulary.js';

@InputType({ description: 'Which providers; what is left out does not narrow.' })
export class ProviderFilter {
  @Field(() => [ProviderState], { nullable: true, description: 'In one of these states.' })
  states?: ProviderState[] | null;

  @Field(() => [ProviderKind], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: ProviderKind[] | null;

  @Field(() => String, { nullable: true, description: 'Checked by this LA, by its code.' })
  assuringLa?: string | null;

  @Field(() => String, { nullable: true, description: 'Whose name has this in it; case and accents do not matter.' })
  name?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Only those that you belong to.' })
  mine?: boolean;
}

@InputType({ description: 'What is needed to register a provider. The rest follows in its profile.' })
export class RegisterProviderInput {
  @Field(() => String, { description: 'Name under which schools know it.' })
  name: string;

  @Field(() => ProviderKind, { description: 'What it is.' })
  kind: ProviderKind;

  @Field(() => Int, { nullable: true, description: 'School providers: the URN of the school.' })
  schoolUrn?: number | null;

  @Field(() => String, { nullable: true, description: 'Code of the LA that is to check it; a school’s own LA if left out.' })
  assuringLa?: string | null;

  @Field(() => Assurance, { nullable: true, description: 'RECOMMENDED if left out. COUNCIL is for officers, NATIONAL for system administrators.' })
  assurance?: Assurance | null;
}

@InputType({ description: 'Fields of a profile to change; one left out stays as it is.' })
export class ProfileInput {
  @Field(() => String, { nullable: true, description: 'Name.' })
  name?: string;

  @Field(() => String, { nullable: true, description: 'What it does, in up to 300 characters.' })
  summary?: string | null;

  @Field(() => String, { nullable: true, description: 'What it does, at length. Do not name pupils or staff of schools.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Its own website.' })
  website?: string | null;

  @Field(() => String, { nullable: true, description: 'Whom to contact.' })
  contactName?: string | null;

  @Field(() => String, { nullable: true, description: 'What that person does.' })
  contactRole?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address, shown to everybody.' })
  contactEmail?: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number, shown to everybody.' })
  contactPhone?: string | null;

  @Field(() => String, { nullable: true, description: 'Postcode of the base from which distances count.' })
  basePostcode?: string | null;

  @Field(() => String, { nullable: true, description: 'Interests to declare; empty for none.' })
  interests?: string | null;

  @Field(() => String, { nullable: true, description: 'Safeguarding statement.' })
  safeguarding?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the LA that is to check it.' })
  assuringLa?: string | null;

  @Field(() => String, { nullable: true, description: 'National programmes: who assured it.' })
  assuredBy?: string | null;

  @Field(() => String, { nullable: true, description: 'National programmes: where that can be read.' })
  assuredLink?: string | null;
}
