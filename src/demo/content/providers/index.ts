import type { ProviderContent } from '../shapes.js';
import { charities } from './charities.js';
import { companies } from './companies.js';
import { councilAndNational } from './council-and-national.js';
import { schoolProviders } from './schools.js';
import { soleTraders } from './sole-traders.js';
import { universitiesAndHubs } from './universities-and-hubs.js';

export const providers: ProviderContent[] = [...schoolProviders, ...soleTraders, ...companies, ...charities, ...universitiesAndHubs, ...councilAndNational];
