import { ID, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { resultType } from '../platform/problem.js';
import { HasInterest } from './interests/index.js';
import { ProfileIncomplete } from './provider.process.js';
import { SchoolHasProvider } from './provider.service.js';
import { Provider } from './provider.type.js';

export const ProviderResult = resultType('ProviderResult', () => Provider, [ProfileIncomplete, HasInterest, SchoolHasProvider]);

@ObjectType({ description: 'You have said that you are no contact of a provider. It may be one that you cannot see.' })
export class ContactDenied {
  @Seen('parent', () => ID, { description: 'Id of the provider.' })
  id: string;
}

export const ContactDeniedResult = resultType('ContactDeniedResult', () => ContactDenied, []);
