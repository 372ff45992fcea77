import { ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';

@ObjectType({ description: 'Whom to talk to. What a listing leaves out is the provider’s own.' })
export class Contact {
  @Seen('parent', () => String, { description: 'Name of a person; empty while the profile is a draft.' })
  name: string;

  @Seen('parent', () => String, { description: 'What the person does there.' })
  role: string;

  @Seen('parent', () => String, { nullable: true, description: 'E-mail address.' })
  email: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'Phone number.' })
  phone: string | null;
}
