import { SchoolResolver } from './school.resolver.js';

export { findSchools, type SchoolSearch } from './find-schools.js';
export { importSchools, type ImportOptions } from './import/import.js';
export { type Place, placeOf } from './import/place.js';
export { formatSummary, type ImportSummary } from './import/summary.js';
export { localAuthorityMatcher } from './match-local-authority.js';
export { fold, searchText } from './names.js';
export { type Near, placeOfPostcode, type Point } from './near.js';
export { postcodeOf } from './postcode.js';
export { LocalAuthority, School, SchoolPhase, schoolPhases, SchoolStatus, schoolStatuses } from './school.type.js';
export { governingBodyOf, localAuthorityByCode, readLocalAuthorities, refreshSchoolWords, schoolByUrn, type SchoolRow } from './schools.read.js';

export const schoolsResolvers = [SchoolResolver] as const;
