import { resultType } from '../platform/problem.js';
import { HasInterest } from './interests/index.js';
import { ProfileIncomplete } from './provider.process.js';
import { SchoolHasProvider } from './provider.service.js';
import { Provider } from './provider.type.js';

export const ProviderResult = resultType('ProviderResult', () => Provider, [ProfileIncomplete, HasInterest, SchoolHasProvider]);
