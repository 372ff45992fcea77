import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { Contact } from './contact.type.js';
import { Assurance, ProviderKind, ProviderState } from './vocabulary.js';

@ObjectType({ description: 'Somebody who offers support to schools: a school, a sole trader, a company, a charity, a university, a hub, a council service or a national programme.' })
export class Provider {
  @Seen('public', () => ID, { description: 'Id of the provider.' })
  id: string;

  @Seen('public', () => ProviderKind, { description: 'What it is.' })
  kind: ProviderKind;

  @Seen('public', () => Assurance, { description: 'On whose word it is listed.' })
  assurance: Assurance;

  @Seen('parent', () => ProviderState, { description: 'Where it stands in its process. Schools find it while it is LISTED.' })
  state: ProviderState;

  @Seen('public', () => String, { description: 'Name.' })
  name: string;

  @Seen('public', () => String, { description: 'What it does, in one or two sentences.' })
  summary: string;

  @Seen('public', () => String, { description: 'What it does, at length. Plain text; an empty line parts paragraphs.' })
  description: string;

  @Seen('public', () => String, { nullable: true, description: 'Its own website.' })
  website: string | null;

  @Seen('public', () => Contact, { description: 'Whom to talk to.' })
  contact: Contact;

  @Seen('public', () => String, { nullable: true, description: 'Postcode of the base from which distances count.' })
  basePostcode: string | null;

  @Seen('public', () => Int, { nullable: true, description: 'Base on the British National Grid, in metres east.' })
  baseEasting: number | null;

  @Seen('public', () => Int, { nullable: true, description: 'Base on the British National Grid, in metres north.' })
  baseNorthing: number | null;

  @Seen('public', () => String, { nullable: true, description: 'Interests it declares, such as a governor who works for it. Empty: none. Null: not declared yet.' })
  interests: string | null;

  @Seen('public', () => String, { description: 'Its safeguarding statement.' })
  safeguarding: string;

  @Seen('public', () => String, { nullable: true, description: 'National programmes: who assured it.' })
  assuredBy: string | null;

  @Seen('public', () => String, { nullable: true, description: 'National programmes: where that can be read.' })
  assuredLink: string | null;

  @Seen('public', () => Date, { nullable: true, description: 'When it was last listed.' })
  listedAt: Date | null;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  schoolUrn: number | null;
  assuringLaCode: string | null;
}

export const ProviderConnection = connectionType('Provider', () => Provider);
